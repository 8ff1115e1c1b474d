// What usherd and usher-courier say to each other: each field within its limits, both ways.
#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <regex>

#include "tests/courier/mails.hpp"

namespace usher::courier {
namespace {

using namespace protocol::courier;
using protocol::varlink::Call;
using protocol::varlink::Json;
using protocol::varlink::NamedSecret;
using protocol::varlink::Reply;
using protocol::varlink::ReplyError;
using protocol::varlink::ReplyOk;

// Through frames, as over the socket.
Result<Taken> taken(const Reply& reply) {
  Secret frame = TRY(protocol::varlink::encode(reply));
  frame.shorten(frame.size() - 1);
  const Reply read = TRY(protocol::varlink::decode_reply(frame, protocol::varlink::kCallSecret));
  return read_taken(read);
}

Call through_a_frame(const Call& call) {
  Secret frame = protocol::varlink::encode(call).release_value();
  frame.shorten(frame.size() - 1);
  return protocol::varlink::decode_call(frame).release_value();
}

ReplyOk answer() {
  Reply reply = reply_of(work()).release_value();
  return std::move(*std::get_if<ReplyOk>(&reply));
}

// Which field usher-courier does not understand; "-": it understands all of them.
std::string not_understood(ReplyOk reply) {
  const auto read = read_taken(Reply(std::move(reply)));
  if (!read) return "an Error";
  const auto* unsendable = std::get_if<Unsendable>(&*read);
  return unsendable == nullptr ? "-" : unsendable->field;
}

TEST(CourierMessages, CarryAMailAsItWas) {
  const auto read = taken(*reply_of(work()));
  ASSERT_TRUE(read);
  const auto* got = std::get_if<Work>(&*read);
  ASSERT_NE(got, nullptr);
  EXPECT_EQ(got->id, kId);
  const Mail& arrived = *std::get_if<Mail>(&got->what);
  const Mail sent = mail();
  EXPECT_EQ(arrived.server.host, sent.server.host);
  EXPECT_EQ(arrived.server.port, sent.server.port);
  EXPECT_EQ(arrived.server.security, sent.server.security);
  EXPECT_EQ(arrived.server.login, sent.server.login);
  EXPECT_EQ(arrived.server.user, sent.server.user);
  EXPECT_EQ(arrived.server.ca_file, sent.server.ca_file);
  EXPECT_EQ(arrived.from, sent.from);
  EXPECT_EQ(arrived.from_name, sent.from_name);
  EXPECT_EQ(arrived.reply_to, sent.reply_to);
  EXPECT_EQ(arrived.to, sent.to);
  EXPECT_EQ(arrived.message_id, sent.message_id);
  EXPECT_EQ(arrived.date, sent.date);
  EXPECT_TRUE(arrived.text.subject.equals(sent.text.subject));
  EXPECT_TRUE(arrived.text.text.equals(sent.text.text));
  EXPECT_TRUE(arrived.text.html.equals(sent.text.html));
}

TEST(CourierMessages, CarryTheLeastAndTheMost) {
  Mail least = mail();
  least.server.login = Login::none;
  least.server.user = least.server.ca_file = least.from_name = least.reply_to = "";
  least.text.html = Secret();
  least.date = 0;
  const auto small = taken(*reply_of(work(std::move(least))));
  ASSERT_TRUE(small && std::holds_alternative<Work>(*small));
  EXPECT_TRUE(std::get_if<Mail>(&std::get_if<Work>(&*small)->what)->text.html.empty());

  // A quote takes two bytes in JSON.
  Mail most = mail();
  const std::string label = std::string(61, 'a') + ".";
  most.server.host = label + label + label + label + "abcde";
  ASSERT_EQ(most.server.host.size(), kMaxHost);
  most.server.user = std::string(kMaxUser, '"');
  most.server.ca_file = "/" + std::string(kMaxCaFile - 1, '"');
  most.from_name = std::string(kMaxFromName, '"');
  most.to = std::string(kMaxLocalPart, 'b') + "@" + most.server.host.substr(64);
  ASSERT_EQ(most.to.size(), kMaxAddress);
  most.from = most.reply_to = most.message_id = most.to;
  most.date = kLastDate;
  most.text.subject = secret(std::string(kMaxSubject, 's'));
  most.text.text = secret(std::string(kMaxText, 't'));
  most.text.html = secret(std::string(kMaxHtml, 'h'));
  const auto large = taken(*reply_of(work(std::move(most))));
  ASSERT_TRUE(large && std::holds_alternative<Work>(*large)) << "it is within a frame";
}

TEST(CourierMessages, SayThatThereIsNothing) {
  const auto read = taken(*reply_of(std::nullopt));
  ASSERT_TRUE(read);
  EXPECT_TRUE(std::holds_alternative<std::monostate>(*read));
}

TEST(CourierMessages, KeepTheTextOutOfTheJson) {
  const auto reply = reply_of(work());
  const ReplyOk& ok = *std::get_if<ReplyOk>(&*reply);
  EXPECT_EQ(ok.parameters.dump().find("90417265"), std::string::npos);
  const Secret frame = protocol::varlink::encode(*reply).release_value();
  EXPECT_EQ(frame.view().find("90417265"), std::string_view::npos) << "in hexadecimal digits alone";
}

struct Change {
  std::string field;
  void (*change)(Mail& mail);
};
const Change kWrong[] = {
    {"host", [](Mail& mail) { mail.server.host = ""; }},
    {"host", [](Mail& mail) { mail.server.host = "mail.acme.example/x"; }},
    {"host", [](Mail& mail) { mail.server.host = "user@acme.example"; }},
    {"host", [](Mail& mail) { mail.server.host = "acme..example"; }},
    {"host", [](Mail& mail) { mail.server.host = "-acme.example"; }},
    {"host", [](Mail& mail) { mail.server.host = std::string(64, 'a') + ".example"; }},
    {"host", [](Mail& mail) { mail.server.host = "acme.example\r\n"; }},
    {"port", [](Mail& mail) { mail.server.port = 0; }},
    {"user", [](Mail& mail) { mail.server.user = ""; }},
    {"user", [](Mail& mail) { mail.server.user = "a\nb"; }},
    {"user", [](Mail& mail) { mail.server.user = std::string(kMaxUser + 1, 'u'); }},
    {"user", [](Mail& mail) { mail.server.login = Login::none; }},
    {"ca_file", [](Mail& mail) { mail.server.ca_file = "ca.pem"; }},
    {"ca_file", [](Mail& mail) { mail.server.ca_file = "/" + std::string(kMaxCaFile, 'c'); }},
    {"from", [](Mail& mail) { mail.from = ""; }},
    {"from", [](Mail& mail) { mail.from = "no-reply"; }},
    {"from_name", [](Mail& mail) { mail.from_name = "Acme\r\nBcc: eve@evil.example"; }},
    {"from_name", [](Mail& mail) { mail.from_name = std::string(kMaxFromName + 1, 'n'); }},
    {"from_name", [](Mail& mail) { mail.from_name = "\xFF"; }},
    {"reply_to", [](Mail& mail) { mail.reply_to = "ada@acme.example, eve@evil.example"; }},
    {"to", [](Mail& mail) { mail.to = ""; }},
    {"to", [](Mail& mail) { mail.to = "ada@acme.example,eve@evil.example"; }},
    {"to", [](Mail& mail) { mail.to = "ada@acme.example> SIZE=1"; }},
    {"to", [](Mail& mail) { mail.to = "ada@acme@example"; }},
    {"to", [](Mail& mail) { mail.to = "ada.@acme.example"; }},
    {"to", [](Mail& mail) { mail.to = "\"ada\"@acme.example"; }},
    {"to", [](Mail& mail) { mail.to = "\xC3\xA9va@acme.example"; }},
    {"to", [](Mail& mail) { mail.to = std::string(kMaxLocalPart + 1, 'a') + "@acme.example"; }},
    {"message_id", [](Mail& mail) { mail.message_id = "a b@acme.example"; }},
    {"date", [](Mail& mail) { mail.date = -1; }},
    {"date", [](Mail& mail) { mail.date = kLastDate + 1; }},
    {"subject", [](Mail& mail) { mail.text.subject = Secret(); }},
    {"subject", [](Mail& mail) { mail.text.subject = secret("a\nb"); }},
    {"subject", [](Mail& mail) { mail.text.subject = secret(std::string(kMaxSubject + 1, 's')); }},
    {"text", [](Mail& mail) { mail.text.text = Secret(); }},
    {"text", [](Mail& mail) { mail.text.text = secret("\x1B[31m"); }},
    {"text", [](Mail& mail) { mail.text.text = secret(std::string(kMaxText + 1, 't')); }},
    {"html", [](Mail& mail) { mail.text.html = secret("\xC3"); }},
    {"html", [](Mail& mail) { mail.text.html = secret(std::string(kMaxHtml + 1, 'h')); }},
};

TEST(CourierMessages, AreNotWrittenWithAFieldThatMustNotBe) {
  for (const Change& wrong : kWrong) {
    Mail changed = mail();
    wrong.change(changed);
    const auto reply = reply_of(work(std::move(changed)));
    ASSERT_FALSE(reply) << wrong.field;
    EXPECT_EQ(reply.error().code(), Errc::invalid_input);
    EXPECT_EQ(reply.error().text(), wrong.field);
  }
  Work without_id = work();
  without_id.id = "0123";
  EXPECT_EQ(reply_of(std::move(without_id)).error().text(), "id");
}

TEST(CourierMessages, NameTheFieldThatIsNotUnderstood) {
  const std::pair<Json, std::string> cases[] = {
      {{{"server", nullptr}}, "server"},
      {{{"server", {{"host", 1}}}}, "host"},
      {{{"server", {{"port", 0}}}}, "port"},
      {{{"server", {{"port", 65536}}}}, "port"},
      {{{"server", {{"port", "587"}}}}, "port"},
      {{{"server", {{"security", "none"}}}}, "security"},
      {{{"server", {{"login", "ntlm"}}}}, "login"},
      {{{"server", {{"user", nullptr}}}}, "user"},
      {{{"server", {{"user", ""}}}}, "user"},
      {{{"server", {{"ca_file", "ca.pem"}}}}, "ca_file"},
      {{{"server", {{"password", "x"}}}}, ""},
      {{{"from", nullptr}}, "from"},
      {{{"from_name", 1}}, "from_name"},
      {{{"reply_to", ""}}, "reply_to"},
      {{{"to", {"ada@acme.example"}}}, "to"},
      {{{"to", "ada@acme.example\r\nRCPT TO:<eve@evil.example>"}}, "to"},
      {{{"message_id", nullptr}}, "message_id"},
      {{{"date", -1}}, "date"},
      {{{"date", 1.5}}, "date"},
      {{{"bcc", "eve@evil.example"}}, ""},
  };
  EXPECT_EQ(not_understood(answer()), "-");
  for (const auto& [changed, field] : cases) {
    ReplyOk reply = answer();
    reply.parameters["mail"].merge_patch(changed);
    EXPECT_EQ(not_understood(std::move(reply)), field) << changed;
  }
}

TEST(CourierMessages, AreNotAnswersWithoutAnIdAndNotSendableWithoutTheirText) {
  for (const Json& id : {Json(), Json(7), Json("../../etc"), Json(std::string(32, 'A'))}) {
    ReplyOk reply = answer();
    reply.parameters["id"] = id;
    EXPECT_EQ(not_understood(std::move(reply)), "an Error");
  }
  for (const char* digits : {"", "0", "zz", "6100", "610062006300"}) {
    ReplyOk reply = answer();
    reply.secret = NamedSecret{"secret", secret(digits)};
    EXPECT_NE(not_understood(std::move(reply)), "-") << digits;
  }
  ReplyOk without_text = answer();
  without_text.secret.reset();
  EXPECT_EQ(not_understood(std::move(without_text)), "secret");
  ReplyOk two = answer();
  two.parameters["sms"] = Json::object();
  EXPECT_EQ(not_understood(std::move(two)), "");
}

TEST(CourierMessages, CarryAReportAsItWas) {
  const Report report{kId, Outcome::later, Cause::recipient, "450 4.2.1 mailbox busy"};
  const auto read = read_call(through_a_frame(call_of(report)));
  const auto* got = std::get_if<Report>(&read);
  ASSERT_NE(got, nullptr);
  EXPECT_EQ(got->id, report.id);
  EXPECT_EQ(got->outcome, report.outcome);
  EXPECT_EQ(got->cause, report.cause);
  EXPECT_EQ(got->detail, report.detail);
  EXPECT_TRUE(std::holds_alternative<Take>(read_call(through_a_frame(take_call()))));
}

TEST(CourierMessages, RefuseACallThatIsNotTheirs) {
  const Report good{kId, Outcome::sent, Cause::none, "250 2.0.0 queued"};
  const std::pair<Json, std::string> cases[] = {
      {{{"id", nullptr}}, "id"},
      {{{"id", "x"}}, "id"},
      {{{"outcome", "lost"}}, "outcome"},
      {{{"outcome", 0}}, "outcome"},
      {{{"cause", "sender"}}, "cause"},
      {{{"cause", nullptr}}, "cause"},
      {{{"detail", std::string(kMaxDetail + 1, 'x')}}, "detail"},
      {{{"detail", "a\nb"}}, "detail"},
      {{{"detail", "\xC3\xA9"}}, "detail"},
      {{{"text", "x"}}, ""},
  };
  for (const auto& [changed, parameter] : cases) {
    Call call = call_of(good);
    call.parameters.merge_patch(changed);
    const auto read = read_call(call);
    const auto* refusal = std::get_if<ReplyError>(&read);
    ASSERT_NE(refusal, nullptr) << changed;
    EXPECT_EQ(refusal->error, "org.varlink.service.InvalidParameter");
    EXPECT_EQ(refusal->parameters["parameter"], parameter) << changed;
  }
  Call take = take_call();
  take.parameters["all"] = true;
  EXPECT_TRUE(std::holds_alternative<ReplyError>(read_call(take)));
  Call more = take_call();
  more.more = true;
  EXPECT_TRUE(std::holds_alternative<ReplyError>(read_call(more)));
  Call other = take_call();
  other.method = "io.usher.Courier.Drop";
  const auto read = read_call(other);
  EXPECT_EQ(std::get_if<ReplyError>(&read)->error, "org.varlink.service.MethodNotFound");
}

TEST(CourierMessages, CarryErrors) {
  for (const Errc code : {Errc::not_found, Errc::unavailable}) {
    const auto read = read_reported(reply_of(Error(code, "why")));
    ASSERT_FALSE(read);
    EXPECT_EQ(read.error().code(), code);
    EXPECT_EQ(read.error().text(), "why");
    EXPECT_EQ(taken(reply_of(Error(code, "why"))).error().code(), code);
  }
  EXPECT_EQ(read_reported(reply_of(Error(Errc::damaged, ""))).error().code(), Errc::unavailable);
  EXPECT_TRUE(read_reported(reported()));
  EXPECT_FALSE(read_reported(answer()));
}

TEST(CourierMessages, SayWhyOfWhatWasNotSentAndOnlyThen) {
  EXPECT_TRUE(fit_together(Outcome::sent, Cause::none));
  EXPECT_FALSE(fit_together(Outcome::sent, Cause::dropped));
  EXPECT_FALSE(fit_together(Outcome::service_down, Cause::none));
  EXPECT_FALSE(fit_together(Outcome::later, Cause::not_sendable));
  EXPECT_FALSE(fit_together(Outcome::refused, Cause::silent));
}

std::string slurp(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

// The interface file is what the code says: its methods, its members, its enums.
TEST(CourierInterface, DescribesWhatIsSaid) {
  const std::string text = std::regex_replace(
      slurp(USHER_SOURCE_DIR "/protocol/io.usher.Courier.varlink"), std::regex("#[^\n]*|\\s"), "");
  const auto says = [&](const std::string& part) {
    EXPECT_NE(text.find(part), std::string::npos) << part;
  };
  const auto names = [](auto last) {
    std::string list;
    for (std::uint8_t i = 0; i <= static_cast<std::uint8_t>(last); ++i) {
      list += (i == 0 ? "" : ",") + std::string(name_of(static_cast<decltype(last)>(i)));
    }
    return list;
  };
  says("typeOutcome(" + names(Outcome::service_down) + ")");
  says("typeCause(" + names(Cause::internal) + ")");
  says("typeSecurity(starttls,tls)typeLogin(none,plain,login,xoauth2)");
  says("methodTake()->(id:?string,mail:?Mail,sms:?Sms,secret:?string)");
  says("methodReport(id:string,outcome:Outcome,cause:Cause,detail:string,wait:?int)->()");
  says("errorNoSuchMessage(text:string)errorFailed(text:string)");
  const ReplyOk reply = answer();
  for (const auto& [name, value] : reply.parameters["mail"].items()) says(name + ":");
  for (const auto& [name, value] : reply.parameters["mail"]["server"].items()) says(name + ":");
}

}  // namespace
}  // namespace usher::courier
