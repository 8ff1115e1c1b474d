// A text message between usherd and usher-courier: each field as it was, within its limits.
#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <regex>

#include "protocol/courier_sms_json.hpp"
#include "protocol/courier_template.hpp"
#include "tests/courier/smses.hpp"

namespace usher::courier {
namespace {

using namespace protocol::courier;
using protocol::varlink::Json;
using protocol::varlink::Reply;
using protocol::varlink::ReplyOk;

Result<Taken> taken(const Reply& reply) {
  Secret frame = TRY(protocol::varlink::encode(reply));
  frame.shorten(frame.size() - 1);
  return read_taken(TRY(protocol::varlink::decode_reply(frame, protocol::varlink::kCallSecret)));
}

ReplyOk answer(Sms sms = courier::sms()) {
  Reply reply = reply_of(Work{kId, std::move(sms)}).release_value();
  return std::move(*std::get_if<ReplyOk>(&reply));
}

std::string not_understood(ReplyOk reply) {
  const auto read = read_taken(Reply(std::move(reply)));
  if (!read) return "an Error";
  const auto* unsendable = std::get_if<Unsendable>(&*read);
  return unsendable == nullptr ? "-" : unsendable->field;
}

// Each field another than its default.
Sms full() {
  Sms sms = courier::sms();
  sms.gateway.method = Method::put;
  sms.gateway.signature = Signature::ovh;
  sms.gateway.sent.values = {"0", "ok"};
  sms.gateway.ca_file = "/etc/ssl/own.pem";
  return sms;
}

TEST(SmsMessages, CarryATextMessageAsItWas) {
  const auto read = taken(Reply(answer(full())));
  ASSERT_TRUE(read && std::holds_alternative<Work>(*read));
  const Sms& arrived = *std::get_if<Sms>(&std::get_if<Work>(&*read)->what);
  const Sms sent = full();
  EXPECT_EQ(arrived.gateway, sent.gateway);
  EXPECT_EQ(arrived.to, sent.to);
  EXPECT_EQ(arrived.reference, sent.reference);
  EXPECT_EQ(arrived.date, sent.date);
  EXPECT_TRUE(arrived.text.equals(sent.text));
}

TEST(SmsMessages, CarryTheLeastAndTheMost) {
  Sms least = courier::sms();
  least.gateway = {};
  least.gateway.url = "https://a/{to}{text}";
  least.gateway.statuses = {200};
  EXPECT_EQ(not_understood(answer(std::move(least))), "-");

  Sms most = full();
  Gateway& gateway = most.gateway;
  gateway.url = "https://a/" + std::string(kMaxGatewayUrl - 10, '/');
  gateway.headers.assign(kMaxGatewayHeaders, "X-A: " + std::string(kMaxGatewayHeader - 5, '"'));
  const std::string start = R"({"a":"{to}{text}","b":")";
  gateway.body = start;
  while (gateway.body.size() + 4 <= kMaxGatewayBody) gateway.body += "\\\"";
  gateway.body += "\"}";
  gateway.sent = gateway.bad_number = {"/" + std::string(kMaxPointer - 1, '"'),
                                       std::vector(kMaxValues, std::string(kMaxValue, '"'))};
  gateway.statuses.assign(kMaxValues, 299);
  gateway.ca_file = "/" + std::string(kMaxCaFile - 1, '"');
  gateway.account = std::string(kMaxAccount, 'a');
  gateway.from = std::string(kMaxSmsSender, 'a');
  most.text = secret(std::string(kMaxSmsText, 't'));
  most.date = kLastDate;
  ASSERT_TRUE(check(most)) << check(most).error().text();
  const auto large = taken(Reply(answer(std::move(most))));
  EXPECT_TRUE(large && std::holds_alternative<Work>(*large)) << "it is within a frame";
}

TEST(SmsMessages, KeepTheTextOutOfTheJson) {
  EXPECT_EQ(answer().parameters.dump().find("90417265"), std::string::npos);
}

TEST(SmsMessages, NameTheFieldThatIsNotUnderstood) {
  const std::pair<Json, std::string> cases[] = {
      {{{"gateway", nullptr}}, "gateway"},
      {{{"gateway", {{"method", "DELETE"}}}}, "method"},
      {{{"gateway", {{"method", "post"}}}}, "method"},
      {{{"gateway", {{"url", 1}}}}, "url"},
      {{{"gateway", {{"url", "http://a/"}}}}, "url"},
      {{{"gateway", {{"headers", Json::array()}}}}, "headers"},
      {{{"gateway", {{"headers", "X: 1"}}}}, "headers"},
      {{{"gateway", {{"headers", Json::array({1})}}}}, "headers"},
      {{{"gateway", {{"headers", Json::array({"Host: x"})}}}}, "headers"},
      {{{"gateway", {{"form", "xml"}}}}, "form"},
      {{{"gateway", {{"body", ""}}}}, "body"},
      {{{"gateway", {{"login", "digest"}}}}, "login"},
      {{{"gateway", {{"signature", "md5"}}}}, "signature"},
      {{{"gateway", {{"statuses", nullptr}}}}, "statuses"},
      {{{"gateway", {{"statuses", Json::array({"200"})}}}}, "statuses"},
      {{{"gateway", {{"statuses", Json::array({200.5})}}}}, "statuses"},
      {{{"gateway", {{"statuses", Json::array({500})}}}}, "statuses"},
      {{{"gateway", {{"sent", {{"pointer", 1}}}}}}, "sent"},
      {{{"gateway", {{"sent", {{"other", 1}}}}}}, "sent"},
      {{{"gateway", {{"sent", "x"}}}}, "sent"},
      {{{"gateway", {{"bad_number", {{"values", Json::array()}}}}}}, "bad_number"},
      {{{"gateway", {{"ca_file", "ca.pem"}}}}, "ca_file"},
      {{{"gateway", {{"account", "a b"}}}}, "account"},
      {{{"gateway", {{"from", ""}}}}, "from"},
      {{{"gateway", {{"key", "x"}}}}, ""},
      {{{"to", nullptr}}, "to"},
      {{{"to", "+33612345678,+33699999999"}}, "to"},
      {{{"to", Json::array({"+33612345678"})}}, "to"},
      {{{"reference", "x"}}, "reference"},
      {{{"date", -1}}, "date"},
      {{{"text", "x"}}, ""},
  };
  EXPECT_EQ(not_understood(answer()), "-");
  for (const auto& [changed, field] : cases) {
    ReplyOk reply = answer();
    reply.parameters["sms"].merge_patch(changed);
    EXPECT_EQ(not_understood(std::move(reply)), field) << changed;
  }
  ReplyOk both = answer();
  both.parameters["mail"] = Json::object();
  EXPECT_EQ(not_understood(std::move(both)), "");
}

TEST(SmsMessages, AreNotWrittenWithAFieldThatMustNotBe) {
  Sms bad = courier::sms();
  bad.to = "0612345678";
  EXPECT_EQ(reply_of(Work{kId, std::move(bad)}).error().text(), "to");
  Sms text = courier::sms();
  text.text = secret(std::string(kMaxSmsText + 1, 't'));
  EXPECT_EQ(reply_of(Work{kId, std::move(text)}).error().text(), "text");
  Sms none = courier::sms();
  none.text = Secret();
  EXPECT_EQ(reply_of(Work{kId, std::move(none)}).error().text(), "text");
}

TEST(SmsMessages, CarryHowLongToWait) {
  for (const std::int64_t wait : {0, 1, 3600}) {
    const Report report{kId, Outcome::service_down, Cause::busy, "429", std::chrono::seconds(wait)};
    const auto read = read_call(call_of(report));
    ASSERT_TRUE(std::holds_alternative<Report>(read));
    EXPECT_EQ(std::get_if<Report>(&read)->wait.count(), wait);
  }
  for (const Json& wait : {Json(0), Json(-1), Json(3601), Json("1"), Json(1.5)}) {
    auto call = call_of(Report{kId, Outcome::service_down, Cause::busy, "429"});
    call.parameters["wait"] = wait;
    EXPECT_FALSE(std::holds_alternative<Report>(read_call(call))) << wait;
  }
}

// --- Templates ---

TEST(SmsTemplate, KnowsANameByItsBraces) {
  const std::pair<const char*, const char*> cases[] = {{"{to}", ""},
                                                       {"a{to}", "a"},
                                                       {"{ {to}", "{ "},
                                                       {"{{to}}", "{"},
                                                       {"{\"a\":\"{to}\"}", "{\"a\":\""}};
  for (const auto& [text, literal] : cases) {
    std::string_view rest = text;
    const auto piece = take_piece(rest);
    ASSERT_TRUE(piece) << text;
    EXPECT_EQ(piece->literal, literal) << text;
    EXPECT_EQ(piece->value, Placeholder::to) << text;
  }
  for (const char* text : {"{too}", "{To}", "{ to }", "{t-o}", "{to }"}) {
    std::string_view rest = text;
    EXPECT_FALSE(take_piece(rest)) << text;
  }
  for (const char* text : {"{", "}", "{}", "{ }", "{\"a\"}", "{to", "to}", "{12}"}) {
    std::string_view rest = text;
    const auto piece = take_piece(rest);
    ASSERT_TRUE(piece) << text;
    EXPECT_EQ(piece->literal, text);
    EXPECT_EQ(piece->value, std::nullopt);
    EXPECT_TRUE(rest.empty());
  }
}

// The interface file is what the code says.
TEST(SmsInterface, DescribesWhatIsSaid) {
  std::ifstream file(USHER_SOURCE_DIR "/protocol/io.usher.Courier.varlink");
  const std::string whole{std::istreambuf_iterator<char>(file), {}};
  const std::string text = std::regex_replace(whole, std::regex("#[^\n]*|\\s"), "");
  const auto says = [&](const std::string& part) {
    EXPECT_NE(text.find(part), std::string::npos) << part;
  };
  const Json sms = answer(full()).parameters["sms"];
  for (const auto& [name, value] : sms.items()) says(name + ":");
  for (const auto& [name, value] : sms["gateway"].items()) says(name + ":");
  says("typeMatch(pointer:string,values:?[]string)");
  for (const auto names : {std::span<const std::string_view>(kMethods),
                           std::span<const std::string_view>(kSignatures)}) {
    for (const std::string_view name : names) {
      EXPECT_NE(whole.find("\"" + std::string(name) + "\""), std::string::npos) << name;
    }
  }
}

}  // namespace
}  // namespace usher::courier
