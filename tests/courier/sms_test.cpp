// A text message to a real HTTPS endpoint: what is asked of it, as programs read it that are not
// ours, and what becomes of the message whatever it answers.
#include "courier/sms.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <iostream>
#include <memory>

#include "courier/curl.hpp"
#include "daemon/config_gateway.hpp"
#include "tests/courier/python_server.hpp"
#include "tests/courier/smses.hpp"

namespace usher::courier {

inline std::ostream& operator<<(std::ostream& out, const Sent& sent) {
  return out << protocol::courier::name_of(sent.outcome) << ", "
             << protocol::courier::name_of(sent.cause) << ", \"" << sent.detail << '"';
}

namespace {

using namespace std::chrono_literals;
using namespace protocol::courier;

constexpr const char* kKey = "correct-horse-Battery9";
constexpr const char* kApplication = "7kbG7Bk7S9Nt7ZSV";
constexpr const char* kConsumer = "MtSwSrPpNjqfVSmJhLbPyr2i45lSwPU1";

// One endpoint for all the tests of a process.
class SmsSends : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    ASSERT_TRUE(initialise_curl());
    server = std::make_unique<PythonServer>("sms_gateway.py");
    port = server->line();
    port.pop_back();
  }
  static void TearDownTestSuite() { server.reset(); }
  SmsSends() {
    credential("usher-sms-key", kKey);
    credential("usher-sms-application", kApplication);
    credential("usher-sms-consumer", kConsumer);
  }

  void credential(const std::string& name, const std::string& text) {
    std::ofstream(credentials_ / name) << text << '\n';
  }
  static void behave(Json behaviour) {
    behaviour.update({{"key", kKey}, {"application", kApplication}, {"consumer", kConsumer}});
    (void)server->ask(behaviour);
  }
  static Json requests() { return server->ask({{"requests", true}}); }

  static std::string here() { return "https://localhost:" + port; }
  static Sms to_server() {
    Sms sms = courier::sms();
    sms.gateway.url = here() + "/send";
    sms.gateway.ca_file = server->ca_file();
    return sms;
  }
  // A shipped gateway, with its provider's host in front of its path replaced by ours.
  static Sms by_preset(const std::string& name, const std::string& account) {
    Sms sms = courier::sms();
    auto gateway =
        daemon::load_gateway(std::string(USHER_SOURCE_DIR "/config/sms/") + name + ".toml");
    EXPECT_TRUE(gateway) << gateway.error().text();
    sms.gateway = gateway.release_value();
    sms.gateway.account = account;
    sms.gateway.from = "Acme";
    sms.gateway.ca_file = server->ca_file();
    sms.gateway.url = here() + sms.gateway.url.substr(sms.gateway.url.find('/', 8));
    return sms;
  }
  Sent send(const Sms& sms) {
    const Sent sent = SmsGateway(credentials_.path(), told_to_stop_, patience_).send(sms);
    // Whatever happened.
    EXPECT_LE(sent.detail.size(), kMaxDetail) << sent;
    EXPECT_TRUE(fit_together(sent.outcome, sent.cause)) << sent;
    for (const char* secret : {kKey, "Battery9", kApplication, kConsumer, "90417265"}) {
      EXPECT_EQ(sent.detail.find(secret), std::string::npos) << sent;
    }
    EXPECT_EQ(sent.detail.find(sms.to.substr(1)), std::string::npos) << sent;
    return sent;
  }

  inline static std::unique_ptr<PythonServer> server;
  inline static std::string port;
  fakes::TemporaryDirectory credentials_;
  bool (*told_to_stop_)() = [] { return false; };
  SmsPatience patience_{};
};

TEST_F(SmsSends, AndReportsNoNumberThatTheAnswerRepeats) {
  behave({{"status", 400},
          {"body", R"({"why":"+33612345678 or 33612345678, as %2B33612345678, is not served"})"}});
  const Sent sent = send(to_server());
  EXPECT_NE(sent.detail.find("is not served"), std::string::npos) << sent;
}

// --- The presets, byte for byte ---

TEST_F(SmsSends, ByTwilioAsTwilioWantsIt) {
  behave({{"as", "twilio"}});
  Sms sms = by_preset("twilio", "AC0123456789abcdef0123456789abcdef");
  sms.text = secret("Code: 90417265\nd\u00e9j\u00e0 & co");
  const Sent sent = send(sms);
  EXPECT_EQ(sent.outcome, Outcome::sent) << sent;
  EXPECT_EQ(sent.detail, "201 SM9f");
  const Json request = requests()[0];
  EXPECT_EQ(request["raw"],
            "To=%2B33612345678&From=Acme&Body=Code%3A%2090417265%0Ad%C3%A9j%C3%A0%20%26%20co");
  EXPECT_EQ(request["headers"]["content-type"], "application/x-www-form-urlencoded");
  EXPECT_EQ(request["form"][2][1], "Code: 90417265\nd\u00e9j\u00e0 & co");
  sms.to = "+33600000000";
  const Sent bad = send(sms);
  EXPECT_EQ(bad.outcome, Outcome::refused) << bad;
  EXPECT_EQ(bad.cause, Cause::recipient) << bad;
  credential("usher-sms-key", "wrong");
  EXPECT_EQ(send(sms).cause, Cause::login_refused);
}

TEST_F(SmsSends, ByOvhAsOvhWantsItAndSigned) {
  behave({{"as", "ovh"}});
  Sms sms = by_preset("ovh", "sms-ab12345-1");
  sms.text = secret("Code \"90417265\" \\ d\u00e9j\u00e0\n");
  const Sent sent = send(sms);
  EXPECT_EQ(sent.outcome, Outcome::sent) << sent;
  EXPECT_EQ(sent.detail, "200 87654321");
  const Json request = requests()[0];
  EXPECT_EQ(
      request["raw"],
      "{\"charset\":\"UTF-8\",\"message\":\"Code \\\"90417265\\\" \\\\ d\u00e9j\u00e0\\u000A\","
      "\"noStopClause\":true,\"priority\":\"high\",\"receivers\":[\"+33612345678\"],"
      "\"sender\":\"Acme\",\"senderForResponse\":false}");
  EXPECT_EQ(request["headers"]["content-type"], "application/json; charset=utf-8");
  EXPECT_EQ(request["headers"]["x-ovh-timestamp"], "1763800000");
  EXPECT_FALSE(request["headers"].contains("authorization"));
  sms.to = "+33600000000";
  EXPECT_EQ(send(sms).cause, Cause::recipient);
  sms.to = "+33612345678";
  for (const char* name : {"usher-sms-application", "usher-sms-consumer"}) {
    credential(name, "wrong");
    EXPECT_EQ(send(sms).cause, Cause::login_refused) << name;
    std::filesystem::remove(credentials_ / name);
    EXPECT_EQ(send(sms).cause, Cause::no_password) << name;
    credential(name, name == std::string("usher-sms-consumer") ? kConsumer : kApplication);
  }
  credential("usher-sms-key", "wrong");
  EXPECT_EQ(send(sms).cause, Cause::denied) << "400 of OVH";
}

TEST_F(SmsSends, ByVonageAsVonageWantsIt) {
  behave({{"as", "vonage"}});
  Sms sms = by_preset("vonage", "abcd1234");
  const Sent sent = send(sms);
  EXPECT_EQ(sent.outcome, Outcome::sent) << sent;
  const Json request = requests()[0];
  EXPECT_EQ(
      request["raw"],
      "{\"message_type\":\"text\",\"channel\":\"sms\",\"to\":\"33612345678\",\"from\":\"Acme\","
      "\"text\":\"Your code is 90417265.\",\"client_ref\":\"0123456789abcdef0123456789abcdef\"}");
  sms.to = "+33600000000";
  EXPECT_EQ(send(sms).cause, Cause::recipient);
}

// --- Every other gateway ---

TEST_F(SmsSends, SignedByHmac) {
  behave({{"body", R"({"id":"m-1"})"}});
  Sms sms = to_server();
  sms.gateway.signature = Signature::hmac_sha256;
  ASSERT_EQ(send(sms).outcome, Outcome::sent);
  const Json request = requests()[0];
  EXPECT_EQ(request["headers"]["x-usher-timestamp"], "1763800000");
  EXPECT_EQ(request["headers"]["x-usher-signature"], request["hmac"]) << "as Python makes it";
}

TEST_F(SmsSends, WithATokenInAHeader) {
  behave({{"body", R"({"id":"m-1"})"}});
  Sms sms = to_server();
  sms.gateway.headers = {"Authorization: Bearer {key}", "X-Reference: {id}"};
  ASSERT_EQ(send(sms).outcome, Outcome::sent);
  const Json request = requests()[0];
  EXPECT_EQ(request["headers"]["authorization"], std::string("Bearer ") + kKey);
  EXPECT_EQ(request["headers"]["x-reference"], kId);
  EXPECT_EQ(request["target"], "/send");
  credential("usher-sms-key", "caf\u00e9");
  EXPECT_EQ(send(sms).cause, Cause::no_password) << "it cannot stand in a header";
}

TEST_F(SmsSends, ByEveryMethod) {
  for (const Method method : {Method::post, Method::put, Method::get}) {
    behave({{"body", R"({"id":"m-1"})"}});
    Sms sms = to_server();
    sms.gateway.method = method;
    if (method == Method::get) {
      sms.gateway.form = BodyForm::none;
      sms.gateway.body = "";
      sms.gateway.url += "/../a?to={to}&text={text}";
    }
    const Sent sent = send(sms);
    ASSERT_EQ(sent.outcome, Outcome::sent) << sent;
    const Json request = requests()[0];
    EXPECT_EQ(request["method"], kMethods[static_cast<std::size_t>(method)]);
    if (method != Method::get) continue;
    EXPECT_EQ(request["path"], "/send/../a") << "as it was signed";
    EXPECT_EQ(request["query"], (Json::array({Json::array({"to", "+33612345678"}),
                                              Json::array({"text", "Your code is 90417265."})})));
  }
}

// A server that is not ours reads what no text may end.
TEST_F(SmsSends, AHostileTextAsAText) {
  for (const std::string text : {"\",\"to\":\"+33699999999", "\nX-Evil: 1\n\n", "&To=1",
                                 "{to}{key}", "\\\"}", "%0d%0aX-Evil: 1"}) {
    behave({{"body", R"({"id":"m-1"})"}});
    Sms sms = to_server();
    sms.gateway.url = here() + "/send?t={text}";
    sms.text = secret(text);
    ASSERT_EQ(send(sms).outcome, Outcome::sent) << text;
    const Json all = requests();
    ASSERT_EQ(all.size(), 1U) << text;
    EXPECT_EQ(all[0]["json"], (Json{{"to", "+33612345678"}, {"from", "Acme"}, {"text", text}}));
    EXPECT_EQ(all[0]["query"], (Json::array({Json::array({"t", text})})));
    EXPECT_EQ(all[0]["header_count"], 5) << "Host, Accept, ours, type and length: " << all[0];
  }
}

TEST_F(SmsSends, NothingWithoutItsKey) {
  behave({});
  Sms sms = to_server();
  sms.gateway.login = GatewayLogin::basic;
  for (const std::string text : {"", "two\nlines", "\xFF"}) {
    credential("usher-sms-key", text);
    EXPECT_EQ(send(sms).cause, Cause::no_password);
  }
  std::filesystem::remove(credentials_ / "usher-sms-key");
  EXPECT_EQ(send(sms).cause, Cause::no_password);
  EXPECT_EQ(requests(), Json::array()) << "not even a connection";
}

TEST_F(SmsSends, NothingThatMustNotBe) {
  behave({});
  Sms sms = to_server();
  sms.to = "+33612345678\r\nX: 1";
  EXPECT_EQ(send(sms).cause, Cause::not_sendable);
  EXPECT_EQ(requests(), Json::array());
}

TEST_F(SmsSends, NothingToWhomIsNotTheOneWhoWasMeant) {
  const std::pair<const char*, Cause> cases[] = {
      {"other", Cause::wrong_name}, {"past", Cause::expired}, {"untrusted", Cause::untrusted}};
  for (const auto& [certificate, cause] : cases) {
    behave({{"certificate", certificate}});
    const Sent sent = send(to_server());
    EXPECT_EQ(sent.outcome, Outcome::service_down) << sent;
    EXPECT_EQ(sent.cause, cause) << sent;
    EXPECT_EQ(requests(), Json::array()) << certificate;
  }
  behave({});
  Sms sms = to_server();
  sms.gateway.ca_file = "/nowhere.pem";
  EXPECT_EQ(send(sms).cause, Cause::untrusted);
}

TEST_F(SmsSends, NowhereElseThanToldWhateverItSays) {
  behave({{"status", 307}, {"headers", {{"Location", here() + "/evil"}}}});
  const Sent sent = send(to_server());
  EXPECT_EQ(sent.cause, Cause::unwelcome) << sent;
  EXPECT_EQ(requests().size(), 1U);
}

TEST_F(SmsSends, NowhereElseThanToldWhateverTheEnvironmentSays) {
  const std::string home = credentials_.path();
  std::ofstream(home + "/.netrc") << "machine localhost login eve password wrong\n";
  for (const char* name : {"HOME", "http_proxy", "https_proxy", "HTTPS_PROXY", "all_proxy"}) {
    // NOLINTNEXTLINE(concurrency-mt-unsafe): one thread
    ASSERT_EQ(::setenv(name, name == std::string("HOME") ? home.c_str() : "http://127.0.0.1:1", 1),
              0);
  }
  behave({{"body", R"({"id":"m-1"})"}});
  EXPECT_EQ(send(to_server()).outcome, Outcome::sent);
  EXPECT_FALSE(requests()[0]["headers"].contains("authorization"));
}

TEST_F(SmsSends, HeldUpAsLongAsItAsks) {
  behave({{"status", 429}, {"headers", {{"Retry-After", "120"}}}});
  const Sent sent = send(to_server());
  EXPECT_EQ(sent.cause, Cause::busy) << sent;
  EXPECT_EQ(sent.wait, 120s);
  behave({{"status", 503}, {"headers", {{"Retry-After", "99999999999"}}}});
  EXPECT_EQ(send(to_server()).wait, kMaxWait);
}

TEST_F(SmsSends, IsNotHeldByAnAnswerWithoutEnd) {
  behave({{"endless", true}, {"headers", {{"Connection", "close"}}}});
  const Sent sent = send(to_server());
  EXPECT_EQ(sent.outcome, Outcome::later) << sent;
  behave({{"endless", true}, {"status", 500}, {"headers", {{"Connection", "close"}}}});
  EXPECT_EQ(send(to_server()).cause, Cause::unclear);
}

TEST_F(SmsSends, IsNotHeldBySilence) {
  patience_.whole = 300ms;
  behave({{"hang", true}});
  const Sent sent = send(to_server());
  EXPECT_EQ(sent.outcome, Outcome::later) << "it had the request, and may have sent the message";
  EXPECT_EQ(sent.cause, Cause::unclear) << sent;
}

TEST_F(SmsSends, EndsWhenItIsToldTo) {
  patience_.stopping = 10ms;
  told_to_stop_ = [] { return true; };
  behave({{"hang", true}});
  EXPECT_EQ(send(to_server()).cause, Cause::stopping);
}

TEST_F(SmsSends, IsUnclearWhenTheConnectionIsCutBehindTheRequest) {
  behave({{"drop", true}});
  EXPECT_EQ(send(to_server()).cause, Cause::unclear);
}

}  // namespace
}  // namespace usher::courier
