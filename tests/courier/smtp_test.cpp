// Mails to a real server of somebody else's making: what arrives, as a parser reads it that is not
// ours.
#include "tests/courier/smtp_sends.hpp"

namespace usher::courier {
namespace {

using namespace protocol::courier;

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
