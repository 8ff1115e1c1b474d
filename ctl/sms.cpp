// usherctl sms: whether text messages leave this host. What waits and what was sent is with the
// mails: one queue.
#include "ctl/test_message.hpp"
#include "ctl/verbs.hpp"

namespace usher::ctl {
namespace {

using protocol::varlink::Json;

constexpr TestWords kWords{"sms", "the text message", "the gateway", "usherctl mail queue"};

Result<void> test(Session& session, const Arguments& arguments) {
  Json parameters = Json::object();
  parameters["number"] = arguments.address;
  return run_test(session, "SendTestSms", std::move(parameters), kWords);
}

constexpr Verb kVerbs[] = {
    {"sms", "text messages to people", nullptr},
    {"sms test",
     "send a text message that says nothing, and say what became of it",
     test,
     {{{"NUMBER", "where to: +33612345678", &Arguments::address, Need::required}}}},
};

}  // namespace

std::span<const Verb> sms_verbs() {
  return kVerbs;
}

}  // namespace usher::ctl
