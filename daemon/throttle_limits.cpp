// The table. What no row names is a stranger.
#include "daemon/throttle_limits.hpp"

#include <algorithm>
#include <array>

namespace usher::daemon {
namespace {

// The last ten of a stranger's hundred are for after a success of the owner's: then the owner may
// come from anywhere again, and still nobody gets more than a hundred a day.
constexpr policy::Limits kStrangers{.standing = 90, .all = 100};

struct Row {
  Origin origin;
  std::optional<policy::Limits> limits;
};
constexpr std::array kRows{
    Row{Origin::local_seat, std::nullopt}, Row{Origin::own_privilege, std::nullopt},
    Row{Origin::known_host, std::nullopt}, Row{Origin::unknown_host, kStrangers},
    Row{Origin::su_by_other, kStrangers},  Row{Origin::non_root_self, kStrangers},
};

}  // namespace

std::optional<policy::Limits> limits_of(std::string_view origin) {
  const auto* row = std::find_if(kRows.begin(), kRows.end(),
                                 [&](const Row& r) { return name_of(r.origin) == origin; });
  return row != kRows.end() ? row->limits : kStrangers;
}

std::optional<policy::Limits> limits_of(Origin origin) {
  return limits_of(name_of(origin));
}

}  // namespace usher::daemon
