// People and groups to publish, and a directory to publish into that the reader trusts.
#pragma once

#include <string>
#include <vector>

#include "daemon/directory/publisher.hpp"
#include "tests/fakes/temporary_directory.hpp"

namespace usher::fakes {

struct Person {
  std::string name;
  std::uint32_t uid, gid;
  std::string gecos, home, shell;
  bool suspended;
  std::vector<std::string> aliases;
};
struct Group {
  std::string name;
  std::uint32_t gid;
  std::vector<std::string> members;
};
struct PublishedDirectory {
  std::vector<Person> people;
  std::vector<Group> groups;
  bool enumerable = false;
};

inline void fill(directory::Edition& edition, const PublishedDirectory& content) {
  for (const Person& person : content.people) {
    const auto number = edition.add_person({.name = person.name,
                                            .uid = person.uid,
                                            .gid = person.gid,
                                            .gecos = person.gecos,
                                            .home = person.home,
                                            .shell = person.shell,
                                            .suspended = person.suspended},
                                           directory::OwnGroup::none);
    if (!number) continue;
    for (const std::string& alias : person.aliases) edition.add_alias(*number, alias);
  }
  for (const Group& group : content.groups) {
    edition.add_group(group.name, group.gid, group.members);
  }
}

inline Result<directory::Published> publish(const PublishedDirectory& content,
                                            const std::string& path) {
  return directory::publish(
      path, content.enumerable ? directory::Enumeration::on : directory::Enumeration::off,
      [&](directory::Edition& edition) -> Result<void> {
        fill(edition, content);
        return {};
      });
}

inline Person published_person(const std::string& name, std::uint32_t uid) {
  return {name, uid, uid, "Full Name of " + name, "/home/" + name, "/bin/bash", false, {}};
}

// ada and bob, ada by two aliases, bob suspended; both in the group engine, ada in looms.
inline PublishedDirectory small_directory() {
  PublishedDirectory small;
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
