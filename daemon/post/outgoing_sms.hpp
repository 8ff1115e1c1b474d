// A text message between the decision to send it and usher-courier, as a mail is: sealed in the
// store, with what it takes to send it only when it leaves. What costs money and reaches anybody's
// phone is counted before it is queued.
#pragma once

#include "daemon/post/outgoing.hpp"
#include "daemon/post/sms_settings.hpp"

namespace usher::post {

struct OutgoingSms {
  std::optional<store::PersonId> person{};  // none: an administrator's test
  std::string_view event;                   // "test"; 1 to 32 characters
  std::string_view to;                      // E.164
  const Secret& text;
  std::chrono::milliseconds useful_for;  // afterwards it is not sent any more
  store::Urgency urgency = store::Urgency::none;
};

// Belongs in the transaction that decides what it tells. Returns the message's id.
// Errc::invalid_input: no number, or a text that is not to be sent. Errc::not_permitted: none of
// the countries they go to. Errc::exhausted: the person, or all together, had as many as there may
// be.
Result<std::string> queue_sms(store::Database& database, const SealingMeans& means,
                              const OutgoingSms& sms, const SmsSettings& settings,
                              const SmsBudget& budget, ports::Instant now);

// As it goes to usher-courier; errors are work_of()'s for mails. A number that is not in a country
// any more is Errc::invalid_input, too.
Result<protocol::courier::Work> work_of(const store::TakenMessage& taken,
                                        const crypto::Sealer& sealer, const SmsSettings& settings,
                                        ports::Instant now);

}  // namespace usher::post
