// A counting permit with three waiting lines. A hash takes milliseconds and cannot be cancelled,
// so the wait has no deadline of its own: the caps on conversations bound it.
#include "daemon/hasher.hpp"

#include "daemon/crypto/crypt_hash.hpp"

namespace usher::daemon {

class Hasher::Permit {
 public:
  Permit(Hasher& hasher, Line line) : hasher_(hasher) {
    std::unique_lock lock(hasher_.mutex_);
    Queue& queue = hasher_.queues_[line];
    const std::uint64_t ticket = queue.next_ticket++;
    hasher_.changed_.wait(lock, [&] { return hasher_.may_take(line, ticket); });
    ++queue.serving;
    --hasher_.free_;
    // The next in line may go too while permits are left.
    if (hasher_.free_ > 0) hasher_.changed_.notify_all();
  }
  ~Permit() {
    {
      const std::lock_guard lock(hasher_.mutex_);
      ++hasher_.free_;
    }
    hasher_.changed_.notify_all();
  }
  Permit(const Permit&) = delete;
  Permit& operator=(const Permit&) = delete;

 private:
  Hasher& hasher_;
};

Hasher::Line Hasher::line_of(Origin origin) {
  switch (origin) {
    case Origin::local_seat:
    case Origin::own_privilege:
      return kOwner;
    case Origin::known_host:
      return kKnown;
    case Origin::unknown_host:
    case Origin::su_by_other:
    case Origin::non_root_self:
      return kRest;
  }
  return kRest;
}

bool Hasher::may_take(Line line, std::uint64_t ticket) const {
  if (free_ == 0 || queues_[line].serving != ticket) return false;
  for (int earlier = 0; earlier < line; ++earlier) {
    const Queue& queue = queues_[static_cast<std::size_t>(earlier)];
    if (queue.serving != queue.next_ticket) return false;
  }
  return true;
}

Result<std::unique_ptr<Hasher>> Hasher::create(crypto::HashCost cost, unsigned permits,
                                               ports::Entropy& entropy) {
  // The dummy's password is random and forgotten: nothing a person types can match it, and a
  // match would not count.
  Secret nobody = TRY(Secret::zeroed(32));
  entropy.fill(nobody.writable());
  std::string dummy = TRY(crypto::hash_password(nobody, cost));
  return std::unique_ptr<Hasher>(new Hasher(cost, permits == 0 ? 1 : permits, std::move(dummy)));
}

Result<bool> Hasher::verify(const Secret& password, const std::optional<std::string>& phc,
                            Origin origin) {
  const Permit permit(*this, line_of(origin));
  ++computed_;
  // Adopted with its account, until the next right password. Everybody costs one of our hashes.
  if (phc && crypto::is_crypt_hash(*phc)) {
    (void)TRY(crypto::verify_password(password, dummy_));
    return crypto::verify_crypt_hash(password, *phc);
  }
  const bool matches = TRY(crypto::verify_password(password, phc ? *phc : dummy_));
  return matches && phc.has_value();
}

Result<std::string> Hasher::hash(const Secret& password, Origin origin) {
  const Permit permit(*this, line_of(origin));
  ++computed_;
  return crypto::hash_password(password, cost_);
}

}  // namespace usher::daemon
