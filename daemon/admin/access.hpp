// Who may call a method, as the gate's table says it: a column a kind of caller, and in it whom
// the call may be about. Why the columns are as they are: docs/adr/0019.
#pragma once

#include <cstdint>

namespace usher::admin {

// Whom a call may be about, from the narrowest on.
enum class Scope : std::uint8_t {
  nobody,   // not to be called at all
  self,     // the caller, who is a person of Usher's
  team,     // the caller's own team
  anybody,  // any person, or no person at all
};

enum class Over : std::uint8_t {
  whomever,
  lesser,  // it could hand the account over: only somebody with less power than the caller
};

// Where the person a call is about comes from.
enum class Subject : std::uint8_t {
  parameter,  // the parameter "name", if the row has one
  peer,       // the uid that calls: the call cannot name anybody, and the handler finds "name" set
};

struct Access {
  Scope root;  // uid 0, and usherd's own: it owns the store anyway
  Scope admin, helpdesk, manager, auditor;
  Scope self;   // a person of Usher's, without any role
  Scope other;  // every other uid but the overflow uid
  Over over = Over::whomever;
  Subject subject = Subject::parameter;
};

namespace access {

constexpr Scope x = Scope::nobody, self = Scope::self, team = Scope::team, all = Scope::anybody;

// clang-format off
//                          root admin helpdesk manager auditor self other
constexpr Access kRoot     {all,  x,   x,       x,      x,      x,   x};
constexpr Access kAdmin    {all,  all, x,       x,      x,      x,   x};
constexpr Access kAudit    {all,  all, all,     team,   all,    x,   x};
constexpr Access kOverview {all,  all, all,     x,      all,    x,   x};
constexpr Access kPerson   {all,  all, all,     team,   all,    self, x};
constexpr Access kHelp     {all,  all, all,     team,   x,      x,   x,  Over::lesser};
constexpr Access kDevice   {all,  all, all,     x,      x,      x,   x,  Over::lesser};
constexpr Access kOwn      {x,    x,   x,       x,      x,      self, x,  Over::whomever, Subject::peer};
constexpr Access kEveryone {all,  all, all,     all,    all,    all, all};
// clang-format on

}  // namespace access
}  // namespace usher::admin
