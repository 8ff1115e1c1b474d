// The refusals of admin.sock, by the names the interface files give them.
#pragma once

#include <string_view>

#include "base/result.hpp"
#include "protocol/varlink.hpp"

namespace usher::admin {

using protocol::varlink::Call;
using protocol::varlink::ReplyError;

// io.usher.Admin
ReplyError invalid_parameter(std::string_view parameter, std::string_view text);
ReplyError no_such_factor(std::string_view factor);
ReplyError no_such_contact(std::string_view contact);
ReplyError no_such_group(std::string_view group);
ReplyError no_such_organisation(std::string_view organisation);
ReplyError no_such_request(std::string_view id);
ReplyError no_such_message(std::string_view id);
ReplyError group_exists(std::string_view text);
ReplyError user_exists(std::string_view text);
ReplyError not_permitted(std::string_view text);

// org.varlink.service
ReplyError interface_not_found(std::string_view interface);
ReplyError method_not_found(std::string_view method);
ReplyError not_understood(std::string_view parameter);

// The reply to an Error of a handler: the one switch from Errc to Varlink. Only callers who may
// administer get here, so they may read the Error's text.
ReplyError error_reply(const Error& error, const Call& call);

// True when the Error is a failure of usherd, to be logged, and no answer to the caller's wish.
bool is_failure(Errc code);

}  // namespace usher::admin
