// What the admin verbs work with. Everything is borrowed from the server, which outlives them, and
// is shared by all admin connections: implementations must be safe to call from several threads.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/text.hpp"
#include "daemon/config_in_force.hpp"
#include "daemon/crypto/key_file.hpp"
#include "daemon/crypto/sealer.hpp"
#include "daemon/directory/publication.hpp"
#include "daemon/ports/clock.hpp"
#include "daemon/ports/entropy.hpp"
#include "daemon/ports/sessions.hpp"
#include "daemon/post/post.hpp"
#include "daemon/store/store.hpp"

namespace usher::daemon {
struct Services;
}

namespace usher::admin {

// Who called, as SO_PEERCRED says. Never a pid: pids are reused.
struct Peer {
  Uid uid;
};

// The server's own figures.
struct ServerStatus {
  std::string version;
  std::int64_t pid = 0;
  ports::Instant started_at{};
  std::uint64_t conversations = 0;   // sign-ins that are open now
  std::uint64_t refused_frames = 0;  // malformed or over-long, since the start
  crypto::KeySource key_source = crypto::KeySource::file;
  daemon::UnknownNames unknown_names = daemon::UnknownNames::decoy;
  post::Health mail{};                           // of the way out, since the start
  std::vector<std::string> template_mistakes{};  // for which built-in letters stand in
  post::Health sms{};
  std::string gateway_mistake{};  // for which there is none; empty: there is no mistake
};

class StatusSource {
 public:
  virtual ~StatusSource() = default;
  virtual ServerStatus status() = 0;
};

// By which messages leave the host.
class WaysOut {
 public:
  virtual ~WaysOut() = default;
  // Whatever was wrong with the server may have been mended: what waits for it is offered now.
  virtual void try_at_once(store::Service service) = 0;
};

struct Caller;  // roles.hpp

// The verbs do not log; the server does, once each.
class CallLog {
 public:
  virtual ~CallLog() = default;
  // True: the refusal is worth a record, too.
  virtual bool not_permitted(std::string_view method, const Caller& caller) = 0;
  // A call was permitted and understood, but usherd could not do it.
  virtual void failed(std::string_view method, const Error& error) = 0;
};

// Where people's and groups' names are published for the whole machine.
class DirectoryChanges {
 public:
  virtual ~DirectoryChanges() = default;
  // Something was committed. True: it is published now; false: not yet, but it will be.
  virtual bool publish(directory::Wait wait) = 0;
};

// usher.toml and the policies.
class Configuration {
 public:
  virtual ~Configuration() = default;
  // Reads the files again; with an Error, of `agree` too, all stays as it was.
  virtual Result<std::vector<daemon::Difference>> reload(
      const daemon::ConfigInForce::Agree& agree) = 0;
};

struct AdminContext {
  store::Store& store;
  const crypto::Sealer& sealer;
  ports::Entropy& entropy;
  ports::Clock& clock;
  StatusSource& status;
  WaysOut& ways_out;
  CallLog& log;
  Uid daemon_uid;  // geteuid(): who owns the store may administer it
  DirectoryChanges& directory;
  ports::Sessions& sessions;     // of people, on this machine
  const daemon::Config& config;  // in force when the call came
  Configuration& configuration;
  std::string etc = "/etc";  // whose passwd and group files no name may stand in
  // For the verb that judges and hashes a password; null where there is none to do it.
  daemon::Services* services = nullptr;
};

}  // namespace usher::admin
