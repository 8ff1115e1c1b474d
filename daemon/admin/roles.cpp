// Groups to roles. /etc/group is read directly: NSS would ask usherd again.
#include "daemon/admin/roles.hpp"

#include <algorithm>
#include <vector>

#include "daemon/directory/local_files.hpp"
#include "daemon/directory/reserved_names.hpp"
#include "daemon/lifecycle.hpp"
#include "daemon/memberships.hpp"
#include "daemon/store/attributes.hpp"
#include "daemon/store/groups.hpp"
#include "daemon/store/people.hpp"

namespace usher::admin {
namespace {

using store::Database;
using store::PersonRecord;
using Names = std::vector<std::string>;

constexpr std::string_view kManagerAttribute = "manager";

const Names& groups_of(const daemon::RoleGroups& groups, Role role) {
  switch (role) {
    case Role::admin:
      return groups.admin;
    case Role::helpdesk:
      return groups.helpdesk;
    case Role::manager:
      return groups.manager;
    case Role::auditor:
      return groups.auditor;
  }
  return groups.admin;
}

bool contains(const Names& names, std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

bool any_role_is_given(const daemon::RoleGroups& groups) {
  return std::any_of(kRoles.begin(), kRoles.end(),
                     [&](Role role) { return !groups_of(groups, role).empty(); });
}

std::vector<HeldRole> held_roles(const daemon::RoleGroups& groups, const Names& memberships) {
  std::vector<HeldRole> held;
  for (const Role role : kRoles) {
    HeldRole one{role, memberships};
    std::erase_if(one.groups, [&](const std::string& group) {
      return !contains(groups_of(groups, role), group);
    });
    if (!one.groups.empty()) held.push_back(std::move(one));
  }
  return held;
}

Roles roles_of(const daemon::RoleGroups& groups, const Names& memberships) {
  Roles roles;
  for (const HeldRole& held : held_roles(groups, memberships)) roles.add(held.role);
  return roles;
}

// Usher's groups, and those of this machine that list the person.
Result<Names> memberships_of(Database& database, const PersonRecord& person,
                             const directory::LocalFiles& files) {
  Names names = TRY(store::list_groups_of(database, person.id));
  const Names local = files.groups_listing(person.name.view());
  names.insert(names.end(), local.begin(), local.end());
  return names;
}

// Somebody invited has proven nothing yet.
Result<bool> may_sign_in(Database& database, const AdminContext& context,
                         const PersonRecord& person) {
  if (person.state != store::PersonState::active) return false;
  const auto memberships = TRY(daemon::memberships_of(database, person.id));
  const auto inactive_after = context.config.policy_for(memberships).inactive_after;
  return !daemon::what_closes(person, inactive_after, context.clock.now());
}

Result<Caller> find_in_store(Database& database, const AdminContext& context, Peer peer) {
  const daemon::RoleGroups& groups = context.config.roles;
  // Without roles the machine's own files say nothing that counts.
  std::optional<directory::LocalFiles> files;
  if (any_role_is_given(groups)) files = TRY(directory::LocalFiles::read(context.etc));
  // Also one that was Usher's for a while, and was handed back.
  if (const auto account = files ? files->account_with(peer.uid) : std::nullopt) {
    return Caller{peer, Standing::account, *account,
                  roles_of(groups, files->groups_of_account(*account))};
  }
  const auto person = TRY(store::find_person_by_uid(database, peer.uid));
  if (!person) return Caller{peer, Standing::stranger};
  // What somebody barred holds gives them nothing, but says whose refusals are recorded.
  const bool open = TRY(may_sign_in(database, context, *person));
  Caller caller{peer, open ? Standing::person : Standing::barred, std::string(person->name.view())};
  if (files) caller.roles = roles_of(groups, TRY(memberships_of(database, *person, *files)));
  return caller;
}

}  // namespace

std::string_view name_of(Role role) {
  switch (role) {
    case Role::admin:
      return "admin";
    case Role::helpdesk:
      return "helpdesk";
    case Role::manager:
      return "manager";
    case Role::auditor:
      return "auditor";
  }
  return "admin";
}

Result<Caller> find_caller(const AdminContext& context, Peer peer) {
  // Even usherd running as the overflow uid (which no unit does) may not let everybody in.
  if (peer.uid == kOverflowUid) return Caller{peer, Standing::hidden};
  if (peer.uid == kRootUid || peer.uid == context.daemon_uid) return Caller{peer, Standing::root};
  return context.store.read(
      [&](Database& database) { return find_in_store(database, context, peer); });
}

bool is_staff(const AdminContext& context, Peer peer) {
  const bool may_be = peer.uid == kRootUid || peer.uid == context.daemon_uid ||
                      any_role_is_given(context.config.roles);
  if (!may_be) return false;
  const Result<Caller> caller = find_caller(context, peer);
  return caller.has_value() && caller->standing != Standing::barred && caller->is_staff();
}

Result<std::vector<HeldRole>> roles_held_by(Database& database, const AdminContext& context,
                                            const PersonRecord& person) {
  const daemon::RoleGroups& groups = context.config.roles;
  if (!any_role_is_given(groups)) return std::vector<HeldRole>();
  const auto files = TRY(directory::LocalFiles::read(context.etc));
  return held_roles(groups, TRY(memberships_of(database, person, files)));
}

Result<Roles> powers_of(Database& database, const AdminContext& context, std::string_view name) {
  const auto person = TRY(store::find_person(database, name));
  if (!person) return Roles();
  const auto files = TRY(directory::LocalFiles::read(context.etc));
  Roles roles = roles_of(context.config.roles, TRY(memberships_of(database, *person, files)));
  const Names local = files.groups_listing(name);
  if (std::any_of(local.begin(), local.end(),
                  [](const std::string& group) { return directory::is_reserved_name(group); })) {
    roles.add(Role::admin);
  }
  return roles;
}

bool stands_over(Role role, Roles powers) {
  switch (role) {
    case Role::admin:
      return true;
    case Role::helpdesk:
      return !powers.has(Role::admin) && !powers.has(Role::helpdesk) && !powers.has(Role::auditor);
    case Role::manager:
      return powers.none();
    case Role::auditor:
      return false;
  }
  return false;
}

Result<bool> is_in_team_of(Database& database, const AdminContext& context, std::string_view name,
                           const Caller& manager) {
  const auto person = TRY(store::find_person(database, name));
  if (!person) return false;
  const Names& teams = context.config.roles.team_groups;
  if (teams.empty()) {
    const auto attributes = TRY(store::list_attributes(database, person->id));
    return std::any_of(attributes.begin(), attributes.end(), [&](const auto& attribute) {
      return attribute.name == kManagerAttribute && attribute.value == manager.name;
    });
  }
  const auto files = TRY(directory::LocalFiles::read(context.etc));
  const Names theirs = TRY(memberships_of(database, *person, files));
  Names own = files.groups_of_account(manager.name);
  if (const auto record = TRY(store::find_person(database, manager.name))) {
    own = TRY(memberships_of(database, *record, files));
  }
  return std::any_of(teams.begin(), teams.end(), [&](const std::string& team) {
    return contains(theirs, team) && contains(own, team);
  });
}

}  // namespace usher::admin
