// The sender of mails, a real server and what holds of every mail, sent or not.
#pragma once

#include <gtest/gtest.h>

#include <fstream>
#include <iostream>
#include <memory>
#include <regex>

#include "courier/curl.hpp"
#include "courier/smtp.hpp"
#include "tests/courier/mail_server.hpp"
#include "tests/courier/mails.hpp"

namespace usher::courier {

// For what a failed expectation prints.
inline std::ostream& operator<<(std::ostream& out, const Sent& sent) {
  return out << protocol::courier::name_of(sent.outcome) << ", "
             << protocol::courier::name_of(sent.cause) << ", \"" << sent.detail << '"';
}

inline constexpr const char* kPassword = "correct-horse-Battery9";

inline bool never() {
  return false;
}
inline bool at_once() {
  return true;
}

// One server for all the tests of a process.
class SmtpSends : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    ASSERT_TRUE(initialise_curl());
    server = std::make_unique<MailServer>();
  }
  static void TearDownTestSuite() { server.reset(); }
  SmtpSends() { password(kPassword); }

  void password(const std::string& text) {
    std::ofstream(credentials_ / "usher-smtp-password") << text << '\n';
  }
  static void behave(Json behaviour) {
    if (!behaviour.contains("password")) behaviour["password"] = kPassword;
    server->behave(behaviour);
  }
  static protocol::courier::Mail to_server() {
    protocol::courier::Mail mail = courier::mail();
    mail.server.port = server->starttls();
    mail.server.ca_file = server->ca_file();
    return mail;
  }
  Sent send(const protocol::courier::Mail& mail) {
    Smtp smtp(credentials_.path(), told_to_stop_, patience_);
    const Sent sent = smtp.send(mail);
    // Whatever happened.
    EXPECT_LE(sent.detail.size(), protocol::courier::kMaxDetail) << sent;
    EXPECT_TRUE(protocol::courier::fit_together(sent.outcome, sent.cause)) << sent;
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

  inline static std::unique_ptr<MailServer> server;
  fakes::TemporaryDirectory credentials_;
  bool (*told_to_stop_)() = never;
  SmtpPatience patience_{};
};

}  // namespace usher::courier
