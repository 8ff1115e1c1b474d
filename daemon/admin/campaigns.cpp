// The verbs on campaigns: people are asked at their sign-ins to confirm once more where they are
// reached. One that could not send its codes is not started.
#include "daemon/store/campaigns.hpp"

#include <fmt/format.h>

#include <limits>

#include "daemon/admin/errors.hpp"
#include "daemon/admin/handlers.hpp"
#include "daemon/store/groups.hpp"

namespace usher::admin {
namespace {

using store::CampaignAim;
using store::CampaignId;
using store::CampaignRecord;
using store::CampaignScope;
using store::ContactKind;
using store::Database;

CampaignAim aim_of(const Parameters& parameters) {
  CampaignAim aim;
  if (parameters.text("kind") == store::name_of(ContactKind::mobile)) {
    aim.kind = ContactKind::mobile;
  }
  if (const auto organisation = parameters.optional_text("organisation")) {
    aim.scope = CampaignScope::organisation;
    aim.whom = *organisation;
  }
  if (const auto group = parameters.optional_text("group")) {
    aim.scope = CampaignScope::group;
    aim.whom = *group;
  }
  return aim;
}

// "mail, group crew"
std::string words_of(const CampaignAim& aim) {
  std::string words(store::name_of(aim.kind));
  words += fmt::format(", {}", store::name_of(aim.scope));
  if (!aim.whom.empty()) words += " " + aim.whom;
  return words;
}

// None, or that nobody of that name is there.
Result<std::optional<ReplyError>> nobody_meant(Database& database, const CampaignAim& aim) {
  switch (aim.scope) {
    case CampaignScope::everybody:
      break;
    case CampaignScope::organisation:
      if (TRY(store::find_organisation(database, aim.whom))) break;
      return std::optional(no_such_organisation(aim.whom));
    case CampaignScope::group:
      if (TRY(store::find_group(database, aim.whom))) break;
      return std::optional(no_such_group(aim.whom));
  }
  return std::optional<ReplyError>();
}

// What a campaign of that kind needs and does not find; empty: it may start.
std::string missing_for(const AdminContext& context, ContactKind kind) {
  switch (kind) {
    case ContactKind::mail:
      return trouble_with_mail(context);
    case ContactKind::mobile:
      return trouble_with_sms(context);
  }
  return "";
}

Json campaign_json(const CampaignRecord& campaign) {
  Json row = Json::object();
  row["sequence"] = static_cast<std::int64_t>(campaign.id);
  row["kind"] = store::name_of(campaign.aim.kind);
  row["scope"] = store::name_of(campaign.aim.scope);
  if (!campaign.aim.whom.empty()) row["whom"] = campaign.aim.whom;
  row["started_at"] = milliseconds(campaign.started_at);
  if (campaign.stopped_at) row["stopped_at"] = milliseconds(*campaign.stopped_at);
  row["asked"] = campaign.asked;
  row["left"] = campaign.left;
  row["gone"] = campaign.gone;
  row["unreachable"] = campaign.unreachable;
  return row;
}

CampaignId campaign_in(const Parameters& parameters) {
  return CampaignId{parameters.number("campaign").value_or(0)};
}

ReplyError no_such_campaign() {
  return invalid_parameter("campaign", "there is no such campaign");
}

}  // namespace

Result<Reply> start_campaign(const Request& request) {
  const Parameters& parameters = request.parameters;
  if (parameters.optional_text("organisation") && parameters.optional_text("group")) {
    return Reply(invalid_parameter("group", "not together with organisation"));
  }
  const CampaignAim aim = aim_of(parameters);
  const std::string missing = missing_for(request.context, aim.kind);
  const bool only_look = parameters.truth("only_check");
  if (!missing.empty() && !only_look) return Error(Errc::conflict, missing);
  return request.context.store.write([&](Database& database) -> Result<Reply> {
    if (auto nobody = TRY(nobody_meant(database, aim))) return Reply(std::move(*nobody));
    const store::CampaignReach reach = TRY(store::reach_of(database, aim));
    ReplyOk reply;
    reply.parameters["people"] = reach.people;
    reply.parameters["contacts"] = reach.contacts;
    reply.parameters["without"] = reach.without;
    if (!missing.empty()) reply.parameters["missing"] = missing;
    if (only_look) return Reply(std::move(reply));
    if (reach.contacts == 0) return Error(Errc::conflict, "there is nothing to confirm");
    const CampaignId id = TRY(store::start_campaign(database, aim, request.now));
    reply.parameters["campaign"] = static_cast<std::int64_t>(id);
    TRY(record_change(database, request, "",
                      fmt::format("{}: {} contacts", words_of(aim), reach.contacts)));
    return Reply(std::move(reply));
  });
}

Result<Reply> stop_campaign(const Request& request) {
  const CampaignId id = campaign_in(request.parameters);
  return request.context.store.write([&](Database& database) -> Result<Reply> {
    const auto campaign = TRY(store::find_campaign(database, id));
    if (!campaign) return Reply(no_such_campaign());
    if (!TRY(store::stop_campaign(database, id, request.now))) {
      return Error(Errc::conflict, "it was stopped before");
    }
    TRY(record_change(
        database, request, "",
        fmt::format("{}: {} contacts were left", words_of(campaign->aim), campaign->left)));
    ReplyOk reply;
    reply.parameters["left"] = campaign->left;
    return Reply(std::move(reply));
  });
}

Result<Reply> list_campaigns(const Request& request) {
  const Parameters& parameters = request.parameters;
  const std::int64_t limit = parameters.number("limit").value_or(kDefaultPage);
  std::optional<CampaignId> before;
  if (const auto number = parameters.number("before")) before = CampaignId{*number};
  return request.context.store.read([&](Database& database) -> Result<Reply> {
    Page page(limit);
    bool more = false;
    for (const auto& campaign : TRY(store::list_campaigns(database, before, limit + 1))) {
      more = !TRY(page.add(campaign_json(campaign)));
      if (more) break;
    }
    ReplyOk reply;
    reply.parameters["campaigns"] = page.take_rows();
    reply.parameters["more"] = more;
    return Reply(std::move(reply));
  });
}

Result<Reply> show_campaign(const Request& request) {
  const Parameters& parameters = request.parameters;
  const std::int64_t limit = parameters.number("limit").value_or(kDefaultPage);
  return request.context.store.read([&](Database& database) -> Result<Reply> {
    const auto campaign = TRY(store::find_campaign(database, campaign_in(parameters)));
    if (!campaign) return Reply(no_such_campaign());
    Page page(limit);
    bool more = false;
    for (const auto& name : TRY(store::list_people_left(database, campaign->id,
                                                        parameters.text("after"), limit + 1))) {
      more = !TRY(page.add(Json(name)));
      if (more) break;
    }
    ReplyOk reply;
    reply.parameters["campaign"] = campaign_json(*campaign);
    reply.parameters["people"] = page.take_rows();
    reply.parameters["more"] = more;
    return Reply(std::move(reply));
  });
}

}  // namespace usher::admin
