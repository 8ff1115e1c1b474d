// A scan of the passwd file, a buffer at a time. The name is compared while it streams past, so a
// line may be of any length; no stdio, no allocation.
#include "pam_module/local_account.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstddef>
#include <span>

#include "base/unique_fd.hpp"

namespace usher::pam_module {
namespace {

constexpr std::size_t kBufferSize = 2048;

// Fed byte by byte; found() once a line's first field was the name.
class FirstFieldMatcher {
 public:
  explicit FirstFieldMatcher(std::string_view name) : name_(name) {}

  void take(char byte) {
    if (byte == '\n') {
      matching_ = true;
      matched_ = 0;
    } else if (matching_) {
      take_of_field(byte);
    }
  }

  bool found() const { return found_; }

 private:
  void take_of_field(char byte) {
    // glibc's reader of this file skips blanks before a name; a name it serves must be found.
    if (matched_ == 0 && is_blank(byte)) return;
    if (byte == ':') {
      found_ = found_ || matched_ == name_.size();
      matching_ = false;
    } else if (matched_ < name_.size() && byte == name_[matched_]) {
      ++matched_;
    } else {
      matching_ = false;
    }
  }

  static bool is_blank(char byte) {
    return byte == ' ' || byte == '\t' || byte == '\v' || byte == '\f' || byte == '\r';
  }

  std::string_view name_;
  std::size_t matched_ = 0;
  bool matching_ = true;
  bool found_ = false;
};

Result<UniqueFd> open_file(const char* path) {
  for (;;) {
    UniqueFd file(::open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY));
    if (file.valid()) return file;
    if (errno != EINTR) return system_error("opening the passwd file");
  }
}

Result<std::size_t> read_some(int file, std::span<char> room) {
  for (;;) {
    const ssize_t count = ::read(file, room.data(), room.size());
    if (count >= 0) return static_cast<std::size_t>(count);
    if (errno != EINTR) return system_error("reading the passwd file");
  }
}

}  // namespace

Result<bool> is_local_account(const char* passwd_file, std::string_view name) {
  if (name.empty()) return false;
  const UniqueFd file = TRY(open_file(passwd_file));
  FirstFieldMatcher matcher(name);
  std::array<char, kBufferSize> buffer;
  for (;;) {
    const std::size_t count = TRY(read_some(file.get(), buffer));
    if (count == 0) return false;
    for (const char byte : std::string_view(buffer.data(), count)) {
      matcher.take(byte);
      if (matcher.found()) return true;
    }
  }
}

}  // namespace usher::pam_module
