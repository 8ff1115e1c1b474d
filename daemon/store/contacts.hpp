// The tables of contacts, and of the codes that confirm them. Sees keyed digests only. Whether a
// code may be sent to a contact is not asked here: daemon/contacts/usable.hpp alone answers that.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "daemon/policy/throttle.hpp"
#include "daemon/store/people.hpp"

namespace usher::store {

enum class ContactId : std::int64_t {};

enum class ContactKind : std::uint8_t { mail, mobile };
std::string_view name_of(ContactKind kind);

enum class ContactSource : std::uint8_t { admin, person, directory };
std::string_view name_of(ContactSource source);

struct ContactRecord {
  ContactId id{};
  PersonId person{};
  ContactKind kind = ContactKind::mail;
  std::string value;  // as contacts::parse_value() made it
  ContactSource source = ContactSource::admin;
  ports::Instant added_at{};
  std::optional<ports::Instant> confirmed_at = {};
  std::optional<ports::Instant> counts_from = {};  // there is one if it is confirmed
  std::optional<ports::Instant> doubted_at = {};   // of confirmed ones only
};

// The person's, oldest first.
Result<std::vector<ContactRecord>> list_contacts(Database& database, PersonId person);
Result<std::optional<ContactRecord>> find_contact(Database& database, PersonId person,
                                                  ContactKind kind, std::string_view value);
// Everybody's who has that value: people may share an address.
Result<std::vector<ContactRecord>> list_contacts_at(Database& database, ContactKind kind,
                                                    std::string_view value);

inline constexpr std::int64_t kMaxContacts = 8;

struct NewContact {
  PersonId person{};
  ContactKind kind = ContactKind::mail;
  std::string value;
  ContactSource source = ContactSource::admin;
};
// Unconfirmed. Errc::already_exists: they have it; Errc::conflict: they have kMaxContacts.
Result<ContactId> add_contact(Database& database, const NewContact& contact, ports::Instant now);
// In the transaction that spends the code. False: there is no such contact any more.
Result<bool> confirm_contact(Database& database, ContactId id, ports::Instant now,
                             ports::Instant counts_from);
// False: there is none.
Result<bool> delete_contact(Database& database, ContactId id);

// --- Codes on their way, one a person and kind ---

struct ContactCode {
  PersonId person{};
  ContactKind kind = ContactKind::mail;
  std::string value;
  std::optional<ContactId> replaces = {};
  std::string digest;
  std::int64_t epoch = 0;
  policy::Span sent_at{0};  // of the throttle's time: tries.hpp
  std::int64_t tries = 0;
};

// In place of the one there was.
Result<void> put_contact_code(Database& database, const ContactCode& code);
// Of the person's present epoch, sent at `oldest` or later.
Result<std::optional<ContactCode>> find_contact_code(Database& database, PersonId person,
                                                     ContactKind kind, policy::Span oldest);
// One try more of the code that was found with that digest and so many tries. False: somebody was
// faster, or it is gone.
Result<bool> count_contact_try(Database& database, const ContactCode& found);
// True for exactly one caller. Belongs in the transaction that confirms the contact.
Result<bool> spend_contact_code(Database& database, const ContactCode& found);

// Contacts and codes, of one who is deleted.
Result<void> delete_contacts(Database& database, PersonId person);
// What was begun under an older epoch.
Result<void> delete_contact_codes(Database& database, PersonId person);

}  // namespace usher::store
