// One connection a call, as an usher-courier that is started anew each time.
#include "tests/race/mailbox.hpp"

#include <gtest/gtest.h>

#include <regex>

#include "protocol/courier_messages.hpp"
#include "protocol/varlink_connection.hpp"

namespace usher::test {
namespace {

namespace courier = protocol::courier;
using protocol::Deadline;
using protocol::varlink::Client;

constexpr std::chrono::seconds kPatience{20};

// A mail's text; "" where there is none, or somebody died of the question.
std::string take_one(const Host& host) {
  const auto take = [&]() -> Result<std::string> {
    Client usherd = TRY(Client::connect(host.path("courier.sock"), Deadline::after(kPatience)));
    const auto reply = TRY(usherd.call(courier::take_call(), protocol::varlink::kCallSecret,
                                       Deadline::after(kPatience)));
    const auto taken = TRY(courier::read_taken(reply));
    const auto* work = std::get_if<courier::Work>(&taken);
    if (work == nullptr) return std::string();
    const courier::Report report{work->id, courier::Outcome::sent, courier::Cause::none, "250", {}};
    TRY(courier::read_reported(
        TRY(usherd.call(courier::call_of(report), "", Deadline::after(kPatience)))));
    return std::string(std::get<courier::Mail>(work->what).text.text.view());
  }();
  return take ? *take : "";
}

}  // namespace

std::string mailed_code(const Host& host) {
  static const std::regex pattern("Code: +([0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4})\n");
  for (std::string text = take_one(host); !text.empty(); text = take_one(host)) {
    std::smatch found;
    if (std::regex_search(text, found, pattern)) return found[1];
  }
  return "";
}

Ada invited_ada(const Host& host) {
  Ada ada = add_ada(host);
  const Output invited = host.usherctl({"user", "invite", "ada", "--mail", "ada@acme.example"});
  EXPECT_EQ(invited.status, 0) << invited.text;
  ada.one_time_code = mailed_code(host);
  EXPECT_NE(ada.one_time_code, "");
  return ada;
}

Talk forget(const Host& host) {
  return talk(host.login_socket(), protocol::Operation::authenticate,
              std::vector<std::string>{"?", "1"});
}

}  // namespace usher::test
