// The records of one edition. Judged first, then looked up among those who are there, then written:
// nothing that is left out has a byte in the file.
#include "daemon/directory/edition.hpp"

#include <endian.h>

#include <algorithm>

#include "base/text.hpp"
#include "published/format.hpp"

namespace usher::directory {
namespace {

using published::Key;

template <typename Value>
void append_bytes(std::string& text, const Value& value) {
  text.append(reinterpret_cast<const char*>(&value), sizeof value);
}

void append_text(std::string& value, std::string_view text) {
  value.append(text).push_back('\0');
}

class NumberKey {
 public:
  explicit NumberKey(std::uint32_t number) : number_(htole32(number)) {}
  std::string_view view() const {
    return {reinterpret_cast<const char*>(&number_), sizeof number_};
  }

 private:
  std::uint32_t number_;
};

published::PersonHead head_of(const PublishedPerson& person) {
  published::PersonHead head{};
  head.uid = htole32(person.uid);
  head.gid = htole32(person.gid);
  head.flags = htole32(person.suspended ? published::kSuspended : 0);
  head.name_length = htole16(static_cast<std::uint16_t>(person.name.size()));
  head.gecos_length = htole16(static_cast<std::uint16_t>(person.gecos.size()));
  head.home_length = htole16(static_cast<std::uint16_t>(person.home.size()));
  head.shell_length = htole16(static_cast<std::uint16_t>(person.shell.size()));
  return head;
}

}  // namespace

Edition::Edition(int fd, const published::SipKey& salt, Enumeration enumeration)
    : file_(fd),
      salt_(salt),
      enumeration_(enumeration),
      people_(salt),
      groups_(salt),
      uids_(salt),
      gids_(salt) {}

// A name that broke the rules may hold anything, and this ends in a log.
void Edition::leave_out(std::string_view who, std::string_view why) {
  if (left_out_.count++ != 0) return;
  const bool printable = is_plain_text(who, Newlines::refused) && who.size() <= published::kMaxName;
  left_out_.first.assign(printable ? who : "a name").append(": ").append(why);
}

std::optional<std::uint32_t> Edition::add_person(const PublishedPerson& person,
                                                 OwnGroup own_group) {
  if (const std::string_view fault = fault_of(person); !fault.empty()) {
    leave_out(person.name, fault);
    return std::nullopt;
  }
  if (uids_.contains(person.uid)) {
    leave_out(person.name, "somebody else has the uid");
    return std::nullopt;
  }
  const auto number = people_.insert(person.name);
  if (!number) {
    leave_out(person.name, "somebody else has the name");
    return std::nullopt;
  }
  uids_.insert(person.uid);
  kept_.push_back({person.uid, OwnGroup::none});
  value_.clear();
  append_bytes(value_, head_of(person));
  append_text(value_, person.name);
  append_text(value_, person.gecos);
  append_text(value_, person.home);
  append_text(value_, person.shell);
  file_.add(Key::person, person.name, value_);
  file_.add(Key::person_id, NumberKey(person.uid).view(), person.name);
  if (own_group == OwnGroup::published) add_own_group(*number, person.gid);
  return number;
}

void Edition::add_alias(std::uint32_t person, std::string_view alias) {
  if (!published::is_alias(alias)) return leave_out(people_[person], "an alias is unfit");
  aliases_.push_back({published::digest_of_alias(salt_, alias), person});
}

void Edition::add_group(std::string_view name, std::uint32_t gid,
                        std::span<const std::string> members) {
  if (const std::string_view fault = fault_of_group(name, gid); !fault.empty()) {
    return leave_out(name, fault);
  }
  std::vector<std::string> fit;
  for (const std::string& member : members) {
    const std::string_view fault = fault_of_name(member);
    if (fault.empty()) {
      fit.push_back(member);
    } else {
      leave_out(member, fault);
    }
  }
  if (has_group(name)) return leave_out(name, "another group has the name");
  if (gids_.contains(gid)) return leave_out(name, "another group has the gid");
  (void)groups_.insert(name);
  gids_.insert(gid);
  write_group(name, gid, fit);
  for (const std::string& member : fit) gids_of_[member].append(NumberKey(gid).view());
}

bool Edition::has_group(std::string_view name) const {
  if (groups_.contains(name)) return true;
  const auto person = people_.find(name);
  return person && kept_[*person].own_group == OwnGroup::published;
}

// Its name is judged, and nobody else's: only a group that came before may stand in its way.
void Edition::add_own_group(std::uint32_t person, std::uint32_t gid) {
  const std::string_view name = people_[person];
  if (groups_.size() != 0 && groups_.contains(name)) {
    return leave_out(name, "another group has the name");
  }
  if (gids_.contains(gid)) return leave_out(name, "another group has the gid");
  gids_.insert(gid);
  kept_[person].own_group = OwnGroup::published;
  ++own_groups_;
  write_group(name, gid, {});
}

void Edition::write_group(std::string_view name, std::uint32_t gid,
                          std::span<const std::string> members) {
  published::GroupHead head{};
  std::size_t members_size = 0;
  for (const std::string& member : members) members_size += member.size() + 1;
  head.gid = htole32(gid);
  head.name_length = htole32(static_cast<std::uint32_t>(name.size()));
  head.member_count = htole32(static_cast<std::uint32_t>(members.size()));
  head.members_size = htole32(static_cast<std::uint32_t>(members_size));
  value_.clear();
  append_bytes(value_, head);
  append_text(value_, name);
  for (const std::string& member : members) append_text(value_, member);
  file_.add(Key::group, name, value_);
  file_.add(Key::group_id, NumberKey(gid).view(), name);
}

// An alias that two people bring would let one of them in as the other: it is nobody's. Compared
// by digest, so that two that only hash alike part in the same way.
void Edition::write_aliases() {
  std::sort(aliases_.begin(), aliases_.end(),
            [](const AliasRow& left, const AliasRow& right) { return left.digest < right.digest; });
  for (auto row = aliases_.begin(); row != aliases_.end();) {
    const auto end = std::find_if(
        row, aliases_.end(), [&](const AliasRow& other) { return other.digest != row->digest; });
    if (std::all_of(row, end, [&](const AliasRow& other) { return other.person == row->person; })) {
      value_.assign(NumberKey(kept_[row->person].uid).view()).append(people_[row->person]);
      file_.add(Key::alias, {reinterpret_cast<const char*>(row->digest.data()), row->digest.size()},
                value_);
    }
    row = end;
  }
}

void Edition::write_lists() {
  for (std::uint32_t number = 0; number < people_.size(); ++number) {
    file_.add(Key::person_at, NumberKey(number).view(), people_[number]);
  }
  std::uint32_t at = 0;
  for (std::uint32_t number = 0; number < people_.size(); ++number) {
    if (kept_[number].own_group == OwnGroup::none) continue;
    file_.add(Key::group_at, NumberKey(at++).view(), people_[number]);
  }
  for (std::uint32_t number = 0; number < groups_.size(); ++number) {
    file_.add(Key::group_at, NumberKey(at++).view(), groups_[number]);
  }
}

Result<void> Edition::finish() {
  for (const auto& [member, gids] : gids_of_) file_.add(Key::memberships, member, gids);
  write_aliases();
  const bool enumerable = enumeration_ == Enumeration::on;
  if (enumerable) write_lists();
  return file_.finish({.people = people_.size(),
                       .groups = own_groups_ + groups_.size(),
                       .flags = enumerable ? published::kEnumerable : 0},
                      salt_);
}

}  // namespace usher::directory
