// Stored records as the interface file describes them, and what the verbs share.
#include <array>

#include "daemon/admin/handlers.hpp"
#include "daemon/crypto/sodium.hpp"
#include "daemon/factors/factor.hpp"
#include "daemon/store/aliases.hpp"
#include "daemon/store/audit.hpp"
#include "daemon/store/factors.hpp"
#include "daemon/store/own_changes.hpp"
#include "daemon/store/recovery_codes.hpp"

namespace usher::admin {

Result<store::PersonRecord> person_named(store::Database& database, const Request& request) {
  const UserName name = TRY(request.parameters.user_name("name"));
  auto person = TRY(store::find_person(database, name.view()));
  if (!person) return Error(Errc::not_found, "there is no such person");
  return std::move(*person);
}

namespace {

// What nobody else permits could fill the disk with records.
Result<void> check_own_changes(store::Database& database, const Request& request,
                               std::string_view person) {
  constexpr std::int64_t kMostADay = 50;
  if (request.by != "self") return {};
  const ports::Instant yesterday = request.now - std::chrono::days(1);
  if (TRY(store::count_own_changes(database, person, yesterday, kMostADay)) < kMostADay) return {};
  return Error(Errc::conflict, "too many changes of your own account for one day");
}

}  // namespace

Result<void> record_change(store::Database& database, const Request& request,
                           std::string_view person, std::string_view detail) {
  TRY(check_own_changes(database, request, person));
  store::AuditRecord record;
  record.at = request.now;
  record.request = request.id;
  record.operation = request.operation;
  record.outcome = "accept";
  record.reason = request.by;
  record.person = person;
  record.peer_uid = static_cast<std::int64_t>(request.peer.uid.number);
  record.detail = detail;
  TRY(store::append_audit(database, record));
  return {};
}

std::int64_t milliseconds(ports::Instant instant) {
  return instant.time_since_epoch().count();
}

Result<Json> user_json(store::Database& database, const store::PersonRecord& person) {
  Json user = Json::object();
  user["name"] = person.name.view();
  user["display_name"] = person.display_name;
  user["uid"] = person.uid.number;
  user["gid"] = person.gid.number;
  user["home"] = person.home;
  user["shell"] = person.shell;
  user["aliases"] = TRY(store::list_aliases(database, person.id));
  user["source"] = person.source;
  user["state"] = store::name_of(person.state);
  user["state_reason"] = person.state_reason;
  user["created_at"] = milliseconds(person.created_at);
  if (person.language) user["language"] = texts::code_of(*person.language);
  if (person.expires_at) user["expires_at"] = milliseconds(*person.expires_at);
  if (person.factors_suspended_until) {
    user["factors_suspended_until"] = milliseconds(*person.factors_suspended_until);
  }
  if (person.last_sign_in) user["last_sign_in"] = milliseconds(*person.last_sign_in);
  return user;
}

Json organisation_json(const store::OrganisationRecord& organisation) {
  Json json = Json::object();
  json["name"] = organisation.name;
  json["display_name"] = organisation.display_name;
  json["support"] = organisation.support;
  json["created_at"] = milliseconds(organisation.created_at);
  return json;
}

Result<Json> factors_json(store::Database& database, store::PersonId person) {
  Json rows = Json::array();
  for (const store::FactorRecord& record : TRY(store::list_factors(database, person))) {
    Json factor = Json::object();
    factor["id"] = record.uuid;
    factor["kind"] = record.kind;
    factor["label"] = record.label;
    factor["created_at"] = milliseconds(record.created_at);
    if (!factors::is_second_factor(record)) {
      factor["codes_left"] = TRY(store::count_recovery_codes(database, person));
    }
    rows.push_back(std::move(factor));
  }
  return rows;
}

Result<bool> Page::add(Json row) {
  Json rows = Json::array();
  rows.push_back(std::move(row));
  return add_all(std::move(rows));
}

Result<bool> Page::add_all(Json rows) {
  using protocol::varlink::BadText;
  // With the brackets: no fewer bytes than its rows and their commas take.
  const std::size_t size = TRY(protocol::varlink::to_text(rows, BadText::replaced)).size();
  if (rows_.size() + rows.size() > limit_ || bytes_ + size > kMaxBytes) return false;
  bytes_ += size;
  for (Json& row : rows) rows_.push_back(std::move(row));
  return true;
}

}  // namespace usher::admin
