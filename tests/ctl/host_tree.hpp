// A host of one's own for `usherctl enable`: a private tree as a fresh Debian 12 has it, the real
// pam-auth-update and diff, and stand-ins for systemctl and sshd that keep a record and fail on
// demand.
#pragma once

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>

#include "ctl/enable_steps.hpp"
#include "tests/fakes/temporary_directory.hpp"

namespace usher::ctl {

// Path -> mode and bytes (or the target of a link) of all below; directories count too.
using Snapshot = std::map<std::string, std::string>;

class HostTree {
 public:
  HostTree() {
    namespace fs = std::filesystem;
    fs::copy(USHER_HOST_FIXTURE, tree_.path(), fs::copy_options::recursive);
    // Not copies of them: what ships is what is tried.
    fs::copy(USHER_PAM_PROFILES, tree_ / "/usr/share/pam-configs");
    for (const char* directory :
         {"/etc/ssh/sshd_config.d", "/etc/systemd/system", "/run/systemd/system", "/run/sshd",
          "/usr/lib/security", "/programs"}) {
      fs::create_directories(tree_.path() + directory);
    }
    write("/usr/lib/security/pam_usher.so", "");
    // Records the command; fails when a word of it stands in systemctl.fails.
    program("systemctl",
            "echo \"$*\" >> \"$0.log\"\n"
            "for word in \"$@\"; do grep -qsx -e \"$word\" \"$0.fails\" && exit 1; done\nexit 0\n");
    // Reads the drop-in, and no more of the configuration than these tests need. A connection (-C)
    // with the words in sshd.match is inside a Match block that says no.
    program("sshd",
            "[ -e \"$0.fails\" ] && { echo \"$3: line 1: bad\"; exit 255; }\n"
            "[ -e \"$0.overruled\" ] || keyboard=$(sed -n 's/^Kbd[A-Za-z]* //p' "
            "\"${3%/*}/sshd_config.d/50-usher.conf\" 2>/dev/null)\n"
            "case $* in *KbdInteractiveAuthentication=yes*) keyboard=yes;; esac\n"
            "grep -qs . \"$0.match\" && case $* in *$(cat \"$0.match\")*) keyboard=no;; esac\n"
            "printf 'port 22\\nkbdinteractiveauthentication %s\\nusepam yes\\n' "
            "\"${keyboard:-no}\"\n");
    host_.root = tree_.path();
    host_.administrator = Uid{::geteuid()};
    host_.systemctl = tree_ / "programs/systemctl";
    host_.sshd = tree_ / "programs/sshd";
    host_.usherctl = "/usr/bin/usherctl";
    host_.pam_module = "/usr/lib/security/pam_usher.so";
    start_ = snapshot();
  }

  const Host& host() const { return host_; }
  Host& host() { return host_; }
  std::string operator/(std::string_view absolute) const { return host_.path(absolute); }

  void write(const std::string& absolute, const std::string& bytes) const {
    std::ofstream(tree_.path() + absolute) << bytes;
  }
  std::string read(const std::string& absolute) const {
    std::ifstream file(tree_.path() + absolute);
    std::ostringstream text;
    text << file.rdbuf();
    return text.str();
  }
  // systemctl's or sshd's; the text says which commands of systemctl.
  void let_fail(const std::string& name, const std::string& words = "") const {
    write("/programs/" + name + ".fails", words + "\n");
  }
  void let_work(const std::string& name) const {
    std::filesystem::remove(tree_ / ("programs/" + name + ".fails"));
  }
  std::string told_systemctl() const { return read("/programs/systemctl.log"); }

  // What people's sign-ins and the next boot depend on; not the programs, nor /run.
  Snapshot snapshot() const {
    Snapshot all;
    namespace fs = std::filesystem;
    for (const char* top : {"/etc", "/var", "/usr"}) {
      for (const auto& entry : fs::recursive_directory_iterator(tree_.path() + top)) {
        const std::string path = entry.path().string().substr(tree_.path().size());
        const auto status = entry.symlink_status();
        std::ostringstream text;
        text << std::oct << static_cast<unsigned>(status.permissions()) << ' ';
        if (entry.is_symlink()) text << fs::read_symlink(entry.path()).string();
        if (status.type() == fs::file_type::regular) text << read(path);
        all[path] = text.str();
      }
    }
    return all;
  }
  const Snapshot& at_the_start() const { return start_; }

 private:
  void program(const std::string& name, const std::string& body) const {
    write("/programs/" + name, "#!/bin/sh\n" + body);
    std::filesystem::permissions(tree_ / ("programs/" + name), std::filesystem::perms::owner_all);
  }

  fakes::TemporaryDirectory tree_;
  Host host_;
  Snapshot start_;
};

}  // namespace usher::ctl
