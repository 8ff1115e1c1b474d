// One call over a real socket: what reaches the login manager, and what is answered.
#include "reaper/serve.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <regex>
#include <set>
#include <thread>

#include "tests/fakes/published.hpp"
#include "tests/reaper/named_socket.hpp"

namespace usher::reaper {
namespace {

using namespace std::chrono_literals;
using protocol::Deadline;
using protocol::reaper::Which;
using protocol::varlink::Connection;
using protocol::varlink::Json;

constexpr std::uint32_t kAda = 1'900'000'001;

std::string slurp(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

// The call to end ada's sessions, with other parameters in it.
std::string call_with(const Json& changed = Json::object()) {
  Json call = {{"method", protocol::reaper::kMethod},
               {"parameters", {{"uid", kAda}, {"which", "all"}}}};
  call["parameters"].merge_patch(changed);
  return call.dump() + '\0';
}

class ReaperServes : public ::testing::Test {
 protected:
  ReaperServes() {
    if (!fakes::publish(fakes::small_directory(), place_.file)) std::abort();
    std::ofstream(files_.passwd) << "root:x:0:0::/:/bin/sh\n";
  }

  // Sends it, hangs up behind it, and returns the answer without its NUL; empty: none.
  std::string answer_to(std::string_view bytes) {
    NamedSocket socket;
    EXPECT_EQ(::send(socket.caller.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL),
              static_cast<ssize_t>(bytes.size()));
    (void)::shutdown(socket.caller.get(), SHUT_WR);
    served_ = serve(socket.served.get(), files_, sessions_, {});
    socket.served.reset();
    Connection connection(socket.caller.get(), protocol::varlink::kMaxFrame);
    const auto frame = connection.receive(Deadline::after(5s));
    return frame && frame->has_value() ? std::string((*frame)->view()) : "";
  }
  // The error's name; empty: it was done.
  std::string refusal_of(const Json& changed) {
    const Json reply = Json::parse(answer_to(call_with(changed)));
    return reply.contains("error") ? reply["error"].get<std::string>() : "";
  }
  // As usherd reads it.
  Result<protocol::reaper::Ended> outcome() {
    auto frame = Secret::copy(answer_to(call_with()));
    auto reply = protocol::varlink::decode_reply(*frame, "");
    return protocol::reaper::read_reply(*reply);
  }

  fakes::PublishedPlace place_;
  Files files_{place_.directory / "passwd", place_.file};
  CountedSessions sessions_;
  Result<std::string> served_ = std::string();
};

TEST_F(ReaperServes, EndsThePersonsSessionsAndSaysHowMany) {
  EXPECT_EQ(answer_to(call_with()), R"({"parameters":{"ended":2,"outside":1}})");
  ASSERT_EQ(sessions_.asked.size(), 1U);
  EXPECT_EQ(sessions_.asked[0].uid, Uid{kAda});
  EXPECT_EQ(sessions_.asked[0].which, Which::all);
  EXPECT_EQ(*served_, "uid=1900000001 ended=2 outside=1");
}

TEST_F(ReaperServes, KeepsTheSessionThatIsNamed) {
  EXPECT_EQ(refusal_of({{"which", "others"}, {"keep", "c7"}}), "");
  EXPECT_EQ(refusal_of({{"which", "others"}}), "");
  ASSERT_EQ(sessions_.asked.size(), 2U);
  EXPECT_EQ(sessions_.asked[0].which, Which::others);
  EXPECT_EQ(sessions_.asked[0].keep, "c7");
  EXPECT_EQ(sessions_.asked[1].keep, "");
}

TEST_F(ReaperServes, AnswersOneCallOfAConnection) {
  EXPECT_NE(answer_to(call_with() + call_with()), "");
  EXPECT_EQ(sessions_.asked.size(), 1U);
}

TEST_F(ReaperServes, RefusesWhoIsNoneOfUshersPeople) {
  EXPECT_EQ(refusal_of({{"uid", 0}}), "io.usher.Reaper.NotOurs");
  EXPECT_EQ(refusal_of({{"uid", 1'900'000'003}}), "io.usher.Reaper.NotOurs");
  std::ofstream(files_.passwd) << "ada:x:1234:1234::/:/bin/sh\n";
  EXPECT_EQ(refusal_of(Json::object()), "io.usher.Reaper.NotOurs");
  EXPECT_FALSE(served_);
  EXPECT_TRUE(sessions_.asked.empty());
}

TEST_F(ReaperServes, NamesTheParameterItDoesNotUnderstand) {
  const std::pair<Json, std::string> cases[] = {
      {{{"uid", nullptr}}, "uid"},
      {{{"uid", -1}}, "uid"},
      {{{"uid", 4294967296}}, "uid"},
      {{{"uid", 1.5}}, "uid"},
      {{{"uid", "1900000001"}}, "uid"},
      {{{"which", nullptr}}, "which"},
      {{{"which", "none"}}, "which"},
      {{{"which", 0}}, "which"},
      {{{"keep", "c7"}}, "keep"},
      {{{"which", "others"}, {"keep", ""}}, "keep"},
      {{{"which", "others"}, {"keep", "../c7"}}, "keep"},
      {{{"which", "others"}, {"keep", std::string(65, 'c')}}, "keep"},
      {{{"which", "others"}, {"keep", 7}}, "keep"},
      {{{"signal", 9}}, ""},
  };
  for (const auto& [changed, name] : cases) {
    const Json reply = Json::parse(answer_to(call_with(changed)));
    EXPECT_EQ(reply["error"], "org.varlink.service.InvalidParameter") << changed;
    EXPECT_EQ(reply["parameters"]["parameter"], name) << changed;
  }
  EXPECT_TRUE(sessions_.asked.empty());
}

TEST_F(ReaperServes, KnowsOneMethod) {
  for (const char* method : {"io.usher.Reaper.KillUser", "org.varlink.service.GetInfo", "x"}) {
    const Json reply = Json::parse(
        answer_to(Json{{"method", method}, {"parameters", {{"uid", kAda}}}}.dump() + '\0'));
    EXPECT_EQ(reply["error"], "org.varlink.service.MethodNotFound") << method;
  }
  EXPECT_TRUE(sessions_.asked.empty());
}

TEST_F(ReaperServes, TellsUsherdWhatWentWrong) {
  for (const Errc code : {Errc::unsupported, Errc::unavailable, Errc::not_permitted}) {
    sessions_.answer = Error(code, "the cause");
    const auto ended = outcome();
    ASSERT_FALSE(ended);
    EXPECT_EQ(ended.error().code(), code);
    EXPECT_EQ(ended.error().text(), "the cause");
  }
  sessions_.answer = Error(Errc::timed_out, "too slow");
  EXPECT_EQ(outcome().error().code(), Errc::unavailable);
}

// The seeds of the fuzz target, and a few of this protocol's own: none of them ends a session.
TEST_F(ReaperServes, DoesNothingAtAMalformedCall) {
  std::vector<std::string> inputs = {"",
                                     std::string(1, '\0'),
                                     "nonsense" + std::string(1, '\0'),
                                     call_with().substr(0, 30),
                                     std::string(protocol::reaper::kMaxFrame + 1, 'x'),
                                     R"({"method":"io.usher.Reaper.EndSessions","oneway":true,)"
                                     R"("parameters":{"uid":1900000001,"which":"all"}})" +
                                         std::string(1, '\0')};
  for (const auto& seed :
       std::filesystem::directory_iterator(USHER_SOURCE_DIR "/tests/fuzz/corpus/varlink")) {
    inputs.push_back(slurp(seed.path()).substr(1));  // the target's own first byte
  }
  EXPECT_GT(inputs.size(), 10U);
  for (const std::string& input : inputs) (void)answer_to(input);
  EXPECT_TRUE(sessions_.asked.empty());
}

TEST_F(ReaperServes, LetsASilentCallerGo) {
  for (const std::string_view sent : {"", "{\"method\""}) {
    NamedSocket socket;
    ASSERT_EQ(::send(socket.caller.get(), sent.data(), sent.size(), MSG_NOSIGNAL),
              static_cast<ssize_t>(sent.size()));
    const auto served = serve(socket.served.get(), files_, sessions_, {.call = 20ms});
    ASSERT_FALSE(served);
    EXPECT_EQ(served.error().code(), Errc::timed_out);
  }
}

// The interface file is what the code says: its method, its members, its errors.
TEST(ReaperInterface, DescribesWhatIsServed) {
  const std::string text = std::regex_replace(
      slurp(USHER_SOURCE_DIR "/protocol/io.usher.Reaper.varlink"), std::regex("#[^\n]*|\\s"), "");
  EXPECT_NE(text.find("interfaceio.usher.Reaper"), std::string::npos);
  EXPECT_NE(text.find("typeWhich(all,others)"), std::string::npos);
  EXPECT_NE(
      text.find("methodEndSessions(uid:int,which:Which,keep:?string)->(ended:int,outside:int)"),
      std::string::npos);
  EXPECT_EQ(text.find("method", text.find("methodEnd") + 1), std::string::npos)
      << "a second method";
  for (const char* error : {"NotOurs", "NoLoginManager", "Failed"}) {
    EXPECT_NE(text.find("error" + std::string(error) + "(text:string)"), std::string::npos)
        << error;
  }
}

}  // namespace
}  // namespace usher::reaper
