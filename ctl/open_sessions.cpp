// Two parameters there, three members back.
#include "ctl/open_sessions.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <iterator>

namespace usher::ctl {

using protocol::varlink::Json;
using protocol::varlink::ReplyOk;

std::string session_of(std::string_view cgroups) {
  constexpr std::string_view kHead = "/session-";
  const std::size_t head = cgroups.find(kHead);
  if (head == std::string_view::npos) return {};
  const std::string_view rest = cgroups.substr(head + kHead.size());
  const std::size_t end = rest.find(".scope");
  return std::string(rest.substr(0, end == std::string_view::npos ? 0 : end));
}

void put_sessions(Json& parameters, const Session& session, const Arguments& arguments) {
  if (!arguments.sessions) return;
  parameters["sessions"] = *arguments.sessions;
  if (*arguments.sessions != "others") return;
  std::ifstream file(session.host().path("/proc/self/cgroup"));
  const std::string cgroups{std::istreambuf_iterator<char>(file), {}};
  const std::string own = session_of(cgroups);
  if (!own.empty()) parameters["keep"] = own;
}

void tell_sessions(Session& session, const ReplyOk& reply) {
  const std::string cause = text_member(reply.parameters, "sessions_not_ended");
  const auto ended = protocol::varlink::number_of(reply.parameters, "sessions_ended");
  if (protocol::varlink::member_of(reply.parameters, "sessions_not_ended") != nullptr) {
    print(session.streams().err,
          fmt::format("usherctl: done, but open sessions were not ended: {}\n", cause));
  } else if (!session.wants_json() && ended) {
    print(session.out(), fmt::format("Open sessions that were ended: {}.\n", *ended));
  } else if (!session.wants_json()) {
    print(session.out(), "Sessions that are open stay open.\n");
  }
  const auto outside = protocol::varlink::number_of(reply.parameters, "processes_outside");
  if (!session.wants_json() && outside.value_or(0) > 0) {
    print(session.out(), fmt::format("Processes that run on outside of any session, from cron, at "
                                     "or root's su: {}.\n",
                                     *outside));
  }
}

}  // namespace usher::ctl
