// usherctl on an account's life: what is printed, and a password that comes from a pipe.
#include <ctime>
#include <regex>

#include "ctl/blockers.hpp"
#include "protocol/interfaces.hpp"
#include "tests/ctl/ctl_world.hpp"

namespace usher::ctl {
namespace {

std::string last_line(std::string text) {
  text.pop_back();
  return text.substr(text.rfind('\n') + 1);
}

class LifecycleVerbs : public CtlWorld {
 protected:
  // As `echo ... | usherctl ...`.
  Ran piped(std::vector<std::string> arguments, const std::string& text) {
    std::FILE* in = std::tmpfile();
    (void)std::fputs(text.c_str(), in);
    (void)std::fflush(in);
    std::rewind(in);
    arguments.insert(arguments.begin(), {"--socket", socket_path_});
    Ran ran = run_usherctl(std::move(arguments), in);
    (void)std::fclose(in);
    return ran;
  }
};

TEST_F(LifecycleVerbs, P1_DisableAndEnableSayWhatTheyDid) {
  (void)usherctl({"user", "add", "ada"});
  EXPECT_EQ(usherctl({"user", "disable", "ada"}).exit_code, 2) << "a reason is needed";
  const Ran disabled = usherctl({"user", "disable", "ada", "--reason", "left"});
  EXPECT_EQ(disabled.exit_code, 0) << disabled.err;
  EXPECT_NE(usherctl({"user", "show", "ada"}).out.find("disabled: left"), std::string::npos);
  EXPECT_EQ(usherctl({"user", "resume", "ada"}).exit_code, 6);
  EXPECT_EQ(usherctl({"user", "enable", "ada"}).out,
            "ada may sign in again; no password: its owner needs a one-time code, which usherctl "
            "user reset makes.\n");
}

TEST_F(LifecycleVerbs, G3_AnInvitationSaysWhereItWentAndWhomToLookForButNotTheCode) {
  (void)usherctl({"user", "add", "ada"});
  const Ran refused = usherctl({"user", "invite", "ada", "--mail", "ada@acme.example"});
  EXPECT_EQ(refused.exit_code, 6);
  EXPECT_NE(refused.err.find("there is no mail server"), std::string::npos) << refused.err;
  world_.config.mail.server.host = "mx.acme.example";
  world_.config.mail.from = "no-reply@acme.example";
  EXPECT_EQ(usherctl({"user", "invite", "ada"}).exit_code, 6) << "no address is known";
  // An empty variable of a script is not the only address there is.
  EXPECT_EQ(usherctl({"user", "invite", "ada", "--mail", ""}).exit_code, 2);
  const Ran waits = usherctl({"user", "invite", "ada", "--mail", "ada@acme.example"});
  EXPECT_EQ(waits.exit_code, 0) << waits.err;
  EXPECT_NE(waits.err.find("it waits in the queue: usher-courier does not come"), std::string::npos)
      << waits.err;
  world_.status.mail.courier = post::CourierState::here;
  const Ran invited = usherctl({"user", "invite", "ada"});
  EXPECT_EQ(invited.err, "");
  EXPECT_EQ(invited.out,
            "Invited ada at ada@acme.example.\n"
            "Only the mail shows the code; it comes from no-reply@acme.example, and the code works "
            "until 2023-11-17T23:13:20+01:00.\n"
            "`usherctl mail log ada` says whether it left.\n");
  EXPECT_EQ(last_line(usherctl({"user", "invite", "ada", "--mail", "ada@home.example"}).out),
            "The invitation to ada@acme.example is void, and that address is removed: nobody had "
            "confirmed it.");
  const auto reply = json({"user", "invite", "ada"});
  EXPECT_EQ(reply.size(), 3U) << reply.dump();
  EXPECT_EQ(reply["contact"], "ada@home.example");
}

TEST_F(LifecycleVerbs, P1_OpeningAnAccountThatHasEndedSaysSo) {
  (void)usherctl({"user", "add", "ada"});
  const std::string ended =
      "ada may not sign in yet: the account has ended: usherctl user set --expires; no password: "
      "its owner needs a one-time code, which usherctl user reset makes.\n";
  const Ran past = usherctl({"user", "set", "ada", "--expires", "2020-02-01"});
  EXPECT_EQ(past.exit_code, 0);
  EXPECT_EQ(
      past.err,
      "usherctl: ada may not sign in now: the account has ended: usherctl user set "
      "--expires; no password: its owner needs a one-time code, which usherctl user reset makes\n");
  (void)usherctl({"user", "suspend", "ada", "--reason", "on leave"});
  EXPECT_EQ(usherctl({"user", "resume", "ada"}).out, ended);
  (void)usherctl({"user", "disable", "ada", "--reason", "left"});
  EXPECT_EQ(usherctl({"user", "enable", "ada"}).out, ended);
}

// "ada may sign in again", and nothing of it true: a code that is asked for and that nobody has.
TEST_F(LifecycleVerbs, P1_OpeningAnAccountSaysWhatTheNextSignInWants) {
  (void)usherctl({"user", "add", "bob"});
  (void)usherctl({"user", "disable", "bob", "--reason", "left"});
  EXPECT_EQ(usherctl({"user", "enable", "bob"}).out,
            "bob may sign in again; no password: its owner needs a one-time code, which usherctl "
            "user reset makes.\n");
  (void)usherctl({"user", "add", "gil", "--source", "federated:acme"});
  (void)usherctl({"user", "suspend", "gil", "--reason", "on leave"});
  EXPECT_EQ(usherctl({"user", "resume", "gil"}).out,
            "gil may sign in again; no password is kept here.\n");
}

// Each value of `type Blocker`, and no other.
TEST(Blockers, HaveARowEach) {
  const std::string text(protocol::interface_text("io.usher.Admin"));
  const std::size_t begin = text.find("type Blocker (");
  const std::string type = text.substr(begin, text.find("\n)", begin) - begin);
  std::vector<std::string> names;
  const std::regex value("\n  ([a-z_]+),?");
  for (std::sregex_iterator it(type.begin(), type.end(), value), end; it != end; ++it) {
    names.push_back((*it)[1]);
  }
  std::vector<std::string> rows;
  for (const BlockerRow& row : blocker_rows()) rows.emplace_back(row.name);
  EXPECT_EQ(rows, names);
}

TEST_F(LifecycleVerbs, M2_AFederatedPersonIsAddedWithoutACode) {
  const Ran added = usherctl({"user", "add", "gil", "--source", "federated:acme"});
  EXPECT_EQ(added.exit_code, 0) << added.err;
  EXPECT_EQ(added.out.find("One-time code"), std::string::npos);
  EXPECT_EQ(usherctl({"user", "reset", "gil"}).exit_code, 6);
  EXPECT_NE(usherctl({"user", "convert", "gil", "--local"}).out.find("One-time code"),
            std::string::npos);
}

TEST_F(LifecycleVerbs, O4_TheSheetSaysWhenTheAccountEnds) {
  (void)usherctl({"user", "add", "ada"});
  EXPECT_EQ(usherctl({"user", "set", "ada", "--expires", "2030-02-01"}).exit_code, 0);
  EXPECT_NE(usherctl({"user", "show", "ada"}).out.find("2030-02-01T00:00:00+01:00"),
            std::string::npos);
  for (const char* day : {"2030-02-31", "tomorrow", "2030-02-01x", ""}) {
    EXPECT_EQ(usherctl({"user", "set", "ada", "--expires", day}).exit_code, 2) << day;
  }
  EXPECT_EQ(usherctl({"user", "set", "ada", "--expires", "never"}).exit_code, 0);
  EXPECT_EQ(usherctl({"user", "show", "ada"}).out.find("2030"), std::string::npos);
}

TEST_F(LifecycleVerbs, O3_APasswordFromAPipeIsSetForOneUse) {
  (void)usherctl({"user", "add", "ada"});
  EXPECT_EQ(piped({"user", "set-password", "ada"}, "seven green kites\n").exit_code, 6);
  world_.config.may_set_password = true;
  EXPECT_EQ(piped({"user", "set-password", "ada"}, "\n").exit_code, 2);
  EXPECT_EQ(piped({"user", "set-password", "ada"}, "short\n").exit_code, 2);
  const Ran set = piped({"user", "set-password", "ada"}, "seven green kites\n");
  EXPECT_EQ(set.exit_code, 0) << set.err;
  EXPECT_EQ(set.out.find("kites"), std::string::npos);
  EXPECT_NE(usherctl({"user", "show", "ada"}).out.find("a new password is due"), std::string::npos);
}

TEST_F(LifecycleVerbs, P10_FactorsAreSuspendedForASpan) {
  (void)usherctl({"user", "add", "ada"});
  (void)world_.give_factor("ada", "phone");
  const Ran suspended =
      usherctl({"mfa", "suspend", "ada", "--for", "24h", "--reason", "lost her phone"});
  EXPECT_EQ(suspended.out,
            "No second factor is asked of ada until 2023-11-15T23:13:20+01:00.\n"
            "At the console another one can take its place meanwhile; later the old one is asked "
            "for, and\nanother one at once. Once the old one is found: usherctl mfa resume ada\n");
  for (const char* span : {"24", "h", "-1h", "8d", "24 h", "1w"}) {
    EXPECT_EQ(usherctl({"mfa", "suspend", "ada", "--for", span, "--reason", "x"}).exit_code, 2)
        << span;
  }
  EXPECT_EQ(usherctl({"mfa", "resume", "ada"}).exit_code, 0);
}

}  // namespace
}  // namespace usher::ctl
