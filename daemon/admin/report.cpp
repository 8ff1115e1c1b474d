// Reports over everybody: a page at a time, never the whole directory in one reply.
#include <algorithm>

#include "daemon/admin/errors.hpp"
#include "daemon/admin/handlers.hpp"
#include "daemon/admin/walk.hpp"
#include "daemon/contacts/usable.hpp"
#include "daemon/memberships.hpp"
#include "daemon/sign_in/pending_actions.hpp"
#include "daemon/store/put_off.hpp"

namespace usher::admin {
namespace {

using store::Database;
using store::OrganisationRecord;
using store::PersonRecord;
using People = std::vector<PersonRecord>;

// In name order, after `after`; of the organisation if there is one.
Result<People> people_after(Database& database, std::string_view after,
                            const std::optional<OrganisationRecord>& organisation) {
  if (!organisation) return store::list_people(database, after, kPeopleAtOnce);
  People people;
  for (const std::string& name :
       TRY(store::list_people_of(database, organisation->id, after, kPeopleAtOnce))) {
    auto person = TRY(store::find_person(database, name));
    if (person) people.push_back(std::move(*person));
  }
  return people;
}

// Nothing is asked of somebody who may not sign in, or whom somebody else signs in.
Result<bool> is_asked(Database& database, const Request& request, const PersonRecord& person) {
  if (!person.is_local()) return false;
  return !TRY(closed_by(database, request.context, person, request.now)).has_value();
}

Json action_json(const sign_in::PendingAction& asked, std::optional<ports::Instant> put_off_at) {
  Json row = Json::object();
  row["action"] = policy::name_of(asked.action);
  row["demand"] = policy::name_of(asked.demand);
  row["state"] = asked.why.empty() ? "done" : "due";
  if (asked.why.empty()) return row;
  row["why"] = asked.why;
  // What is required meanwhile cannot be put off any more.
  if (asked.demand != policy::Demand::recommended || !put_off_at) return row;
  row["state"] = "put-off";
  row["put_off_at"] = milliseconds(*put_off_at);
  return row;
}

// Null: nothing is asked of the person.
Result<Json> row_of(Database& database, const Request& request, const PersonRecord& person) {
  if (!TRY(is_asked(database, request, person))) return Json();
  const daemon::Config& config = request.context.config;
  const auto policy = config.policy_for(TRY(daemon::memberships_of(database, person.id)));
  const auto standing = TRY(sign_in::read_standing(database, person.id));
  const store::PutOff put_off = TRY(store::find_put_off(database, person.id));
  Json actions = Json::array();
  for (const auto& asked : sign_in::asked_actions(config, policy, standing, request.now)) {
    actions.push_back(action_json(asked, put_off[asked.action]));
  }
  if (actions.empty()) return Json();
  Json row = Json::object();
  row["name"] = person.name.view();
  row["actions"] = std::move(actions);
  return row;
}

// Null: a code would reach them. The best of what they have says why not: what is held is nearest
// to being of use.
Result<Json> unreached(Database& database, const Request& request, const PersonRecord& person) {
  using contacts::Standing;
  if (!TRY(is_asked(database, request, person))) return Json();
  // A number is of no use where there is no gateway; that there is no mail server is said once.
  const daemon::Config& config = request.context.config;
  const auto usable = TRY(contacts::usable_contacts(database, person.id, request.now));
  const auto kinds = contacts::kinds_by_preference(config);
  const bool is_reached =
      std::any_of(usable.begin(), usable.end(), [&](const store::ContactRecord& contact) {
        return std::find(kinds.begin(), kinds.end(), contact.kind) != kinds.end() &&
               (contact.kind == store::ContactKind::mail ||
                contacts::is_set_up(contact.kind, config));
      });
  if (is_reached) return Json();
  Json row = Json::object();
  row["name"] = person.name.view();
  row["why"] = "none";
  const auto theirs = TRY(store::list_contacts(database, person.id));
  for (const Standing standing : {Standing::unconfirmed, Standing::doubted, Standing::held}) {
    for (const auto& contact : theirs) {
      if (contacts::standing_of(contact, request.now) != standing) continue;
      row["why"] = contacts::name_of(standing);
      if (standing == Standing::held) row["until"] = milliseconds(*contact.counts_from);
    }
  }
  return row;
}

using RowOf = Result<Json> (*)(Database& database, const Request& request,
                               const PersonRecord& person);

// A page of those of whom there is a row.
Result<Reply> report(const Request& request, RowOf row_of_person) {
  const auto wanted = request.parameters.optional_text("organisation");
  Page page(request.parameters.number("limit").value_or(kDefaultPage));
  std::string after = request.parameters.text("after");
  Walked walked = Walked::on;
  while (walked == Walked::on) {
    walked = TRY(request.context.store.read([&](Database& database) -> Result<Walked> {
      std::optional<OrganisationRecord> organisation;
      if (wanted) organisation = TRY(store::find_organisation(database, *wanted));
      if (wanted && !organisation) return Walked::nowhere;
      const People people = TRY(people_after(database, after, organisation));
      for (const PersonRecord& person : people) {
        Json row = TRY(row_of_person(database, request, person));
        if (!row.is_null() && !TRY(page.add(std::move(row)))) return Walked::page_full;
        after = person.name.view();
      }
      return people.empty() ? Walked::to_the_end : Walked::on;
    }));
  }
  if (walked == Walked::nowhere) return Reply(no_such_organisation(*wanted));
  ReplyOk reply;
  reply.parameters["people"] = page.take_rows();
  reply.parameters["more"] = walked == Walked::page_full;
  return Reply(std::move(reply));
}

}  // namespace

Result<Reply> report_actions(const Request& request) {
  return report(request, row_of);
}

Result<Reply> report_contacts(const Request& request) {
  Reply reply = TRY(report(request, unreached));
  if (auto* ok = std::get_if<ReplyOk>(&reply)) {
    ok->parameters["mail_is_set"] = request.context.config.mail.is_set();
  }
  return reply;
}

}  // namespace usher::admin
