// Gives usher-courier what is due, hears how it went, and decides when it is tried again. A message
// that fails waits longer each time; a server that fails holds all of them up, and counts against
// none.
#pragma once

#include <functional>
#include <mutex>

#include "daemon/os/bell.hpp"
#include "daemon/ports/clock.hpp"
#include "daemon/post/outgoing.hpp"
#include "daemon/store/store.hpp"
#include "protocol/backoff.hpp"
#include "protocol/courier_messages.hpp"
#include "protocol/deadline.hpp"

namespace usher::post {

// What keeps every mail from leaving.
struct Trouble {
  protocol::courier::Cause cause;
  std::string detail;  // printable ASCII, a server's words
  ports::Instant since{};
};

struct Health {
  std::optional<ports::Instant> asked_at{};  // when usher-courier last came for work
  std::optional<ports::Instant> sent_at{};   // when a server last took a mail
  std::optional<Trouble> trouble{};          // since then
};

// Everything is borrowed, and shared by all that send.
struct PostParts {
  store::Store& store;
  const crypto::Sealer& sealer;
  ports::Entropy& entropy;
  ports::Clock& clock;
  const os::Bell& bell;  // rings at each commit
  std::function<MailSettings()> settings;
  // Called when it begins, changes its cause, or ends.
  std::function<void(const std::optional<Trouble>& trouble)> trouble_changed;
};

// Before a server is tried again that failed.
inline constexpr protocol::BackoffRange kServerWaits{std::chrono::seconds(5),
                                                     std::chrono::minutes(5)};

class Post {
 public:
  explicit Post(PostParts parts) : parts_(std::move(parts)) {}

  // None: nothing was due by the deadline, or the other end of `socket` hung up meanwhile.
  // Errc::conflict: somebody else is waiting for work already.
  Result<std::optional<protocol::courier::Work>> take(int socket, protocol::Deadline deadline);
  // Errc::not_found: nobody waits for word of that message.
  Result<void> report(const protocol::courier::Report& report);

  Health health() const;
  // Texts past their end go, and what was done long ago; at most every ten minutes.
  Result<void> sweep();

 private:
  Result<std::optional<protocol::courier::Work>> next_due(ports::Instant now,
                                                          const MailSettings& settings);
  Result<void> offer_again_what_was_lost(ports::Instant now);
  Result<std::optional<ports::Instant>> when_due(ports::Instant now);
  enum class Tells : std::uint8_t { nothing, trouble, all_is_well };
  Tells what_it_tells(const protocol::courier::Report& report);
  void note(const protocol::courier::Report& report, ports::Instant now);
  std::uint32_t random();

  PostParts parts_;
  std::mutex taking_;         // by one at a time
  mutable std::mutex mutex_;  // of all below
  Health health_;
  protocol::Backoff backoff_{kServerWaits};
  ports::Instant held_until_{};  // while the server is in trouble
  std::string denied_;           // the last message of which a server said so, since it took one
  ports::Instant sweep_at_{};
  std::string in_hand_;  // the message that was given and not spoken of yet
};

}  // namespace usher::post
