// usherctl config: asks the daemon's program, which is the only one that knows its keys.
#include "ctl/config.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <climits>

#include "ctl/calls.hpp"
#include "ctl/verbs.hpp"

namespace usher::ctl {

std::string usherd_program() {
  std::array<char, PATH_MAX> path{};
  const ssize_t length = ::readlink("/proc/self/exe", path.data(), path.size());
  if (length > 0) {
    std::string sibling(path.data(), static_cast<std::size_t>(length));
    sibling = sibling.substr(0, sibling.rfind('/') + 1) + "usherd";
    if (::access(sibling.c_str(), X_OK) == 0) return sibling;
  }
  return USHER_DAEMON_PATH;
}

namespace {

Result<int> run_daemon(const std::string& program, std::string file) {
  std::string name = "usherd";
  std::string option = "--check-config";
  char* const arguments[] = {name.data(), option.data(), file.data(), nullptr};
  pid_t child = 0;
  const int failure =
      ::posix_spawn(&child, program.c_str(), nullptr, nullptr, arguments, ::environ);
  if (failure != 0) {
    return Error(Errc::internal, fmt::format("cannot run {} ({}); is usherd installed?", program,
                                             ::strerrordesc_np(failure)));
  }
  int status = 0;
  while (::waitpid(child, &status, 0) < 0) {
    if (errno != EINTR) return system_error("waiting for usherd");
  }
  return WIFEXITED(status) ? WEXITSTATUS(status) : 1;
}

// usherd says itself what is wrong, with file and line.
Result<void> check(Session& session, const Arguments& arguments) {
  const int exit_code = TRY(run_daemon(usherd_program(), arguments.file));
  if (session.wants_json()) {
    protocol::varlink::ReplyOk reply;
    reply.parameters["file"] = arguments.file;
    reply.parameters["valid"] = exit_code == 0;
    TRY(print_json(session.out(), reply));
  }
  if (exit_code == 0) return {};
  if (exit_code == kStandsIn) {
    return Error(Errc::internal, arguments.file +
                                     " is refused by a reload; a start takes something "
                                     "built in instead");
  }
  return Error(Errc::internal, arguments.file + " is refused: usherd would not start with it");
}

// Says of each change whether it counts already.
Result<void> reload(Session& session, const Arguments&) {
  const auto reply = TRY(session.call("ReloadConfiguration", protocol::varlink::Json::object()));
  if (session.wants_json()) return print_json(session.out(), reply);
  const auto& changed = rows_member(reply.parameters, "changed");
  if (changed.empty()) {
    print(session.out(), "Read again; nothing has changed.\n");
    return {};
  }
  const auto shown = [](const std::string& value) { return value.empty() ? "the default" : value; };
  Table table({"KEY", "BEFORE", "AFTER", "COUNTS"});
  for (const auto& row : changed) {
    const bool at_start = text_member(row, "takes") == "at_start";
    table.add({text_member(row, "key"), shown(text_member(row, "before")),
               shown(text_member(row, "after")), at_start ? "after a restart" : "now"});
  }
  table.print_to(session.out());
  const auto more = protocol::varlink::number_of(reply.parameters, "keys").value_or(0) -
                    static_cast<std::int64_t>(changed.size());
  if (more > 0) print(session.out(), fmt::format("... and {} further keys.\n", more));
  return {};
}

constexpr Verb kVerbs[] = {
    {"config", "usherd's configuration", nullptr},
    {"config check",
     "check a file without using it",
     check,
     {{{"FILE", "the file", &Arguments::file}}}},
    {"config reload", "let usherd read its configuration again", reload},
};

}  // namespace

std::span<const Verb> config_verbs() {
  return kVerbs;
}

}  // namespace usher::ctl
