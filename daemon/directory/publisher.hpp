// Publishes people and groups for the modules: one file, replaced as a whole. An edition is
// complete before anybody sees it; on an Error the old file stays.
#pragma once

#include <functional>
#include <string>

#include "base/result.hpp"
#include "base/unique_fd.hpp"
#include "daemon/directory/edition.hpp"

namespace usher::directory {

// A file that the modules read now.
class Published {
 public:
  Published(UniqueFd file, UniqueFd folder, LeftOut left_out)
      : file_(std::move(file)), folder_(std::move(folder)), left_out_(std::move(left_out)) {}

  const LeftOut& left_out() const { return left_out_; }
  // Waits for the disk. Nobody who waits for their change needs to: publisher.cpp says why.
  Result<void> make_durable() const;

 private:
  UniqueFd file_;
  UniqueFd folder_;
  LeftOut left_out_;
};

// Puts everybody in.
using Fill = std::function<Result<void>(Edition& edition)>;

// Writes beside `path` and renames; the file that was there is marked superseded first. A kill at
// any moment leaves a file that can be read, and what it left behind goes with the next publish.
// The directory of `path` must exist, and be writable by usherd's user and nobody else.
// conflict: somebody else is publishing; otherwise the fill's Error, or the system's.
Result<Published> publish(const std::string& path, Enumeration enumeration, const Fill& fill);

}  // namespace usher::directory
