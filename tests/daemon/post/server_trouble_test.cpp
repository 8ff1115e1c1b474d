// What keeps every mail from leaving, and that no mail dies of it.
#include "daemon/post/post.hpp"
#include "tests/daemon/post/post_world.hpp"

namespace usher::post {
namespace {

using store::MessageState;

class ServerTrouble : public PostWorld {};

TEST_F(ServerTrouble, HoldsAllUpWhileTheServerIsInTroubleAndCountsItAgainstNone) {
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
  EXPECT_EQ(post_->health(store::Service::mail).trouble->since, kNow);
  EXPECT_EQ(post_->health(store::Service::mail).trouble->detail, "still");
  clock_.turn(10s);
  const auto third = take();
  ASSERT_TRUE(third);
  ASSERT_TRUE(report(third->id, Outcome::sent));
  ASSERT_EQ(told_.size(), 2U);
  EXPECT_FALSE(told_[1]);
  EXPECT_FALSE(post_->health(store::Service::mail).trouble);
  EXPECT_TRUE(take()) << "the other one, at once";
}

TEST_F(ServerTrouble, IsTriedAtOnceOnceSomebodySaysThatItIsMended) {
  const std::string id = queue();
  ASSERT_EQ(take()->id, id);
  ASSERT_TRUE(report(id, Outcome::service_down, Cause::expired, ""));
  ASSERT_FALSE(take());
  post_->try_at_once(store::Service::sms);
  EXPECT_FALSE(take()) << "not that server";
  post_->try_at_once(store::Service::mail);
  ASSERT_EQ(take()->id, id);
  EXPECT_TRUE(post_->health(store::Service::mail).trouble) << "until it took one";
}

// usher-courier waits meanwhile, and nothing is committed.
TEST_F(ServerTrouble, WakesWhoWaitsForItsNextTry) {
  const std::string id = queue();
  ASSERT_EQ(take()->id, id);
  ASSERT_TRUE(report(id, Outcome::service_down, Cause::expired, ""));
  std::jthread mender([&] { post_->try_at_once(store::Service::mail); });
  const auto work = take(kPatience);
  ASSERT_TRUE(work);
  EXPECT_EQ(work->id, id);
}

TEST_F(ServerTrouble, LetsNoMessageDieOfASenderThatIsRefused) {
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
  EXPECT_EQ(post_->health(store::Service::mail).trouble->cause, Cause::sender);
}

TEST_F(ServerTrouble, HoldsAllUpOnceASecondMessageIsDenied) {
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
  EXPECT_FALSE(post_->health(store::Service::mail).trouble) << "that may be this one's affair";
  (void)deny();
  EXPECT_EQ(post_->health(store::Service::mail).trouble->cause, Cause::denied);
  const std::string waiting = queue();
  EXPECT_FALSE(take()) << "it would be denied like those before";
  clock_.turn(5s);
  ASSERT_EQ(take()->id, waiting);
  ASSERT_TRUE(report(waiting, Outcome::refused, Cause::recipient, "550 5.1.1 no such user"));
  EXPECT_TRUE(post_->health(store::Service::mail).trouble) << "none was taken";
  clock_.turn(5s);
  const std::string last = queue();
  ASSERT_EQ(take()->id, last);
  ASSERT_TRUE(report(last, Outcome::sent));
  EXPECT_FALSE(post_->health(store::Service::mail).trouble);
}

TEST_F(ServerTrouble, IsInTroubleWhenTheFirstMailOfAllIsDenied) {
  const std::string id = queue();
  ASSERT_TRUE(take());
  ASSERT_TRUE(report(id, Outcome::later, Cause::denied, "554 5.7.1 relay access denied"));
  EXPECT_EQ(post_->health(store::Service::mail).trouble->detail, "554 5.7.1 relay access denied");
}

TEST_F(ServerTrouble, IsNotRelievedByWhatNoServerWasAsked) {
  const std::string first = queue();
  const std::string second = queue();
  ASSERT_TRUE(take());
  clock_.turn(1s);
  ASSERT_TRUE(report(first, Outcome::service_down, Cause::silent, "nothing said"));
  clock_.turn(5s);
  ASSERT_EQ(take()->id, second);
  ASSERT_TRUE(report(second, Outcome::refused, Cause::not_sendable, "to"));
  EXPECT_EQ(post_->health(store::Service::mail).trouble->cause, Cause::silent);
  EXPECT_EQ(told_.size(), 1U);
}

TEST_F(ServerTrouble, IsNotInTroubleBecauseTheCourierWasStopped) {
  const std::string id = queue();
  ASSERT_TRUE(take());
  ASSERT_TRUE(report(id, Outcome::service_down, Cause::stopping, "told to stop"));
  EXPECT_FALSE(post_->health(store::Service::mail).trouble);
  EXPECT_EQ(take()->id, id);
  EXPECT_EQ(message(id).tries, 1);
}

TEST_F(ServerTrouble, TriesMendedSettingsAtOnce) {
  const std::string first = queue();
  const std::string second = queue();
  ASSERT_TRUE(take());
  ASSERT_TRUE(report(first, Outcome::later, Cause::denied, "554 5.7.1 relay access denied"));
  ASSERT_EQ(take(), std::nullopt);
  clock_.turn(5s);
  ASSERT_EQ(take()->id, second);
  ASSERT_TRUE(report(second, Outcome::service_down, Cause::login_refused, "535 5.7.8 no"));
  EXPECT_FALSE(take());
  settings_.server.user = "usher";
  settings_.server.login = Login::plain;
  const auto one = take();
  ASSERT_TRUE(one);
  ASSERT_TRUE(report(one->id, Outcome::sent));
  const auto other = take();
  ASSERT_TRUE(other) << "what was put off by the mistake does not wait any longer";
  EXPECT_NE(other->id, one->id);
}

TEST_F(ServerTrouble, HearsOfTroubleWhateverBecameOfTheMessage) {
  const std::string id = queue("ada@acme.example", 1h);
  ASSERT_TRUE(take());
  clock_.turn(1h);
  EXPECT_EQ(*post_->sweep(), 1);
  ASSERT_TRUE(report(id, Outcome::service_down, Cause::expired, "long ago"));
  EXPECT_EQ(post_->health(store::Service::mail).trouble->cause, Cause::expired);
  EXPECT_EQ(message(id).state, MessageState::dead);
}

TEST_F(ServerTrouble, LetsNoMessageDieOfTheSettings) {
  const std::string id = queue();
  const std::string from = std::exchange(settings_.from, "no-reply");
  EXPECT_FALSE(take());
  EXPECT_EQ(message(id).state, MessageState::queued);
  EXPECT_EQ(message(id).detail, "not_sendable: from");
  settings_.from = from;
  clock_.turn(1min);
  EXPECT_EQ(take()->id, id);
}

}  // namespace
}  // namespace usher::post
