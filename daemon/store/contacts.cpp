// The contacts and contact_codes tables. Each change of a code names the digest and the tries it
// starts from: whoever comes second changes nothing.
#include "daemon/store/contacts.hpp"

#include "daemon/store/columns.hpp"

namespace usher::store {
namespace {

#define USHER_CONTACT_COLUMNS \
  "id, person, kind, value, source, added_at, confirmed_at, counts_from, doubted_at"

// The tables' CHECKs know no other words.
ContactKind kind_of(std::string_view name) {
  return name == name_of(ContactKind::mobile) ? ContactKind::mobile : ContactKind::mail;
}

ContactSource source_of(std::string_view name) {
  for (const ContactSource source : {ContactSource::admin, ContactSource::directory}) {
    if (name == name_of(source)) return source;
  }
  return ContactSource::person;
}

std::optional<ports::Instant> instant_in(const Query& query, int column) {
  if (query.is_null(column)) return std::nullopt;
  return instant_of(query.integer(column));
}

ContactRecord read_contact(const Query& query) {
  return {.id = ContactId(query.integer(0)),
          .person = PersonId(query.integer(1)),
          .kind = kind_of(query.view(2)),
          .value = query.text(3),
          .source = source_of(query.view(4)),
          .added_at = instant_of(query.integer(5)),
          .confirmed_at = instant_in(query, 6),
          .counts_from = instant_in(query, 7),
          .doubted_at = instant_in(query, 8)};
}

Result<std::vector<ContactRecord>> read_contacts(Query& query) {
  std::vector<ContactRecord> contacts;
  while (TRY(query.next())) contacts.push_back(read_contact(query));
  return contacts;
}

std::int64_t number_of(ContactId id) {
  return static_cast<std::int64_t>(id);
}

Result<bool> changed_one(Database& database, Query& query) {
  TRY(query.run());
  return database.changed_rows() == 1;
}

Result<std::int64_t> count_contacts(Database& database, PersonId person) {
  Query query = TRY(database.query("SELECT count(*) FROM contacts WHERE person = ?"));
  query.bind(store::number_of(person));
  if (!TRY(query.next())) return Error(Errc::internal, "a count has no answer");
  return query.integer(0);
}

}  // namespace

std::string_view name_of(ContactKind kind) {
  switch (kind) {
    case ContactKind::mail:
      return "mail";
    case ContactKind::mobile:
      return "mobile";
  }
  return "mail";
}

std::string_view name_of(ContactSource source) {
  switch (source) {
    case ContactSource::admin:
      return "admin";
    case ContactSource::person:
      return "person";
    case ContactSource::directory:
      return "directory";
  }
  return "person";
}

Result<std::vector<ContactRecord>> list_contacts(Database& database, PersonId person) {
  Query query = TRY(database.query("SELECT " USHER_CONTACT_COLUMNS
                                   " FROM contacts WHERE person = ? ORDER BY id"));
  query.bind(store::number_of(person));
  return read_contacts(query);
}

Result<std::optional<ContactRecord>> find_contact(Database& database, PersonId person,
                                                  ContactKind kind, std::string_view value) {
  Query query = TRY(database.query("SELECT " USHER_CONTACT_COLUMNS
                                   " FROM contacts WHERE person = ? AND kind = ? AND value = ?"));
  query.bind(store::number_of(person)).bind(name_of(kind)).bind(value);
  if (!TRY(query.next())) return std::optional<ContactRecord>();
  return std::optional<ContactRecord>(read_contact(query));
}

Result<std::vector<ContactRecord>> list_contacts_at(Database& database, ContactKind kind,
                                                    std::string_view value) {
  Query query = TRY(database.query("SELECT " USHER_CONTACT_COLUMNS
                                   " FROM contacts WHERE kind = ? AND value = ? ORDER BY id"));
  query.bind(name_of(kind)).bind(value);
  return read_contacts(query);
}

Result<ContactId> add_contact(Database& database, const NewContact& contact, ports::Instant now) {
  // Who has it hears that, and not that there is no room.
  if (TRY(find_contact(database, contact.person, contact.kind, contact.value))) {
    return Error(Errc::already_exists, "it is a contact of theirs already");
  }
  if (TRY(count_contacts(database, contact.person)) >= kMaxContacts) {
    return Error(Errc::conflict, "a person has at most 8 contacts: remove one first");
  }
  Query query =
      TRY(database.query("INSERT INTO contacts (person, kind, value, source, added_at) "
                         "VALUES (?, ?, ?, ?, ?)"));
  query.bind(store::number_of(contact.person)).bind(name_of(contact.kind)).bind(contact.value);
  TRY(query.bind(name_of(contact.source)).bind(store::number_of(now)).run());
  return ContactId(database.last_row_id());
}

Result<bool> confirm_contact(Database& database, ContactId id, ports::Instant now,
                             ports::Instant counts_from) {
  {
    // No campaign that doubted it before keeps it doubted when a later one is stopped.
    Query query = TRY(database.query("UPDATE campaign_contacts SET doubted = 0 WHERE contact = ?"));
    TRY(query.bind(number_of(id)).run());
  }
  Query query =
      TRY(database.query("UPDATE contacts SET confirmed_at = ?, counts_from = ?, doubted_at = NULL "
                         "WHERE id = ?"));
  query.bind(store::number_of(now)).bind(store::number_of(counts_from)).bind(number_of(id));
  return changed_one(database, query);
}

Result<bool> delete_contact(Database& database, ContactId id) {
  {
    // What was on its way to it confirms nothing any more.
    Query query =
        TRY(database.query("DELETE FROM contact_codes WHERE EXISTS (SELECT 1 FROM contacts AS c "
                           "WHERE c.id = ? AND c.person = contact_codes.person "
                           "AND c.kind = contact_codes.kind AND c.value = contact_codes.value)"));
    TRY(query.bind(number_of(id)).run());
  }
  Query query = TRY(database.query("DELETE FROM contacts WHERE id = ?"));
  query.bind(number_of(id));
  return changed_one(database, query);
}

Result<void> put_contact_code(Database& database, const ContactCode& code) {
  Query query =
      TRY(database.query("INSERT INTO contact_codes (person, kind, value, replaces, digest, epoch, "
                         "sent_at, tries) VALUES (?, ?, ?, ?, ?, ?, ?, ?) "
                         "ON CONFLICT (person, kind) DO UPDATE SET value = excluded.value, "
                         "replaces = excluded.replaces, digest = excluded.digest, "
                         "epoch = excluded.epoch, sent_at = excluded.sent_at, "
                         "tries = excluded.tries"));
  query.bind(store::number_of(code.person)).bind(name_of(code.kind)).bind(code.value);
  if (code.replaces) {
    query.bind(number_of(*code.replaces));
  } else {
    query.bind_null();
  }
  query.bind_blob(code.digest).bind(code.epoch);
  return query.bind(code.sent_at.count()).bind(code.tries).run();
}

Result<std::optional<ContactCode>> find_contact_code(Database& database, PersonId person,
                                                     ContactKind kind, policy::Span oldest) {
  Query query = TRY(
      database.query("SELECT c.value, c.replaces, c.digest, c.epoch, c.sent_at, c.tries "
                     "FROM contact_codes AS c JOIN people AS p ON p.id = c.person "
                     "WHERE c.person = ? AND c.kind = ? AND c.sent_at >= ? AND c.epoch = p.epoch"));
  query.bind(store::number_of(person)).bind(name_of(kind)).bind(oldest.count());
  if (!TRY(query.next())) return std::optional<ContactCode>();
  ContactCode code{.person = person,
                   .kind = kind,
                   .value = query.text(0),
                   .digest = query.text(2),
                   .epoch = query.integer(3),
                   .sent_at = policy::Span(query.integer(4)),
                   .tries = query.integer(5)};
  if (!query.is_null(1)) code.replaces = ContactId(query.integer(1));
  return std::optional<ContactCode>(std::move(code));
}

Result<bool> count_contact_try(Database& database, const ContactCode& found) {
  Query query =
      TRY(database.query("UPDATE contact_codes SET tries = tries + 1 "
                         "WHERE person = ? AND kind = ? AND digest = ? AND tries = ?"));
  query.bind(store::number_of(found.person)).bind(name_of(found.kind));
  query.bind_blob(found.digest).bind(found.tries);
  return changed_one(database, query);
}

Result<bool> spend_contact_code(Database& database, const ContactCode& found) {
  Query query = TRY(
      database.query("DELETE FROM contact_codes WHERE person = ?1 AND kind = ?2 AND digest = ?3 "
                     "AND epoch = (SELECT epoch FROM people WHERE id = ?1)"));
  query.bind(store::number_of(found.person)).bind(name_of(found.kind)).bind_blob(found.digest);
  return changed_one(database, query);
}

Result<void> delete_contacts(Database& database, PersonId person) {
  TRY(delete_contact_codes(database, person));
  Query query = TRY(database.query("DELETE FROM contacts WHERE person = ?"));
  return query.bind(store::number_of(person)).run();
}

Result<void> delete_contact_codes(Database& database, PersonId person) {
  Query query = TRY(database.query("DELETE FROM contact_codes WHERE person = ?"));
  return query.bind(store::number_of(person)).run();
}

}  // namespace usher::store
