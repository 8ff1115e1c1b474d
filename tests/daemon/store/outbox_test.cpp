// Messages in the store: each is taken by one, comes back when nothing is heard of it, and keeps
// its text no longer than it is of use.
#include "daemon/store/outbox.hpp"

#include "tests/daemon/store/fixture.hpp"

namespace usher::store {
namespace {

class Outbox : public Tables {
 protected:
  std::string queue(Service service = Service::mail, std::optional<PersonId> person = std::nullopt,
                    ports::Instant ends = kNow + kMinute * 60, Urgency urgency = Urgency::none) {
    const std::string uuid = uuid_of(++messages_);
    EXPECT_TRUE(queue_message(database_, {.uuid = uuid,
                                          .person = person,
                                          .service = service,
                                          .event = "test",
                                          .recipient = "ada@acme.example",
                                          .sealed = "sealed " + uuid,
                                          .queued_at = kNow,
                                          .ends_at = ends,
                                          .urgency = urgency}));
    return uuid;
  }
  std::optional<TakenMessage> take(ports::Instant now = kNow, Service service = Service::mail) {
    return take_message(database_, service, now, now + kMinute * 5).release_value();
  }
  MessageRecord only() { return list_messages(database_, {}, 2)->at(0); }
  bool has_text(std::string_view uuid) {
    Query query =
        database_.query("SELECT sealed IS NOT NULL FROM outbox WHERE uuid = ?").release_value();
    query.bind(uuid);
    return *query.next() && query.integer(0) == 1;
  }

  Swept sweep(ports::Instant now, bool for_good = true) {
    return *sweep_messages(
        database_,
        {.now = now, .oldest = now - std::chrono::days(1), .for_good = for_good, .at_once = 100});
  }

  int messages_ = 0;
};

TEST_F(Outbox, OffersTheOldestFirstAndEachOnce) {
  const std::string first = queue();
  const std::string second = queue();
  const auto taken = take();
  ASSERT_TRUE(taken);
  EXPECT_EQ(taken->record.uuid, first);
  EXPECT_EQ(taken->record.tries, 1);
  EXPECT_EQ(taken->record.recipient, "ada@acme.example");
  EXPECT_EQ(taken->sealed, "sealed " + first);
  EXPECT_EQ(take()->record.uuid, second);
  EXPECT_FALSE(take());
}

TEST_F(Outbox, OffersFirstWhatSomebodyWaitsFor) {
  for (int i = 0; i < 3; ++i) queue();
  EXPECT_EQ((*next_message_due(database_, Service::mail, kNow))->urgency, Urgency::none);
  const std::string code =
      queue(Service::mail, std::nullopt, kNow + kMinute * 60, Urgency::waited_for);
  EXPECT_EQ((*next_message_due(database_, Service::mail, kNow))->urgency, Urgency::waited_for);
  EXPECT_EQ(take()->record.uuid, code);
  // Once it waits for its time it holds nothing up.
  EXPECT_EQ((*next_message_due(database_, Service::mail, kNow))->urgency, Urgency::none);
  EXPECT_NE(take()->record.uuid, code);
}

TEST_F(Outbox, OffersAgainWhatNobodySpokeOf) {
  const std::string uuid = queue();
  ASSERT_TRUE(take());
  EXPECT_FALSE(take(kNow + kMinute * 5 - std::chrono::milliseconds(1)));
  const auto again = take(kNow + kMinute * 5);
  ASSERT_TRUE(again);
  EXPECT_EQ(again->record.uuid, uuid);
  EXPECT_EQ(again->record.tries, 2);
}

TEST_F(Outbox, KeepsTheServicesApart) {
  const std::string sms = queue(Service::sms);
  EXPECT_FALSE(take());
  EXPECT_EQ(take(kNow, Service::sms)->record.uuid, sms);
  EXPECT_EQ(*count_messages(database_, Service::sms, MessageState::queued), 1);
  EXPECT_EQ(*count_messages(database_, Service::mail, MessageState::queued), 0);
}

TEST_F(Outbox, ForgetsTheTextOfWhatWasSent) {
  const std::string uuid = queue();
  ASSERT_TRUE(take());
  EXPECT_TRUE(*message_sent(database_, uuid, kNow + kMinute, "250 2.0.0 queued"));
  EXPECT_FALSE(has_text(uuid));
  EXPECT_FALSE(take(kNow + kMinute * 10));
  EXPECT_FALSE(*message_sent(database_, uuid, kNow, "twice"));
  EXPECT_FALSE(*requeue_message(database_, uuid, kNow));
  const MessageRecord record = only();
  EXPECT_EQ(record.state, MessageState::sent);
  EXPECT_EQ(record.done_at, kNow + kMinute);
  EXPECT_EQ(record.detail, "250 2.0.0 queued");
}

TEST_F(Outbox, SendsADeadOneOnAnAdministratorsWordOnly) {
  const std::string uuid = queue();
  ASSERT_TRUE(take());
  EXPECT_TRUE(*message_refused(database_, uuid, kNow, "550 5.1.1 no such user"));
  EXPECT_FALSE(take(kNow + kMinute * 30));
  EXPECT_EQ(only().state, MessageState::dead);
  EXPECT_TRUE(*requeue_message(database_, uuid, kNow + kMinute));
  EXPECT_EQ(take(kNow + kMinute)->record.tries, 1);
}

TEST_F(Outbox, CountsATryThatWasOneAndNoOther) {
  const std::string uuid = queue();
  ASSERT_TRUE(take());
  EXPECT_TRUE(*message_not_tried(database_, uuid, kNow + kMinute, "connection refused"));
  EXPECT_EQ(only().tries, 0);
  EXPECT_EQ((*next_message_due(database_, Service::mail, kNow))->at, kNow + kMinute);
  ASSERT_TRUE(take(kNow + kMinute));
  EXPECT_TRUE(*message_put_off(database_, uuid, kNow + kMinute * 2, "451 4.7.1 later"));
  EXPECT_EQ(only().tries, 1);
  EXPECT_EQ(only().detail, "451 4.7.1 later");
}

TEST_F(Outbox, KeepsNoTextPastItsEnd) {
  const std::string waiting = queue(Service::mail, std::nullopt, kNow + kMinute);
  const std::string dead = queue(Service::mail, std::nullopt, kNow + kMinute);
  const std::string later = queue();
  EXPECT_TRUE(*message_refused(database_, dead, kNow, "550"));
  EXPECT_EQ(sweep(kNow).given_up, 0);
  EXPECT_EQ(take(kNow + kMinute)->record.uuid, later);
  EXPECT_EQ(sweep(kNow + kMinute).given_up, 1);
  EXPECT_EQ((*find_message(database_, waiting))->detail, "past its end");
  EXPECT_FALSE(has_text(waiting));
  EXPECT_FALSE(has_text(dead));
  EXPECT_TRUE(has_text(later));
  EXPECT_FALSE(*requeue_message(database_, dead, kNow + kMinute));
  EXPECT_EQ(*count_messages(database_, Service::mail, MessageState::dead), 2);
  // And later no trace.
  (void)sweep(kNow + kMinute * 2 + std::chrono::days(1));
  EXPECT_EQ(list_messages(database_, {}, 10)->size(), 1U);
}

TEST_F(Outbox, UndoesWhatItGaveUpByAClockThatWasAhead) {
  const std::string uuid = queue();
  const std::string refused = queue();
  EXPECT_TRUE(*message_refused(database_, refused, kNow, "550"));
  const ports::Instant ahead = kNow + std::chrono::years(10);
  EXPECT_EQ(sweep(ahead, false).given_up, 1);
  EXPECT_EQ((*find_message(database_, uuid))->state, MessageState::dead);
  EXPECT_TRUE(has_text(uuid) && has_text(refused));
  EXPECT_EQ(sweep(kNow, false).given_up, 0);
  EXPECT_EQ((*find_message(database_, refused))->state, MessageState::dead) << "a server said so";
  EXPECT_EQ(take()->record.uuid, uuid);
}

TEST_F(Outbox, ForgetsInTimeWhatWasDoneByAClockThatWasAhead) {
  const std::string uuid = queue();
  EXPECT_TRUE(*message_sent(database_, uuid, kNow + std::chrono::years(10), "250 2.0.0 queued"));
  (void)sweep(kNow);
  EXPECT_EQ((*find_message(database_, uuid))->done_at, kNow);
}

TEST_F(Outbox, SweepsSoManyAtOnce) {
  for (int i = 0; i < 3; ++i) (void)queue(Service::mail, std::nullopt, kNow + kMinute);
  const auto sweep_two = [&] {
    return *sweep_messages(database_,
                           {.now = kNow + kMinute, .oldest = kNow, .for_good = true, .at_once = 2});
  };
  Swept swept = sweep_two();
  EXPECT_EQ(swept.given_up, 2);
  EXPECT_TRUE(swept.more);
  swept = sweep_two();
  EXPECT_EQ(swept.given_up, 1);
  EXPECT_FALSE(swept.more);
}

TEST_F(Outbox, WaitsForNothingThatIsOfNoUseAnyMore) {
  const std::string soon = queue(Service::mail, std::nullopt, kNow + kMinute);
  EXPECT_EQ((*next_message_due(database_, Service::mail, kNow))->at, kNow);
  EXPECT_FALSE(next_message_due(database_, Service::mail, kNow + kMinute)->has_value());
  EXPECT_EQ((*find_message(database_, soon))->event, "test");
  EXPECT_FALSE(find_message(database_, uuid_of(99))->has_value());
}

TEST_F(Outbox, DoesNotWaitForAClockThatWasSetBack) {
  const std::string older = queue(Service::mail, std::nullopt, kNow + kMinute * 60 * 48);
  const ports::Instant before = kNow - kMinute * 60;
  EXPECT_TRUE(queue_message(database_, {.uuid = uuid_of(50),
                                        .event = "test",
                                        .recipient = "ada@acme.example",
                                        .sealed = "sealed",
                                        .queued_at = before,
                                        .ends_at = kNow + kMinute * 60}));
  EXPECT_TRUE(*message_put_off(database_, uuid_of(50), before + kMinute * 60, "451 later"));
  EXPECT_FALSE(take(before));
  ASSERT_OK(bring_forward(database_, Service::mail, before, Waiting::beyond_reason));
  EXPECT_EQ(take(before)->record.uuid, older);
  EXPECT_FALSE(take(before)) << "the other one was put off for an hour, and that is reasonable";
  ASSERT_OK(bring_forward(database_, Service::mail, before, Waiting::all));
  EXPECT_TRUE(take(before));
}

TEST_F(Outbox, ListsByStateAndByPerson) {
  const PersonId ada = add("ada").id;
  const std::string hers = queue(Service::mail, ada);
  const std::string nobodys = queue();
  EXPECT_TRUE(*message_refused(database_, nobodys, kNow, "550"));
  const auto of_ada = *list_messages(database_, {.person = ada}, 10);
  ASSERT_EQ(of_ada.size(), 1U);
  EXPECT_EQ(of_ada[0].uuid, hers);
  EXPECT_EQ(of_ada[0].person, "ada");
  const auto dead = *list_messages(database_, {.state = MessageState::dead}, 10);
  ASSERT_EQ(dead.size(), 1U);
  EXPECT_EQ(dead[0].uuid, nobodys);
  const auto newest = *list_messages(database_, {}, 1);
  ASSERT_EQ(newest.size(), 1U);
  EXPECT_EQ(newest[0].uuid, nobodys);
  EXPECT_EQ(
      list_messages(database_, {.before = static_cast<std::int64_t>(newest[0].id)}, 10)->at(0).uuid,
      hers);
}

TEST_F(Outbox, SendsNothingToWhomWasDeleted) {
  const PersonId ada = add("ada").id;
  const std::string hers = queue(Service::mail, ada);
  const std::string nobodys = queue();
  ASSERT_OK(drop_messages_of(database_, ada));
  EXPECT_FALSE(has_text(hers));
  EXPECT_EQ(take()->record.uuid, nobodys);
  EXPECT_FALSE(take());
}

TEST_F(Outbox, CutsWhatTheOtherEndSays) {
  const std::string uuid = queue();
  EXPECT_TRUE(*message_refused(database_, uuid, kNow, std::string(300, 'x')));
  EXPECT_EQ(only().detail, std::string(200, 'x'));
}

TEST_F(Outbox, TakesNoRecipientWithoutEnd) {
  EXPECT_EQ(code_of(queue_message(database_, {.uuid = uuid_of(1),
                                              .event = "test",
                                              .recipient = std::string(255, 'a'),
                                              .sealed = "x",
                                              .queued_at = kNow,
                                              .ends_at = kNow})),
            Errc::invalid_input);
}

}  // namespace
}  // namespace usher::store
