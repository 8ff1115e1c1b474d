// The tables of campaigns: whose contacts are to be confirmed once more, and how far that is.
// Whether a campaign may start is not asked here.
#pragma once

#include "daemon/store/contacts.hpp"

namespace usher::store {

enum class CampaignId : std::int64_t {};

enum class CampaignScope : std::uint8_t { everybody, organisation, group };
std::string_view name_of(CampaignScope scope);

// Of these people the active ones whom this host signs in itself: nobody else is asked anything.
struct CampaignAim {
  ContactKind kind = ContactKind::mail;
  CampaignScope scope = CampaignScope::everybody;
  std::string whom{};  // the organisation's or the group's name
};

struct CampaignReach {
  std::int64_t people = 0;
  std::int64_t contacts = 0;  // of theirs, to be confirmed
  std::int64_t without = 0;   // people who have none of that kind
};
Result<CampaignReach> reach_of(Database& database, const CampaignAim& aim);

// What was confirmed is doubted from now on, and no code goes there until it is confirmed again.
// Belongs in one transaction.
Result<CampaignId> start_campaign(Database& database, const CampaignAim& aim, ports::Instant now);
// What it had doubted, and no other running one does, counts again. False: it does not run.
Result<bool> stop_campaign(Database& database, CampaignId id, ports::Instant now);

struct CampaignRecord {
  CampaignId id{};
  CampaignAim aim{};
  ports::Instant started_at{};
  std::optional<ports::Instant> stopped_at{};
  std::int64_t asked = 0;  // contacts
  std::int64_t left = 0;   // of these, not confirmed yet
  std::int64_t gone = 0;   // of these, not there any more
  // People who are left and came since it began, by a public key alone: nobody could ask them.
  std::int64_t unreachable = 0;
};
// Newest first; `before`: only older ones.
Result<std::vector<CampaignRecord>> list_campaigns(Database& database,
                                                   std::optional<CampaignId> before,
                                                   std::int64_t limit);
Result<std::optional<CampaignRecord>> find_campaign(Database& database, CampaignId id);
// Who has not confirmed yet, in name order after `after`.
Result<std::vector<std::string>> list_people_left(Database& database, CampaignId id,
                                                  std::string_view after, std::int64_t limit);

// Of which kinds a running campaign waits for one of the person's contacts.
Result<std::vector<ContactKind>> kinds_asked_by_campaigns(Database& database, PersonId person);

}  // namespace usher::store
