// Looked at through one descriptor, so that what was checked is what is used.
#include "daemon/directory/public_folder.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>

#include "base/unique_fd.hpp"

namespace usher::directory {

Result<void> prepare_public_folder(const std::string& path) {
  constexpr mode_t kMode = 0755;
  const bool made = ::mkdir(path.c_str(), kMode) == 0;
  if (!made && errno != EEXIST) return system_error("making " + path);
  const UniqueFd folder(::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
  if (!folder.valid()) return system_error("opening " + path);
  struct stat status {};
  if (::fstat(folder.get(), &status) != 0) return system_error("looking at " + path);
  if (status.st_uid != ::geteuid()) {
    return Error(Errc::not_permitted, path + " is not usherd's own: remove it");
  }
  if (!made && (status.st_mode & (S_IWGRP | S_IWOTH)) != 0) {
    return Error(Errc::not_permitted, path + " may be written by others: remove it");
  }
  if (::fchmod(folder.get(), kMode) != 0) return system_error("opening up " + path);
  return {};
}

}  // namespace usher::directory
