// The verb that invites a person by mail: a first one-time code that only its owner sees. What
// comes back at a sign-in confirms the address it went to: contacts::take_invitation().
#include <algorithm>

#include "daemon/admin/errors.hpp"
#include "daemon/admin/handlers.hpp"
#include "daemon/contacts/value.hpp"
#include "daemon/context.hpp"
#include "daemon/notices/tell.hpp"
#include "daemon/sign_in/one_time_code.hpp"
#include "daemon/store/codes.hpp"
#include "daemon/store/contacts.hpp"
#include "daemon/store/outbox.hpp"

namespace usher::admin {
namespace {

using letters::Letter;
using letters::Value;
using letters::Variable;
using store::ContactKind;
using store::ContactRecord;
using store::Database;
using store::PersonRecord;

// Errc::conflict: an invitation is no way in for this person.
Result<void> check_invited(Database& database, const Request& request, const PersonRecord& person) {
  TRY(check_local(person));
  if (const auto closed = TRY(closed_by(database, request.context, person, request.now))) {
    return Error(Errc::conflict, "the account is closed: " + std::string(daemon::name_of(*closed)));
  }
  if (person.state == store::PersonState::invited) return {};
  return Error(Errc::conflict,
               "this person has signed in before; for another password: usherctl user reset");
}

Result<ContactRecord> entered(Database& database, const Request& request,
                              const PersonRecord& person, const std::string& address) {
  if (auto known = TRY(store::find_contact(database, person.id, ContactKind::mail, address))) {
    return std::move(*known);
  }
  TRY(store::add_contact(database,
                         {.person = person.id,
                          .kind = ContactKind::mail,
                          .value = address,
                          .source = store::ContactSource::admin},
                         request.now));
  // Of an account that was used before, and closed and opened since.
  const std::string shown = contacts::masked(ContactKind::mail, address);
  TRY(tell_person(database, request, person, Letter::contact_changed,
                  {{Variable::contact, std::string_view(shown)}}));
  auto added = TRY(store::find_contact(database, person.id, ContactKind::mail, address));
  if (!added) return Error(Errc::internal, "a contact just entered is not there");
  return std::move(*added);
}

Result<ContactRecord> only_address(Database& database, const PersonRecord& person) {
  auto contacts = TRY(store::list_contacts(database, person.id));
  std::erase_if(contacts,
                [](const ContactRecord& contact) { return contact.kind != ContactKind::mail; });
  if (contacts.size() == 1) return std::move(contacts.front());
  return Error(Errc::conflict, contacts.empty()
                                   ? "no mail address of this person is known: give one, --mail"
                                   : "this person has several mail addresses: name one, --mail");
}

// The address that staff sent a live invitation to and that nobody has confirmed goes: most likely
// it was mistyped, and its owner would be asked to have a code sent to a stranger.
Result<std::optional<ContactRecord>> take_out_mistyped(Database& database,
                                                       const PersonRecord& person,
                                                       const ContactRecord& kept,
                                                       ports::Instant now) {
  using TakenOut = std::optional<ContactRecord>;
  const auto codes = TRY(store::list_codes(database, person.id, sign_in::kFirstSignIn, now));
  if (codes.empty()) return TakenOut();  // there is one at most
  auto contacts = TRY(store::list_contacts(database, person.id));
  const auto mistyped =
      std::find_if(contacts.begin(), contacts.end(), [&](const ContactRecord& contact) {
        return codes.front().contact == contact.id && contact.id != kept.id &&
               contact.source == store::ContactSource::admin && !contact.confirmed_at;
      });
  if (mistyped == contacts.end()) return TakenOut();
  TRY(store::delete_contact(database, mistyped->id));
  return TakenOut(std::move(*mistyped));
}

Result<sign_in::IssuedCode> mail_code(Database& database, const Request& request,
                                      const PersonRecord& person, const ContactRecord& contact) {
  AdminContext& context = request.context;
  if (context.services == nullptr) return Error(Errc::unavailable, "there are no templates");
  sign_in::IssuedCode issued = TRY(sign_in::issue_invitation_code(
      database, person, contact.id, context.sealer, context.entropy, request.now));
  const Secret code = TRY(sign_in::shown(issued.code));
  TRY(withdraw_invitations(database, person.id, request.now));
  const Value values[] = {
      {Variable::code, code.view()},
      {Variable::until, notices::moment_of(context.clock, issued.expires_at)},
      {Variable::by, request.by},
  };
  TRY(notices::tell_at(database, notices::means_of(*context.services), person,
                       {.to = contact.value, .useful_for = sign_in::kFirstSignInLife},
                       Letter::invitation, values, request.now));
  return issued;
}

}  // namespace

Result<Reply> invite_user(const Request& request) {
  const AdminContext& context = request.context;
  if (!context.config.mail.is_set()) return Error(Errc::conflict, trouble_with_mail(context));
  const auto given = request.parameters.optional_text("mail");
  const auto address = given ? contacts::parse_value(ContactKind::mail, *given) : std::nullopt;
  if (given && !address) return Reply(invalid_parameter("mail", "it is no mail address"));
  return context.store.write([&](Database& database) -> Result<Reply> {
    const PersonRecord person = TRY(person_named(database, request));
    TRY(check_invited(database, request, person));
    const ContactRecord contact = address ? TRY(entered(database, request, person, *address))
                                          : TRY(only_address(database, person));
    const auto removed = TRY(take_out_mistyped(database, person, contact, request.now));
    const auto issued = TRY(mail_code(database, request, person, contact));
    std::string detail = "mail " + contacts::masked(contact.kind, contact.value);
    if (removed) detail += ", without " + contacts::masked(removed->kind, removed->value);
    TRY(record_change(database, request, person.name.view(), detail));
    ReplyOk reply;
    if (removed) reply.parameters["removed"] = removed->value;
    reply.parameters["contact"] = contact.value;
    reply.parameters["sender"] = context.config.mail.from;
    reply.parameters["code_expires_at"] = milliseconds(issued.expires_at);
    // It waits in the queue, for as long as it is of use.
    const std::string trouble = trouble_with_mail(context);
    if (!trouble.empty()) reply.parameters["trouble"] = trouble;
    return Reply(std::move(reply));
  });
}

}  // namespace usher::admin
