// Counting under one mutex; nothing waits here.
#include "daemon/admission.hpp"

#include <numeric>

namespace usher::daemon {
namespace {

constexpr std::size_t kSeatsForOwnPrivilege = 32;

}  // namespace

Admission::Admission(const Config& config)
    // The owner's doors share the whole; the others can never fill it together.
    : limits_{config.at_start.max_conversations, config.at_start.max_known_host,
              config.at_start.max_unknown_host, config.at_start.max_su_and_unprivileged} {}

Admission::Group Admission::group_of(Origin origin) {
  switch (origin) {
    case Origin::local_seat:
    case Origin::own_privilege:
      return kOwner;
    case Origin::known_host:
      return kKnown;
    case Origin::unknown_host:
      return kUnknown;
    case Origin::su_by_other:
    case Origin::non_root_self:
      return kOthersHere;
  }
  return kUnknown;
}

std::optional<Admission::Seat> Admission::enter(Origin origin, Uid caller) {
  const Group group = group_of(origin);
  // sudo is the one door of the owner's group that any local account can open many times over.
  const bool counted = origin == Origin::own_privilege && caller != kRootUid;
  const std::lock_guard lock(mutex_);
  if (taken_[group] >= limits_[group]) return std::nullopt;
  if (counted) {
    std::size_t& held = own_privilege_[caller.number];
    if (held >= kSeatsForOwnPrivilege) return std::nullopt;
    ++held;
  }
  ++taken_[group];
  return Seat(*this, group, counted ? std::optional<Uid>(caller) : std::nullopt);
}

std::size_t Admission::conversations() const {
  const std::lock_guard lock(mutex_);
  return std::accumulate(taken_.begin(), taken_.end(), std::size_t{0});
}

void Admission::leave(std::size_t group, std::optional<Uid> caller) {
  const std::lock_guard lock(mutex_);
  --taken_[group];
  if (caller && --own_privilege_[caller->number] == 0) own_privilege_.erase(caller->number);
}

}  // namespace usher::daemon
