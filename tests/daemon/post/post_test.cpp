// When a message is offered, and when again.
#include "daemon/post/post.hpp"

#include <thread>

#include "tests/daemon/post/post_world.hpp"

namespace usher::post {
namespace {

using store::MessageState;

class PostOffice : public PostWorld {};

TEST_F(PostOffice, OffersWhatWasQueuedAndForgetsItsTextOnceItIsSent) {
  const std::string id = queue();
  ASSERT_EQ(take()->id, id);
  ASSERT_TRUE(report(id, Outcome::sent));
  EXPECT_EQ(message(id).state, MessageState::sent);
  EXPECT_EQ(message(id).detail, "250 2.0.0 queued");
  clock_.turn(1h);
  EXPECT_FALSE(take());
  EXPECT_EQ(post_->health().sent_at, kNow);
}

TEST_F(PostOffice, HasNothingForAnybodyWithoutAServer) {
  const std::string id = queue();
  settings_ = {};
  EXPECT_FALSE(take());
  settings_.server.host = "mail.acme.example";
  settings_.from = "no-reply@acme.example";
  EXPECT_EQ(take()->id, id) << "what waited leaves once there is one";
}

TEST_F(PostOffice, WakesForWhatIsQueuedMeanwhile) {
  std::optional<Work> work;
  std::thread courier([&] { work = take(60s); });
  const std::string id = queue();
  courier.join();
  ASSERT_TRUE(work);
  EXPECT_EQ(work->id, id);
}

TEST_F(PostOffice, LetsGoOfWhoeverHangsUp) {
  std::optional<Work> work;
  std::thread courier([&] { work = take(60s); });
  theirs_.reset();
  courier.join();
  EXPECT_FALSE(work);
  (void)queue();
  EXPECT_EQ(count_of(MessageState::queued), 1);
}

TEST_F(PostOffice, OffersAgainWhatSomebodyWentAwayWith) {
  const std::string id = queue();
  ASSERT_TRUE(take());
  EXPECT_EQ(take()->id, id) << "whoever asks has nothing in hand";
  EXPECT_EQ(message(id).tries, 2);
}

TEST_F(PostOffice, OffersAgainWhatWasInHandWhenUsherdWasStartedAnew) {
  const std::string id = queue();
  ASSERT_TRUE(take());
  Post anew({*store_, *sealer_, entropy_, clock_, bell_, [this] { return settings_; }, {}});
  const auto take_anew = [&] {
    return anew.take(ours_.get(), protocol::Deadline::after(0ms)).release_value();
  };
  clock_.turn(5min - 1ms);
  EXPECT_FALSE(take_anew()) << "it may still be on its way";
  clock_.turn(1ms);
  EXPECT_EQ(take_anew()->id, id);
}

TEST_F(PostOffice, WaitsLongerEachTimeForWhatIsNotTakenNow) {
  const std::string id = queue("ada@acme.example", 100h);
  for (int i = 1; i <= 10; ++i) {
    ASSERT_TRUE(take()) << i;
    ASSERT_TRUE(report(id, Outcome::later, Cause::recipient, "451 4.7.1 try later"));
    const auto wait = message(id).due_at - clock_.now();
    const auto whole = std::min<std::chrono::milliseconds>(1min * (1 << (i - 1)), 1h);
    EXPECT_GE(wait, whole / 2) << i;
    EXPECT_LE(wait, whole) << i;
    EXPECT_FALSE(take()) << i;
    clock_.turn(wait);
  }
  EXPECT_EQ(message(id).tries, 10);
  EXPECT_EQ(message(id).detail, "recipient: 451 4.7.1 try later");
  EXPECT_FALSE(post_->health().trouble) << "that is one message's affair";
}

TEST_F(PostOffice, NeverOffersAgainWhatIsRefused) {
  const std::string id = queue();
  ASSERT_TRUE(take());
  ASSERT_TRUE(report(id, Outcome::refused, Cause::recipient, "550 5.1.1 no such user"));
  clock_.turn(10h);
  EXPECT_FALSE(take());
  EXPECT_EQ(message(id).state, MessageState::dead);
}

TEST_F(PostOffice, HoldsAllUpWhileTheServerIsInTroubleAndCountsItAgainstNone) {
  const std::string first = queue();
  (void)queue("bob@acme.example");
  ASSERT_EQ(take()->id, first);
  ASSERT_TRUE(report(first, Outcome::service_down, Cause::wrong_name, "no name matches"));
  EXPECT_EQ(message(first).tries, 0);
  EXPECT_FALSE(take());
  ASSERT_EQ(told_.size(), 1U);
  EXPECT_EQ(told_[0]->cause, Cause::wrong_name);
  clock_.turn(5s);
  const auto second = take();
  ASSERT_TRUE(second) << "one is tried, to see whether it works again";
  ASSERT_TRUE(report(second->id, Outcome::service_down, Cause::wrong_name, "still"));
  EXPECT_EQ(told_.size(), 1U) << "the same is said once";
  EXPECT_EQ(post_->health().trouble->since, kNow);
  EXPECT_EQ(post_->health().trouble->detail, "still");
  clock_.turn(10s);
  const auto third = take();
  ASSERT_TRUE(third);
  ASSERT_TRUE(report(third->id, Outcome::sent));
  ASSERT_EQ(told_.size(), 2U);
  EXPECT_FALSE(told_[1]);
  EXPECT_FALSE(post_->health().trouble);
  EXPECT_TRUE(take()) << "the other one, at once";
}

TEST_F(PostOffice, LetsNoMessageDieOfASenderThatIsRefused) {
  const std::string ids[] = {queue(), queue("bob@acme.example")};
  for (const std::string& id : ids) {
    ASSERT_EQ(take()->id, id);
    clock_.turn(1s);
    ASSERT_TRUE(report(id, Outcome::service_down, Cause::sender, "553 5.7.1 not your address"));
    clock_.turn(10s);
  }
  for (const std::string& id : ids) {
    EXPECT_EQ(message(id).state, MessageState::queued);
    EXPECT_EQ(message(id).tries, 0);
  }
  EXPECT_EQ(post_->health().trouble->cause, Cause::sender);
}

TEST_F(PostOffice, HoldsAllUpOnceASecondMessageIsDenied) {
  const std::string sent = queue();
  ASSERT_TRUE(take());
  ASSERT_TRUE(report(sent, Outcome::sent));
  const auto deny = [&] {
    const std::string id = queue();
    EXPECT_EQ(take()->id, id);
    EXPECT_TRUE(report(id, Outcome::later, Cause::denied, "554 5.7.1 relay access denied"));
    EXPECT_EQ(message(id).state, MessageState::queued);
    EXPECT_EQ(message(id).tries, 1);
    return id;
  };
  (void)deny();
  EXPECT_FALSE(post_->health().trouble) << "that may be this one's affair";
  (void)deny();
  EXPECT_EQ(post_->health().trouble->cause, Cause::denied);
  const std::string waiting = queue();
  EXPECT_FALSE(take()) << "it would be denied like those before";
  clock_.turn(5s);
  ASSERT_EQ(take()->id, waiting);
  ASSERT_TRUE(report(waiting, Outcome::refused, Cause::recipient, "550 5.1.1 no such user"));
  EXPECT_TRUE(post_->health().trouble) << "none was taken";
  clock_.turn(5s);
  const std::string last = queue();
  ASSERT_EQ(take()->id, last);
  ASSERT_TRUE(report(last, Outcome::sent));
  EXPECT_FALSE(post_->health().trouble);
}

TEST_F(PostOffice, IsInTroubleWhenTheFirstMailOfAllIsDenied) {
  const std::string id = queue();
  ASSERT_TRUE(take());
  ASSERT_TRUE(report(id, Outcome::later, Cause::denied, "554 5.7.1 relay access denied"));
  EXPECT_EQ(post_->health().trouble->detail, "554 5.7.1 relay access denied");
}

TEST_F(PostOffice, IsNotRelievedByWhatNoServerWasAsked) {
  const std::string first = queue();
  const std::string second = queue();
  ASSERT_TRUE(take());
  clock_.turn(1s);
  ASSERT_TRUE(report(first, Outcome::service_down, Cause::silent, "nothing said"));
  clock_.turn(5s);
  ASSERT_EQ(take()->id, second);
  ASSERT_TRUE(report(second, Outcome::refused, Cause::not_sendable, "to"));
  EXPECT_EQ(post_->health().trouble->cause, Cause::silent);
  EXPECT_EQ(told_.size(), 1U);
}

TEST_F(PostOffice, IsNotInTroubleBecauseTheCourierWasStopped) {
  const std::string id = queue();
  ASSERT_TRUE(take());
  ASSERT_TRUE(report(id, Outcome::service_down, Cause::stopping, "told to stop"));
  EXPECT_FALSE(post_->health().trouble);
  EXPECT_EQ(take()->id, id);
  EXPECT_EQ(message(id).tries, 1);
}

TEST_F(PostOffice, WaitsForNoClockThatWasSetBack) {
  const std::string id = queue();
  ASSERT_TRUE(take());
  ASSERT_TRUE(report(id, Outcome::service_down, Cause::silent, "nothing said"));
  clock_.set(kNow - 48h);
  EXPECT_EQ(take()->id, id);
}

TEST_F(PostOffice, DoesNotKnowMessagesThatAreNotOnTheirWay) {
  const std::string id = queue();
  ASSERT_TRUE(take());
  ASSERT_TRUE(report(id, Outcome::sent));
  for (const Outcome outcome : {Outcome::sent, Outcome::refused, Outcome::later}) {
    EXPECT_EQ(
        report(id, outcome, outcome == Outcome::sent ? Cause::none : Cause::message).error().code(),
        Errc::not_found);
    EXPECT_EQ(report(std::string(32, '0'), outcome).error().code(), Errc::not_found);
  }
  EXPECT_EQ(message(id).state, MessageState::sent);
}

TEST_F(PostOffice, ServesOneCourierAtATime) {
  UniqueFd ours, theirs;
  int ends[2];
  ASSERT_EQ(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends), 0);
  ours.reset(ends[0]);
  theirs.reset(ends[1]);
  std::thread courier([&] {
    // Until it is not the one that comes second.
    while (!post_->take(ours_.get(), protocol::Deadline::after(60s))) continue;
  });
  Errc second = Errc::internal;
  // It is refused once the first one waits, and until then nothing is there for it.
  while (second != Errc::conflict) {
    const auto taken = post_->take(ours.get(), protocol::Deadline::after(0ms));
    if (!taken) second = taken.error().code();
  }
  theirs_.reset();
  courier.join();
  EXPECT_TRUE(post_->take(ours.get(), protocol::Deadline::after(0ms)));
}

TEST_F(PostOffice, SaysWhatIsWrongWithWhatItCannotSendAndGoesOn) {
  const std::string bad = queue();
  const std::string good = queue();
  write([&](store::Database& database) -> Result<void> {
    auto query = TRY(database.query("UPDATE outbox SET recipient = 'nobody' WHERE uuid = ?"));
    return query.bind(bad).run();
  });
  EXPECT_EQ(take()->id, good);
  EXPECT_EQ(message(bad).state, MessageState::dead);
  EXPECT_EQ(message(bad).detail, "not_sendable: a sealed value does not open with this key here");
}

TEST_F(PostOffice, SweepsTextsThatAreOfNoUse) {
  const std::string id = queue("ada@acme.example", 1h);
  ASSERT_TRUE(post_->sweep());
  clock_.turn(1h);
  ASSERT_TRUE(post_->sweep());
  EXPECT_EQ(message(id).state, MessageState::dead);
  EXPECT_FALSE(take());
}

}  // namespace
}  // namespace usher::post
