// The first cause in the order of Closed is the one that is told.
#include "daemon/lifecycle.hpp"

#include <algorithm>

namespace usher::daemon {
namespace {

ports::Instant last_seen(const store::PersonRecord& person) {
  ports::Instant seen = person.created_at;
  if (person.last_sign_in) seen = std::max(seen, *person.last_sign_in);
  if (person.reopened_at) seen = std::max(seen, *person.reopened_at);
  return seen;
}

}  // namespace

std::string_view name_of(Closed closed) {
  switch (closed) {
    case Closed::suspended:
      return "suspended";
    case Closed::disabled:
      return "disabled";
    case Closed::expired:
      return "expired";
    case Closed::inactive:
      return "inactive";
  }
  return "suspended";
}

std::optional<Closed> what_closes(const store::PersonRecord& person,
                                  std::chrono::days inactive_after, ports::Instant now) {
  if (person.state == store::PersonState::suspended) return Closed::suspended;
  if (person.state == store::PersonState::disabled) return Closed::disabled;
  if (person.expires_at && now >= *person.expires_at) return Closed::expired;
  const bool counts = inactive_after.count() > 0;
  if (counts && now - last_seen(person) >= inactive_after) return Closed::inactive;
  return std::nullopt;
}

bool are_factors_suspended(const store::PersonRecord& person, ports::Instant now) {
  return person.factors_suspended_until && now < *person.factors_suspended_until;
}

std::int64_t days_until(ports::Instant then, ports::Instant now) {
  return then <= now ? 0 : std::chrono::ceil<std::chrono::days>(then - now).count();
}

}  // namespace usher::daemon
