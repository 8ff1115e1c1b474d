// libpasswdqc exports its filter only as the last step of a check: every step before it is switched
// off, and the one that cannot be (a password of two characters is "simple") is told apart.
#include "daemon/passwdqc.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <passwdqc.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <climits>
#include <cstdlib>
#include <cstring>
#include <memory>

#include "daemon/config_file.hpp"
#include "daemon/policy/unicode.hpp"

namespace usher::daemon {
namespace {

// The file's header (passwdqc_filter.h of passwdqc 2.0). Buckets of 4 slots take 16 bytes each.
struct Header {
  std::array<char, 4> version;
  std::array<std::uint8_t, 4> shape;
  std::uint64_t endianness;
  std::array<std::uint64_t, 6> numbers;  // the second is the capacity in slots
};
static_assert(sizeof(Header) == 64);
constexpr std::string_view kVersion = "PWQ0";
constexpr std::uint64_t kEndianness = 0x0807060504030201;
constexpr std::uint64_t kBytesASlot = 4;
constexpr std::uint64_t kMostSlots = std::uint64_t{1} << 34;

bool fits(const Header& header, std::uint64_t size) {
  const std::uint64_t slots = header.numbers[1];
  return std::string_view(header.version.data(), header.version.size()) == kVersion &&
         header.endianness == kEndianness && slots >= 4 && slots % 4 == 0 && slots < kMostSlots &&
         size == sizeof(Header) + slots * kBytesASlot;
}

passwdqc_params_qc_t only_filter(std::string& path) {
  passwdqc_params_t parameters;
  passwdqc_params_reset(&parameters);
  passwdqc_params_qc_t check = parameters.qc;
  for (int& length : check.min) length = 0;
  check.max = INT_MAX;
  check.passphrase_words = 0;
  check.match_length = 0;
  check.similar_deny = 0;
  check.filter = path.data();
  return check;
}

// Its answers are texts, and the only thing that tells them apart.
Result<bool> look_up(const passwdqc_params_qc_t& check, const Secret& password) {
  constexpr std::string_view kInTheFilter = "appears to be in a database";
  constexpr std::string_view kTooSimple = "not enough different characters or classes";
  const char* reason = ::passwdqc_check(&check, password.view().data(), nullptr, nullptr);
  if (reason == nullptr || kTooSimple == reason) return false;
  if (kInTheFilter == reason) return true;
  return Error(Errc::unavailable, "the breach filter cannot be read");
}

}  // namespace

Result<BreachFilter> BreachFilter::open(const std::string& path) {
  UniqueFd file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  if (!file.valid()) return system_error("opening the breach filter " + path);
  TRY(check_owner(file, path, S_IFREG));
  struct stat status {};
  if (::fstat(file.get(), &status) != 0) return system_error("looking at " + path);
  Header header{};
  const ssize_t count = ::pread(file.get(), &header, sizeof header, 0);
  if (count != ssize_t{sizeof header} ||
      !fits(header, static_cast<std::uint64_t>(status.st_size))) {
    return Error(Errc::damaged,
                 path + " is no whole breach filter: build it again with usherctl blocklist build");
  }
  return BreachFilter(std::move(file));
}

Result<bool> BreachFilter::holds(const Secret& password) const {
  if (password.empty()) return false;
  // The library takes a name; this one is the open file's, whatever happened to the other.
  std::string path = fmt::format("/proc/self/fd/{}", file_.get());
  const passwdqc_params_qc_t check = only_filter(path);
  if (TRY(look_up(check, password))) return true;
  return look_up(check, TRY(policy::fold_case(password.view())));
}

Result<Secret> random_passphrase(int bits) {
  passwdqc_params_t parameters;
  passwdqc_params_reset(&parameters);
  parameters.qc.random_bits = bits;
  const std::unique_ptr<char, decltype(&std::free)> words(::passwdqc_random(&parameters.qc),
                                                          &std::free);
  if (!words) return Error(Errc::unavailable, "no passphrase could be made");
  Result<Secret> passphrase = Secret::copy(words.get());
  wipe(words.get(), std::strlen(words.get()));
  return passphrase;
}

}  // namespace usher::daemon
