// Replacing the published file. The order is the whole matter: complete first, then the mark in the
// old one, then the rename. Readers between mark and rename answer from the old file and look again
// each time, so a kill there costs time and no answer.
//
// The disk comes after the rename. The file is derived: what was answered is durable in the store,
// and each start publishes again, so nothing is lost with it. A power cut in the moment between
// costs at most the names until usherd has started, and no access: a file that is cut or hollow is
// damaged or silent, never somebody else's. ext4 and btrfs write a file's bytes before a rename
// over another one counts; XFS does not, so make_durable() keeps that moment short.
#include "daemon/directory/publisher.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>  // renameat

#include "base/unique_fd.hpp"
#include "published/format.hpp"

namespace usher::directory {
namespace {

// One fixed name: what a killed publish left is found without a search.
constexpr const char* kNewSuffix = ".new";

struct Place {
  UniqueFd directory;
  std::string file;
};

Result<Place> open_place(const std::string& path) {
  const std::size_t slash = path.rfind('/');
  if (slash == std::string::npos || slash == 0 || slash + 1 == path.size()) {
    return Error(Errc::invalid_input, "the published directory's path is not absolute");
  }
  Place place{UniqueFd(::open(path.substr(0, slash).c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)),
              path.substr(slash + 1)};
  if (!place.directory.valid()) return system_error("opening the directory of " + path);
  // Two at once would remove each other's half-written file. The lock goes with the descriptor.
  if (::flock(place.directory.get(), LOCK_EX | LOCK_NB) != 0) {
    if (errno == EWOULDBLOCK) return Error(Errc::conflict, "somebody else is publishing");
    return system_error("locking the directory of " + path);
  }
  return place;
}

Result<published::SipKey> fresh_salt() {
  published::SipKey salt;
  if (::getentropy(salt.data(), salt.size()) != 0) return system_error("making a salt");
  return salt;
}

struct Written {
  UniqueFd file;
  LeftOut left_out;
};

Result<Written> write_new(const Place& place, const std::string& name, Enumeration enumeration,
                          const Fill& fill) {
  if (::unlinkat(place.directory.get(), name.c_str(), 0) != 0 && errno != ENOENT) {
    return system_error("removing what an interrupted publish left");
  }
  UniqueFd file(::openat(place.directory.get(), name.c_str(),
                         O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600));
  if (!file.valid()) return system_error("making the published directory");
  Edition edition(file.get(), TRY(fresh_salt()), enumeration);
  TRY(fill(edition));
  TRY(edition.finish());
  // The mode of the process's umask is not enough, and one set after the rename would come late.
  if (::fchmod(file.get(), 0644) != 0) return system_error("opening the new file to readers");
  return Written{std::move(file), edition.left_out()};
}

// Only a file that ends as ours is written to: one byte, in place, never a truncation.
Result<void> mark_superseded(const Place& place) {
  const UniqueFd old(::openat(place.directory.get(), place.file.c_str(),
                              O_RDWR | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC));
  if (!old.valid()) {
    // Nothing there, or a link: nobody reads those, and the rename replaces them.
    if (errno == ENOENT || errno == ELOOP) return {};
    return system_error("opening the file to be replaced");
  }
  struct stat status {};
  if (::fstat(old.get(), &status) != 0) return system_error("looking at the file to be replaced");
  if (!S_ISREG(status.st_mode) || status.st_size == 0) return {};
  char mark = 0;
  if (::pread(old.get(), &mark, 1, status.st_size - 1) != 1 || mark != published::kCurrent) {
    return {};
  }
  if (::pwrite(old.get(), &published::kSuperseded, 1, status.st_size - 1) != 1) {
    return system_error("marking the file to be replaced");
  }
  return {};
}

Result<void> replace(const Place& place, const std::string& name) {
  TRY(mark_superseded(place));
  const int fd = place.directory.get();
  if (::renameat(fd, name.c_str(), fd, place.file.c_str()) != 0) {
    return system_error("putting the published directory in its place");
  }
  return {};
}

}  // namespace

Result<void> Published::make_durable() const {
  if (::fsync(file_.get()) != 0) return system_error("syncing the published directory");
  if (::fsync(folder_.get()) != 0) return system_error("syncing the published directory's folder");
  return {};
}

Result<Published> publish(const std::string& path, Enumeration enumeration, const Fill& fill) {
  Place place = TRY(open_place(path));
  const std::string name = place.file + kNewSuffix;
  Result<Written> written = write_new(place, name, enumeration, fill);
  Result<void> done;
  if (written) {
    done = replace(place, name);
  } else {
    done = written.error();
  }
  if (!done) {
    // After the rename there is nothing of that name; before it a full disk must not stay full.
    (void)::unlinkat(place.directory.get(), name.c_str(), 0);
    return done.error();
  }
  // The descriptor lives on, and another publish may begin.
  (void)::flock(place.directory.get(), LOCK_UN);
  return Published(std::move(written->file), std::move(place.directory),
                   std::move(written->left_out));
}

}  // namespace usher::directory
