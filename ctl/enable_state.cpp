// The copies: N.before and N.after, and a list that names them, with sizes and owners.
#include "ctl/enable_state.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <filesystem>
#include <sstream>

namespace usher::ctl {
namespace {

constexpr std::string_view kArmed = "armed";
constexpr std::string_view kConfirmed = "confirmed";
constexpr std::string_view kList = "list";
constexpr std::string_view kAbsent = "absent";

std::string file_in_state(const Host& host, std::string_view name) {
  return fmt::format("{}{}/{}", host.root, kStateDirectory, name);
}

// Whoever could write here could choose what becomes root's PAM configuration.
Result<void> make_state_directory(const Host& host) {
  const std::string path = host.path(kStateDirectory);
  TRY(make_directory(path, 0700));
  struct stat status {};
  if (::lstat(path.c_str(), &status) != 0) return system_error("looking at " + path);
  if (status.st_uid != host.administrator.number || (status.st_mode & 077) != 0) {
    return Error(Errc::not_permitted, path + " must be root's alone (mode 0700); remove it");
  }
  return {};
}

FileImage private_file(const Host& host, std::string bytes) {
  return {std::move(bytes), 0600, host.administrator.number, ::getegid()};
}

std::string row_of(const MaybeFile& image) {
  if (!image) return std::string(kAbsent);
  return fmt::format("{:o} {} {} {}", image->mode, image->uid, image->gid, image->bytes.size());
}

Result<void> save_bytes(const Host& host, const std::string& name, const MaybeFile& image) {
  if (!image) return {};
  return put_image(file_in_state(host, name), private_file(host, image->bytes));
}

Error damaged(std::string_view what) {
  return Error(Errc::damaged, fmt::format("{}/{} is not as it was written; see usherctl(1), "
                                          "\"enable\", for putting things back by hand",
                                          kStateDirectory, what));
}

// "644 0 0 1234" or "absent", and the copy it speaks of.
Result<MaybeFile> load_image(const Host& host, std::istream& row, const std::string& name) {
  std::string mode;
  if (!(row >> mode)) return damaged(kList);
  if (mode == kAbsent) return MaybeFile{};
  FileImage image;
  image.mode = 0;
  std::size_t size = 0;
  row >> image.uid >> image.gid >> size;
  const bool octal = mode.find_first_not_of("01234567") == std::string::npos && mode.size() <= 4;
  if (!row || !octal) return damaged(kList);
  for (const char digit : mode) image.mode = (image.mode << 3) | static_cast<mode_t>(digit - '0');
  image.mode &= 07777;
  MaybeFile copy = TRY(read_image(file_in_state(host, name)));
  if (!copy || copy->bytes.size() != size) return damaged(name);
  image.bytes = std::move(copy->bytes);
  return MaybeFile(std::move(image));
}

}  // namespace

Result<Phase> phase_of(const Host& host) {
  if (exists(file_in_state(host, kArmed))) return Phase::armed;
  if (exists(file_in_state(host, kConfirmed))) return Phase::confirmed;
  return Phase::none;
}

Result<void> arm(const Host& host) {
  if (TRY(phase_of(host)) == Phase::confirmed) {
    if (::rename(file_in_state(host, kConfirmed).c_str(), file_in_state(host, kArmed).c_str()) !=
        0) {
      return system_error("arming the rollback");
    }
    return sync_directory(host.path(kStateDirectory));
  }
  return put_image(file_in_state(host, kArmed), private_file(host, ""));
}

Result<void> confirm_armed(const Host& host) {
  if (::rename(file_in_state(host, kArmed).c_str(), file_in_state(host, kConfirmed).c_str()) != 0) {
    return system_error("confirming");
  }
  return sync_directory(host.path(kStateDirectory));
}

Result<void> disarm(const Host& host) {
  if (!exists(host.path(kStateDirectory))) return {};
  return put_image(file_in_state(host, kArmed), std::nullopt);
}

Result<std::optional<std::int64_t>> armed_since(const Host& host) {
  struct stat status {};
  if (::lstat(file_in_state(host, kArmed).c_str(), &status) == 0) {
    const auto since = std::chrono::seconds(status.st_mtim.tv_sec);
    return std::optional<std::int64_t>(std::chrono::milliseconds(since).count());
  }
  if (errno == ENOENT) return std::optional<std::int64_t>{};
  return system_error("looking whether the rollback is armed");
}

Result<void> save_changes(const Host& host, std::span<const Change> changes) {
  TRY(make_state_directory(host));
  std::string list;
  for (std::size_t i = 0; i < changes.size(); ++i) {
    TRY(save_bytes(host, fmt::format("{}.before", i), changes[i].before));
    TRY(save_bytes(host, fmt::format("{}.after", i), changes[i].after));
    list += fmt::format("{} {} {}\n", changes[i].path, row_of(changes[i].before),
                        row_of(changes[i].after));
  }
  return put_image(file_in_state(host, kList), private_file(host, std::move(list)));
}

Result<std::vector<Change>> load_changes(const Host& host) {
  std::vector<Change> changes;
  const MaybeFile list = TRY(read_image(file_in_state(host, kList)));
  if (!list) return changes;
  std::istringstream rows(list->bytes);
  for (std::string line; std::getline(rows, line);) {
    std::istringstream row(line);
    Change change;
    if (!(row >> change.path)) return damaged(kList);
    const std::size_t i = changes.size();
    change.before = TRY(load_image(host, row, fmt::format("{}.before", i)));
    change.after = TRY(load_image(host, row, fmt::format("{}.after", i)));
    changes.push_back(std::move(change));
  }
  return changes;
}

Result<void> forget_changes(const Host& host) {
  const std::string path = host.path(kStateDirectory);
  if (!exists(path)) return {};
  // The list goes first: what follows may be cut off anywhere.
  TRY(put_image(file_in_state(host, kList), std::nullopt));
  std::error_code failure;
  std::filesystem::remove_all(path, failure);
  if (failure) return system_error("removing " + path, failure.value());
  return sync_directory(parent_of(path));
}

Result<UniqueFd> lock_host(const Host& host) {
  // Not in the directory it protects, which comes and goes.
  const std::string path = host.path("/run/usher-enable.lock");
  UniqueFd fd(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600));
  if (!fd.valid()) return system_error("opening " + path);
  if (::flock(fd.get(), LOCK_EX | LOCK_NB) == 0) return fd;
  if (errno != EWOULDBLOCK) return system_error("locking " + path);
  return Error(Errc::conflict,
               "another usherctl is enabling, disabling or rolling back; try again");
}

}  // namespace usher::ctl
