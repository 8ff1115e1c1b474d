// Accepts connections and gives each a thread; knows nothing of what is said on them. The accepting
// thread never waits for work: it polls, accepts, and starts threads.
#pragma once

#include <atomic>
#include <functional>
#include <map>
#include <mutex>
#include <vector>

#include "base/result.hpp"
#include "base/text.hpp"
#include "base/unique_fd.hpp"
#include "daemon/workers.hpp"

namespace usher::daemon {

// Who gets as far as a listener's socket.
enum class Peers : std::uint8_t {
  anybody,  // an unprivileged one is one of many, and may hold a few connections
  one,      // whom the file's owner and mode let in: root, and one user; a few at a time, nobody's
            // share
};

struct Listener {
  std::string name;
  UniqueFd socket;
  // Serves one connection to its end. An Error is logged once, here.
  std::function<Result<void>(int socket, Uid peer)> serve;
  Peers peers = Peers::anybody;
};

// What status reports. Counters only rise.
struct ServerCounters {
  std::atomic<std::uint64_t> accepted{0};
  std::atomic<std::uint64_t> turned_away{0};       // over a cap, or a peer nobody may be
  std::atomic<std::uint64_t> malformed_frames{0};  // connections closed for one
};

struct ServerLimits {
  std::size_t connections = 4096;
  // All unprivileged peers together: one of them may own thousands of uids (subuid(5)).
  std::size_t unprivileged_connections = 256;
  // An unprivileged uid: enough for a locker and a sudo at once (ARCHITECTURE section 2).
  std::size_t connections_per_unprivileged_uid = 2;
  // On a listener of Peers::one, beside all of these: the one that is served, one that begins anew
  // while the first is not gone yet, and an administrator who looks.
  std::size_t connections_of_one = 3;
};

class Server {
 public:
  Server(std::vector<Listener> listeners, ServerLimits limits, ServerCounters& counters,
         std::function<Result<void>()> heartbeat);
  ~Server();

  // Until SIGTERM or SIGINT: then open conversations are hung up and waited for. The signals must
  // be blocked in every thread (see block_signals).
  Result<void> run();

  // Before the first thread starts: the signals then come through a descriptor only.
  static void block_signals();

 private:
  struct Connection {
    Uid peer;
    int socket;  // owned by its thread
    const Listener* listener;
    bool counted;  // as an unprivileged one
  };
  void accept_from(Listener& listener);
  bool admit(const Listener& listener, Uid peer, int socket, std::uint64_t& id);
  bool has_room(const Listener& listener, Uid peer) const;  // under the lock
  void start(Listener& listener, UniqueFd socket, Uid peer, std::uint64_t id);
  void serve(const Listener& listener, int socket, Uid peer);
  void forget(std::uint64_t id);
  void beat();
  void hang_up_and_wait();

  std::vector<Listener> listeners_;
  ServerLimits limits_;
  ServerCounters& counters_;
  std::function<Result<void>()> heartbeat_;

  std::mutex mutex_;
  std::map<std::uint64_t, Connection> connections_;
  std::map<std::uint32_t, std::size_t> per_uid_;  // unprivileged ones
  std::size_t unprivileged_ = 0;
  std::map<const Listener*, std::size_t> of_one_;  // connections on a listener of Peers::one
  std::size_t of_all_ = 0;                         // on the others
  std::uint64_t next_id_ = 1;
  Workers workers_;  // last: its threads use the rest
};

}  // namespace usher::daemon
