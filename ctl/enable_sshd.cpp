// Asks sshd itself (-T) rather than reading its configuration; only the Include is looked for.
#include "ctl/enable_sshd.hpp"

#include <fmt/format.h>
#include <fnmatch.h>
#include <unistd.h>

#include <algorithm>
#include <sstream>

#include "ctl/programs.hpp"

namespace usher::ctl {
namespace {

constexpr std::string_view kMainFile = "/etc/ssh/sshd_config";

// sshd wants it for every run, -T too; its unit makes it, so a stopped sshd has none.
Result<void> make_privilege_separation_directory(const Host& host) {
  return make_directory(host.path("/run/sshd"), 0755);
}

std::string lower(std::string_view text) {
  std::string small(text);
  for (char& c : small) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return small;
}

// Before the first Match block: inside one an Include holds for some connections only.
bool includes_drop_in(const std::string& config) {
  const std::string drop_in(kSshdDropIn);
  std::istringstream lines(config);
  for (std::string line; std::getline(lines, line);) {
    std::replace(line.begin(), line.end(), '=', ' ');
    line.erase(std::remove(line.begin(), line.end(), '"'), line.end());
    std::istringstream words(line);
    std::string word;
    if (!(words >> word)) continue;
    if (lower(word) == "match") return false;
    if (lower(word) != "include") continue;
    while (words >> word) {
      if (word.front() != '/') word.insert(0, "/etc/ssh/");
      if (::fnmatch(word.c_str(), drop_in.c_str(), FNM_PATHNAME) == 0) return true;
    }
  }
  return false;
}

}  // namespace

Sshd find_sshd(const Host& host) {
  return ::access(host.sshd.c_str(), X_OK) == 0 && exists(host.path(kMainFile)) ? Sshd::installed
                                                                                : Sshd::absent;
}

Result<std::string> effective_sshd(const Host& host, const std::string& connection,
                                   DropIn drop_in) {
  TRY(make_privilege_separation_directory(host));
  Run run{{host.sshd, "-T", "-f", host.path(kMainFile)}, {}};
  if (!connection.empty()) run.command.insert(run.command.end(), {"-C", connection});
  if (drop_in == DropIn::taken_for_there) {
    run.command.insert(run.command.end(),
                       {"-o", "KbdInteractiveAuthentication=yes", "-o", "UsePAM=yes"});
  }
  return run_well(run);
}

bool sshd_says(const std::string& effective, std::string_view line) {
  // Each stands on a line of its own, and none is the first.
  return ("\n" + effective).find(fmt::format("\n{}\n", line)) != std::string::npos;
}

Result<void> check_sshd_before(const Host& host) {
  const MaybeFile config = TRY(read_image(host.path(kMainFile)));
  if (!config || !includes_drop_in(config->bytes)) {
    return Error(Errc::conflict, fmt::format("{} does not read drop-ins. Make this its first line: "
                                             "Include /etc/ssh/sshd_config.d/*.conf",
                                             kMainFile));
  }
  TRY(effective_sshd(host).in("sshd's configuration is broken before Usher changes it"));
  return {};
}

Result<void> check_sshd_after(const Host& host) {
  const std::string config = TRY(effective_sshd(host));
  for (const std::string_view line : {"kbdinteractiveauthentication yes", "usepam yes"}) {
    if (sshd_says(config, line)) continue;
    return Error(Errc::conflict,
                 fmt::format("sshd does not take '{}' from {}: a file or a line before it says "
                             "otherwise, and sshd keeps the first; remove that",
                             line, kSshdDropIn));
  }
  return {};
}

Result<void> reload_sshd(const Host& host, Wait wait) {
  Run run{{host.systemctl, "try-reload-or-restart", "ssh.service"}, {}};
  if (wait == Wait::not_at_all) run.command.insert(run.command.begin() + 1, "--no-block");
  TRY(run_well(run).in("telling sshd"));
  return {};
}

}  // namespace usher::ctl
