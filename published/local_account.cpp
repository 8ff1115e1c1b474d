// A scan of the passwd file, a buffer at a time. Name and uid are compared while they stream past,
// so a line may be of any length; no stdio, no allocation.
#include "published/local_account.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstddef>
#include <span>

#include "base/blanks.hpp"
#include "base/unique_fd.hpp"

namespace usher::published {
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
    // A name that glibc serves must be found.
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

  std::string_view name_;
  std::size_t matched_ = 0;
  bool matching_ = true;
  bool found_ = false;
};

// Fed byte by byte; found() once the third field of a line was the uid, however it is written.
class ThirdFieldMatcher {
 public:
  explicit ThirdFieldMatcher(Uid uid) : uid_(uid.number) {}

  void take(char byte) {
    if (byte == '\n') {
      end_line();
    } else if (byte == ':') {
      end_field();
    } else if (field_ == 2 && reading_) {
      take_of_number(byte);
    }
  }

  bool found() const { return found_; }

 private:
  void end_field() {
    if (field_ == 2) found_ = found_ || (any_digit_ && reading_ && number_ == uid_);
    ++field_;
  }

  void end_line() {
    end_field();
    field_ = 0;
    number_ = 0;
    any_digit_ = false;
    reading_ = true;
  }

  void take_of_number(char byte) {
    if (!any_digit_ && (is_blank(byte) || byte == '+')) return;
    reading_ = byte >= '0' && byte <= '9' && number_ <= kMostUid;
    if (!reading_) return;
    any_digit_ = true;
    number_ = number_ * 10 + static_cast<std::uint64_t>(byte - '0');
  }

  static constexpr std::uint64_t kMostUid = 0xFFFF'FFFF;

  std::uint64_t uid_;
  std::uint64_t number_ = 0;
  std::size_t field_ = 0;
  bool any_digit_ = false;
  bool reading_ = true;
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

// Feeds the whole file, or as much as is needed.
template <typename Matcher>
Result<bool> is_found(const char* passwd_file, Matcher matcher) {
  const UniqueFd file = TRY(open_file(passwd_file));
  std::array<char, kBufferSize> buffer;
  for (;;) {
    const std::size_t count = TRY(read_some(file.get(), buffer));
    for (const char byte : std::string_view(buffer.data(), count)) matcher.take(byte);
    if (count == 0) matcher.take('\n');  // which the last line may lack
    if (count == 0 || matcher.found()) return matcher.found();
  }
}

}  // namespace

Result<bool> is_local_account(const char* passwd_file, std::string_view name) {
  if (name.empty()) return false;
  return is_found(passwd_file, FirstFieldMatcher(name));
}

Result<bool> is_local_uid(const char* passwd_file, Uid uid) {
  return is_found(passwd_file, ThirdFieldMatcher(uid));
}

}  // namespace usher::published
