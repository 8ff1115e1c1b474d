// The machine's own account files as bytes: locked as shadow-utils lock them, read whole, replaced
// whole. Never writes into a file that stands, and never touches a line it was not asked to.
#pragma once

#include <sys/stat.h>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "base/unique_fd.hpp"

namespace usher::ctl {

// The lock of lckpwdf(3), which passwd, useradd, vipw and pam_unix take. Held as long as the
// descriptor lives. Errc::unavailable: somebody else held it all the time we waited.
Result<UniqueFd> lock_account_files(const std::string& etc);

struct EtcFile {
  std::string path;
  std::string text;
  struct stat status {};
};
// Errc::not_found: there is none. Refuses links and what is no regular file.
Result<EtcFile> read_etc_file(const std::string& path);
// Under another name, synced, renamed: owner and mode are the old file's. Errc::conflict: the file
// is not the one that was read any more.
Result<void> replace_etc_file(const EtcFile& file, std::string_view text);
// A new file, 0600; what stands there is replaced.
Result<void> write_private_file(const std::string& path, std::string_view text);

// --- Entries: lines "name:...". ---

std::vector<std::string> fields_of(std::string_view line);
// Errc::conflict: several lines have the name, and each program may mean another.
Result<std::optional<std::string>> entry_of(const EtcFile& file, std::string_view name);
// The text without that line; the same text when it is not there.
std::string without_entry(std::string_view text, std::string_view line);
// The text with the line at its end.
std::string with_entry(std::string_view text, std::string_view line);
bool has_entry(std::string_view text, std::string_view line);
// Every line, for what is true of all of them.
std::vector<std::string> lines_of(std::string_view text);

}  // namespace usher::ctl
