// Owners, modes and headers of the store's file. Never follows a link in the file's place, never
// replaces a store that is there.
#include "daemon/store/store_file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <climits>
#include <cstdio>  // renameat2
#include <cstdlib>

#include "base/unique_fd.hpp"
#include "daemon/store/sqlite_pages.hpp"

namespace usher::store {
namespace {

constexpr mode_t kMode = 0600;
constexpr std::string_view kCure =
    ": stop usherd, move the file away and restore the last backup; nothing was changed";

std::string directory_of(const std::string& path) {
  const std::size_t slash = path.rfind('/');
  return slash == std::string::npos ? "." : path.substr(0, slash + 1);
}

Result<off_t> size_of(const std::string& path) {
  struct stat status {};
  if (::lstat(path.c_str(), &status) == 0) return status.st_size;
  if (errno == ENOENT) return 0;
  return system_error("looking at " + path);
}

Result<void> check_header(int fd, const std::string& path) {
  std::array<char, 100> header{};
  const ssize_t got = ::pread(fd, header.data(), header.size(), 0);
  if (got < 0) return system_error("reading the store " + path);
  const std::string_view text(header.data(), header.size());
  constexpr std::string_view kMagic("SQLite format 3\0", 16);
  if (got != static_cast<ssize_t>(header.size()) || !text.starts_with(kMagic)) {
    return damaged("the store " + path + " does not begin as one");
  }
  // sqlite.org/fileformat2.html section 1.3: page size (big-endian), write and read version 2 (a
  // log beside it), bytes reserved for the checksum.
  constexpr char kForm[] = {kPageBytes >> 8, 0, 2, 2, kChecksumBytes};
  if (text.substr(16, sizeof kForm) != std::string_view(kForm, sizeof kForm)) {
    return damaged("the store " + path + " does not have a store's form");
  }
  return {};
}

Result<void> sync(const std::string& path, int flags) {
  UniqueFd fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC | flags));
  if (!fd.valid()) return system_error("opening " + path);
  if (::fsync(fd.get()) != 0) return system_error("syncing " + path);
  return {};
}

}  // namespace

Error damaged(std::string what) {
  return Error(Errc::damaged, what.append(kCure));
}

Result<std::string> settled_path(const std::string& path) {
  const std::string directory = directory_of(path);
  char resolved[PATH_MAX];
  if (::realpath(directory.c_str(), resolved) == nullptr) {
    return system_error("finding the directory " + directory);
  }
  return std::string(resolved) + "/" + path.substr(path.rfind('/') + 1);  // npos + 1 is 0
}

Result<void> check_owner_and_mode(const std::string& path) {
  struct stat status {};
  if (::lstat(path.c_str(), &status) != 0) return system_error("looking at the store " + path);
  if (!S_ISREG(status.st_mode)) {
    return Error(Errc::not_permitted, "the store " + path + " is no regular file");
  }
  if (status.st_uid != ::geteuid()) {
    return Error(Errc::not_permitted, "the store " + path + " belongs to another uid (" +
                                          std::to_string(status.st_uid) + "): chown it");
  }
  if ((status.st_mode & (S_IWGRP | S_IWOTH)) != 0) {
    return Error(Errc::not_permitted, "the store " + path +
                                          " may be written by others: chmod "
                                          "0600 it, and ask who could have changed it");
  }
  return {};
}

Result<void> create_if_missing(const std::string& path) {
  UniqueFd fd(::open(path.c_str(), O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, kMode));
  if (!fd.valid()) {
    if (errno == EEXIST) return {};
    return system_error("creating the store " + path);
  }
  if (::fchmod(fd.get(), kMode) != 0) return system_error("setting the mode of " + path);
  return {};
}

Result<Looks> look_at_store(const std::string& path) {
  const off_t log_size = TRY(size_of(path + "-wal"));
  // O_NONBLOCK: a FIFO in the file's place must not hold the start.
  UniqueFd fd(::open(path.c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC));
  if (!fd.valid()) {
    if (errno == ELOOP) {
      return Error(Errc::not_permitted, "the store " + path + " is a symbolic link");
    }
    if (errno != ENOENT) return system_error("opening the store " + path);
    if (log_size == 0) return Looks::missing;
    return damaged("the store " + path + " is missing and its log " + path + "-wal is there");
  }
  TRY(check_owner_and_mode(path));
  TRY(check_header(fd.get(), path));
  return log_size == 0 && every_page_is_whole(fd.get()) ? Looks::whole : Looks::doubtful;
}

Result<std::string> unfinished_name(const std::string& path) {
  const std::string unfinished = path + ".new";
  for (const char* suffix : {"", "-wal", "-shm", "-journal"}) {
    const std::string left_over = unfinished + suffix;
    if (::unlink(left_over.c_str()) != 0 && errno != ENOENT) {
      return system_error("removing " + left_over);
    }
  }
  return unfinished;
}

Result<void> give_name(const std::string& unfinished, const std::string& path) {
  TRY(sync(unfinished, O_NOFOLLOW));
  // NOREPLACE: a store that came meanwhile stays.
  if (::renameat2(AT_FDCWD, unfinished.c_str(), AT_FDCWD, path.c_str(), RENAME_NOREPLACE) != 0) {
    return system_error("naming the store " + path);
  }
  return sync(directory_of(path), O_DIRECTORY);
}

}  // namespace usher::store
