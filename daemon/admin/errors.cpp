// Names are built in one place, so that the interface file and the code cannot drift unseen.
#include "daemon/admin/errors.hpp"

#include "protocol/interfaces.hpp"

namespace usher::admin {
namespace {

using protocol::varlink::Json;

ReplyError refusal(std::string_view interface, std::string_view name) {
  return ReplyError{std::string(interface) + '.' + std::string(name), Json::object()};
}

ReplyError refusal(std::string_view interface, std::string_view name, const char* parameter,
                   std::string_view value) {
  ReplyError error = refusal(interface, name);
  error.parameters[parameter] = value;
  return error;
}

ReplyError no_such_user(const Call& call) {
  const std::string* name = protocol::varlink::text_of(call.parameters, "name");
  return refusal(protocol::kAdminInterface, "NoSuchUser", "name",
                 name == nullptr ? std::string_view() : *name);
}

}  // namespace

ReplyError invalid_parameter(std::string_view parameter, std::string_view text) {
  ReplyError error = refusal(protocol::kAdminInterface, "InvalidParameter", "parameter", parameter);
  error.parameters["text"] = text;
  return error;
}

ReplyError no_such_factor(std::string_view factor) {
  return refusal(protocol::kAdminInterface, "NoSuchFactor", "factor", factor);
}

ReplyError no_such_contact(std::string_view contact) {
  return refusal(protocol::kAdminInterface, "NoSuchContact", "contact", contact);
}

ReplyError no_such_group(std::string_view group) {
  return refusal(protocol::kAdminInterface, "NoSuchGroup", "group", group);
}

ReplyError no_such_organisation(std::string_view organisation) {
  return refusal(protocol::kAdminInterface, "NoSuchOrganisation", "organisation", organisation);
}

ReplyError no_such_request(std::string_view id) {
  return refusal(protocol::kAdminInterface, "NoSuchRequest", "id", id);
}

ReplyError no_such_message(std::string_view id) {
  return refusal(protocol::kAdminInterface, "NoSuchMessage", "id", id);
}

ReplyError group_exists(std::string_view text) {
  return refusal(protocol::kAdminInterface, "GroupExists", "text", text);
}

ReplyError user_exists(std::string_view text) {
  return refusal(protocol::kAdminInterface, "UserExists", "text", text);
}

ReplyError not_permitted(std::string_view text) {
  return refusal(protocol::kAdminInterface, "NotPermitted", "text", text);
}

ReplyError interface_not_found(std::string_view interface) {
  return refusal(protocol::kServiceInterface, "InterfaceNotFound", "interface", interface);
}

ReplyError method_not_found(std::string_view method) {
  return refusal(protocol::kServiceInterface, "MethodNotFound", "method", method);
}

ReplyError not_understood(std::string_view parameter) {
  return refusal(protocol::kServiceInterface, "InvalidParameter", "parameter", parameter);
}

ReplyError error_reply(const Error& error, const Call& call) {
  const std::string_view interface = protocol::kAdminInterface;
  switch (error.code()) {
    case Errc::invalid_input:
      return invalid_parameter("", error.text());
    case Errc::not_found:
      return no_such_user(call);
    case Errc::already_exists:
      return user_exists(error.text());
    case Errc::conflict:
      return refusal(interface, "Conflict", "text", error.text());
    // The caller was let in before: what is not permitted here, the store forbade to usherd.
    case Errc::not_permitted:
    case Errc::unsupported:
    case Errc::timed_out:
    case Errc::hung_up:
    case Errc::not_answered:
    case Errc::unavailable:
    case Errc::exhausted:
    case Errc::damaged:
    case Errc::internal:
      return refusal(interface, "Unavailable", "text", error.text());
  }
  return refusal(interface, "Unavailable", "text", error.text());
}

bool is_failure(Errc code) {
  switch (code) {
    case Errc::invalid_input:
    case Errc::not_found:
    case Errc::already_exists:
    case Errc::conflict:
      return false;
    case Errc::not_permitted:
    case Errc::unsupported:
    case Errc::timed_out:
    case Errc::hung_up:
    case Errc::not_answered:
    case Errc::unavailable:
    case Errc::exhausted:
    case Errc::damaged:
    case Errc::internal:
      return true;
  }
  return true;
}

}  // namespace usher::admin
