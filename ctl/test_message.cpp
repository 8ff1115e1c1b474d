// Looks once a second until it was tried.
#include "ctl/test_message.hpp"

#include <fmt/format.h>

#include "ctl/calls.hpp"
#include "ctl/output.hpp"
#include "ctl/verbs.hpp"

namespace usher::ctl {
namespace {

using protocol::varlink::Json;
using protocol::varlink::ReplyOk;

// Longer than a server takes that answers at all; a slow one may take twice that.
constexpr int kMomentsForATest = 60;

Json with_id(const std::string& id) {
  Json parameters = Json::object();
  parameters["id"] = id;
  return parameters;
}

// What holds up every message, or this one, in a few words.
Result<std::string> what_holds_it_up(Session& session, const std::string& id,
                                     const TestWords& words) {
  const ReplyOk status = TRY(session.call("GetStatus", Json::object()));
  const Json* mail = protocol::varlink::member_of(status.parameters, words.service);
  if (mail == nullptr) return fmt::format("{} is not set any more", words.server);
  const ReplyOk shown = TRY(session.call("ShowMessage", with_id(id)));
  const Json* message = protocol::varlink::member_of(shown.parameters, "message");
  const std::string detail = message != nullptr ? text_member(*message, "detail") : "";
  if (!detail.empty()) return detail;
  const std::string trouble = text_member(*mail, "trouble");
  if (!trouble.empty()) return trouble + ": " + text_member(*mail, "trouble_detail");
  const std::string courier = text_member(*mail, "courier");
  if (courier == "no_socket")
    return std::string("usherd-courier.socket failed: start it, and usherd");
  if (courier != "here") {
    return std::string("usher-courier has not come for it; is usher-courier.service running?");
  }
  return fmt::format("{} has not taken it yet", words.server);
}

// None: it waits still.
Result<std::optional<Json>> outcome_of(Session& session, const std::string& id) {
  const EndedByHand ended;
  for (int i = 0; i < kMomentsForATest; ++i) {
    const ReplyOk reply = TRY(session.call("ShowMessage", with_id(id)));
    const Json* message = protocol::varlink::member_of(reply.parameters, "message");
    if (message == nullptr) return Error(Errc::internal, "usherd's answer lacks the message");
    if (text_member(*message, "state") != "queued") return std::optional<Json>(*message);
    if (!text_member(*message, "detail").empty()) break;  // it is put off, and that is why
    if (!session.host().wait_a_moment()) break;
  }
  return std::optional<Json>();
}

// The first letter of a sentence.
std::string capital(std::string_view text) {
  std::string sentence(text);
  if (!sentence.empty()) sentence[0] = static_cast<char>(sentence[0] - 'a' + 'A');
  return sentence;
}

}  // namespace

Result<void> run_test(Session& session, std::string_view method, Json parameters,
                      const TestWords& words) {
  const ReplyOk queued = TRY(session.call(std::string(method), std::move(parameters)));
  const std::string id = text_member(queued.parameters, "id");
  const auto message = TRY(outcome_of(session, id));
  if (!message) {
    const std::string why = TRY(what_holds_it_up(session, id, words));
    return Error(Errc::timed_out,
                 fmt::format("{} waits: {} ({})", words.message, why, words.queue));
  }
  if (session.wants_json()) {
    ReplyOk reply;
    reply.parameters["message"] = *message;
    TRY(print_json(session.out(), reply));
  }
  const std::string detail = text_member(*message, "detail");
  if (text_member(*message, "state") != "sent") {
    return Error(Errc::conflict, fmt::format("{} was not taken: {}", words.message, detail));
  }
  if (!session.wants_json()) {
    print(session.out(),
          fmt::format("{} has taken it: {}\n", capital(words.server), escaped(detail)));
  }
  return {};
}

}  // namespace usher::ctl
