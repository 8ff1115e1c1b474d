// Gives usher-courier what is due, hears how it went, and decides when it is tried again. A message
// that fails waits longer each time; a server that fails holds all of them up, and counts against
// none.
#pragma once

#include <functional>
#include <map>
#include <mutex>

#include "daemon/os/bell.hpp"
#include "daemon/ports/clock.hpp"
#include "daemon/post/clock_watch.hpp"
#include "daemon/post/outgoing.hpp"
#include "daemon/post/server_state.hpp"
#include "daemon/store/store.hpp"
#include "protocol/courier_messages.hpp"
#include "protocol/deadline.hpp"

namespace usher::post {

// Whether usher-courier comes for what is to be sent.
enum class CourierState : std::uint8_t {
  no_socket,  // it could not: usherd has none for it
  never,      // not since usherd started
  here,
  away,  // it did, and has not been heard of for longer than it takes over a message
};

struct Health {
  CourierState courier = CourierState::never;
  std::optional<ports::Instant> asked_at{};  // when usher-courier last came for work
  std::optional<ports::Instant> sent_at{};   // when a server last took a mail
  std::optional<Trouble> trouble{};          // it took none since then
};

// usher-courier is there, and the server has not failed since it last took a mail.
inline bool leaves(const Health& health) {
  return health.courier == CourierState::here && !health.trouble;
}

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
  bool has_socket = true;
  // Called before each look for what is due: it may queue more.
  std::function<void()> before_look{};
};

class Post {
 public:
  explicit Post(PostParts parts) : parts_(std::move(parts)) {}

  // None: nothing was due by the deadline, or the other end of `socket` hung up meanwhile.
  // Errc::conflict: somebody else is waiting for work already.
  Result<std::optional<protocol::courier::Work>> take(int socket, protocol::Deadline deadline);
  // What take() returned could not be handed over: it is due at once, and was not tried.
  Result<void> not_given(const std::string& id);
  // Errc::not_found: that message was given to nobody who has not reported yet.
  Result<void> report(const protocol::courier::Report& report);

  Health health() const;
  // What is past its end is given up, and what was done long ago goes; at most every ten minutes.
  // How many were given up.
  Result<std::int64_t> sweep();

 private:
  using MaybeWork = std::optional<protocol::courier::Work>;

  Moments present() const;
  Result<void> prepare(const Moments& now, const MailSettings& settings);
  Result<void> offer_again_what_was_lost(ports::Instant now);
  Result<std::optional<ports::Instant>> when_due(const Moments& now);
  Result<MaybeWork> next_due(ports::Instant now, const MailSettings& settings);
  Result<bool> write_down(const protocol::courier::Report& report, ports::Instant now);
  void note(const protocol::courier::Report& report);
  bool is_in_hand(std::string_view id) const;
  std::uint32_t random();

  PostParts parts_;
  std::mutex taking_;         // by one at a time
  mutable std::mutex mutex_;  // of all below
  ServerState server_;
  ClockWatch clock_watch_;
  std::optional<Moments> asked_;
  std::optional<MailSettings> tried_with_;
  std::optional<std::chrono::milliseconds> swept_;  // by the uptime
  std::string in_hand_;                // the message that was given and not spoken of yet
  std::map<std::string, int> losses_;  // how often usher-courier went away with a message
};

}  // namespace usher::post
