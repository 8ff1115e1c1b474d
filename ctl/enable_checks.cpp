// The rows. A row that cannot look (a file is missing or cannot be read) refuses.
#include "ctl/enable_checks.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "ctl/enable_sshd.hpp"
#include "ctl/local_people.hpp"

namespace usher::ctl {
namespace {

using Findings = std::vector<Finding>;

std::string joined(const std::vector<std::string>& words) {
  std::string text;
  for (const std::string& word : words) text += (text.empty() ? "" : ", ") + word;
  return text;
}

// Without it nothing would roll back.
Result<Findings> systemd_runs(const CheckedHost& c) {
  if (exists(c.host.path("/run/systemd/system"))) return Findings{};
  return Findings{
      {Weight::refusal,
       "systemd does not run here, and it is what puts things back unless you confirm"}};
}

Result<Findings> module_is_there(const CheckedHost& c) {
  const std::string& path = c.host.pam_module;
  if (exists(c.host.path(path))) return Findings{};
  return Findings{{Weight::refusal, path + " is missing; install libpam-usher"}};
}

Result<Findings> profiles_are_there(const CheckedHost& c) {
  Findings findings;
  for (const char* path :
       {"/usr/share/pam-configs/usher", "/usr/share/pam-configs/usher-password"}) {
    if (exists(c.host.path(path))) continue;
    findings.push_back({Weight::refusal, fmt::format("{} is missing; install libpam-usher", path)});
  }
  return findings;
}

Result<Findings> somebody_else_can_become_root(const CheckedHost& c) {
  if (!TRY(local_administrators(c.host)).empty()) return Findings{};
  return Findings{{Weight::risk,
                   "no local account can become root with a password: root has none, and no local "
                   "member of sudo has one. Give one of them a password (passwd), or nobody gets "
                   "in when Usher does not answer"}};
}

Result<Findings> nobody_else_names_people(const CheckedHost& c) {
  if (c.unknown_names == UnknownNames::pass) return Findings{};
  const auto foreign = foreign_sources(c.host, TRY(passwd_sources(c.host)));
  if (foreign.empty()) return Findings{};
  return Findings{{Weight::refusal,
                   fmt::format("/etc/nsswitch.conf takes people from {} too, and usherd refuses "
                               "every name it does not know. Set unknown = \"pass\" under "
                               "[sign_in] in /etc/usher/usher.toml and restart usherd",
                               joined(foreign))}};
}

Result<Findings> names_resolve(const CheckedHost& c) {
  const auto sources = TRY(passwd_sources(c.host));
  if (std::find(sources.begin(), sources.end(), "usher") != sources.end()) return Findings{};
  return Findings{{Weight::risk,
                   "the passwd line of /etc/nsswitch.conf lacks usher: Usher's people have no uid "
                   "here and cannot sign in. Install libnss-usher, which adds it"}};
}

Result<Findings> sshd_can_be_told(const CheckedHost& c) {
  if (c.sshd == Sshd::absent) return Findings{};
  TRY(check_sshd_before(c.host));
  return Findings{};
}

using Check = Result<Findings> (*)(const CheckedHost& checked);
constexpr Check kChecks[] = {systemd_runs,
                             module_is_there,
                             profiles_are_there,
                             somebody_else_can_become_root,
                             nobody_else_names_people,
                             names_resolve,
                             sshd_can_be_told};

}  // namespace

std::vector<Finding> check_host(const CheckedHost& checked) {
  std::vector<Finding> all;
  for (const Check check : kChecks) {
    Result<Findings> found = check(checked);
    if (!found) {
      all.push_back({Weight::refusal, std::string(found.error().text())});
      continue;
    }
    for (Finding& finding : *found) all.push_back(std::move(finding));
  }
  return all;
}

}  // namespace usher::ctl
