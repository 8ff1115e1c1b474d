// A mail between the decision to send it and usher-courier: sealed in the store, with what it takes
// to send it only when it leaves. A changed setting holds for what is already waiting.
#pragma once

#include "daemon/crypto/sealer.hpp"
#include "daemon/ports/entropy.hpp"
#include "daemon/post/mail_settings.hpp"
#include "daemon/store/outbox.hpp"

namespace usher::post {

struct OutgoingMail {
  std::optional<store::PersonId> person{};  // none: an administrator's test
  std::string_view event;                   // "invitation"; 1 to 32 characters
  std::string_view to;                      // an address
  const protocol::courier::MailText& text;
  std::chrono::milliseconds useful_for;  // afterwards it is not sent any more
  store::Urgency urgency = store::Urgency::none;
};

struct SealingMeans {
  const crypto::Sealer& sealer;
  ports::Entropy& entropy;
};

// Belongs in the transaction that decides what the mail tells: neither comes without the other.
// Returns the message's id. Errc::invalid_input: no address, or a text that is not to be sent.
Result<std::string> queue_mail(store::Database& database, const SealingMeans& means,
                               const OutgoingMail& mail, ports::Instant now);

// As it goes to usher-courier. Errc::invalid_input names the message's field that may not be sent;
// Errc::damaged: it was sealed with another key, or in another place. Every other code is no fault
// of the message: Errc::unavailable names a field of the settings.
Result<protocol::courier::Work> work_of(const store::TakenMessage& taken,
                                        const crypto::Sealer& sealer, const MailSettings& settings);

}  // namespace usher::post
