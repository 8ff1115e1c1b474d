// The walk through the columns of the table.
#include "daemon/admin/gate.hpp"

#include <algorithm>

#include "daemon/admin/errors.hpp"
#include "daemon/store/audit.hpp"
#include "protocol/interfaces.hpp"

namespace usher::admin {
namespace {

// The parameter that names the person a call is about.
constexpr std::string_view kPerson = "name";

std::string_view interface_of(std::string_view method) {
  const std::size_t dot = method.rfind('.');
  return dot == std::string_view::npos ? std::string_view() : method.substr(0, dot);
}

const Row* find_row(std::string_view method) {
  const auto table = gate_table();
  const auto found = std::find_if(table.begin(), table.end(),
                                  [&](const Row& row) { return row.method == method; });
  return found == table.end() ? nullptr : &*found;
}

ReplyError unknown_method(const std::string& method) {
  const std::string_view interface = interface_of(method);
  if (protocol::interface_text(interface).empty()) return interface_not_found(interface);
  return method_not_found(method);
}

ReplyError faulty(const Row& row, const Fault& fault) {
  if (interface_of(row.method) == protocol::kServiceInterface)
    return not_understood(fault.parameter);
  return invalid_parameter(fault.parameter, fault.text);
}

// --- Who may ---

// A permission, by what it was given for, or the refusal's text.
struct Judgement {
  std::string_view by;       // "helpdesk", "self": as audit records name it
  Scope scope;               // whom it reaches
  std::string_view refusal;  // empty: permitted
};

constexpr std::string_view kNoRole = "no role of yours allows it; try sudo";
constexpr std::string_view kNotTheirs = "your role may not do this for that person";
constexpr std::string_view kTooPowerful =
    "that person may do more than your role; ask an administrator";
constexpr std::string_view kBarred = "your account may not sign in";
constexpr std::string_view kNobodysUid = "this uid is nobody's";
constexpr std::string_view kNoPerson = "only a person whom Usher signs in may do this";

Judgement permitted(std::string_view by, Scope scope) {
  return {by, scope, {}};
}
Judgement refused(std::string_view text) {
  return {{}, Scope::nobody, text};
}

Scope scope_of(const Access& access, Role role) {
  switch (role) {
    case Role::admin:
      return access.admin;
    case Role::helpdesk:
      return access.helpdesk;
    case Role::manager:
      return access.manager;
    case Role::auditor:
      return access.auditor;
  }
  return Scope::nobody;
}

// What a call is judged by. `about` is empty where it is about nobody in particular.
struct Case {
  const AdminContext& context;
  const Row& row;
  const Caller& caller;
  std::string about;
};

std::string whom(const Row& row, const Call& call, const Caller& caller) {
  if (row.access.subject == Subject::peer) return caller.name;
  const auto parameters = row.allowed();
  const bool takes_a_name =
      std::any_of(parameters.begin(), parameters.end(),
                  [](const Parameter& parameter) { return parameter.name == kPerson; });
  const std::string* name = protocol::varlink::text_of(call.parameters, kPerson);
  return takes_a_name && name != nullptr ? *name : std::string();
}

Result<bool> covers(store::Database& database, const Case& it, Scope scope) {
  switch (scope) {
    case Scope::nobody:
      return false;
    case Scope::self:
      return it.caller.standing == Standing::person && it.about == it.caller.name;
    case Scope::team:
      return is_in_team_of(database, it.context, it.about, it.caller);
    case Scope::anybody:
      return true;
  }
  return false;
}

Result<Judgement> judge_roles(store::Database& database, const Case& it) {
  std::string_view why = kNoRole;
  std::optional<Judgement> widest;  // a further role never makes a view narrower
  for (const Role role : kRoles) {
    const Scope scope = scope_of(it.row.access, role);
    if (!it.caller.roles.has(role) || scope == Scope::nobody) continue;
    if (!TRY(covers(database, it, scope))) {
      why = kNotTheirs;
      continue;
    }
    if (it.row.access.over == Over::lesser &&
        !stands_over(role, TRY(powers_of(database, it.context, it.about)))) {
      why = kTooPowerful;
      continue;
    }
    if (!widest || scope > widest->scope) widest = permitted(name_of(role), scope);
  }
  if (widest) return *widest;
  if (TRY(covers(database, it, it.row.access.self))) return permitted("self", Scope::self);
  if (it.caller.standing != Standing::person && it.row.access.self == Scope::self) why = kNoPerson;
  return refused(why);
}

Result<Judgement> judge(const Case& it) {
  const Access& access = it.row.access;
  switch (it.caller.standing) {
    case Standing::hidden:
      return refused(kNobodysUid);
    case Standing::root:
      return access.root == Scope::anybody ? permitted(name_of(Role::admin), Scope::anybody)
                                           : refused(kNoPerson);
    case Standing::barred:
      return refused(kBarred);
    case Standing::stranger:
    case Standing::account:
    case Standing::person:
      return it.context.store.read(
          [&](store::Database& database) { return judge_roles(database, it); });
  }
  return refused(kNoRole);
}

// --- What is done ---

std::string operation_of(const Row& row) {
  return "admin." + std::string(row.method.substr(interface_of(row.method).size() + 1));
}

// "helpdesk, auditor: " before a refusal's text; root holds none, and needs none.
std::string held_by(const Caller& caller) {
  std::string held;
  for (const Role role : kRoles) {
    if (caller.roles.has(role)) held.append(held.empty() ? "" : ", ").append(name_of(role));
  }
  return held.empty() ? "" : held + ": ";
}

Result<void> record_refusal(AdminContext& context, const Case& it, std::string_view text) {
  store::AuditRecord record;
  record.at = context.clock.now();
  record.request = crypto::random_id(context.entropy);
  record.operation = operation_of(it.row);
  record.outcome = "refuse";
  record.reason = "not-permitted";
  record.peer_uid = static_cast<std::int64_t>(it.caller.peer.uid.number);
  record.detail = held_by(it.caller).append(text);
  return context.store.write([&](store::Database& database) -> Result<void> {
    // A name that is nobody's may be anything, so it is not kept.
    const auto person = TRY(store::find_person(database, it.about));
    if (person) record.person = person->name.view();
    TRY(store::append_audit(database, record));
    return {};
  });
}

Reply refuse(AdminContext& context, const Case& it, std::string_view text) {
  const bool is_kept = context.log.not_permitted(it.row.method, it.caller);
  const Result<void> recorded = is_kept ? record_refusal(context, it, text) : Result<void>();
  if (!recorded.has_value()) context.log.failed(it.row.method, recorded.error());
  return not_permitted(text);
}

// The parameters as the handler finds them: with the caller's own name, where that is the subject.
Json parameters_for(const Case& it, const Call& call) {
  Json parameters = call.parameters;
  if (it.row.access.subject == Subject::peer) parameters[std::string(kPerson)] = it.about;
  return parameters;
}

using CallSecret = std::optional<protocol::varlink::NamedSecret>;

Result<Reply> run(const Case& it, const Json& given, const CallSecret& secret,
                  const Judgement& permission, AdminContext& context) {
  const Parameters parameters(given);
  const Request request{context,
                        it.caller.peer,
                        parameters,
                        operation_of(it.row),
                        crypto::random_id(context.entropy),
                        context.clock.now(),
                        secret,
                        permission.by,
                        permission.scope};
  return it.row.handler(request);
}

Reply failed(AdminContext& context, const Call& call, const Error& error) {
  if (is_failure(error.code())) context.log.failed(call.method, error);
  return error_reply(error, call);
}

// Committed by now: published where others read it.
void publish(AdminContext& context, const Row& row, Reply& reply) {
  auto* ok = std::get_if<ReplyOk>(&reply);
  if (ok == nullptr || row.changes == Changes::nothing_published) return;
  const bool handed_over = row.changes == Changes::handed_over;
  ok->parameters["published"] = context.directory.publish(
      handed_over ? directory::Wait::until_published : directory::Wait::if_soon);
}

// What exists is no secret, but to the overflow uid.
Reply answer_unknown(const Call& call, Peer peer, AdminContext& context) {
  if (peer.uid != kOverflowUid) return unknown_method(call.method);
  (void)context.log.not_permitted("unknown", Caller{peer});
  return not_permitted(kNobodysUid);
}

bool is_everyones(const Row& row, Peer peer) {
  return row.access.other == Scope::anybody && peer.uid != kOverflowUid;
}

Reply answer_permitted(const Case& it, const Judgement& permission, const Call& call,
                       AdminContext& context) {
  if (call.more) return not_understood("more");
  if (const auto fault = find_fault(call.parameters, it.row.allowed())) {
    return faulty(it.row, *fault);
  }
  Result<Reply> reply = run(it, parameters_for(it, call), call.secret, permission, context);
  if (!reply) return failed(context, call, reply.error());
  publish(context, it.row, *reply);
  return reply.release_value();
}

}  // namespace

std::span<const Parameter> Row::allowed() const {
  const auto* end = std::find_if(parameters.begin(), parameters.end(),
                                 [](const Parameter& parameter) { return parameter.name.empty(); });
  return {parameters.begin(), end};
}

Reply answer(const Call& call, Peer peer, AdminContext& context) {
  const Row* row = find_row(call.method);
  if (row == nullptr) return answer_unknown(call, peer, context);
  // Read by anybody who asks: nothing is looked up for it here (serve_admin() has looked once a
  // connection whether a role calls).
  if (is_everyones(*row, peer)) {
    const Caller anyone{peer, Standing::stranger};
    return answer_permitted({context, *row, anyone, ""}, permitted("anyone", Scope::anybody), call,
                            context);
  }
  const Result<Caller> caller = find_caller(context, peer);
  if (!caller.has_value()) return failed(context, call, caller.error());
  const Case it{context, *row, *caller, whom(*row, call, *caller)};
  const Result<Judgement> judgement = judge(it);
  if (!judgement.has_value()) return failed(context, call, judgement.error());
  if (!judgement->refusal.empty()) return refuse(context, it, judgement->refusal);
  return answer_permitted(it, *judgement, call, context);
}

}  // namespace usher::admin
