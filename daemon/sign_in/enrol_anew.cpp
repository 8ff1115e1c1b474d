// The old ones go in the transaction in which the new one is there, not before: whoever is cut off
// still has what they had.
#include "daemon/sign_in/enrol_anew.hpp"

#include "daemon/sign_in/account_lookup.hpp"
#include "daemon/sign_in/flows.hpp"
#include "daemon/store/lifecycle.hpp"

namespace usher::sign_in {
namespace {

using daemon::Context;
using store::Database;
using store::FactorId;
using store::FactorRecord;

// "totp 0f3a... in place of totp 77b1..., recovery 9c02...": what an administrator knows them by.
store::AuditRecord record_of_change(const Context& c, const store::PersonRecord& record,
                                    const std::vector<FactorRecord>& factors, FactorId kept) {
  store::AuditRecord audit = record_of(c, c.request);
  audit.operation = policy::name_of(policy::Action::enrol_factor);
  audit.outcome = name_of(protocol::Outcome::accept);
  audit.reason = name_of(Reason::factors_replaced);
  audit.person = record.name.view();
  std::string old;
  for (const FactorRecord& factor : factors) {
    std::string words = factor.kind + " " + factor.uuid;
    if (factor.id == kept) {
      audit.factor = factor.kind;
      audit.detail = std::move(words);
    } else {
      old += (old.empty() ? " in place of " : ", ") + words;
    }
  }
  audit.detail += old;
  return audit;
}

}  // namespace

Result<void> replace_suspended(const Context& c, Database& database, store::PersonRecord& record,
                               FactorId kept) {
  if (!TRY(still_stands(database, record))) {
    return Error(Errc::conflict, "the person was changed while a factor was enrolled");
  }
  if (!record.factors_suspended_until) return {};
  const auto factors = TRY(store::list_factors(database, record.id));
  const std::int64_t removed = TRY(store::delete_factors_but(database, record.id, kept));
  TRY(store::suspend_factors(database, record.id, std::nullopt));
  record.factors_suspended_until.reset();
  record.epoch = TRY(store::raise_epoch(database, record.id));
  c.trail.note(daemon::Step::factors_replaced, removed);
  TRY(store::append_audit(database, record_of_change(c, record, factors, kept)));
  return {};
}

}  // namespace usher::sign_in
