// usher-reaper: wiring only. systemd starts one for each connection, which is its standard input;
// it looks who calls, serves one call and ends. Standard error goes to the journal.
#include <unistd.h>

#include <csignal>
#include <string>

#include "protocol/caller.hpp"
#include "reaper/logind.hpp"
#include "reaper/serve.hpp"

namespace {

using namespace usher;

constexpr int kExitFailed = 1;
constexpr int kExitUsage = 2;

// One line with a journal priority in front (sd-daemon(3)). No text of the caller's is in it.
void log(char priority, std::string_view text) {
  const std::string line = std::string("<") + priority + ">" + std::string(text) + "\n";
  // A log that cannot be written has nowhere to be complained about.
  [[maybe_unused]] const ssize_t written = ::write(STDERR_FILENO, line.data(), line.size());
}

Result<std::string> serve_caller(int socket) {
  const Uid peer = TRY(protocol::peer_of(socket));
  const Uid owner = TRY(protocol::owner_of(socket));
  if (!protocol::may_call(peer, owner)) {
    return Error(Errc::not_permitted, "uid " + std::to_string(peer.number) + " may not call");
  }
  reaper::Logind logind;
  return reaper::serve(socket, {}, logind, {});
}

}  // namespace

int main(int argc, char** /*argv*/) {
  if (argc != 1) {
    log('3', "usage: usher-reaper, by systemd; see usher-reaper(8)");
    return kExitUsage;
  }
  (void)std::signal(SIGPIPE, SIG_IGN);
  const Result<std::string> served = serve_caller(STDIN_FILENO);
  if (!served) log('4', served.error().text());
  if (served) log('6', *served);
  return served ? 0 : kExitFailed;
}
