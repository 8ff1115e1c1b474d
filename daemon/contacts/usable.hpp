// Which contacts a recovery or second-factor code may be sent to. Every sender of one asks here,
// and nobody decides it elsewhere: docs/adr/0028.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "daemon/config.hpp"
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

// Whom a provider signs in confirms nothing here: what holds no code goes to any address that staff
// or the directory vouch for.
Result<std::vector<store::ContactRecord>> vouched_addresses(store::Database& database,
                                                            store::PersonId person);

// What the person is to confirm next of that kind; null: all is confirmed.
const store::ContactRecord* next_to_confirm(const std::vector<store::ContactRecord>& contacts,
                                            store::ContactKind kind);
bool has_any(const std::vector<store::ContactRecord>& contacts, store::ContactKind kind);

// One that is to be confirmed, or one that is wanted where none is known: addresses always, numbers
// where sms.ask_for_number says so.
bool is_to_be_asked(const std::vector<store::ContactRecord>& contacts, store::ContactKind kind,
                    const daemon::Config& config);

inline constexpr store::ContactKind kKinds[] = {store::ContactKind::mail,
                                                store::ContactKind::mobile};
// There is a server or a gateway for it.
bool is_set_up(store::ContactKind kind, const daemon::Config& config);
// To which kinds codes for forgotten passwords go, best first: forgot.by. Of these, what is set up.
std::vector<store::ContactKind> kinds_by_preference(const daemon::Config& config);
std::vector<store::ContactKind> recovery_kinds(const daemon::Config& config);

}  // namespace usher::contacts
