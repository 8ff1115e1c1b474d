// What doctor says of PAM's stacks, each broken in one way.
#include "ctl/pam_findings.hpp"

#include <algorithm>

#include "tests/ctl/host_tree.hpp"

namespace usher::ctl {
namespace {

constexpr const char* kGood = "[success=2 user_unknown=ignore default=die] pam_usher.so";
constexpr const char* kGoodAccount =
    "[success=2 new_authtok_reqd=done user_unknown=ignore default=die] pam_usher.so";

// Debian's shape, with Usher's line as given.
std::string stack(const std::string& type, const std::string& usher) {
  return type + " " + usher + "\n" + type + " [success=1 default=ignore] pam_unix.so\n" + type +
         " requisite pam_deny.so\n" + type + " required pam_permit.so\n";
}
std::string service(const std::string& auth, const std::string& account) {
  return auth + account + "session required pam_permit.so\n";
}
std::string healthy_service() {
  return service(stack("auth", kGood), stack("account", kGoodAccount));
}

// A host with nothing in /etc/pam.d but this service and an `other` that denies.
class OneService {
 public:
  explicit OneService(const std::string& text) {
    std::filesystem::remove_all(tree_ / "/etc/pam.d");
    std::filesystem::create_directories(tree_ / "/etc/pam.d");
    for (const char* type : {"auth", "account", "password", "session"}) {
      other_ += std::string(type) + " required pam_deny.so\n";
    }
    tree_.write("/etc/pam.d/other", other_);
    tree_.write("/etc/pam.d/sshd", text);
  }
  HostTree& tree() { return tree_; }
  Findings findings() const { return pam_findings(tree_.host(), PamFiles(tree_.host())); }

 private:
  HostTree tree_;
  std::string other_;
};

std::string list(const Findings& findings) {
  std::string text;
  for (const Finding& finding : findings) {
    text += std::string(name_of(finding.level)) + " " + std::string(name_of(finding.kind)) + " " +
            finding.where + ": " + finding.what + "\n";
  }
  return text;
}

bool found(const Findings& findings, FindingKind kind, const std::string& where) {
  return std::any_of(findings.begin(), findings.end(), [&](const Finding& finding) {
    return finding.kind == kind && finding.where == where;
  });
}

TEST(PamFindings, AStackAsThePackageMakesItIsHealthy) {
  const Findings findings = OneService(healthy_service()).findings();
  EXPECT_FALSE(has_errors(findings)) << list(findings);
  EXPECT_TRUE(found(findings, FindingKind::healthy, "/etc/pam.d")) << list(findings);
}

struct Broken {
  const char* name;
  std::string text;
  FindingKind kind;
  const char* where;
};

std::vector<Broken> broken_stacks() {
  const std::string account = stack("account", kGoodAccount);
  const auto auth = [&](const std::string& text) { return service(text, account); };
  return {
      {"a refusal falls through", auth(stack("auth", "[success=2 default=ignore] pam_usher.so")),
       FindingKind::denial_ignored, "/etc/pam.d/sshd:1"},
      {"one refusal of many falls through",
       auth(stack("auth",
                  "[success=2 user_unknown=ignore authinfo_unavail=ignore default=die] "
                  "pam_usher.so")),
       FindingKind::denial_ignored, "/etc/pam.d/sshd:1"},
      {"sufficient is no gate", auth("auth sufficient pam_usher.so\nauth required pam_unix.so\n"),
       FindingKind::denial_ignored, "/etc/pam.d/sshd:1"},
      {"optional is no gate", auth("auth optional pam_usher.so\nauth required pam_permit.so\n"),
       FindingKind::denial_ignored, "/etc/pam.d/sshd:1"},
      {"a reset forgets it",
       auth("auth required pam_usher.so\nauth [default=reset] pam_echo.so\n"
            "auth required pam_unix.so\n"),
       FindingKind::denial_ignored, "/etc/pam.d/sshd:1"},
      {"account throws it away",
       service(stack("auth", kGood),
               "account sufficient pam_usher.so\n"
               "account required pam_unix.so\n"),
       FindingKind::denial_ignored, "/etc/pam.d/sshd:5"},
      {"a refusal as the first of a password change counts",
       healthy_service() + "password [success=1 default=ignore] pam_usher.so\n"
                           "password required pam_unix.so\npassword required pam_permit.so\n",
       FindingKind::denial_ignored, "/etc/pam.d/sshd:10"},
      {"root needs our yes", auth("auth required pam_usher.so\nauth required pam_unix.so\n"),
       FindingKind::local_locked_out, "/etc/pam.d/sshd:1"},
      {"local accounts jump into the wall",
       auth("auth [success=2 user_unknown=1 default=die] pam_usher.so\n"
            "auth [success=1 default=ignore] pam_unix.so\nauth requisite pam_deny.so\n"
            "auth required pam_permit.so\n"),
       FindingKind::local_locked_out, "/etc/pam.d/sshd:1"},
      {"nobody gets in", auth("auth requisite pam_deny.so\n" + stack("auth", kGood)),
       FindingKind::local_locked_out, "/etc/pam.d/sshd:1"},
      {"a jump that goes too far",
       auth("auth [success=9 user_unknown=9 default=die] pam_usher.so\n"
            "auth required pam_unix.so\n"),
       FindingKind::local_locked_out, "/etc/pam.d/sshd:1"},
      {"another module decides before us",
       auth("auth sufficient pam_sss.so\n" + stack("auth", kGood)), FindingKind::usher_bypassed,
       "/etc/pam.d/sshd:1"},
      {"everybody passes before us", auth("auth sufficient pam_permit.so\n" + stack("auth", kGood)),
       FindingKind::usher_bypassed, "/etc/pam.d/sshd:1"},
      {"our people must be local too",
       auth("auth [success=ok user_unknown=ignore default=die] pam_usher.so\n"
            "auth required pam_unix.so\n"),
       FindingKind::people_locked_out, "/etc/pam.d/sshd:1"},
      {"account does not ask", service(stack("auth", kGood), "account required pam_unix.so\n"),
       FindingKind::account_not_asked, "/etc/pam.d/sshd"},
      {"an option nobody knows", auth(stack("auth", std::string(kGood) + " use_first_pass")),
       FindingKind::module_option, "/etc/pam.d/sshd:1"},
      {"a line libpam cannot use", auth("auth required\n" + stack("auth", kGood)),
       FindingKind::pam_broken_line, "/etc/pam.d/sshd:1"},
      {"an @include of nothing", "@include common-authh\n" + healthy_service(),
       FindingKind::pam_unreadable, "/etc/pam.d/sshd"},
      {"an include of nothing", auth("auth include common-authh\n" + stack("auth", kGood)),
       FindingKind::pam_broken_line, "/etc/pam.d/sshd:1"},
  };
}

TEST(PamFindings, EachBrokenStackIsToldByItsFileAndLine) {
  for (const Broken& broken : broken_stacks()) {
    const Findings findings = OneService(broken.text).findings();
    EXPECT_TRUE(found(findings, broken.kind, broken.where)) << broken.name << "\n"
                                                            << list(findings);
  }
}

TEST(PamFindings, AModuleThatIsGoneLocksLocalAccountsOut) {
  OneService host(healthy_service());
  std::filesystem::remove(host.tree() / "/usr/lib/security/pam_usher.so");
  const Findings findings = host.findings();
  EXPECT_TRUE(found(findings, FindingKind::module_missing, "/etc/pam.d/sshd:1")) << list(findings);
  EXPECT_TRUE(found(findings, FindingKind::local_locked_out, "/etc/pam.d/sshd:1"))
      << list(findings);
}

TEST(PamFindings, ALineInAnIncludedFileIsToldOnceWithAllItsServices) {
  OneService host("@include common-auth\n" + stack("account", kGoodAccount));
  host.tree().write("/etc/pam.d/common-auth",
                    "# a comment\n" + stack("auth", "[success=2 default=ignore] pam_usher.so"));
  host.tree().write("/etc/pam.d/login", "@include common-auth\n" + stack("account", kGoodAccount));
  std::size_t told = 0;
  for (const Finding& finding : host.findings()) {
    if (finding.kind != FindingKind::denial_ignored) continue;
    ++told;
    EXPECT_EQ(finding.where, "/etc/pam.d/common-auth:2");
    EXPECT_EQ(finding.services, (std::vector<std::string>{"login", "sshd"}));
    EXPECT_NE(finding.what.find("pam_unix.so at /etc/pam.d/common-auth:3 then lets in"),
              std::string::npos)
        << finding.what;
  }
  EXPECT_EQ(told, 1U);
}

TEST(PamFindings, AServiceWithoutAFileIsReadFromOther) {
  OneService host("session required pam_permit.so\n");
  host.tree().write("/etc/pam.d/other", service(stack("auth", "optional pam_usher.so"),
                                                stack("account", kGoodAccount)));
  const Findings findings = host.findings();
  for (const Finding& finding : findings) {
    if (finding.kind != FindingKind::denial_ignored) continue;
    EXPECT_EQ(finding.services, (std::vector<std::string>{"other", "sshd"}));
    return;
  }
  ADD_FAILURE() << list(findings);
}

// One that includes itself twice would be read 2^32 times.
TEST(PamFindings, AFileThatIncludesItselfEnds) {
  OneService host("auth include sshd\nauth include sshd\n");
  EXPECT_TRUE(found(host.findings(), FindingKind::not_looked_at, "/etc/pam.d/sshd"));
}

TEST(PamFindings, DebiansStacksWithUsherEnabledAreHealthy) {
  HostTree tree;
  const auto planned = plan_pam(tree.host(), Wanted::enabled);
  ASSERT_TRUE(planned);
  PamFiles files(tree.host());
  for (const Change& change : *planned) files.pretend(change.path, change.after->bytes);
  const Findings findings = pam_findings(tree.host(), files);
  ASSERT_EQ(findings.size(), 1U) << list(findings);
  EXPECT_EQ(findings.front().level, Level::ok);
  EXPECT_EQ(findings.front().services.size(), 7U);
}

}  // namespace
}  // namespace usher::ctl
