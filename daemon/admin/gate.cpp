// The table, and the walk through its columns.
#include "daemon/admin/gate.hpp"

#include <algorithm>

#include "daemon/admin/errors.hpp"
#include "protocol/interfaces.hpp"

namespace usher::admin {
namespace {

constexpr Parameter kName{"name", Kind::user_name, Need::required};
constexpr Parameter kGroup{"group", Kind::user_name, Need::required};
constexpr Parameter kOrganisation{"organisation", Kind::organisation, Need::required};
constexpr Parameter kOrganisationAfter{"after", Kind::organisation, Need::optional};
constexpr Parameter kSupport{"support", Kind::contact, Need::optional};
constexpr Parameter kLanguage{"language", Kind::language, Need::optional};
constexpr Parameter kLimit{"limit", Kind::page_size, Need::optional};

constexpr Row kTable[] = {
    {"io.usher.Admin.AddUser",
     Caller::admin,
     Changes::directory,
     add_user,
     {kName,
      {"display_name", Kind::display_name, Need::optional},
      {"uid", Kind::id_number, Need::optional},
      {"home", Kind::home, Need::optional},
      {"shell", Kind::shell, Need::optional},
      {"aliases", Kind::aliases, Need::optional},
      kLanguage}},
    {"io.usher.Admin.ListUsers",
     Caller::admin,
     Changes::nothing_published,
     list_users,
     {{{"after", Kind::user_name, Need::optional}, kLimit}}},
    {"io.usher.Admin.ShowUser", Caller::admin, Changes::nothing_published, show_user, {kName}},
    {"io.usher.Admin.SetUser",
     Caller::admin,
     Changes::directory,
     set_user,
     {kName,
      {"display_name", Kind::display_name, Need::optional},
      {"home", Kind::home, Need::optional},
      {"shell", Kind::shell, Need::optional},
      {"add_aliases", Kind::aliases, Need::optional},
      {"remove_aliases", Kind::aliases, Need::optional},
      kLanguage,
      {"set_attributes", Kind::attributes, Need::optional},
      {"remove_attributes", Kind::names, Need::optional}}},
    {"io.usher.Admin.SuspendUser",
     Caller::admin,
     Changes::directory,
     suspend_user,
     {{kName, {"reason", Kind::reason, Need::required}}}},
    {"io.usher.Admin.ResumeUser", Caller::admin, Changes::directory, resume_user, {kName}},
    {"io.usher.Admin.ResetUser",
     Caller::admin,
     Changes::nothing_published,
     reset_user,
     {{kName, {"reason", Kind::reason, Need::optional}}}},
    {"io.usher.Admin.DeleteUser", Caller::admin, Changes::directory, delete_user, {kName}},
    {"io.usher.Admin.AdoptUser",
     Caller::admin,
     Changes::handed_over,  // the account leaves the machine's own files next
     adopt_user,
     {kName,
      {"uid", Kind::id_number, Need::required},
      {"gid", Kind::id_number, Need::required},
      {"display_name", Kind::display_name, Need::optional},
      {"home", Kind::home, Need::required},
      {"shell", Kind::shell, Need::required},
      {"password", Kind::crypt_hash, Need::optional},
      {"must_change", Kind::flag, Need::optional}}},
    {"io.usher.Admin.HandBackUser", Caller::admin, Changes::directory, hand_back_user, {kName}},
    {"io.usher.Admin.AddGroup",
     Caller::admin,
     Changes::directory,
     add_group,
     {{kGroup, {"gid", Kind::id_number, Need::optional}}}},
    {"io.usher.Admin.RemoveGroup", Caller::admin, Changes::directory, remove_group, {kGroup}},
    {"io.usher.Admin.ListGroups",
     Caller::admin,
     Changes::nothing_published,
     list_groups,
     {{{"after", Kind::user_name, Need::optional}, kLimit}}},
    {"io.usher.Admin.ShowGroup",
     Caller::admin,
     Changes::nothing_published,
     show_group,
     {{kGroup, {"after", Kind::user_name, Need::optional}}}},
    {"io.usher.Admin.AddMember", Caller::admin, Changes::directory, add_member, {{kGroup, kName}}},
    {"io.usher.Admin.RemoveMember",
     Caller::admin,
     Changes::directory,
     remove_member,
     {{kGroup, kName}}},
    {"io.usher.Admin.AddOrganisation",
     Caller::admin,
     Changes::nothing_published,
     add_organisation,
     {{kOrganisation, {"display_name", Kind::contact, Need::optional}, kSupport}}},
    {"io.usher.Admin.SetOrganisation",
     Caller::admin,
     Changes::nothing_published,
     set_organisation,
     {{kOrganisation, {"display_name", Kind::contact, Need::optional}, kSupport}}},
    {"io.usher.Admin.RemoveOrganisation",
     Caller::admin,
     Changes::nothing_published,
     remove_organisation,
     {kOrganisation}},
    {"io.usher.Admin.ListOrganisations",
     Caller::admin,
     Changes::nothing_published,
     list_organisations,
     {{kOrganisationAfter, kLimit}}},
    {"io.usher.Admin.ShowOrganisation",
     Caller::admin,
     Changes::nothing_published,
     show_organisation,
     {{kOrganisation, {"after", Kind::user_name, Need::optional}}}},
    {"io.usher.Admin.JoinOrganisation",
     Caller::admin,
     Changes::nothing_published,
     join_organisation,
     {{kOrganisation, kName}}},
    {"io.usher.Admin.LeaveOrganisation",
     Caller::admin,
     Changes::nothing_published,
     leave_organisation,
     {{kOrganisation, kName}}},
    {"io.usher.Admin.ListFactors",
     Caller::admin,
     Changes::nothing_published,
     list_factors,
     {kName}},
    {"io.usher.Admin.RemoveFactor",
     Caller::admin,
     Changes::nothing_published,
     remove_factor,
     {{kName, {"factor", Kind::text, Need::required}}}},
    {"io.usher.Admin.LiftThrottle",
     Caller::admin,
     Changes::nothing_published,
     lift_throttle,
     {kName}},
    {"io.usher.Admin.GetStatus", Caller::admin, Changes::nothing_published, get_status, {}},
    {"io.usher.Admin.ListAudit",
     Caller::admin,
     Changes::nothing_published,
     list_audit,
     {{{"before", Kind::sequence, Need::optional},
       kLimit,
       {"name", Kind::user_name, Need::optional},
       {"after", Kind::position, Need::optional}}}},
    {"io.usher.Admin.Explain",
     Caller::admin,
     Changes::nothing_published,
     explain,
     {{{"id", Kind::request_id, Need::required}}}},
    {"io.usher.Admin.ExplainRefusal",
     Caller::admin,
     Changes::nothing_published,
     explain_refusal,
     {kName}},
    {"io.usher.Admin.VerifyAudit", Caller::admin, Changes::nothing_published, verify_audit, {}},
    {"io.usher.Admin.ReloadConfiguration",
     Caller::admin,
     Changes::nothing_published,
     reload_configuration,
     {}},
    {"io.usher.Admin.LintPolicies", Caller::admin, Changes::nothing_published, lint_policies, {}},
    {"io.usher.Admin.ShowPolicy",
     Caller::admin,
     Changes::nothing_published,
     show_policy,
     {{{"name", Kind::user_name, Need::optional}}}},
    {"io.usher.Admin.SimulatePolicy",
     Caller::admin,
     Changes::nothing_published,
     simulate_policy,
     {{{"policy", Kind::user_name, Need::required},
       {"text", Kind::document, Need::required},
       {"after", Kind::user_name, Need::optional},
       kLimit}}},
    {"org.varlink.service.GetInfo", Caller::anyone, Changes::nothing_published, get_info, {}},
    {"org.varlink.service.GetInterfaceDescription",
     Caller::anyone,
     Changes::nothing_published,
     get_interface_description,
     {{{"interface", Kind::text, Need::required}}}},
};

std::string_view interface_of(std::string_view method) {
  const std::size_t dot = method.rfind('.');
  return dot == std::string_view::npos ? std::string_view() : method.substr(0, dot);
}

const Row* find_row(std::string_view method) {
  const auto* found = std::find_if(std::begin(kTable), std::end(kTable),
                                   [&](const Row& row) { return row.method == method; });
  return found == std::end(kTable) ? nullptr : found;
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

Result<Reply> run(const Row& row, const Call& call, Peer peer, AdminContext& context) {
  const Parameters parameters(call.parameters);
  const std::string_view member = row.method.substr(interface_of(row.method).size() + 1);
  const Request request{context,
                        peer,
                        parameters,
                        "admin." + std::string(member),
                        crypto::random_id(context.entropy),
                        context.clock.now()};
  return row.handler(request);
}

}  // namespace

std::span<const Parameter> Row::allowed() const {
  const auto* end = std::find_if(parameters.begin(), parameters.end(),
                                 [](const Parameter& parameter) { return parameter.name.empty(); });
  return {parameters.begin(), end};
}

std::span<const Row> gate_table() {
  return kTable;
}

bool may_call(Caller caller, Peer peer, Uid daemon_uid) {
  // The overflow uid is whoever a foreign user namespace hides; even usherd running as it (which
  // no unit does) may not let everybody in.
  if (peer.uid == kOverflowUid) return false;
  switch (caller) {
    case Caller::admin:
      return peer.uid == kRootUid || peer.uid == daemon_uid;
    case Caller::anyone:
      return true;
  }
  return false;
}

Reply answer(const Call& call, Peer peer, AdminContext& context) {
  const Row* row = find_row(call.method);
  // An unknown method is told like a known introspection method: what exists is no secret.
  const Caller needed = row == nullptr ? Caller::anyone : row->caller;
  if (!may_call(needed, peer, context.daemon_uid)) {
    context.log.not_permitted(row == nullptr ? std::string_view("unknown") : row->method, peer);
    return not_permitted();
  }
  if (row == nullptr) return unknown_method(call.method);
  if (call.more) return not_understood("more");
  if (const auto fault = find_fault(call.parameters, row->allowed())) return faulty(*row, *fault);
  Result<Reply> reply = run(*row, call, peer, context);
  if (reply) {
    auto* ok = std::get_if<ReplyOk>(&*reply);
    if (ok != nullptr && row->changes != Changes::nothing_published) {
      const bool handed_over = row->changes == Changes::handed_over;
      ok->parameters["published"] = context.directory.publish(
          handed_over ? directory::Wait::until_published : directory::Wait::if_soon);
    }
    return reply.release_value();
  }
  if (is_failure(reply.error().code())) context.log.failed(row->method, reply.error());
  return error_reply(reply.error(), call);
}

}  // namespace usher::admin
