// sshd is asked what its configuration amounts to: for everybody, for root, and for a connection
// into each Match block.
#include <fmt/format.h>

#include "ctl/doctor.hpp"
#include "ctl/sshd_match.hpp"

namespace usher::ctl {
namespace {

struct Demand {
  std::string_view line;  // as sshd -T prints it
  Level level;
  FindingKind kind;
  std::string_view what;
  std::string_view cure;
};
// What must stand there; where it does not, this is what follows.
constexpr Demand kForAll[] = {
    {"usepam yes", Level::error, FindingKind::sshd_without_pam,
     "sshd does not ask PAM: Usher refuses nobody here, the suspended neither",
     "set UsePAM yes; usherctl enable does"},
    {"kbdinteractiveauthentication yes", Level::warning, FindingKind::sshd_no_conversation,
     "sshd lets PAM ask for a password only: whoever has a second factor is refused",
     "set KbdInteractiveAuthentication yes; usherctl enable does"},
};
// What must not.
constexpr Demand kAgainst[] = {
    {"permitrootlogin yes", Level::warning, FindingKind::sshd_root_password,
     "root may sign in with a password, and Usher never asks about root",
     "set PermitRootLogin prohibit-password"},
    {"permitemptypasswords yes", Level::warning, FindingKind::sshd_root_password,
     "accounts without a password are let in", "set PermitEmptyPasswords no"},
};

void hold_against(const std::string& effective, const std::string& where, Findings& findings) {
  for (const Demand& demand : kForAll) {
    if (sshd_says(effective, demand.line)) continue;
    findings.push_back(
        {demand.level, demand.kind, where, std::string(demand.what), std::string(demand.cure), {}});
  }
  for (const Demand& demand : kAgainst) {
    if (!sshd_says(effective, demand.line)) continue;
    findings.push_back(
        {demand.level, demand.kind, where, std::string(demand.what), std::string(demand.cure), {}});
  }
}

bool same(const Finding& a, const Finding& b) {
  return a.kind == b.kind && a.what == b.what;
}

// A block is told only what it makes worse.
void look_into(const Host& host, const MatchBlock& block, DropIn drop_in, const Findings& outside,
               Findings& findings) {
  const std::string where = fmt::format("{}:{}", block.file, block.number);
  if (block.connection.empty()) {
    findings.push_back({Level::warning,
                        FindingKind::not_looked_at,
                        where,
                        "no connection is known that enters this Match block",
                        "ask sshd yourself: sshd -T -C user=NAME,host=HOST,addr=ADDRESS",
                        {}});
    return;
  }
  const auto effective = effective_sshd(host, block.connection, drop_in);
  if (!effective) {
    findings.push_back({Level::warning,
                        FindingKind::not_looked_at,
                        where,
                        std::string(effective.error().text()),
                        "look at the block yourself",
                        {}});
    return;
  }
  Findings inside;
  hold_against(*effective, where, inside);
  for (Finding& finding : inside) {
    bool known = false;
    for (const Finding& other : outside) known = known || same(finding, other);
    if (known) continue;
    finding.what = fmt::format("in this Match block ({}) {}", block.connection, finding.what);
    finding.kind = FindingKind::sshd_match;
    finding.cure = "take the setting out of the block, or leave Usher's people out of its criteria";
    findings.push_back(std::move(finding));
  }
}

}  // namespace

Findings sshd_findings(const Host& host, DropIn drop_in) {
  if (find_sshd(host) == Sshd::absent) {
    return {{Level::ok, FindingKind::healthy, "sshd", "there is none", "", {}}};
  }
  const auto effective = effective_sshd(host, {}, drop_in);
  if (!effective) {
    return {{Level::error,
             FindingKind::sshd_broken,
             "sshd -T",
             std::string(effective.error().text()),
             "correct what it names",
             {}}};
  }
  Findings findings;
  hold_against(*effective, "sshd -T", findings);
  const auto blocks = match_blocks(host);
  if (!blocks) {
    findings.push_back({Level::warning,
                        FindingKind::not_looked_at,
                        "sshd -T",
                        std::string(blocks.error().text()),
                        "look at the Match blocks yourself",
                        {}});
    return findings;
  }
  const Findings outside = findings;
  for (const MatchBlock& block : *blocks) look_into(host, block, drop_in, outside, findings);
  if (findings.empty()) {
    findings.push_back(
        {Level::ok,
         FindingKind::healthy,
         "sshd -T",
         fmt::format("sshd lets PAM hold the conversation ({} Match blocks looked at)",
                     blocks->size()),
         "",
         {}});
  }
  return findings;
}

}  // namespace usher::ctl
