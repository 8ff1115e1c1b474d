// Letters to people about their own account: rendered, and queued in the caller's transaction, so
// that nothing happens without the notice of it, and no notice without what it tells. Where no mail
// server is set nothing is queued, and nothing fails; what was told to all their addresses is news
// that they read at their next sign-in, with mail or without (daemon/sign_in/news.hpp).
#pragma once

#include <optional>
#include <span>
#include <string_view>

#include "daemon/context.hpp"
#include "daemon/letters/letter.hpp"
#include "daemon/letters/value.hpp"
#include "daemon/store/contacts.hpp"

namespace usher::notices {

struct Means {
  const daemon::Config& config;
  const crypto::Sealer& sealer;
  ports::Entropy& entropy;
  ports::Clock& clock;
  const letters::Letterhead& letterhead;
  const post::SmsSettings* sms = nullptr;  // null: no text message leaves
};
Means means_of(const daemon::Services& services);

// Whose letter it is: the person's organisation where there is one only, as in the greeting; and
// whom they ask, as at a sign-in.
struct Sender {
  std::string organisation;
  std::string support;
};
Result<Sender> sender_for(store::Database& database, const Means& means,
                          const store::PersonRecord& person);

// notices.off does not name the letter.
bool is_wanted(const daemon::Config& config, letters::Letter letter);
// And mail is set up.
bool is_sent(const daemon::Config& config, letters::Letter letter);

// What the letter's row names beside organisation, login, host, time and support.
using Values = std::span<const letters::Value>;

// As the clocks on this machine's walls show it.
letters::Moment moment_of(ports::Clock& clock, ports::Instant at);

// To every confirmed address of theirs but `but`, in their language. A letter that notices.off
// names is not sent. One that can be objected to holds a code for it, where the address may get
// codes: one that does not serve recovery, yet or any more, may be somebody else's. Who has no
// address that may is sent a text message as well, of what nobody may do without, as long as there
// are any left for the day.
Result<void> tell(store::Database& database, const Means& means, const store::PersonRecord& person,
                  letters::Letter letter, Values values, ports::Instant now,
                  std::optional<store::ContactId> but = {});

struct Envelope {
  std::string_view to;
  std::chrono::milliseconds useful_for = std::chrono::days(7);
};
// To one address, whatever is known of it. No recovery code goes this way without
// contacts::usable_contacts() having named the address.
Result<void> tell_at(store::Database& database, const Means& means,
                     const store::PersonRecord& person, const Envelope& envelope,
                     letters::Letter letter, Values values, ports::Instant now);

// To an address, and about no account.
Result<void> tell_address(store::Database& database, const Means& means, const Envelope& envelope,
                          letters::Letter letter, Values values, ports::Instant now);

}  // namespace usher::notices
