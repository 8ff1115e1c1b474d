// What all letters name is put in here; the rest is the caller's.
#include "daemon/notices/tell.hpp"

#include <algorithm>
#include <vector>

#include "daemon/contacts/usable.hpp"
#include "daemon/notices/text_message.hpp"
#include "daemon/post/outgoing.hpp"
#include "daemon/sign_in/one_time_code.hpp"
#include "daemon/store/news.hpp"
#include "daemon/store/organisations.hpp"

namespace usher::notices {
namespace {

using letters::Value;
using letters::Variable;
using store::ContactRecord;
using store::Database;
using store::PersonRecord;

// `person` is null where the letter is about none.
Result<protocol::courier::MailText> text_for(Database& database, const Means& means,
                                             const PersonRecord* person, letters::Letter letter,
                                             Values values, ports::Instant now) {
  Sender sender{means.config.organisation,
                std::string(texts::support_in(means.config.language, means.config.support))};
  if (person != nullptr) sender = TRY(sender_for(database, means, *person));
  std::vector<Value> all{
      {Variable::organisation, std::string_view(sender.organisation)},
      {Variable::host, std::string_view(means.letterhead.host)},
      {Variable::time, moment_of(means.clock, now)},
      {Variable::support, std::string_view(sender.support)},
  };
  if (const std::string& page = means.config.page; !page.empty()) {
    all.push_back({Variable::page, std::string_view(page)});
  }
  all.insert(all.end(), values.begin(), values.end());
  texts::Language language = means.config.language;
  if (person != nullptr) {
    all.push_back({Variable::login, person->name.view()});
    language = person->language.value_or(language);
  }
  return means.letterhead.templates.render(letter, language, all);
}

// The code with which they say that it was not them: one for all their addresses that may get
// codes.
struct Objection {
  Secret code;
  ports::Instant until{};
};

Result<std::optional<Objection>> objection_to(Database& database, const Means& means,
                                              const PersonRecord& person, letters::Letter letter,
                                              ports::Instant now) {
  const auto uses = letters::row_of(letter).uses();
  const bool takes_one = std::any_of(uses.begin(), uses.end(), [](const letters::Use& use) {
    return use.variable == Variable::not_you;
  });
  // Who was deleted is shut out of nothing any more.
  const auto present =
      takes_one ? TRY(store::find_person(database, person.name.view())) : std::nullopt;
  if (!present) return std::optional<Objection>();
  const auto issued =
      TRY(sign_in::issue_not_you_code(database, *present, means.sealer, means.entropy, now));
  return std::optional(Objection{TRY(sign_in::shown(issued.code)), issued.expires_at});
}

std::string_view line_in(Values values, Variable variable) {
  const auto found = std::find_if(values.begin(), values.end(),
                                  [&](const Value& value) { return value.variable == variable; });
  if (found == values.end()) return "";
  const auto* line = std::get_if<std::string_view>(&found->is);
  return line == nullptr ? "" : *line;
}

// What is read at the next sign-in.
Result<void> note_news(Database& database, const Means& means, const PersonRecord& person,
                       letters::Letter letter, Values values, ports::Instant now) {
  if (!is_wanted(means.config, letter)) return {};
  store::News news;
  news.event = letters::row_of(letter).name;
  news.at = now;
  news.service = line_in(values, Variable::service);
  news.origin = line_in(values, Variable::origin);
  news.by = line_in(values, Variable::by);
  return store::add_news(database, person.id, news);
}

bool is_usable(const ContactRecord& contact, ports::Instant now) {
  return contacts::standing_of(contact, now) == contacts::Standing::usable;
}
bool any_usable(const std::vector<ContactRecord>& some, ports::Instant now) {
  return std::any_of(some.begin(), some.end(),
                     [&](const ContactRecord& contact) { return is_usable(contact, now); });
}

Result<void> write_to(Database& database, const Means& means, const PersonRecord& person,
                      const std::vector<ContactRecord>& addresses, letters::Letter letter,
                      Values values, ports::Instant now) {
  std::vector<Value> with_code(values.begin(), values.end());
  std::optional<Objection> objection;
  if (any_usable(addresses, now)) {
    objection = TRY(objection_to(database, means, person, letter, now));
  }
  if (objection) {
    with_code.push_back({Variable::not_you, objection->code.view()});
    with_code.push_back({Variable::not_you_until, moment_of(means.clock, objection->until)});
  }
  for (const ContactRecord& address : addresses) {
    const Values theirs = is_usable(address, now) ? with_code : values;
    TRY(tell_at(database, means, person, {.to = address.value}, letter, theirs, now));
  }
  return {};
}

}  // namespace

Means means_of(const daemon::Services& services) {
  return {services.config, services.sealer,     services.entropy,
          services.clock,  services.letterhead, services.sms};
}

Result<Sender> sender_for(Database& database, const Means& means, const PersonRecord& person) {
  Sender sender{means.config.organisation, {}};
  const auto theirs = TRY(store::list_organisations_of(database, person.id));
  if (theirs.size() == 1) {
    const auto& only = theirs.front();
    sender.organisation = only.display_name.empty() ? only.name : only.display_name;
  }
  sender.support = texts::support_in(person.language.value_or(means.config.language),
                                     store::support_of(theirs, means.config.support));
  return sender;
}

bool is_wanted(const daemon::Config& config, letters::Letter letter) {
  const auto& off = config.letters_off;
  return letters::row_of(letter).may_be_off == letters::MayBeOff::no ||
         std::find(off.begin(), off.end(), letter) == off.end();
}

bool is_sent(const daemon::Config& config, letters::Letter letter) {
  return config.mail.is_set() && is_wanted(config, letter);
}

letters::Moment moment_of(ports::Clock& clock, ports::Instant at) {
  return {std::chrono::floor<std::chrono::seconds>(at), clock.utc_offset(at)};
}

Result<void> tell(Database& database, const Means& means, const PersonRecord& person,
                  letters::Letter letter, Values values, ports::Instant now,
                  std::optional<store::ContactId> but) {
  TRY(note_news(database, means, person, letter, values, now));
  auto told = TRY(contacts::told_contacts(database, person.id));
  std::erase_if(told, [&](const ContactRecord& contact) { return but && contact.id == *but; });
  const auto of_kind = [&](store::ContactKind kind) {
    std::vector<ContactRecord> some;
    std::copy_if(told.begin(), told.end(), std::back_inserter(some),
                 [&](const ContactRecord& contact) { return contact.kind == kind; });
    return some;
  };
  const auto addresses = of_kind(store::ContactKind::mail);
  const bool is_written = is_sent(means.config, letter);
  if (is_written && !addresses.empty()) {
    TRY(write_to(database, means, person, addresses, letter, values, now));
  }
  const bool is_reached = is_written && any_usable(addresses, now);
  if (is_reached || letters::row_of(letter).may_be_off == letters::MayBeOff::yes) return {};
  for (const ContactRecord& number : of_kind(store::ContactKind::mobile)) {
    TRY(text_notice(database, means, person, number.value, letter, now));
  }
  return {};
}

Result<void> tell_at(Database& database, const Means& means, const PersonRecord& person,
                     const Envelope& envelope, letters::Letter letter, Values values,
                     ports::Instant now) {
  if (!is_sent(means.config, letter)) return {};
  const auto text = TRY(text_for(database, means, &person, letter, values, now));
  const bool waited_for = letters::is_waited_for(letter);
  TRY(post::queue_mail(database, {means.sealer, means.entropy},
                       {.person = person.id,
                        .event = letters::row_of(letter).name,
                        .to = envelope.to,
                        .text = text,
                        .useful_for = envelope.useful_for,
                        .urgency = waited_for ? store::Urgency::waited_for : store::Urgency::none},
                       now));
  return {};
}

Result<void> tell_address(Database& database, const Means& means, const Envelope& envelope,
                          letters::Letter letter, Values values, ports::Instant now) {
  if (!is_sent(means.config, letter)) return {};
  const auto text = TRY(text_for(database, means, nullptr, letter, values, now));
  TRY(post::queue_mail(database, {means.sealer, means.entropy},
                       {.event = letters::row_of(letter).name,
                        .to = envelope.to,
                        .text = text,
                        .useful_for = envelope.useful_for},
                       now));
  return {};
}

}  // namespace usher::notices
