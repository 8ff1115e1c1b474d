// Mails that do not arrive: what becomes of them, and that nothing is said in clear that matters,
// whatever the server does.
#include <gmock/gmock.h>

#include "tests/courier/smtp_sends.hpp"

namespace usher::courier {
namespace {

using namespace std::chrono_literals;
using namespace protocol::courier;

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
  const Sent without = send(machines);
  EXPECT_EQ(without.cause, Cause::untrusted);
  EXPECT_THAT(without.detail, ::testing::HasSubstr("/nonexistent/ca.pem"));
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
  EXPECT_THAT(unknown.detail, ::testing::HasSubstr("no-such-host.invalid"));
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
  struct Case {
    std::string stage, answer;
    Outcome outcome;
    Cause cause;
  };
  const Case cases[] = {
      {"MAIL", "451 4.3.0 later please", Outcome::service_down, Cause::sender},
      {"MAIL", "553 5.7.1 not your address", Outcome::service_down, Cause::sender},
      {"RCPT", "451 4.3.0 later please", Outcome::later, Cause::recipient},
      {"RCPT", "421 4.3.2 going down", Outcome::later, Cause::recipient},
      {"RCPT", "550 5.1.1 no such user", Outcome::refused, Cause::recipient},
      {"RCPT", "554 5.7.1 relay access denied", Outcome::later, Cause::denied},
      {"RCPT", "599 never", Outcome::later, Cause::denied},
      {"DATA", "452 4.3.1 no room", Outcome::later, Cause::message},
      {"message", "554 5.6.0 what is this?", Outcome::refused, Cause::message},
      {"message", "550 5.7.26 not authenticated", Outcome::later, Cause::denied},
  };
  for (const Case& each : cases) {
    behave({{"answers", {{each.stage, each.answer}}}});
    const Sent sent = send(to_server());
    EXPECT_EQ(sent.outcome, each.outcome) << each.stage << sent;
    EXPECT_EQ(sent.cause, each.cause) << each.stage << sent;
    EXPECT_EQ(sent.detail, each.answer);
    expect_nothing_arrived();
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

}  // namespace
}  // namespace usher::courier
