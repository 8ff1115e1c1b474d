// Descriptors and renames. What is read here holds password hashes: it goes nowhere but back.
#include "ctl/etc_files.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>

#include "protocol/deadline.hpp"

namespace usher::ctl {
namespace {

// lckpwdf(3)'s own patience.
constexpr std::chrono::seconds kLockPatience{15};
constexpr int kLockPauseMilliseconds = 50;
constexpr std::size_t kMaxFile = 16 * 1024 * 1024;

Error file_error(const std::string& doing, int error_number) {
  const Error error = system_error(doing, error_number);
  if (error_number == ENOENT) return Error(Errc::not_found, error.text());
  if (error_number == EACCES || error_number == EPERM) {
    return Error(Errc::not_permitted, error.text()).in("this needs root; try sudo");
  }
  return Error(Errc::internal, error.text());
}

Result<void> write_all(int file, std::string_view text, const std::string& path) {
  while (!text.empty()) {
    const ssize_t written = ::write(file, text.data(), text.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return file_error("writing " + path, errno);
    text.remove_prefix(static_cast<std::size_t>(written));
  }
  return {};
}

std::string folder_of(const std::string& path) {
  return path.substr(0, path.rfind('/'));
}

// A rename is on the disk only when its folder is.
Result<void> sync_folder(const std::string& path) {
  const UniqueFd folder(::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!folder.valid()) return file_error("opening " + path, errno);
  if (::fsync(folder.get()) != 0) return file_error("syncing " + path, errno);
  return {};
}

// An unnamed step of a replacement, gone again unless it got its name.
class Unfinished {
 public:
  explicit Unfinished(std::string path) : path_(std::move(path)) { (void)::unlink(path_.c_str()); }
  ~Unfinished() {
    if (!path_.empty()) (void)::unlink(path_.c_str());
  }
  Unfinished(const Unfinished&) = delete;
  Unfinished& operator=(const Unfinished&) = delete;

  const std::string& path() const { return path_; }
  Result<void> give_name(const std::string& name) {
    if (::rename(path_.c_str(), name.c_str()) != 0) return file_error("renaming to " + name, errno);
    path_.clear();
    return sync_folder(folder_of(name));
  }

 private:
  std::string path_;
};

Result<void> write_new(const Unfinished& unfinished, std::string_view text,
                       const struct stat* like) {
  const std::string& path = unfinished.path();
  const UniqueFd file(
      ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600));
  if (!file.valid()) return file_error("making " + path, errno);
  TRY(write_all(file.get(), text, path));
  // Owner first: a change of owner may take mode bits away.
  if (like != nullptr && (::fchown(file.get(), like->st_uid, like->st_gid) != 0 ||
                          ::fchmod(file.get(), like->st_mode & 07777U) != 0)) {
    return file_error("giving " + path + " its owner and mode", errno);
  }
  if (::fsync(file.get()) != 0) return file_error("syncing " + path, errno);
  return {};
}

bool is_unchanged(const struct stat& before, const struct stat& now) {
  return before.st_dev == now.st_dev && before.st_ino == now.st_ino &&
         before.st_size == now.st_size && before.st_mtim.tv_sec == now.st_mtim.tv_sec &&
         before.st_mtim.tv_nsec == now.st_mtim.tv_nsec;
}

}  // namespace

Result<UniqueFd> lock_account_files(const std::string& etc) {
  const std::string path = etc + "/.pwd.lock";
  UniqueFd lock(::open(path.c_str(), O_WRONLY | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600));
  if (!lock.valid()) return file_error("opening " + path, errno);
  struct flock whole {};
  whole.l_type = F_WRLCK;
  whole.l_whence = SEEK_SET;
  const auto deadline = protocol::Deadline::after(kLockPatience);
  while (::fcntl(lock.get(), F_SETLK, &whole) != 0) {
    if (errno != EAGAIN && errno != EACCES && errno != EINTR) {
      return file_error("locking " + path, errno);
    }
    if (deadline.passed()) {
      return Error(Errc::conflict, "another program holds the account files; nothing was changed");
    }
    (void)::poll(nullptr, 0, kLockPauseMilliseconds);
  }
  return lock;
}

Result<EtcFile> read_etc_file(const std::string& path) {
  const UniqueFd file(::open(path.c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC));
  if (!file.valid()) return file_error("opening " + path, errno);
  EtcFile read{.path = path, .text = {}};
  if (::fstat(file.get(), &read.status) != 0) return file_error("looking at " + path, errno);
  if (!S_ISREG(read.status.st_mode)) {
    return Error(Errc::conflict, path + " is no regular file; nothing was changed");
  }
  std::array<char, 16 * 1024> buffer{};
  for (;;) {
    const ssize_t got = ::read(file.get(), buffer.data(), buffer.size());
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return file_error("reading " + path, errno);
    if (got == 0) return read;
    read.text.append(buffer.data(), static_cast<std::size_t>(got));
    if (read.text.size() > kMaxFile) return Error(Errc::exhausted, path + " is too long");
  }
}

Result<void> replace_etc_file(const EtcFile& file, std::string_view text) {
  Unfinished unfinished(file.path + ".usher-new");
  TRY(write_new(unfinished, text, &file.status));
  struct stat now {};
  if (::lstat(file.path.c_str(), &now) != 0) return file_error("looking at " + file.path, errno);
  if (!is_unchanged(file.status, now)) {
    return Error(Errc::conflict, file.path + " was changed meanwhile, without its lock; run again");
  }
  return unfinished.give_name(file.path);
}

Result<void> write_private_file(const std::string& path, std::string_view text) {
  // An ending no name of a person has: the files beside it are named after people.
  Unfinished unfinished(path + "~");
  TRY(write_new(unfinished, text, nullptr));
  return unfinished.give_name(path);
}

std::vector<std::string> fields_of(std::string_view line) {
  std::vector<std::string> fields;
  for (;;) {
    const std::size_t colon = line.find(':');
    fields.emplace_back(line.substr(0, colon));
    if (colon == std::string_view::npos) return fields;
    line.remove_prefix(colon + 1);
  }
}

std::vector<std::string> lines_of(std::string_view text) {
  std::vector<std::string> lines;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    lines.emplace_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return lines;
}

Result<std::optional<std::string>> entry_of(const EtcFile& file, std::string_view name) {
  std::optional<std::string> found;
  const std::string start = std::string(name) + ':';
  for (std::string& line : lines_of(file.text)) {
    if (!line.starts_with(start)) continue;
    if (found) {
      return Error(Errc::conflict, fmt::format("{} has several lines for {}", file.path, name));
    }
    found = std::move(line);
  }
  return found;
}

bool has_entry(std::string_view text, std::string_view line) {
  const auto lines = lines_of(text);
  return std::find(lines.begin(), lines.end(), line) != lines.end();
}

std::string without_entry(std::string_view text, std::string_view line) {
  std::string kept;
  kept.reserve(text.size());
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    const std::size_t whole = std::min(end + 1, text.size());
    if (text.substr(0, end) != line) kept.append(text.substr(0, whole));
    text.remove_prefix(whole);
  }
  return kept;
}

std::string with_entry(std::string_view text, std::string_view line) {
  std::string longer(text);
  if (!longer.empty() && longer.back() != '\n') longer += '\n';
  longer.append(line);
  longer += '\n';
  return longer;
}

}  // namespace usher::ctl
