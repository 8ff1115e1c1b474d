// Take, send, report, again: with a usherd that goes away, loses what it hears, or talks nonsense.
#include "courier/rounds.hpp"

#include <gtest/gtest.h>

#include "tests/courier/fake_usherd.hpp"
#include "tests/courier/smses.hpp"

namespace usher::courier {
namespace {

using namespace std::chrono_literals;
using namespace protocol::courier;

// Sends nothing, and remembers to whom.
class CountedTransport final : public Transport {
 public:
  Sent send(const Mail& mail) override {
    to.push_back(mail.to);
    if (on_send) on_send();
    return answer;
  }
  std::vector<std::string> to;
  std::function<void()> on_send;
  Sent answer{Outcome::sent, Cause::none, "250 2.0.0 queued"};
};

class CountedSms final : public SmsTransport {
 public:
  Sent send(const Sms& sms) override {
    to.push_back(sms.to);
    return {Outcome::service_down, Cause::busy, "429 slow down", 30s};
  }
  std::vector<std::string> to;
};

class CourierRounds : public ::testing::Test {
 protected:
  // Until usherd has hung up so many times.
  void run(int connections) {
    int left = connections;
    Rounds rounds(usherd_.socket(),
                  {transport_, sms_, [&](protocol::Backoff&) { return --left > 0; },
                   [&](char priority, std::string_view line) {
                     log_.push_back(priority + std::string(line));
                   }},
                  patience_);
    rounds.run();
  }

  FakeUsherd usherd_;
  CountedTransport transport_;
  CountedSms sms_;
  RoundsPatience patience_{};
  std::vector<std::string> log_;
};

TEST_F(CourierRounds, SendWhatIsOfferedAndReportEach) {
  const std::string first = usherd_.offer();
  const std::string second = usherd_.offer();
  std::thread ends([&] {
    (void)usherd_.reports(2);
    usherd_.await_takes(3);
    usherd_.hang_up();
  });
  run(1);
  ends.join();
  EXPECT_EQ(transport_.to, (std::vector<std::string>{"ada@acme.example", "ada@acme.example"}));
  const auto reports = usherd_.reports(2);
  EXPECT_EQ(reports[0].id, first);
  EXPECT_EQ(reports[1].id, second);
  EXPECT_EQ(reports[0].outcome, Outcome::sent);
  EXPECT_EQ(reports[0].detail, "250 2.0.0 queued");
  EXPECT_EQ(log_[0], "6id=" + first + " sent");
}

TEST_F(CourierRounds, SendATextMessageByItsOwnWayAndReportHowLongToWait) {
  const std::string id = usherd_.offer([] { return What(courier::sms()); });
  std::thread ends([&] {
    usherd_.await_takes(2);
    usherd_.hang_up();
  });
  run(1);
  ends.join();
  EXPECT_EQ(transport_.to, std::vector<std::string>());
  EXPECT_EQ(sms_.to, std::vector<std::string>{"+33612345678"});
  const auto reports = usherd_.reports(1);
  EXPECT_EQ(reports[0].cause, Cause::busy);
  EXPECT_EQ(reports[0].wait, 30s);
  EXPECT_EQ(log_[0], "4id=" + id + " service_down busy");
}

TEST_F(CourierRounds, ReportWhyAndLogNobodysWords) {
  transport_.answer = {Outcome::refused, Cause::recipient, "550 <ada@acme.example> unknown"};
  const std::string id = usherd_.offer();
  std::thread ends([&] {
    usherd_.await_takes(2);
    usherd_.hang_up();
  });
  run(1);
  ends.join();
  EXPECT_EQ(usherd_.reports(1)[0].detail, "550 <ada@acme.example> unknown");
  EXPECT_EQ(log_[0], "4id=" + id + " refused recipient");
}

TEST_F(CourierRounds, TellAgainWhatUsherdDidNotHear) {
  const std::string id = usherd_.offer();
  usherd_.lose_reports(2);
  std::thread ends([&] {
    (void)usherd_.reports(3);
    usherd_.await_takes(2);
    usherd_.hang_up();
  });
  run(3);
  ends.join();
  EXPECT_EQ(transport_.to.size(), 1U) << "sent once, though usherd was away twice";
  for (const Report& report : usherd_.reports(3)) EXPECT_EQ(report.id, id);
}

TEST_F(CourierRounds, TellAgainWhatUsherdCouldNotWriteDown) {
  (void)usherd_.offer();
  usherd_.refuse_reports(Errc::unavailable, 1);
  std::thread ends([&] {
    (void)usherd_.reports(2);
    usherd_.await_takes(2);
    usherd_.hang_up();
  });
  run(2);
  ends.join();
  EXPECT_EQ(transport_.to.size(), 1U);
}

TEST_F(CourierRounds, GoOnWhereUsherdKnowsNoSuchMessage) {
  (void)usherd_.offer();
  usherd_.refuse_reports(Errc::not_found, 1);
  std::thread ends([&] {
    (void)usherd_.reports(2);
    usherd_.await_takes(3);
    usherd_.hang_up();
  });
  run(1);
  ends.join();
  EXPECT_EQ(transport_.to.size(), 2U) << "this usherd offers it once more";
}

TEST_F(CourierRounds, SendNothingOfWhatIsNotUnderstood) {
  const std::string nonsense[] = {
      "nonsense",
      "{}",
      R"({"parameters":{"id":"x"}})",
      R"({"error":"io.usher.Courier.Failed","parameters":{"text":"the disk is full"}})",
      R"({"parameters":{"mail":{}}})",
      std::string(protocol::varlink::kMaxFrame + 1, 'x')};
  std::thread usherd([&] {
    int takes = 0;
    for (const std::string& bytes : nonsense) {
      usherd_.await_takes(++takes);
      usherd_.answer_take(bytes + '\0');
    }
    usherd_.await_takes(++takes);  // "{}" is nothing to do, on the same connection
    usherd_.hang_up();
  });
  run(static_cast<int>(std::size(nonsense)));
  usherd.join();
  EXPECT_TRUE(transport_.to.empty());
}

TEST_F(CourierRounds, ReportAMessageOfWhichAFieldIsNotUnderstood) {
  usherd_.answer_take(std::string(R"({"parameters":{"id":")") + kId +
                      R"(","mail":{"server":{}},"secret":"00"}})" + '\0');
  std::thread ends([&] {
    usherd_.await_takes(2);
    usherd_.hang_up();
  });
  run(1);
  ends.join();
  const auto reports = usherd_.reports(1);
  EXPECT_EQ(reports[0].outcome, Outcome::service_down) << "no message dies of it";
  EXPECT_EQ(reports[0].cause, Cause::not_understood);
  EXPECT_EQ(reports[0].detail,
            "restart usher-courier.service: it is older than usherd, and does not know: host");
  EXPECT_TRUE(transport_.to.empty());
}

TEST_F(CourierRounds, LeaveAUsherdThatHangs) {
  patience_.take = 50ms;
  run(1);
  EXPECT_EQ(log_, (std::vector<std::string>{"4usherd: the other end did not answer in time"}));
}

TEST_F(CourierRounds, SayOnceThatUsherdIsAway) {
  int left = 5;
  Rounds rounds("/nonexistent/courier.sock",
                {transport_, sms_, [&](protocol::Backoff&) { return --left > 0; },
                 [&](char, std::string_view line) { log_.emplace_back(line); }});
  rounds.run();
  ASSERT_EQ(log_.size(), 1U);
  EXPECT_EQ(log_[0], "usherd: connecting: No such file or directory");
}

TEST_F(CourierRounds, SurviveWhatIsThrown) {
  (void)usherd_.offer();
  transport_.on_send = [] { throw std::bad_alloc(); };
  run(1);
  EXPECT_EQ(log_, (std::vector<std::string>{"4usherd: something was thrown"}));
}

}  // namespace
}  // namespace usher::courier
