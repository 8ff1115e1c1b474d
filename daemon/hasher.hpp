// Password hashing under permits: as many at once as there are cores, the owner's doors first.
// Unknown people, people without a password and dead ends are hashed against a dummy of the
// configured cost. A hash stored at an older cost takes its own time until it is renewed.
#pragma once

#include <array>
#include <atomic>
#include <condition_variable>
#include <mutex>
#include <optional>
#include <string>

#include "daemon/crypto/sodium.hpp"
#include "daemon/origin.hpp"

namespace usher::daemon {

class Hasher {
 public:
  static Result<std::unique_ptr<Hasher>> create(crypto::HashCost cost, unsigned permits,
                                                ports::Entropy& entropy);

  // No stored string: hashes against the dummy and answers false.
  Result<bool> verify(const Secret& password, const std::optional<std::string>& phc, Origin origin);
  Result<std::string> hash(const Secret& password, Origin origin);
  bool needs_rehash(const std::string& phc) const { return crypto::needs_rehash(phc, cost_); }

  // Hashes computed so far; the enumeration tests compare it.
  std::uint64_t computed() const { return computed_.load(); }

 private:
  // Waiting lines, served in this order; inside a line whoever comes first.
  enum Line : std::uint8_t { kOwner, kKnown, kRest, kLines };
  class Permit;

  Hasher(crypto::HashCost cost, unsigned permits, std::string dummy)
      : cost_(cost), dummy_(std::move(dummy)), free_(permits) {}
  static Line line_of(Origin origin);
  bool may_take(Line line, std::uint64_t ticket) const;

  crypto::HashCost cost_;
  std::string dummy_;
  std::atomic<std::uint64_t> computed_{0};

  std::mutex mutex_;
  std::condition_variable changed_;
  unsigned free_;
  struct Queue {
    std::uint64_t next_ticket = 0;
    std::uint64_t serving = 0;
  };
  std::array<Queue, kLines> queues_{};
};

}  // namespace usher::daemon
