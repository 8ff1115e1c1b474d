// The staging directory, pam-auth-update in it, and diff.
#include "ctl/enable_plan.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>

#include "ctl/programs.hpp"

namespace usher::ctl {
namespace {

// pam-auth-update(8) writes these and no others; common-* and its own records go together.
constexpr std::string_view kPamFiles[] = {
    "/etc/pam.d/common-auth",
    "/etc/pam.d/common-account",
    "/etc/pam.d/common-password",
    "/etc/pam.d/common-session",
    "/etc/pam.d/common-session-noninteractive",
    "/var/lib/pam/auth",
    "/var/lib/pam/account",
    "/var/lib/pam/password",
    "/var/lib/pam/session",
    "/var/lib/pam/session-noninteractive",
    "/var/lib/pam/seen",
};
constexpr std::string_view kProfiles = "/usr/share/pam-configs";
constexpr std::string_view kPamModule = "pam_usher.so";

constexpr std::string_view kDropIn =
    "# Written by `usherctl enable`, removed by `usherctl disable`; see usherctl(1).\n"
    "# Usher asks more than one question: sshd must let PAM hold the conversation.\n"
    "KbdInteractiveAuthentication yes\n"
    "UsePAM yes\n";

// A directory in /run (memory, root's) that is gone at the end.
class Staging {
 public:
  static Result<Staging> make(const Host& host) {
    std::string name = host.path("/run/usher-enable.XXXXXX");
    if (::mkdtemp(name.data()) == nullptr) return system_error("making " + name);
    return Staging(std::move(name));
  }
  Staging(Staging&& other) noexcept : path_(std::exchange(other.path_, {})) {}
  Staging& operator=(Staging&&) = delete;
  Staging(const Staging&) = delete;
  Staging& operator=(const Staging&) = delete;
  ~Staging() {
    std::error_code ignored;
    if (!path_.empty()) std::filesystem::remove_all(path_, ignored);
  }
  std::string operator/(std::string_view name) const { return path_ + "/" + std::string(name); }
  const std::string& path() const { return path_; }

  Result<void> put(std::string_view absolute, const FileImage& image) const {
    const std::string to = path_ + std::string(absolute);
    std::error_code failure;
    std::filesystem::create_directories(parent_of(to), failure);
    if (failure) return system_error("making " + parent_of(to), failure.value());
    return put_image(to, image);
  }

 private:
  explicit Staging(std::string path) : path_(std::move(path)) {}
  std::string path_;
};

FileImage plain_file(const Host& host, std::string bytes) {
  return {std::move(bytes), 0644, host.administrator.number, ::getegid()};
}

Result<void> stage_profiles(const Host& host, const Staging& staging) {
  std::error_code failure;
  for (std::filesystem::directory_iterator it(host.path(kProfiles), failure), end; it != end;
       it.increment(failure)) {
    if (failure) break;
    const MaybeFile profile = TRY(read_image(it->path()));
    if (!profile) continue;
    TRY(staging.put(fmt::format("{}/{}", kProfiles, it->path().filename().string()), *profile));
  }
  if (failure) return system_error("reading " + host.path(kProfiles), failure.value());
  return {};
}

// pam-auth-update keeps its answers in debconf too, as a second truth. It is given an empty debconf
// of its own, so that the host's stays as it is and apt's lock on it does not matter: as long as
// /var/lib/pam fits /etc/pam.d, those are what it believes.
std::string debconf_of(const Staging& staging) {
  return fmt::format(
      "Config: answers\nTemplates: templates\n\n"
      "Name: answers\nDriver: File\nFilename: {0}/answers\n\n"
      "Name: templates\nDriver: File\nFilename: {0}/templates\n",
      staging.path());
}

Result<std::string> run_pam_auth_update(const Host& host, const Staging& staging, Wanted wanted) {
  TRY(staging.put("/debconf.conf", plain_file(host, debconf_of(staging))));
  Run run;
  run.command = {host.pam_auth_update,
                 "--root",
                 staging.path(),
                 wanted == Wanted::enabled ? "--enable" : "--remove",
                 "usher",
                 "usher-password"};
  run.environment = {"DEBCONF_SYSTEMRC=" + staging / "debconf.conf"};
  return run_well(run);
}

// It ends well also where it refuses to touch files that were edited by hand.
Result<void> check_result(const std::vector<Change>& changes, Wanted wanted,
                          const std::string& said) {
  for (const Change& change : changes) {
    if (!change.path.starts_with("/etc/pam.d/")) continue;
    const bool there = change.after && change.after->bytes.find(kPamModule) != std::string::npos;
    if (there == (wanted == Wanted::enabled)) continue;
    const bool edited = said.find("Local modifications") != std::string::npos;
    return Error(Errc::conflict,
                 fmt::format("pam-auth-update did not {} {} {}{}",
                             wanted == Wanted::enabled ? "add" : "remove", kPamModule,
                             wanted == Wanted::enabled ? "to " : "from ", change.path) +
                     (edited ? ": it leaves files alone that were edited by hand; see "
                               "pam-auth-update(8)"
                             : ""));
  }
  return {};
}

}  // namespace

bool is_pam(const Change& change) {
  return change.path != kSshdDropIn;
}

bool asks_usher(std::string_view pam_file) {
  while (!pam_file.empty()) {
    const std::string_view line = pam_file.substr(0, pam_file.find('\n'));
    if (line.substr(0, line.find('#')).find("pam_usher.so") != std::string_view::npos) return true;
    pam_file.remove_prefix(std::min(pam_file.size(), line.size() + 1));
  }
  return false;
}

bool any_differs(const std::vector<Change>& changes) {
  for (const Change& change : changes) {
    if (change.differs()) return true;
  }
  return false;
}

Result<std::vector<Change>> plan_pam(const Host& host, Wanted wanted) {
  const Staging staging = TRY(Staging::make(host));
  std::vector<Change> changes;
  for (const std::string_view path : kPamFiles) {
    changes.push_back({std::string(path), TRY(read_image(host.path(path))), std::nullopt});
    if (changes.back().before) TRY(staging.put(path, *changes.back().before));
  }
  TRY(stage_profiles(host, staging));
  const std::string said = TRY(run_pam_auth_update(host, staging, wanted));
  for (Change& change : changes) {
    MaybeFile made = TRY(read_image(staging.path() + change.path));
    if (!made) continue;
    change.after = change.before ? change.before : plain_file(host, "");
    change.after->bytes = std::move(made->bytes);
  }
  TRY(check_result(changes, wanted, said));
  return changes;
}

Result<std::vector<Change>> plan_enable(const Host& host, Sshd sshd) {
  std::vector<Change> changes = TRY(plan_pam(host, Wanted::enabled));
  if (sshd == Sshd::absent) return changes;
  changes.push_back({std::string(kSshdDropIn), TRY(read_image(host.path(kSshdDropIn))),
                     plain_file(host, std::string(kDropIn))});
  return changes;
}

Result<std::vector<Change>> plan_removal(const Host& host) {
  std::vector<Change> changes = TRY(plan_pam(host, Wanted::removed));
  MaybeFile drop_in = TRY(read_image(host.path(kSshdDropIn)));
  if (drop_in && drop_in->bytes == kDropIn) {
    changes.push_back({std::string(kSshdDropIn), std::move(drop_in), std::nullopt});
  }
  return changes;
}

Result<std::string> show_changes(const Host& host, const std::vector<Change>& changes) {
  const Staging staging = TRY(Staging::make(host));
  std::string shown;
  std::string others;
  for (const Change& change : changes) {
    if (!change.differs()) continue;
    if (!change.path.starts_with("/etc/")) {
      others += " " + change.path;
      continue;
    }
    TRY(staging.put("/before", plain_file(host, change.before ? change.before->bytes : "")));
    TRY(staging.put("/after", plain_file(host, change.after ? change.after->bytes : "")));
    const Ended ended = TRY(run_program(
        {{host.diff, "-u", "--label", change.before ? change.path : "/dev/null", "--label",
          change.after ? change.path : "/dev/null", staging / "before", staging / "after"},
         {}}));
    if (ended.exit_code > 1) return Error(Errc::internal, "diff failed: " + ended.output);
    shown += ended.output;
  }
  if (!others.empty()) shown += "\nAnd pam-auth-update's own records:" + others + "\n";
  return shown;
}

}  // namespace usher::ctl
