// One transaction a step: what is counted or spent is on the disk before it is told.
#include "daemon/contacts/confirmation.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "daemon/contacts/usable.hpp"
#include "daemon/contacts/value.hpp"
#include "daemon/notices/text_message.hpp"
#include "daemon/store/outbox.hpp"
#include "daemon/store/tries.hpp"

namespace usher::contacts {
namespace {

using letters::Letter;
using letters::Value;
using letters::Variable;
using notices::Means;
using store::ContactCode;
using store::ContactRecord;
using store::Database;
using store::PersonRecord;

constexpr std::size_t kDigits = 8;

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

// Each digit as likely as the others to within one in 10^11.
Result<Secret> draw_code(ports::Entropy& entropy) {
  std::array<char, sizeof(std::uint64_t)> drawn{};
  entropy.fill(drawn);
  std::uint64_t number = 0;
  for (const char byte : drawn) number = number << 8U | static_cast<unsigned char>(byte);
  wipe(drawn.data(), drawn.size());
  Secret code = TRY(Secret::zeroed(kDigits));
  for (char& digit : code.writable()) {
    digit = static_cast<char>('0' + number % 10);
    number /= 10;
  }
  return code;
}

// As it was typed, without blanks and hyphens; empty when it is none.
Result<Secret> digits_of(std::string_view typed) {
  Secret digits = TRY(Secret::zeroed(kDigits));
  std::size_t count = 0;
  for (const char c : typed) {
    if (c == ' ' || c == '-') continue;
    if (!is_digit(c) || count == kDigits) return Secret();
    digits.writable()[count++] = c;
  }
  return count == kDigits ? std::move(digits) : Secret();
}

// Bound to the person and the contact: a row moved to another matches nothing.
std::string digest_of(const Means& means, const ContactCode& code, std::string_view digits) {
  const std::string owner = fmt::format("{} {} {}", static_cast<std::int64_t>(code.person),
                                        store::name_of(code.kind), code.value);
  return means.sealer.code_digest("confirm-contact", owner, digits);
}

Result<policy::Timepiece> time_of(Database& database, const Means& means) {
  return store::read_timepiece(database, daemon::reading_of(means.clock));
}

const ContactRecord* find_in(const std::vector<ContactRecord>& contacts, store::ContactId id) {
  const auto found = std::find_if(contacts.begin(), contacts.end(),
                                  [&](const ContactRecord& contact) { return contact.id == id; });
  return found == contacts.end() ? nullptr : &*found;
}

// Whoever shows a password only may correct what was never confirmed, and nothing else.
Result<bool> may_do(Database& database, const ContactCode& code, Proof proof) {
  if (!code.replaces || may_replace(proof)) return true;
  const auto contacts = TRY(store::list_contacts(database, code.person));
  const ContactRecord* replaced = find_in(contacts, *code.replaces);
  return replaced == nullptr || !replaced->confirmed_at;
}

// What a log of messages calls it, a kind each.
std::string_view event_of(store::ContactKind kind) {
  constexpr std::string_view kNumber = "confirm-number";
  return kind == store::ContactKind::mail ? letters::row_of(Letter::confirm_address).name : kNumber;
}

Result<Sending> mail_code(Database& database, const Means& means, const PersonRecord& person,
                          const Wish& wish, const Through& through, const Secret& code,
                          ports::Instant now) {
  std::vector<Value> values{
      {Variable::code, code.view()},
      {Variable::until, notices::moment_of(means.clock, now + kCodeLife)},
      {Variable::service, through.service},
  };
  if (!through.origin.empty()) values.push_back({Variable::origin, through.origin});
  TRY(notices::tell_at(database, means, person, {.to = wish.value, .useful_for = kCodeLife},
                       Letter::confirm_address, values, now));
  return Sending::sent;
}

Result<Sending> text_code(Database& database, const Means& means, const PersonRecord& person,
                          const Wish& wish, const Secret& code, ports::Instant now) {
  const auto texting = TRY(notices::text_code(database, means, person,
                                              {.to = wish.value,
                                               .event = event_of(wish.kind),
                                               .text = texts::Text::number_code_message,
                                               .code = code.view(),
                                               .useful_for = kCodeLife},
                                              now));
  switch (texting) {
    case notices::Texting::queued:
      return Sending::sent;
    case notices::Texting::not_there:
      return Sending::not_there;
    case notices::Texting::too_many:
      return Sending::too_many_today;
  }
  return Sending::not_there;
}

Result<Sending> queue_code(Database& database, const Means& means, const PersonRecord& person,
                           const Wish& wish, const Through& through, const Secret& code,
                           ports::Instant now) {
  switch (wish.kind) {
    case store::ContactKind::mail:
      return mail_code(database, means, person, wish, through, code, now);
    case store::ContactKind::mobile:
      return text_code(database, means, person, wish, code, now);
  }
  return Sending::not_there;
}

// What staff or a directory entered was theirs to vouch for, and one that was confirmed before
// keeps its time; what was typed at a sign-in waits, unless a second factor was shown with it.
ports::Instant counts_from(const std::optional<ContactRecord>& stored, Proof proof,
                           ports::Instant now) {
  if (stored && stored->counts_from) return *stored->counts_from;
  const bool typed = !stored || stored->source == store::ContactSource::person;
  return typed && proof != Proof::second_factor ? now + kHold : now;
}

Result<ContactRecord> confirm(Database& database, const ContactCode& code, Proof proof,
                              ports::Instant now) {
  const auto stored = TRY(store::find_contact(database, code.person, code.kind, code.value));
  // First: the new one may need its room.
  const bool gives_way = code.replaces && !(stored && stored->id == *code.replaces);
  if (gives_way) (void)TRY(store::delete_contact(database, *code.replaces));
  store::ContactId id{};
  if (stored) {
    id = stored->id;
  } else {
    id = TRY(store::add_contact(database,
                                {.person = code.person,
                                 .kind = code.kind,
                                 .value = code.value,
                                 .source = store::ContactSource::person},
                                now));
  }
  if (!TRY(store::confirm_contact(database, id, now, counts_from(stored, proof, now)))) {
    return Error(Errc::internal, "a contact that was found could not be confirmed");
  }
  const auto confirmed = TRY(store::find_contact(database, code.person, code.kind, code.value));
  if (!confirmed) return Error(Errc::internal, "a contact that was confirmed is not there");
  return *confirmed;
}

Result<void> tell_others(Database& database, const Means& means, const PersonRecord& person,
                         const ContactRecord& confirmed, ports::Instant now) {
  const std::string shown = masked(confirmed.kind, confirmed.value);
  std::vector<Value> values{{Variable::contact, std::string_view(shown)}};
  if (*confirmed.counts_from > now) {
    values.push_back(
        {Variable::counts_from, notices::moment_of(means.clock, *confirmed.counts_from)});
  }
  return notices::tell(database, means, person, Letter::contact_confirmed, values, now,
                       confirmed.id);
}

// Whether or not it was confirmed: it is what staff knew of the person.
Result<void> tell_replaced(Database& database, const Means& means, const PersonRecord& person,
                           const ContactRecord& replaced, const ContactRecord& by,
                           ports::Instant now) {
  if (replaced.kind != store::ContactKind::mail) return {};
  const std::string shown = masked(by.kind, by.value);
  const Value values[] = {{Variable::contact, std::string_view(shown)}};
  return notices::tell_at(database, means, person, {.to = replaced.value}, Letter::contact_changed,
                          values, now);
}

Result<Taking> count_wrong(Database& database, const ContactCode& code) {
  const bool counted = TRY(store::count_contact_try(database, code));
  const bool last = code.tries + 1 >= kCodeTries;
  return Taking{counted && last ? Taken::dead : Taken::wrong};
}

}  // namespace

bool looks_like_a_code(std::string_view typed) {
  const auto digits = std::count_if(typed.begin(), typed.end(), is_digit);
  const auto others = std::count_if(typed.begin(), typed.end(),
                                    [](char c) { return !is_digit(c) && c != ' ' && c != '-'; });
  return others == 0 && digits == static_cast<std::ptrdiff_t>(kDigits);
}

bool may_replace(Proof proof) {
  return proof != Proof::password;
}

Result<Sending> send_code(Database& database, const Means& means, const PersonRecord& person,
                          const Wish& wish, const Through& through, ports::Instant now) {
  const policy::Timepiece time = TRY(time_of(database, means));
  const auto recent =
      TRY(store::find_contact_code(database, person.id, wish.kind, time.at - kBetweenCodes));
  if (recent) return Sending::too_soon;
  constexpr std::chrono::hours kHour{1};
  const auto sent =
      TRY(store::count_messages_about(database, person.id, event_of(wish.kind), now - kHour, now));
  if (sent >= kCodesAnHour) return Sending::too_many;
  const Secret drawn = TRY(draw_code(means.entropy));
  ContactCode code{.person = person.id,
                   .kind = wish.kind,
                   .value = wish.value,
                   .replaces = wish.replaces,
                   .digest = {},
                   .epoch = person.epoch,
                   .sent_at = time.at};
  code.digest = digest_of(means, code, drawn.view());
  const Sending sending = TRY(queue_code(database, means, person, wish, through, drawn, now));
  // One that was sent before stays good where this one may not be.
  if (sending != Sending::sent) return sending;
  TRY(store::put_contact_code(database, code));
  // From here on the time goes on even if usherd is restarted.
  TRY(store::put_timepiece(database, time));
  return Sending::sent;
}

Result<std::optional<ContactCode>> open_code(Database& database, const Means& means,
                                             const PersonRecord& person, store::ContactKind kind,
                                             Proof proof) {
  const policy::Timepiece time = TRY(time_of(database, means));
  auto code = TRY(store::find_contact_code(database, person.id, kind, time.at - kCodeLife));
  if (!code || code->tries >= kCodeTries) return std::optional<ContactCode>();
  if (!TRY(may_do(database, *code, proof))) return std::optional<ContactCode>();
  return code;
}

Result<Taking> take_code(Database& database, const Means& means, const PersonRecord& person,
                         store::ContactKind kind, std::string_view typed, Proof proof,
                         ports::Instant now) {
  const auto code = TRY(open_code(database, means, person, kind, proof));
  if (!code) return Taking{Taken::dead};
  const Secret digits = TRY(digits_of(typed));
  const bool right =
      !digits.empty() && constant_time_equal(digest_of(means, *code, digits.view()), code->digest);
  if (!right) return count_wrong(database, *code);
  if (!TRY(store::spend_contact_code(database, *code))) return Taking{Taken::dead};
  const auto before = TRY(store::list_contacts(database, person.id));
  Taking taking{Taken::confirmed, TRY(confirm(database, *code, proof, now))};
  const ContactRecord* replaced = code->replaces ? find_in(before, *code->replaces) : nullptr;
  if (replaced != nullptr && replaced->id != taking.contact.id) {
    TRY(tell_replaced(database, means, person, *replaced, taking.contact, now));
  }
  TRY(tell_others(database, means, person, taking.contact, now));
  return taking;
}

Result<void> take_invitation(Database& database, const Means& means, const PersonRecord& person,
                             store::ContactId contact, ports::Instant now) {
  const auto contacts = TRY(store::list_contacts(database, person.id));
  const ContactRecord* invited = find_in(contacts, contact);
  if (invited == nullptr) return {};
  const ports::Instant since = counts_from(*invited, Proof::helpdesk_code, now);
  if (!TRY(store::confirm_contact(database, contact, now, since))) return {};
  ContactRecord confirmed = *invited;
  confirmed.counts_from = since;
  return tell_others(database, means, person, confirmed, now);
}

}  // namespace usher::contacts
