// Two short readings of the published file, and the table of who may rely on one.
#include "pam_module/published_person.hpp"

#include "published/directory.hpp"
#include "published/local_account.hpp"

namespace usher::pam_module {
namespace {

using protocol::Outcome;
using published::AliasView;
using published::Directory;
using published::Found;
using published::PersonView;

struct Caller {
  std::string_view service;
  // su is setuid: who asks is in the real uid and in PAM_RUSER. The others are started by root
  // and by nobody else; atd asks with its real uid set aside.
  enum class Must : std::uint8_t { have_root_power, be_root } must;
};

constexpr Caller kCallers[] = {
    {"cron", Caller::Must::have_root_power}, {"crond", Caller::Must::have_root_power},
    {"atd", Caller::Must::have_root_power},  {"systemd-user", Caller::Must::have_root_power},
    {"su", Caller::Must::be_root},           {"su-l", Caller::Must::be_root},
};

bool satisfies(const Caller& row, const protocol::Begin& begin, Uid effective) {
  if (effective != kRootUid) return false;
  switch (row.must) {
    case Caller::Must::have_root_power:
      return true;
    case Caller::Must::be_root:
      return begin.caller_uid == kRootUid.number && begin.ruser == "root";
  }
  return false;
}

Error damaged() {
  return Error(Errc::damaged, "the published directory contradicts itself");
}

}  // namespace

Result<UserName> canonical_name(const char* directory_file, const char* passwd_file,
                                std::string_view alias) {
  const Directory directory = TRY(Directory::open(directory_file));
  AliasView found;
  switch (directory.view().find_alias(alias, found)) {
    case Found::yes:
      break;
    case Found::no:
      return Error(Errc::not_found, "no such alias is published");
    case Found::damaged:
      return Error(Errc::conflict, "an alias and its canonical name have two uids");
  }
  const UserName name = TRY(UserName::parse(found.name));
  // The name of a local account is not ours to give to anybody.
  if (TRY(published::is_local_account(passwd_file, name.view()))) {
    return Error(Errc::conflict, "an alias stands for a local account");
  }
  return name;
}

bool may_go_on_without_usherd(const protocol::Begin& begin, Uid effective) {
  for (const Caller& row : kCallers) {
    if (row.service == begin.service) return satisfies(row, begin, effective);
  }
  return false;
}

bool says_nobody_there(const Error& error) {
  switch (error.code()) {
    case Errc::not_found:    // no socket
    case Errc::unavailable:  // nobody listens
    case Errc::timed_out:    // nobody says hello
      return true;
    case Errc::invalid_input:
    case Errc::already_exists:
    case Errc::not_permitted:
    case Errc::hung_up:
    case Errc::not_answered:
    case Errc::exhausted:
    case Errc::damaged:
    case Errc::conflict:
    case Errc::unsupported:
    case Errc::internal:
      return false;
  }
  return false;
}

Result<Outcome> published_account(const char* directory_file, const char* passwd_file,
                                  std::string_view name) {
  const Directory directory = TRY(Directory::open(directory_file));
  PersonView person;
  switch (directory.view().find_person(name, person)) {
    case Found::yes:
      // The name is not local, so whoever has the uid there is somebody else.
      if (TRY(published::is_local_uid(passwd_file, Uid{person.uid}))) {
        return Error(Errc::conflict, "the published uid is a local account's");
      }
      return person.suspended ? Outcome::refuse : Outcome::accept;
    case Found::no:
      return Outcome::unknown_user;
    case Found::damaged:
      return damaged();
  }
  return damaged();
}

}  // namespace usher::pam_module
