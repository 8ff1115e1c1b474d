// One method and three errors, to JSON and back.
#include "protocol/reaper_messages.hpp"

#include <algorithm>
#include <limits>

namespace usher::protocol::reaper {
namespace {

using varlink::Json;
using varlink::ReplyError;

struct WhichRow {
  Which which;
  std::string_view name;
};
constexpr WhichRow kWhich[] = {{Which::all, "all"}, {Which::others, "others"}};

// The Errcs that have an error of their own; every other one is "Failed".
struct ErrorRow {
  Errc code;
  std::string_view name;
};
constexpr ErrorRow kErrors[] = {{Errc::not_permitted, "io.usher.Reaper.NotOurs"},
                                {Errc::unsupported, "io.usher.Reaper.NoLoginManager"},
                                {Errc::unavailable, "io.usher.Reaper.Failed"}};

ReplyError refused(std::string_view error, std::string_view member, std::string_view text) {
  ReplyError reply{std::string(error), Json::object()};
  reply.parameters[std::string(member)] = text;
  return reply;
}

ReplyError not_understood(std::string_view parameter) {
  return refused("org.varlink.service.InvalidParameter", "parameter", parameter);
}

std::optional<Uid> uid_of(const Json& parameters) {
  const auto number = varlink::number_of(parameters, "uid");
  if (!number || *number < 0 || *number > std::numeric_limits<std::uint32_t>::max()) {
    return std::nullopt;
  }
  return Uid{static_cast<std::uint32_t>(*number)};
}

std::optional<Which> which_of(const Json& parameters) {
  const std::string* name = varlink::text_of(parameters, "which");
  if (name == nullptr) return std::nullopt;
  for (const WhichRow& row : kWhich) {
    if (row.name == *name) return row.which;
  }
  return std::nullopt;
}

// A count that makes no sense is no count.
std::optional<std::int64_t> count_of(const Json& parameters, std::string_view member) {
  const auto count = varlink::number_of(parameters, member);
  return count && *count >= 0 ? count : std::nullopt;
}

}  // namespace

bool is_session_id(std::string_view text) {
  constexpr std::size_t kLongest = 64;
  return !text.empty() && text.size() <= kLongest &&
         std::all_of(text.begin(), text.end(), [](char c) {
           return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
         });
}

varlink::Call call_of(const Request& request) {
  varlink::Call call;
  call.method = kMethod;
  call.parameters["uid"] = request.uid.number;
  call.parameters["which"] = kWhich[static_cast<std::size_t>(request.which)].name;
  if (!request.keep.empty()) call.parameters["keep"] = request.keep;
  return call;
}

varlink::Reply reply_of(const Ended& ended) {
  varlink::ReplyOk reply;
  reply.parameters["ended"] = ended.sessions;
  reply.parameters["outside"] = ended.outside;
  return reply;
}

varlink::Reply reply_of(const Error& error) {
  const auto* row = std::find_if(std::begin(kErrors), std::end(kErrors) - 1,
                                 [&](const ErrorRow& each) { return each.code == error.code(); });
  return refused(row->name, "text", error.text());
}

ReadRequest read_request(const varlink::Call& call) {
  if (call.method != kMethod) {
    return refused("org.varlink.service.MethodNotFound", "method", call.method);
  }
  if (call.more) return not_understood("more");
  for (const auto& [name, value] : call.parameters.items()) {
    if (name != "uid" && name != "which" && name != "keep") return not_understood("");
  }
  const auto uid = uid_of(call.parameters);
  if (!uid) return not_understood("uid");
  const auto which = which_of(call.parameters);
  if (!which) return not_understood("which");
  Request request{*uid, *which, {}};
  if (varlink::member_of(call.parameters, "keep") != nullptr) {
    const std::string* keep = varlink::text_of(call.parameters, "keep");
    if (keep == nullptr || !is_session_id(*keep) || *which != Which::others) {
      return not_understood("keep");
    }
    request.keep = *keep;
  }
  return request;
}

Result<Ended> read_reply(const varlink::Reply& reply) {
  if (const auto* refusal = std::get_if<ReplyError>(&reply)) {
    for (const ErrorRow& row : kErrors) {
      if (row.name != refusal->error) continue;
      const std::string* text = varlink::text_of(refusal->parameters, "text");
      const bool is_readable = text != nullptr && is_plain_text(*text, Newlines::refused);
      return Error(row.code, is_readable ? *text : "it does not say why");
    }
    return Error(Errc::invalid_input, "an error that is not of this interface");
  }
  const Json& parameters = std::get_if<varlink::ReplyOk>(&reply)->parameters;
  const auto sessions = count_of(parameters, "ended");
  const auto outside = count_of(parameters, "outside");
  if (!sessions || !outside) return Error(Errc::invalid_input, "an answer without its counts");
  return Ended{*sessions, *outside};
}

}  // namespace usher::protocol::reaper
