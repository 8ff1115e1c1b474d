// An address and then a number, each if it is to be confirmed. What is typed with an @ in it is an
// address, and with a plus a number, where the code is asked for, too: whoever mistyped their own
// is not held up by a code they can never get.
#include "daemon/sign_in/contact_confirmation.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "daemon/contacts/usable.hpp"
#include "daemon/contacts/value.hpp"
#include "daemon/sign_in/flows.hpp"
#include "daemon/sign_in/pending_actions.hpp"
#include "daemon/sign_in/person_policy.hpp"
#include "daemon/sign_in/yes.hpp"
#include "daemon/store/audit.hpp"

namespace usher::sign_in {
namespace {

using contacts::Sending;
using contacts::Taken;
using contacts::Wish;
using daemon::Step;
using store::ContactRecord;
using store::Database;
using texts::Text;

using store::ContactKind;

constexpr int kRounds = 3;

// How each kind is spoken of.
struct Words {
  ContactKind kind;
  Text missing, stored, code, not_one, refused, needs_proof, kept, kept_held;
};
constexpr std::array kWords{
    Words{ContactKind::mail, Text::mail_address, Text::confirm_address_now, Text::contact_code,
          Text::not_an_address, Text::contact_code_refused, Text::contact_needs_proof,
          Text::contact_kept, Text::contact_kept_held},
    Words{ContactKind::mobile, Text::mobile_number, Text::confirm_number_now, Text::number_code,
          Text::not_a_number, Text::number_code_refused, Text::number_needs_proof,
          Text::number_kept, Text::number_kept_held},
};

struct Talk {
  const daemon::Context& context;
  ports::Person& person;
  const store::PersonRecord& record;
  contacts::Proof proof;
  const Words& words;

  notices::Means means() const { return notices::means_of(context.services); }
  ports::Instant now() const { return context.services.clock.now(); }
  Result<void> tell(std::string_view text) const { return person.tell(ports::Tone::info, text); }
  Result<void> tell(Text text) const { return tell(context.text(text)); }
  Result<Secret> ask(std::string_view question) const {
    return person.ask({question, ports::Echo::shown});
  }
  std::string masked(std::string_view value) const { return contacts::masked(words.kind, value); }
  std::string naming(Text text, std::string_view shown) const {
    return texts::fill(context.language, text, fmt::arg("contact", shown));
  }
  std::optional<std::string> parse(std::string_view typed) const {
    const std::string& country = context.services.config.sms.national_country;
    return contacts::parse_value(words.kind, typed, country);
  }
};

Result<std::vector<ContactRecord>> contacts_of(const Talk& t) {
  return t.context.services.store.read(
      [&](Database& database) { return store::list_contacts(database, t.record.id); });
}

// --- Which address ---

// A typed one takes the place of the one that was asked about; one they have anyhow takes nobody's.
// None: it would need a proof that this conversation has not shown.
Result<std::optional<Wish>> wish_for(const Talk& t, const std::string& address) {
  const auto known = TRY(contacts_of(t));
  const ContactRecord* asked = contacts::next_to_confirm(known, t.words.kind);
  const auto same = TRY(t.context.services.store.read([&](Database& database) {
    return store::find_contact(database, t.record.id, t.words.kind, address);
  }));
  // As it is written there: only their server knows whether it means the same in other letters.
  if (same) return std::optional(Wish{t.words.kind, same->value, std::nullopt});
  if (asked == nullptr) return std::optional(Wish{t.words.kind, address, std::nullopt});
  if (asked->confirmed_at && !contacts::may_replace(t.proof)) {
    TRY(t.tell(t.context.text_naming_support(t.words.needs_proof)));
    return std::optional<Wish>();
  }
  return std::optional(Wish{t.words.kind, address, asked->id});
}

std::string question_about(const Talk& t, const ContactRecord* stored) {
  if (stored == nullptr) return std::string(t.context.text(t.words.missing));
  return t.naming(t.words.stored, t.masked(stored->value));
}

struct Asked {
  Wish wish;
  std::string shown;  // what was typed as it was, so that a slip is seen; what was stored masked
};

Result<std::optional<Asked>> asked_for(const Talk& t, const std::string& address) {
  auto wish = TRY(wish_for(t, address));
  if (!wish) return std::optional<Asked>();
  return std::optional(Asked{std::move(*wish), address});
}

// None: they do not want to now, or typed none in three rounds.
Result<std::optional<Asked>> ask_which(const Talk& t) {
  const auto known = TRY(contacts_of(t));
  const ContactRecord* stored = contacts::next_to_confirm(known, t.words.kind);
  for (int round = 0; round < kRounds; ++round) {
    const Secret typed = TRY(t.ask(question_about(t, stored)));
    if (typed.empty()) return std::optional<Asked>();
    if (stored != nullptr && is_yes(t.context, typed.view())) {
      return std::optional(
          Asked{{t.words.kind, stored->value, std::nullopt}, t.masked(stored->value)});
    }
    const auto address = t.parse(typed.view());
    if (address) return asked_for(t, *address);
    TRY(t.tell(t.words.not_one));
  }
  return std::optional<Asked>();
}

// --- The code ---

// Who was suspended or reset meanwhile gets no code, and confirms nothing.
Result<void> check_stands(const Talk& t, Database& database) {
  if (TRY(still_stands(database, t.record))) return {};
  return Error(Errc::conflict, "the person changed while they were asked");
}

Result<Sending> send(const Talk& t, const Wish& wish) {
  const daemon::Facts& facts = t.context.facts;
  const auto sending =
      TRY(t.context.services.store.write([&](Database& database) -> Result<Sending> {
        TRY(check_stands(t, database));
        return contacts::send_code(database, t.means(), t.record, wish,
                                   {facts.service, facts.rhost}, t.now());
      }));
  switch (sending) {
    case Sending::sent:
      t.context.trail.note(Step::contact_code_sent);
      break;
    case Sending::too_soon:
      TRY(t.tell(Text::contact_code_soon));
      break;
    case Sending::too_many:
      TRY(t.tell(Text::contact_codes_spent));
      break;
    case Sending::too_many_today:
      TRY(t.tell(Text::number_codes_spent));
      break;
    case Sending::not_there:
      TRY(t.tell(t.context.text_naming_support(Text::number_not_served)));
      break;
  }
  return sending;
}

Result<void> record(const Talk& t, Database& database, const ContactRecord& confirmed) {
  store::AuditRecord audit = record_of(t.context, t.context.request);
  audit.operation = policy::name_of(policy::Action::confirm_contact);
  audit.outcome = name_of(protocol::Outcome::accept);
  audit.reason = name_of(Reason::contact_confirmed);
  audit.person = t.record.name.view();
  audit.detail = fmt::format("{} {}", store::name_of(confirmed.kind),
                             contacts::masked(confirmed.kind, confirmed.value));
  TRY(store::append_audit(database, audit));
  return {};
}

Result<contacts::Taking> take(const Talk& t, std::string_view typed) {
  using contacts::Taking;
  return t.context.services.store.write([&](Database& database) -> Result<Taking> {
    TRY(check_stands(t, database));
    Taking taking = TRY(
        contacts::take_code(database, t.means(), t.record, t.words.kind, typed, t.proof, t.now()));
    if (taking.taken == Taken::confirmed) TRY(record(t, database, taking.contact));
    return taking;
  });
}

Result<void> tell_confirmed(const Talk& t, const ContactRecord& contact) {
  const bool held = contacts::standing_of(contact, t.now()) == contacts::Standing::held;
  if (!held) return t.tell(t.words.kept);
  return t.tell(texts::fill(t.context.language, t.words.kept_held,
                            fmt::arg("hours", contacts::kHold.count())));
}

// None: the next round.
Result<std::optional<Confirming>> try_code(const Talk& t, std::string_view typed) {
  const contacts::Taking taking = TRY(take(t, typed));
  switch (taking.taken) {
    case Taken::confirmed:
      TRY(tell_confirmed(t, taking.contact));
      return std::optional(Confirming::done);
    case Taken::wrong:
      t.context.trail.note(Step::contact_code_wrong);
      TRY(t.tell(t.words.refused));
      return std::optional<Confirming>();
    case Taken::dead:
      t.context.trail.note(Step::contact_code_wrong);
      TRY(t.tell(Text::contact_code_dead));
      return std::optional(Confirming::put_off);
  }
  return std::optional(Confirming::put_off);
}

Result<Confirming> ask_for_code(const Talk& t, std::string shown) {
  for (int round = 0; round < kRounds; ++round) {
    const Secret typed = TRY(t.ask(t.naming(t.words.code, shown)));
    if (typed.empty()) return Confirming::put_off;
    const bool is_code = contacts::looks_like_a_code(typed.view());
    if (const auto other = is_code ? std::nullopt : t.parse(typed.view())) {
      auto asked = TRY(asked_for(t, *other));
      if (asked && TRY(send(t, asked->wish)) == Sending::sent) shown = std::move(asked->shown);
    } else if (const auto ended = TRY(try_code(t, typed.view()))) {
      return *ended;
    }
  }
  return Confirming::put_off;
}

// None: no code was waited for.
Result<std::optional<Confirming>> confirm_one(const Talk& t) {
  const auto open = TRY(t.context.services.store.read([&](Database& database) {
    return contacts::open_code(database, t.means(), t.record, t.words.kind, t.proof);
  }));
  if (open) return std::optional(TRY(ask_for_code(t, t.masked(open->value))));
  const auto asked = TRY(ask_which(t));
  if (!asked || TRY(send(t, asked->wish)) != Sending::sent) return std::optional<Confirming>();
  return std::optional(TRY(ask_for_code(t, asked->shown)));
}

bool leaves(const daemon::Services& services, ContactKind kind) {
  const bool is_mail = kind == ContactKind::mail;
  return (is_mail ? services.mail_leaves : services.sms_leaves) == daemon::Leaves::yes;
}

bool holds(const std::vector<ContactKind>& kinds, ContactKind kind) {
  return std::find(kinds.begin(), kinds.end(), kind) != kinds.end();
}

}  // namespace

Result<std::vector<ContactKind>> kinds_to_confirm(const daemon::Context& context,
                                                  const store::PersonRecord& record) {
  const policy::Policy policy = TRY(policy_of(context, record.id));
  return context.services.store.read([&](Database& database) -> Result<std::vector<ContactKind>> {
    const Standing standing = TRY(read_standing(database, record.id));
    std::vector<ContactKind> kinds;
    for (const ContactKind kind : contacts::kKinds) {
      if (wants_confirmed(policy, standing, kind) && leaves(context.services, kind) &&
          contacts::is_to_be_asked(standing.contacts, kind, context.services.config)) {
        kinds.push_back(kind);
      }
    }
    return kinds;
  });
}

Result<Confirming> confirm_contacts(const daemon::Context& context, ports::Person& person,
                                    const store::PersonRecord& record, contacts::Proof proof,
                                    const std::vector<ContactKind>& kinds) {
  for (const Words& words : kWords) {
    if (!holds(kinds, words.kind)) continue;
    if (const auto ended = TRY(confirm_one({context, person, record, proof, words}))) return *ended;
  }
  return Confirming::put_off;
}

}  // namespace usher::sign_in
