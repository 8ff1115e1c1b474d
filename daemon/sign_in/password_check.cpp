// Failures in the order of the rules; the person never learns more of the history than that.
#include "daemon/sign_in/password_check.hpp"

#include <algorithm>

#include "daemon/crypto/crypt_hash.hpp"
#include "daemon/lifecycle.hpp"
#include "daemon/sign_in/person_policy.hpp"
#include "daemon/store/aliases.hpp"
#include "daemon/store/organisations.hpp"
#include "daemon/store/passwords.hpp"

namespace usher::sign_in {
namespace {

using daemon::Context;
using policy::Rule;

Result<bool> is_breached(const Context& c, const Secret& password) {
  const auto& filter = c.services.password_sources.breached;
  if (!filter) return false;
  return filter->holds(password);
}

// How many passwords ago this was the one, 1 being the present; 0: never, as far as is known.
Result<std::size_t> last_used(const Context& c, store::PersonId person, std::size_t history,
                              const Secret& typed, const Secret& normalised) {
  const auto phcs = TRY(c.services.store.read([&](store::Database& database) {
    return store::list_password_history(database, person, history);
  }));
  std::size_t place = 0;
  for (const std::string& phc : phcs) {
    ++place;
    // The program that made an adopted hash hashed what was typed, byte for byte.
    const Secret& hashed = crypto::is_crypt_hash(phc) ? typed : normalised;
    if (TRY(c.services.hasher.verify(hashed, phc, c.origin))) return place;
  }
  return std::size_t{0};
}

}  // namespace

Result<Standard> standard_for(const Context& c, const store::PersonRecord& record) {
  Standard standard{TRY(policy_of(c, record.id)), {}};
  // With no factor beside it the password stands alone.
  if (daemon::are_factors_suspended(record, c.services.clock.now())) {
    std::size_t& least = standard.policy.password.min_length;
    least = std::max(least, standard.policy.min_length_alone);
  }
  std::vector<std::string>& whole = standard.words.whole;
  whole = c.services.password_sources.host_words;
  policy::add_words(whole, record.display_name);
  policy::add_words(whole, c.services.config.organisation);
  for (const std::string& word : standard.policy.words) policy::add_words(whole, word);
  TRY(c.services.store.read([&](store::Database& database) -> Result<void> {
    for (const std::string& alias : TRY(store::list_aliases(database, record.id))) {
      policy::add_words(whole, alias);
    }
    for (const auto& organisation : TRY(store::list_organisations_of(database, record.id))) {
      policy::add_words(whole, organisation.name);
      policy::add_words(whole, organisation.display_name);
    }
    return {};
  }));
  policy::add_words(standard.words.contained, record.name.view());
  return standard;
}

Result<Candidate> judge(const Context& c, const store::PersonRecord& record,
                        const Standard& standard, const Secret& typed, const Secret& previous) {
  Candidate candidate;
  const policy::PasswordRules& rules = standard.policy.password;
  Result<Secret> normalised = policy::normalise(typed.view());
  if (!normalised.has_value()) {
    candidate.failures = {policy::why_not_normal(typed.view(), rules)};
    return candidate;
  }
  candidate.password = normalised.release_value();
  candidate.failures = policy::evaluate(candidate.password, previous, rules, standard.words);
  if (TRY(is_breached(c, candidate.password))) candidate.failures.push_back({Rule::breached});
  if (!candidate.failures.empty()) return candidate;

  const std::size_t place = TRY(last_used(c, record.id, rules.history, typed, candidate.password));
  if (place > 0) candidate.failures.push_back({Rule::reused, rules.history, place});
  candidate.typable = policy::is_typable(candidate.password, c.services.config.keyboard_characters);
  return candidate;
}

Result<Secret> passphrase_for(const Standard& standard) {
  // Words with one sign between them where that will do; mixed signs and digits where not.
  constexpr int kBits[] = {52, 52, 52, 52, 64, 64, 64, 64, 76, 76, 76, 76};
  for (const int bits : kBits) {
    Secret passphrase = TRY(daemon::random_passphrase(bits));
    const auto failures =
        policy::evaluate(passphrase, Secret(), standard.policy.password, standard.words);
    if (failures.empty()) return passphrase;
  }
  return Secret();
}

}  // namespace usher::sign_in
