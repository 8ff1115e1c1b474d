// usherctl user adopt: a local account becomes Usher's, and back. Usher has it before the machine's
// files lose it, and the files have it before Usher lets go: cut off anywhere, it is somebody's,
// and the same command again goes on.
#include "ctl/adopt.hpp"

#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>

#include "base/text.hpp"
#include "ctl/enable_plan.hpp"
#include "ctl/local_account.hpp"
#include "ctl/local_people.hpp"

namespace usher::ctl {
namespace {

using protocol::varlink::Json;
using protocol::varlink::ReplyOk;

// One step more and Usher would have it, or not: tests stop there.
bool stops_after(const Arguments& arguments, std::string_view step) {
  return arguments.stop_after == step;
}
Error stopped() {
  return Error(Errc::internal, "stopped, as the test asked");
}

// --- What was taken out of the files, kept for --undo: "passwd LINE", one a file. ---

std::string saved_folder(const std::string& etc) {
  return etc + "/usher/adopted";
}
std::string saved_path(const Arguments& arguments) {
  return saved_folder(arguments.etc) + "/" + arguments.name;
}

using Lines = std::vector<std::optional<std::string>>;  // as kAccountFiles

Result<void> make_folder(const std::string& path, mode_t mode) {
  if (::mkdir(path.c_str(), mode) == 0 || errno == EEXIST) return {};
  return system_error("making " + path);
}

Result<void> save(const Arguments& arguments, const Lines& lines) {
  TRY(make_folder(arguments.etc + "/usher", 0755));
  TRY(make_folder(saved_folder(arguments.etc), 0700));
  std::string text;
  for (std::size_t at = 0; at < lines.size(); ++at) {
    if (lines[at]) text += fmt::format("{} {}\n", kAccountFiles[at], *lines[at]);
  }
  return write_private_file(saved_path(arguments), text);
}

// None: it was never adopted here.
Result<std::optional<Lines>> saved(const Arguments& arguments) {
  const Result<EtcFile> file = read_etc_file(saved_path(arguments));
  if (!file && file.error().code() == Errc::not_found) return std::optional<Lines>();
  if (!file) return file.error();
  // What stands here goes into /etc/shadow: nobody but root may have written it.
  if (file->status.st_uid != ::geteuid() || (file->status.st_mode & 077U) != 0) {
    return Error(Errc::not_permitted, file->path + " is not root's alone");
  }
  Lines lines(std::size(kAccountFiles));
  for (std::size_t at = 0; at < lines.size(); ++at) {
    const std::string start = fmt::format("{} ", kAccountFiles[at]);
    for (const std::string& line : lines_of(file->text)) {
      if (line.starts_with(start)) lines[at] = line.substr(start.size());
    }
  }
  if (!lines[0]) return Error(Errc::damaged, file->path + " holds no account");
  return std::optional<Lines>(std::move(lines));
}

// --- Adopting ---

// Without it the machine would not know the name any more.
Result<void> check_nsswitch(const std::string& etc) {
  const EtcFile file = TRY(read_etc_file(etc + "/nsswitch.conf"));
  for (const std::string& line : lines_of(file.text)) {
    if (!line.starts_with("passwd:")) continue;
    const std::string sources = line.substr(0, line.find('#')) + ' ';
    if (sources.find(" usher ") != std::string::npos ||
        sources.find("\tusher ") != std::string::npos) {
      return {};
    }
  }
  return Error(Errc::conflict, file.path +
                                   " does not name usher among the sources of passwd: install "
                                   "libnss-usher first; nothing was changed");
}

// Without it nobody would ask Usher for the password.
Result<void> check_pam(const std::string& etc) {
  const EtcFile file = TRY(read_etc_file(etc + "/pam.d/common-auth"));
  if (asks_usher(file.text)) return {};
  return Error(Errc::conflict, file.path +
                                   " does not name pam_usher.so: run usherctl enable first; "
                                   "nothing was changed");
}

// However they became one: sudoers names more than its group.
Result<void> check_somebody_else(Host host, const Arguments& arguments) {
  if (arguments.etc.ends_with("/etc"))
    host.root = arguments.etc.substr(0, arguments.etc.size() - 4);
  for (const std::string& name : TRY(local_administrators(host))) {
    if (name != arguments.name) return {};
  }
  return Error(Errc::conflict,
               arguments.name +
                   " stays local: nobody else here can become root without Usher; give root a "
                   "password, or somebody local the group sudo");
}

// The hash is worth guessing at: no tree of JSON holds it.
Result<ReplyOk> adopt_with(Session& session, Json parameters,
                           const std::optional<std::string>& hash) {
  if (!hash) return session.call("AdoptUser", std::move(parameters));
  const Secret copy = TRY(Secret::copy(*hash));
  return session.call_with("AdoptUser", std::move(parameters),
                           TRY(protocol::varlink::to_hex(copy)));
}

Result<void> hand_to_usherd(Session& session, const Arguments& arguments,
                            const LocalAccount& account) {
  Json parameters = Json::object();
  parameters["name"] = arguments.name;
  parameters["uid"] = account.uid;
  parameters["gid"] = account.gid;
  parameters["display_name"] = account.gecos;
  parameters["home"] = account.home;
  parameters["shell"] = account.shell;
  if (account.must_change) parameters["must_change"] = true;
  const ReplyOk reply = TRY(adopt_with(session, std::move(parameters), account.hash));
  if (protocol::varlink::truth_of(reply.parameters, "published")) return {};
  return Error(Errc::internal, arguments.name +
                                   " stays local for now: usherd could not publish the account "
                                   "(journalctl -u usherd says why); run this again");
}

// Takes the lines out of the files; what is gone already stays gone.
Result<void> clear_files(const Arguments& arguments, const AccountFiles& files,
                         const Lines& lines) {
  for (std::size_t at = 0; at < lines.size(); ++at) {
    if (!lines[at] || !files.files[at]) continue;
    const EtcFile& file = *files.files[at];
    if (has_entry(file.text, *lines[at])) {
      TRY(replace_etc_file(file, without_entry(file.text, *lines[at])));
    }
    if (stops_after(arguments, kAccountFiles[at])) return stopped();
  }
  return {};
}

Result<void> say(Session& session, const Arguments& arguments, bool adopted,
                 const std::string& text) {
  if (!session.wants_json()) {
    print(session.out(), escaped(text) + "\n");
    return {};
  }
  ReplyOk reply;
  reply.parameters["name"] = arguments.name;
  reply.parameters["adopted"] = adopted;
  return print_json(session.out(), reply);
}

Result<void> adopt(Session& session, const Arguments& arguments) {
  const UniqueFd lock = TRY(lock_account_files(arguments.etc));
  const AccountFiles files = TRY(read_account_files(arguments.etc));
  const auto before = TRY(saved(arguments));
  if (before && !TRY(entry_of(files.passwd(), arguments.name))) {
    TRY(clear_files(arguments, files, *before));
    return say(session, arguments, true, arguments.name + " is Usher's already.");
  }
  const LocalAccount account = TRY(adoptable_account(files, arguments.name));
  TRY(check_nsswitch(arguments.etc));
  TRY(check_pam(arguments.etc));
  if (TRY(phase_of(session.host())) == Phase::armed) {
    return Error(Errc::conflict, "Usher may yet be rolled back: run usherctl confirm first");
  }
  TRY(check_somebody_else(session.host(), arguments));
  TRY(hand_to_usherd(session, arguments, account));
  if (stops_after(arguments, "usherd")) return stopped();
  TRY(save(arguments, account.lines));
  if (stops_after(arguments, "saved")) return stopped();
  TRY(clear_files(arguments, files, account.lines));
  return say(session, arguments, true,
             fmt::format("{0} is Usher's now, with the same uid, home and {1}. Where a second "
                         "factor is due, {0} signs in at the console only until one is set up; a "
                         "code that works over SSH, too: usherctl user reset {0}",
                         arguments.name, account.hash ? "password" : "no password"));
}

// --- Handing back ---

// Another may have taken the name or the number meanwhile.
Result<void> check_room(const AccountFiles& files, const std::string& name, const Lines& lines) {
  const std::vector<std::string> ours = fields_of(*lines[0]);
  for (const std::string& line : lines_of(files.passwd().text)) {
    if (line == *lines[0]) continue;
    const std::vector<std::string> fields = fields_of(line);
    const bool same_uid = ours.size() > 2 && fields.size() > 2 && fields[2] == ours[2];
    if (fields[0] != name && !same_uid) continue;
    return Error(Errc::conflict,
                 fmt::format("the passwd file has {} with the same name or uid", fields[0]));
  }
  for (std::size_t at = 1; at < lines.size(); ++at) {
    if (!lines[at] || !files.files[at]) continue;
    const auto there = TRY(entry_of(*files.files[at], name));
    if (!there || *there == *lines[at]) continue;
    return Error(Errc::conflict, files.files[at]->path + " has another line for " + name);
  }
  return {};
}

Result<void> restore_files(const Arguments& arguments, const AccountFiles& files,
                           const Lines& lines) {
  // passwd last: from then on the account is local, and all of it must be there.
  for (std::size_t at = lines.size(); at-- > 0;) {
    if (!lines[at] || !files.files[at]) continue;
    const EtcFile& file = *files.files[at];
    if (!has_entry(file.text, *lines[at])) {
      TRY(replace_etc_file(file, with_entry(file.text, *lines[at])));
    }
    if (stops_after(arguments, kAccountFiles[at])) return stopped();
  }
  return {};
}

Result<void> tell_usherd(Session& session, const Arguments& arguments, bool only_check) {
  Json parameters = Json::object();
  parameters["name"] = arguments.name;
  if (only_check) parameters["only_check"] = true;
  const auto told = session.call("HandBackUser", std::move(parameters));
  // Deleted in Usher meanwhile: nothing is left to hand back there.
  if (told || told.error().code() == Errc::not_found) return {};
  return told.error();
}

Result<void> hand_back(Session& session, const Arguments& arguments) {
  const UniqueFd lock = TRY(lock_account_files(arguments.etc));
  const auto lines = TRY(saved(arguments));
  if (!lines) return Error(Errc::not_found, arguments.name + " was not adopted on this machine");
  const AccountFiles files = TRY(read_account_files(arguments.etc));
  TRY(check_room(files, arguments.name, *lines));
  // The password that goes back opens the account, also one that was closed in Usher. Without
  // usherd nobody knows, and local accounts must not wait for it.
  const auto allowed = tell_usherd(session, arguments, true);
  if (!allowed && allowed.error().code() != Errc::unavailable) return allowed.error();
  TRY(restore_files(arguments, files, *lines));
  const auto told = tell_usherd(session, arguments, false);
  if (!told) {
    return told.error().in(
        "the account is local again, but usherd does not know; run this again. If Usher had closed "
        "it, "
        "lock it: usermod --lock");
  }
  if (::unlink(saved_path(arguments).c_str()) != 0) return system_error("removing what was kept");
  return say(session, arguments, false,
             arguments.name + " is local again, with the password of before.");
}

}  // namespace

Result<std::vector<std::string>> locked_out_without_usher(const std::string& etc) {
  std::vector<std::string> names;
  std::error_code failure;
  for (const auto& entry : std::filesystem::directory_iterator(saved_folder(etc), failure)) {
    const std::string name = entry.path().filename();
    if (UserName::parse(name)) names.push_back(name);  // else a file that was not finished
  }
  const bool none = failure == std::errc::no_such_file_or_directory;
  if (failure && !none) return system_error("reading " + saved_folder(etc), failure.value());
  if (names.empty()) return names;
  // --undo put its lines back, and usherd could not be told yet.
  const std::string passwd = "\n" + TRY(read_etc_file(etc + "/passwd")).text;
  std::erase_if(names, [&](const std::string& name) {
    return passwd.find(fmt::format("\n{}:", name)) != std::string::npos;
  });
  std::sort(names.begin(), names.end());
  return names;
}

Result<void> adopt_or_hand_back(Session& session, const Arguments& arguments) {
  // It becomes a file's name and the start of a line.
  const Result<UserName> name = UserName::parse(arguments.name);
  if (!name) return name.error();
  return arguments.undo ? hand_back(session, arguments) : adopt(session, arguments);
}

}  // namespace usher::ctl
