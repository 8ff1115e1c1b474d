// What is known of a mail server, or a gateway, by how it went with the last messages: whether it
// is in trouble, and how long nothing is given to it. Waits go by the uptime: no clock that is set
// makes one longer.
#pragma once

#include <optional>
#include <string>

#include "daemon/post/clock_watch.hpp"
#include "protocol/backoff.hpp"
#include "protocol/courier_messages.hpp"

namespace usher::post {

// What keeps every mail from leaving.
struct Trouble {
  protocol::courier::Cause cause;
  std::string detail;      // printable ASCII, a server's words
  ports::Instant since{};  // of trouble, whose cause may have changed meanwhile
};

// Before a server is tried again that failed.
inline constexpr protocol::BackoffRange kServerWaits{std::chrono::seconds(5),
                                                     std::chrono::minutes(5)};

class ServerState {
 public:
  // True: trouble began, changed its cause, or ended.
  bool hear(const protocol::courier::Report& report, const Moments& now, std::uint32_t random);
  // What was heard may not be true any more: of another server, or of one that was mended.
  void try_at_once();

  std::chrono::milliseconds held_for(const Moments& now) const;
  const std::optional<Trouble>& trouble() const { return trouble_; }
  std::optional<ports::Instant> sent_at() const { return sent_at_; }

 private:
  enum class Tells : std::uint8_t { nothing, trouble, all_is_well };
  Tells what_it_tells(const protocol::courier::Report& report);

  std::optional<Trouble> trouble_;
  std::optional<ports::Instant> sent_at_;
  protocol::Backoff backoff_{kServerWaits};
  std::chrono::milliseconds held_until_{0};  // of the uptime
  std::string denied_;  // the last message of which the server said so, since it took one
};

}  // namespace usher::post
