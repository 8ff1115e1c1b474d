// A mail on its way through the store.
#include "daemon/post/outgoing.hpp"

#include <fstream>
#include <iterator>

#include "tests/daemon/post/post_world.hpp"

namespace usher::post {
namespace {

class Outgoing : public PostWorld {
 protected:
  Result<std::string> try_to_queue(std::string_view to, const MailText& text) {
    return store_->write([&](store::Database& database) {
      return queue_mail(database, {*sealer_, entropy_},
                        {.event = "test", .to = to, .text = text, .useful_for = 1h}, kNow);
    });
  }
};

TEST_F(Outgoing, ArrivesAsItWasWritten) {
  settings_.from_name = "Acme";
  settings_.reply_to = "support@acme.example";
  const std::string id = queue();
  const auto work = take();
  ASSERT_TRUE(work);
  EXPECT_EQ(work->id, id);
  const Mail& mail = std::get<Mail>(work->what);
  EXPECT_EQ(mail.to, "ada@acme.example");
  EXPECT_EQ(mail.from, "no-reply@acme.example");
  EXPECT_EQ(mail.from_name, "Acme");
  EXPECT_EQ(mail.reply_to, "support@acme.example");
  EXPECT_EQ(mail.server.host, "mail.acme.example");
  EXPECT_EQ(mail.server.port, 587);
  EXPECT_EQ(mail.message_id, id + "@acme.example");
  EXPECT_EQ(mail.date, 1'763'800'000);
  EXPECT_EQ(mail.text.subject.view(), "Your code");
  EXPECT_EQ(mail.text.text.view(), "Your code is 90417265.\n");
  EXPECT_EQ(mail.text.html.view(), "<p>Your code</p>\n");
}

TEST_F(Outgoing, LiesSealedInTheStore) {
  (void)queue();
  store_.reset();
  std::ifstream file(directory_ / "usher.db", std::ios::binary);
  const std::string bytes{std::istreambuf_iterator<char>(file), {}};
  EXPECT_NE(bytes.find("ada@acme.example"), std::string::npos) << "this is the store's file";
  EXPECT_EQ(bytes.find("90417265"), std::string::npos);
  EXPECT_EQ(bytes.find("Your code"), std::string::npos);
}

TEST_F(Outgoing, IsRefusedWhereItIsDecidedIfItCannotBeSent) {
  for (const char* to : {"", "ada", "ada@", "a@b c", "a@b\r\nBcc: x@y", "\"a b\"@c", "a@b,c@d"}) {
    EXPECT_EQ(try_to_queue(to, mail_text()).error().code(), Errc::invalid_input) << to;
  }
  EXPECT_EQ(try_to_queue("ada@acme.example", mail_text("bell \a")).error().text(), "text");
  EXPECT_FALSE(take());
}

TEST_F(Outgoing, IsGoneWithTheTransactionThatFailed) {
  const MailText text = mail_text();
  const auto failed = store_->write([&](store::Database& database) -> Result<void> {
    TRY(queue_mail(database, {*sealer_, entropy_},
                   {.event = "test", .to = "ada@acme.example", .text = text, .useful_for = 1h},
                   kNow));
    return Error(Errc::conflict, "something else did not work");
  });
  EXPECT_FALSE(failed);
  EXPECT_FALSE(take());
}

TEST_F(Outgoing, OpensInNoOtherMessagesPlace) {
  const std::string one = queue();
  const std::string other = queue();
  write([&](store::Database& database) -> Result<void> {
    auto query =
        TRY(database.query("UPDATE outbox SET sealed = (SELECT sealed FROM outbox WHERE "
                           "uuid = ?) WHERE uuid = ?"));
    return query.bind(other).bind(one).run();
  });
  EXPECT_EQ(take()->id, other);
  EXPECT_EQ(message(one).state, store::MessageState::dead);
}

// Whoever writes the file without the key.
TEST_F(Outgoing, GoesToNobodyElseAndSaysNothingElse) {
  for (const char* change : {"UPDATE outbox SET recipient = 'eve@evil.example' WHERE uuid = ?",
                             "UPDATE outbox SET event = 'invitation' WHERE uuid = ?"}) {
    const std::string id = queue();
    write([&](store::Database& database) -> Result<void> {
      auto query = TRY(database.query(change));
      return query.bind(id).run();
    });
    EXPECT_FALSE(take()) << change;
    EXPECT_EQ(message(id).state, store::MessageState::dead) << change;
  }
}

}  // namespace
}  // namespace usher::post
