// Publishes people and groups for the modules: one file, replaced as a whole. What is in it any
// local user can read, so nothing comes in here that is not theirs to see. It publishes what it
// is given or nothing: one hostile name, id or text is an Error, and the old file stays.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "base/text.hpp"

namespace usher::directory {

struct PublishedPerson {
  UserName name;
  std::uint32_t uid, gid;
  std::string gecos, home, shell;
  bool suspended;
  // Mail addresses and name@organisation, in any case. One that two people bring stands for
  // neither of them and is left out.
  std::vector<std::string> aliases;
};

struct PublishedGroup {
  std::string name;  // the rule of UserName
  std::uint32_t gid;
  std::vector<std::string> members;  // login names; somebody of /etc/passwd may be one
};

struct PublishedDirectory {
  std::vector<PublishedPerson> people;
  std::vector<PublishedGroup> groups;  // a person's own group too, if it should have a name
  bool enumerable = false;             // getent passwd lists everybody
};

// Writes beside `path`, durably, and renames; the file that was there is marked superseded first.
// A kill at any moment leaves a file that can be read, and what it left behind goes with the next
// publish. The directory of `path` must exist, and be writable by usherd's user and nobody else.
// invalid_input, already_exists: what is to be published (the text names it); conflict: somebody
// else is publishing; otherwise the system's.
Result<void> publish(const PublishedDirectory& directory, const std::string& path);

}  // namespace usher::directory
