// An hour that moves along.
#include "daemon/forgotten/budgets.hpp"

#include "daemon/store/tries.hpp"

namespace usher::forgotten {
namespace {

// A person, or a shared address, from one class of origins.
constexpr std::int64_t kAnHour = 3;
constexpr policy::Span kHour = std::chrono::hours(1);

Result<policy::Timepiece> time_of(const Case& c) {
  return store::read_timepiece(c.database, daemon::reading_of(c.means.clock));
}

Result<bool> is_over(const Case& c, std::string_view whose, std::int64_t most) {
  const policy::Timepiece time = TRY(time_of(c));
  const policy::Span since = time.at - kHour;
  const std::string_view origin = daemon::name_of(c.origin());
  if (TRY(store::count_letters(c.database, whose, origin, since)) >= most) return true;
  TRY(store::note_letter(c.database, whose, origin, time.at, since));
  TRY(store::put_timepiece(c.database, time));
  return false;
}

}  // namespace

Result<bool> is_over_budget(const Case& c, const store::PersonRecord& person) {
  const policy::Timepiece time = TRY(time_of(c));
  const policy::Span since = time.at - kHour;
  const std::string& origin = c.request.origin;
  if (TRY(store::count_resets(c.database, person.id, origin, since)) >= kAnHour) return true;
  TRY(store::note_reset(c.database, person.id, origin, time.at, since));
  TRY(store::put_timepiece(c.database, time));
  return false;
}

Result<bool> is_over_budget(const Case& c, std::string_view shared_address) {
  return is_over(c, shared_address, kAnHour);
}

Result<bool> are_strangers_over_budget(const Case& c) {
  if (c.origin() != daemon::Origin::unknown_host) return false;
  return is_over(c, store::kWholeHost, c.means.config.strangers_letters);
}

}  // namespace usher::forgotten
