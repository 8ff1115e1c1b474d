// Text messages in the same queue: what may be queued, how it leaves, and that neither service's
// trouble is the other's.
#include "tests/daemon/post/post_world.hpp"

namespace usher::post {
namespace {

using store::MessageState;
using store::Service;

class SmsPost : public PostWorld {
 protected:
  SmsPost() { set_gateway(); }

  store::PersonId person(const char* name) {
    return store_
        ->write([&](store::Database& database) -> Result<store::PersonId> {
          const std::string uuid(32, name[0]);
          const auto record = TRY(
              store::add_person(database, {UserName::parse(name).release_value(), "", std::nullopt},
                                uuid, clock_.now()));
          return record.id;
        })
        .release_value();
  }
};

TEST_F(SmsPost, IsSealedAndLeavesByTheGatewayOfTheMoment) {
  const std::string id = queue_text();
  const store::MessageRecord waiting = message(id);
  EXPECT_EQ(waiting.service, Service::sms);
  EXPECT_EQ(waiting.recipient, "+33612345678");
  clock_.turn(1min);
  const auto work = take();
  ASSERT_TRUE(work);
  const Sms& sms = *std::get_if<Sms>(&work->what);
  EXPECT_EQ(sms.gateway, *sms_.gateway);
  EXPECT_EQ(sms.to, "+33612345678");
  EXPECT_EQ(sms.reference, id);
  EXPECT_EQ(sms.text.view(), "Your code is 90417265.");
  EXPECT_EQ(sms.date, 1'763'800'060) << "when it is offered: it is signed with that";
  ASSERT_TRUE(report(id, Outcome::sent, Cause::none, "201 SM9f"));
  EXPECT_EQ(message(id).state, MessageState::sent);
  EXPECT_FALSE(has_text(id));
  EXPECT_EQ(post_->health(Service::sms).sent_at, clock_.now());
  EXPECT_FALSE(post_->health(Service::mail).sent_at);
}

TEST_F(SmsPost, WaitsForAGateway) {
  const std::string id = queue_text();
  const auto gateway = sms_.gateway;
  sms_.gateway.reset();
  EXPECT_FALSE(take());
  sms_.gateway = gateway;
  EXPECT_EQ(take()->id, id);
}

TEST_F(SmsPost, HoldsNoMailUpWhereTheGatewayIsInTrouble) {
  const std::string text = queue_text();
  ASSERT_EQ(take()->id, text);
  ASSERT_TRUE(report(text, Outcome::service_down, Cause::login_refused, "401"));
  EXPECT_FALSE(take());
  const std::string mail = queue();
  EXPECT_EQ(take()->id, mail);
  ASSERT_TRUE(report(mail, Outcome::sent));
  EXPECT_FALSE(take()) << "nor does a mail that left let text messages go";
  EXPECT_EQ(post_->health(Service::sms).trouble->cause, Cause::login_refused);
  EXPECT_FALSE(post_->health(Service::mail).trouble);
}

TEST_F(SmsPost, IsNotHeldUpByTheMailServer) {
  const std::string mail = queue();
  ASSERT_EQ(take()->id, mail);
  ASSERT_TRUE(report(mail, Outcome::service_down, Cause::no_connection, ""));
  const std::string text = queue_text();
  EXPECT_EQ(take()->id, text);
}

// Each service has its own way out, but usher-courier has one message in hand at a time.
TEST_F(SmsPost, IsNotBehindMailThatNobodyWaitsFor) {
  set_gateway();
  const std::string notice = queue();
  clock_.turn(1s);
  const auto code = try_to_queue_sms("+33612345678", {}, store::Urgency::waited_for);
  ASSERT_TRUE(code);
  EXPECT_EQ(take()->id, *code);
  ASSERT_TRUE(report(*code, Outcome::sent));
  EXPECT_EQ(take()->id, notice);
}

TEST_F(SmsPost, ComesBackWhenTheGatewayAskedForIt) {
  const std::string id = queue_text();
  ASSERT_EQ(take()->id, id);
  ASSERT_TRUE(post_->report({id, Outcome::service_down, Cause::busy, "429", 20min}));
  clock_.turn(19min);
  EXPECT_FALSE(take());
  clock_.turn(1min);
  EXPECT_EQ(take()->id, id);
}

TEST_F(SmsPost, IsTriedAtOnceWithAnotherGateway) {
  const std::string id = queue_text();
  ASSERT_EQ(take()->id, id);
  ASSERT_TRUE(report(id, Outcome::service_down, Cause::login_refused, "401"));
  EXPECT_FALSE(take());
  sms_.gateway->url = "https://other.acme.example/?to={to}&text={text}";
  EXPECT_EQ(take()->id, id);
}

TEST_F(SmsPost, DiesOfItsNumberAlone) {
  const std::string id = queue_text();
  ASSERT_EQ(take()->id, id);
  ASSERT_TRUE(report(id, Outcome::refused, Cause::recipient, "400 no such number"));
  EXPECT_EQ(message(id).state, MessageState::dead);
  EXPECT_FALSE(post_->health(Service::sms).trouble);
}

// Each of the tries may have reached the phone, and cost.
TEST_F(SmsPost, IsGivenUpWhenTheGatewayDoesNotSayAThirdTimeWhatItDoes) {
  const std::string id = queue_text();
  for (int tried = 1; tried <= 3; ++tried) {
    ASSERT_EQ(message(id).state, MessageState::queued) << tried;
    ASSERT_EQ(take()->id, id) << tried;
    ASSERT_TRUE(report(id, Outcome::later, Cause::unclear, "502 Bad Gateway"));
    EXPECT_EQ(post_->health(Service::sms).trouble->cause, Cause::unclear) << tried;
    clock_.turn(5min);
  }
  EXPECT_EQ(message(id).state, MessageState::dead);
  EXPECT_EQ(message(id).detail, "unclear: 502 Bad Gateway");
  const std::string next = queue_text();
  ASSERT_EQ(take()->id, next) << "the next one has its own three";
}

TEST_F(SmsPost, IsSentWhenTheGatewaySaysSoAtTheThirdTry) {
  const std::string id = queue_text();
  for (int tried = 1; tried <= 2; ++tried) {
    ASSERT_EQ(take()->id, id);
    ASSERT_TRUE(report(id, Outcome::later, Cause::unclear, "502 Bad Gateway"));
    clock_.turn(5min);
  }
  ASSERT_EQ(take()->id, id);
  ASSERT_TRUE(report(id, Outcome::sent));
  EXPECT_EQ(message(id).state, MessageState::sent);
  EXPECT_FALSE(post_->health(Service::sms).trouble);
}

TEST_F(SmsPost, IsQueuedToANumberAndWithATextOnly) {
  for (const char* none : {"", "0612345678", "+33612345678\n", "ada@acme.example"}) {
    EXPECT_EQ(try_to_queue_sms(none).error().code(), Errc::invalid_input) << none;
  }
  EXPECT_EQ(count_of(MessageState::queued), 0);
}

TEST_F(SmsPost, GoesToTheCountriesThatAreNamed) {
  EXPECT_EQ(try_to_queue_sms("+32470123456").error().code(), Errc::not_permitted);
  EXPECT_EQ(try_to_queue_sms("+881612345678").error().code(), Errc::not_permitted) << "a satellite";
  sms_.countries = {"FR", "BE"};
  const std::string id = try_to_queue_sms("+32470123456").release_value();
  sms_.countries = {"FR"};
  EXPECT_FALSE(take());
  EXPECT_EQ(message(id).state, MessageState::dead) << "nor once it is not named any more";
  sms_.countries = {};
  EXPECT_EQ(try_to_queue_sms().error().code(), Errc::not_permitted) << "none is none";
}

TEST_F(SmsPost, GoesToAPersonFiveTimesADay) {
  const store::PersonId ada = person("ada");
  for (int i = 0; i < 5; ++i) {
    ASSERT_TRUE(try_to_queue_sms("+33612345678", ada)) << i;
    clock_.turn(1h);
  }
  // Another number of theirs is no way around it.
  EXPECT_EQ(try_to_queue_sms("+33699999999", ada).error().code(), Errc::exhausted);
  EXPECT_TRUE(try_to_queue_sms("+33612345678", person("bob"))) << "another person's";
  clock_.turn(19h + 1ms);
  EXPECT_TRUE(try_to_queue_sms("+33612345678", ada)) << "a day after the first";
  EXPECT_EQ(try_to_queue_sms("+33612345678", ada).error().code(), Errc::exhausted);
}

TEST_F(SmsPost, GoesToEverybodyTogetherSoManyTimesADayTestsToo) {
  budget_.per_day = 3;
  ASSERT_TRUE(try_to_queue_sms("+33612345678", person("ada")));
  ASSERT_TRUE(try_to_queue_sms("+33612345678", person("bob")));
  ASSERT_TRUE(try_to_queue_sms()) << "a test";
  EXPECT_EQ(try_to_queue_sms("+33612345678", person("eve")).error().code(), Errc::exhausted);
  EXPECT_EQ(try_to_queue_sms().error().code(), Errc::exhausted);
  (void)queue();  // mails are not counted
  clock_.turn(24h);
  EXPECT_TRUE(try_to_queue_sms());
}

// What was refused was asked for, and may have cost something.
TEST_F(SmsPost, IsCountedWhateverBecameOfIt) {
  budget_.per_day = 1;
  const std::string id = queue_text();
  ASSERT_EQ(take()->id, id);
  ASSERT_TRUE(report(id, Outcome::refused, Cause::recipient, "400"));
  EXPECT_EQ(try_to_queue_sms().error().code(), Errc::exhausted);
}

}  // namespace
}  // namespace usher::post
