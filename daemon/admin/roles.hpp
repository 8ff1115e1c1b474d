// Roles: what the groups of usher.toml's [roles] make of a caller, and of the person a call is
// about. Asked anew at every call, so that a role ends with its membership. Only the gate asks.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/admin/context.hpp"

namespace usher::admin {

// From the most powerful down.
enum class Role : std::uint8_t { admin, helpdesk, manager, auditor };
inline constexpr std::array kRoles{Role::admin, Role::helpdesk, Role::manager, Role::auditor};
std::string_view name_of(Role role);

class Roles {
 public:
  void add(Role role) { bits_ |= bit(role); }
  bool has(Role role) const { return (bits_ & bit(role)) != 0; }
  bool none() const { return bits_ == 0; }
  friend bool operator==(const Roles&, const Roles&) = default;

 private:
  static constexpr unsigned bit(Role role) { return 1U << static_cast<unsigned>(role); }
  unsigned bits_ = 0;
};

enum class Standing : std::uint8_t {
  hidden,    // the overflow uid: whoever a foreign user namespace hides
  barred,    // a person who may not sign in now
  stranger,  // neither Usher's nor in this machine's own files
  account,   // of this machine's own files
  person,    // of Usher's
  root,      // uid 0, or usherd's own
};

struct Caller {
  Peer peer{};
  Standing standing = Standing::hidden;
  std::string name{};  // the person's or the account's; empty for others
  Roles roles{};

  bool is_staff() const { return standing == Standing::root || !roles.none(); }
};

// An Error where the machine's own files or the store cannot be read: nobody is let in on a guess.
Result<Caller> find_caller(const AdminContext& context, Peer peer);
// Asked once a connection, for what may be held of it. Costs nothing where no role is given.
bool is_staff(const AdminContext& context, Peer peer);

struct HeldRole {
  Role role;
  std::vector<std::string> groups;  // the person's that give it
};
// The roles of a person, and where each comes from; whether they may sign in is not asked.
Result<std::vector<HeldRole>> roles_held_by(store::Database& database, const AdminContext& context,
                                            const store::PersonRecord& person);

// What the person could do who took this account over. A member of one of the machine's own groups
// that mean power (sudo, adm, docker ...) could do anything. None for a name nobody has.
Result<Roles> powers_of(store::Database& database, const AdminContext& context,
                        std::string_view name);
// Helpdesk stands over managers and people without a role, a manager over people without one.
bool stands_over(Role role, Roles powers);

// Of `roles.team_groups`, if there are any: both are members of one. Else: the person's attribute
// "manager" names the manager.
Result<bool> is_in_team_of(store::Database& database, const AdminContext& context,
                           std::string_view name, const Caller& manager);

}  // namespace usher::admin
