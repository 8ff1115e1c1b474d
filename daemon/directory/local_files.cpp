// Splits lines at their colons. A line that is no entry still counts with whatever name it has:
// other programs may read it more kindly.
#include "daemon/directory/local_files.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <limits>

#include "base/blanks.hpp"
#include "base/unique_fd.hpp"

namespace usher::directory {
namespace {

// Some 100,000 local accounts; a file above it is not one an administrator keeps.
constexpr std::size_t kMaxFile = 16 * 1024 * 1024;
constexpr std::uint64_t kNoNumber = std::numeric_limits<std::uint64_t>::max();

Result<std::string> slurp(const std::string& path) {
  // NONBLOCK: a fifo in its place must not hold the caller.
  const UniqueFd file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  if (!file.valid()) return system_error("opening " + path);
  struct stat status {};
  if (::fstat(file.get(), &status) != 0) return system_error("looking at " + path);
  if (!S_ISREG(status.st_mode)) return Error(Errc::unavailable, path + " is no regular file");
  std::string text;
  std::array<char, 16 * 1024> buffer{};
  for (;;) {
    const ssize_t got = ::read(file.get(), buffer.data(), buffer.size());
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return system_error("reading " + path);
    if (got == 0) return text;
    text.append(buffer.data(), static_cast<std::size_t>(got));
    if (text.size() > kMaxFile) return Error(Errc::exhausted, path + " is too long");
  }
}

std::string_view field(std::string_view line, int index) {
  for (; index > 0; --index) {
    const std::size_t colon = line.find(':');
    if (colon == std::string_view::npos) return {};
    line.remove_prefix(colon + 1);
  }
  return line.substr(0, line.find(':'));
}

std::uint64_t number_of(std::string_view text) {
  text = without_leading_blanks(text);
  std::uint64_t number = kNoNumber;
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), number);
  return failed == std::errc() && end == text.data() + text.size() ? number : kNoNumber;
}

bool lists(std::string_view members, std::string_view name) {
  while (!members.empty()) {
    const std::size_t comma = std::min(members.find(','), members.size());
    if (without_leading_blanks(members.substr(0, comma)) == name) return true;
    members.remove_prefix(std::min(comma + 1, members.size()));
  }
  return false;
}

}  // namespace

Result<LocalFiles::Entries> LocalFiles::read_file(const std::string& path) {
  const std::string text = TRY(slurp(path));
  Entries entries;
  for (std::string_view rest = text; !rest.empty();) {
    const std::size_t end = std::min(rest.find('\n'), rest.size());
    const std::string_view line = without_leading_blanks(rest.substr(0, end));
    rest.remove_prefix(std::min(end + 1, rest.size()));
    // passwd and group files agree on the first two.
    entries.push_back(
        {std::string(field(line, 0)), number_of(field(line, 2)), std::string(field(line, 3))});
  }
  return entries;
}

Result<LocalFiles> LocalFiles::read(const std::string& etc) {
  auto accounts = read_file(etc + "/passwd");
  auto groups = read_file(etc + "/group");
  // A file that is not there is no "not found" of a name.
  if (!accounts) return Error(Errc::unavailable, accounts.error().text());
  if (!groups) return Error(Errc::unavailable, groups.error().text());
  LocalFiles files;
  files.accounts_ = accounts.release_value();
  files.groups_ = groups.release_value();
  return files;
}

bool LocalFiles::has_name(const Entries& entries, std::string_view name) {
  return std::any_of(entries.begin(), entries.end(),
                     [&](const Entry& entry) { return entry.name == name; });
}

bool LocalFiles::has_number(const Entries& entries, std::uint32_t number) {
  return std::any_of(entries.begin(), entries.end(),
                     [&](const Entry& entry) { return entry.number == number; });
}

std::optional<std::string> LocalFiles::account_with(Uid uid) const {
  for (const Entry& account : accounts_) {
    if (account.number == uid.number) return account.name;
  }
  return std::nullopt;
}

std::vector<std::string> LocalFiles::groups_listing(std::string_view name) const {
  std::vector<std::string> names;
  for (const Entry& group : groups_) {
    if (!name.empty() && lists(group.fourth, name)) names.push_back(group.name);
  }
  return names;
}

std::vector<std::string> LocalFiles::groups_of_account(std::string_view account) const {
  std::vector<std::string> names = groups_listing(account);
  const auto entry = std::find_if(accounts_.begin(), accounts_.end(),
                                  [&](const Entry& one) { return one.name == account; });
  const std::uint64_t gid = entry == accounts_.end() ? kNoNumber : number_of(entry->fourth);
  if (gid == kNoNumber) return names;
  for (const Entry& group : groups_) {
    if (group.number == gid) names.push_back(group.name);
  }
  return names;
}

}  // namespace usher::directory
