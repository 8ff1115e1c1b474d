// Three questions; the first "no" ends it.
#include "reaper/target.hpp"

#include "published/directory.hpp"

namespace usher::reaper {
namespace {

Error not_ours(std::string_view why) {
  return {Errc::not_permitted, why};
}

Result<void> check_not_local(Uid uid, std::string_view name, const char* passwd) {
  const auto has_number = published::is_local_uid(passwd, uid);
  const auto has_name = published::is_local_account(passwd, name);
  if (!has_number || !has_name) return not_ours("the passwd file cannot be read");
  if (*has_number || *has_name) return not_ours("it is an account of this machine");
  return {};
}

}  // namespace

Result<void> check_target(Uid uid, const Files& files) {
  if (!published::is_publishable_id(uid.number)) return not_ours("the uid is out of Usher's range");
  const auto directory = published::Directory::open(files.directory.c_str());
  if (!directory) return not_ours("the published directory cannot be trusted or read");
  published::PersonView person;
  if (directory->view().find_person(uid.number, person) != published::Found::yes) {
    return not_ours("Usher has published nobody of that uid");
  }
  return check_not_local(uid, person.name, files.passwd.c_str());
}

}  // namespace usher::reaper
