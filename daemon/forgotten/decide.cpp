// Whatever is mailed goes to contacts::usable_contacts() only.
#include "daemon/forgotten/decide.hpp"

#include <algorithm>

#include "daemon/contacts/usable.hpp"
#include "daemon/contacts/value.hpp"
#include "daemon/forgotten/budgets.hpp"
#include "daemon/lifecycle.hpp"
#include "daemon/memberships.hpp"
#include "daemon/notices/text_message.hpp"
#include "daemon/sign_in/decision.hpp"
#include "daemon/sign_in/known_host.hpp"
#include "daemon/sign_in/one_time_code.hpp"
#include "daemon/store/audit.hpp"
#include "daemon/store/factors.hpp"
#include "daemon/store/tries.hpp"

namespace usher::forgotten {
namespace {

using daemon::ForgotFrom;
using daemon::Origin;
using letters::Letter;
using letters::Value;
using letters::Variable;
using sign_in::Reason;
using store::ContactRecord;
using store::Database;
using store::PersonRecord;

// At once; of these, what strangers may hold.
constexpr std::size_t kMostLive = 3;
constexpr std::size_t kMostLiveOfStrangers = 2;

Result<void> record(const Case& c, const PersonRecord& person, protocol::Outcome outcome,
                    Reason reason) {
  store::AuditRecord audit;
  audit.at = c.now;
  audit.request = c.request.request;
  audit.operation = kOperation;
  audit.outcome = protocol::name_of(outcome);
  audit.reason = sign_in::name_of(reason);
  audit.person = person.name.view();
  audit.service = c.request.service;
  audit.origin = c.request.origin;
  audit.rhost = c.request.rhost;
  TRY(store::append_audit(c.database, audit));
  return {};
}

Result<void> refuse(const Case& c, const PersonRecord& person, Reason reason) {
  return record(c, person, protocol::Outcome::refuse, reason);
}

std::vector<Value> with_place(const Case& c, std::vector<Value> values) {
  values.push_back({Variable::service, std::string_view(c.request.service)});
  if (!c.request.rhost.empty()) {
    values.push_back({Variable::origin, std::string_view(c.request.rhost)});
  }
  return values;
}

Result<void> send(const Case& c, const PersonRecord& person, const ContactRecord& contact,
                  Letter letter, std::vector<Value> values) {
  return notices::tell_at(c.database, c.means, person, {contact.value, kOfUse}, letter,
                          with_place(c, std::move(values)), c.now);
}

// --- Whether ---

bool may_ask_here(const Case& c) {
  switch (c.means.config.forgot_from) {
    case ForgotFrom::local:
      return c.origin() == Origin::local_seat;
    case ForgotFrom::known:
      return c.origin() != Origin::unknown_host;
    case ForgotFrom::any:
      return true;
  }
  return false;
}

Reason reason_of(daemon::Closed closed) {
  switch (closed) {
    case daemon::Closed::suspended:
      return Reason::suspended;
    case daemon::Closed::disabled:
      return Reason::disabled;
    case daemon::Closed::expired:
      return Reason::expired;
    case daemon::Closed::inactive:
      return Reason::inactive;
  }
  return Reason::disabled;
}

// None: they may have a letter.
Result<std::optional<Reason>> what_bars(const Case& c, const PersonRecord& person) {
  const auto memberships = TRY(daemon::memberships_of(c.database, person.id));
  const auto policy = c.means.config.policy_for(memberships);
  if (const auto closed = daemon::what_closes(person, policy.inactive_after, c.now)) {
    return std::optional(reason_of(*closed));
  }
  // An invited account takes nothing but its invitation; a provider's takes nothing here.
  const bool invited = person.state != store::PersonState::active;
  if (person.is_local() && invited) return std::optional(Reason::first_sign_in_due);
  return std::optional<Reason>();
}

struct LiveCodes {
  std::size_t usable = 0;
  std::vector<std::string> others{};  // handles: their address does not count now
};

Result<LiveCodes> live_codes(const Case& c, const PersonRecord& person, policy::Span time) {
  LiveCodes live;
  for (const auto& code :
       TRY(store::list_codes(c.database, person.id, sign_in::kReset, c.now, time))) {
    if (TRY(contacts::is_usable(c.database, person.id, code.contact, c.now))) {
      ++live.usable;
    } else {
      live.others.push_back(code.handle);
    }
  }
  return live;
}

// Prompt and host may know an address only; whoever it is may have signed in from there before.
Result<std::string> origin_for(const Case& c, const PersonRecord& person) {
  if (c.origin() == Origin::unknown_host &&
      TRY(sign_in::is_known_to(c.database, person, c.request.rhost, c.now))) {
    return std::string(daemon::name_of(Origin::known_host));
  }
  return c.request.origin;
}

// --- The letters ---

// False: none goes there now. Whoever sits at the console finds some of the day's left.
Result<bool> text_code(const Case& c, const PersonRecord& person, const ContactRecord& to,
                       std::string_view code) {
  if (c.means.sms == nullptr || !c.means.sms->is_set()) return false;
  const bool is_theirs = c.origin() == Origin::local_seat || c.origin() == Origin::non_root_self;
  const auto share = is_theirs ? notices::Share::owners : notices::Share::anybodys;
  const auto texting = TRY(notices::text_code(c.database, c.means, person,
                                              {.to = to.value,
                                               .event = letters::row_of(Letter::reset_code).name,
                                               .text = texts::Text::reset_code_message,
                                               .code = code,
                                               .useful_for = kOfUse,
                                               .share = share},
                                              c.now));
  return texting == notices::Texting::queued;
}

// There is a place for one more; those of addresses that do not count give theirs back.
Result<bool> has_room_for_a_code(const Case& c, const PersonRecord& person, policy::Span time) {
  const LiveCodes live = TRY(live_codes(c, person, time));
  const bool stranger = c.origin() == Origin::unknown_host;
  if (live.usable >= (stranger ? kMostLiveOfStrangers : kMostLive)) return false;
  for (const auto& handle : live.others) TRY(store::delete_code(c.database, person.id, handle));
  return true;
}

// False: no code goes to that contact now.
Result<bool> send_code_to(const Case& c, const PersonRecord& person, const ContactRecord& to,
                          policy::Span time) {
  const bool by_mail = to.kind == store::ContactKind::mail;
  const bool words = by_mail && c.means.config.mailed_password;
  const auto form = words ? sign_in::Form::passphrase : sign_in::Form::characters;
  const auto issued = TRY(sign_in::issue_reset_code(c.database, person, {to.id, form, time},
                                                    c.means.sealer, c.means.entropy, c.now));
  const Secret shown =
      TRY(words ? Secret::copy(issued.code.text.view()) : sign_in::shown(issued.code));
  if (!by_mail) {
    if (TRY(text_code(c, person, to, shown.view()))) return true;
    TRY(store::delete_code(c.database, person.id, issued.code.handle));
    return false;
  }
  TRY(send(c, person, to, words ? Letter::one_time_passphrase : Letter::reset_code,
           {{words ? Variable::passphrase : Variable::code, shown.view()},
            {Variable::until, notices::moment_of(c.means.clock, issued.expires_at)}}));
  return true;
}

// To the first of them that takes one.
Result<void> send_code(const Case& c, const PersonRecord& person,
                       const std::vector<ContactRecord>& contacts) {
  const policy::Timepiece time =
      TRY(store::read_timepiece(c.database, daemon::reading_of(c.means.clock)));
  if (!TRY(has_room_for_a_code(c, person, time.at)) || TRY(are_strangers_over_budget(c))) {
    return refuse(c, person, Reason::asked_too_often);
  }
  for (const ContactRecord& to : contacts) {
    if (TRY(send_code_to(c, person, to, time.at))) {
      TRY(note_letter_of_strangers(c));
      return record(c, person, protocol::Outcome::accept, Reason::code_mailed);
    }
  }
  return refuse(c, person, Reason::asked_too_often);
}

Result<void> send_elsewhere(const Case& c, const PersonRecord& person, const ContactRecord& to) {
  if (TRY(are_strangers_over_budget(c))) return refuse(c, person, Reason::asked_too_often);
  std::vector<Value> values;
  if (c.means.config.forgot_from == ForgotFrom::known) {
    values.push_back({Variable::known_places, std::string_view()});
  }
  TRY(send(c, person, to, Letter::reset_elsewhere, std::move(values)));
  TRY(note_letter_of_strangers(c));
  return refuse(c, person, Reason::asked_elsewhere);
}

Result<void> send_provider(const Case& c, const PersonRecord& person, const ContactRecord& to) {
  if (TRY(are_strangers_over_budget(c))) return refuse(c, person, Reason::asked_too_often);
  const std::string_view source = person.source;
  const std::string_view provider = source.substr(source.find(':') + 1);
  TRY(send(c, person, to, Letter::federated, {{Variable::provider, provider}}));
  TRY(note_letter_of_strangers(c));
  return refuse(c, person, Reason::signed_in_elsewhere);
}

// What holds no code goes by mail only.
std::optional<ContactRecord> address_among(const std::vector<ContactRecord>& contacts) {
  for (const auto& contact : contacts) {
    if (contact.kind == store::ContactKind::mail) return contact;
  }
  return std::nullopt;
}

// To one of them alone; their other ones hear of the new password.
Result<void> decide_for(const Case& asked, const PersonRecord& person,
                        const std::vector<ContactRecord>& contacts) {
  Case c = asked;
  c.request.origin = TRY(origin_for(asked, person));
  if (TRY(is_over_budget(c, person))) return refuse(c, person, Reason::asked_too_often);
  if (const auto bar = TRY(what_bars(c, person))) return refuse(c, person, *bar);
  if (contacts.empty()) return refuse(c, person, Reason::no_recovery_address);
  const auto address = address_among(contacts);
  if (!person.is_local()) return send_provider(c, person, contacts.front());
  // A mailbox alone must not do what password and factor do together.
  const bool unguarded = daemon::are_factors_suspended(person, c.now);
  if (unguarded || !may_ask_here(c)) {
    return address ? send_elsewhere(c, person, *address)
                   : refuse(c, person, Reason::asked_elsewhere);
  }
  return send_code(c, person, contacts);
}

// --- Who ---

// Where the code may go, best first.
Result<std::vector<ContactRecord>> contacts_for(const Case& c, const PersonRecord& person) {
  if (!person.is_local()) return contacts::vouched_addresses(c.database, person.id);
  const auto usable = TRY(contacts::usable_contacts(c.database, person.id, c.now));
  std::vector<ContactRecord> sorted;
  for (const auto kind : contacts::recovery_kinds(c.means.config)) {
    std::copy_if(usable.begin(), usable.end(), std::back_inserter(sorted),
                 [&](const ContactRecord& contact) { return contact.kind == kind; });
  }
  return sorted;
}

struct Owner {
  PersonRecord person;
  ContactRecord contact;
};

// Everybody whom that address would serve to recover.
Result<std::vector<Owner>> owners_of(const Case& c, std::string_view address) {
  std::vector<Owner> owners;
  for (auto& contact :
       TRY(store::list_contacts_at(c.database, store::ContactKind::mail, address))) {
    if (contacts::standing_of(contact, c.now) != contacts::Standing::usable) continue;
    auto person = TRY(store::find_person_by_id(c.database, contact.person));
    if (person) owners.push_back({std::move(*person), std::move(contact)});
  }
  return owners;
}

// Those whose accounts are open: of the others nobody is told.
Result<std::vector<Owner>> open_ones(const Case& c, std::vector<Owner> owners) {
  std::vector<Owner> open;
  for (Owner& owner : owners) {
    if (const auto bar = TRY(what_bars(c, owner.person))) {
      TRY(refuse(c, owner.person, *bar));
    } else {
      open.push_back(std::move(owner));
    }
  }
  return open;
}

// Whose is meant is asked by mail: the address proves nothing at the prompt. What one of them has
// asked for by name takes nothing from the others.
Result<void> send_names(const Case& asked, const std::vector<Owner>& owners) {
  Case c = asked;
  std::string accounts;
  for (const Owner& owner : owners) {
    accounts += (accounts.empty() ? "" : ", ") + std::string(owner.person.name.view());
    c.request.origin = TRY(origin_for(c, owner.person));
  }
  const std::string& address = owners.front().contact.value;
  const bool too_often = TRY(is_over_budget(c, address)) || TRY(are_strangers_over_budget(c));
  const Reason reason = too_often ? Reason::asked_too_often : Reason::several_accounts;
  for (const Owner& owner : owners) TRY(refuse(c, owner.person, reason));
  if (too_often) return {};
  TRY(note_letter_to(c, address));
  TRY(note_letter_of_strangers(c));
  return notices::tell_address(c.database, c.means, {address, kOfUse}, Letter::several_accounts,
                               with_place(c, {{Variable::accounts, std::string_view(accounts)}}),
                               c.now);
}

}  // namespace

Result<void> decide(const Case& c) {
  const std::string& asked_for = c.request.asked_for;
  if (auto person = TRY(store::find_person(c.database, asked_for))) {
    return decide_for(c, *person, TRY(contacts_for(c, *person)));
  }
  const auto address = contacts::parse_value(store::ContactKind::mail, asked_for);
  if (!address) return {};
  auto owners = TRY(owners_of(c, *address));
  if (owners.size() > 1) owners = TRY(open_ones(c, std::move(owners)));
  if (owners.empty()) return {};
  if (owners.size() > 1) return send_names(c, owners);
  const Owner& owner = owners.front();
  // The address that was typed, where it is the first that the settings would take.
  const auto kinds = contacts::recovery_kinds(c.means.config);
  const bool is_first = !kinds.empty() && kinds.front() == owner.contact.kind;
  if (is_first) return decide_for(c, owner.person, {owner.contact});
  return decide_for(c, owner.person, TRY(contacts_for(c, owner.person)));
}

}  // namespace usher::forgotten
