// A request out of its templates: each value is a value where it stands, whatever it says.
#include "courier/sms_request.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "courier/sms_signature.hpp"
#include "protocol/varlink_json.hpp"
#include "tests/courier/smses.hpp"

namespace usher::courier {
namespace {

using namespace protocol::courier;
using protocol::varlink::Json;

// What people could write, or have written, to make more of it than a text.
const std::vector<std::string>& hostile_texts() {
  static const std::vector<std::string> texts = [] {
    const std::string starts[] = {"",  "90417265",   "\"", "\\",   "\\\"",    "&",   "=",
                                  "%", "%22",        "+",  "#",    "{",       "}",   "{to}",
                                  "é", "\U0001f511", "\n", "\n\n", "\\u0022", "\\n", "'",
                                  "<", ";",          "?",  "/",    "../",     "@",   ","};
    const std::string ends[] = {"x",
                                "\",\"to\":\"+33699999999",
                                "\"}{\"to\":\"+33699999999\"}",
                                "&To=%2B33699999999",
                                "&Body=other&From=Eve",
                                " HTTP/1.1\nHost: evil.example\n\n",
                                "\nX-Evil: 1",
                                "{text}{id}{key}",
                                "],\"receivers\":[\"+33699999999\"",
                                "\\",
                                "%0d%0aX-Evil: 1",
                                "#fragment",
                                "?to=+33699999999"};
    std::vector<std::string> all;
    for (const std::string& start : starts) {
      for (const std::string& end : ends) all.push_back(start + end);
    }
    return all;
  }();
  return texts;
}

std::string text_of(const Secret& secret) {
  return std::string(secret.view());
}

int digit(char c) {
  return c <= '9' ? c - '0' : c - 'A' + 10;
}

// What a form's reader makes of it; it knows nothing of our templates.
std::vector<std::pair<std::string, std::string>> read_form(std::string_view form) {
  std::vector<std::pair<std::string, std::string>> fields(1);
  bool in_value = false;
  for (std::size_t i = 0; i < form.size(); ++i) {
    std::string& part = in_value ? fields.back().second : fields.back().first;
    if (form[i] == '&') {
      fields.emplace_back();
      in_value = false;
    } else if (form[i] == '=' && !in_value) {
      in_value = true;
    } else if (form[i] == '%') {
      part += static_cast<char>(digit(form[i + 1]) * 16 + digit(form[i + 2]));
      i += 2;
    } else {
      part += form[i] == '+' ? ' ' : form[i];
    }
  }
  return fields;
}

Gateway form_gateway() {
  Gateway gateway = courier::gateway();
  gateway.form = BodyForm::form;
  gateway.body = "To={to}&From={from}&Body={text}&Ref={id}";
  return gateway;
}

TEST(SmsRequest, SaysItInJson) {
  const SmsRequest request = request_of(sms(), "").release_value();
  EXPECT_EQ(text_of(request.url), "https://sms.acme.example/send");
  EXPECT_EQ(text_of(request.body),
            R"({"to":"+33612345678","from":"Acme","text":"Your code is 90417265."})");
  ASSERT_EQ(request.headers.size(), 2U);
  EXPECT_EQ(text_of(request.headers[0]), std::string("X-Reference: ") + kId);
  EXPECT_EQ(text_of(request.headers[1]), "Content-Type: application/json; charset=utf-8");
}

TEST(SmsRequest, SaysItInAForm) {
  Sms sms = courier::sms();
  sms.gateway = form_gateway();
  sms.text = secret("a b+c/é");
  const SmsRequest request = request_of(sms, "").release_value();
  EXPECT_EQ(text_of(request.body),
            std::string("To=%2B33612345678&From=Acme&Body=a%20b%2Bc%2F%C3%A9&Ref=") + kId);
  EXPECT_EQ(text_of(request.headers[1]), "Content-Type: application/x-www-form-urlencoded");
}

TEST(SmsRequest, SaysItInAnAddress) {
  Sms sms = courier::sms();
  sms.gateway.method = Method::get;
  sms.gateway.form = BodyForm::none;
  sms.gateway.body = "";
  sms.gateway.url = "https://sms.acme.example:8443/{account}?to={to_digits}&text={text}";
  sms.text = secret("a&b");
  const SmsRequest request = request_of(sms, "").release_value();
  EXPECT_EQ(text_of(request.url), "https://sms.acme.example:8443/acme?to=33612345678&text=a%26b");
  EXPECT_TRUE(request.body.empty());
  EXPECT_EQ(request.headers.size(), 1U);
}

TEST(SmsRequest, KeepsAHostileTextATextInJson) {
  for (const std::string& text : hostile_texts()) {
    Sms sms = courier::sms();
    sms.text = secret(text);
    const auto request = request_of(sms, "");
    ASSERT_TRUE(request) << text;
    const auto read = protocol::varlink::parse_object(request->body.view());
    ASSERT_TRUE(read) << request->body.view();
    EXPECT_EQ(*read, (Json{{"to", "+33612345678"}, {"from", "Acme"}, {"text", text}})) << text;
  }
  EXPECT_GT(hostile_texts().size(), 300U);
}

TEST(SmsRequest, KeepsAHostileTextATextInAForm) {
  for (const std::string& text : hostile_texts()) {
    Sms sms = courier::sms();
    sms.gateway = form_gateway();
    sms.text = secret(text);
    const auto request = request_of(sms, "");
    ASSERT_TRUE(request) << text;
    const std::vector<std::pair<std::string, std::string>> expected = {
        {"To", "+33612345678"}, {"From", "Acme"}, {"Body", text}, {"Ref", kId}};
    EXPECT_EQ(read_form(request->body.view()), expected) << text;
  }
}

TEST(SmsRequest, KeepsAHostileTextATextInAnAddress) {
  for (const std::string& text : hostile_texts()) {
    Sms sms = courier::sms();
    sms.gateway.url = "https://sms.acme.example/{id}/send?text={text}&to={to}";
    sms.text = secret(text);
    const auto request = request_of(sms, "");
    ASSERT_TRUE(request) << text;
    const std::string url = text_of(request->url);
    const std::string start = std::string("https://sms.acme.example/") + kId + "/send?";
    ASSERT_TRUE(url.starts_with(start)) << url;
    const std::vector<std::pair<std::string, std::string>> expected = {{"text", text},
                                                                       {"to", "+33612345678"}};
    EXPECT_EQ(read_form(std::string_view(url).substr(start.size())), expected) << url;
    EXPECT_EQ(url.find_first_of(" \r\n#\"<>\\^`{|}"), std::string::npos) << url;
  }
}

// A number and an id are what they are, or nothing is sent.
TEST(SmsRequest, IsNotMadeToANumberOrOfAnIdThatIsNone) {
  const std::string bases[] = {"+33612345678", kId, "", "33612345678", "+0612345678", "0612345678"};
  for (const std::string& base : bases) {
    for (const std::string& text : hostile_texts()) {
      Sms to = courier::sms();
      to.to = base + text;
      EXPECT_EQ(request_of(to, "").error().text(), "to") << to.to;
      Sms id = courier::sms();
      id.reference = base + text;
      EXPECT_EQ(request_of(id, "").error().text(), "reference") << id.reference;
    }
  }
  for (const char* number : {"+1234567", "+33612345678", "+123456789012345"}) {
    Sms good = courier::sms();
    good.to = number;
    EXPECT_TRUE(request_of(good, "")) << number;
  }
  for (const char* number : {"+123456", "+1234567890123456", "+ 33612345678", "+3361234567a",
                             "33612345678", "+33612345678\n", "+33612345678,+33699999999"}) {
    Sms bad = courier::sms();
    bad.to = number;
    EXPECT_FALSE(request_of(bad, "")) << number;
  }
}

TEST(SmsRequest, HasNoControlCharacterInItsText) {
  for (int c = 0; c < 0x20; ++c) {
    if (c == '\n') continue;
    Sms sms = courier::sms();
    sms.text = secret("a" + std::string(1, static_cast<char>(c)) + "b");
    EXPECT_EQ(request_of(sms, "").error().text(), "text") << c;
  }
  for (const char* text : {"a\x7F", "a\xC2\x85", "\xFF", "\xED\xA0\x80"}) {
    Sms sms = courier::sms();
    sms.text = secret(text);
    EXPECT_EQ(request_of(sms, "").error().text(), "text");
  }
}

// A key comes from a file: one that could end a header is none.
TEST(SmsRequest, HasNoKeyThatEndsAHeader) {
  Sms sms = courier::sms();
  sms.gateway.headers = {"Authorization: Bearer {key}"};
  EXPECT_EQ(text_of(request_of(sms, "s3cret+/=")->headers[0]), "Authorization: Bearer s3cret+/=");
  for (int c = 0; c < 0x100; ++c) {
    if (c >= 0x20 && c < 0x7F) continue;
    const std::string key = "a" + std::string(1, static_cast<char>(c)) + "X-Evil: 1";
    EXPECT_EQ(request_of(sms, key).error().text(), "headers") << c;
  }
}

TEST(SmsRequest, SaysTheKeyInABodyAsAValue) {
  Sms sms = courier::sms();
  sms.gateway.body = R"({"key":"{key}","to":"{to}","text":"{text}"})";
  const auto request = request_of(sms, "a\"b\\c");
  EXPECT_EQ(protocol::varlink::parse_object(request->body.view())->at("key"), "a\"b\\c");
}

// --- Signatures ---

SmsCredentials credentials() {
  return {secret("EXEgWIz07P0HYwtQDs7cNIqCiQaWSuHF"), secret("7kbG7Bk7S9Nt7ZSV"),
          secret("MtSwSrPpNjqfVSmJhLbPyr2i45lSwPU1")};
}

// The example of OVHcloud's own guide.
TEST(SmsSignature, IsOvhsOfTheirExample) {
  SmsRequest request{.method = Method::get,
                     .url = secret("https://eu.api.ovh.com/1.0/domains/"),
                     .headers = {},
                     .body = {}};
  Sms sms = courier::sms();
  sms.gateway.signature = Signature::ovh;
  sms.date = 1'366'560'945;
  ASSERT_TRUE(sign(request, sms, credentials()));
  ASSERT_EQ(request.headers.size(), 4U);
  EXPECT_EQ(text_of(request.headers[0]), "X-Ovh-Application: 7kbG7Bk7S9Nt7ZSV");
  EXPECT_EQ(text_of(request.headers[1]), "X-Ovh-Consumer: MtSwSrPpNjqfVSmJhLbPyr2i45lSwPU1");
  EXPECT_EQ(text_of(request.headers[2]), "X-Ovh-Timestamp: 1366560945");
  EXPECT_EQ(text_of(request.headers[3]),
            "X-Ovh-Signature: $1$d3705e8afb27a0d2970a322b96550abfc67bb798");
}

std::string hmac_of(const SmsRequest& request, const Sms& sms) {
  SmsRequest signed_request{
      request.method, secret(request.url.view()), {}, secret(request.body.view())};
  EXPECT_TRUE(sign(signed_request, sms, credentials()));
  return text_of(signed_request.headers.back());
}

TEST(SmsSignature, CoversTimeMethodAddressAndBody) {
  Sms sms = courier::sms();
  sms.gateway.signature = Signature::hmac_sha256;
  const auto request = [](Method method, const char* url, const char* body) {
    return SmsRequest{method, secret(url), {}, secret(body)};
  };
  const std::string all = hmac_of(request(Method::post, "https://a.example/x", "{}"), sms);
  EXPECT_TRUE(all.starts_with("X-Usher-Signature: "));
  EXPECT_EQ(all, hmac_of(request(Method::post, "https://a.example/x", "{}"), sms));
  EXPECT_NE(all, hmac_of(request(Method::put, "https://a.example/x", "{}"), sms));
  EXPECT_NE(all, hmac_of(request(Method::post, "https://b.example/x", "{}"), sms));
  EXPECT_NE(all, hmac_of(request(Method::post, "https://a.example/x", "{ }"), sms));
  sms.date += 1;
  EXPECT_NE(all, hmac_of(request(Method::post, "https://a.example/x", "{}"), sms));
}

TEST(SmsSignature, IsNoneWhereNoneIsWanted) {
  SmsRequest request = request_of(sms(), "").release_value();
  const std::size_t headers = request.headers.size();
  ASSERT_TRUE(sign(request, sms(), credentials()));
  EXPECT_EQ(request.headers.size(), headers);
}

// --- What a gateway's fields may be ---

struct Change {
  std::string field;
  void (*change)(Gateway& gateway);
};
const Change kWrong[] = {
    {"url", [](Gateway& g) { g.url = ""; }},
    {"url", [](Gateway& g) { g.url = "http://sms.acme.example/"; }},
    {"url", [](Gateway& g) { g.url = "HTTPS://sms.acme.example/"; }},
    {"url", [](Gateway& g) { g.url = "https://sms.acme.example"; }},
    {"url", [](Gateway& g) { g.url = "https:///x"; }},
    {"url", [](Gateway& g) { g.url = "https://user@sms.acme.example/"; }},
    {"url", [](Gateway& g) { g.url = "https://user:secret@sms.acme.example/"; }},
    {"url", [](Gateway& g) { g.url = "https://sms.acme.example:0/"; }},
    {"url", [](Gateway& g) { g.url = "https://sms.acme.example:65536/"; }},
    {"url", [](Gateway& g) { g.url = "https://sms.acme.example:/"; }},
    {"url", [](Gateway& g) { g.url = "https://[::1]/"; }},
    {"url", [](Gateway& g) { g.url = "https://{to}.acme.example/"; }},
    {"url", [](Gateway& g) { g.url = "https://{account}/"; }},
    {"url", [](Gateway& g) { g.url = "https://sms.acme.example/?key={key}"; }},
    {"url", [](Gateway& g) { g.url = "https://sms.acme.example/#x"; }},
    {"url", [](Gateway& g) { g.url = "https://sms.acme.example/a b"; }},
    {"url", [](Gateway& g) { g.url = "https://sms.acme.example/{nobody}"; }},
    {"url", [](Gateway& g) { g.url = "https://sms.acme.example/{ to }"; }},
    {"url", [](Gateway& g) { g.url = "https://sms.acme.example/{}"; }},
    {"url", [](Gateway& g) { g.url = "https://sms.acme.example/\r\nX: 1"; }},
    {"url", [](Gateway& g) { g.url = "file:///etc/passwd"; }},
    {"url", [](Gateway& g) { g.url = "https://sms.acme.example/" + std::string(1024, 'x'); }},
    {"headers", [](Gateway& g) { g.headers = {"X-Text: {text}"}; }},
    {"headers", [](Gateway& g) { g.headers = {"Host: evil.example"}; }},
    {"headers", [](Gateway& g) { g.headers = {"content-LENGTH: 1"}; }},
    {"headers", [](Gateway& g) { g.headers = {"Content-Type: text/plain"}; }},
    {"headers", [](Gateway& g) { g.headers = {"Transfer-Encoding: chunked"}; }},
    {"headers", [](Gateway& g) { g.headers = {"Proxy-Authorization: x"}; }},
    {"headers", [](Gateway& g) { g.headers = {"X-Ovh-Signature: x"}; }},
    {"headers", [](Gateway& g) { g.headers = {"X-Usher-Signature: x"}; }},
    {"headers", [](Gateway& g) { g.headers = {"X-A: 1\r\nX-B: 2"}; }},
    {"headers", [](Gateway& g) { g.headers = {"X-A:1"}; }},
    {"headers", [](Gateway& g) { g.headers = {"X A: 1"}; }},
    {"headers", [](Gateway& g) { g.headers = {": 1"}; }},
    {"headers", [](Gateway& g) { g.headers = {"X-A: "}; }},
    {"headers", [](Gateway& g) { g.headers = {"X-A;"}; }},
    {"headers", [](Gateway& g) { g.headers = {"@/etc/passwd"}; }},
    {"headers", [](Gateway& g) { g.headers = {"X-A: {Key}"}; }},
    {"headers", [](Gateway& g) { g.headers = {"X-A: é"}; }},
    {"headers", [](Gateway& g) { g.headers.assign(9, "X-A: 1"); }},
    {"headers", [](Gateway& g) { g.headers = {"X-A: " + std::string(512, 'x')}; }},
    {"headers",
     [](Gateway& g) {
       g.login = GatewayLogin::basic;
       g.headers = {"authorization: Bearer {key}"};
     }},
    {"form", [](Gateway& g) { g.method = Method::get; }},
    {"body", [](Gateway& g) { g.form = BodyForm::none; }},
    {"body", [](Gateway& g) { g.body = ""; }},
    {"body", [](Gateway& g) { g.body = "to={to}&text={text}"; }},
    {"body", [](Gateway& g) { g.body = R"({"to":{to},"text":"{text}"})"; }},
    {"body", [](Gateway& g) { g.body = R"({"to":"{to}","text":"\{text}"})"; }},
    {"body", [](Gateway& g) { g.body = R"({"to":"{to}","text":"\u00{text}"})"; }},
    {"body", [](Gateway& g) { g.body = R"(["{to}","{text}"])"; }},
    {"body", [](Gateway& g) { g.body = R"({"to":"{to}","text":"{text}"} x)"; }},
    {"body", [](Gateway& g) { g.body = R"({"to":"{to}","text":"{txt}"})"; }},
    {"body", [](Gateway& g) { g.body = R"({"to":"{to}","text":"{Text}"})"; }},
    {"body", [](Gateway& g) { g.body.append(4096, ' '); }},
    {"body",
     [](Gateway& g) {
       g.form = BodyForm::form;
       g.body = "to={to}&text={text}&x=a b";
     }},
    {"template", [](Gateway& g) { g.body = R"({"to":"{to}"})"; }},
    {"template", [](Gateway& g) { g.body = R"({"text":"{text}"})"; }},
    {"signature",
     [](Gateway& g) {
       g.signature = Signature::hmac_sha256;
       g.login = GatewayLogin::basic;
     }},
    {"signature",
     [](Gateway& g) {
       g.signature = Signature::ovh;
       g.headers = {"X-Key: {key}"};
     }},
    {"statuses", [](Gateway& g) { g.statuses = {}; }},
    {"statuses", [](Gateway& g) { g.statuses = {302}; }},
    {"statuses", [](Gateway& g) { g.statuses.assign(17, 200); }},
    {"sent", [](Gateway& g) { g.sent.pointer = "id"; }},
    {"sent",
     [](Gateway& g) {
       g.sent = {"", {"x"}};
     }},
    {"sent", [](Gateway& g) { g.sent.pointer = "/" + std::string(128, 'x'); }},
    {"bad_number", [](Gateway& g) { g.bad_number.values.assign(17, "x"); }},
    {"bad_number", [](Gateway& g) { g.bad_number.values = {std::string(65, 'x')}; }},
    {"ca_file", [](Gateway& g) { g.ca_file = "ca.pem"; }},
    {"account", [](Gateway& g) { g.account = "a/../b"; }},
    {"account", [](Gateway& g) { g.account = std::string(65, 'a'); }},
    {"account",
     [](Gateway& g) {
       g.login = GatewayLogin::basic;
       g.account = "";
     }},
    {"from", [](Gateway& g) { g.from = ""; }},
    {"from", [](Gateway& g) { g.from = "Acme\n"; }},
    {"from", [](Gateway& g) { g.from = "Acme&To=x"; }},
    {"from", [](Gateway& g) { g.from = std::string(21, 'a'); }},
};

TEST(SmsGatewayFields, AreRefusedByName) {
  EXPECT_TRUE(check(gateway()));
  for (const Change& wrong : kWrong) {
    Gateway changed = gateway();
    wrong.change(changed);
    const auto checked = check(changed);
    ASSERT_FALSE(checked) << wrong.field << " " << changed.url << " " << changed.body;
    EXPECT_EQ(checked.error().text(), wrong.field) << changed.url << " " << changed.body;
  }
}

TEST(SmsGatewayFields, MayHaveBracesOfJson) {
  Gateway nested = gateway();
  nested.body = R"({ "sms": { "to": ["{to}"], "options": { }, "text": "{text} {{id}}" } })";
  EXPECT_TRUE(check(nested));
}

}  // namespace
}  // namespace usher::courier
