// The code is never in a string: it is joined to what stands around it.
#include "daemon/notices/text_message.hpp"

#include <algorithm>

#include "daemon/post/outgoing_sms.hpp"
#include "daemon/sms/length.hpp"

namespace usher::notices {
namespace {

// Names are of any length; what is cut off for them stands behind the code.
constexpr std::size_t kMostPieces = 2;
// No text that is sent holds one.
constexpr std::string_view kPlaceOfCode = "\x01";

// Two of a person's, and a fifth of all, are kept for who is at the console, or signed in already.
post::SmsBudget budget_for(const daemon::Config& config, Share share) {
  constexpr std::int64_t kKept = 2;
  post::SmsBudget budget = config.sms.budget;
  if (share == Share::owners) return budget;
  budget.per_person = std::max<std::int64_t>(1, budget.per_person - kKept);
  budget.per_day -= budget.per_day / 5;
  return budget;
}

Result<Secret> text_of(store::Database& database, const Means& means,
                       const store::PersonRecord& person, const TextWithCode& message) {
  const Sender sender = TRY(sender_for(database, means, person));
  const auto language = person.language.value_or(means.config.language);
  const std::string around = texts::fill(
      language, message.text, fmt::arg("code", kPlaceOfCode), fmt::arg("login", person.name.view()),
      fmt::arg("organisation", sender.organisation), fmt::arg("host", means.letterhead.host),
      fmt::arg("support", sender.support));
  const std::string_view text = around;
  const std::size_t place = text.find(kPlaceOfCode);
  if (place == std::string_view::npos) return Error(Errc::internal, "a text without its code");
  const Secret whole =
      TRY(Secret::join({text.substr(0, place), message.code, text.substr(place + 1)}));
  return Secret::copy(sms::within(whole.view(), kMostPieces));
}

}  // namespace

Result<Texting> text_code(store::Database& database, const Means& means,
                          const store::PersonRecord& person, const TextWithCode& message,
                          ports::Instant now) {
  if (means.sms == nullptr || !means.sms->is_set()) {
    return Error(Errc::unavailable, "there is no gateway for text messages");
  }
  const Secret text = TRY(text_of(database, means, person, message));
  const auto queued = post::queue_sms(database, {means.sealer, means.entropy},
                                      {.person = person.id,
                                       .event = message.event,
                                       .to = message.to,
                                       .text = text,
                                       .useful_for = message.useful_for,
                                       .urgency = store::Urgency::waited_for},
                                      *means.sms, budget_for(means.config, message.share), now);
  if (queued) return Texting::queued;
  if (queued.error().code() == Errc::not_permitted) return Texting::not_there;
  if (queued.error().code() == Errc::exhausted) return Texting::too_many;
  return queued.error();
}

}  // namespace usher::notices
