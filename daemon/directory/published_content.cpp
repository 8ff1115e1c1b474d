// The rules of published content. They hold for every source of people: a directory server is as
// good as hostile here.
#include "daemon/directory/published_content.hpp"

#include <algorithm>
#include <string_view>
#include <unordered_set>

#include "daemon/admin/reserved_names.hpp"
#include "published/alias.hpp"
#include "published/format.hpp"

namespace usher::directory {
namespace {

Error unfit(std::string_view who, std::string_view why) {
  // A name that broke the rules may hold anything; an Error ends in a log.
  const bool printable = is_plain_text(who, Newlines::refused);
  return Error(Errc::invalid_input, why).in(printable ? who : "a name").in("publishing");
}

Error twice(std::string_view what) {
  return Error(Errc::already_exists, what).in("publishing");
}

bool is_field(std::string_view text, std::size_t limit) {
  return text.size() <= limit && text.find(':') == std::string_view::npos &&
         is_plain_text(text, Newlines::refused);
}

// Empty is passwd(5)'s word for / and /bin/sh; we publish no such guess.
bool is_absolute_path(std::string_view text) {
  return text.starts_with('/') && is_field(text, published::kMaxPath);
}

Result<void> check_name(const UserName& name) {
  if (admin::is_reserved_name(name)) return unfit(name.view(), "the name is reserved");
  return {};
}

Result<void> check_id(std::string_view who, std::uint32_t id) {
  if (!published::is_publishable_id(id)) return unfit(who, "an id is outside the ranges");
  return {};
}

Result<void> check_person(const PublishedPerson& person) {
  const std::string_view name = person.name.view();
  TRY(check_name(person.name));
  TRY(check_id(name, person.uid));
  TRY(check_id(name, person.gid));
  if (!is_field(person.gecos, published::kMaxGecos)) return unfit(name, "the full name is unfit");
  if (!is_absolute_path(person.home)) return unfit(name, "the home directory is unfit");
  if (!is_absolute_path(person.shell)) return unfit(name, "the shell is unfit");
  for (const std::string& alias : person.aliases) {
    if (!published::is_alias(alias)) return unfit(name, "an alias is unfit");
  }
  return {};
}

Result<UserName> checked_name(const std::string& text) {
  const Result<UserName> name = UserName::parse(text);
  if (!name) return unfit(text, name.error().text());
  TRY(check_name(*name));
  return *name;
}

Result<void> check_group(const PublishedGroup& group) {
  (void)TRY(checked_name(group.name));
  TRY(check_id(group.name, group.gid));
  for (const std::string& member : group.members) {
    (void)TRY(checked_name(member).in("a member of " + group.name));
  }
  return {};
}

// A table, not a sort: a hundred thousand people are published within a quarter of a second.
template <typename Rows, typename Projection>
bool all_differ(const Rows& rows, Projection projection) {
  std::unordered_set<decltype(projection(rows.front()))> seen;
  seen.reserve(rows.size());
  return std::all_of(rows.begin(), rows.end(),
                     [&](const auto& row) { return seen.insert(projection(row)).second; });
}

}  // namespace

Result<void> check_content(const PublishedDirectory& directory) {
  for (const PublishedPerson& person : directory.people) TRY(check_person(person));
  for (const PublishedGroup& group : directory.groups) TRY(check_group(group));
  if (!all_differ(directory.people, [](const auto& person) { return person.name.view(); })) {
    return twice("two people have one name");
  }
  if (!all_differ(directory.people, [](const auto& person) { return person.uid; })) {
    return twice("two people have one uid");
  }
  if (!all_differ(directory.groups,
                  [](const auto& group) { return std::string_view(group.name); })) {
    return twice("two groups have one name");
  }
  if (!all_differ(directory.groups, [](const auto& group) { return group.gid; })) {
    return twice("two groups have one gid");
  }
  return {};
}

}  // namespace usher::directory
