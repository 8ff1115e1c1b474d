// Four walks in the order of ids, so that each further table is merged as it passes by.
#include "daemon/directory/content.hpp"

#include <algorithm>

#include "daemon/store/directory_rows.hpp"

namespace usher::directory {
namespace {

// A row of old may hold what the admin verbs refuse today; it must not stop everybody's names.
std::string gecos_of(std::string display_name) {
  std::replace(display_name.begin(), display_name.end(), ':', ' ');
  return display_name;
}

PublishedPerson published(store::PersonRecord&& person) {
  return {.name = person.name,
          .uid = person.uid.number,
          .gid = person.gid.number,
          .gecos = gecos_of(std::move(person.display_name)),
          .home = std::move(person.home),
          .shell = std::move(person.shell),
          .suspended = person.state == store::PersonState::suspended,
          .aliases = {}};
}

// Finds the row with an id, for rows that come in the ids' order: it only ever goes forward.
template <typename Id>
class Cursor {
 public:
  explicit Cursor(const std::vector<Id>& ids) : ids_(ids) {}
  // The row's place; none for an id that is not among them.
  std::optional<std::size_t> find(Id id) {
    while (at_ < ids_.size() && ids_[at_] < id) ++at_;
    return at_ < ids_.size() && ids_[at_] == id ? std::optional(at_) : std::nullopt;
  }

 private:
  const std::vector<Id>& ids_;
  std::size_t at_ = 0;
};

}  // namespace

Result<PublishedDirectory> read_content(store::Database& database, Enumeration enumeration,
                                        const std::atomic<bool>& stopping) {
  const auto go_on = [&]() -> Result<void> {
    if (!stopping) return {};
    return Error(Errc::hung_up, "usherd is stopping");
  };
  PublishedDirectory directory;
  directory.enumerable = enumeration == Enumeration::on;
  std::vector<store::PersonId> people;
  TRY(store::each_person(database, [&](store::PersonRecord&& person) -> Result<void> {
    people.push_back(person.id);
    directory.groups.push_back({std::string(person.name.view()), person.gid.number, {}});
    directory.people.push_back(published(std::move(person)));
    return go_on();
  }));
  Cursor person(people);
  TRY(store::each_alias(database, [&](store::PersonId id, std::string&& alias) -> Result<void> {
    if (const auto at = person.find(id)) {
      directory.people[*at].aliases.push_back(std::move(alias));
    }
    return go_on();
  }));
  const std::size_t private_groups = directory.groups.size();
  std::vector<store::GroupId> groups;
  TRY(store::each_group(database, [&](store::GroupRecord&& group) -> Result<void> {
    groups.push_back(group.id);
    directory.groups.push_back({std::string(group.name.view()), group.gid.number, {}});
    return go_on();
  }));
  Cursor group(groups);
  TRY(store::each_member(database, [&](store::GroupId id, std::string&& member) -> Result<void> {
    if (const auto at = group.find(id)) {
      directory.groups[private_groups + *at].members.push_back(std::move(member));
    }
    return go_on();
  }));
  return directory;
}

}  // namespace usher::directory
