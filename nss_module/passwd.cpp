// People as passwd(5) has them. Nobody has a password here: it is with usherd alone.
#include <atomic>

#include "nss_module/answer.hpp"
#include "nss_module/lookups.hpp"
#include "nss_module/result_buffer.hpp"

namespace usher::nss_module {
namespace {

using published::AliasView;
using published::Found;
using published::PersonView;
using published::View;

// "x": the password is elsewhere, in a shadow entry nobody has. pam_unix then refuses our people in
// account as well; after "*" it says that all is well, even of somebody who is suspended, wherever
// Usher's own line does not decide (another stack, a name usherd does not have any more).
constexpr std::string_view kNoPassword("x\0", 2);

constinit std::atomic<std::uint32_t> g_next_person{0};

Answer fill(const PersonView& person, passwd* result, char* buffer, std::size_t size) {
  ResultBuffer room(buffer, size);
  char* name = room.put(person.texts);
  char* password = name != nullptr ? room.put(kNoPassword) : nullptr;
  if (password == nullptr) return kBufferTooSmall;
  result->pw_name = name;
  result->pw_gecos = name + person.name.size() + 1;
  result->pw_dir = result->pw_gecos + person.gecos.size() + 1;
  result->pw_shell = result->pw_dir + person.home.size() + 1;
  result->pw_passwd = password;
  result->pw_uid = person.uid;
  result->pw_gid = person.gid;
  return kFound;
}

// An alias is answered with the canonical name, as sshd needs it: it resolves before PAM begins.
Found find_by_any_name(const View& view, std::string_view name, PersonView& person) {
  const Found found = view.find_person(name, person);
  if (found != Found::no || name.find('@') == std::string_view::npos) return found;
  AliasView alias;
  const Found there = view.find_alias(name, alias);
  return there == Found::yes ? view.find_person(alias.name, person) : there;
}

}  // namespace

nss_status person_by_name(const char* name, passwd* result, char* buffer, std::size_t size,
                          int* errnop) {
  return answer(errnop, [&](const View& view) {
    PersonView person;
    const Found found = find_by_any_name(view, name != nullptr ? name : "", person);
    return found == Found::yes ? fill(person, result, buffer, size) : answer_of(found);
  });
}

nss_status person_by_uid(uid_t uid, passwd* result, char* buffer, std::size_t size, int* errnop) {
  return answer(errnop, [&](const View& view) {
    PersonView person;
    const Found found = view.find_person(uid, person);
    return found == Found::yes ? fill(person, result, buffer, size) : answer_of(found);
  });
}

nss_status start_people() {
  g_next_person.store(0);
  return NSS_STATUS_SUCCESS;
}

// By index, so that a file exchanged in the middle costs a repeated or a missed person, no more.
nss_status next_person(passwd* result, char* buffer, std::size_t size, int* errnop) {
  return answer(errnop, [&](const View& view) {
    if (!view.enumerable()) return kNotFound;
    PersonView person;
    const Found found = view.person_at(g_next_person.load(), person);
    if (found != Found::yes) return answer_of(found);
    const Answer filled = fill(person, result, buffer, size);
    if (filled.status == NSS_STATUS_SUCCESS) g_next_person.fetch_add(1);
    return filled;
  });
}

}  // namespace usher::nss_module
