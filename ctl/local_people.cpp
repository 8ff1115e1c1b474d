// Four files, split at ':' and at blanks.
#include "ctl/local_people.hpp"

#include <algorithm>
#include <map>
#include <sstream>

#include "ctl/host_files.hpp"

namespace usher::ctl {
namespace {

using Fields = std::vector<std::string>;

Fields split(const std::string& line, char at) {
  Fields fields;
  std::istringstream rest(line);
  for (std::string field; std::getline(rest, field, at);) fields.push_back(field);
  return fields;
}

Result<std::vector<Fields>> rows_of(const std::string& path, std::size_t columns) {
  const MaybeFile file = TRY(read_image(path));
  if (!file) return Error(Errc::not_found, path + " is missing");
  std::vector<Fields> rows;
  std::istringstream lines(file->bytes);
  for (std::string line; std::getline(lines, line);) {
    Fields fields = split(line, ':');
    if (fields.size() >= columns) rows.push_back(std::move(fields));
  }
  return rows;
}

// crypt(5): a password that some text matches starts with '$' or '_', or is DES's 13 letters.
// Locked ones start with '!' or '*'; an empty one is no way in where PAM lacks nullok.
bool usable(const std::string& hash) {
  constexpr std::size_t kDes = 13;
  if (hash.empty() || hash.front() == '!' || hash.front() == '*') return false;
  return hash.front() == '$' || hash.front() == '_' || hash.size() == kDes;
}

bool is_shell(const std::string& shell) {
  return !shell.ends_with("/nologin") && !shell.ends_with("/false");
}

bool holds(const std::vector<std::string>& list, const std::string& name) {
  return std::find(list.begin(), list.end(), name) != list.end();
}

}  // namespace

Result<std::vector<std::string>> local_administrators(const Host& host) {
  std::map<std::string, bool> has_password;
  for (const Fields& row : TRY(rows_of(host.path("/etc/shadow"), 2))) {
    has_password[row[0]] = usable(row[1]);
  }
  std::vector<std::string> members;
  std::string group_id;
  for (const Fields& row : TRY(rows_of(host.path("/etc/group"), 3))) {
    if (row[0] != "sudo") continue;
    group_id = row[2];
    if (row.size() > 3) members = split(row[3], ',');
  }
  std::vector<std::string> names;
  for (const Fields& row : TRY(rows_of(host.path("/etc/passwd"), 7))) {
    const bool may =
        row[2] == "0" || holds(members, row[0]) || (!group_id.empty() && row[3] == group_id);
    if (may && has_password[row[0]] && is_shell(row[6])) names.push_back(row[0]);
  }
  return names;
}

Result<std::vector<std::string>> passwd_sources(const Host& host) {
  const std::string path = host.path("/etc/nsswitch.conf");
  const MaybeFile file = TRY(read_image(path));
  // glibc's own default, without a file.
  if (!file) return std::vector<std::string>{"files"};
  std::vector<std::string> sources;
  std::istringstream lines(file->bytes);
  for (std::string line; std::getline(lines, line);) {
    line = line.substr(0, line.find('#'));
    const std::size_t colon = line.find(':');
    if (colon == std::string::npos) continue;
    std::string database;
    std::istringstream(line.substr(0, colon)) >> database;
    if (database != "passwd") continue;
    bool in_brackets = false;
    std::istringstream words(line.substr(colon + 1));
    for (std::string word; words >> word;) {
      if (word.front() == '[') in_brackets = true;
      if (!in_brackets) sources.push_back(word);
      if (word.back() == ']') in_brackets = false;
    }
  }
  return sources;
}

std::vector<std::string> foreign_sources(const Host& host,
                                         const std::vector<std::string>& sources) {
  // nss-systemd's own are services' dynamic users. People come from homed, or from records that
  // somebody dropped in (userdb(5)).
  bool people = exists(host.path("/run/systemd/userdb/io.systemd.Home"));
  for (const char* folder : {"/etc/userdb", "/run/userdb", "/run/host/userdb"}) {
    people = people || exists(host.path(folder));
  }
  std::vector<std::string> foreign;
  for (const std::string& source : sources) {
    if (source == "files" || source == "usher" || source == "compat") continue;
    if (source == "systemd" && !people) continue;
    foreign.push_back(source);
  }
  return foreign;
}

}  // namespace usher::ctl
