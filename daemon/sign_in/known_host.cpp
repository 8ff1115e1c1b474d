// A name instead of an address is never known: whoever owns an address's reverse zone chooses it.
#include "daemon/sign_in/known_host.hpp"

#include <algorithm>

#include "daemon/notices/happened.hpp"
#include "daemon/policy/network.hpp"
#include "daemon/store/known_hosts.hpp"

namespace usher::sign_in {
namespace {

using daemon::Origin;

constexpr std::chrono::hours kKnownFor{90 * 24};

bool is_remote(const daemon::Context& c) {
  return c.origin == Origin::unknown_host || c.origin == Origin::known_host;
}

}  // namespace

Result<Origin> find_origin(daemon::Services& services, const daemon::Facts& facts) {
  const Origin origin = daemon::origin_of(facts);
  if (origin != Origin::unknown_host) return origin;
  const auto address = policy::parse_address(facts.rhost);
  if (!address) return origin;
  const auto& networks = services.config.known_networks;
  const bool listed = std::any_of(networks.begin(), networks.end(),
                                  [&](const auto& network) { return network.contains(*address); });
  const ports::Instant oldest = services.clock.now() - kKnownFor;
  const bool seen = TRY(services.store.read([&](store::Database& database) {
    return store::is_known_host(database, facts.user, policy::host_of(*address), oldest);
  }));
  return listed || seen ? Origin::known_host : origin;
}

Result<bool> is_known_to(store::Database& database, const store::PersonRecord& person,
                         std::string_view rhost, ports::Instant now) {
  const auto address = policy::parse_address(rhost);
  if (!address) return false;
  return store::is_known_host(database, person.name.view(), policy::host_of(*address),
                              now - kKnownFor);
}

Result<void> note_host(const daemon::Context& c, store::Database& database,
                       const store::PersonRecord& person) {
  const auto address = policy::parse_address(c.facts.rhost);
  if (!is_remote(c) || !address) return {};
  return store::note_known_host(database, person.id, policy::host_of(*address),
                                c.services.clock.now());
}

Result<void> tell_of_host(const daemon::Context& c, store::Database& database,
                          const store::PersonRecord& person, Remembered remembered) {
  constexpr auto kLetter = letters::Letter::sign_in_from_new_host;
  // What no row of origins describes may have no host at all.
  if (c.origin != Origin::unknown_host || c.facts.rhost.empty() || !person.last_sign_in) return {};
  const bool numeric = policy::parse_address(c.facts.rhost).has_value();
  if (numeric && remembered == Remembered::yes) {
    return notices::tell_of(database, c, person, kLetter);
  }
  return notices::tell_of_at_times(database, c, person, kLetter, notices::Once::an_hour_and_place);
}

}  // namespace usher::sign_in
