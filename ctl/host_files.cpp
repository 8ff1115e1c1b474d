// Reading and replacing whole files.
#include "ctl/host_files.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>

#include "base/unique_fd.hpp"

namespace usher::ctl {
namespace {

constexpr std::size_t kMaxFile = 1024 * 1024;
constexpr mode_t kPermissions = 07777;

// Beside the file, so that the rename stays in one file system. No reader of these directories
// takes a name that ends so: sshd includes *.conf, PAM opens the names it was given.
std::string unfinished(const std::string& path) {
  return path + ".usher-new";
}

Result<void> remove_if_there(const std::string& path) {
  if (::unlink(path.c_str()) == 0 || errno == ENOENT) return {};
  return system_error("removing " + path);
}

Result<void> write_all(int fd, std::string_view bytes, const std::string& path) {
  while (!bytes.empty()) {
    const ssize_t count = ::write(fd, bytes.data(), bytes.size());
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) return system_error("writing " + path);
    bytes.remove_prefix(static_cast<std::size_t>(count));
  }
  return {};
}

Result<void> write_new(const std::string& path, const FileImage& image) {
  constexpr int kFlags = O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC;
  const UniqueFd fd(::open(path.c_str(), kFlags, 0600));
  if (!fd.valid()) return system_error("creating " + path);
  TRY(write_all(fd.get(), image.bytes, path));
  struct stat status {};
  if (::fstat(fd.get(), &status) != 0) return system_error("looking at " + path);
  const bool same_owner = status.st_uid == image.uid && status.st_gid == image.gid;
  // The owner first: chown takes set-id bits away.
  if (!same_owner && ::fchown(fd.get(), image.uid, image.gid) != 0) {
    return system_error("giving the owner to " + path);
  }
  if (::fchmod(fd.get(), image.mode) != 0) return system_error("setting the mode of " + path);
  if (::fsync(fd.get()) != 0) return system_error("writing " + path);
  return {};
}

Result<void> replace(const std::string& path, const FileImage& image) {
  const std::string fresh = unfinished(path);
  TRY(write_new(fresh, image));
  if (::rename(fresh.c_str(), path.c_str()) != 0) return system_error("replacing " + path);
  return {};
}

}  // namespace

std::string parent_of(const std::string& path) {
  return path.substr(0, path.rfind('/'));
}

bool exists(const std::string& path) {
  struct stat status {};
  return ::lstat(path.c_str(), &status) == 0;
}

Result<MaybeFile> read_image(const std::string& path) {
  const UniqueFd fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK));
  if (!fd.valid() && errno == ENOENT) return MaybeFile{};
  if (!fd.valid() && errno == ELOOP) {
    return Error(Errc::conflict, path + " is a symbolic link; Usher changes plain files only");
  }
  if (!fd.valid()) return system_error("opening " + path);
  struct stat status {};
  if (::fstat(fd.get(), &status) != 0) return system_error("looking at " + path);
  if (!S_ISREG(status.st_mode)) return Error(Errc::conflict, path + " is no regular file");
  FileImage image{std::string(kMaxFile + 1, '\0'), status.st_mode & kPermissions, status.st_uid,
                  status.st_gid};
  std::size_t filled = 0;
  for (ssize_t count = 1; count > 0 && filled < image.bytes.size();) {
    count = ::read(fd.get(), image.bytes.data() + filled, image.bytes.size() - filled);
    if (count < 0) return system_error("reading " + path);
    filled += static_cast<std::size_t>(count);
  }
  if (filled > kMaxFile) return Error(Errc::exhausted, path + " is over 1 MiB");
  image.bytes.resize(filled);
  return MaybeFile(std::move(image));
}

Result<void> put_image(const std::string& path, const MaybeFile& image) {
  TRY(remove_if_there(unfinished(path)));
  if (TRY(read_image(path)) == image) return {};
  if (image) {
    TRY(replace(path, *image));
  } else {
    TRY(remove_if_there(path));
  }
  return sync_directory(parent_of(path));
}

Result<void> make_directory(const std::string& path, mode_t mode) {
  if (::mkdir(path.c_str(), mode) == 0) return sync_directory(parent_of(path));
  if (errno != EEXIST) return system_error("making " + path);
  struct stat status {};
  if (::lstat(path.c_str(), &status) == 0 && S_ISDIR(status.st_mode)) return {};
  return system_error("making " + path, EEXIST);
}

Result<void> sync_directory(const std::string& path) {
  const UniqueFd fd(::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!fd.valid()) return system_error("opening " + path);
  if (::fsync(fd.get()) != 0) return system_error("writing " + path);
  return {};
}

}  // namespace usher::ctl
