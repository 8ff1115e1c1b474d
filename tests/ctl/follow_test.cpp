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

TEST_F(Followed, EndsWhereItMayNotLook) {
  peer_uid_ = 4000;
  const Ran ran = follow({[&] {}, [&] {}}, {"audit", "--follow"});
  EXPECT_EQ(ran.exit_code, 4);
  EXPECT_EQ(gone, 0U);
}

}  // namespace
}  // namespace usher::ctl
