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
  EXPECT_EQ(post_->health(store::Service::mail).sent_at, kNow);
}

TEST_F(PostOffice, HasNothingForAnybodyWithoutAServer) {
  const std::string id = queue();
  settings_ = {};
  EXPECT_FALSE(take());
  settings_.server.host = "mail.acme.example";
  settings_.from = "no-reply@acme.example";
  EXPECT_EQ(take()->id, id) << "what waited leaves once there is one";
}

// Longer than a test may run: whoever is not woken makes it fail.
constexpr std::chrono::hours kForEver{10};

TEST_F(PostOffice, WakesForWhatIsQueuedMeanwhile) {
  std::optional<Work> work;
  std::thread courier([&] { work = take(kForEver); });
  const std::string id = queue();
  courier.join();
  ASSERT_TRUE(work);
  EXPECT_EQ(work->id, id);
}

// Not at the bell: docs/adr/0030.
TEST_F(PostOffice, DecidesAWhileAfterACommit) {
  take();
  EXPECT_EQ(decisions_, 0) << "at once";
  std::thread courier([&] { take(kPatience); });
  {
    std::unique_lock lock(mutex_);
    for (int wanted = 1; wanted <= 3; ++wanted) {
      EXPECT_TRUE(changed_.wait_for(lock, kPatience, [&] { return decisions_ >= wanted; }));
      bell_.ring();
    }
  }
  theirs_.reset();
  courier.join();
}

TEST_F(PostOffice, LetsGoOfWhoeverHangsUp) {
  std::optional<Work> work;
  std::thread courier([&] { work = take(kForEver); });
  theirs_.reset();
  courier.join();
  EXPECT_FALSE(work);
  (void)queue();
  EXPECT_EQ(count_of(MessageState::queued), 1);
}

TEST_F(PostOffice, GivesNothingToWhoHasHungUp) {
  const std::string id = queue();
  theirs_.reset();
  EXPECT_FALSE(take());
  EXPECT_EQ(message(id).tries, 0);
}

TEST_F(PostOffice, OffersAtOnceWhatCouldNotBeHandedOver) {
  const std::string id = queue();
  ASSERT_TRUE(take());
  ASSERT_TRUE(post_->not_given(id));
  EXPECT_EQ(message(id).tries, 0);
  EXPECT_EQ(message(id).due_at, kNow);
  EXPECT_EQ(report(id, Outcome::sent).error().code(), Errc::not_found);
  EXPECT_EQ(take()->id, id);
}

TEST_F(PostOffice, OffersAgainWhatSomebodyWentAwayWith) {
  const std::string id = queue();
  ASSERT_TRUE(take());
  EXPECT_EQ(take()->id, id) << "whoever asks has nothing in hand";
  EXPECT_EQ(message(id).tries, 2);
}

TEST_F(PostOffice, GivesUpWhatBringsTheCourierDownEachTime) {
  const std::string id = queue("ada@acme.example", 100h);
  ASSERT_TRUE(take());
  ASSERT_TRUE(take()) << "the first time at once";
  for (int i = 0; i < 3; ++i) {
    EXPECT_FALSE(take()) << "then not at once";
    clock_.turn(1h);
    ASSERT_TRUE(take()) << i;
  }
  EXPECT_FALSE(take());
  EXPECT_EQ(message(id).state, MessageState::dead);
  EXPECT_EQ(message(id).detail, "usher-courier went down with it each time");
}

TEST_F(PostOffice, OffersAgainWhatWasInHandWhenUsherdWasStartedAnew) {
  const std::string id = queue();
  ASSERT_TRUE(take());
  Post anew({*store_,
             *sealer_,
             entropy_,
             clock_,
             bell_,
             [this] {
               return PostSettings{settings_, sms_};
             },
             {},
             true});
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
  EXPECT_FALSE(post_->health(store::Service::mail).trouble) << "that is one message's affair";
}

TEST_F(PostOffice, NeverOffersAgainWhatIsRefused) {
  const std::string id = queue();
  ASSERT_TRUE(take());
  ASSERT_TRUE(report(id, Outcome::refused, Cause::recipient, "550 5.1.1 no such user"));
  clock_.turn(10h);
  EXPECT_FALSE(take());
  EXPECT_EQ(message(id).state, MessageState::dead);
}

TEST_F(PostOffice, WaitsForNoClockThatWasSetBack) {
  const std::string id = queue();
  ASSERT_TRUE(take());
  ASSERT_TRUE(report(id, Outcome::service_down, Cause::silent, "nothing said"));
  clock_.set(kNow - 48h);
  EXPECT_FALSE(take()) << "a wait is a wait";
  clock_.turn(5s);
  EXPECT_EQ(take()->id, id);
}

TEST_F(PostOffice, IsNotHeldUpForTwoHoursByAClockThatWasSetBack) {
  const std::string greylisted = queue();
  ASSERT_TRUE(take());
  ASSERT_TRUE(report(greylisted, Outcome::later, Cause::recipient, "451 4.7.1 try later"));
  const std::string waiting = queue();
  clock_.set(kNow - 1h);
  const std::string newest = queue();
  EXPECT_EQ(take()->id, greylisted);
  ASSERT_TRUE(report(greylisted, Outcome::later, Cause::recipient, "451 4.7.1 try later"));
  EXPECT_EQ(take()->id, waiting);
  ASSERT_TRUE(report(waiting, Outcome::sent));
  EXPECT_EQ(take()->id, newest);
  ASSERT_TRUE(report(newest, Outcome::sent));
  EXPECT_FALSE(take()) << "the other one waits for its time";
}

TEST_F(PostOffice, KnowsWhetherACourierIsThere) {
  EXPECT_EQ(post_->health(store::Service::mail).courier, CourierState::never);
  const std::string id = queue();
  ASSERT_TRUE(take());
  clock_.turn(3min);
  EXPECT_EQ(post_->health(store::Service::mail).courier, CourierState::here)
      << "it takes its time over a mail";
  clock_.turn(1ms);
  EXPECT_EQ(post_->health(store::Service::mail).courier, CourierState::away);
  EXPECT_EQ(post_->health(store::Service::mail).asked_at, kNow);
  ASSERT_TRUE(report(id, Outcome::sent));
  EXPECT_FALSE(take());
  EXPECT_EQ(post_->health(store::Service::mail).courier, CourierState::here);
  const Post without({*store_,
                      *sealer_,
                      entropy_,
                      clock_,
                      bell_,
                      [this] {
                        return PostSettings{settings_, sms_};
                      },
                      {},
                      false});
  EXPECT_EQ(without.health(store::Service::mail).courier, CourierState::no_socket);
}

TEST_F(PostOffice, BelievesWhatLeftAfterItsEnd) {
  const std::string id = queue("ada@acme.example", 1h);
  ASSERT_TRUE(take());
  clock_.turn(1h);
  EXPECT_EQ(*post_->sweep(), 1);
  EXPECT_EQ(message(id).state, MessageState::dead);
  ASSERT_TRUE(report(id, Outcome::sent));
  EXPECT_EQ(message(id).state, MessageState::sent);
  EXPECT_TRUE(post_->health(store::Service::mail).sent_at);
}

TEST_F(PostOffice, HearsNothingOfWhatItNeverGave) {
  const std::string id = queue();
  EXPECT_EQ(report(id, Outcome::sent).error().code(), Errc::not_found);
  EXPECT_EQ(report(id, Outcome::refused, Cause::message).error().code(), Errc::not_found);
  EXPECT_EQ(message(id).state, MessageState::queued);
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
  EXPECT_EQ(*post_->sweep(), 0);
  clock_.turn(1h);
  EXPECT_TRUE(has_text(id));
  EXPECT_EQ(*post_->sweep(), 1);
  EXPECT_EQ(message(id).state, MessageState::dead);
  EXPECT_EQ(message(id).detail, "past its end");
  EXPECT_FALSE(has_text(id));
  EXPECT_FALSE(take());
}

// A machine that comes up with a wrong clock, until it is set.
TEST_F(PostOffice, SweepsNothingForGoodByAClockThatWasJustSet) {
  const std::string id = queue("ada@acme.example", 1h);
  clock_.set(kNow + std::chrono::years(10));
  EXPECT_EQ(*post_->sweep(), 1);
  EXPECT_TRUE(has_text(id));
  clock_.turn(10min);
  EXPECT_EQ(*post_->sweep(), 0);
  EXPECT_TRUE(has_text(id));
  clock_.set(kNow + 20min);
  clock_.turn(10min);
  EXPECT_EQ(*post_->sweep(), 0);
  EXPECT_EQ(message(id).state, MessageState::queued);
  EXPECT_EQ(take()->id, id);
}

}  // namespace
}  // namespace usher::post
