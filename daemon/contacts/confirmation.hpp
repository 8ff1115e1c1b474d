// The codes that confirm an address or a number: sent, and taken; and the invitation, which does
// both. Eight digits that live for ten minutes of the throttle's own time and five tries, whichever
// connections they come through. What is taken here is a contact's only way to become confirmed.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "base/secret.hpp"
#include "daemon/notices/tell.hpp"
#include "daemon/store/contacts.hpp"

namespace usher::contacts {

inline constexpr std::chrono::minutes kCodeLife{10};
inline constexpr std::int64_t kCodeTries = 5;
inline constexpr std::chrono::seconds kBetweenCodes{60};
inline constexpr std::int64_t kCodesAnHour = 5;  // a person
// Before a typed address serves recovery, where nothing but a password was shown: time for its
// owner to read the notice.
inline constexpr std::chrono::hours kHold{24};

// What the conversation has shown. A helpdesk code is a one-time code that staff handed out.
enum class Proof : std::uint8_t { password, helpdesk_code, second_factor };
bool may_replace(Proof proof);

// What a code's coming back is to do.
struct Wish {
  store::ContactKind kind = store::ContactKind::mail;
  std::string value;                           // of parse_value()
  std::optional<store::ContactId> replaces{};  // goes then
};

// Where it is asked for, as the letter tells it.
struct Through {
  std::string_view service;
  std::string_view origin;  // empty: the console
};

enum class Sending : std::uint8_t {
  sent,
  too_soon,        // one was sent within kBetweenCodes
  too_many,        // kCodesAnHour
  too_many_today,  // text messages: sms.per_person or sms.per_day
  not_there,       // no text message goes to that number's country
};

// In place of the code there was. Belongs in a transaction of its own.
Result<Sending> send_code(store::Database& database, const notices::Means& means,
                          const store::PersonRecord& person, const Wish& wish,
                          const Through& through, ports::Instant now);

// Eight digits, as a number may be that is written without its country.
bool looks_like_a_code(std::string_view typed);

// A code that was sent and can still be typed. None also where it would take a confirmed contact's
// place and the conversation has not shown enough for that.
Result<std::optional<store::ContactCode>> open_code(store::Database& database,
                                                    const notices::Means& means,
                                                    const store::PersonRecord& person,
                                                    store::ContactKind kind, Proof proof);

enum class Taken : std::uint8_t {
  confirmed,
  wrong,  // there are tries left
  dead,   // it was the last try, or there is no code any more
};
struct Taking {
  Taken taken = Taken::dead;
  store::ContactRecord contact{};  // as it is confirmed
};
// Counts or spends, confirms, and tells every other confirmed contact; in one transaction, which is
// the caller's. Errc::conflict: they have as many contacts as anybody may have.
Result<Taking> take_code(store::Database& database, const notices::Means& means,
                         const store::PersonRecord& person, store::ContactKind kind,
                         std::string_view typed, Proof proof, ports::Instant now);

// The contact an invitation was mailed to, in the transaction that spends its code. It counts at
// once, as what staff enter does. Nothing where it is gone.
Result<void> take_invitation(store::Database& database, const notices::Means& means,
                             const store::PersonRecord& person, store::ContactId contact,
                             ports::Instant now);

}  // namespace usher::contacts
