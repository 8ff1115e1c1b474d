// The mail goes to those who can suspend a factor, in the host's language; they are who decides.
#include "daemon/sign_in/factor_help.hpp"

#include "daemon/contacts/value.hpp"
#include "daemon/notices/tell.hpp"
#include "daemon/sign_in/flows.hpp"
#include "daemon/store/audit.hpp"
#include "daemon/store/outbox.hpp"

namespace usher::sign_in {
namespace {

using daemon::Context;
using letters::Letter;
using letters::Variable;
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

Result<void> mail_support(const Context& c, Database& database, store::PersonRecord person,
                          std::string_view address) {
  const ports::Instant now = c.services.clock.now();
  const std::string_view event = letters::row_of(Letter::factor_lost).name;
  const auto told =
      TRY(store::count_messages_about(database, person.id, event, now - kBetween, now));
  if (told > 0) return {};
  person.language.reset();
  std::vector<letters::Value> values{{Variable::service, std::string_view(c.facts.service)}};
  if (!c.facts.rhost.empty()) {
    values.push_back({Variable::origin, std::string_view(c.facts.rhost)});
  }
  return notices::tell_at(database, notices::means_of(c.services), person, {.to = address},
                          Letter::factor_lost, values, now);
}

}  // namespace

Result<void> help_with_factor(const Context& c, ports::Person& person,
                              const store::PersonRecord& record) {
  // What support holds is free text; a telephone number is none.
  const auto address = contacts::parse_value(store::ContactKind::mail, c.support);
  TRY(c.services.store.write([&](Database& database) -> Result<void> {
    TRY(record_help(c, database, record));
    if (!address) return {};
    return mail_support(c, database, record, *address);
  }));
  const bool leaves = address && c.services.mail_leaves == daemon::Leaves::yes;
  return person.tell(ports::Tone::info,
                     c.text_naming_support(leaves ? Text::factor_help_told : Text::factor_help));
}

}  // namespace usher::sign_in
