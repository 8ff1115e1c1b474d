// What a person sees of themselves and may change without a proof: nothing here can make their
// account easier to take over. The gate puts the caller's own name in the place of "name".
#include <algorithm>

#include "daemon/admin/own_records.hpp"
#include "daemon/contacts/usable.hpp"
#include "daemon/memberships.hpp"
#include "daemon/sign_in/pending_actions.hpp"
#include "daemon/store/audit.hpp"
#include "daemon/store/passwords.hpp"
#include "daemon/store/recovery_codes.hpp"
#include "daemon/store/reset_requests.hpp"

namespace usher::admin {
namespace {

using store::AuditRecord;
using store::Database;
using store::PersonRecord;

constexpr std::int64_t kShownSignIns = 10;

// A sign-in's two records: how long after the first the second comes at the latest, and how many
// others of the same person stand between them at most.
constexpr std::chrono::minutes kSameSignIn{10};
constexpr std::size_t kBetween = 8;

bool is_accepted(const AuditRecord& record, std::string_view operation) {
  return record.operation == operation && record.outcome == "accept";
}

// sshd asks account once more about whom authenticate let in: that is no other sign-in.
bool is_end_of(const AuditRecord& account, const AuditRecord& proof) {
  return is_accepted(account, "account") && is_accepted(proof, "authenticate") &&
         account.service == proof.service && account.rhost == proof.rhost &&
         account.at - proof.at < kSameSignIn;
}

// Newest first: each account that ends a sign-in stands above its authenticate, which ends one
// only.
void leave_second_records_out(std::vector<AuditRecord>& records) {
  std::vector<bool> is_second(records.size()), has_ended(records.size());
  for (std::size_t i = 0; i < records.size(); ++i) {
    const std::size_t last = std::min(records.size(), i + 2 + kBetween);
    for (std::size_t j = i + 1; j < last && !is_second[i]; ++j) {
      is_second[i] = !has_ended[j] && is_end_of(records[i], records[j]);
      has_ended[j] = has_ended[j] || is_second[i];
    }
  }
  std::size_t i = 0;
  std::erase_if(records, [&](const AuditRecord&) { return is_second[i++]; });
}

// Not the reason: what was wrong about an answer is not for whoever sits at an open session.
Json sign_in_json(const AuditRecord& record) {
  Json row = Json::object();
  row["sequence"] = record.sequence;
  row["at"] = milliseconds(record.at);
  row["outcome"] = record.outcome;
  row["proof"] = record.operation == "account" ? "public-key" : record.factor;
  row["service"] = record.service;
  row["origin"] = record.origin;
  row["rhost"] = record.rhost;
  row["tty"] = record.tty;
  return row;
}

struct SignIns {
  Json rows;
  bool more = false;
};

Result<SignIns> sign_ins(Database& database, const Request& request, const PersonRecord& person,
                         std::int64_t before, std::int64_t limit) {
  // Enough for one sign-in more than asked for, each with both records.
  const std::int64_t enough = 2 * (limit + 1) + static_cast<std::int64_t>(kBetween);
  auto records = TRY(store::list_sign_ins(database, before, enough, person.name.view()));
  const std::int64_t predecessors = TRY(last_of_predecessor(database, request, person.name.view()));
  std::erase_if(records,
                [&](const AuditRecord& record) { return record.sequence <= predecessors; });
  leave_second_records_out(records);
  Page page(limit);
  SignIns found;
  for (const AuditRecord& record : records) {
    found.more = !TRY(page.add(sign_in_json(record)));
    if (found.more) break;
  }
  found.rows = page.take_rows();
  return found;
}

Result<Json> password_json(Database& database, const policy::Policy& policy, store::PersonId id) {
  Json row = Json::object();
  const auto password = TRY(store::find_password(database, id));
  if (!password) return row;
  const auto max_age = policy.password.max_age;
  row["changed_at"] = milliseconds(password->changed_at);
  if (max_age.count() > 0) row["due_at"] = milliseconds(password->changed_at + max_age);
  return row;
}

// Of whom somebody else signs in nothing is asked.
Result<Json> pending_json(Database& database, const Request& request, const PersonRecord& person) {
  Json rows = Json::array();
  if (!person.is_local()) return rows;
  const daemon::Config& config = request.context.config;
  for (const auto& pending :
       TRY(sign_in::pending_actions(config, database, person.id, request.now))) {
    Json row = Json::object();
    row["action"] = policy::name_of(pending.action);
    row["demand"] = policy::name_of(pending.demand);
    row["why"] = pending.why;
    rows.push_back(std::move(row));
  }
  return rows;
}

std::string_view greeting_of(const PersonRecord& person, const daemon::Config& config) {
  if (!config.greet) return "off-here";
  return person.greeted ? "on" : "off";
}

bool changes_something(const PersonRecord& person, const store::AccountChange& change) {
  return (change.language && change.language != person.language) ||
         (change.greeted && *change.greeted != person.greeted);
}

Result<Reply> change_own(const Request& request, const store::AccountChange& change,
                         std::string_view what) {
  return request.context.store.write([&](Database& database) -> Result<Reply> {
    const PersonRecord person = TRY(person_named(database, request));
    // A record of what is as before would be a way to fill the disk.
    if (!changes_something(person, change)) return Reply(ReplyOk{});
    TRY(store::change_account(database, person.id, change));
    TRY(record_change(database, request, person.name.view(), what));
    return Reply(ReplyOk{});
  });
}

}  // namespace

Result<Reply> show_self(const Request& request) {
  return request.context.store.read([&](Database& database) -> Result<Reply> {
    const PersonRecord person = TRY(person_named(database, request));
    const daemon::Config& config = request.context.config;
    const auto policy = config.policy_for(TRY(daemon::memberships_of(database, person.id)));
    ReplyOk reply;
    Json& self = reply.parameters;
    self["user"] = TRY(user_json(database, person));
    self["organisations"] = Json::array();
    for (const auto& organisation : TRY(store::list_organisations_of(database, person.id))) {
      self["organisations"].push_back(organisation_json(organisation));
    }
    self["support"] = config.support;
    self["page"] = config.page;
    self["language"] = texts::code_of(person.language.value_or(config.language));
    self["greeting"] = greeting_of(person, config);
    self["password"] = TRY(password_json(database, policy, person.id));
    self["factors"] = TRY(factors_json(database, person.id));
    self["contacts"] = TRY(contacts_json(database, person.id, request.now));
    self["recovery_codes"] = TRY(store::count_recovery_codes(database, person.id));
    self["pending"] = TRY(pending_json(database, request, person));
    self["sign_ins"] = TRY(sign_ins(database, request, person, 0, kShownSignIns)).rows;
    return Reply(std::move(reply));
  });
}

Result<Reply> list_own_sign_ins(const Request& request) {
  const std::int64_t limit = request.parameters.number("limit").value_or(kDefaultPage);
  const std::int64_t before = request.parameters.number("before").value_or(0);
  return request.context.store.read([&](Database& database) -> Result<Reply> {
    const PersonRecord person = TRY(person_named(database, request));
    SignIns found = TRY(sign_ins(database, request, person, before, limit));
    ReplyOk reply;
    reply.parameters["sign_ins"] = std::move(found.rows);
    reply.parameters["more"] = found.more;
    return Reply(std::move(reply));
  });
}

Result<Reply> set_own_language(const Request& request) {
  const std::string language = request.parameters.text("language");
  return change_own(request, {.language = texts::language_of(language)}, language);
}

Result<Reply> set_own_greeting(const Request& request) {
  const bool greeted = request.parameters.truth("greeting");
  return change_own(request, {.greeted = greeted}, greeted ? "on" : "off");
}

// As ? at the password prompt does. What comes of it is the courier's letter and a record of its
// own.
Result<Reply> ask_own_reset(const Request& request) {
  const daemon::Config& config = request.context.config;
  const auto kinds = contacts::recovery_kinds(config);
  if (kinds.empty()) {
    return Error(Errc::conflict, "no code can be sent from this host; ask " + config.support);
  }
  const bool by_mail =
      std::find(kinds.begin(), kinds.end(), store::ContactKind::mail) != kinds.end();
  return request.context.store.write([&](Database& database) -> Result<Reply> {
    const PersonRecord person = TRY(person_named(database, request));
    TRY(record_change(database, request, person.name.view(), ""));
    TRY(store::put_reset_request(
        database, {.asked_for = std::string(person.name.view()),
                   .origin = std::string(daemon::name_of(daemon::Origin::non_root_self)),
                   .service = "usherctl",
                   .rhost = {},
                   .request = request.id,
                   .asked_at = request.now}));
    ReplyOk reply;
    reply.parameters["sender"] = by_mail ? config.mail.from : "";
    return Reply(std::move(reply));
  });
}

}  // namespace usher::admin
