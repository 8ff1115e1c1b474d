// usherctl doctor and what enable takes from it, as an administrator types them.
#include "ctl/doctor.hpp"

#include <sys/socket.h>
#include <sys/un.h>

#include <algorithm>
#include <fstream>

#include "ctl/findings.hpp"
#include "tests/ctl/ctl_world.hpp"
#include "tests/ctl/host_tree.hpp"

namespace usher::ctl {
namespace {

bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

// A socket that somebody listens on, or nobody any more.
UniqueFd listen_at(const std::string& path, int type) {
  UniqueFd fd(::socket(AF_UNIX, type | SOCK_CLOEXEC, 0));
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  std::memcpy(address.sun_path, path.c_str(), path.size());
  EXPECT_EQ(::bind(fd.get(), reinterpret_cast<sockaddr*>(&address), sizeof address), 0) << path;
  EXPECT_EQ(::listen(fd.get(), 8), 0);
  std::filesystem::permissions(path, std::filesystem::perms(0666));
  return fd;
}

class DoctorWorld : public CtlWorld {
 public:  // what the table of sicknesses changes
  using CtlWorld::world_;
  std::optional<HostTree> host_;
  UniqueFd login_;
  UniqueFd admin_;

 protected:
  void SetUp() override {
    CtlWorld::SetUp();
    fresh_host();
  }
  void fresh_host() {
    login_.reset();
    admin_.reset();
    host_.emplace();
    HostTree& tree = *host_;
    std::filesystem::create_directories(tree / "/run/usher");
    std::filesystem::permissions(tree / "/run/usher", std::filesystem::perms(0755));
    login_ = listen_at(tree / "/run/usher/login.sock", SOCK_SEQPACKET);
    admin_ = listen_at(tree / "/run/usher/admin.sock", SOCK_STREAM);
    // Its first argument is --check-config, its second the file.
    tree.write("/programs/usherd",
               "#!/bin/sh\ngrep -s stand-in \"$2\" && exit 3\n! grep -s nonsense \"$2\"\n");
    std::filesystem::permissions(tree / "/programs/usherd", std::filesystem::perms::owner_all);
    tree.host().usherd = tree / "/programs/usherd";
    // As after enable.
    const auto planned = plan_enable(tree.host(), Sshd::installed);
    ASSERT_TRUE(planned);
    for (const Change& change : *planned) ASSERT_TRUE(put_image(tree / change.path, change.after));
  }

  Ran on_host(std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), {"--socket", socket_path_});
    return run_usherctl(std::move(arguments), nothing_, host_->host());
  }
};

TEST_F(DoctorWorld, AHealthyHostIsOkAndExitsZero) {
  const Ran ran = on_host({"doctor"});
  EXPECT_EQ(ran.exit_code, 0) << ran.out << ran.err;
  EXPECT_FALSE(has(ran.out, "error ")) << ran.out;
  EXPECT_FALSE(has(ran.out, "warning ")) << ran.out;
  EXPECT_TRUE(has(ran.out, "ok       /etc/pam.d: local accounts do not depend on Usher"))
      << ran.out;
}

TEST_F(DoctorWorld, MailThatDoesNotLeaveIsAWarningWithItsCauseAndCure) {
  world_.config.mail.server.host = "mail.acme.example";
  world_.status.mail.courier = post::CourierState::never;
  EXPECT_TRUE(has(on_host({"doctor"}).out,
                  "warning  mail: waits: usher-courier has not come for it. Do: systemctl enable "
                  "--now usher-courier.service [mail-waits]"));
  world_.status.mail.courier = post::CourierState::here;
  world_.status.mail.trouble =
      post::Trouble{protocol::courier::Cause::wrong_name, "no name matches", admin::kStart};
  const Ran ran = on_host({"doctor"});
  EXPECT_EQ(ran.exit_code, 0) << "people sign in all the same";
  EXPECT_TRUE(has(ran.out, "wrong_name: no name matches")) << ran.out;
  world_.status.mail.trouble.reset();
  EXPECT_TRUE(has(on_host({"doctor"}).out, "ok       mail: none was sent yet"));
}

TEST_F(DoctorWorld, TextMessagesThatDoNotLeaveAreAWarning) {
  Patient patient{host_->host(), Heard{}, "", 0};
  patient.usherd->sms = MailState{"does not leave: own.toml:1: a mistake", "mend it"};
  const Findings findings = host_findings(patient);
  const auto found = std::find_if(findings.begin(), findings.end(), [](const Finding& finding) {
    return finding.kind == FindingKind::sms_waits;
  });
  ASSERT_NE(found, findings.end());
  EXPECT_EQ(found->level, Level::warning);
  EXPECT_TRUE(has(found->what, "own.toml:1: a mistake"));
}

TEST_F(DoctorWorld, ALetterThatABuiltInOneStandsInForIsAWarning) {
  Patient patient{host_->host(), Heard{}, "", 0};
  patient.usherd->template_mistakes = {"/etc/usher/templates/README: no letter"};
  const Findings findings = host_findings(patient);
  const auto found = std::find_if(findings.begin(), findings.end(), [](const Finding& finding) {
    return finding.kind == FindingKind::template_mistake;
  });
  ASSERT_NE(found, findings.end());
  EXPECT_EQ(found->level, Level::warning);
  EXPECT_TRUE(has(found->what, "README: no letter"));
}

TEST_F(DoctorWorld, EachSicknessIsNamedWithItsPlace) {
  using Break = void (*)(DoctorWorld & world);
  struct Case {
    Break change;
    int exit_code;
    const char* says;
  };
  const Case cases[] = {
      {[](DoctorWorld& w) {
         std::string text = w.host_->read("/etc/pam.d/common-auth");
         text.replace(text.find("user_unknown=ignore default=die"), 31, "default=ignore");
         w.host_->write("/etc/pam.d/common-auth", text);
       },
       1,
       "error    /etc/pam.d/common-auth:17: auth: a refusal of Usher's (auth_err) is thrown away"},
      {[](DoctorWorld& w) { w.host_->write("/etc/nsswitch.conf", "passwd: files usher sss\n"); }, 1,
       "error    /etc/nsswitch.conf: people come from sss too"},
      {[](DoctorWorld& w) { w.host_->write("/etc/nsswitch.conf", "passwd: files\n"); }, 0,
       "warning  /etc/nsswitch.conf: the passwd line lacks usher"},
      {[](DoctorWorld& w) { w.login_.reset(); }, 1,
       "error    /run/usher/login.sock: nobody listens on it"},
      {[](DoctorWorld& w) { std::filesystem::remove(*w.host_ / "/run/usher/login.sock"); }, 1,
       "error    /run/usher/login.sock: it is not there"},
      {[](DoctorWorld& w) {
         std::filesystem::permissions(*w.host_ / "/run/usher", std::filesystem::perms(0777));
       },
       1, "error    /run/usher/login.sock: it is no socket of root's"},
      {[](DoctorWorld& w) {
         std::filesystem::permissions(*w.host_ / "/run/usher/login.sock",
                                      std::filesystem::perms(0600));
       },
       0, "warning  /run/usher/login.sock: not everybody may connect"},
      {[](DoctorWorld& w) {
         std::filesystem::create_directories(*w.host_ / "/etc/usher");
         w.host_->write("/etc/usher/usher.toml", "nonsense\n");
       },
       1, "error    /etc/usher/usher.toml: usherd does not start with it: nonsense"},
      // A letter that cannot be used keeps nobody from starting: that is another finding's.
      {[](DoctorWorld& w) {
         std::filesystem::create_directories(*w.host_ / "/etc/usher");
         w.host_->write("/etc/usher/usher.toml", "stand-in\n");
       },
       0, "ok       /etc/usher/usher.toml: usherd can use it"},
      {[](DoctorWorld& w) {
         std::filesystem::create_directories(*w.host_ / "/var/lib/usher");
         w.host_->write("/var/lib/usher/master.key", "");
         std::filesystem::permissions(*w.host_ / "/var/lib/usher/master.key",
                                      std::filesystem::perms(0640));
       },
       1, "error    /var/lib/usher/master.key: mode 0640 lets others read. Do: chmod 0600"},
      {[](DoctorWorld& w) { w.host_->let_fail("sshd"); }, 1, "error    sshd -T: "},
      {[](DoctorWorld& w) { std::filesystem::remove(*w.host_ / std::string(kSshdDropIn)); }, 0,
       "warning  sshd -T: sshd lets PAM ask for a password only"},
      {[](DoctorWorld& w) {
         store::AuditRecord record;
         record.operation = "authenticate";
         record.outcome = "accept";
         record.at = ports::Instant(std::chrono::milliseconds(4'000'000'000'000));
         ASSERT_TRUE(w.world_.store().write(
             [&](store::Database& database) { return store::append_audit(database, record); }));
       },
       1, "error    clock: it stands "},
  };
  for (const Case& item : cases) {
    SCOPED_TRACE(item.says);
    item.change(*this);
    const Ran ran = on_host({"doctor"});
    EXPECT_EQ(ran.exit_code, item.exit_code) << ran.out << ran.err;
    EXPECT_TRUE(has(ran.out, item.says)) << ran.out;
    fresh_host();
  }
}

TEST_F(DoctorWorld, ItRunsWithoutUsherd) {
  const Ran ran =
      run_usherctl({"--socket", "/nonexistent/admin.sock", "doctor"}, nothing_, host_->host());
  EXPECT_EQ(ran.exit_code, 1);
  EXPECT_TRUE(has(ran.out, "error    usherd: cannot reach usherd")) << ran.out;
  EXPECT_TRUE(has(ran.out, "warning  clock: ")) << ran.out;
  EXPECT_TRUE(has(ran.out, "ok       /etc/pam.d: local accounts do not depend")) << ran.out;
}

TEST_F(DoctorWorld, ItSpeaksJson) {
  host_->write("/etc/nsswitch.conf", "passwd: files usher sss\n");
  const Ran ran = on_host({"--json", "doctor"});
  EXPECT_EQ(ran.exit_code, 1);
  auto parsed = protocol::varlink::parse_object(ran.out);
  ASSERT_TRUE(parsed) << ran.out;
  EXPECT_EQ((*parsed)["healthy"], false);
  EXPECT_EQ((*parsed)["findings"][0]["level"], "error");
  EXPECT_EQ((*parsed)["findings"][0]["kind"], "names-unclaimed");
  EXPECT_EQ((*parsed)["findings"][0]["where"], "/etc/nsswitch.conf");
}

TEST_F(DoctorWorld, SshdIsAskedInsideEveryMatchBlock) {
  host_->write("/etc/ssh/sshd_config",
               "Include /etc/ssh/sshd_config.d/*.conf\nUsePAM yes\n"
               "Match User backup,\"bob*\" Address 10.0.0.0/8\n"
               "  KbdInteractiveAuthentication no\n"
               "match all\n  X11Forwarding no\n"
               "Match Group nobodys\n");
  host_->write("/programs/sshd.match", "user=backup");
  const Ran ran = on_host({"doctor"});
  EXPECT_EQ(ran.exit_code, 0) << ran.out << ran.err;
  EXPECT_TRUE(has(ran.out,
                  "warning  /etc/ssh/sshd_config:3: in this Match block (addr=10.0.0.0,"
                  "host=host.invalid,laddr=192.0.2.2,lport=22,user=backup)"))
      << ran.out;
  EXPECT_FALSE(has(ran.out, "sshd_config:5")) << ran.out;
  EXPECT_TRUE(has(ran.out, "warning  /etc/ssh/sshd_config:7: no connection is known")) << ran.out;
}

TEST_F(CtlWorld, EnableRefusesWhatDoctorWouldCallAnErrorUnlessItIsNamed) {
  using Break = void (*)(const HostTree& tree);
  struct Case {
    Break change;
    const char* name;
    const char* says;
  };
  const Case cases[] = {
      // Stacks nobody would write; that enable itself checks is the point.
      {[](const HostTree& t) {
         std::string text = t.read("/usr/share/pam-configs/usher");
         text.replace(text.find("[success=end user_unknown=ignore default=die]"), 45,
                      "[success=end default=ignore]");
         t.write("/usr/share/pam-configs/usher", text);
       },
       "denial-ignored", "/etc/pam.d/common-auth:17: auth: a refusal of Usher's"},
      {[](const HostTree& t) {
         std::string text = t.read("/usr/share/pam-configs/usher");
         text.replace(text.find("[success=end user_unknown=ignore default=die]"), 45,
                      "[success=end default=die]");
         t.write("/usr/share/pam-configs/usher", text);
       },
       "local-locked-out", "/etc/pam.d/common-auth:17: auth: root and local accounts depend on"},
      {[](const HostTree& t) {
         t.write("/etc/ssh/sshd_config",
                 "Include /etc/ssh/sshd_config.d/*.conf\nMatch User backup\n"
                 "KbdInteractiveAuthentication no\n");
         t.write("/programs/sshd.match", "user=backup");
       },
       "sshd-match", "/etc/ssh/sshd_config:2: in this Match block"},
  };
  for (const Case& item : cases) {
    SCOPED_TRACE(item.name);
    HostTree tree;
    item.change(tree);
    const Snapshot before = tree.snapshot();
    const auto enable = [&](const std::string& force) {
      std::vector<std::string> arguments{"--socket", socket_path_, "enable", "--yes"};
      if (!force.empty()) arguments.push_back(force);
      return run_usherctl(std::move(arguments), nothing_, tree.host());
    };
    const Ran ran = enable("");
    EXPECT_EQ(ran.exit_code, 6) << ran.out;
    EXPECT_TRUE(has(ran.err, item.says)) << ran.err;
    EXPECT_TRUE(has(ran.err, "--force=" + std::string(item.name) + " goes on")) << ran.err;
    // --force alone is for the risks, and another's name is not this one's.
    EXPECT_EQ(enable("--force").exit_code, 6);
    EXPECT_EQ(enable("--force=names-missing").exit_code, 6);
    EXPECT_TRUE(tree.snapshot() == before);
    const Ran forced = enable("--force=names-missing," + std::string(item.name));
    EXPECT_EQ(forced.exit_code, 0) << forced.err;
  }
}

TEST_F(CtlWorld, ForceTakesOnlyNamesThatExist) {
  HostTree tree;
  const Ran ran = run_usherctl({"--socket", socket_path_, "enable", "--yes", "--force=everything"},
                               nothing_, tree.host());
  EXPECT_EQ(ran.exit_code, 2);
  EXPECT_TRUE(has(ran.err, "no finding is called everything")) << ran.err;
}

TEST(DoctorDocuments, EveryFindingHasItsCureOnThePage) {
  std::ifstream file(USHER_DOCTOR_PAGE);
  std::stringstream page;
  page << file.rdbuf();
  for (const std::string_view name : finding_names()) {
    EXPECT_NE(page.str().find("`" + std::string(name) + "`"), std::string::npos) << name;
  }
}

}  // namespace
}  // namespace usher::ctl
