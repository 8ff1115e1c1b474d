// Names, sockets, clock, configuration, modes: a function each, and tables where there are many.
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "base/unique_fd.hpp"
#include "ctl/config.hpp"
#include "ctl/doctor.hpp"
#include "ctl/host_files.hpp"
#include "ctl/local_people.hpp"
#include "ctl/programs.hpp"

namespace usher::ctl {
namespace {

constexpr const char* kConfiguration = "/etc/usher/usher.toml";
constexpr const char* kNames = "/etc/nsswitch.conf";

Finding healthy(std::string where, std::string what) {
  return {Level::ok, FindingKind::healthy, std::move(where), std::move(what), "", {}};
}

Finding not_looked_at(std::string where, std::string why) {
  return {Level::warning,
          FindingKind::not_looked_at,
          std::move(where),
          std::move(why),
          ::geteuid() == 0 ? "see to it, and run doctor again" : "run it as root",
          {}};
}

// As usherd runs; where it does not, as its file says. Its own check judges the rest of the file.
bool refuses_unknown_names(const Patient& patient) {
  if (patient.usherd) return patient.usherd->unknown_names != "pass";
  const auto file = read_image(patient.host.path(kConfiguration));
  if (!file || !*file) return true;
  std::string bytes = (*file)->bytes;
  std::erase(bytes, ' ');
  return ("\n" + bytes).find("\nunknown=\"pass\"") == std::string::npos;
}

Findings names(const Patient& patient) {
  const auto sources = passwd_sources(patient.host);
  if (!sources) return {not_looked_at(kNames, std::string(sources.error().text()))};
  Findings findings;
  if (std::find(sources->begin(), sources->end(), "usher") == sources->end()) {
    findings.push_back({Level::warning,
                        FindingKind::names_missing,
                        kNames,
                        "the passwd line lacks usher: Usher's people have no uid here and cannot "
                        "sign in",
                        "install libnss-usher, which adds it",
                        {}});
  }
  std::string foreign;
  for (const std::string& source : foreign_sources(patient.host, *sources)) {
    foreign += (foreign.empty() ? "" : ", ") + source;
  }
  if (!foreign.empty() && refuses_unknown_names(patient)) {
    findings.push_back({Level::error,
                        FindingKind::names_unclaimed,
                        kNames,
                        fmt::format("people come from {} too, and usherd refuses every name it "
                                    "does not know",
                                    foreign),
                        "set unknown = \"pass\" under [sign_in] in /etc/usher/usher.toml and "
                        "restart usherd",
                        {}});
  }
  if (findings.empty())
    findings.push_back(healthy(kNames, "every name has one source that knows it"));
  return findings;
}

struct Socket {
  const char* path;
  int type;
};
constexpr Socket kSockets[] = {{"/run/usher/login.sock", SOCK_SEQPACKET},
                               {"/run/usher/admin.sock", SOCK_STREAM}};
constexpr const char* kStartSockets = "systemctl start usherd.socket usherd-admin.socket";

// The kernel says at once whether anybody listens; nothing is sent.
bool somebody_listens(const std::string& path, int type) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (path.size() >= sizeof address.sun_path) return false;
  std::memcpy(address.sun_path, path.c_str(), path.size());
  const UniqueFd fd(::socket(AF_UNIX, type | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  if (!fd.valid()) return false;
  // EAGAIN: they do, and are busy.
  return ::connect(fd.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0 ||
         errno == EAGAIN;
}

Finding socket_finding(const Host& host, const Socket& socket) {
  const std::string path = host.path(socket.path);
  struct stat status {};
  if (::lstat(path.c_str(), &status) != 0) {
    if (errno == EACCES) return not_looked_at(socket.path, "it cannot be looked at");
    return {Level::error,  FindingKind::socket_missing,
            socket.path,   "it is not there: Usher's people are refused",
            kStartSockets, {}};
  }
  struct stat directory {};
  const bool safe = ::lstat(parent_of(path).c_str(), &directory) == 0 && S_ISSOCK(status.st_mode) &&
                    status.st_uid == host.administrator.number &&
                    directory.st_uid == host.administrator.number &&
                    (directory.st_mode & 0022) == 0;
  if (!safe) {
    return {
        Level::error,
        FindingKind::socket_unsafe,
        socket.path,
        "it is no socket of root's in a directory that root alone writes: pam_usher.so does not "
        "speak to it",
        "stop who made it, remove it, and " + std::string(kStartSockets),
        {}};
  }
  if (!somebody_listens(path, socket.type)) {
    return {Level::error,  FindingKind::usherd_silent,
            socket.path,   "nobody listens on it: Usher's people are refused",
            kStartSockets, {}};
  }
  if ((status.st_mode & 0666) != 0666) {
    return {Level::warning,
            FindingKind::socket_unsafe,
            socket.path,
            "not everybody may connect: screen lockers and people's own commands get no answer",
            "mode 0666: usherd judges each connection",
            {}};
  }
  return healthy(socket.path, "root's, and somebody listens");
}

Findings sockets(const Patient& patient) {
  Findings findings;
  for (const Socket& socket : kSockets) findings.push_back(socket_finding(patient.host, socket));
  if (!patient.usherd) {
    findings.push_back({Level::error,
                        FindingKind::usherd_silent,
                        "usherd",
                        patient.silence + ": Usher's people are refused meanwhile",
                        "systemctl status usherd; journalctl -u usherd",
                        {}});
  }
  return findings;
}

Findings clock(const Patient& patient) {
  constexpr std::int64_t kPatience = 60'000;
  if (!patient.usherd)
    return {not_looked_at("clock", "usherd keeps the last record, and is silent")};
  const auto last = patient.usherd->last_record_at;
  if (!last) return {healthy("clock", "there is no record yet that it could stand before")};
  if (patient.now + kPatience >= *last)
    return {healthy("clock", "it stands after the last record")};
  return {
      {Level::error,
       FindingKind::clock_behind,
       "clock",
       fmt::format("it stands {} seconds before the last audit record: one of the two was wrong, "
                   "and codes of the app are refused until it is past",
                   (*last - patient.now) / 1000),
       "set the clock (timedatectl); if it is right, it was ahead before: usherctl audit",
       {}}};
}

Findings configuration(const Patient& patient) {
  const std::string file = patient.host.path(kConfiguration);
  if (!exists(file)) return {healthy(kConfiguration, "not there: every setting has its default")};
  const std::string program = patient.host.usherd.empty() ? usherd_program() : patient.host.usherd;
  const auto checked = run_program({{program, "--check-config", file}, {}});
  if (!checked) return {not_looked_at(kConfiguration, std::string(checked.error().text()))};
  // What stands in for something is told by the looks below, which ask usherd itself.
  if (checked->exit_code == 0 || checked->exit_code == kStandsIn)
    return {healthy(kConfiguration, "usherd can use it")};
  std::string said = checked->output;
  std::replace(said.begin(), said.end(), '\n', ' ');
  return {{Level::error,
           FindingKind::configuration,
           kConfiguration,
           "usherd does not start with it: " + said.substr(0, 400),
           "correct the line it names",
           {}}};
}

struct Mode {
  const char* path;
  mode_t forbidden;
};
constexpr mode_t kOthersWrite = 0022;
constexpr Mode kModes[] = {
    {"/etc/pam.d", kOthersWrite},
    {"/etc/nsswitch.conf", kOthersWrite},
    {"/etc/ssh/sshd_config", kOthersWrite},
    {kConfiguration, kOthersWrite},
    {"/etc/usher/adopted", 0077},
    {"/run/credentials/usherd.service/usher-master-key", 0077},
    {"/var/lib/usher", kOthersWrite},
    {"/var/lib/usher/usher.db", 0177},
    {"/var/lib/usher/usher.db-wal", 0177},
    {"/var/lib/usher/usher.db-shm", 0177},
    {"/var/lib/usher/master.key", 0177},
    {"/var/lib/usher/public", kOthersWrite},
    {"/var/lib/usher/public/directory.cdb", kOthersWrite},
    {"/var/lib/usher-enable", 0077},
};

Findings modes(const Patient& patient) {
  Findings findings;
  for (const Mode& row : kModes) {
    struct stat status {};
    if (::stat(patient.host.path(row.path).c_str(), &status) != 0) {
      if (errno == EACCES) findings.push_back(not_looked_at(row.path, "it cannot be looked at"));
      continue;
    }
    if ((status.st_mode & row.forbidden) == 0) continue;
    findings.push_back(
        {Level::error,
         FindingKind::file_mode,
         row.path,
         fmt::format("mode {:04o} lets others {}", status.st_mode & 07777U,
                     (status.st_mode & row.forbidden & 0022) != 0 ? "write" : "read"),
         fmt::format("chmod {:04o} {}", status.st_mode & 07777U & ~row.forbidden, row.path),
         {}});
  }
  if (findings.empty())
    findings.push_back(healthy("modes", "nobody else reads or writes Usher's files"));
  return findings;
}

Findings mail(const Patient& patient) {
  if (!patient.usherd || !patient.usherd->mail) return {};
  const MailState& mail = *patient.usherd->mail;
  if (mail.cure.empty()) return {healthy("mail", mail.says)};
  return {{Level::warning, FindingKind::mail_waits, "mail", mail.says, mail.cure, {}}};
}

Findings text_messages(const Patient& patient) {
  if (!patient.usherd || !patient.usherd->sms) return {};
  const MailState& sms = *patient.usherd->sms;
  if (sms.cure.empty()) return {healthy("text messages", sms.says)};
  return {{Level::warning, FindingKind::sms_waits, "text messages", sms.says, sms.cure, {}}};
}

Findings letters(const Patient& patient) {
  Findings findings;
  if (!patient.usherd) return findings;
  for (const std::string& mistake : patient.usherd->template_mistakes) {
    findings.push_back({Level::warning,
                        FindingKind::template_mistake,
                        "/etc/usher/templates",
                        "a built-in letter stands in: " + mistake,
                        "mend it, and usherctl config reload, which is refused until then",
                        {}});
  }
  return findings;
}

using Look = Findings (*)(const Patient& patient);
constexpr Look kLooks[] = {names, sockets,       clock,   configuration,
                           mail,  text_messages, letters, modes};

}  // namespace

Findings host_findings(const Patient& patient) {
  Findings all;
  for (const Look look : kLooks) {
    for (Finding& finding : look(patient)) all.push_back(std::move(finding));
  }
  return all;
}

}  // namespace usher::ctl
