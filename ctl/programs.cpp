// posix_spawn, one pipe, one pidfd.
#include "ctl/programs.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <spawn.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>

#include "base/unique_fd.hpp"
#include "protocol/deadline.hpp"

namespace usher::ctl {
namespace {

using protocol::Deadline;

constexpr std::size_t kMaxOutput = 256 * 1024;

// Nothing of the caller's environment: sudo's user chose some of it.
constexpr const char* kEnvironment[] = {"PATH=/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL=C.UTF-8",
                                        "DEBIAN_FRONTEND=noninteractive"};

std::vector<char*> pointers(std::vector<std::string>& texts) {
  std::vector<char*> list;
  list.reserve(texts.size() + 1);
  for (std::string& text : texts) list.push_back(text.data());
  list.push_back(nullptr);
  return list;
}

// What posix_spawn is told; its two C structures end with it.
class Arrangement {
 public:
  Arrangement(const std::string& input, int output) {
    (void)::posix_spawn_file_actions_init(&files_);
    (void)::posix_spawn_file_actions_addopen(&files_, 0, input.c_str(), O_RDONLY, 0);
    (void)::posix_spawn_file_actions_adddup2(&files_, output, 1);
    (void)::posix_spawn_file_actions_adddup2(&files_, output, 2);
    (void)::posix_spawnattr_init(&attributes_);
    sigset_t none{};
    sigset_t all{};
    (void)sigemptyset(&none);
    (void)sigfillset(&all);
    (void)::posix_spawnattr_setsigmask(&attributes_, &none);
    (void)::posix_spawnattr_setsigdefault(&attributes_, &all);
    // A group of its own: the deadline ends what it started too, and Ctrl-C is ours alone.
    (void)::posix_spawnattr_setpgroup(&attributes_, 0);
    (void)::posix_spawnattr_setflags(
        &attributes_, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETPGROUP);
  }
  Arrangement(const Arrangement&) = delete;
  Arrangement& operator=(const Arrangement&) = delete;
  ~Arrangement() {
    (void)::posix_spawn_file_actions_destroy(&files_);
    (void)::posix_spawnattr_destroy(&attributes_);
  }
  const posix_spawn_file_actions_t* files() const { return &files_; }
  const posix_spawnattr_t* attributes() const { return &attributes_; }

 private:
  posix_spawn_file_actions_t files_{};
  posix_spawnattr_t attributes_{};
};

Result<pid_t> start(const Run& run, int output) {
  std::vector<std::string> command = run.command;
  std::vector<std::string> environment(std::begin(kEnvironment), std::end(kEnvironment));
  environment.insert(environment.end(), run.environment.begin(), run.environment.end());
  const Arrangement arrangement(run.input, output);
  pid_t child = 0;
  const int failure =
      ::posix_spawn(&child, command.front().c_str(), arrangement.files(), arrangement.attributes(),
                    pointers(command).data(), pointers(environment).data());
  if (failure != 0) return system_error("running " + run.command.front(), failure);
  return child;
}

// Takes what is there. False at the end of the output.
bool drain(int fd, std::string& output) {
  std::array<char, 4096> part{};
  for (;;) {
    const ssize_t count = ::read(fd, part.data(), part.size());
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) return count < 0 && errno == EAGAIN;
    const auto room = kMaxOutput - output.size();
    output.append(part.data(), std::min(room, static_cast<std::size_t>(count)));
  }
}

// True when it ended by itself. A background child may keep the pipe: its end is not waited for.
bool follow(int process, int pipe, Deadline deadline, std::string& output) {
  std::array<pollfd, 2> waits{{{process, POLLIN, 0}, {pipe, POLLIN, 0}}};
  while (!deadline.passed()) {
    const int ready = ::poll(waits.data(), waits.size(), static_cast<int>(deadline.left().count()));
    if (ready < 0 && errno != EINTR) return false;
    if (waits[1].fd >= 0 && !drain(pipe, output)) waits[1].fd = -1;
    if (ready > 0 && (waits[0].revents & POLLIN) != 0) {
      (void)drain(pipe, output);
      return true;
    }
  }
  return false;
}

int reap(pid_t child) {
  int status = 0;
  while (::waitpid(child, &status, 0) < 0) {
    if (errno != EINTR) return -1;
  }
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

std::string last_line(std::string_view text) {
  while (!text.empty() && text.back() == '\n') text.remove_suffix(1);
  const std::size_t newline = text.rfind('\n');
  return std::string(newline == std::string_view::npos ? text : text.substr(newline + 1));
}

}  // namespace

Result<Ended> run_program(const Run& run) {
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) return system_error("making a pipe");
  const UniqueFd ours(ends[0]);
  UniqueFd theirs(ends[1]);
  // Our end alone: the flag belongs to one end's description.
  if (::fcntl(ours.get(), F_SETFL, O_NONBLOCK) != 0) return system_error("making a pipe");
  const pid_t child = TRY(start(run, theirs.get()));
  theirs.reset();
  // glibc 2.36 has the function; the call's number is the same everywhere.
  const UniqueFd process(static_cast<int>(::syscall(SYS_pidfd_open, child, 0)));
  Ended ended;
  const bool in_time = process.valid() && follow(process.get(), ours.get(),
                                                 Deadline::after(run.patience), ended.output);
  if (!in_time) (void)::kill(-child, SIGKILL);
  ended.exit_code = reap(child);
  if (in_time) return ended;
  return Error(Errc::timed_out, run.command.front() + " did not end in time and was killed");
}

Result<std::string> run_well(const Run& run) {
  Ended ended = TRY(run_program(run));
  if (ended.exit_code == 0) return std::move(ended.output);
  return Error(Errc::internal, fmt::format("{} failed ({}): {}", run.command.front(),
                                           ended.exit_code, last_line(ended.output)));
}

}  // namespace usher::ctl
