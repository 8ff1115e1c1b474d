// The rules of who may leave the machine's files. What is not understood stays where it is.
#include "ctl/local_account.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "base/blanks.hpp"
#include "base/text.hpp"

namespace usher::ctl {
namespace {

constexpr std::uint32_t kFirstOfPeople = 1000;
constexpr std::size_t kPasswdFields = 7;
constexpr std::size_t kShadowFields = 9;
constexpr std::size_t kGroupFields = 4;
// Whose members repair the machine when Usher cannot: they stay local.
constexpr std::string_view kAdminGroups[] = {"root", "sudo", "wheel", "admin"};

Error stays(const std::string& name, std::string_view why) {
  return Error(Errc::conflict, fmt::format("{} stays local: {}", name, why));
}

Result<std::uint32_t> id_of(const std::string& text) {
  std::uint32_t number = 0;
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (failed != std::errc() || end != text.data() + text.size()) {
    return Error(Errc::conflict, "an id in the account files is no number");
  }
  return number;
}

bool lists(std::string_view members, std::string_view name) {
  while (true) {
    const std::size_t comma = std::min(members.find(','), members.size());
    if (without_leading_blanks(members.substr(0, comma)) == name) return true;
    if (comma == members.size()) return false;
    members.remove_prefix(comma + 1);
  }
}

// A display name is UTF-8 without control characters; an old gecos may be anything.
std::string clean_gecos(std::string gecos) {
  while (gecos.ends_with(',')) gecos.pop_back();
  if (is_plain_text(gecos, Newlines::refused)) return gecos;
  std::replace_if(
      gecos.begin(), gecos.end(), [](char c) { return c < ' ' || c > '~'; }, '?');
  return gecos;
}

Result<void> read_passwd(const std::string& name, const std::string& line, LocalAccount& account) {
  const std::vector<std::string> fields = fields_of(line);
  if (fields.size() != kPasswdFields) return stays(name, "its passwd line is malformed");
  account.uid = TRY(id_of(fields[2]));
  account.gid = TRY(id_of(fields[3]));
  account.gecos = clean_gecos(fields[4]);
  account.home = fields[5];
  account.shell = fields[6].empty() ? "/bin/sh" : fields[6];  // passwd(5)
  if (account.uid == 0) return stays(name, "it is root");
  if (account.uid < kFirstOfPeople) return stays(name, "its uid is the system's");
  if (fields[1] != "x") return stays(name, "its password is not in the shadow file; run pwconv");
  return {};
}

Result<void> read_shadow(const std::string& name, const std::string& line, LocalAccount& account) {
  const std::vector<std::string> fields = fields_of(line);
  if (fields.size() != kShadowFields) return stays(name, "its shadow line is malformed");
  // Usher keeps no expiry dates: an account that has ended would come back to life.
  if (!fields[7].empty() && fields[7] != "-1") {
    return stays(name, fmt::format("it has an expiry date, which Usher does not keep; "
                                   "chage -E -1 {} takes it away",
                                   name));
  }
  // Likewise one whose password is too old to be changed any more.
  if (!fields[6].empty() && fields[6] != "-1") {
    return stays(name, fmt::format("it ends with its password's age, which Usher does not keep; "
                                   "chage -I -1 {} takes that away",
                                   name));
  }
  account.must_change = fields[2] == "0";
  const std::string& hash = fields[1];
  // Locked, or open to everybody, which Usher has no word for.
  if (!hash.empty() && hash[0] != '!' && hash[0] != '*') account.hash = hash;
  return {};
}

// The private group goes with the account; a group that others use cannot.
Result<void> read_groups(const AccountFiles& files, const std::string& name,
                         LocalAccount& account) {
  for (const std::string& line : lines_of(files.group().text)) {
    const std::vector<std::string> fields = fields_of(line);
    if (fields.size() != kGroupFields) continue;
    const bool is_primary = fields[2] == std::to_string(account.gid);
    const bool is_admins = std::find(std::begin(kAdminGroups), std::end(kAdminGroups), fields[0]) !=
                           std::end(kAdminGroups);
    if (is_admins && (is_primary || lists(fields[3], name))) {
      return stays(name, "it may administer this machine, also when Usher does not work");
    }
    if (fields[0] == name && !is_primary) {
      return stays(name, "a group of its name is not its primary group");
    }
    if (!is_primary) continue;
    const bool is_private = fields[0] == name && (fields[3].empty() || fields[3] == name);
    if (!is_private || account.lines[2]) {
      return stays(name, fmt::format("its primary group {} is not its own; usermod -g gives it "
                                     "another",
                                     fields[0]));
    }
    account.lines[2] = line;
  }
  for (const std::string& line : lines_of(files.passwd().text)) {
    const std::vector<std::string> fields = fields_of(line);
    if (fields.size() != kPasswdFields || fields[0] == name) continue;
    if (fields[2] == std::to_string(account.uid)) {
      return stays(name, fmt::format("{} has the same uid", fields[0]));
    }
    if (fields[3] == std::to_string(account.gid)) {
      return stays(name, fmt::format("{} has the same primary group", fields[0]));
    }
  }
  return {};
}

}  // namespace

Result<AccountFiles> read_account_files(const std::string& etc) {
  AccountFiles read;
  for (const std::string_view name : kAccountFiles) {
    Result<EtcFile> file = read_etc_file(fmt::format("{}/{}", etc, name));
    const bool may_miss = name == "gshadow";
    if (!file && !(may_miss && file.error().code() == Errc::not_found)) {
      // "no such account" is not_found; a machine without a passwd file is another matter.
      const Errc code = file.error().code();
      return Error(code == Errc::not_found ? Errc::internal : code, file.error().text());
    }
    read.files.push_back(file ? std::optional(file.release_value()) : std::nullopt);
  }
  return read;
}

Result<LocalAccount> adoptable_account(const AccountFiles& files, const std::string& name) {
  LocalAccount account;
  account.lines.resize(std::size(kAccountFiles));
  for (const std::size_t at : {std::size_t{0}, std::size_t{1}}) {
    account.lines[at] = TRY(entry_of(*files.files[at], name));
  }
  if (!account.lines[0]) return Error(Errc::not_found, "there is no local account " + name);
  TRY(read_passwd(name, *account.lines[0], account));
  if (account.lines[1]) TRY(read_shadow(name, *account.lines[1], account));
  TRY(read_groups(files, name, account));
  if (account.lines[2] && files.files[3]) account.lines[3] = TRY(entry_of(*files.files[3], name));
  return account;
}

}  // namespace usher::ctl
