// The old ones go in the transaction in which the new one is there, not before: whoever is cut off
// still has what they had.
#include "daemon/sign_in/enrolment.hpp"

#include <algorithm>

#include "daemon/factors/factor.hpp"
#include "daemon/notices/happened.hpp"
#include "daemon/sign_in/account_lookup.hpp"
#include "daemon/sign_in/flows.hpp"
#include "daemon/store/lifecycle.hpp"
#include "daemon/store/recovery_codes.hpp"

namespace usher::sign_in {
namespace {

using daemon::Context;
using policy::Action;
using store::Database;
using store::FactorId;
using store::FactorRecord;

// What an administrator knows it by.
std::string words_of(const FactorRecord& factor) {
  return factor.kind + " " + factor.uuid;
}

Result<std::vector<FactorRecord>> factors_of(Database& database,
                                             const store::PersonRecord& record) {
  if (!TRY(still_stands(database, record))) {
    return Error(Errc::conflict, "the person was changed while a factor was enrolled");
  }
  return store::list_factors(database, record.id);
}

store::AuditRecord record_of_binding(const Context& c, const store::PersonRecord& record,
                                     Action action, Reason reason) {
  store::AuditRecord audit = record_of(c, c.request);
  audit.operation = policy::name_of(action);
  audit.outcome = name_of(protocol::Outcome::accept);
  audit.reason = name_of(reason);
  audit.person = record.name.view();
  return audit;
}

Result<void> append(Database& database, store::AuditRecord audit, const FactorRecord& kept,
                    std::string_view more = "") {
  audit.factor = kept.kind;
  audit.detail = words_of(kept).append(more);
  TRY(store::append_audit(database, audit));
  return {};
}

// " in place of totp 77b1..., recovery 9c02..."
std::string words_of_those_before(const std::vector<FactorRecord>& factors, FactorId kept) {
  std::string words;
  for (const FactorRecord& factor : factors) {
    if (factor.id == kept) continue;
    words += (words.empty() ? " in place of " : ", ") + words_of(factor);
  }
  return words;
}

Result<const FactorRecord*> find_kept(const std::vector<FactorRecord>& factors, FactorId kept) {
  const auto found = std::find_if(factors.begin(), factors.end(),
                                  [&](const FactorRecord& factor) { return factor.id == kept; });
  if (found == factors.end()) return Error(Errc::internal, "a factor was kept that is not there");
  return &*found;
}

}  // namespace

Result<void> bind_factor(const Context& c, Database& database, store::PersonRecord& record,
                         FactorId kept) {
  const auto factors = TRY(factors_of(database, record));
  const FactorRecord& bound = *TRY(find_kept(factors, kept));
  const auto tell = [&] {
    return notices::tell_of(database, c, record, letters::Letter::factor_added,
                            {{letters::Variable::device, std::string_view(bound.label)}});
  };
  if (!record.factors_suspended_until) {
    TRY(tell());
    const auto audit = record_of_binding(c, record, Action::enrol_factor, Reason::factor_enrolled);
    return append(database, audit, bound);
  }
  const std::int64_t removed = TRY(store::delete_factors_but(database, record.id, kept));
  TRY(store::suspend_factors(database, record.id, std::nullopt));
  record.factors_suspended_until.reset();
  record.epoch = TRY(store::raise_epoch(database, record.id));
  TRY(tell());
  c.trail.note(daemon::Step::factors_replaced, removed);
  const auto audit = record_of_binding(c, record, Action::enrol_factor, Reason::factors_replaced);
  return append(database, audit, bound, words_of_those_before(factors, kept));
}

Result<void> bind_recovery_codes(const Context& c, Database& database,
                                 const store::PersonRecord& record, FactorId kept) {
  const auto factors = TRY(factors_of(database, record));
  if (std::none_of(factors.begin(), factors.end(), factors::is_second_factor)) {
    return Error(Errc::conflict, "no second factor is left for recovery codes to stand in for");
  }
  const auto left =
      static_cast<std::uint64_t>(TRY(store::count_recovery_codes(database, record.id)));
  TRY(notices::tell_of(database, c, record, letters::Letter::recovery_codes_drawn,
                       {{letters::Variable::left, left}}));
  const auto audit =
      record_of_binding(c, record, Action::recovery_codes, Reason::recovery_codes_drawn);
  return append(database, audit, *TRY(find_kept(factors, kept)));
}

}  // namespace usher::sign_in
