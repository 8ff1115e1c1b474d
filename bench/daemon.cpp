// Children are found beside this program, in the tree it was built in.
#include "bench/daemon.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <charconv>
#include <climits>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <thread>

#include "base/unique_fd.hpp"
#include "protocol/login_client.hpp"

namespace usher::bench {
namespace {

constexpr double kMostMillisecondsToReady = 30'000;

// The tree's root: this program is TREE/bench/usher_bench.
Result<std::string> tree() {
  std::array<char, PATH_MAX> path{};
  const ssize_t size = ::readlink("/proc/self/exe", path.data(), path.size());
  if (size <= 0) return system_error("finding this program");
  return std::filesystem::path(std::string(path.data(), static_cast<std::size_t>(size)))
      .parent_path()
      .parent_path()
      .string();
}

std::string_view path_of(Program program) {
  switch (program) {
    case Program::shipped:
      return "/daemon/usherd";
    case Program::cheap_hashes:
    case Program::cheap_hashes_own_clock:
      return "/tests/programs/usherd_for_tests";
  }
  return "";
}

Result<void> write_config(const Room& room, std::string_view more) {
  const std::string config = fmt::format(
      "[store]\ndirectory = \"{}\"\n"
      "[sockets]\nlogin = \"{}\"\nadmin = \"{}\"\n{}",
      room.state(), room.login_socket(), room.in("admin.sock"), more);
  return write_file(room.in("usher.toml"), config);
}

// The services: login, through our module, and empty, which lets everybody in.
Result<void> write_services(const Room& room) {
  const std::string ours = fmt::format("{}/pam_module/pam_usher.so socket={} server_uid={}",
                                       TRY(tree()), room.login_socket(), ::geteuid());
  TRY(write_file(room.pam_directory() + "/login",
                 fmt::format("auth required {0}\naccount required {0}\n", ours)));
  return write_file(room.pam_directory() + "/empty",
                    "auth required pam_permit.so\naccount required pam_permit.so\n");
}

std::string cgroup() {
  // NOLINTNEXTLINE(concurrency-mt-unsafe): nobody changes our environment
  const char* directory = std::getenv("USHER_BENCH_CGROUP");
  return directory != nullptr ? directory : "";
}

Result<void> join_cgroup(pid_t pid) {
  if (cgroup().empty()) return {};
  return write_file(cgroup() + "/cgroup.procs", std::to_string(pid));
}

// In the child. Setting a variable after fork is safe here: this program has no other thread then.
[[noreturn]] void become(const char* program, const char* config, const char* clock, int log) {
  (void)::prctl(PR_SET_PDEATHSIG, SIGKILL);  // a killed benchmark leaves nothing running
  (void)::dup2(log, STDERR_FILENO);
  // NOLINTNEXTLINE(concurrency-mt-unsafe): no other thread
  if (clock != nullptr) ::setenv("USHER_TEST_CLOCK", clock, 1);
  ::execl(program, program, "--config", config, static_cast<char*>(nullptr));
  ::_exit(127);
}

bool answers(const Room& room) {
  const std::string path = room.login_socket();
  return protocol::LoginClient::connect({path, Uid{::geteuid()}}).has_value();
}

std::string last_line(const std::string& path) {
  std::ifstream file(path);
  std::string last;
  for (std::string line; std::getline(file, line);) last = line;
  return last;
}

}  // namespace

Result<void> write_file(const std::string& path, std::string_view text) {
  const UniqueFd fd(::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600));
  if (!fd.valid()) return system_error("making " + path);
  if (::write(fd.get(), text.data(), text.size()) != static_cast<ssize_t>(text.size())) {
    return system_error("writing " + path);
  }
  return {};
}

Result<Room> Room::make() {
  std::error_code failed;
  std::string path = std::filesystem::temp_directory_path(failed).string() + "/usher-bench-XXXXXX";
  if (failed || ::mkdtemp(path.data()) == nullptr) return system_error("making a directory");
  Room room(std::move(path));
  for (const std::string& folder : {room.state(), room.pam_directory()}) {
    if (!std::filesystem::create_directory(folder, failed)) return system_error("making " + folder);
  }
  TRY(write_services(room));
  return room;
}

Room::Room(Room&& other) noexcept : path_(std::exchange(other.path_, {})) {}

Room::~Room() {
  std::error_code ignored;
  if (!path_.empty()) std::filesystem::remove_all(path_, ignored);
}

Result<void> Room::set_clock(std::int64_t seconds) const {
  // Renamed into place: the daemon may read at any moment.
  TRY(write_file(in("clock.new"), std::to_string(seconds)));
  if (::rename(in("clock.new").c_str(), in("clock").c_str()) != 0) {
    return system_error("setting the clock");
  }
  return {};
}

Result<Daemon> Daemon::start(const Room& room, Program program, std::string_view more) {
  TRY(write_config(room, more));
  const std::string path = TRY(tree()) + std::string(path_of(program));
  const std::string config = room.in("usher.toml");
  const UniqueFd log(
      ::open(room.in("log").c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600));
  const std::string clock = room.in("clock");
  const bool own_clock = program == Program::cheap_hashes_own_clock;
  const Stopwatch stopwatch;
  const pid_t pid = ::fork();
  if (pid < 0) return system_error("starting a daemon");
  if (pid == 0) {
    become(path.c_str(), config.c_str(), own_clock ? clock.c_str() : nullptr, log.get());
  }
  Daemon daemon(pid);
  TRY(join_cgroup(pid));
  TRY(daemon.wait_until_ready(room, stopwatch));
  daemon.milliseconds_to_ready_ = stopwatch.milliseconds();
  return daemon;
}

Result<void> Daemon::wait_until_ready(const Room& room, const Stopwatch& stopwatch) {
  while (!answers(room)) {
    if (::waitpid(pid_, nullptr, WNOHANG) == pid_) {
      pid_ = -1;
      return Error(Errc::unavailable, last_line(room.in("log"))).in("a daemon did not start");
    }
    if (stopwatch.milliseconds() > kMostMillisecondsToReady) {
      return Error(Errc::timed_out, "a daemon does not answer");
    }
    std::this_thread::sleep_for(std::chrono::microseconds(200));
  }
  return {};
}

Daemon::Daemon(Daemon&& other) noexcept
    : pid_(std::exchange(other.pid_, -1)), milliseconds_to_ready_(other.milliseconds_to_ready_) {}

Daemon::~Daemon() {
  if (pid_ <= 0) return;
  ::kill(pid_, SIGTERM);
  for (int tries = 0; tries < 2'000; ++tries) {
    if (::waitpid(pid_, nullptr, WNOHANG) == pid_) return;
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
  ::kill(pid_, SIGKILL);
  ::waitpid(pid_, nullptr, 0);
}

Result<std::int64_t> Daemon::status(std::string_view field) const {
  std::ifstream file(fmt::format("/proc/{}/status", pid_));
  const std::string wanted = std::string(field) + ":";
  std::string line;
  while (std::getline(file, line)) {
    if (!line.starts_with(wanted)) continue;
    const std::size_t digits = line.find_first_of("0123456789");
    std::int64_t value = 0;
    if (digits == std::string::npos) break;
    std::from_chars(line.data() + digits, line.data() + line.size(), value);
    return value;
  }
  return Error(Errc::not_found, wanted).in("reading the daemon's status");
}

bool Daemon::has_cgroup() {
  return !cgroup().empty();
}

Result<std::optional<std::int64_t>> Daemon::cgroup_kib() const {
  using Charged = std::optional<std::int64_t>;
  if (!has_cgroup()) return Charged();
  // Version 2's name, then version 1's.
  for (const char* name : {"/memory.current", "/memory.usage_in_bytes"}) {
    std::ifstream file(cgroup() + name);
    std::int64_t bytes = 0;
    if (file >> bytes) return Charged(bytes / 1024);
  }
  return Error(Errc::not_found, "$USHER_BENCH_CGROUP is no memory cgroup");
}

Result<void> allow_descriptors(std::uint64_t count) {
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return system_error("reading the limit of files");
  if (limit.rlim_cur >= count) return {};
  if (limit.rlim_max < count) limit.rlim_max = count;  // root may
  limit.rlim_cur = count;
  if (::setrlimit(RLIMIT_NOFILE, &limit) != 0) {
    return system_error(fmt::format("allowing {} open files", count));
  }
  return {};
}

}  // namespace usher::bench
