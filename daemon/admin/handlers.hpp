// The admin verbs. The gate has checked the caller and the parameters before one of these runs;
// none of them decides who may call. A verb that changes something writes its audit record in the
// same transaction.
#pragma once

#include <string>
#include <string_view>

#include "daemon/admin/access.hpp"
#include "daemon/admin/context.hpp"
#include "daemon/admin/parameters.hpp"
#include "daemon/letters/letter.hpp"
#include "daemon/letters/value.hpp"
#include "daemon/lifecycle.hpp"
#include "daemon/store/organisations.hpp"
#include "daemon/store/people.hpp"
#include "protocol/varlink.hpp"

namespace usher::admin {

using protocol::varlink::Json;
using protocol::varlink::Reply;
using protocol::varlink::ReplyError;
using protocol::varlink::ReplyOk;

struct Request {
  AdminContext& context;
  Peer peer;
  const Parameters& parameters;
  std::string operation;  // "admin.AddUser", as audit records name it
  std::string id;         // 32 hex digits
  ports::Instant now;
  const std::optional<protocol::varlink::NamedSecret>& secret;
  std::string_view by;  // what let the caller in: "admin", "helpdesk", "manager", "self" ...
  Scope scope;          // whom that reaches
};

// An Error becomes a reply in one switch (errors.cpp). Inside a transaction only an Error undoes:
// a ReplyError must come before the first change.
using Handler = Result<Reply> (*)(const Request& request);

Result<Reply> add_user(const Request& request);
Result<Reply> list_users(const Request& request);
Result<Reply> show_user(const Request& request);
Result<Reply> set_user(const Request& request);
Result<Reply> suspend_user(const Request& request);
Result<Reply> resume_user(const Request& request);
Result<Reply> reset_user(const Request& request);
Result<Reply> invite_user(const Request& request);
Result<Reply> disable_user(const Request& request);
Result<Reply> enable_user(const Request& request);
Result<Reply> convert_user(const Request& request);
Result<Reply> set_password(const Request& request);
Result<Reply> suspend_factors(const Request& request);
Result<Reply> resume_factors(const Request& request);
Result<Reply> delete_user(const Request& request);
Result<Reply> adopt_user(const Request& request);
Result<Reply> hand_back_user(const Request& request);
Result<Reply> add_group(const Request& request);
Result<Reply> remove_group(const Request& request);
Result<Reply> list_groups(const Request& request);
Result<Reply> show_group(const Request& request);
Result<Reply> add_member(const Request& request);
Result<Reply> remove_member(const Request& request);
Result<Reply> add_organisation(const Request& request);
Result<Reply> set_organisation(const Request& request);
Result<Reply> remove_organisation(const Request& request);
Result<Reply> list_organisations(const Request& request);
Result<Reply> show_organisation(const Request& request);
Result<Reply> join_organisation(const Request& request);
Result<Reply> leave_organisation(const Request& request);
Result<Reply> list_factors(const Request& request);
Result<Reply> remove_factor(const Request& request);
Result<Reply> rename_factor(const Request& request);
Result<Reply> list_contacts(const Request& request);
Result<Reply> add_contact(const Request& request);
Result<Reply> remove_contact(const Request& request);
Result<Reply> lift_throttle(const Request& request);
Result<Reply> report_actions(const Request& request);
Result<Reply> report_contacts(const Request& request);
Result<Reply> show_self(const Request& request);
Result<Reply> list_own_sign_ins(const Request& request);
Result<Reply> set_own_language(const Request& request);
Result<Reply> set_own_greeting(const Request& request);
Result<Reply> ask_own_reset(const Request& request);
Result<Reply> get_status(const Request& request);
Result<Reply> list_audit(const Request& request);
Result<Reply> explain(const Request& request);
Result<Reply> explain_refusal(const Request& request);
Result<Reply> verify_audit(const Request& request);
Result<Reply> send_test_mail(const Request& request);
Result<Reply> send_test_sms(const Request& request);
Result<Reply> list_messages(const Request& request);
Result<Reply> show_message(const Request& request);
Result<Reply> retry_message(const Request& request);
Result<Reply> start_campaign(const Request& request);
Result<Reply> stop_campaign(const Request& request);
Result<Reply> list_campaigns(const Request& request);
Result<Reply> show_campaign(const Request& request);
Result<Reply> reload_configuration(const Request& request);
Result<Reply> lint_policies(const Request& request);
Result<Reply> show_policy(const Request& request);
Result<Reply> simulate_policy(const Request& request);
Result<Reply> get_info(const Request& request);
Result<Reply> get_interface_description(const Request& request);

// --- Shared by the verbs (wire.cpp) ---

// Errc::not_found when there is no such person.
Result<store::PersonRecord> person_named(store::Database& database, const Request& request);

// For when their codes are void.
Result<void> withdraw_invitations(store::Database& database, store::PersonId person,
                                  ports::Instant now);
// A fresh one-time code, and how long it lives, as the reply of the verbs that hand one out.
Result<ReplyOk> issue_code(store::Database& database, const Request& request,
                           const store::PersonRecord& person);
// The account is this machine's own again (adopt.cpp).
bool is_handed_back(const store::PersonRecord& person);
// Errc::conflict for people of a directory or a provider: there is no password to reset or to set.
Result<void> check_local(const store::PersonRecord& person);
// What closes the account now (daemon/lifecycle.hpp); memberships and policy are read.
Result<std::optional<daemon::Closed>> closed_by(store::Database& database,
                                                const AdminContext& context,
                                                const store::PersonRecord& person,
                                                ports::Instant now);

// To every confirmed contact of theirs, with who did it and the reason that was given. `values` are
// what else the letter's row names.
Result<void> tell_person(store::Database& database, const Request& request,
                         const store::PersonRecord& person, letters::Letter letter,
                         std::vector<letters::Value> values = {});
// Likewise to that address alone, which is none of theirs any more.
Result<void> tell_at(store::Database& database, const Request& request,
                     const store::PersonRecord& person, std::string_view address,
                     letters::Letter letter, std::vector<letters::Value> values);

// What keeps mail, or text messages, from leaving; empty: nothing.
std::string trouble_with_mail(const AdminContext& context);
std::string trouble_with_sms(const AdminContext& context);

// The audit record of a change; `detail` is the admin's reason or what was changed.
Result<void> record_change(store::Database& database, const Request& request,
                           std::string_view person, std::string_view detail);

std::int64_t milliseconds(ports::Instant instant);
Result<Json> user_json(store::Database& database, const store::PersonRecord& person);
Json organisation_json(const store::OrganisationRecord& organisation);
Result<Json> factors_json(store::Database& database, store::PersonId person);
// Oldest first, each with its standing now (contacts.cpp).
Result<Json> contacts_json(store::Database& database, store::PersonId person, ports::Instant now);
// What of the person's is refused now, and where (throttle.cpp).
Result<Json> throttled_json(store::Database& database, const Request& request,
                            store::PersonId person);

// Rows of one reply, in the order given, as many as fit a frame. True: there are further rows.
class Page {
 public:
  explicit Page(std::int64_t limit) : limit_(static_cast<std::size_t>(limit)) {}
  // False: it does not fit any more.
  Result<bool> add(Json row);
  // All of an array's rows, or none of them.
  Result<bool> add_all(Json rows);
  Json take_rows() { return std::move(rows_); }

 private:
  // Leaves the rest of the 64 KiB frame to the reply's other members.
  static constexpr std::size_t kMaxBytes = 56 * 1024;
  std::size_t limit_;
  std::size_t bytes_ = 0;
  Json rows_ = Json::array();
};

}  // namespace usher::admin
