// Reading and making the master key. Never follows a link, never replaces a key that is there, and
// never leaves a copy in memory that is not wiped.
#include "daemon/crypto/key_file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>  // renameat2
#include <optional>

#include "base/unique_fd.hpp"

namespace usher::crypto {
namespace {

// systemd guards a credential by its directory and an ACL, and the ACL's mask shows as group bits;
// a file of our own has no reason to be open to anybody.
constexpr mode_t kForbiddenOnCredential = S_IRWXO;
constexpr mode_t kForbiddenOnFile = S_IRWXG | S_IRWXO;

Result<void> check_key_file(int fd, const std::string& path, mode_t forbidden) {
  struct stat status {};
  if (::fstat(fd, &status) != 0) return system_error("looking at " + path);
  if (!S_ISREG(status.st_mode)) {
    return Error(Errc::not_permitted, "the key file " + path + " is no regular file");
  }
  if ((status.st_mode & forbidden) != 0) {
    return Error(Errc::not_permitted, "the key file " + path + " is open to others; chmod 0600 it");
  }
  if (forbidden == kForbiddenOnFile && status.st_uid != ::geteuid()) {
    return Error(Errc::not_permitted, "the key file " + path + " belongs to somebody else");
  }
  if (status.st_size != static_cast<off_t>(kKeyBytes)) {
    return Error(Errc::damaged, "the key file " + path + " is not 32 bytes long");
  }
  return {};
}

Result<LockedKey> read_key(int fd, const std::string& path) {
  // One byte more than a key: a file that grew since fstat is noticed.
  Secret bytes = TRY(Secret::zeroed(kKeyBytes + 1));
  std::size_t filled = 0;
  while (filled < bytes.size()) {
    const ssize_t got = ::read(fd, bytes.writable().data() + filled, bytes.size() - filled);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return system_error("reading " + path);
    if (got == 0) break;
    filled += static_cast<std::size_t>(got);
  }
  if (filled != kKeyBytes) {
    return Error(Errc::damaged, "the key file " + path + " is not 32 bytes long");
  }
  return LockedKey::copy(bytes.view().substr(0, kKeyBytes));
}

// None: the file is not there.
Result<std::optional<LockedKey>> load(const std::string& path, mode_t forbidden) {
  // O_NONBLOCK: a FIFO in the file's place must not hold the start.
  UniqueFd fd(::open(path.c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC));
  if (!fd.valid()) {
    if (errno == ENOENT) return std::optional<LockedKey>();
    if (errno == ELOOP) {
      return Error(Errc::not_permitted, "the key file " + path + " is a symbolic link");
    }
    return system_error("opening the key file " + path);
  }
  TRY(check_key_file(fd.get(), path, forbidden));
  return std::optional<LockedKey>(TRY(read_key(fd.get(), path)));
}

Result<void> write_all(int fd, std::string_view bytes, const std::string& path) {
  while (!bytes.empty()) {
    const ssize_t put = ::write(fd, bytes.data(), bytes.size());
    if (put < 0 && errno == EINTR) continue;
    if (put < 0) return system_error("writing " + path);
    bytes.remove_prefix(static_cast<std::size_t>(put));
  }
  return {};
}

Result<void> sync_directory_of(const std::string& path) {
  const std::size_t slash = path.rfind('/');
  const std::string directory = slash == std::string::npos ? "." : path.substr(0, slash + 1);
  UniqueFd fd(::open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!fd.valid()) return system_error("opening " + directory);
  if (::fsync(fd.get()) != 0) return system_error("syncing " + directory);
  return {};
}

// Written whole beside its place and then named: a start that is cut off leaves no half key, which
// the next start would have to refuse.
Result<LockedKey> make(const std::string& path, ports::Entropy& entropy) {
  const std::string unnamed = path + ".new";
  if (::unlink(unnamed.c_str()) != 0 && errno != ENOENT) {
    return system_error("removing " + unnamed);
  }
  UniqueFd fd(::open(unnamed.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600));
  if (!fd.valid()) return system_error("creating " + unnamed);
  Secret bytes = TRY(Secret::zeroed(kKeyBytes));
  entropy.fill(bytes.writable());
  LockedKey key = TRY(LockedKey::copy(bytes.view()));
  TRY(write_all(fd.get(), bytes.view(), unnamed));
  // The umask may have taken bits away.
  if (::fchmod(fd.get(), 0600) != 0) return system_error("setting the mode of " + unnamed);
  if (::fsync(fd.get()) != 0) return system_error("syncing " + unnamed);
  // NOREPLACE: a key that came meanwhile stays.
  if (::renameat2(AT_FDCWD, unnamed.c_str(), AT_FDCWD, path.c_str(), RENAME_NOREPLACE) != 0) {
    return system_error("naming the key file " + path);
  }
  TRY(sync_directory_of(path));
  return key;
}

}  // namespace

Result<MasterKey> load_master_key(const std::string& credentials_directory, const std::string& path,
                                  bool may_create, ports::Entropy& entropy) {
  if (!credentials_directory.empty()) {
    const std::string credential = credentials_directory + "/" + kCredentialName;
    std::optional<LockedKey> key = TRY(load(credential, kForbiddenOnCredential));
    if (key.has_value()) return MasterKey{std::move(*key), KeySource::credential};
  }
  std::optional<LockedKey> key = TRY(load(path, kForbiddenOnFile));
  if (key.has_value()) return MasterKey{std::move(*key), KeySource::file};
  if (!may_create) {
    return Error(Errc::not_found, "the master key " + path +
                                      " is missing and the store needs it: restore it from the "
                                      "backup; a new key would open no sealed value");
  }
  return MasterKey{TRY(make(path, entropy)), KeySource::file};
}

}  // namespace usher::crypto
