// Codes and notices to somebody's phone: the text filled in, cut to what two pieces carry, and
// queued in the caller's transaction. It costs money and reaches anybody's phone: country and
// budgets are held where it is queued (post/outgoing_sms.hpp).
#pragma once

#include "daemon/notices/tell.hpp"
#include "daemon/texts/texts.hpp"

namespace usher::notices {

// Of what may be sent in a day: what anybody causes leaves the owner some.
enum class Share : std::uint8_t { anybodys, owners };

struct TextWithCode {
  std::string_view to;     // E.164
  std::string_view event;  // as the log of messages names it
  texts::Text text;        // may name code, login, organisation, host and support
  std::string_view code;
  std::chrono::milliseconds useful_for;
  Share share = Share::anybodys;
};

enum class Texting : std::uint8_t {
  queued,
  not_there,  // no text message goes to that country
  too_many,   // to this person or to all together, for this day
};

// Errc::unavailable: there is no gateway. No recovery code goes this way without
// contacts::usable_contacts() having named the number.
Result<Texting> text_code(store::Database& database, const Means& means,
                          const store::PersonRecord& person, const TextWithCode& message,
                          ports::Instant now);

// The event in a few words, without a code, out of what anybody causes; nothing where there is no
// gateway, none goes to that country, or none is left for the day.
Result<void> text_notice(store::Database& database, const Means& means,
                         const store::PersonRecord& person, std::string_view to,
                         letters::Letter letter, ports::Instant now);

}  // namespace usher::notices
