// Checked where it is queued, so that whoever decides hears of it; and once more where it leaves.
#include "daemon/post/outgoing.hpp"

#include "daemon/post/sealed_place.hpp"

namespace usher::post {
namespace {

using protocol::courier::Mail;
using protocol::courier::MailText;
using protocol::courier::Work;

}  // namespace

Result<std::string> queue_mail(store::Database& database, const SealingMeans& means,
                               const OutgoingMail& mail, ports::Instant now) {
  if (!protocol::courier::is_address(mail.to)) return Error(Errc::invalid_input, "no mail address");
  TRY(protocol::courier::check(mail.text));
  std::string uuid = crypto::random_id(means.entropy);
  const std::string row = row_of(uuid, mail.event, mail.to);
  const std::string sealed =
      TRY(means.sealer.seal(TRY(protocol::courier::bytes_of(mail.text)), place_of(row)));
  TRY(store::queue_message(database, {.uuid = uuid,
                                      .person = mail.person,
                                      .service = store::Service::mail,
                                      .event = std::string(mail.event),
                                      .recipient = std::string(mail.to),
                                      .sealed = sealed,
                                      .queued_at = now,
                                      .ends_at = now + mail.useful_for,
                                      .urgency = mail.urgency}));
  return uuid;
}

Result<Work> work_of(const store::TakenMessage& taken, const crypto::Sealer& sealer,
                     const MailSettings& settings) {
  if (const auto usable = check(settings); !usable) {
    return Error(Errc::unavailable, usable.error().text());
  }
  const store::MessageRecord& record = taken.record;
  Mail mail = mail_by(settings, record.uuid);
  mail.to = record.recipient;
  mail.date = seconds_of(record.queued_at);
  const std::string row = row_of(record.uuid, record.event, record.recipient);
  mail.text = TRY(protocol::courier::mail_text_of(TRY(sealer.open(taken.sealed, place_of(row)))));
  TRY(protocol::courier::check(mail));
  return Work{record.uuid, std::move(mail)};
}

}  // namespace usher::post
