// Reads once, through one descriptor: what is checked is what is read.
#include "daemon/config_file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <vector>

namespace usher::daemon {
namespace {

constexpr std::size_t kMaxFile = 256 * 1024;

}  // namespace

std::size_t distance_between(std::string_view one, std::string_view other) {
  std::vector<std::size_t> row(other.size() + 1);
  for (std::size_t j = 0; j <= other.size(); ++j) row[j] = j;
  for (std::size_t i = 1; i <= one.size(); ++i) {
    std::size_t diagonal = row[0];
    row[0] = i;
    for (std::size_t j = 1; j <= other.size(); ++j) {
      const std::size_t replaced = diagonal + (one[i - 1] == other[j - 1] ? 0 : 1);
      diagonal = row[j];
      row[j] = std::min({row[j] + 1, row[j - 1] + 1, replaced});
    }
  }
  return row[other.size()];
}

Result<void> check_owner(const UniqueFd& file, const std::string& path, unsigned kind) {
  struct stat status {};
  if (::fstat(file.get(), &status) != 0) return system_error("looking at " + path);
  const bool ours = status.st_uid == 0 || status.st_uid == ::geteuid();
  if ((status.st_mode & S_IFMT) != kind || !ours || (status.st_mode & (S_IWGRP | S_IWOTH)) != 0) {
    return Error(Errc::not_permitted,
                 path + " can be changed by others: chown root, chmod go-w, then start again");
  }
  return {};
}

Result<std::string> read_config_file(const std::string& path) {
  const UniqueFd fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  if (!fd.valid()) return system_error("opening " + path);
  TRY(check_owner(fd, path, S_IFREG));
  std::string text(kMaxFile + 1, '\0');
  std::size_t filled = 0;
  for (ssize_t count = 1; count > 0 && filled < text.size();) {
    count = ::read(fd.get(), text.data() + filled, text.size() - filled);
    if (count < 0) return system_error("reading " + path);
    filled += static_cast<std::size_t>(count);
  }
  if (filled > kMaxFile) return Error(Errc::invalid_input, path + " is over 256 KiB");
  text.resize(filled);
  return text;
}

}  // namespace usher::daemon
