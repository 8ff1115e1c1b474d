// The verbs that take a local account over and hand it back. The machine's own files are
// usherctl's to change: it asks here first, so that an account is never nobody's, and may ask again
// after it was cut off.
#include <fmt/format.h>

#include "daemon/admin/errors.hpp"
#include "daemon/admin/handlers.hpp"
#include "daemon/crypto/crypt_hash.hpp"
#include "daemon/directory/reserved_names.hpp"
#include "daemon/store/codes.hpp"
#include "daemon/store/passwords.hpp"

namespace usher::admin {
namespace {

using store::Database;
using store::PersonRecord;
using store::PersonState;

// How an account that was handed back is told from one an administrator suspended.
constexpr std::string_view kHandedBack = "handed back to this machine's own files";

store::NewPerson described(const Request& request, const UserName& name) {
  const Parameters& parameters = request.parameters;
  store::NewPerson person{name, parameters.text("display_name"), {}};
  // The gate demands both.
  person.uid = Uid{static_cast<std::uint32_t>(parameters.number("uid").value_or(0))};
  person.gid = Gid{static_cast<std::uint32_t>(parameters.number("gid").value_or(0))};
  person.home = parameters.optional_text("home");
  person.shell = parameters.optional_text("shell");
  return person;
}

// The person as the local account has them, whether or not an earlier call got this far.
Result<PersonRecord> add_or_renew(Database& database, const Request& request,
                                  const store::NewPerson& person, std::string_view uuid) {
  const auto known = TRY(store::find_person(database, person.name.view()));
  if (!known) return store::add_person(database, person, uuid, request.now);
  if (known->uid != *person.uid || known->gid != *person.gid) {
    return Error(Errc::already_exists, "Usher has another person of this name");
  }
  TRY(store::change_account(
      database, known->id,
      {.display_name = person.display_name, .home = person.home, .shell = person.shell}));
  TRY(store::raise_epoch(database, known->id));
  TRY(store::delete_codes(database, known->id));
  return *known;
}

// Out of the shadow file; none: the account has no password.
using Hash = std::optional<Secret>;

Result<Hash> hash_in(const Request& request) {
  if (!request.secret) return Hash();
  return Hash(TRY(protocol::varlink::from_hex(request.secret->text)));
}

Result<void> set_password(Database& database, const Request& request, const PersonRecord& person,
                          const Hash& hash) {
  if (!hash) return store::delete_password(database, person.id);
  const bool must_change = request.parameters.truth("must_change");
  return store::put_password(
      database, person.id,
      {.phc = std::string(hash->view()), .must_change = must_change, .changed_at = request.now});
}

// An account that worked goes on working; one without a password needs its first sign-in.
Result<void> set_state(Database& database, const PersonRecord& person, const Hash& hash) {
  const bool closed =
      person.state == PersonState::suspended || person.state == PersonState::disabled;
  if (closed && !is_handed_back(person)) return {};
  const auto state = hash ? PersonState::active : PersonState::invited;
  return store::set_person_state(database, person.id, state, "");
}

}  // namespace

bool is_handed_back(const PersonRecord& person) {
  return person.state == PersonState::suspended && person.state_reason == kHandedBack;
}

Result<Reply> adopt_user(const Request& request) {
  const UserName name = TRY(request.parameters.user_name("name"));
  if (directory::is_reserved_name(name)) {
    return Reply(invalid_parameter("name", "this name belongs to the system"));
  }
  // One that was not at the end of the frame was not cut out of it: the account would lose its
  // password unseen.
  if (!request.secret && request.parameters.optional_text("secret")) {
    return Reply(invalid_parameter("secret", "it must be the last of the parameters"));
  }
  const Hash hash = TRY(hash_in(request));
  if (hash && !crypto::is_crypt_hash(hash->view())) {
    return Reply(invalid_parameter("secret",
                                   "a password's hash is one of crypt(5) at a bearable cost, not "
                                   "DES or NT; choose a new password where it is, then try again"));
  }
  const store::NewPerson person = described(request, name);
  const std::string uuid = crypto::random_id(request.context.entropy);
  return request.context.store.write([&](Database& database) -> Result<Reply> {
    const PersonRecord adopted = TRY(add_or_renew(database, request, person, uuid));
    TRY(set_password(database, request, adopted, hash));
    TRY(set_state(database, adopted, hash));
    TRY(record_change(database, request, name.view(), ""));
    const auto stored = TRY(store::find_person(database, name.view()));
    if (!stored) return Error(Errc::internal, "a person just adopted is not there");
    ReplyOk reply;
    reply.parameters["user"] = TRY(user_json(database, *stored));
    return Reply(std::move(reply));
  });
}

Result<Reply> hand_back_user(const Request& request) {
  return request.context.store.write([&](Database& database) -> Result<Reply> {
    const PersonRecord person = TRY(person_named(database, request));
    if (is_handed_back(person)) return Reply(ReplyOk{});
    // The local account knows of no suspension and of no end: it would be open.
    if (const auto closed = TRY(closed_by(database, request.context, person, request.now))) {
      return Error(Errc::conflict,
                   fmt::format("the account is {} here, and as a local one it would "
                               "be open; usherctl user show {} says why",
                               daemon::name_of(*closed), person.name.view()));
    }
    if (request.parameters.truth("only_check")) return Reply(ReplyOk{});
    TRY(store::set_person_state(database, person.id, PersonState::suspended, kHandedBack));
    TRY(store::raise_epoch(database, person.id));
    TRY(record_change(database, request, person.name.view(), ""));
    return Reply(ReplyOk{});
  });
}

}  // namespace usher::admin
