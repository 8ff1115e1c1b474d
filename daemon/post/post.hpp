// Gives usher-courier what is due, hears how it went, and decides when it is tried again. A message
// that fails waits longer each time; a server that fails holds all of them up, and counts against
// none.
#pragma once

#include <array>
#include <functional>
#include <map>
#include <mutex>

#include "daemon/os/bell.hpp"
#include "daemon/ports/clock.hpp"
#include "daemon/post/clock_watch.hpp"
#include "daemon/post/outgoing_sms.hpp"
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

// How each leaves.
struct PostSettings {
  MailSettings mail;
  SmsSettings sms;

  bool is_set(store::Service service) const {
    return service == store::Service::mail ? mail.is_set() : sms.is_set();
  }
  bool is_same(store::Service service, const PostSettings& other) const {
    return service == store::Service::mail ? mail == other.mail : sms == other.sms;
  }
};

// Everything is borrowed, and shared by all that send.
struct PostParts {
  store::Store& store;
  const crypto::Sealer& sealer;
  ports::Entropy& entropy;
  ports::Clock& clock;
  const os::Bell& bell;  // rings at each commit
  std::function<PostSettings()> settings;
  // Called when it begins, changes its cause, or ends.
  std::function<void(store::Service service, const std::optional<Trouble>& trouble)>
      trouble_changed;
  bool has_socket = true;
  // Decides what may queue more: within a second of a commit, and whenever usher-courier asks.
  std::function<void()> decide{};
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

  // What a server in trouble holds up is offered now, not when its time comes.
  void try_at_once(store::Service service);

  Health health(store::Service service) const;
  // What is past its end is given up, and what was done long ago goes; at most every ten minutes.
  // How many were given up.
  Result<std::int64_t> sweep();

 private:
  using MaybeWork = std::optional<protocol::courier::Work>;

  Moments present() const;
  struct Due {
    store::Service service;
    ports::Instant at;
    store::Urgency urgency = store::Urgency::none;  // of what is due by now
    // A code is not behind the other service's notices.
    bool is_before(const Due& other, ports::Instant now) const;
  };
  // What is known of one service; a service in trouble holds none of the other's messages up.
  struct Way {
    ServerState server;
    std::optional<PostSettings> tried_with{};
  };
  struct InHand {
    std::string id{};  // empty: none
    store::Service service = store::Service::mail;
  };

  Way& way(store::Service service) { return ways_[static_cast<std::size_t>(service)]; }
  const Way& way(store::Service service) const { return ways_[static_cast<std::size_t>(service)]; }
  Result<void> prepare(const Moments& now, const PostSettings& settings);

  // Some time within a second, if nothing was planned before.
  void plan_to_decide();
  // Decides if it is time to; how long until it will be.
  std::chrono::milliseconds decide_in_time();
  Result<void> offer_again_what_was_lost(ports::Instant now);
  Result<std::optional<Due>> when_due(const Moments& now, const PostSettings& settings);
  Result<MaybeWork> next_due(store::Service service, ports::Instant now,
                             const PostSettings& settings);
  // What it is about; none: nobody waits for word of it.
  Result<std::optional<store::Service>> write_down(const protocol::courier::Report& report,
                                                   ports::Instant now);
  void note(store::Service service, const protocol::courier::Report& report);
  std::optional<store::Service> in_hand(std::string_view id) const;
  std::uint32_t random();

  PostParts parts_;
  std::mutex taking_;                            // by one at a time
  std::optional<protocol::Deadline> undecided_;  // until then; of who is taking
  mutable std::mutex mutex_;                     // of all below
  std::array<Way, 2> ways_;                      // by Service
  ClockWatch clock_watch_;
  std::optional<Moments> asked_;
  std::optional<std::chrono::milliseconds> swept_;  // by the uptime
  InHand in_hand_;                     // the message that was given and not spoken of yet
  std::map<std::string, int> losses_;  // how often usher-courier went away with a message
};

}  // namespace usher::post
