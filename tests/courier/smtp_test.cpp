// Mails to a real server of somebody else's making: what arrives, and what becomes of those that do
// not. Nothing is said in clear that matters, whatever the server does.
#include "courier/smtp.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <iostream>
#include <regex>

#include "tests/courier/mail_server.hpp"
#include "tests/courier/mails.hpp"

namespace usher::courier {

// For what a failed expectation prints.
static std::ostream& operator<<(std::ostream& out, const Sent& sent) {
  return out << protocol::courier::name_of(sent.outcome) << ", "
             << protocol::courier::name_of(sent.cause) << ", \"" << sent.detail << '"';
}

namespace {

using namespace std::chrono_literals;
using namespace protocol::courier;

constexpr const char* kPassword = "correct-horse-Battery9";

bool never() {
  return false;
}
bool at_once() {
  return true;
}

// One server for all the tests of a process.
class SmtpSends : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    ASSERT_TRUE(Smtp::initialise());
    server = new MailServer();  // NOLINT: gone in TearDownTestSuite
  }
  static void TearDownTestSuite() {
    delete server;
    server = nullptr;
  }
  SmtpSends() { password(kPassword); }

  void password(const std::string& text) {
    std::ofstream(credentials_ / "usher-smtp-password") << text << '\n';
  }
  static void behave(Json behaviour) {
    if (!behaviour.contains("password")) behaviour["password"] = kPassword;
    server->behave(behaviour);
  }
  static Mail to_server() {
    Mail mail = courier::mail();
    mail.server.port = server->starttls();
    mail.server.ca_file = server->ca_file();
    return mail;
  }
  Sent send(const Mail& mail) {
    Smtp smtp(credentials_.path(), told_to_stop_, patience_);
    const Sent sent = smtp.send(mail);
    // Whatever happened.
    EXPECT_LE(sent.detail.size(), kMaxDetail) << sent;
    EXPECT_TRUE(fit_together(sent.outcome, sent.cause)) << sent;
    EXPECT_EQ(sent.detail.find(kPassword), std::string::npos) << sent;
    EXPECT_EQ(sent.detail.find("90417265"), std::string::npos) << sent;
    return sent;
  }
  // Before TLS a name and the wish for TLS, and nothing else ever.
  static void expect_nothing_in_clear() {
    const std::string clear = server->in_clear();
    const std::regex harmless("(EHLO [A-Za-z0-9._-]+\r\n(STARTTLS\r\n)?(QUIT\r\n)?|QUIT\r\n)*");
    EXPECT_TRUE(std::regex_match(clear, harmless)) << clear;
    for (const char* word : {"AUTH", "MAIL", "RCPT", "DATA", "ada", "90417265", kPassword}) {
      EXPECT_EQ(clear.find(word), std::string::npos) << clear;
    }
  }
  static void expect_nothing_arrived() {
    EXPECT_EQ(server->mails(), Json::array());
    expect_nothing_in_clear();
  }

  static MailServer* server;
  fakes::TemporaryDirectory credentials_;
  bool (*told_to_stop_)() = never;
  SmtpPatience patience_{};
};
MailServer* SmtpSends::server = nullptr;

std::string header(const Json& mail, const std::string& name) {
  std::string found;
  for (const auto& pair : mail["headers"]) {
    if (pair[0] == name) found += (found.empty() ? "" : " AND ") + pair[1].get<std::string>();
  }
  return found;
}

TEST_F(SmtpSends, AMailThatAnotherParserReadsAsItWasMeant) {
  behave({});
  const Sent sent = send(to_server());
  EXPECT_EQ(sent.outcome, Outcome::sent) << sent;
  EXPECT_EQ(sent.detail, "250 2.0.0 queued as 4FzQ7");
  const Json mails = server->mails();
  ASSERT_EQ(mails.size(), 1U);
  const Json& mail = mails[0];
  EXPECT_EQ(mail["envelope"]["from"], "no-reply@acme.example");
  EXPECT_EQ(mail["envelope"]["to"], Json::array({"ada@acme.example"}));
  EXPECT_EQ(mail["encrypted"], true);
  EXPECT_EQ(mail["defects"], Json::array());
  EXPECT_EQ(mail["from"], Json::array({"Acme", "no-reply@acme.example"}));
  EXPECT_EQ(header(mail, "To"), "ada@acme.example");
  EXPECT_EQ(header(mail, "Reply-To"), "support@acme.example");
  EXPECT_EQ(header(mail, "Subject"), "Your code");
  EXPECT_EQ(header(mail, "Message-ID"), "<0123456789abcdef@acme.example>");
  EXPECT_EQ(header(mail, "Auto-Submitted"), "auto-generated");
  EXPECT_EQ(header(mail, "MIME-Version"), "1.0");
  EXPECT_EQ(header(mail, "Date"), "Sat, 22 Nov 2025 08:26:40 +0000");
  EXPECT_EQ(mail["date"], 1'763'800'000.0);
  EXPECT_EQ(mail["type"], "multipart/alternative");
  EXPECT_EQ(mail["headers"].size(), 9U) << "no other header: " << mail["headers"];
  ASSERT_EQ(mail["parts"].size(), 2U);
  const Json& text = mail["parts"][0];
  const Json& html = mail["parts"][1];
  EXPECT_EQ(text["type"], "text/plain");
  EXPECT_EQ(text["text"], "Your code is 90417265.\n");
  EXPECT_EQ(html["type"], "text/html");
  EXPECT_EQ(html["text"], "<p>Your code is 90417265.</p>\n");
  for (const Json& part : mail["parts"]) {
    EXPECT_EQ(part["charset"], "utf-8");
    EXPECT_EQ(part["encoding"], "quoted-printable");
    EXPECT_EQ(part["defects"], Json::array());
  }
  expect_nothing_in_clear();
}

TEST_F(SmtpSends, EveryLanguage) {
  behave({});
  const std::string subject =
      "R\u00e9initialisation de votre mot de passe \u2014 \u043f\u0430\u0440\u043e\u043b\u044c "
      "\u65e5\u672c\u8a9e "
      "\U0001f511 " +
      std::string(60, 'x') + " \u00e9t\u00e9";
  const std::string text = "Bonjour \u00c9lo\u00efse,\n\n.\n..\nvoici : 90417265\n= 20 %\n" +
                           std::string(300, 'a') + " \u00e9\n\nFrom here on\n";
  Mail mail = to_server();
  mail.from_name = "Soci\u00e9t\u00e9 \"Acme\", s\u00e9curit\u00e9 \\ \u65e5\u672c";
  mail.text.subject = secret(subject);
  mail.text.text = secret(text);
  mail.text.html = secret("<p>\u00c9lo\u00efse \U0001f511</p>\n.\n");
  const Sent sent = send(mail);
  ASSERT_EQ(sent.outcome, Outcome::sent) << sent;
  const Json got = server->mails()[0];
  EXPECT_EQ(got["defects"], Json::array());
  EXPECT_EQ(header(got, "Subject"), subject);
  EXPECT_EQ(got["from"][0], mail.from_name);
  EXPECT_EQ(got["parts"][0]["text"], text);
  EXPECT_EQ(got["parts"][1]["text"], "<p>\u00c9lo\u00efse \U0001f511</p>\n.\n");
  EXPECT_LE(got["longest_line"], 100) << "the boundary's is the longest";
  EXPECT_EQ(got["bare_newlines"], 0);
}

TEST_F(SmtpSends, WithoutHtmlNameOrReplyTo) {
  behave({});
  Mail mail = to_server();
  mail.text.html = Secret();
  mail.from_name = mail.reply_to = "";
  ASSERT_EQ(send(mail).outcome, Outcome::sent);
  const Json got = server->mails()[0];
  EXPECT_EQ(got["parts"].size(), 1U);
  EXPECT_EQ(header(got, "From"), "no-reply@acme.example");
  EXPECT_EQ(header(got, "Reply-To"), "");
}

TEST_F(SmtpSends, AtOnceEncrypted) {
  behave({});
  Mail mail = to_server();
  mail.server.port = server->tls();
  mail.server.security = Security::tls;
  const Sent sent = send(mail);
  EXPECT_EQ(sent.outcome, Outcome::sent) << sent;
  EXPECT_EQ(server->mails().size(), 1U);
}

TEST_F(SmtpSends, LoggedInTheWayThatWasConfigured) {
  const std::pair<Login, std::string> ways[] = {
      {Login::plain, "PLAIN"}, {Login::login, "LOGIN"}, {Login::xoauth2, "XOAUTH2"}};
  for (const auto& [login, name] : ways) {
    behave({});
    Mail mail = to_server();
    mail.server.login = login;
    const Sent sent = send(mail);
    ASSERT_EQ(sent.outcome, Outcome::sent) << name << ": " << sent;
    EXPECT_EQ(server->mails()[0]["login"], name);
    // Nor in another way, if this one is not offered.
    Json others = Json::array();
    for (const auto& way : ways) {
      if (way.second != name) others.push_back(way.second);
    }
    behave({{"mechanisms", others}});
    const Sent refused = send(mail);
    EXPECT_EQ(refused.cause, Cause::login_refused) << name << ": " << refused;
    expect_nothing_arrived();
  }
}

TEST_F(SmtpSends, WithoutLoginWhereNoneIsAsked) {
  behave({{"password", nullptr}});
  Mail mail = to_server();
  mail.server.login = Login::none;
  mail.server.user = "";
  std::filesystem::remove(credentials_ / "usher-smtp-password");
  EXPECT_EQ(send(mail).outcome, Outcome::sent);
}

TEST_F(SmtpSends, NothingWithoutItsPassword) {
  behave({});
  for (const std::string text : {"", "\n", "two\nlines", "a\x01", "\xFF"}) {
    password(text);
    const Sent sent = send(to_server());
    EXPECT_EQ(sent.cause, Cause::no_password) << sent;
  }
  password(std::string(4097, 'p'));
  EXPECT_EQ(send(to_server()).cause, Cause::no_password);
  std::filesystem::remove(credentials_ / "usher-smtp-password");
  EXPECT_EQ(send(to_server()).cause, Cause::no_password);
  EXPECT_EQ(server->in_clear(), "") << "not even a connection";
}

TEST_F(SmtpSends, NothingToWhoCannotBeTrusted) {
  struct Case {
    Json behaviour;
    Cause cause;
  };
  const Case cases[] = {
      {{{"plain", true}}, Cause::no_encryption},
      {{{"answers", {{"STARTTLS", "454 4.7.0 not now"}}}}, Cause::no_encryption},
      {{{"certificate", "other"}}, Cause::wrong_name},
      {{{"certificate", "past"}}, Cause::expired},
      {{{"certificate", "untrusted"}}, Cause::untrusted},
  };
  for (const Case& each : cases) {
    behave(each.behaviour);
    const Sent sent = send(to_server());
    EXPECT_EQ(sent.outcome, Outcome::service_down) << each.behaviour << sent;
    EXPECT_EQ(sent.cause, each.cause) << each.behaviour << sent;
    expect_nothing_arrived();
  }
  behave({});
  Mail machines = to_server();
  machines.server.ca_file = "";
  EXPECT_EQ(send(machines).cause, Cause::untrusted) << "the machine does not know this CA";
  machines.server.ca_file = "/nonexistent/ca.pem";
  EXPECT_EQ(send(machines).cause, Cause::untrusted);
  Mail numbered = to_server();
  numbered.server.host = "127.0.0.1";
  EXPECT_EQ(send(numbered).cause, Cause::wrong_name);
  Mail spoken_to_in_tls = to_server();
  spoken_to_in_tls.server.security = Security::tls;
  EXPECT_EQ(send(spoken_to_in_tls).cause, Cause::handshake);
  EXPECT_EQ(server->mails(), Json::array());
}

TEST_F(SmtpSends, NothingToNobody) {
  Mail mail = to_server();
  mail.server.host = "no-such-host.invalid";
  const Sent unknown = send(mail);
  EXPECT_EQ(unknown.cause, Cause::no_address) << unknown;
  mail = to_server();
  mail.server.port = 1;
  const Sent closed = send(mail);
  EXPECT_EQ(closed.cause, Cause::no_connection) << closed;
}

TEST_F(SmtpSends, AWrongPasswordAndTellsNobody) {
  behave({{"password", "another"}});
  for (const Login login : {Login::plain, Login::login, Login::xoauth2}) {
    Mail mail = to_server();
    mail.server.login = login;
    const Sent sent = send(mail);
    EXPECT_EQ(sent.outcome, Outcome::service_down) << sent;
    EXPECT_EQ(sent.cause, Cause::login_refused) << sent;
    EXPECT_EQ(sent.detail.substr(0, 3), "535") << sent;
    expect_nothing_arrived();
  }
}

TEST_F(SmtpSends, WhatTheServerRefusesForGoodOrForNow) {
  const std::tuple<std::string, Cause> stages[] = {{"MAIL", Cause::sender},
                                                   {"RCPT", Cause::recipient},
                                                   {"DATA", Cause::message},
                                                   {"message", Cause::message}};
  const std::tuple<std::string, Outcome> answers[] = {{"451 4.3.0 later please", Outcome::later},
                                                      {"421 4.3.2 going down", Outcome::later},
                                                      {"550 5.7.1 not for us", Outcome::refused},
                                                      {"599 never", Outcome::refused}};
  for (const auto& [stage, cause] : stages) {
    for (const auto& [answer, outcome] : answers) {
      behave({{"answers", {{stage, answer}}}});
      const Sent sent = send(to_server());
      EXPECT_EQ(sent.outcome, outcome) << stage << sent;
      EXPECT_EQ(sent.cause, cause) << stage << sent;
      EXPECT_EQ(sent.detail, answer);
      expect_nothing_arrived();
    }
  }
}

TEST_F(SmtpSends, NothingWhereItIsNotWelcome) {
  for (const char* stage : {"greeting", "EHLO"}) {
    for (const char* answer : {"421 4.3.2 too busy", "554 5.3.2 no mail here"}) {
      behave({{"answers", {{stage, answer}}}});
      const Sent sent = send(to_server());
      EXPECT_EQ(sent.outcome, Outcome::service_down) << stage << sent;
      EXPECT_EQ(sent.cause, Cause::unwelcome) << stage << sent;
      EXPECT_EQ(sent.detail, answer);
      expect_nothing_arrived();
    }
  }
}

TEST_F(SmtpSends, NothingForEverToAServerThatHangs) {
  patience_ = {.connecting = 500ms, .whole = 800ms};
  for (const char* stage :
       {"greeting", "EHLO", "STARTTLS", "AUTH", "MAIL", "RCPT", "DATA", "message"}) {
    behave({{"hang", stage}});
    const Sent sent = send(to_server());
    EXPECT_EQ(sent.outcome, Outcome::service_down) << stage << sent;
    EXPECT_EQ(sent.cause, Cause::silent) << stage << sent;
    expect_nothing_arrived();
  }
}

TEST_F(SmtpSends, WhatIsTakenIsSentWhateverFollows) {
  patience_.farewell = 100ms;
  for (const Json& behaviour : {Json{{"hang", "QUIT"}}, Json{{"drop", "QUIT"}},
                                Json{{"answers", {{"QUIT", "500 what?"}}}}}) {
    behave(behaviour);
    const Sent sent = send(to_server());
    EXPECT_EQ(sent.outcome, Outcome::sent) << behaviour << sent;
    EXPECT_EQ(sent.detail, "250 2.0.0 queued as 4FzQ7");
    EXPECT_EQ(server->mails().size(), 1U);
  }
}

TEST_F(SmtpSends, AgainWhatMayHaveBeenLost) {
  for (const char* stage : {"greeting", "EHLO", "AUTH", "MAIL", "RCPT", "DATA", "message"}) {
    behave({{"drop", stage}});
    const Sent sent = send(to_server());
    EXPECT_EQ(sent.outcome, Outcome::service_down) << stage << sent;
    EXPECT_EQ(sent.cause, Cause::dropped) << stage << sent;
    expect_nothing_arrived();
  }
}

TEST_F(SmtpSends, NothingMoreWhenToldToStop) {
  told_to_stop_ = at_once;
  patience_.stopping = 50ms;
  behave({{"hang", "RCPT"}});
  const Sent sent = send(to_server());
  EXPECT_EQ(sent.outcome, Outcome::service_down) << sent;
  EXPECT_EQ(sent.cause, Cause::stopping) << sent;
  expect_nothing_arrived();
}

// A server that repeats what it heard.
TEST_F(SmtpSends, NoReportOfWhatItWasTold) {
  const std::pair<std::string, std::string> cases[] = {
      {"AUTH", std::string("535 wrong: ") + kPassword},
      {"AUTH", "535 wrong: AHVzaGVyAGNvcnJlY3QtaG9yc2UtQmF0dGVyeTk="},
      {"RCPT", std::string("550 you are ") + kPassword},
      {"RCPT", "550 you are CORRECT-HORSE-bATTERY9"},
      {"message", "554 spam: Your code is 90417265."},
      {"message", "554-spam:\r\n554 <p>Your code is 90417265"},
  };
  for (const auto& [stage, answer] : cases) {
    behave({{"answers", {{stage, answer}}}});
    const Sent sent = send(to_server());
    EXPECT_EQ(sent.detail.substr(0, 3), answer.substr(0, 3)) << sent;
    for (const char* told : {"9041", "horse", "HORSE", "AHVz", "Battery", "bATTERY"}) {
      EXPECT_EQ(sent.detail.find(told), std::string::npos) << sent;
    }
  }
}

// Every field, with every character that could end a line, an address or a command.
TEST_F(SmtpSends, NothingWithAFieldThatSaysMoreThanItself) {
  behave({});
  using Field = std::string& (*)(Mail & mail);
  const Field addresses[] = {
      [](Mail& mail) -> std::string& { return mail.from; },
      [](Mail& mail) -> std::string& { return mail.to; },
      [](Mail& mail) -> std::string& { return mail.reply_to; },
      [](Mail& mail) -> std::string& { return mail.message_id; },
      [](Mail& mail) -> std::string& { return mail.server.host; },
  };
  const Field lines[] = {
      [](Mail& mail) -> std::string& { return mail.from_name; },
      [](Mail& mail) -> std::string& { return mail.server.user; },
      [](Mail& mail) -> std::string& { return mail.server.ca_file; },
  };
  const std::string tails[] = {"",
                               "Bcc: eve@evil.example",
                               "RCPT TO:<eve@evil.example>",
                               " eve@evil.example",
                               ".\r\nQUIT\r\n",
                               " SIZE=1"};
  const std::string controls[] = {"\r",       "\n",   "\r\n",    std::string(1, '\0'),
                                  "\t",       "\x1B", "\x7F",    "\xC2\x85",
                                  "\xC2\x9B", "\xFF", "\xE2\x80"};
  const std::string others[] = {",",  ";", " ", "<", ">", "(",  ")",       "\"",
                                "\\", ":", "[", "]", "@", "..", "\xC3\xA9"};
  int tried = 0;
  const auto refuses = [&](Field field, const std::string& piece, const std::string& tail) {
    for (const bool in_the_middle : {true, false}) {
      Mail mail = to_server();
      std::string& text = field(mail);
      if (in_the_middle) {
        text.insert(2, piece + tail);
      } else {
        text += piece + tail;
      }
      ++tried;
      const Sent sent = send(mail);
      EXPECT_EQ(sent.outcome, Outcome::refused) << text << sent;
      EXPECT_EQ(sent.cause, Cause::not_sendable) << text << sent;
    }
  };
  for (const std::string& tail : tails) {
    for (const std::string& piece : controls) {
      for (const Field field : addresses) refuses(field, piece, tail);
      for (const Field field : lines) refuses(field, piece, tail);
    }
    for (const std::string& piece : others) {
      for (const Field field : addresses) refuses(field, piece, tail);
    }
  }
  EXPECT_GT(tried, 1'000);
  EXPECT_EQ(server->in_clear(), "") << "not even a connection";

  for (const std::string& piece : controls) {
    Mail mail = to_server();
    mail.text.subject = secret("Your" + piece + "Bcc: eve@evil.example");
    EXPECT_EQ(send(mail).cause, Cause::not_sendable) << piece;
  }
  EXPECT_EQ(server->in_clear(), "");
}

// What is allowed there stays text.
TEST_F(SmtpSends, ANameAndATextThatLookLikeMoreAsTheyAre) {
  for (const std::string text :
       {"=?UTF-8?Q?x=0D=0ABcc:_eve@evil.example?=", "\"Acme\" <eve@evil.example>", " spaces ",
        "a, b; c: (d) <e>", "back\\slash", "Bcc: eve@evil.example"}) {
    behave({});
    Mail mail = to_server();
    mail.from_name = text;
    mail.text.subject = secret(text);
    mail.text.text = secret("x\n.\nMAIL FROM:<eve@evil.example>\n" + text + "\n");
    ASSERT_EQ(send(mail).outcome, Outcome::sent) << text;
    const Json mails = server->mails();
    ASSERT_EQ(mails.size(), 1U) << text;
    EXPECT_EQ(mails[0]["from"], Json::array({text, "no-reply@acme.example"}));
    EXPECT_EQ(header(mails[0], "Subject"), text);
    EXPECT_EQ(header(mails[0], "Bcc"), "");
    EXPECT_EQ(mails[0]["parts"][0]["text"], "x\n.\nMAIL FROM:<eve@evil.example>\n" + text + "\n");
    EXPECT_EQ(mails[0]["headers"].size(), 9U);
  }
}

// Neither says where to connect or who we are.
TEST_F(SmtpSends, ToTheServerWhateverTheEnvironmentSays) {
  const std::string home = credentials_.path();
  std::ofstream(home + "/.netrc") << "machine localhost login eve password wrong\n";
  for (const char* name : {"HOME", "http_proxy", "https_proxy", "all_proxy", "ALL_PROXY",
                           "smtp_proxy", "SMTP_PROXY", "smtps_proxy"}) {
    // NOLINTNEXTLINE(concurrency-mt-unsafe): one thread
    ASSERT_EQ(::setenv(name, name == std::string("HOME") ? home.c_str() : "http://127.0.0.1:1", 1),
              0);
  }
  behave({});
  EXPECT_EQ(send(to_server()).outcome, Outcome::sent);
}

}  // namespace
}  // namespace usher::courier
