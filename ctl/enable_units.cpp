// The units' texts. They are written by `enable` and gone after `confirm`: while nothing is armed
// the host has no unit of ours that could change anything.
#include "ctl/enable_units.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <array>
#include <climits>

#include "ctl/enable_state.hpp"
#include "ctl/programs.hpp"

namespace usher::ctl {
namespace {

constexpr std::string_view kService = "/etc/systemd/system/usher-rollback.service";
constexpr std::string_view kTimer = "/etc/systemd/system/usher-rollback.timer";
constexpr std::string_view kWants = "/etc/systemd/system/sysinit.target.wants";
constexpr std::string_view kAtBoot =
    "/etc/systemd/system/sysinit.target.wants/usher-rollback.service";
constexpr const char* kTimerName = "usher-rollback.timer";

// {0}: the program, {1}: the state directory.
constexpr std::string_view kServiceText =
    R"(# Written by `usherctl enable`, removed by `usherctl confirm`; see usherctl(1).
[Unit]
Description=Put the sign-in configuration back, because nobody confirmed Usher
# At boot: before sshd, login and whatever else asks PAM, and without what they wait for.
DefaultDependencies=no
RequiresMountsFor=/etc /usr /run {1}
After=local-fs.target
Before=sysinit.target shutdown.target
Conflicts=shutdown.target
ConditionPathExists={1}
ConditionPathExists=!{1}/confirmed
# A full disk or another usherctl at work: it is tried again until it is done.
StartLimitIntervalSec=0

[Service]
Type=oneshot
ExecStart={0} rollback
TimeoutStartSec=90s
Restart=on-failure
RestartSec=5s
)";

// {0}: seconds.
constexpr std::string_view kTimerText =
    R"(# Written by `usherctl enable`, removed by `usherctl confirm`; see usherctl(1).
[Unit]
Description=The time to confirm Usher

[Timer]
OnActiveSec={0}s
# The default is a minute, which would be half of it.
AccuracySec=1s
)";

Result<std::string> program_of(const Host& host) {
  if (!host.usherctl.empty()) return host.usherctl;
  std::array<char, PATH_MAX> path{};
  const ssize_t length = ::readlink("/proc/self/exe", path.data(), path.size());
  if (length <= 0) return system_error("finding usherctl's own path");
  std::string program(path.data(), static_cast<std::size_t>(length));
  // What systemd reads as its own syntax: blanks, quotes, specifiers, variables.
  if (program.find_first_of(" \t\n\"'%$\\;") != std::string::npos) {
    return Error(Errc::invalid_input, program + " cannot be named in a unit; install usherctl");
  }
  return program;
}

FileImage unit_file(const Host& host, std::string text) {
  return {std::move(text), 0644, host.administrator.number, ::getegid()};
}

Result<void> make_link(const std::string& target, const std::string& path) {
  if (::symlink(target.c_str(), path.c_str()) != 0 && errno != EEXIST) {
    return system_error("making " + path);
  }
  return sync_directory(parent_of(path));
}

Result<void> remove_name(const std::string& path) {
  if (::unlink(path.c_str()) != 0) {
    if (errno == ENOENT || errno == ENOTDIR) return {};
    return system_error("removing " + path);
  }
  return sync_directory(parent_of(path));
}

Result<void> systemctl(const Host& host, std::vector<std::string> words) {
  words.insert(words.begin(), host.systemctl);
  TRY(run_well({std::move(words), {}}));
  return {};
}

}  // namespace

Result<void> write_rollback_units(const Host& host) {
  const std::string program = TRY(program_of(host));
  TRY(put_image(host.path(kService),
                unit_file(host, fmt::format(kServiceText, program, kStateDirectory))));
  const std::chrono::seconds patience = kConfirmWithin;
  TRY(put_image(host.path(kTimer), unit_file(host, fmt::format(kTimerText, patience.count()))));
  TRY(make_directory(host.path(kWants), 0755));
  return make_link("../usher-rollback.service", host.path(kAtBoot));
}

Result<void> remove_rollback_units(const Host& host) {
  const bool were_there = exists(host.path(kService)) || exists(host.path(kTimer));
  TRY(remove_name(host.path(kAtBoot)));
  TRY(remove_name(host.path(kTimer)));
  TRY(remove_name(host.path(kService)));
  // A directory somebody else uses is not empty, and stays.
  (void)::rmdir(host.path(kWants).c_str());
  // Without systemd, or while it starts, there is nothing to tell: it reads the files anew.
  if (were_there) (void)systemctl(host, {"--no-block", "daemon-reload"});
  return {};
}

Result<void> start_rollback_timer(const Host& host) {
  TRY(systemctl(host, {"daemon-reload"}));
  return systemctl(host, {"restart", kTimerName});
}

Result<void> stop_rollback_timer(const Host& host) {
  // Not waited for: at boot systemd is still busy with what waits for us.
  return systemctl(host, {"--no-block", "stop", kTimerName});
}

}  // namespace usher::ctl
