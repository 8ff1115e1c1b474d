// Caps on open conversations, one per group of origins: what strangers hold open never takes the
// seats of the console, of root or of somebody's own sudo.
#pragma once

#include <array>
#include <map>
#include <mutex>
#include <optional>

#include "daemon/config.hpp"
#include "daemon/origin.hpp"

namespace usher::daemon {

class Admission {
 public:
  explicit Admission(const Config& config);

  class Seat {
   public:
    Seat(Seat&& other) noexcept
        : hall_(std::exchange(other.hall_, nullptr)),
          group_(other.group_),
          caller_(other.caller_) {}
    Seat& operator=(Seat&&) = delete;
    ~Seat() {
      if (hall_ != nullptr) hall_->leave(group_, caller_);
    }

   private:
    friend class Admission;
    Seat(Admission& hall, std::size_t group, std::optional<Uid> caller)
        : hall_(&hall), group_(group), caller_(caller) {}
    Admission* hall_;
    std::size_t group_;
    std::optional<Uid> caller_;
  };

  // None: the group is full, or this caller holds too many seats for their own sudo. The seat is
  // given back when it ends.
  std::optional<Seat> enter(Origin origin, Uid caller);
  // Seats taken now.
  std::size_t conversations() const;

 private:
  enum Group : std::size_t { kOwner, kKnown, kUnknown, kOthersHere, kGroups };
  static Group group_of(Origin origin);
  void leave(std::size_t group, std::optional<Uid> caller);

  mutable std::mutex mutex_;
  std::array<std::size_t, kGroups> limits_;
  std::array<std::size_t, kGroups> taken_{};
  std::map<std::uint32_t, std::size_t> own_privilege_;  // seats a caller holds for their own sudo
};

}  // namespace usher::daemon
