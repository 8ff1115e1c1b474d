// Which contacts a recovery or second-factor code may be sent to. Every sender of one asks here,
// and nobody decides it elsewhere: docs/adr/0028.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "daemon/store/contacts.hpp"

namespace usher::contacts {

enum class Standing : std::uint8_t {
  usable,
  unconfirmed,
  doubted,  // a campaign asks for it again
  held,     // confirmed, and its time has not come
};
std::string_view name_of(Standing standing);
Standing standing_of(const store::ContactRecord& contact, ports::Instant now);

// Those that codes may be sent to now, oldest first.
Result<std::vector<store::ContactRecord>> usable_contacts(store::Database& database,
                                                          store::PersonId person,
                                                          ports::Instant now);
// Whether that contact of theirs is one of them; none is not.
Result<bool> is_usable(store::Database& database, store::PersonId person,
                       std::optional<store::ContactId> contact, ports::Instant now);

// Notices go to every confirmed one, held or doubted too: of two people who may be the owner, both
// are to hear.
Result<std::vector<store::ContactRecord>> told_contacts(store::Database& database,
                                                        store::PersonId person);

// What the person is to confirm next; null: all is confirmed. Mobile numbers wait for a way to send
// to them.
const store::ContactRecord* next_to_confirm(const std::vector<store::ContactRecord>& contacts);
bool has_address(const std::vector<store::ContactRecord>& contacts);

}  // namespace usher::contacts
