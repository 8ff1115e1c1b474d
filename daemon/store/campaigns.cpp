// The campaigns and campaign_contacts tables. How far one is, is read from the contacts themselves:
// there is no second place that could say otherwise.
#include "daemon/store/campaigns.hpp"

#include "daemon/store/columns.hpp"

namespace usher::store {
namespace {

// Macros: statements are literals. `p` is a person, `k` a contact of theirs; the first parameter is
// the scope's name, the second whom.
#define USHER_AIMED_AT                                                                          \
  "p.state = 'active' AND p.source = 'local' AND (?1 = 'everybody' OR ?1 = 'organisation' AND " \
  "EXISTS (SELECT 1 FROM memberships m JOIN organisations o ON o.id = m.organisation "          \
  "WHERE m.person = p.id AND o.name = ?2) OR ?1 = 'group' AND "                                 \
  "EXISTS (SELECT 1 FROM group_members m JOIN local_groups g ON g.id = m.local_group "          \
  "WHERE m.person = p.id AND g.name = ?2))"
#define USHER_UNCONFIRMED "(k.confirmed_at IS NULL OR k.doubted_at IS NOT NULL)"
// Nor since campaign `c` began: a later one's doubt is not its. What it doubted is told by its
// mark, `l`, whatever a clock said; what was doubted for another reason by the time.
#define USHER_LEFT  \
  USHER_UNCONFIRMED \
  " AND (k.confirmed_at IS NULL OR l.doubted = 1 OR k.confirmed_at <= c.started_at)"
// A running campaign has doubted it.
#define USHER_DOUBTED_BY_CAMPAIGN                                                          \
  "EXISTS (SELECT 1 FROM campaign_contacts r JOIN campaigns c ON c.id = r.campaign WHERE " \
  "r.contact = k.id AND r.doubted = 1 AND c.stopped_at IS NULL)"
// The order read_campaign() reads them in.
#define USHER_CAMPAIGN_COLUMNS                                                           \
  "c.id, c.kind, c.scope, c.whom, c.started_at, c.stopped_at, c.asked, "                 \
  "(SELECT count(*) FROM campaign_contacts l JOIN contacts k ON k.id = l.contact WHERE " \
  "l.campaign = c.id AND " USHER_LEFT                                                    \
  "), c.asked - (SELECT count(*) FROM campaign_contacts l WHERE l.campaign = c.id), "    \
  "(SELECT count(DISTINCT p.id) FROM campaign_contacts l JOIN contacts k ON k.id = "     \
  "l.contact JOIN people p ON p.id = k.person WHERE l.campaign = c.id AND " USHER_LEFT   \
  " AND p.last_sign_in_at > c.started_at AND coalesce(p.last_proven_at, 0) <= "          \
  "c.started_at)"

std::int64_t number_of(CampaignId id) {
  return static_cast<std::int64_t>(id);
}

// The tables' CHECKs know no other words.
CampaignScope scope_of(std::string_view name) {
  for (const CampaignScope scope : {CampaignScope::organisation, CampaignScope::group}) {
    if (name == name_of(scope)) return scope;
  }
  return CampaignScope::everybody;
}
ContactKind kind_of(std::string_view name) {
  return name == name_of(ContactKind::mobile) ? ContactKind::mobile : ContactKind::mail;
}

CampaignRecord read_campaign(const Query& row) {
  CampaignRecord campaign;
  campaign.id = CampaignId{row.integer(0)};
  campaign.aim = {kind_of(row.view(1)), scope_of(row.view(2)), row.text(3)};
  campaign.started_at = instant_of(row.integer(4));
  if (!row.is_null(5)) campaign.stopped_at = instant_of(row.integer(5));
  campaign.asked = row.integer(6);
  campaign.left = row.integer(7);
  campaign.gone = row.integer(8);
  campaign.unreachable = row.integer(9);
  return campaign;
}

// What an older store has not noted: no campaign holds what is not doubted.
Result<void> let_go_of_confirmed(Database& database) {
  Query query =
      TRY(database.query("UPDATE campaign_contacts SET doubted = 0 WHERE doubted = 1 AND contact "
                         "IN (SELECT id FROM contacts WHERE doubted_at IS NULL)"));
  return query.run();
}

}  // namespace

std::string_view name_of(CampaignScope scope) {
  switch (scope) {
    case CampaignScope::everybody:
      return "everybody";
    case CampaignScope::organisation:
      return "organisation";
    case CampaignScope::group:
      return "group";
  }
  return "";
}

Result<CampaignReach> reach_of(Database& database, const CampaignAim& aim) {
  Query query = TRY(database.query(
      "SELECT count(*), coalesce(sum(mine), 0), coalesce(sum(mine = 0), 0) FROM (SELECT (SELECT "
      "count(*) FROM contacts k WHERE k.person = p.id AND k.kind = ?3) AS mine FROM people p "
      "WHERE " USHER_AIMED_AT ")"));
  query.bind(name_of(aim.scope)).bind(aim.whom).bind(name_of(aim.kind));
  if (!TRY(query.next())) return CampaignReach{};
  return CampaignReach{query.integer(0), query.integer(1), query.integer(2)};
}

Result<CampaignId> start_campaign(Database& database, const CampaignAim& aim, ports::Instant now) {
  const CampaignReach reach = TRY(reach_of(database, aim));
  std::int64_t id = 0;
  {
    Query query = TRY(database.query(
        "INSERT INTO campaigns (scope, whom, kind, started_at, asked) VALUES (?, ?, ?, ?, ?) "
        "RETURNING id"));
    query.bind(name_of(aim.scope)).bind(aim.whom).bind(name_of(aim.kind));
    query.bind(number_of(now)).bind(reach.contacts);
    if (!TRY(query.next())) return Error(Errc::internal, "a campaign just added is not there");
    id = query.integer(0);
    TRY(query.run());
  }
  TRY(let_go_of_confirmed(database));
  {
    Query query = TRY(database.query(
        "INSERT INTO campaign_contacts (campaign, contact, doubted) SELECT ?4, k.id, "
        "k.confirmed_at IS NOT NULL AND (k.doubted_at IS NULL OR " USHER_DOUBTED_BY_CAMPAIGN
        ") FROM contacts k JOIN people p ON p.id = k.person "
        "WHERE k.kind = ?3 AND " USHER_AIMED_AT));
    TRY(query.bind(name_of(aim.scope)).bind(aim.whom).bind(name_of(aim.kind)).bind(id).run());
  }
  Query query = TRY(database.query(
      "UPDATE contacts SET doubted_at = ? WHERE doubted_at IS NULL AND confirmed_at IS NOT NULL "
      "AND id IN (SELECT contact FROM campaign_contacts WHERE campaign = ?)"));
  TRY(query.bind(number_of(now)).bind(id).run());
  return CampaignId{id};
}

Result<bool> stop_campaign(Database& database, CampaignId id, ports::Instant now) {
  {
    Query query =
        TRY(database.query("UPDATE campaigns SET stopped_at = ? WHERE id = ? AND stopped_at IS "
                           "NULL"));
    TRY(query.bind(number_of(now)).bind(number_of(id)).run());
    if (database.changed_rows() == 0) return false;
  }
  Query query = TRY(database.query(
      "UPDATE contacts AS k SET doubted_at = NULL WHERE k.doubted_at IS NOT NULL AND k.id IN "
      "(SELECT contact FROM campaign_contacts WHERE campaign = ? AND doubted = 1) AND "
      "NOT " USHER_DOUBTED_BY_CAMPAIGN));
  TRY(query.bind(number_of(id)).run());
  return true;
}

Result<std::vector<CampaignRecord>> list_campaigns(Database& database,
                                                   std::optional<CampaignId> before,
                                                   std::int64_t limit) {
  Query query = TRY(database.query("SELECT " USHER_CAMPAIGN_COLUMNS
                                   " FROM campaigns c WHERE c.id < coalesce(?, c.id + 1) "
                                   "ORDER BY c.id DESC LIMIT ?"));
  before ? query.bind(number_of(*before)) : query.bind_null();
  // SQLite reads a negative limit as "all".
  query.bind(limit < 0 ? 0 : limit);
  std::vector<CampaignRecord> campaigns;
  while (TRY(query.next())) campaigns.push_back(read_campaign(query));
  return campaigns;
}

Result<std::optional<CampaignRecord>> find_campaign(Database& database, CampaignId id) {
  Query query =
      TRY(database.query("SELECT " USHER_CAMPAIGN_COLUMNS " FROM campaigns c WHERE c.id = ?"));
  query.bind(number_of(id));
  if (!TRY(query.next())) return std::optional<CampaignRecord>();
  return std::optional<CampaignRecord>(read_campaign(query));
}

Result<std::vector<std::string>> list_people_left(Database& database, CampaignId id,
                                                  std::string_view after, std::int64_t limit) {
  Query query = TRY(database.query(
      "SELECT DISTINCT p.name FROM campaign_contacts l JOIN contacts k ON k.id = l.contact JOIN "
      "people p ON p.id = k.person JOIN campaigns c ON c.id = l.campaign WHERE c.id = ? AND p.name "
      "> ? AND " USHER_LEFT " ORDER BY p.name LIMIT ?"));
  query.bind(number_of(id)).bind(after).bind(limit < 0 ? 0 : limit);
  std::vector<std::string> names;
  while (TRY(query.next())) names.push_back(query.text(0));
  return names;
}

Result<std::vector<ContactKind>> kinds_asked_by_campaigns(Database& database, PersonId person) {
  Query query = TRY(database.query(
      "SELECT DISTINCT k.kind FROM contacts k JOIN campaign_contacts l ON l.contact = k.id JOIN "
      "campaigns c ON "
      "c.id = l.campaign WHERE k.person = ? AND c.stopped_at IS NULL AND " USHER_LEFT));
  query.bind(number_of(person));
  std::vector<ContactKind> kinds;
  while (TRY(query.next())) kinds.push_back(kind_of(query.view(0)));
  return kinds;
}

}  // namespace usher::store
