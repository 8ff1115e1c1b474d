// usherctl audit --follow: a script stands in for the seconds that go by.
#include <functional>

#include "tests/ctl/ctl_world.hpp"

namespace usher::ctl {
namespace {

// What happens in each second; after the last one somebody ends it.
std::vector<std::function<void()>> seconds;
std::size_t gone = 0;

bool next_second() {
  if (gone == seconds.size()) return false;
  seconds[gone++]();
  return true;
}

class Followed : public CtlWorld {
 protected:
  Ran follow(std::vector<std::function<void()>> script, std::vector<std::string> arguments) {
    seconds = std::move(script);
    gone = 0;
    Host host;
    host.wait_a_moment = next_second;
    return usherctl(std::move(arguments), host);
  }
  void happens(const std::string& person, const std::string& reason) {
    store::AuditRecord record;
    record.at = admin::kStart;
    record.request = "abcdef";
    record.operation = "authenticate";
    record.outcome = "refuse";
    record.reason = reason;
    record.person = person;
    ASSERT_TRUE(world_.store().write(
        [&](store::Database& database) { return store::append_audit(database, record); }));
  }
  static std::string line(const std::string& person, const std::string& reason) {
    return "2023-11-14T23:13:20+01:00  " + person + "  authenticate  refuse  " + reason +
           "  -  -  -  -  abcdef\n";
  }
};

TEST_F(Followed, BeginsWithTheNewestAndGoesOnWithEachNewOne) {
  happens("ada", "wrong-password");
  happens("ada", "wrong-code");
  happens("bob", "wrong-password");
  const Ran ran = follow({[&] {},
                          [&] {
                            happens("ada", "throttled");
                            happens("bob", "suspended");
                          },
                          [&] {}},
                         {"audit", "--follow", "--limit", "2"});
  EXPECT_EQ(ran.exit_code, 0) << ran.err;
  EXPECT_EQ(ran.out, line("ada", "wrong-code") + line("bob", "wrong-password") +
                         line("ada", "throttled") + line("bob", "suspended"));
}

TEST_F(Followed, KeepsToOnePersonAndPrintsALineOfJsonARecord) {
  happens("ada", "wrong-password");
  happens("bob", "wrong-password");
  const Ran ran = follow({[&] {
                           happens("bob", "throttled");
                           happens("ada", "throttled");
                         }},
                         {"--json", "audit", "--follow", "--user", "ada"});
  ASSERT_EQ(std::count(ran.out.begin(), ran.out.end(), '\n'), 2) << ran.out;
  const std::string second = ran.out.substr(ran.out.find('\n') + 1);
  const auto record = protocol::varlink::parse_object(second);
  ASSERT_TRUE(record) << second;
  EXPECT_EQ((*record)["reason"], "throttled");
  EXPECT_EQ((*record)["person"], "ada");
}

TEST_F(Followed, TakesAsManyPagesAsCameInOneSecond) {
  const Ran ran = follow({[&] {
                           for (int i = 0; i < 250; ++i) happens("ada", "wrong-password");
                         }},
                         {"audit", "--follow"});
  EXPECT_EQ(std::count(ran.out.begin(), ran.out.end(), '\n'), 250);
}

TEST_F(Followed, GoesOnWhereItWasWhenUsherdWasAway) {
  const Ran ran = follow({[&] {
                            hang_up();
                            happens("ada", "wrong-password");
                          },
                          [&] {}},
                         {"audit", "--follow"});
  EXPECT_EQ(ran.exit_code, 0) << ran.err;
  EXPECT_EQ(ran.out, line("ada", "wrong-password"));
  EXPECT_EQ(ran.err,
            "usherctl: usherd is away; waiting for it\n"
            "usherctl: usherd is back\n");
}

// An hour between two records; the last one was an hour ago.
std::int64_t an_hour_later() {
  return (admin::kStart + std::chrono::hours(3)).time_since_epoch().count();
}

class Since : public Followed {
 protected:
  void SetUp() override {
    Followed::SetUp();
    host_.now = an_hour_later;
    for (const char* reason : {"first", "second", "third"}) {
      store::AuditRecord record;
      record.at = admin::kStart + std::chrono::hours(hours_++);
      record.operation = "authenticate";
      record.request = "abcdef";
      record.outcome = "refuse";
      record.reason = reason;
      record.person = *reason == 's' ? "bob" : "ada";
      ASSERT_TRUE(world_.store().write(
          [&](store::Database& database) { return store::append_audit(database, record); }));
    }
  }
  std::string reasons(std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), {"--json", "audit"});
    const Ran ran = usherctl(std::move(arguments), host_);
    EXPECT_EQ(ran.exit_code, 0) << ran.err;
    std::string text;
    for (std::size_t at = 0; (at = ran.out.find("\"reason\":\"", at)) != std::string::npos;) {
      at += 10;
      text += ran.out.substr(at, ran.out.find('"', at) - at) + " ";
    }
    return text;
  }
  Host host_;
  int hours_ = 0;
};

TEST_F(Since, ShowsTheRecordsFromThenOn) {
  EXPECT_EQ(reasons({"--since", "2h"}), "third second ");
  EXPECT_EQ(reasons({"--since", "90m"}), "third ");
  EXPECT_EQ(reasons({"--since", "59m"}), "");
  EXPECT_EQ(reasons({"--since", "2023-11-14"}), "third second first ");
  EXPECT_EQ(reasons({"--since", "2023-11-15"}), "third second ");
  EXPECT_EQ(reasons({"--since", "2023-11-15T00:13:20.5+01:00"}), "third second ");
  EXPECT_EQ(reasons({"--since", "2h", "--user", "bob"}), "second ");
}

TEST_F(Since, SaysWhenThereAreMoreThanItShows) {
  const Ran ran = usherctl({"audit", "--since", "2h", "--limit", "1"}, host_);
  EXPECT_EQ(ran.err, "usherctl: the newest 1 records; --limit shows more\n");
  EXPECT_EQ(usherctl({"audit", "--since", "2h", "--limit", "2"}, host_).err, "");
  EXPECT_EQ(usherctl({"audit", "--limit", "1"}, host_).err, "");
}

TEST_F(Since, RefusesWhatIsNoTime) {
  for (const char* typed : {"yesterday", "", "2023-02-30", "-2h"}) {
    EXPECT_EQ(usherctl({"audit", std::string("--since=") + typed}, host_).exit_code, 2) << typed;
  }
  EXPECT_EQ(world_.refused("ListAudit", {{"since", -1}}), "InvalidParameter");
  EXPECT_EQ(world_.refused("ListAudit", {{"since", "2h"}}), "InvalidParameter");
  EXPECT_EQ(world_.refused("ListAudit", {{"since", 253'402'300'800'000}}), "InvalidParameter");
}

TEST_F(Since, IsFollowedFromThenOnOldestFirst) {
  seconds = {[&] { happens("ada", "fourth"); }};
  gone = 0;
  host_.wait_a_moment = next_second;
  EXPECT_EQ(reasons({"--since", "2h", "--follow"}), "second third fourth ");
}

TEST_F(Followed, EndsWhereItMayNotLook) {
  peer_uid_ = 4000;
  const Ran ran = follow({[&] {}, [&] {}}, {"audit", "--follow"});
  EXPECT_EQ(ran.exit_code, 4);
  EXPECT_EQ(gone, 0U);
}

}  // namespace
}  // namespace usher::ctl
