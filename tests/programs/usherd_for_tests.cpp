// usherd as the tests run it: the real daemon with two other parts handed in. The clock is a file
// (whole seconds since the epoch), so that no test waits for the next code; hashes are as cheap as
// libsodium allows unless USHER_TEST_REAL_HASHES is set, and a wrong password is answered at once
// unless USHER_TEST_REAL_DELAYS is. Never shipped.
#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <charconv>
#include <cstdlib>
#include <string>

#include "base/unique_fd.hpp"
#include "daemon/assembly.hpp"
#include "daemon/command_line.hpp"
#include "daemon/os/system_clock.hpp"

namespace {

std::string environment(const char* name) {
  const char* value = std::getenv(name);
  return value != nullptr ? value : "";
}

long number(std::string_view text) {
  long value = 0;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

class FileClock final : public usher::ports::Clock {
 public:
  // Dies by SIGKILL at the given reading: a power cut at a chosen point of a flow. 0: never.
  FileClock(std::string path, long die_at) : path_(std::move(path)), die_at_(die_at) {}

  usher::ports::Instant now() override {
    if (++readings_ == die_at_) (void)::kill(::getpid(), SIGKILL);
    return read();
  }
  // One boot that began with the epoch: what the file gains has gone by.
  usher::ports::Uptime uptime() override { return {"test", read().time_since_epoch()}; }
  std::chrono::minutes utc_offset(usher::ports::Instant) override { return {}; }

 private:
  usher::ports::Instant read() {
    if (path_.empty()) return real_.now();
    const usher::UniqueFd fd(::open(path_.c_str(), O_RDONLY | O_CLOEXEC));
    std::array<char, 32> text{};
    const ssize_t size = ::read(fd.get(), text.data(), text.size());
    if (size <= 0) std::abort();  // a test without its clock proves nothing
    return usher::ports::Instant(
        std::chrono::seconds(number({text.data(), static_cast<std::size_t>(size)})));
  }

  std::string path_;
  long die_at_;
  std::atomic<long> readings_{0};
  usher::os::SystemClock real_;
};

usher::Result<void> run(const usher::daemon::Config& given) {
  usher::daemon::Config config = given;
  if (environment("USHER_TEST_REAL_HASHES").empty()) config.at_start.hash_cost = {1, 8};
  if (environment("USHER_TEST_REAL_DELAYS").empty()) config.at_start.longest_delay = {};
  FileClock clock(environment("USHER_TEST_CLOCK"), number(environment("USHER_TEST_DIE_AT")));
  usher::crypto::SodiumEntropy entropy;
  return usher::daemon::run_daemon(config, clock, entropy);
}

}  // namespace

int main(int argc, char** argv) {
  return usher::daemon::run_from_command_line(argc, argv, run);
}
