// usher-courier: wiring only. It takes mail and text messages from usherd and sends them, the one
// process of Usher with a network; it has no configuration and no state. Standard error goes to the
// journal.
#include <poll.h>
#include <sys/prctl.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <string>

#include "courier/curl.hpp"
#include "courier/rounds.hpp"
#include "courier/sms.hpp"
#include "courier/smtp.hpp"
#include "courier/stop.hpp"

namespace {

using namespace usher;

constexpr int kExitFailed = 1;
constexpr int kExitUsage = 2;
constexpr const char* kSocket = "/run/usher/courier.sock";

// One line with a journal priority in front (sd-daemon(3)).
void log(char priority, std::string_view text) {
  const std::string line = std::string("<") + priority + ">" + std::string(text) + "\n";
  // A log that cannot be written has nowhere to be complained about.
  [[maybe_unused]] const ssize_t written = ::write(STDERR_FILENO, line.data(), line.size());
}

// A core or a debugger of the same uid would hold messages and passwords: without this there is no
// start. The limit of core files is the unit's, which lets us set none.
Result<void> forbid_dumps() {
  if (::prctl(PR_SET_DUMPABLE, 0) != 0) return system_error("forbidding core dumps");
  return {};
}

// SIGTERM ends the wait, and the process.
bool pause(protocol::Backoff& backoff) {
  (void)::poll(nullptr, 0, static_cast<int>(backoff.next(::arc4random()).count()));
  return true;
}

Result<void> run(const std::string& socket) {
  TRY(forbid_dumps());
  TRY(courier::initialise_curl());
  (void)std::signal(SIGPIPE, SIG_IGN);
  // NOLINTNEXTLINE(concurrency-mt-unsafe): before the first thread
  const char* credentials = std::getenv("CREDENTIALS_DIRECTORY");
  const std::string directory = credentials == nullptr ? "" : credentials;
  courier::Smtp smtp(directory, courier::told_to_stop);
  courier::SmsGateway sms(directory, courier::told_to_stop);
  courier::Rounds(socket, {smtp, sms, pause, log}).run();
  return {};
}

}  // namespace

int main(int argc, char** argv) {
  const bool has_socket = argc == 3 && std::string_view(argv[1]) == "--socket";
  if (argc != 1 && !has_socket) {
    log('3', "usage: usher-courier [--socket PATH]; see usher-courier(8)");
    return kExitUsage;
  }
  const Result<void> ran = run(has_socket ? argv[2] : kSocket);
  log('3', ran ? std::string_view("it ended by itself") : ran.error().text());
  return kExitFailed;
}
