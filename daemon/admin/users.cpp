// The verbs on people. Every change raises what must die with it and is audited.
#include "daemon/admin/errors.hpp"
#include "daemon/admin/handlers.hpp"
#include "daemon/admin/roles.hpp"
#include "daemon/admin/sessions.hpp"
#include "daemon/directory/local_files.hpp"
#include "daemon/directory/reserved_names.hpp"
#include "daemon/store/aliases.hpp"
#include "daemon/store/attributes.hpp"
#include "daemon/store/groups.hpp"
#include "daemon/store/lifecycle.hpp"
#include "daemon/store/passwords.hpp"

namespace usher::admin {
namespace {

using store::Database;
using store::PersonRecord;
using store::PersonState;

Result<store::NewPerson> new_person(const Parameters& parameters) {
  store::NewPerson person{TRY(parameters.user_name("name")), parameters.text("display_name"), {}};
  person.home = parameters.optional_text("home");
  person.shell = parameters.optional_text("shell");
  person.aliases = parameters.texts("aliases");
  person.language = texts::language_of(parameters.text("language"));
  person.source = parameters.optional_text("source").value_or(std::string(store::kLocal));
  if (const auto uid = parameters.number("uid")) {
    person.uid = Uid{static_cast<std::uint32_t>(*uid)};
  }
  return person;
}

// None, or why the machine's own files stand against the person.
Result<std::optional<ReplyError>> taken_locally(const Request& request,
                                                const store::NewPerson& person) {
  const auto files = TRY(directory::LocalFiles::read(request.context.etc));
  const std::string_view name = person.name.view();
  if (files.has_account(name) || files.has_group(name)) {
    return std::optional(
        user_exists("this machine's own files have this name; to move a local account into Usher: "
                    "usherctl user adopt"));
  }
  // Numbers nobody may have are the store's to refuse.
  const bool may_be_theirs = person.uid && store::may_be_given(person.uid->number);
  if (may_be_theirs && (files.has(*person.uid) || files.has(Gid{person.uid->number}))) {
    return std::optional(user_exists("this machine's own files have this number"));
  }
  return std::optional<ReplyError>();
}

Result<Json> organisations_json(Database& database, store::PersonId person) {
  Json names = Json::array();
  for (const auto& organisation : TRY(store::list_organisations_of(database, person))) {
    names.push_back(organisation.name);
  }
  return names;
}

Result<Json> attributes_json(Database& database, store::PersonId person) {
  Json attributes = Json::object();
  for (const auto& [name, value] : TRY(store::list_attributes(database, person))) {
    attributes[name] = value;
  }
  return attributes;
}

Result<Json> roles_json(Database& database, const Request& request, const PersonRecord& person) {
  Json roles = Json::array();
  for (const HeldRole& held : TRY(roles_held_by(database, request.context, person))) {
    Json row = Json::object();
    row["role"] = name_of(held.role);
    row["groups"] = held.groups;
    roles.push_back(std::move(row));
  }
  return roles;
}

Result<Json> blockers_of(Database& database, const Request& request, const PersonRecord& person) {
  Json blockers = Json::array();
  const auto closed = TRY(closed_by(database, request.context, person, request.now));
  if (closed) blockers.push_back(daemon::name_of(*closed));
  if (!person.is_local()) {
    blockers.push_back("signed_in_elsewhere");
    return blockers;
  }
  const auto password = TRY(store::find_password(database, person.id));
  if (!password) blockers.push_back("first_sign_in_due");
  if (password && password->must_change) blockers.push_back("new_password_due");
  return blockers;
}

// Milliseconds, or 0 for never; nothing where it is not to be changed.
Result<void> change_expiry(Database& database, const PersonRecord& person,
                           const Parameters& parameters) {
  const auto given = parameters.number("expires_at");
  if (!given) return {};
  std::optional<ports::Instant> at;
  if (*given > 0) at = ports::Instant(std::chrono::milliseconds(*given));
  return store::set_expiry(database, person.id, at);
}

Result<void> change_attributes(Database& database, const PersonRecord& person,
                               const Parameters& parameters) {
  for (const std::string& name : parameters.texts("remove_attributes")) {
    if (!TRY(store::delete_attribute(database, person.id, name))) {
      return Error(Errc::conflict, "the person has no such attribute: " + name);
    }
  }
  for (const auto& [name, value] : parameters.pairs("set_attributes")) {
    TRY(store::put_attribute(database, person.id, {name, value}));
  }
  return {};
}

Reply nothing_to_say() {
  return ReplyOk{};
}

}  // namespace

Result<Reply> add_user(const Request& request) {
  const store::NewPerson person = TRY(new_person(request.parameters));
  if (directory::is_reserved_name(person.name)) {
    return Reply(invalid_parameter("name", "this name belongs to the system"));
  }
  if (auto taken = TRY(taken_locally(request, person))) return Reply(std::move(*taken));
  const std::string uuid = crypto::random_id(request.context.entropy);
  auto added = request.context.store.write([&](Database& database) -> Result<Reply> {
    const PersonRecord record = TRY(store::add_person(database, person, uuid, request.now));
    ReplyOk reply;
    if (record.is_local()) reply = TRY(issue_code(database, request, record));
    reply.parameters["user"] = TRY(user_json(database, record));
    TRY(record_change(database, request, record.name.view(), ""));
    return Reply(std::move(reply));
  });
  // The name was parsed before: what the store refuses is the uid's range.
  if (!added && added.error().code() == Errc::invalid_input && person.uid) {
    return Reply(invalid_parameter("uid", added.error().text()));
  }
  return added;
}

Result<Reply> list_users(const Request& request) {
  const std::int64_t limit = request.parameters.number("limit").value_or(kDefaultPage);
  const std::string after = request.parameters.text("after");
  return request.context.store.read([&](Database& database) -> Result<Reply> {
    Page page(limit);
    bool more = false;
    for (const PersonRecord& person : TRY(store::list_people(database, after, limit + 1))) {
      more = !TRY(page.add(TRY(user_json(database, person))));
      if (more) break;
    }
    ReplyOk reply;
    reply.parameters["users"] = page.take_rows();
    reply.parameters["more"] = more;
    return Reply(std::move(reply));
  });
}

Result<Reply> show_user(const Request& request) {
  return request.context.store.read([&](Database& database) -> Result<Reply> {
    const PersonRecord person = TRY(person_named(database, request));
    ReplyOk reply;
    reply.parameters["user"] = TRY(user_json(database, person));
    reply.parameters["groups"] = TRY(store::list_groups_of(database, person.id));
    reply.parameters["organisations"] = TRY(organisations_json(database, person.id));
    reply.parameters["roles"] = TRY(roles_json(database, request, person));
    reply.parameters["attributes"] = TRY(attributes_json(database, person.id));
    reply.parameters["factors"] = TRY(factors_json(database, person.id));
    reply.parameters["throttled"] = TRY(throttled_json(database, request, person.id));
    reply.parameters["blocked_by"] = TRY(blockers_of(database, request, person));
    return Reply(std::move(reply));
  });
}

Result<Reply> set_user(const Request& request) {
  const Parameters& parameters = request.parameters;
  const store::AccountChange change{.display_name = parameters.optional_text("display_name"),
                                    .home = parameters.optional_text("home"),
                                    .shell = parameters.optional_text("shell"),
                                    .language = texts::language_of(parameters.text("language"))};
  return request.context.store.write([&](Database& database) -> Result<Reply> {
    const PersonRecord person = TRY(person_named(database, request));
    TRY(store::change_account(database, person.id, change));
    // Removed first: one alias may make room for another.
    for (const std::string& alias : parameters.texts("remove_aliases")) {
      if (!TRY(store::delete_alias(database, person.id, alias))) {
        return Error(Errc::conflict, "the person has no such alias: " + alias);
      }
    }
    for (const std::string& alias : parameters.texts("add_aliases")) {
      TRY(store::add_alias(database, person.id, alias));
    }
    TRY(change_attributes(database, person, parameters));
    TRY(change_expiry(database, person, parameters));
    TRY(record_change(database, request, person.name.view(), ""));
    const auto changed = TRY(store::find_person(database, person.name.view()));
    if (!changed) return Error(Errc::internal, "a person just changed is not there");
    ReplyOk reply;
    reply.parameters["user"] = TRY(user_json(database, *changed));
    return Reply(std::move(reply));
  });
}

Result<Reply> delete_user(const Request& request) {
  const auto remove = [&](Database& database, const PersonRecord& person) -> Result<Reply> {
    // The store deletes password, factors and codes with it.
    TRY(store::set_person_state(database, person.id, PersonState::deleted, ""));
    TRY(record_change(database, request, person.name.view(), ""));
    return nothing_to_say();
  };
  return change_and_end_sessions(request, SessionsEnd::unless_said_otherwise, remove);
}

}  // namespace usher::admin
