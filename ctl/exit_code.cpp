// Varlink error -> Errc -> exit code, one table and one switch.
#include "ctl/exit_code.hpp"

#include "protocol/interfaces.hpp"

namespace usher::ctl {
namespace {

using protocol::varlink::text_of;

struct KnownError {
  std::string_view name;  // without its interface
  Errc code;
  std::string_view says;    // before the member's text
  std::string_view member;  // of the error's parameters
};
constexpr KnownError kKnown[] = {
    {"NoSuchUser", Errc::not_found, "there is no person named ", "name"},
    {"NoSuchRequest", Errc::not_found, "there is no audit record of a request ", "id"},
    {"NoSuchMessage", Errc::not_found, "there is no message ", "id"},
    {"NoSuchContact", Errc::not_found, "this person has no contact ", "contact"},
    {"NoSuchFactor", Errc::not_found, "this person has no factor ", "factor"},
    {"NoSuchGroup", Errc::not_found, "there is no local group named ", "group"},
    {"NoSuchOrganisation", Errc::not_found, "there is no organisation named ", "organisation"},
    {"GroupExists", Errc::already_exists, "", "text"},
    {"UserExists", Errc::already_exists, "", "text"},
    {"NotPermitted", Errc::not_permitted, "usherd does not let you do this: ", "text"},
    {"Conflict", Errc::conflict, "", "text"},
    // Not Errc::unavailable: usherd was reached, and said no.
    {"Unavailable", Errc::internal, "usherd could not do it: ", "text"},
};

Error unusable(const protocol::varlink::ReplyError& reply) {
  const std::string* parameter = text_of(reply.parameters, "parameter");
  const std::string* text = text_of(reply.parameters, "text");
  std::string says = parameter == nullptr ? "" : *parameter;
  if (text != nullptr) says += (says.empty() ? "" : ": ") + *text;
  return Error(Errc::invalid_input, says);
}

}  // namespace

Exit exit_of(Errc code) {
  switch (code) {
    case Errc::invalid_input:
      return Exit::usage;
    case Errc::not_found:
      return Exit::no_such;
    case Errc::not_permitted:
      return Exit::not_permitted;
    case Errc::already_exists:
    case Errc::conflict:
      return Exit::conflict;
    case Errc::timed_out:
    case Errc::hung_up:
    case Errc::not_answered:
    case Errc::unavailable:
      return Exit::unreachable;
    case Errc::exhausted:
    case Errc::damaged:
    case Errc::unsupported:
    case Errc::internal:
      return Exit::failed;
  }
  return Exit::failed;
}

Error error_of(const protocol::varlink::ReplyError& reply) {
  const std::string prefix = std::string(protocol::kAdminInterface) + '.';
  const std::string_view name = reply.error;
  if (!name.starts_with(prefix)) {
    // MethodNotFound and its kin: an older usherd.
    return Error(Errc::unsupported, "usherd does not know this; is it older than usherctl? (" +
                                        std::string(name) + ")");
  }
  const std::string_view member = name.substr(prefix.size());
  if (member == "InvalidParameter") return unusable(reply);
  for (const KnownError& known : kKnown) {
    if (known.name != member) continue;
    const std::string* text = text_of(reply.parameters, known.member);
    return Error(known.code, std::string(known.says) + (text == nullptr ? "" : *text));
  }
  return Error(Errc::internal, "usherd refused: " + std::string(name));
}

}  // namespace usher::ctl
