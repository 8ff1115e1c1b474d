// usherd: wiring only. What it may never do is settled here first: no core dumps, no tracing by its
// own uid; the unit file takes the rest away.
#include <sys/prctl.h>
#include <sys/resource.h>

#include "daemon/assembly.hpp"
#include "daemon/command_line.hpp"
#include "daemon/os/system_clock.hpp"

namespace {

// A core or a debugger of the same uid would hold every key: without this there is no start.
usher::Result<void> forbid_dumps() {
  if (::prctl(PR_SET_DUMPABLE, 0) != 0) return usher::system_error("forbidding core dumps");
  const rlimit none{0, 0};
  if (::setrlimit(RLIMIT_CORE, &none) != 0) return usher::system_error("forbidding core dumps");
  return {};
}

usher::Result<void> run(const usher::daemon::Config& config) {
  TRY(forbid_dumps());
  usher::os::SystemClock clock;
  usher::crypto::SodiumEntropy entropy;
  return usher::daemon::run_daemon(config, clock, entropy);
}

}  // namespace

int main(int argc, char** argv) {
  return usher::daemon::run_from_command_line(argc, argv, run);
}
