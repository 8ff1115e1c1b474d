// Fills a room's store before the daemon starts, through the store's own library: nobody types ten
// thousand passwords.
#pragma once

#include "bench/daemon.hpp"
#include "daemon/crypto/sodium.hpp"

namespace usher::bench {

inline constexpr std::string_view kPassword = "violet tandem harbour";

// Active, with kPassword hashed at this cost and no second factor.
Result<void> add_person(const Room& room, std::string_view name, crypto::HashCost cost);
// person000001 and so on; all of them have one and the same hash.
Result<void> add_people(const Room& room, int count);

// A room of 100,000 people, filled when it is first asked for.
class FullRoom {
 public:
  static constexpr int kPeople = 100'000;
  Result<const Room*> get();

 private:
  std::optional<Room> room_;
};

}  // namespace usher::bench
