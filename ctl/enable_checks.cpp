// The rows. A row that cannot look (a file is missing or cannot be read) refuses.
#include "ctl/enable_checks.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "ctl/doctor.hpp"
#include "ctl/enable_sshd.hpp"
#include "ctl/local_people.hpp"
#include "ctl/pam_findings.hpp"

namespace usher::ctl {
namespace {

using Obstacles = std::vector<Obstacle>;

std::string joined(const std::vector<std::string>& words) {
  std::string text;
  for (const std::string& word : words) text += (text.empty() ? "" : ", ") + word;
  return text;
}

// Without it nothing would roll back.
Result<Obstacles> systemd_runs(const CheckedHost& c) {
  if (exists(c.host.path("/run/systemd/system"))) return Obstacles{};
  return Obstacles{
      {Weight::refusal,
       "systemd does not run here, and it is what puts things back unless you confirm"}};
}

Result<Obstacles> module_is_there(const CheckedHost& c) {
  const std::string& path = c.host.pam_module;
  if (exists(c.host.path(path))) return Obstacles{};
  return Obstacles{{Weight::refusal, path + " is missing; install libpam-usher"}};
}

Result<Obstacles> profiles_are_there(const CheckedHost& c) {
  Obstacles findings;
  for (const char* path :
       {"/usr/share/pam-configs/usher", "/usr/share/pam-configs/usher-password"}) {
    if (exists(c.host.path(path))) continue;
    findings.push_back({Weight::refusal, fmt::format("{} is missing; install libpam-usher", path)});
  }
  return findings;
}

Result<Obstacles> somebody_else_can_become_root(const CheckedHost& c) {
  if (!TRY(local_administrators(c.host)).empty()) return Obstacles{};
  return Obstacles{{Weight::risk,
                    "no local account can become root with a password: root has none, and no local "
                    "member of sudo has one. Give one of them a password (passwd), or nobody gets "
                    "in when Usher does not answer"}};
}

Result<Obstacles> nobody_else_names_people(const CheckedHost& c) {
  if (c.unknown_names == UnknownNames::pass) return Obstacles{};
  const auto foreign = foreign_sources(c.host, TRY(passwd_sources(c.host)));
  if (foreign.empty()) return Obstacles{};
  return Obstacles{{Weight::refusal,
                    fmt::format("/etc/nsswitch.conf takes people from {} too, and usherd refuses "
                                "every name it does not know. Set unknown = \"pass\" under "
                                "[sign_in] in /etc/usher/usher.toml and restart usherd",
                                joined(foreign))}};
}

Result<Obstacles> names_resolve(const CheckedHost& c) {
  const auto sources = TRY(passwd_sources(c.host));
  if (std::find(sources.begin(), sources.end(), "usher") != sources.end()) return Obstacles{};
  return Obstacles{{Weight::risk,
                    "the passwd line of /etc/nsswitch.conf lacks usher: Usher's people have no uid "
                    "here and cannot sign in. Install libnss-usher, which adds it"}};
}

Result<Obstacles> sshd_can_be_told(const CheckedHost& c) {
  if (c.sshd == Sshd::absent) return Obstacles{};
  TRY(check_sshd_before(c.host));
  return Obstacles{};
}

using Check = Result<Obstacles> (*)(const CheckedHost& checked);
constexpr Check kChecks[] = {systemd_runs,
                             module_is_there,
                             profiles_are_there,
                             somebody_else_can_become_root,
                             nobody_else_names_people,
                             names_resolve,
                             sshd_can_be_told};

}  // namespace

std::vector<Obstacle> check_host(const CheckedHost& checked) {
  std::vector<Obstacle> all;
  for (const Check check : kChecks) {
    Result<Obstacles> found = check(checked);
    if (!found) {
      all.push_back({Weight::refusal, std::string(found.error().text())});
      continue;
    }
    for (Obstacle& finding : *found) all.push_back(std::move(finding));
  }
  return all;
}

std::vector<Obstacle> check_plan(const Host& host, const std::vector<Change>& changes, Sshd sshd) {
  PamFiles files(host);
  for (const Change& change : changes) {
    std::optional<std::string> text;
    if (change.after) text = change.after->bytes;
    files.pretend(change.path, std::move(text));
  }
  Findings findings = pam_findings(host, files);
  if (sshd == Sshd::installed) {
    for (Finding& finding : sshd_findings(host, DropIn::taken_for_there)) {
      // The drop-in says what holds for everybody, but blocks overrule it.
      if (finding.kind == FindingKind::sshd_match) findings.push_back(std::move(finding));
    }
  }
  std::vector<Obstacle> obstacles;
  for (const Finding& finding : findings) {
    if (finding.level != Level::error && finding.kind != FindingKind::sshd_match) continue;
    obstacles.push_back({Weight::risk,
                         fmt::format("{}: {}. Do: {}", finding.where, finding.what, finding.cure),
                         std::string(name_of(finding.kind))});
  }
  return obstacles;
}

}  // namespace usher::ctl
