// poll over listeners and a signal descriptor; the guard around each connection.
#include "daemon/server.hpp"

#include <poll.h>
#include <pthread.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <csignal>
#include <memory>

#include "daemon/facts.hpp"
#include "daemon/log.hpp"
#include "daemon/os/service_manager.hpp"
#include "protocol/caller.hpp"
#include "protocol/deadline.hpp"

namespace usher::daemon {
namespace {

// After EMFILE the same connection would be reported again at once: look away for a moment.
constexpr int kExhaustedPauseMilliseconds = 50;

sigset_t handled_signals() {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGTERM);
  sigaddset(&set, SIGINT);
  return set;
}

// The guard of a thread: whatever a library threw ends this one's work only.
Result<void> guarded(const std::function<Result<void>()>& work) {
  try {
    return work();
  } catch (...) {
    return Error(Errc::internal, "a library threw an exception");
  }
}

bool is_privileged(Uid peer) {
  return is_trusted(peer, Uid{::geteuid()});
}

// What whoever connects brings about alone. A stranger would fill the log with it, and the service
// manager then drops other lines of ours: it is counted, and logged of those we trust.
bool is_the_peers_doing(Errc code) {
  switch (code) {
    case Errc::invalid_input:
    case Errc::unsupported:
    case Errc::timed_out:
    case Errc::hung_up:
      return true;
    default:
      return false;
  }
}

}  // namespace

Server::Server(std::vector<Listener> listeners, ServerLimits limits, ServerCounters& counters,
               std::function<Result<void>()> heartbeat)
    : listeners_(std::move(listeners)),
      limits_(limits),
      counters_(counters),
      heartbeat_(std::move(heartbeat)) {}

Server::~Server() {
  hang_up_and_wait();
}

void Server::block_signals() {
  const sigset_t set = handled_signals();
  pthread_sigmask(SIG_BLOCK, &set, nullptr);
  (void)std::signal(SIGPIPE, SIG_IGN);
}

Result<void> Server::run() {
  const sigset_t set = handled_signals();
  const UniqueFd signals(::signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK));
  if (!signals.valid()) return system_error("making a signal descriptor");
  std::vector<pollfd> entries{{signals.get(), POLLIN, 0}};
  for (const Listener& listener : listeners_) entries.push_back({listener.socket.get(), POLLIN, 0});

  const std::chrono::milliseconds interval = os::heartbeat_interval();
  const int tick = static_cast<int>(interval.count());
  os::tell_ready();
  protocol::Deadline next_beat = protocol::Deadline::after(std::chrono::milliseconds(0));
  for (;;) {
    if (next_beat.passed()) {
      beat();
      next_beat = protocol::Deadline::after(interval);
    }
    const int ready = ::poll(entries.data(), entries.size(), tick);
    if (ready < 0 && errno != EINTR) return system_error("waiting for connections");
    if (ready <= 0) continue;
    if (entries[0].revents != 0) break;
    for (std::size_t i = 0; i < listeners_.size(); ++i) {
      if (entries[i + 1].revents != 0) accept_from(listeners_[i]);
    }
  }
  os::tell_stopping();
  hang_up_and_wait();
  return {};
}

void Server::beat() {
  // On a thread like any conversation's: no thread or no store, no sign of life.
  (void)workers_.run([this] {
    const Result<void> alive = guarded(heartbeat_);
    if (alive.has_value()) {
      os::tell_alive();
    } else {
      log(Level::error, alive.error().in("heartbeat").text());
    }
  });
}

void Server::accept_from(Listener& listener) {
  UniqueFd socket(::accept4(listener.socket.get(), nullptr, nullptr, SOCK_CLOEXEC));
  if (!socket.valid()) {
    if (errno == EMFILE || errno == ENFILE || errno == ENOMEM) {
      log(Level::error, system_error("accepting on " + listener.name).text());
      (void)::poll(nullptr, 0, kExhaustedPauseMilliseconds);
    }
    return;
  }
  const Result<Uid> peer = protocol::peer_of(socket.get());
  std::uint64_t id = 0;
  if (!peer.has_value() || !admit(listener, *peer, socket.get(), id)) {
    ++counters_.turned_away;
    return;
  }
  ++counters_.accepted;
  start(listener, std::move(socket), *peer, id);
}

bool Server::has_room(const Listener& listener, Uid peer) const {
  if (listener.peers == Peers::one) {
    const auto open = of_one_.find(&listener);
    return open == of_one_.end() || open->second < limits_.connections_of_one;
  }
  if (of_all_ >= limits_.connections) return false;
  if (is_privileged(peer)) return true;
  const auto open = per_uid_.find(peer.number);
  return unprivileged_ < limits_.unprivileged_connections &&
         (open == per_uid_.end() || open->second < limits_.connections_per_unprivileged_uid);
}

bool Server::admit(const Listener& listener, Uid peer, int socket, std::uint64_t& id) {
  // The overflow uid is whoever a user namespace hides: nobody we could hold to anything.
  if (peer == kOverflowUid) return false;
  const std::lock_guard lock(mutex_);
  if (!has_room(listener, peer)) return false;
  const bool counted = listener.peers == Peers::anybody && !is_privileged(peer);
  if (counted) {
    ++per_uid_[peer.number];
    ++unprivileged_;
  }
  ++(listener.peers == Peers::one ? of_one_[&listener] : of_all_);
  id = next_id_++;
  connections_.emplace(id, Connection{peer, socket, &listener, counted});
  return true;
}

void Server::start(Listener& listener, UniqueFd socket, Uid peer, std::uint64_t id) {
  const int fd =
      socket.release();  // the thread's from here on; std::function cannot hold a UniqueFd
  const bool started = workers_.run([this, &listener, fd, peer, id] {
    const UniqueFd owned(fd);
    serve(listener, owned.get(), peer);
    forget(id);
  });
  if (started) return;
  log(Level::error, "no thread left for a connection on " + listener.name);
  const UniqueFd owned(fd);
  forget(id);
}

void Server::serve(const Listener& listener, int socket, Uid peer) {
  const Result<void> served = guarded([&] { return listener.serve(socket, peer); });
  if (served.has_value()) return;
  // Counted only: whoever may not call at all could otherwise fill the journal.
  if (served.error().code() == Errc::not_permitted) {
    ++counters_.turned_away;
    return;
  }
  if (served.error().code() == Errc::invalid_input) ++counters_.malformed_frames;
  if (is_the_peers_doing(served.error().code()) && !is_privileged(peer)) return;
  log(Level::warning,
      fmt::format("{} uid={}: {}", listener.name, peer.number, served.error().text()));
}

// Before the descriptor is closed: hang_up_and_wait() must never shut down a reused number.
void Server::forget(std::uint64_t id) {
  const std::lock_guard lock(mutex_);
  const auto found = connections_.find(id);
  const Connection ended = found->second;
  connections_.erase(found);
  --(ended.listener->peers == Peers::one ? of_one_[ended.listener] : of_all_);
  if (!ended.counted) return;
  --unprivileged_;
  if (--per_uid_[ended.peer.number] == 0) per_uid_.erase(ended.peer.number);
}

void Server::hang_up_and_wait() {
  {
    const std::lock_guard lock(mutex_);
    for (const auto& [id, open] : connections_) (void)::shutdown(open.socket, SHUT_RDWR);
  }
  workers_.wait_for_all();
}

}  // namespace usher::daemon
