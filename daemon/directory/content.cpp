// Four walks in the order of ids, so that each further table is merged as it passes by. Rows go to
// the edition as they come: at 100,000 people a copy of them all would cost more than the reading.
#include "daemon/directory/content.hpp"

#include <algorithm>

#include "daemon/store/directory_rows.hpp"

namespace usher::directory {
namespace {

// A row of old may hold what the admin verbs refuse today: a colon costs nobody their name.
class Gecos {
 public:
  std::string_view of(std::string_view display_name) {
    if (display_name.find(':') == std::string_view::npos) return display_name;
    text_ = display_name;
    std::replace(text_.begin(), text_.end(), ':', ' ');
    return text_;
  }

 private:
  std::string text_;
};

// A person's id and the number the edition knows them by.
struct Placed {
  store::PersonId id;
  std::uint32_t number;
};

struct Member {
  store::GroupId group;
  std::string name;
};

Result<void> go_on(const std::atomic<bool>& stopping) {
  if (!stopping) return {};
  return Error(Errc::hung_up, "usherd is stopping");
}

Result<std::vector<Placed>> fill_people(Edition& edition, store::Database& database,
                                        const std::atomic<bool>& stopping) {
  std::vector<Placed> placed;
  Gecos gecos;
  TRY(store::each_account(database, [&](const store::AccountRow& person) -> Result<void> {
    const auto number = edition.add_person({.name = person.name,
                                            .uid = person.uid,
                                            .gid = person.gid,
                                            .gecos = gecos.of(person.display_name),
                                            .home = person.home,
                                            .shell = person.shell,
                                            .suspended = person.suspended},
                                           OwnGroup::published);
    if (number) placed.push_back({person.id, *number});
    return go_on(stopping);
  }));
  return placed;
}

Result<void> fill_aliases(Edition& edition, store::Database& database,
                          const std::vector<Placed>& people, const std::atomic<bool>& stopping) {
  auto person = people.begin();
  return store::each_alias(database,
                           [&](store::PersonId id, std::string_view alias) -> Result<void> {
                             while (person != people.end() && person->id < id) ++person;
                             if (person != people.end() && person->id == id)
                               edition.add_alias(person->number, alias);
                             return go_on(stopping);
                           });
}

Result<void> fill_groups(Edition& edition, store::Database& database,
                         const std::atomic<bool>& stopping) {
  std::vector<Member> members;
  TRY(store::each_member(database, [&](store::GroupId group, std::string_view person) {
    members.push_back({group, std::string(person)});
    return go_on(stopping);
  }));
  auto member = members.begin();
  std::vector<std::string> names;
  return store::each_group(database, [&](const store::GroupRow& group) -> Result<void> {
    names.clear();
    for (; member != members.end() && member->group <= group.id; ++member) {
      if (member->group == group.id) names.push_back(std::move(member->name));
    }
    edition.add_group(group.name, group.gid, names);
    return go_on(stopping);
  });
}

}  // namespace

Result<void> fill_from_store(Edition& edition, store::Database& database,
                             const std::atomic<bool>& stopping) {
  const std::vector<Placed> people = TRY(fill_people(edition, database, stopping));
  TRY(fill_aliases(edition, database, people, stopping));
  return fill_groups(edition, database, stopping);
}

}  // namespace usher::directory
