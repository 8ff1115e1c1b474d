// Where it came from is the address sshd gave; the console has none.
#include "daemon/notices/happened.hpp"

#include "daemon/store/news.hpp"

namespace usher::notices {
namespace {

using letters::Variable;

constexpr std::chrono::hours kBetween{1};

}  // namespace

Result<void> tell_of(store::Database& database, const daemon::Context& c,
                     const store::PersonRecord& person, letters::Letter letter,
                     std::vector<letters::Value> values) {
  values.push_back({Variable::service, std::string_view(c.facts.service)});
  if (!c.facts.rhost.empty()) {
    values.push_back({Variable::origin, std::string_view(c.facts.rhost)});
  }
  return tell(database, means_of(c.services), person, letter, values, c.services.clock.now());
}

Result<void> tell_of_at_times(store::Database& database, const daemon::Context& c,
                              const store::PersonRecord& person, letters::Letter letter, Once once,
                              std::vector<letters::Value> values) {
  const ports::Instant now = c.services.clock.now();
  store::Told told{letters::row_of(letter).name, std::nullopt};
  if (once == Once::an_hour_and_place) told.origin = c.facts.rhost;
  if (TRY(store::count_told(database, person.id, told, now - kBetween, now)) > 0) return {};
  return tell_of(database, c, person, letter, std::move(values));
}

}  // namespace usher::notices
