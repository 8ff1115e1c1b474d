// usherctl's commands: what they print as text and as JSON, and the exit codes.
#include <fcntl.h>
#include <unistd.h>

#include "ctl/open_sessions.hpp"
#include "tests/ctl/ctl_world.hpp"

namespace usher::ctl {
namespace {

using ::testing::Test;

bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

TEST_F(CtlWorld, AddPrintsTheCodeAndWhatToDoWithIt) {
  const Ran ran = usherctl({"user", "add", "ada", "--display-name", "Ada", "--uid", "4242"});
  EXPECT_EQ(ran.exit_code, 0);
  EXPECT_EQ(ran.err, "");
  const std::size_t at = ran.out.find("One-time code:  ");
  ASSERT_NE(at, std::string::npos) << ran.out;
  std::string masked = ran.out;
  masked.replace(at + 16, 14, "XXXX-XXXX-XXXX");
  EXPECT_EQ(masked,
            "Added ada with uid 4242.\n"
            "\n"
            "One-time code:  XXXX-XXXX-XXXX\n"
            "Valid until:    2023-11-17T23:13:20+01:00\n"
            "\n"
            "Tell ada: sign in as usual, type this code where the password is asked\n"
            "for, and choose a new password. The code works once and cannot be shown\n"
            "again; `usherctl user reset ada` makes another.\n");
}

TEST_F(CtlWorld, AddAnswersInJsonWithTheCodeLast) {
  const admin::Json added = json({"user", "add", "ada"});
  EXPECT_EQ(added["user"]["name"], "ada");
  EXPECT_EQ(added["code"].get<std::string>().size(), 14U);
  EXPECT_EQ(added["code_expires_at"], 1'700'000'000'000 + 72 * 3'600'000);
}

TEST_F(CtlWorld, ListAlignsItsColumns) {
  (void)usherctl({"user", "add", "ada", "--display-name", "Ada L\xC3\xB6velace", "--uid", "4242",
                  "--alias", "Ada@example.org"});
  (void)usherctl({"user", "add", "bartholomew", "--uid", "70000"});
  EXPECT_EQ(usherctl({"user", "list"}).out,
            "NAME         UID    STATE    LAST SIGN-IN  SHELL      DISPLAY NAME  ALIASES\n"
            "ada          4242   invited  -             /bin/bash  Ada L\xC3\xB6velace  "
            "ada@example.org\n"
            "bartholomew  70000  invited  -             /bin/bash  -             -\n");
  EXPECT_EQ(json({"user", "list"})["users"].size(), 2U);
}

TEST_F(CtlWorld, SetChangesWhatIsNamedAndNothingElse) {
  (void)usherctl({"user", "add", "ada", "--home", "/srv/ada", "--alias", "ada@example.org"});
  const Ran set = usherctl({"user", "set", "ada", "--shell", "/usr/bin/fish", "--remove-alias",
                            "ADA@example.org", "--add-alias", "ada@acme", "--add-alias", "a@b"});
  EXPECT_EQ(set.exit_code, 0) << set.err;
  EXPECT_EQ(set.out, "Changed ada.\n");
  const admin::Json ada = json({"user", "show", "ada"})["user"];
  EXPECT_EQ(ada["home"], "/srv/ada");
  EXPECT_EQ(ada["shell"], "/usr/bin/fish");
  const Ran none = usherctl({"user", "set", "ada", "--shell", "/bin/nonesuch"});
  EXPECT_EQ(none.exit_code, 0);
  EXPECT_NE(none.err.find("/bin/nonesuch cannot be run on this host"), std::string::npos)
      << none.err;
  EXPECT_EQ(usherctl({"user", "set", "ada", "--shell", "/bin/sh"}).err, "");
  EXPECT_EQ(ada["aliases"], admin::Json::array({"a@b", "ada@acme"}));
  EXPECT_EQ(usherctl({"user", "set", "ada"}).exit_code, 2);
  EXPECT_EQ(usherctl({"user", "set", "ada", "--shell", "fish"}).exit_code, 2);
  EXPECT_EQ(usherctl({"user", "set", "ada", "--remove-alias", "x@y"}).exit_code, 6);
}

TEST_F(CtlWorld, GroupsAreMadeFilledShownAndRemoved) {
  (void)usherctl({"user", "add", "ada"});
  EXPECT_EQ(usherctl({"group", "add", "editors", "--gid", "5000"}).out,
            "Added editors with gid 5000.\n");
  EXPECT_EQ(usherctl({"group", "member", "add", "editors", "ada"}).out,
            "ada is in editors from the next sign-in on.\n");
  EXPECT_EQ(usherctl({"group", "member", "add", "editors", "ada"}).exit_code, 6);
  EXPECT_EQ(usherctl({"group", "show", "editors"}).out,
            "name     editors\n"
            "gid      5000\n"
            "added    2023-11-14T23:13:20+01:00\n"
            "members  ada\n");
  EXPECT_EQ(usherctl({"group", "list"}).out,
            "NAME     GID   ADDED\n"
            "editors  5000  2023-11-14T23:13:20+01:00\n");
  EXPECT_EQ(json({"user", "show", "ada"})["groups"], admin::Json::array({"editors"}));
  EXPECT_EQ(usherctl({"group", "member", "remove", "editors", "ada"}).exit_code, 0);
  EXPECT_EQ(usherctl({"group", "remove", "editors"}).exit_code, 0);
  EXPECT_EQ(usherctl({"group", "show", "editors"}).exit_code, 3);
  EXPECT_EQ(usherctl({"group", "add", "sudo"}).exit_code, 2);
  EXPECT_EQ(usherctl({"group", "add", "locals"}).exit_code, 6);
}

TEST_F(CtlWorld, WhatIsNotPublishedIsDoneAndSaidSo) {
  world_.changes.succeeds = false;
  const Ran ran = usherctl({"user", "add", "ada"});
  EXPECT_EQ(ran.exit_code, 0);
  EXPECT_TRUE(has(ran.err, "see it in a few seconds")) << ran.err;
  EXPECT_EQ(json({"user", "suspend", "ada", "--reason", "x"})["published"], false);
}

TEST_F(CtlWorld, ShowSaysWhatStopsASignIn) {
  (void)usherctl({"user", "add", "ada", "--uid", "4242"});
  (void)usherctl({"user", "suspend", "ada", "--reason", "on leave"});
  EXPECT_EQ(usherctl({"user", "show", "ada"}).out,
            "name             ada\n"
            "display name     -\n"
            "uid              4242\n"
            "gid              4242\n"
            "home             /home/ada\n"
            "shell            /bin/bash\n"
            "language         -\n"
            "aliases          -\n"
            "groups           -\n"
            "roles            -\n"
            "organisations    -\n"
            "attributes       -\n"
            "state            suspended: on leave\n"
            "source           local\n"
            "added            2023-11-14T23:13:20+01:00\n"
            "last sign-in     -\n"
            "ends             -\n"
            "no factor until  -\n"
            "blocked by       the account is suspended: usherctl user resume; no password: its "
            "owner needs a one-time code, which usherctl user reset makes\n"
            "refused now      nothing\n"
            "\n"
            "No second factor is enrolled.\n");
  EXPECT_EQ(json({"user", "show", "ada"})["blocked_by"],
            admin::Json::array({"suspended", "first_sign_in_due"}));
}

TEST_F(CtlWorld, SuspendAndResumeSayWhatTheyDid) {
  (void)usherctl({"user", "add", "ada"});
  const Ran suspended = usherctl({"user", "suspend", "ada", "--reason", "on leave"});
  EXPECT_EQ(suspended.exit_code, 0);
  EXPECT_EQ(suspended.out,
            "ada may not sign in any more.\n"
            "Open sessions that were ended: 2.\n"
            "Processes that run on outside of any session, from cron, at or root's su: 1.\n");
  EXPECT_EQ(usherctl({"user", "resume", "ada"}).out,
            "ada may sign in again; no password: its owner needs a one-time code, which usherctl "
            "user reset makes.\n");
  EXPECT_EQ(usherctl({"--json", "user", "suspend", "ada", "--reason", "again"}).out,
            "{\"processes_outside\":1,\"published\":true,\"sessions_ended\":2}\n");
}

TEST_F(CtlWorld, SessionsEndAsTheCommandLineSays) {
  (void)usherctl({"user", "add", "ada"});
  EXPECT_TRUE(has(usherctl({"user", "reset", "ada"}).out, "Sessions that are open stay open.\n"));
  EXPECT_TRUE(world_.sessions.asked.empty());
  EXPECT_TRUE(has(usherctl({"user", "reset", "ada", "--sessions", "others"}).out,
                  "Open sessions that were ended: 2.\n"));
  EXPECT_EQ(usherctl({"user", "reset", "ada", "--sessions", "some"}).exit_code, 2);
  EXPECT_EQ(world_.sessions.asked.size(), 1U);
  world_.sessions.answer = Error(Errc::unavailable, "usher-reaper: nobody there");
  const Ran ran = usherctl({"user", "delete", "ada", "--yes"});
  EXPECT_EQ(ran.exit_code, 0);
  EXPECT_EQ(ran.out, "ada is deleted. The uid stays taken for ever.\n");
  EXPECT_EQ(ran.err,
            "usherctl: done, but open sessions were not ended: usher-reaper: nobody there\n");
}

TEST(OpenSessions, AreNamedByTheCgroupTheCommandIsIn) {
  EXPECT_EQ(session_of("0::/user.slice/user-1000.slice/session-3.scope\n"), "3");
  EXPECT_EQ(session_of("12:pids:/x\n1:name=systemd:/user.slice/user-7.slice/session-c12.scope\n"),
            "c12");
  for (const char* elsewhere : {"", "0::/system.slice/cron.service\n", "0::/session-", "0::/",
                                "0::/user.slice/user-1000.slice/user@1000.service/app.slice\n"}) {
    EXPECT_EQ(session_of(elsewhere), "") << elsewhere;
  }
}

TEST_F(CtlWorld, ResetPrintsANewCode) {
  (void)usherctl({"user", "add", "ada"});
  const Ran ran = usherctl({"user", "reset", "ada", "--reason", "came to the desk"});
  EXPECT_EQ(ran.exit_code, 0);
  EXPECT_TRUE(has(ran.out,
                  "The password of ada is deleted: nobody signs in as ada but with the code below. "
                  "Enrolled factors are still asked for."));
  EXPECT_TRUE(has(ran.out, "One-time code:  "));
  EXPECT_EQ(json({"user", "reset", "ada"})["code"].get<std::string>().size(), 14U);
  EXPECT_EQ(world_.audit()[1].detail, "came to the desk");
}

TEST_F(CtlWorld, DeleteWantsToBeConfirmed) {
  (void)usherctl({"user", "add", "ada"});
  const Ran unsure = usherctl({"user", "delete", "ada"});
  EXPECT_EQ(unsure.exit_code, 2);
  EXPECT_TRUE(has(unsure.err, "give --yes"));
  EXPECT_EQ(usherctl({"user", "show", "ada"}).exit_code, 0);
  EXPECT_EQ(usherctl({"user", "delete", "ada", "--yes"}).exit_code, 0);
  EXPECT_EQ(usherctl({"user", "show", "ada"}).exit_code, 3);
}

// Answers usherctl's question on a terminal.
Ran delete_on_terminal(const std::string& socket, const std::string& typed) {
  const UniqueFd master(::posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC));
  EXPECT_EQ(::grantpt(master.get()), 0);
  EXPECT_EQ(::unlockpt(master.get()), 0);
  std::FILE* terminal = std::fopen(::ptsname(master.get()), "r+");
  EXPECT_NE(terminal, nullptr);
  EXPECT_EQ(::write(master.get(), typed.data(), typed.size()), static_cast<ssize_t>(typed.size()));
  Ran ran = run_usherctl({"--socket", socket, "user", "delete", "ada"}, terminal);
  (void)std::fclose(terminal);
  return ran;
}

TEST_F(CtlWorld, DeleteAsksForTheNameOnATerminal) {
  (void)usherctl({"user", "add", "ada"});
  const Ran wrong = delete_on_terminal(socket_path_, "yes\n");
  EXPECT_EQ(wrong.exit_code, 1);
  EXPECT_TRUE(has(wrong.err, "Type the name to confirm: "));
  EXPECT_TRUE(has(wrong.err, "nothing was changed"));
  EXPECT_EQ(delete_on_terminal(socket_path_, "ada\n").exit_code, 0);
  EXPECT_EQ(usherctl({"user", "show", "ada"}).exit_code, 3);
}

TEST_F(CtlWorld, FactorsAreListedAndRemoved) {
  (void)usherctl({"user", "add", "ada"});
  const std::string id = world_.give_factor("ada", "phone");
  EXPECT_EQ(usherctl({"factor", "list", "ada"}).out,
            "ID                                KIND  LABEL  ENROLLED\n" + id +
                "  totp  phone  2023-11-14T23:13:20+01:00\n");
  EXPECT_EQ(json({"factor", "list", "ada"})["factors"][0]["id"], id);
  EXPECT_TRUE(has(usherctl({"user", "show", "ada"}).out, id));
  const Ran removed = usherctl({"factor", "remove", "ada", "phone"});
  EXPECT_EQ(removed.exit_code, 0);
  EXPECT_TRUE(has(removed.out, "Removed the factor phone of ada."));
  const Ran again = usherctl({"factor", "remove", "ada", "phone"});
  EXPECT_EQ(again.exit_code, 3);
  EXPECT_EQ(again.err, "usherctl: this person has no factor phone\n");
}

TEST_F(CtlWorld, G18_FactorsAreRenamed) {
  (void)usherctl({"user", "add", "ada"});
  (void)world_.give_factor("ada", "phone");
  const Ran renamed = usherctl({"factor", "rename", "ada", "phone", "blue phone"});
  EXPECT_EQ(renamed.out, "The factor phone of ada is called blue phone now.\n");
  EXPECT_EQ(usherctl({"factor", "rename", "ada", "phone", "other"}).exit_code, 3);
  EXPECT_EQ(usherctl({"factor", "rename", "ada", "blue phone", "recovery codes"}).exit_code, 2);
  (void)world_.give_factor("ada", "recovery codes", "recovery");
  EXPECT_TRUE(has(usherctl({"factor", "list", "ada"}).out, "recovery codes (0 left)"));
}

TEST_F(CtlWorld, AuditShowsTheNewestRecordsOfOnePerson) {
  (void)usherctl({"user", "add", "bob"});
  (void)usherctl({"user", "add", "ada"});
  (void)usherctl({"user", "suspend", "ada", "--reason", "on leave", "--sessions", "none"});
  const std::string id = world_.audit().front().request.substr(0, 12);
  EXPECT_EQ(usherctl({"audit", "--user", "nosuch"}).exit_code, 3);
  EXPECT_EQ(usherctl({"audit", "--user", "ada", "--limit", "1"}).out,
            "NR  ID            TIME                       WHO  WHAT               OUTCOME  REASON  "
            "FACTOR  SERVICE  FROM  BY UID  DETAIL\n"
            "3   " +
                id +
                "  2023-11-14T23:13:20+01:00  ada  admin.SuspendUser  accept   admin   "
                "-       -        -     0       on leave\n");
  EXPECT_EQ(json({"audit"})["records"].size(), 3U);
  EXPECT_EQ(json({"audit", "--limit", "2"})["records"].size(), 2U);
  EXPECT_EQ(usherctl({"audit", "--limit", "0"}).exit_code, 2);
}

TEST_F(CtlWorld, AuditGoesThroughAsManyPagesAsItNeeds) {
  ASSERT_TRUE(world_.store().write([&](store::Database& database) -> Result<void> {
    for (int i = 0; i < 250; ++i) {
      store::AuditRecord record;
      record.operation = "account";
      record.outcome = "refuse";
      TRY(store::append_audit(database, record));
    }
    return {};
  }));
  EXPECT_EQ(json({"audit", "--limit", "240"})["records"].size(), 240U);
  EXPECT_EQ(json({"audit", "--limit", "1000"})["records"].size(), 250U);
}

TEST_F(CtlWorld, AuditVerifyChecksTheChain) {
  (void)usherctl({"user", "add", "ada"});
  EXPECT_EQ(usherctl({"audit", "verify"}).out, "Every audit record follows from the one before.\n");
  EXPECT_EQ(json({"audit", "verify"}), admin::Json::object());
}

TEST_F(CtlWorld, AuditVerifyFailsOnABrokenChain) {
  (void)usherctl({"user", "add", "ada"});
  ASSERT_TRUE(world_.store().write([](store::Database& database) {
    return database.execute("DROP TRIGGER audit_is_never_changed; UPDATE audit SET detail = 'x';");
  }));
  const Ran text = usherctl({"audit", "verify"});
  EXPECT_EQ(text.exit_code, 1);
  EXPECT_TRUE(has(text.err, "audit record 1 does not follow from the one before"));
  const Ran as_json = usherctl({"--json", "audit", "verify"});
  EXPECT_EQ(as_json.exit_code, 1);
  EXPECT_EQ(as_json.out, "{\"first_broken\":1}\n");
}

TEST_F(CtlWorld, ExitCodeOneIsForWhatUsherdCannotDo) {
  ASSERT_TRUE(world_.store().write([](store::Database& database) {
    return database.execute(
        "CREATE TRIGGER no_records BEFORE INSERT ON audit "
        "BEGIN SELECT RAISE(ABORT, 'no more records'); END;");
  }));
  const Ran ran = usherctl({"user", "add", "ada"});
  EXPECT_EQ(ran.exit_code, 1);
  EXPECT_TRUE(has(ran.err, "usherd could not do it: ")) << ran.err;
}

TEST_F(CtlWorld, ExitCodesTellWhatWentWrong) {
  (void)usherctl({"user", "add", "ada", "--uid", "4242"});
  struct Case {
    std::vector<std::string> arguments;
    int exit_code;
    const char* says;
  };
  const Case cases[] = {
      {{"user", "show", "bob"}, 3, "there is no person named bob"},
      {{"user", "add", "ada"}, 6, "the name is taken"},
      {{"user", "add", "bob", "--uid", "4242"}, 6, "the uid is taken"},
      {{"user", "resume", "ada"}, 6, "the account is not suspended"},
      {{"user", "add", "Bob"}, 2, "name: a name starts with a-z"},
      {{"user", "add", "root"}, 2, "this name belongs to the system"},
      {{"user", "add", "bob", "--uid", "0"}, 2, "uid: "},
      {{"user", "add", "bob", "--uid", "x"}, 2, "--uid"},
      {{"user", "add", "bob", "--display-name", "\xFF"}, 2, "UTF-8"},
      {{"user", "suspend", "ada"}, 2, "--reason is required"},
      {{"user", "add"}, 2, "NAME is required"},
      {{"user", "paint", "ada"}, 2, "no command paint"},
      {{"user"}, 2, "a command is missing"},
      {{}, 2, "a command is missing"},
      {{"--nonsense", "status"}, 2, "--nonsense"},
  };
  for (const Case& item : cases) {
    const Ran ran = usherctl(item.arguments);
    EXPECT_EQ(ran.exit_code, item.exit_code) << ran.err;
    EXPECT_TRUE(has(ran.err, item.says)) << ran.err;
    EXPECT_EQ(ran.out, "");
  }
}

TEST_F(CtlWorld, ExitCodeFourIsForThoseWhoMayNot) {
  peer_uid_ = 1000;
  const Ran ran = usherctl({"user", "list"});
  EXPECT_EQ(ran.exit_code, 4);
  EXPECT_EQ(ran.err,
            "usherctl: usherd does not let you do this: no role of yours allows it; try sudo\n");
  peer_uid_ = 65534;
  EXPECT_EQ(usherctl({"status"}).exit_code, 4);
}

TEST(CtlWithoutDaemon, ExitCodeFiveNamesTheCure) {
  const Ran ran = run_usherctl({"--socket", "/nonexistent/admin.sock", "status"}, stdin);
  EXPECT_EQ(ran.exit_code, 5);
  EXPECT_EQ(ran.err,
            "usherctl: cannot reach usherd at /nonexistent/admin.sock (connecting: No such file or "
            "directory). Is it running? systemctl status usherd\n");
}

TEST_F(CtlWorld, ExitCodeOneIsForAFullDisk) {
  std::FILE* full = std::fopen("/dev/full", "w");
  ASSERT_NE(full, nullptr);
  MemoryStream err;
  const char* argv[] = {"usherctl", "--socket", socket_path_.c_str(), "status"};
  EXPECT_EQ(run(4, argv, {nothing_, full, err.file()}), 1);
  EXPECT_EQ(err.text(), "usherctl: the output could not be written\n");
  (void)std::fclose(full);
}

TEST_F(CtlWorld, TextFromTheStoreCannotDriveTheTerminal) {
  store::AuditRecord record;
  record.operation = "authenticate";
  record.outcome = "refuse";
  record.rhost =
      "\x1B]0;owned\x07\xC2\x9B"
      "31m\x7F\xFF\xE2\x80\xAE";
  ASSERT_TRUE(world_.store().write(
      [&](store::Database& database) { return store::append_audit(database, record); }));
  const Ran text = usherctl({"audit"});
  EXPECT_TRUE(has(text.out, "\\x1b]0;owned\\x07\\x9b31m\\x7f")) << text.out;
  EXPECT_TRUE(has(text.out, "\\u{202e}")) << text.out;
  const Ran as_json = usherctl({"--json", "audit"});
  EXPECT_TRUE(has(as_json.out, "\\u001b]0;owned\\u0007\\u009b31m\\u007f")) << as_json.out;
  for (const char c : text.out + as_json.out) {
    EXPECT_TRUE(c == '\n' || static_cast<unsigned char>(c) >= 0x20);
  }
}

}  // namespace
}  // namespace usher::ctl
