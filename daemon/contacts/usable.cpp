// The rule, in one place.
#include "daemon/contacts/usable.hpp"

#include <algorithm>

namespace usher::contacts {

using store::ContactRecord;
using Contacts = std::vector<ContactRecord>;

std::string_view name_of(Standing standing) {
  switch (standing) {
    case Standing::usable:
      return "usable";
    case Standing::unconfirmed:
      return "unconfirmed";
    case Standing::doubted:
      return "doubted";
    case Standing::held:
      return "held";
  }
  return "unconfirmed";
}

Standing standing_of(const ContactRecord& contact, ports::Instant now) {
  if (!contact.confirmed_at || !contact.counts_from) return Standing::unconfirmed;
  if (contact.doubted_at) return Standing::doubted;
  return *contact.counts_from <= now ? Standing::usable : Standing::held;
}

Result<Contacts> usable_contacts(store::Database& database, store::PersonId person,
                                 ports::Instant now) {
  Contacts contacts = TRY(store::list_contacts(database, person));
  std::erase_if(contacts, [&](const ContactRecord& contact) {
    return standing_of(contact, now) != Standing::usable;
  });
  return contacts;
}

Result<bool> is_usable(store::Database& database, store::PersonId person,
                       std::optional<store::ContactId> contact, ports::Instant now) {
  const Contacts usable = TRY(usable_contacts(database, person, now));
  return std::any_of(usable.begin(), usable.end(),
                     [&](const ContactRecord& each) { return contact && each.id == *contact; });
}

Result<Contacts> told_contacts(store::Database& database, store::PersonId person) {
  Contacts contacts = TRY(store::list_contacts(database, person));
  std::erase_if(contacts, [](const ContactRecord& contact) { return !contact.confirmed_at; });
  return contacts;
}

Result<Contacts> vouched_addresses(store::Database& database, store::PersonId person) {
  Contacts contacts = TRY(store::list_contacts(database, person));
  std::erase_if(contacts, [](const ContactRecord& contact) {
    return contact.source == store::ContactSource::person ||
           contact.kind != store::ContactKind::mail;
  });
  return contacts;
}

const ContactRecord* next_to_confirm(const Contacts& contacts, store::ContactKind kind) {
  const auto found = std::find_if(contacts.begin(), contacts.end(), [&](const auto& contact) {
    return contact.kind == kind && (!contact.confirmed_at || contact.doubted_at);
  });
  return found == contacts.end() ? nullptr : &*found;
}

bool has_any(const Contacts& contacts, store::ContactKind kind) {
  return std::any_of(contacts.begin(), contacts.end(),
                     [&](const ContactRecord& contact) { return contact.kind == kind; });
}

bool is_to_be_asked(const Contacts& contacts, store::ContactKind kind,
                    const daemon::Config& config) {
  if (has_any(contacts, kind)) return next_to_confirm(contacts, kind) != nullptr;
  return kind == store::ContactKind::mail || config.sms.ask_for_number;
}

bool is_set_up(store::ContactKind kind, const daemon::Config& config) {
  switch (kind) {
    case store::ContactKind::mail:
      return config.mail.is_set();
    case store::ContactKind::mobile:
      return !config.sms.gateway.empty();
  }
  return false;
}

std::vector<store::ContactKind> kinds_by_preference(const daemon::Config& config) {
  using daemon::ForgotBy;
  using store::ContactKind;
  switch (config.forgot_by) {
    case ForgotBy::mail_then_sms:
      return {ContactKind::mail, ContactKind::mobile};
    case ForgotBy::sms_then_mail:
      return {ContactKind::mobile, ContactKind::mail};
    case ForgotBy::mail:
      return {ContactKind::mail};
    case ForgotBy::sms:
      return {ContactKind::mobile};
  }
  return {};
}

std::vector<store::ContactKind> recovery_kinds(const daemon::Config& config) {
  std::vector<store::ContactKind> kinds = kinds_by_preference(config);
  std::erase_if(kinds, [&](store::ContactKind kind) { return !is_set_up(kind, config); });
  return kinds;
}

}  // namespace usher::contacts
