// usherctl contact: where a person is reached. Whatever is entered here its owner confirms at a
// sign-in; nobody else can.
#include <fmt/format.h>

#include "ctl/calls.hpp"
#include "ctl/lifecycle.hpp"
#include "ctl/verbs.hpp"

namespace usher::ctl {
namespace {

using protocol::varlink::Json;
using protocol::varlink::ReplyOk;

Result<void> list(Session& session, const Arguments& arguments) {
  Json parameters = Json::object();
  parameters["name"] = arguments.name;
  const auto reply = TRY(session.call("ListContacts", std::move(parameters)));
  if (session.wants_json()) return print_json(session.out(), reply);
  print_contacts(session.out(), rows_member(reply.parameters, "contacts"));
  return {};
}

Json about(const Arguments& arguments) {
  Json parameters = Json::object();
  parameters["name"] = arguments.name;
  parameters["value"] = arguments.contact;
  if (!arguments.reason.empty()) parameters["reason"] = arguments.reason;
  return parameters;
}

// How the sentence goes on that says what was entered.
std::string_view asking(const ReplyOk& reply) {
  return protocol::varlink::truth_of(reply.parameters, "asked")
             ? ", who is asked to confirm it at a sign-in."
             : ". No sign-in asks to confirm it: that takes actions.confirm_contact, or a "
               "campaign, and a way for the code to get there ([mail] or [sms]).";
}

Result<void> enter(Session& session, const Arguments& arguments, Json parameters,
                   std::string_view who_is_told) {
  const auto reply = TRY(session.call("AddContact", std::move(parameters)));
  if (session.wants_json()) return print_json(session.out(), reply);
  print(session.out(), escaped(fmt::format("Entered {} for {}{} {}", arguments.contact,
                                           arguments.name, asking(reply), who_is_told)) +
                           "\n");
  return {};
}

Result<void> add(Session& session, const Arguments& arguments) {
  Json parameters = about(arguments);
  parameters["kind"] = arguments.kind;
  return enter(session, arguments, std::move(parameters), "Their confirmed contacts are told.");
}

Result<void> remove(Session& session, const Arguments& arguments) {
  return change(
      session, "RemoveContact", about(arguments),
      fmt::format("Removed {} from the contacts of {}. Their confirmed contacts are told.",
                  arguments.contact, arguments.name));
}

}  // namespace

Result<void> set_email(Session& session, const Arguments& arguments) {
  Json parameters = about(arguments);
  parameters["kind"] = "mail";
  if (arguments.replace) parameters["replace"] = true;
  return enter(session, arguments, std::move(parameters),
               arguments.replace ? "Their other addresses are told, and gone."
                                 : "Their confirmed contacts are told, and go on serving.");
}

namespace {

constexpr Option kContact{"CONTACT", "the address, or the number as +33612345678",
                          &Arguments::contact, Need::required};

constexpr Verb kVerbs[] = {
    {"contact", "where people are reached", nullptr},
    {"contact list", "list a person's contacts, and which serve recovery", list, {kName}},
    {"contact add",
     "enter a contact, which its owner confirms at a sign-in",
     add,
     {kName, {"KIND", "mail or mobile", &Arguments::kind, Need::required}, kContact, kAnyReason}},
    {"contact remove", "remove a contact", remove, {kName, kContact, kAnyReason}},
};

}  // namespace

void print_contacts(std::FILE* file, const Json& contacts) {
  Table table({"KIND", "CONTACT", "STATE", "CONFIRMED", "SERVES FROM", "ENTERED BY"});
  for (const Json& contact : contacts) {
    table.add({text_member(contact, "kind"), text_member(contact, "value"),
               text_member(contact, "state"), time_member(contact, "confirmed_at"),
               time_member(contact, "counts_from"), text_member(contact, "source")});
  }
  table.print_to(file);
}

std::span<const Verb> contact_verbs() {
  return kVerbs;
}

}  // namespace usher::ctl
