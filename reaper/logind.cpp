// org.freedesktop.login1(5): TerminateUser, TerminateSession, KillUser, KillSession. logind lets
// root call them without a capability: it goes by the uid that the bus names.
#include "reaper/logind.hpp"

#include <dirent.h>
#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>
#include <systemd/sd-bus.h>
#include <systemd/sd-login.h>

#include <algorithm>
#include <charconv>
#include <csignal>
#include <cstdlib>
#include <memory>
#include <optional>
#include <vector>

#include "protocol/deadline.hpp"

namespace usher::reaper {
namespace {

using namespace std::chrono_literals;
using protocol::Deadline;
using protocol::reaper::Ended;
using protocol::reaper::Request;
using protocol::reaper::Which;
using Names = std::vector<std::string>;

// usherd waits 2 s for the answer.
constexpr std::chrono::milliseconds kCalls{1'600};  // all calls together
constexpr std::chrono::milliseconds kGrace{900};    // for programs to end by themselves
constexpr std::chrono::milliseconds kLook{30};      // between two looks whether they did

constexpr const char* kManager = "org.freedesktop.login1";

struct Unref {
  void operator()(sd_bus* bus) const { sd_bus_close_unref(bus); }
  void operator()(sd_login_monitor* monitor) const { sd_login_monitor_unref(monitor); }
};
using Monitor = std::unique_ptr<sd_login_monitor, Unref>;

// The bus, for as long as the deadline lets it.
class Manager {
 public:
  static Result<Manager> connect(Deadline deadline) {
    sd_bus* bus = nullptr;
    const int opened = sd_bus_open_system(&bus);
    if (opened < 0) {
      return Error(Errc::unsupported, system_error("opening the system bus", -opened).text());
    }
    Manager manager(bus, deadline);
    TRY(manager.await_ready());
    // Nothing is ended before somebody is there who can: a bus without a login manager says so now.
    const auto there = manager.call("/", "org.freedesktop.DBus.Peer", "Ping", "");
    if (!there) return Error(Errc::unsupported, there.error().text());
    return manager;
  }

  // One who is not there any more needs no ending. logind keeps word of a user for a while whose
  // units are gone already: there it passes on the service manager's ENOENT.
  template <typename... Arguments>
  Result<void> end(const char* method, const char* types, Arguments... arguments) {
    auto ended = call("/org/freedesktop/login1", "org.freedesktop.login1.Manager", method, types,
                      arguments...);
    if (!ended && ended.error().code() == Errc::not_found) return {};
    return ended;
  }

 private:
  Manager(sd_bus* bus, Deadline deadline) : bus_(bus), deadline_(deadline) {}

  // A call would wait for this too, and no timeout of its own covers it: 90 s by the library's.
  Result<void> await_ready() {
    for (;;) {
      const int ready = sd_bus_is_ready(bus_.get());
      if (ready > 0) return {};
      const int done = ready < 0 ? ready : sd_bus_process(bus_.get(), nullptr);
      if (done < 0)
        return Error(Errc::unsupported, system_error("joining the system bus", -done).text());
      const auto left = std::chrono::microseconds(deadline_.left());
      if (left.count() == 0) return Error(Errc::unsupported, "the system bus does not answer");
      if (done == 0) (void)sd_bus_wait(bus_.get(), static_cast<std::uint64_t>(left.count()));
    }
  }

  template <typename... Arguments>
  Result<void> call(const char* path, const char* interface, const char* method, const char* types,
                    Arguments... arguments) {
    const auto left = std::chrono::microseconds(deadline_.left());
    if (left.count() == 0) return Error(Errc::timed_out, "the login manager is too slow");
    // For the calls of sd_bus_call_method(), which has no parameter for it.
    (void)sd_bus_set_method_call_timeout(bus_.get(), static_cast<std::uint64_t>(left.count()));
    sd_bus_error error = SD_BUS_ERROR_NULL;
    const int called = sd_bus_call_method(bus_.get(), kManager, path, interface, method, &error,
                                          nullptr, types, arguments...);
    const bool gone = sd_bus_error_has_names(&error, "org.freedesktop.login1.NoSuchUser",
                                             "org.freedesktop.login1.NoSuchSession") != 0;
    sd_bus_error_free(&error);
    if (called >= 0) return {};
    if (gone || called == -ENOENT || called == -ESRCH) return Error(Errc::not_found, "it is gone");
    return system_error("asking the login manager", -called);
  }

  std::unique_ptr<sd_bus, Unref> bus_;
  Deadline deadline_;
};

// sd-login hands out texts and arrays of them that malloc() made.
std::string take(char* text) {
  std::string taken = text == nullptr ? "" : text;
  std::free(text);
  return taken;
}

// A service manager's session (systemd 256) goes with its person, and is nobody's sign-in.
bool is_sign_in(const std::string& session) {
  char* kind = nullptr;
  (void)sd_session_get_class(session.c_str(), &kind);
  return !take(kind).starts_with("manager");
}

Names sessions_of(const Request& request) {
  char** listed = nullptr;
  constexpr int kWaitingToEnd = 0;  // those too, not the active ones alone
  const int count = sd_uid_get_sessions(request.uid.number, kWaitingToEnd, &listed);
  Names sessions;
  for (int i = 0; i < count; ++i) {
    std::string session = take(listed[i]);
    const bool is_kept = request.which == Which::others && session == request.keep;
    if (!is_kept && is_sign_in(session)) sessions.push_back(std::move(session));
  }
  std::free(listed);
  return sessions;
}

bool is_there(const std::string& session) {
  uid_t owner = 0;
  return sd_session_get_uid(session.c_str(), &owner) >= 0;
}

// None: an entry of /proc that is no process.
std::optional<pid_t> process_of(std::string_view name) {
  pid_t pid = 0;
  const auto [end, failed] = std::from_chars(name.data(), name.data() + name.size(), pid);
  if (failed != std::errc() || end != name.data() + name.size()) return std::nullopt;
  return pid;
}

// Of a person's processes those in the branch of cgroups that logind made for them, and the others:
// a job of cron, a shell of root's su.
struct Processes {
  std::int64_t inside = 0;
  std::int64_t outside = 0;
};

Processes processes_of(Uid uid) {
  const std::unique_ptr<DIR, int (*)(DIR*)> proc(::opendir("/proc"), ::closedir);
  Processes processes;
  if (!proc) return processes;
  // NOLINTNEXTLINE(concurrency-mt-unsafe): one thread
  while (const dirent* entry = ::readdir(proc.get())) {
    const auto pid = process_of(entry->d_name);
    struct stat status {};
    if (!pid || ::fstatat(::dirfd(proc.get()), entry->d_name, &status, 0) != 0) continue;
    uid_t owner = 0;  // of the branch
    const bool inside = sd_pid_get_owner_uid(*pid, &owner) >= 0 && owner == uid.number;
    if (inside) ++processes.inside;
    if (!inside && status.st_uid == uid.number) ++processes.outside;
  }
  return processes;
}

// What still runs of those that were told to end.
struct Remains {
  const Request& request;
  const Names& told;

  bool all_gone() const {
    const bool ended = std::none_of(told.begin(), told.end(), is_there);
    if (!ended || request.which == Which::others) return ended;
    // Not logind's word of the person, which it keeps for as long as it likes.
    return processes_of(request.uid).inside == 0;
  }
};

// Until they are gone or the deadline passes: logind changes its files, the monitor sees that. The
// last process of a session that is gone says nothing to anybody: hence the short look.
void await(const Remains& remains, Deadline deadline) {
  sd_login_monitor* made = nullptr;
  if (sd_login_monitor_new(nullptr, &made) < 0) return;
  const Monitor monitor(made);
  while (!remains.all_gone() && !deadline.passed()) {
    pollfd changes{sd_login_monitor_get_fd(made), POLLIN, 0};
    const auto look = std::min<std::chrono::milliseconds>(deadline.left(), kLook);
    (void)::poll(&changes, 1, static_cast<int>(look.count()));
    (void)sd_login_monitor_flush(made);
  }
}

Result<void> terminate(Manager& manager, const Remains& remains) {
  if (remains.request.which == Which::all) {
    return manager.end("TerminateUser", "u", remains.request.uid.number);
  }
  for (const std::string& session : remains.told) {
    TRY(manager.end("TerminateSession", "s", session.c_str()));
  }
  return {};
}

Result<void> kill(Manager& manager, const Remains& remains) {
  if (remains.request.which == Which::all) {
    return manager.end("KillUser", "ui", remains.request.uid.number, SIGKILL);
  }
  for (const std::string& session : remains.told) {
    TRY(manager.end("KillSession", "ssi", session.c_str(), "all", SIGKILL));
  }
  return {};
}

}  // namespace

Result<Ended> Logind::end(const Request& request) {
  Manager manager = TRY(Manager::connect(Deadline::after(kCalls)));
  const Names told = sessions_of(request);
  const Remains remains{request, told};
  TRY(terminate(manager, remains));
  await(remains, Deadline::after(kGrace));
  if (!remains.all_gone()) TRY(kill(manager, remains));
  const bool counts = request.which == Which::all;
  const std::int64_t outside = counts ? processes_of(request.uid).outside : 0;
  return Ended{static_cast<std::int64_t>(told.size()), outside};
}

}  // namespace usher::reaper
