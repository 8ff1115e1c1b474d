// Wiring: configuration, key, store, hasher, sockets, server. Each part is made once and handed
// down by reference.
#include "daemon/assembly.hpp"

#include <malloc.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>
#include <thread>

#include "daemon/admin/serve.hpp"
#include "daemon/admin_desk.hpp"
#include "daemon/admission.hpp"
#include "daemon/config_in_force.hpp"
#include "daemon/conversation.hpp"
#include "daemon/crypto/key_file.hpp"
#include "daemon/directory/publication.hpp"
#include "daemon/forgotten/decide.hpp"
#include "daemon/log.hpp"
#include "daemon/notices/password_ends.hpp"
#include "daemon/os/listening_socket.hpp"
#include "daemon/post/serve.hpp"
#include "daemon/publishing.hpp"
#include "daemon/reaper.hpp"
#include "daemon/server.hpp"
#include "daemon/store/settings.hpp"

namespace usher::daemon {
namespace {

std::string environment(const char* name) {
  // NOLINTNEXTLINE(concurrency-mt-unsafe): before the first thread, and nobody changes it
  const char* value = std::getenv(name);
  return value != nullptr ? value : "";
}

// The store remembers which key sealed it: a wrong key is told apart from damaged data.
Result<void> check_key(store::Store& store, const crypto::Sealer& sealer) {
  constexpr std::string_view kSetting = "master-key-fingerprint";
  const std::string fingerprint = sealer.fingerprint();
  return store.write([&](store::Database& database) -> Result<void> {
    const auto known = TRY(store::find_setting(database, kSetting));
    if (!known) return store::put_setting(database, kSetting, fingerprint);
    if (*known == fingerprint) return {};
    return Error(Errc::damaged,
                 "the master key is not the one this store was sealed with; put the old key back");
  });
}

Result<UniqueFd> listening_socket(const std::string& name, const std::string& path, int type) {
  UniqueFd activated = TRY(os::activated_socket(name, type));
  if (activated.valid()) return activated;
  return os::bind_socket(path, type, os::Reach::everybody);
}

Result<std::unique_ptr<store::Store>> open_store(const std::string& directory,
                                                 const os::Bell& bell) {
  store::StoreOptions options;
  options.committed = [&bell] { bell.ring(); };
  options.path = directory + "/usher.db";
  options.read_connections = static_cast<int>(std::max(2u, std::thread::hardware_concurrency()));
  return store::Store::open(options).in("opening the store");
}

Result<crypto::MasterKey> load_key(const std::string& directory, ports::Entropy& entropy) {
  const std::string store_path = directory + "/usher.db";
  const bool first_start = ::access(store_path.c_str(), F_OK) != 0;
  return crypto::load_master_key(environment("CREDENTIALS_DIRECTORY"), directory + "/master.key",
                                 first_start, entropy)
      .in("loading the master key");
}

// People see the organisation's name, where the sender has none of its own.
post::PostSettings post_settings(const ConfigInForce::Lease& lease) {
  const Config& config = lease.config();
  post::PostSettings settings{config.mail, lease.sms().settings};
  if (settings.mail.from_name.empty()) settings.mail.from_name = config.organisation;
  return settings;
}

void say_trouble(store::Service service, const std::optional<post::Trouble>& trouble) {
  if (trouble) {
    log(Level::warning, fmt::format("no {} leaves: {}: {}", store::name_of(service),
                                    protocol::courier::name_of(trouble->cause), trouble->detail));
  } else {
    log(Level::notice, fmt::format("{} leaves again", store::name_of(service)));
  }
}

Leaves whether_leaves(const post::Post& post, store::Service service) {
  return post::leaves(post.health(service)) ? Leaves::yes : Leaves::no;
}

void say_mistakes(const ConfigInForce::Lease& lease) {
  if (!lease.sms().mistake.empty()) {
    log(Level::error, fmt::format("no text message leaves: {}", lease.sms().mistake));
  }
  for (const std::string& mistake : lease.letterhead().mistakes) {
    log(Level::error, fmt::format("the built-in letter stands in: {}", mistake));
  }
}

// A read and a write of the store; and what has had its time in the queue goes.
Result<void> show_life(store::Store& store, post::Post& post) {
  const std::int64_t given_up = TRY(post.sweep());
  if (given_up > 0) {
    log(Level::warning, fmt::format("{} messages were not sent while they were of use", given_up));
  }
  TRY(store.read([](store::Database& database) { return store::count_people(database); }));
  // An empty write waits behind whatever the writer hangs in, and syncs nothing itself.
  return store.write([](store::Database&) -> Result<void> { return {}; });
}

// The socket's own owner and mode let usher-courier in. One we bind ourselves is our own user's.
// None: systemd gave none, and the configuration names none.
Result<UniqueFd> courier_socket(const Config& config) {
  UniqueFd socket = TRY(os::activated_socket("courier", SOCK_STREAM));
  const std::string& path = config.at_start.courier_socket;
  if (socket.valid()) return socket;
  if (!path.empty()) return os::bind_socket(path, SOCK_STREAM, os::Reach::owner);
  if (config.mail.is_set() || !config.sms.gateway.empty()) {
    log(Level::warning,
        "no message leaves: no socket for usher-courier: usherd-courier.socket failed");
  }
  return socket;
}

Listener courier_listener(UniqueFd socket, post::Post& post) {
  return {"courier", std::move(socket),
          [&post](int connection, Uid) { return post::serve_courier(connection, post, {}); },
          Peers::one};
}

// Of what nobody waits for an answer to.
void say_failure(std::string_view doing, const Result<void>& done) {
  if (!done) log(Level::error, done.error().in(doing).text());
}

// What is made once and shared by all that is served; everything in it outlives the server.
struct Parts {
  store::Store& store;
  const crypto::Sealer& sealer;
  Hasher& hasher;
  ports::Clock& clock;
  ports::Entropy& entropy;
  ConfigInForce& in_force;
  Admission& admission;
  Reaper& reaper;

  Services services_by(const ConfigInForce::Lease& lease, const post::Post& post) const {
    return {lease.config(),
            store,
            sealer,
            hasher,
            clock,
            entropy,
            lease.sources(),
            lease.letterhead(),
            whether_leaves(post, store::Service::mail),
            whether_leaves(post, store::Service::sms),
            &lease.sms().settings,
            &reaper};
  }
  notices::Means letters_by(const ConfigInForce::Lease& lease) const {
    return {lease.config(), sealer, entropy, clock, lease.letterhead(), &lease.sms().settings};
  }
};

// Decided here, because only usher-courier could send what comes of it: docs/adr/0030.
std::function<void()> look_for_forgotten(const Parts& parts) {
  return [&parts] {
    const auto lease = parts.in_force.lease();
    say_failure("deciding a forgotten password",
                forgotten::decide_waiting(parts.store, parts.letters_by(lease)));
  };
}

Result<Listener> login_listener(const Config& config, const Parts& parts, const post::Post& post) {
  return Listener{"login",
                  TRY(listening_socket("login", config.at_start.login_socket, SOCK_SEQPACKET)),
                  [&](int socket, Uid peer) {
                    const auto lease = parts.in_force.lease();
                    Services services = parts.services_by(lease, post);
                    return serve_login(services, parts.admission, socket, peer);
                  }};
}

Result<Listener> admin_listener(const Config& config, const Parts& parts, const post::Post& post,
                                AdminDesk& desk) {
  const auto serve = [&](int socket, Uid peer) {
    const auto with_context = [&](const auto& use) {
      const auto lease = parts.in_force.lease();
      Services services = parts.services_by(lease, post);
      admin::AdminContext context{
          parts.store,      parts.sealer, parts.entropy, parts.clock,    desk, desk,   desk,
          Uid{::geteuid()}, desk,         parts.reaper,  lease.config(), desk, "/etc", &services};
      use(context);
    };
    return admin::serve_admin(socket, {peer}, with_context, {});
  };
  return Listener{"admin",
                  TRY(listening_socket("admin", config.at_start.admin_socket, SOCK_STREAM)), serve};
}

// Before the first thread.
Result<void> prepare_process(unsigned cores) {
  ::umask(S_IRWXG | S_IRWXO);
  // One allocation arena a core: thousands of threads would otherwise spread over more of them.
  // NOLINTNEXTLINE(concurrency-mt-unsafe): before the first thread
  (void)::mallopt(M_ARENA_MAX, static_cast<int>(cores));
  Server::block_signals();
  return crypto::initialise();
}

}  // namespace

Result<void> run_daemon(const Config& config, ports::Clock& clock, ports::Entropy& entropy) {
  const unsigned cores = std::max(1u, std::thread::hardware_concurrency());
  TRY(prepare_process(cores));

  const crypto::MasterKey master = TRY(load_key(config.at_start.state_directory, entropy));
  const crypto::Sealer sealer = TRY(crypto::Sealer::from_master(master.key));
  const os::Bell bell = TRY(os::Bell::create());
  const auto store = TRY(open_store(config.at_start.state_directory, bell));
  TRY(check_key(*store, sealer));
  const auto in_force = TRY(ConfigInForce::create(config, *store));
  say_mistakes(in_force->lease());
  const auto hasher = TRY(Hasher::create(config.at_start.hash_cost, cores, entropy));
  Admission admission(config);
  Publishing publishing(*in_force, *store);
  const auto publication = TRY(directory::Publication::start(
      {.publish = [&](const auto& stopping) { return publishing.publish(stopping); },
       .settle = [&] { return publishing.settle(); },
       .report = Publishing::report},
      {}));

  Reaper reaper(config.at_start.reaper_socket);
  const Parts parts{*store, sealer, *hasher, clock, entropy, *in_force, admission, reaper};
  ServerCounters counters;
  UniqueFd courier = TRY(courier_socket(config));
  post::Post post({*store, sealer, entropy, clock, bell,
                   [&] { return post_settings(in_force->lease()); }, say_trouble, courier.valid(),
                   look_for_forgotten(parts)});
  AdminDesk desk(counters, admission, *in_force, master.source, clock.now(), *publication, post,
                 clock);
  std::vector<Listener> listeners;
  listeners.push_back(TRY(login_listener(config, parts, post)));
  if (courier.valid()) listeners.push_back(courier_listener(std::move(courier), post));
  listeners.push_back(TRY(admin_listener(config, parts, post, desk)));
  notices::PasswordEnds password_ends;
  const auto heartbeat = [&] {
    const auto lease = in_force->lease();
    // No reason to be taken for dead.
    say_failure("telling whose password ends",
                password_ends.tell_some(*store, parts.letters_by(lease)));
    say_failure("sweeping wishes for a new password", forgotten::sweep(*store, clock.now()));
    return show_life(*store, post);
  };
  const ServerLimits limits{.connections = config.at_start.max_conversations,
                            .unprivileged_connections = config.at_start.max_su_and_unprivileged};
  Server server(std::move(listeners), limits, counters, heartbeat);
  log(Level::info, "ready");
  return server.run();
}

}  // namespace usher::daemon
