// The verbs on contacts. What staff enter is unconfirmed until its owner types the code that is
// sent there, and every confirmed contact hears of it: whoever could change one unseen could have
// the next recovery code.
#include "daemon/admin/errors.hpp"
#include "daemon/admin/handlers.hpp"
#include "daemon/contacts/usable.hpp"
#include "daemon/contacts/value.hpp"
#include "daemon/memberships.hpp"
#include "daemon/sign_in/one_time_code.hpp"
#include "daemon/sign_in/pending_actions.hpp"
#include "daemon/store/codes.hpp"

namespace usher::admin {
namespace {

using letters::Letter;
using letters::Variable;
using store::ContactKind;
using store::ContactRecord;
using store::Database;
using store::PersonRecord;

Json contact_json(const ContactRecord& contact, ports::Instant now) {
  Json row = Json::object();
  row["kind"] = store::name_of(contact.kind);
  row["value"] = contact.value;
  row["source"] = store::name_of(contact.source);
  row["state"] = contacts::name_of(contacts::standing_of(contact, now));
  row["added_at"] = milliseconds(contact.added_at);
  if (contact.confirmed_at) row["confirmed_at"] = milliseconds(*contact.confirmed_at);
  if (contact.counts_from) row["counts_from"] = milliseconds(*contact.counts_from);
  if (contact.doubted_at) row["doubted_at"] = milliseconds(*contact.doubted_at);
  return row;
}

ContactKind kind_in(const Parameters& parameters) {
  const bool mobile = parameters.text("kind") == store::name_of(ContactKind::mobile);
  return mobile ? ContactKind::mobile : ContactKind::mail;
}

std::string detail_of(const Request& request, ContactKind kind, std::string_view value) {
  const std::string reason = request.parameters.text("reason");
  std::string detail = std::string(store::name_of(kind)) + " " + contacts::masked(kind, value);
  if (!reason.empty()) detail += ": " + reason;
  return detail;
}

Result<std::optional<ContactRecord>> contact_of(Database& database, const Request& request,
                                                const PersonRecord& person,
                                                std::string_view typed) {
  const std::string& country = request.context.config.sms.national_country;
  const auto kind = contacts::kind_of(typed, country);
  const auto value = kind ? contacts::parse_value(*kind, typed, country) : std::nullopt;
  if (!value) return std::optional<ContactRecord>();
  return store::find_contact(database, person.id, *kind, *value);
}

Result<void> take_out(Database& database, const ContactRecord& contact) {
  if (TRY(store::delete_contact(database, contact.id))) return {};
  return Error(Errc::internal, "a contact that was listed could not be deleted");
}

// The others, and those that are gone by now: whoever reads an old mailbox is told, and gets no
// code to undo it with.
Result<void> tell_all(Database& database, const Request& request, const PersonRecord& person,
                      Letter letter, const std::string& shown,
                      std::span<const ContactRecord> gone) {
  const letters::Value which{Variable::contact, std::string_view(shown)};
  TRY(tell_person(database, request, person, letter, {which}));
  for (const ContactRecord& contact : gone) {
    if (!contact.confirmed_at || contact.kind != ContactKind::mail) continue;
    TRY(tell_at(database, request, person, contact.value, letter, {which}));
  }
  return {};
}

Result<void> tell_removed(Database& database, const Request& request, const PersonRecord& person,
                          const ContactRecord& contact) {
  return tell_all(database, request, person, Letter::contact_removed,
                  contacts::masked(contact.kind, contact.value), {&contact, 1});
}

// For whoever lost what was known of them: nothing that goes there helps them any more.
Result<std::vector<ContactRecord>> take_out_others(Database& database, const PersonRecord& person,
                                                   ContactKind kind,
                                                   const std::optional<ContactRecord>& kept) {
  std::vector<ContactRecord> others = TRY(store::list_contacts(database, person.id));
  std::erase_if(others, [&](const ContactRecord& contact) {
    return contact.kind != kind || (kept && kept->id == contact.id);
  });
  for (const ContactRecord& contact : others) TRY(take_out(database, contact));
  // Those that lie in a mailbox that was given up for lost.
  if (kind == ContactKind::mail && !others.empty()) {
    TRY(store::delete_codes_for(database, person.id, sign_in::kNotYou));
  }
  return others;
}

// Whether a sign-in of theirs asks for the code that confirms it.
Result<bool> is_asked(Database& database, const Request& request, store::PersonId person,
                      ContactKind kind) {
  if (!contacts::is_set_up(kind, request.context.config)) return false;
  const auto memberships = TRY(daemon::memberships_of(database, person));
  const auto standing = TRY(sign_in::read_standing(database, person));
  return sign_in::wants_confirmed(request.context.config.policy_for(memberships), standing, kind) &&
         contacts::is_to_be_asked(standing.contacts, kind, request.context.config);
}

}  // namespace

Result<Json> contacts_json(Database& database, store::PersonId person, ports::Instant now) {
  Json rows = Json::array();
  for (const ContactRecord& contact : TRY(store::list_contacts(database, person))) {
    rows.push_back(contact_json(contact, now));
  }
  return rows;
}

Result<Reply> list_contacts(const Request& request) {
  return request.context.store.read([&](Database& database) -> Result<Reply> {
    const PersonRecord person = TRY(person_named(database, request));
    ReplyOk reply;
    reply.parameters["contacts"] = TRY(contacts_json(database, person.id, request.now));
    return Reply(std::move(reply));
  });
}

Result<Reply> add_contact(const Request& request) {
  const ContactKind kind = kind_in(request.parameters);
  const auto value = contacts::parse_value(kind, request.parameters.text("value"),
                                           request.context.config.sms.national_country);
  if (!value) {
    return Reply(invalid_parameter(
        "value",
        "a contact is a mail address as ada@acme.example, in ASCII, or a number as "
        "+33612345678; without its plus only one of sms.national_country"));
  }
  return request.context.store.write([&](Database& database) -> Result<Reply> {
    const PersonRecord person = TRY(person_named(database, request));
    const bool replaces = request.parameters.truth("replace");
    const auto known = TRY(store::find_contact(database, person.id, kind, *value));
    if (known && !replaces) {
      return Error(Errc::conflict, "the person has this contact already");
    }
    // First: the new one may need their room.
    std::vector<ContactRecord> removed;
    if (replaces) removed = TRY(take_out_others(database, person, kind, known));
    if (!known) {
      TRY(tell_all(database, request, person, Letter::contact_changed,
                   contacts::masked(kind, *value), removed));
    }
    for (const ContactRecord& contact : removed) {
      TRY(tell_removed(database, request, person, contact));
      TRY(record_change(database, request, person.name.view(),
                        "without " + detail_of(request, kind, contact.value)));
    }
    if (!known) {
      TRY(store::add_contact(database,
                             {.person = person.id,
                              .kind = kind,
                              .value = *value,
                              .source = store::ContactSource::admin},
                             request.now));
    }
    TRY(record_change(database, request, person.name.view(), detail_of(request, kind, *value)));
    ReplyOk reply;
    reply.parameters["asked"] = TRY(is_asked(database, request, person.id, kind));
    return Reply(std::move(reply));
  });
}

Result<Reply> remove_contact(const Request& request) {
  const std::string wanted = request.parameters.text("value");
  return request.context.store.write([&](Database& database) -> Result<Reply> {
    const PersonRecord person = TRY(person_named(database, request));
    const auto contact = TRY(contact_of(database, request, person, wanted));
    if (!contact) return Reply(no_such_contact(wanted));
    TRY(take_out(database, *contact));
    TRY(tell_removed(database, request, person, *contact));
    TRY(record_change(database, request, person.name.view(),
                      detail_of(request, contact->kind, contact->value)));
    return Reply(ReplyOk{});
  });
}

}  // namespace usher::admin
