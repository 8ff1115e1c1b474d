// The mail goes to those who can suspend a factor.
#include "daemon/sign_in/factor_help.hpp"

#include "daemon/sign_in/flows.hpp"
#include "daemon/sign_in/support_mail.hpp"
#include "daemon/store/audit.hpp"
#include "daemon/store/outbox.hpp"

namespace usher::sign_in {
namespace {

using daemon::Context;
using letters::Letter;
using store::Database;
using texts::Text;

// Whoever has a password and no device shall not fill the help desk's mailbox with it.
constexpr std::chrono::hours kBetween{24};

Result<void> record_help(const Context& c, Database& database, const store::PersonRecord& person) {
  store::AuditRecord audit = record_of(c, c.request);
  audit.operation = kFactorHelp;
  audit.outcome = name_of(protocol::Outcome::accept);
  audit.reason = name_of(Reason::factor_help);
  audit.person = person.name.view();
  TRY(store::append_audit(database, audit));
  return {};
}

Result<void> tell_support(const Context& c, Database& database, const store::PersonRecord& person) {
  const ports::Instant now = c.services.clock.now();
  const std::string_view event = letters::row_of(Letter::factor_lost).name;
  const auto told =
      TRY(store::count_messages_about(database, person.id, event, now - kBetween, now));
  if (told > 0) return {};
  return mail_support(c, database, person, Letter::factor_lost);
}

}  // namespace

Result<void> help_with_factor(const Context& c, ports::Person& person,
                              const store::PersonRecord& record) {
  TRY(c.services.store.write([&](Database& database) -> Result<void> {
    TRY(record_help(c, database, record));
    return tell_support(c, database, record);
  }));
  const bool leaves = support_address(c) && c.services.mail_leaves == daemon::Leaves::yes;
  return person.tell(ports::Tone::info,
                     c.text_naming_support(leaves ? Text::factor_help_told : Text::factor_help));
}

}  // namespace usher::sign_in
