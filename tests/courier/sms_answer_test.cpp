// What a gateway's answer means: taken, the message's own fault, or ours.
#include "courier/sms_answer.hpp"

#include <gtest/gtest.h>

#include "courier/json_pointer.hpp"
#include "tests/courier/smses.hpp"

namespace usher::courier {
namespace {

using namespace std::chrono_literals;
using namespace protocol::courier;

Sent outcome(int status, std::string_view body, std::chrono::seconds wait = 0s) {
  const std::string_view secrets[] = {"Your code is 90417265.", "correct-horse-Battery9"};
  return outcome_of(gateway(), {.status = status, .body = body, .wait = wait}, secrets);
}

TEST(SmsAnswer, IsTakenByStatusAndPointer) {
  const Sent sent = outcome(202, R"({"id":"m-1"})");
  EXPECT_EQ(sent.outcome, Outcome::sent);
  EXPECT_EQ(sent.cause, Cause::none);
  EXPECT_EQ(sent.detail, "202 m-1");
  EXPECT_EQ(outcome(202, "{}").outcome, Outcome::later) << "the pointer finds nothing";
  EXPECT_EQ(outcome(202, R"({"id":null})").outcome, Outcome::later);
  EXPECT_EQ(outcome(201, R"({"id":"m-1"})").outcome, Outcome::later) << "another status";
  EXPECT_EQ(outcome(202, "<html>").outcome, Outcome::later);
  Gateway by_status = gateway();
  by_status.sent = {};
  EXPECT_EQ(outcome_of(by_status, {.status = 202, .body = "<html>"}, {}).detail, "202 ");
  Gateway by_value = gateway();
  by_value.sent = {"/id", {"0", "ok"}};
  EXPECT_EQ(outcome_of(by_value, {.status = 200, .body = R"({"id":0})"}, {}).outcome,
            Outcome::sent);
  EXPECT_EQ(outcome_of(by_value, {.status = 200, .body = R"({"id":"00"})"}, {}).outcome,
            Outcome::later);
}

TEST(SmsAnswer, KillsAMessageOnlyWhereItSaysThatItIsItsNumber) {
  for (const int status : {200, 202, 400, 404, 422, 500}) {
    for (const char* body : {R"({"error":"bad_number"})", R"({"error":404})"}) {
      const Sent sent = outcome(status, body);
      EXPECT_EQ(sent.outcome, Outcome::refused) << status;
      EXPECT_EQ(sent.cause, Cause::recipient) << status;
    }
  }
  EXPECT_EQ(outcome(400, R"({"error":"bad_sender"})").outcome, Outcome::later);
  EXPECT_EQ(outcome(413, "").cause, Cause::message);
}

TEST(SmsAnswer, HoldsAllUpWhereItIsAboutUs) {
  const std::pair<int, Cause> cases[] = {
      {0, Cause::unwelcome},       {100, Cause::unwelcome},     {301, Cause::unwelcome},
      {302, Cause::unwelcome},     {401, Cause::login_refused}, {402, Cause::no_credit},
      {403, Cause::login_refused}, {404, Cause::unwelcome},     {405, Cause::unwelcome},
      {408, Cause::busy},          {410, Cause::unwelcome},     {429, Cause::busy},
      {503, Cause::busy},
  };
  for (const auto& [status, cause] : cases) {
    const Sent sent = outcome(status, "no");
    EXPECT_EQ(sent.outcome, Outcome::service_down) << status;
    EXPECT_EQ(sent.cause, cause) << status;
  }
  for (const int status : {400, 422}) {
    EXPECT_EQ(outcome(status, "no").cause, Cause::denied) << status;
  }
  for (int status = 0; status < 1000; ++status) {
    const Sent sent = outcome(status, "no");
    EXPECT_TRUE(fit_together(sent.outcome, sent.cause)) << status;
  }
}

// The message may be on its way: usherd sends it again a few times only.
TEST(SmsAnswer, IsUnclearWhereItMayComeBehindAMessageThatWasTaken) {
  for (const int status : {200, 201, 202, 204, 500, 502, 504, 599}) {
    const Sent sent = outcome(status, "no");
    EXPECT_EQ(sent.outcome, Outcome::later) << status;
    EXPECT_EQ(sent.cause, Cause::unclear) << status;
  }
  Gateway by_value = gateway();
  by_value.sent = {"/id", {"0"}};
  const Sent other = outcome_of(by_value, {.status = 202, .body = R"({"id":"4"})"}, {});
  EXPECT_EQ(other.cause, Cause::denied) << "it says itself that it did not take it";
}

TEST(SmsAnswer, MaySayHowLongToWait) {
  EXPECT_EQ(outcome(429, "", 30s).wait, 30s);
  EXPECT_EQ(outcome(503, "", 24h).wait, kMaxWait);
  EXPECT_EQ(outcome(502, "", 30s).wait, 30s);
  EXPECT_EQ(outcome(401, "", 30s).wait, 0s);
}

TEST(SmsAnswer, IsReportedWithoutWhatItRepeats) {
  const Sent sent = outcome(400,
                            "{\"body\":\"Your code is 90417265.\",\"was\":\"\\u000a90417265\",\n"
                            "\"key\":\"correct-horse-Battery9\",\"why\":\"\xC3\xA9\x1B[31m\"}");
  EXPECT_EQ(sent.detail.find("90417265"), std::string::npos) << sent.detail;
  EXPECT_EQ(sent.detail.find("Battery9"), std::string::npos) << sent.detail;
  EXPECT_TRUE(sent.detail.starts_with("400 {\"body\":\"***")) << sent.detail;
  EXPECT_NE(sent.detail.find("\"why\":\"??"), std::string::npos) << sent.detail;
  EXPECT_LE(outcome(400, std::string(65'536, 'x')).detail.size(), kMaxDetail);
}

// --- The pointer ---

TEST(JsonPointer, FindsWhatIsThere) {
  const std::string text =
      R"( {"a" : {"b":[10, {"c":"x\"y"}, [true , null]], "":"empty", "a/b":1, "m~n":2},
           "s":"{\"a\":1}", "e":{}, "n":-1.5e3, "z":[] } )";
  const std::pair<const char*, const char*> there[] = {
      {"/a/b/0", "10"},
      {"/a/b/1/c", R"(x\"y)"},
      {"/a/b/2/0", "true"},
      {"/a/", "empty"},
      {"/a/a~1b", "1"},
      {"/a/m~0n", "2"},
      {"/s", R"({\"a\":1})"},
      {"/e", "{}"},
      {"/n", "-1.5e3"},
      {"/z", "[]"},
      {"/a/b/2", "[true , null]"},
  };
  for (const auto& [pointer, value] : there) {
    EXPECT_EQ(find_in_json(text, pointer), std::string_view(value)) << pointer;
  }
  for (const char* pointer : {"/b", "/a/b/3", "/a/b/2/1", "/a/b/-1", "/a/b/00", "/a/b/x", "/s/a",
                              "/e/x", "/z/0", "/n/0", "a", "/a/b/99999999999999999999"}) {
    EXPECT_EQ(find_in_json(text, pointer), std::nullopt) << pointer;
  }
}

// A gateway's answer is anybody's bytes.
TEST(JsonPointer, FindsNothingInWhatIsNoJson) {
  for (const std::string text :
       {"", " ", "{", "{\"id\"", "{\"id\":", "{\"id\":\"", "{\"id\":\"x", "{id:1}", "[", "]", "}",
        "{\"id\":}", "{\"id\":,}", "{\"x\":[1,2,\"id\":1}", "<html>", "null",
        "{\"x\\\":1,\"id\":1}"}) {
    EXPECT_EQ(find_in_json(text, "/id"), std::nullopt) << text;
  }
  EXPECT_EQ(find_in_json(std::string(60'000, '['), "/0/0/0"), std::nullopt);
  EXPECT_EQ(find_in_json("{\"x\":" + std::string(60'000, '[') + ",\"id\":1}", "/id"), std::nullopt);
  EXPECT_EQ(find_in_json("{\"text\":\"\\\",\\\"id\\\":\\\"x\"}", "/id"), std::nullopt)
      << "what a text says is no member";
}

}  // namespace
}  // namespace usher::courier
