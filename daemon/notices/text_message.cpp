// The code is never in a string: it is joined to what stands around it.
#include "daemon/notices/text_message.hpp"

#include <algorithm>

#include "daemon/post/outgoing_sms.hpp"
#include "daemon/sms/length.hpp"
#include "daemon/texts/events.hpp"

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

Result<Texting> queue(store::Database& database, const Means& means,
                      const post::OutgoingSms& message, Share share, ports::Instant now) {
  const auto queued = post::queue_sms(database, {means.sealer, means.entropy}, message, *means.sms,
                                      budget_for(means.config, share), now);
  if (queued) return Texting::queued;
  if (queued.error().code() == Errc::not_permitted) return Texting::not_there;
  if (queued.error().code() == Errc::exhausted) return Texting::too_many;
  return queued.error();
}

}  // namespace

Result<Texting> text_code(store::Database& database, const Means& means,
                          const store::PersonRecord& person, const TextWithCode& message,
                          ports::Instant now) {
  if (means.sms == nullptr || !means.sms->is_set()) {
    return Error(Errc::unavailable, "there is no gateway for text messages");
  }
  const Secret text = TRY(text_of(database, means, person, message));
  return queue(database, means,
               {.person = person.id,
                .event = message.event,
                .to = message.to,
                .text = text,
                .useful_for = message.useful_for,
                .urgency = store::Urgency::waited_for},
               message.share, now);
}

Result<void> text_notice(store::Database& database, const Means& means,
                         const store::PersonRecord& person, std::string_view to,
                         letters::Letter letter, ports::Instant now) {
  if (means.sms == nullptr || !means.sms->is_set()) return {};
  const auto language = person.language.value_or(means.config.language);
  const std::string_view event = letters::row_of(letter).name;
  const auto words = texts::event_named(language, event);
  if (!words) return {};
  const Sender sender = TRY(sender_for(database, means, person));
  const std::string text = texts::fill(
      language, texts::Text::notice_message, fmt::arg("event", *words),
      fmt::arg("login", person.name.view()), fmt::arg("organisation", sender.organisation),
      fmt::arg("host", means.letterhead.host), fmt::arg("support", sender.support));
  const Secret cut = TRY(Secret::copy(sms::within(text, kMostPieces)));
  (void)TRY(queue(database, means,
                  {.person = person.id,
                   .event = event,
                   .to = to,
                   .text = cut,
                   .useful_for = std::chrono::days(1)},
                  Share::anybodys, now));
  return {};
}

}  // namespace usher::notices
