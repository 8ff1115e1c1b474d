// The kernel's name of this boot is read once: it does not change while the program runs.
#include "daemon/os/system_clock.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <ctime>

#include "base/unique_fd.hpp"

namespace usher::os {
namespace {

constexpr std::size_t kUuid = 36;

// Empty where /proc hides it: then the wall clock alone says how much time went by.
std::string read_boot() {
  const UniqueFd fd(::open("/proc/sys/kernel/random/boot_id", O_RDONLY | O_CLOEXEC));
  std::array<char, kUuid> text{};
  if (!fd.valid() || ::read(fd.get(), text.data(), text.size()) != kUuid) return {};
  return {text.data(), text.size()};
}

}  // namespace

SystemClock::SystemClock() : boot_(read_boot()) {}

ports::Uptime SystemClock::uptime() {
  timespec now{};
  (void)clock_gettime(CLOCK_BOOTTIME, &now);  // cannot fail for this clock
  return {boot_,
          std::chrono::seconds(now.tv_sec) + std::chrono::milliseconds(now.tv_nsec / 1'000'000)};
}

std::chrono::minutes SystemClock::utc_offset(ports::Instant at) {
  const std::time_t seconds = std::chrono::system_clock::to_time_t(at);
  std::tm local{};
  if (::localtime_r(&seconds, &local) == nullptr) return std::chrono::minutes(0);
  return std::chrono::floor<std::chrono::minutes>(std::chrono::seconds(local.tm_gmtoff));
}

}  // namespace usher::os
