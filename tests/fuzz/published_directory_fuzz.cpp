// Any bytes as the published file: whatever is answered lies inside the file, ends where it says
// and has an id of the ranges.
#include <sys/mman.h>
#include <unistd.h>

#include <cstring>

#include "base/unique_fd.hpp"
#include "published/directory.hpp"
#include "tests/fuzz/require.hpp"

using namespace usher::published;
using usher::fuzz::require;

namespace {

void require_text(std::string_view text) {
  require(std::strlen(text.data()) == text.size());
  for (const char c : text) require(c != ':' && c != '\n');
}

void require_person(Found found, const PersonView& person) {
  if (found != Found::yes) return;
  require(is_publishable_id(person.uid) && is_publishable_id(person.gid));
  for (const auto& text : {person.name, person.gecos, person.home, person.shell})
    require_text(text);
}

void require_group(Found found, const GroupView& group) {
  if (found != Found::yes) return;
  require(is_publishable_id(group.gid));
  require_text(group.name);
  const char* member = group.members.data();
  for (std::uint32_t i = 0; i < group.member_count; ++i) member += std::strlen(member) + 1;
  require(member == group.members.data() + group.members.size());
}

void ask(const View& view) {
  PersonView person;
  GroupView group;
  Memberships gids;
  AliasView alias;
  for (const char* name : {"ada", "bob", "engine"}) {
    require_person(view.find_person(name, person), person);
    require_group(view.find_group(name, group), group);
    if (view.find_memberships(name, gids) == Found::yes && gids.size() > 0) {
      (void)gids[gids.size() - 1];
    }
  }
  for (const std::uint32_t id : {0U, 5000U, 1'900'000'001U}) {
    require_person(view.find_person(id, person), person);
    require_group(view.find_group(id, group), group);
    require_person(view.person_at(id, person), person);
    require_group(view.group_at(id, group), group);
  }
  if (view.find_alias("ada@engine", alias) == Found::yes) require_text(alias.name);
  (void)view.superseded();
  (void)view.enumerable();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const usher::UniqueFd file(::memfd_create("directory", MFD_CLOEXEC));
  require(file.valid() && ::write(file.get(), data, size) == static_cast<ssize_t>(size));
  // Past random bytes at the end nothing would be reached: half of the inputs get a good trailer.
  if (size % 2 == 1) {
    Trailer trailer{};
    std::memcpy(trailer.magic, kMagic, sizeof kMagic);
    trailer.version = kVersion;
    trailer.file_size = size + sizeof trailer;
    trailer.mark = kCurrent;
    require(::write(file.get(), &trailer, sizeof trailer) == static_cast<ssize_t>(sizeof trailer));
  }
  const auto directory = Directory::map(file.get(), ::lseek(file.get(), 0, SEEK_CUR));
  if (directory) ask(directory->view());
  return 0;
}
