// What usherd and usher-reaper say to each other (io.usher.Reaper.varlink), as values. Both sides
// build and read their messages here; neither trusts the other's.
#pragma once

#include <string>
#include <string_view>

#include "base/text.hpp"
#include "protocol/varlink.hpp"

namespace usher::protocol::reaper {

inline constexpr std::string_view kMethod = "io.usher.Reaper.EndSessions";
// Of each message: the longest text is an Error's.
inline constexpr std::size_t kMaxFrame = 1024;

enum class Which : std::uint8_t {
  all,     // and whatever else the service manager keeps for the person
  others,  // all but one
};

struct Request {
  Uid uid;
  Which which = Which::all;
  std::string keep;  // with others: the session that goes on; empty: none
};

struct Ended {
  std::int64_t sessions = 0;
  std::int64_t outside = 0;  // processes that belong to no session, and still run
};

// What logind calls a session: 1 to 64 letters and digits.
bool is_session_id(std::string_view text);

varlink::Call call_of(const Request& request);
varlink::Reply reply_of(const Ended& ended);
// Errc::not_permitted: none of Usher's people. Errc::unsupported: nobody manages sessions here.
// Every other code: it failed.
varlink::Reply reply_of(const Error& error);

// The refusal of a call that is not this method with its parameters, each of its type; nothing else
// may stand beside them.
using ReadRequest = std::variant<Request, varlink::ReplyError>;
ReadRequest read_request(const varlink::Call& call);
// Errors as reply_of() got them. Errc::invalid_input: not an answer to this method.
Result<Ended> read_reply(const varlink::Reply& reply);

}  // namespace usher::protocol::reaper
