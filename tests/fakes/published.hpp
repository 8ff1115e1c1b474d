// People and groups to publish, and a directory to publish into that the reader trusts.
#pragma once

#include <cstdlib>
#include <string>

#include "daemon/directory/publisher.hpp"
#include "tests/fakes/temporary_directory.hpp"

namespace usher::fakes {

inline directory::PublishedPerson published_person(const std::string& name, std::uint32_t uid) {
  const Result<UserName> parsed = UserName::parse(name);
  if (!parsed) std::abort();
  return {*parsed, uid, uid, "Full Name of " + name, "/home/" + name, "/bin/bash", false, {}};
}

// ada and bob, ada by two aliases, bob suspended; both in the group engine, ada in looms.
inline directory::PublishedDirectory small_directory() {
  directory::PublishedDirectory small;
  small.people.push_back(published_person("ada", 1'900'000'001));
  small.people.back().aliases = {"Ada.Lovelace@Example.ORG", "ada@engine"};
  small.people.push_back(published_person("bob", 1'900'000'002));
  small.people.back().suspended = true;
  small.groups.push_back({"ada", 1'900'000'001, {}});
  small.groups.push_back({"engine", 5000, {"ada", "bob"}});
  small.groups.push_back({"looms", 5001, {"ada"}});
  return small;
}

// Only who runs the test may write there.
struct PublishedPlace {
  TemporaryDirectory directory;
  std::string file = directory / "directory.cdb";
};

}  // namespace usher::fakes
