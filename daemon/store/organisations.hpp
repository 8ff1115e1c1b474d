// The tables of organisations and of who belongs to them. One person is one uid with memberships in
// none, one or several; what an organisation changes are rules and texts, never a uid.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "daemon/store/people.hpp"

namespace usher::store {

enum class OrganisationId : std::int64_t {};

struct OrganisationRecord {
  OrganisationId id{};
  std::string name;          // directory::is_organisation_name: behind the @ of name@organisation
  std::string display_name;  // may be empty
  std::string support;       // whom its people ask; empty: the host's contact
  ports::Instant created_at{};
};

// What is missing stays as it is.
struct OrganisationTexts {
  std::optional<std::string> display_name{};
  std::optional<std::string> support{};
};

// Errc::already_exists: the name is taken. Errc::invalid_input: a name or text that is none.
Result<OrganisationRecord> add_organisation(Database& database, std::string_view name,
                                            const OrganisationTexts& texts, ports::Instant now);
Result<void> change_organisation(Database& database, OrganisationId organisation,
                                 const OrganisationTexts& texts);
Result<std::optional<OrganisationRecord>> find_organisation(Database& database,
                                                            std::string_view name);
// In name order, after `after`, at most `limit`.
Result<std::vector<OrganisationRecord>> list_organisations(Database& database,
                                                           std::string_view after,
                                                           std::int64_t limit);
// Its memberships go with it.
Result<void> delete_organisation(Database& database, OrganisationId organisation);

// False: belonged to it already, or did not.
Result<bool> join_organisation(Database& database, OrganisationId organisation, PersonId person);
Result<bool> leave_organisation(Database& database, OrganisationId organisation, PersonId person);
// Every one of them.
Result<void> leave_organisations(Database& database, PersonId person);
// Names in order, after `after`, at most `limit`.
Result<std::vector<std::string>> list_people_of(Database& database, OrganisationId organisation,
                                                std::string_view after, std::int64_t limit);
// In name order.
Result<std::vector<OrganisationRecord>> list_organisations_of(Database& database, PersonId person);

// Whom somebody asks who belongs to these: of them, or `otherwise`.
std::string_view support_of(const std::vector<OrganisationRecord>& theirs,
                            std::string_view otherwise);

}  // namespace usher::store
