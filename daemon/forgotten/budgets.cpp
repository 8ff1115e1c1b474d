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
  return TRY(store::count_letters(c.database, whose, daemon::name_of(c.origin()),
                                  time.at - kHour)) >= most;
}

Result<void> note(const Case& c, std::string_view whose) {
  const policy::Timepiece time = TRY(time_of(c));
  TRY(store::note_letter(c.database, whose, daemon::name_of(c.origin()), time.at, time.at - kHour));
  return store::put_timepiece(c.database, time);
}

bool is_strangers(const Case& c) {
  return c.origin() == daemon::Origin::unknown_host;
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
  return is_strangers(c) && TRY(is_over(c, store::kWholeHost, c.means.config.strangers_letters));
}

Result<void> note_letter_to(const Case& c, std::string_view shared_address) {
  return note(c, shared_address);
}

Result<void> note_letter_of_strangers(const Case& c) {
  if (!is_strangers(c)) return {};
  return note(c, store::kWholeHost);
}

}  // namespace usher::forgotten
