// Country and budget where it is queued; the country once more where it leaves.
#include "daemon/post/outgoing_sms.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.hpp"
#include "daemon/post/sealed_place.hpp"
#include "daemon/sms/countries.hpp"

namespace usher::post {
namespace {

using protocol::courier::Sms;
using protocol::courier::Work;

constexpr std::chrono::hours kDay{24};

Result<void> check_budget(store::Database& database, const OutgoingSms& sms,
                          const SmsBudget& budget, ports::Instant now) {
  const ports::Instant since = now - kDay;
  if (TRY(store::count_sms(database, since, now)) >= budget.per_day) {
    return Error(Errc::exhausted,
                 fmt::format("{} text messages were sent in the last 24 hours, which is "
                             "sms.per_day of usher.toml",
                             budget.per_day));
  }
  if (!sms.person) return {};
  if (TRY(store::count_sms_to(database, *sms.person, since, now)) >= budget.per_person) {
    return Error(Errc::exhausted,
                 fmt::format("{} text messages were sent to this person in the last 24 hours, "
                             "which is sms.per_person of usher.toml",
                             budget.per_person));
  }
  return {};
}

Result<void> check_text(const Secret& text) {
  using protocol::courier::kMaxSmsText;
  if (!text.empty() && text.size() <= kMaxSmsText &&
      is_plain_text(text.view(), Newlines::allowed)) {
    return {};
  }
  return Error(Errc::invalid_input, "text");
}

}  // namespace

bool SmsSettings::may_go_to(std::string_view number) const {
  const std::string_view country = sms::country_of(number);
  return !country.empty() &&
         std::any_of(countries.begin(), countries.end(),
                     [&](const std::string& each) { return sms::is_same_country(each, country); });
}

Result<std::string> queue_sms(store::Database& database, const SealingMeans& means,
                              const OutgoingSms& sms, const SmsSettings& settings,
                              const SmsBudget& budget, ports::Instant now) {
  if (!protocol::courier::is_phone_number(sms.to)) {
    return Error(Errc::invalid_input, "no phone number");
  }
  TRY(check_text(sms.text));
  if (!settings.may_go_to(sms.to)) {
    return Error(Errc::not_permitted, "no text message goes to that country: sms.countries");
  }
  TRY(check_budget(database, sms, budget, now));
  std::string uuid = crypto::random_id(means.entropy);
  const std::string row = row_of(uuid, sms.event, sms.to);
  const std::string sealed = TRY(means.sealer.seal(sms.text, place_of(row)));
  TRY(store::queue_message(database, {.uuid = uuid,
                                      .person = sms.person,
                                      .service = store::Service::sms,
                                      .event = std::string(sms.event),
                                      .recipient = std::string(sms.to),
                                      .sealed = sealed,
                                      .queued_at = now,
                                      .ends_at = now + sms.useful_for,
                                      .urgency = sms.urgency}));
  return uuid;
}

Result<Work> work_of(const store::TakenMessage& taken, const crypto::Sealer& sealer,
                     const SmsSettings& settings, ports::Instant now) {
  if (!settings.gateway) return Error(Errc::unavailable, "no gateway");
  if (const auto usable = check(*settings.gateway); !usable) {
    return Error(Errc::unavailable, usable.error().text());
  }
  const store::MessageRecord& record = taken.record;
  if (!settings.may_go_to(record.recipient)) return Error(Errc::invalid_input, "country");
  Sms sms;
  sms.gateway = *settings.gateway;
  sms.to = record.recipient;
  sms.reference = record.uuid;
  sms.date = seconds_of(now);
  const std::string row = row_of(record.uuid, record.event, record.recipient);
  sms.text = TRY(sealer.open(taken.sealed, place_of(row)));
  TRY(protocol::courier::check(sms));
  return Work{record.uuid, std::move(sms)};
}

}  // namespace usher::post
