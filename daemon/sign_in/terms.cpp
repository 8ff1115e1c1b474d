// What was accepted is the text as it was shown: its digest stands in the store and in the audit.
#include "daemon/sign_in/terms.hpp"

#include "daemon/sign_in/flows.hpp"
#include "daemon/sign_in/pending_actions.hpp"
#include "daemon/sign_in/person_policy.hpp"
#include "daemon/sign_in/yes.hpp"
#include "daemon/store/audit.hpp"

namespace usher::sign_in {
namespace {

using daemon::Context;
using texts::Text;

Result<void> keep(const Context& c, const store::PersonRecord& record, const daemon::Terms& terms) {
  store::AuditRecord audit = record_of(c, c.request);
  audit.operation = policy::name_of(policy::Action::accept_terms);
  audit.outcome = name_of(protocol::Outcome::accept);
  audit.reason = name_of(Reason::terms_accepted);
  audit.person = record.name.view();
  audit.detail = terms.path + " " + terms.version;
  return c.services.store.write([&](store::Database& database) -> Result<void> {
    TRY(store::accept_terms(database, record.id, terms.version, audit.at));
    TRY(store::append_audit(database, audit));
    return {};
  });
}

}  // namespace

Result<Terms> ask_for_terms(const Context& c, ports::Person& person,
                            const store::PersonRecord& record) {
  const policy::Policy policy = TRY(policy_of(c, record.id));
  const Standing standing = TRY(c.services.store.read(
      [&](store::Database& database) { return read_standing(database, record.id); }));
  for (const daemon::Terms* terms : terms_due(c.services.config, policy, standing)) {
    TRY(person.tell(ports::Tone::info, terms->text));
    if (!TRY(says_yes(c, person, c.text(Text::accept_these_terms)))) return Terms::declined;
    TRY(keep(c, record, *terms));
    TRY(person.tell(ports::Tone::info, c.text(Text::terms_kept)));
  }
  return Terms::accepted;
}

}  // namespace usher::sign_in
