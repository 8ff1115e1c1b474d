// A contact is deleted before its going is told: it hears of nothing any more.
#include "daemon/contacts/never_counted.hpp"

#include "daemon/contacts/usable.hpp"
#include "daemon/contacts/value.hpp"

namespace usher::contacts {

using store::ContactRecord;
using store::Database;

bool never_counted(const ContactRecord& contact, ports::Instant now) {
  return !contact.confirmed_at || !contact.counts_from || *contact.counts_from > now;
}

Result<void> delete_never_counted(Database& database, store::PersonId person, ports::Instant now) {
  TRY(store::delete_contact_codes(database, person));
  for (const ContactRecord& contact : TRY(store::list_contacts(database, person))) {
    if (never_counted(contact, now)) (void)TRY(store::delete_contact(database, contact.id));
  }
  return {};
}

Result<void> delete_held(Database& database, const notices::Means& means,
                         const store::PersonRecord& person, ports::Instant now) {
  if (TRY(usable_contacts(database, person.id, now)).empty()) return {};
  for (const ContactRecord& contact : TRY(store::list_contacts(database, person.id))) {
    const bool theirs = contact.source == store::ContactSource::person;
    if (!contact.confirmed_at || !theirs || !never_counted(contact, now)) continue;
    (void)TRY(store::delete_contact(database, contact.id));
    const std::string shown = masked(contact.kind, contact.value);
    const letters::Value values[] = {{letters::Variable::contact, std::string_view(shown)}};
    TRY(notices::tell(database, means, person, letters::Letter::contact_removed, values, now));
  }
  return {};
}

}  // namespace usher::contacts
