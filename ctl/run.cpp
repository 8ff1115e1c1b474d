// One run: the command line, the session, the command, the exit code.
#include "ctl/run.hpp"

#include <fmt/format.h>

#include "ctl/command_line.hpp"

namespace usher::ctl {
namespace {

Exit finish(const Result<void>& done, const Streams& streams) {
  if (!done) {
    print(streams.err, fmt::format("usherctl: {}\n", escaped(done.error().text())));
    return exit_of(done.error().code());
  }
  // A one-time code that did not reach the disk or the pipe must not look like success.
  if (std::fflush(streams.out) != 0 || std::ferror(streams.out) != 0) {
    print(streams.err, "usherctl: the output could not be written\n");
    return Exit::failed;
  }
  return Exit::ok;
}

}  // namespace

int run(int argc, const char* const* argv, const Streams& streams, const Host& host) {
  const auto read = read_command_line(argc, argv, streams);
  const auto* line = std::get_if<CommandLine>(&read);
  if (line == nullptr) return static_cast<int>(std::get<Exit>(read));
  Session session(line->socket, line->json ? Format::json : Format::text, streams, host);
  return static_cast<int>(finish(line->command(session, line->arguments), streams));
}

}  // namespace usher::ctl
