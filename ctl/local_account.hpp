// One local account as the machine's files have it, and whether it may leave them.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "ctl/etc_files.hpp"

namespace usher::ctl {

// The account files in the order in which their lines go: after the first the account is not local
// any more, and what is left of the others is nobody's until it is cleared away.
inline constexpr std::string_view kAccountFiles[] = {"passwd", "shadow", "group", "gshadow"};

struct AccountFiles {
  // As kAccountFiles; only gshadow may be missing.
  std::vector<std::optional<EtcFile>> files;
  const EtcFile& passwd() const { return *files[0]; }
  const EtcFile& shadow() const { return *files[1]; }
  const EtcFile& group() const { return *files[2]; }
};
Result<AccountFiles> read_account_files(const std::string& etc);

struct LocalAccount {
  std::uint32_t uid = 0;
  std::uint32_t gid = 0;
  std::string gecos;
  std::string home;
  std::string shell;
  std::optional<std::string> hash;  // none: locked, or no password at all
  bool must_change = false;
  // The account's line in each of kAccountFiles; group lines only of the private group.
  std::vector<std::optional<std::string>> lines;
};

// Errc::not_found: no such account. Errc::conflict: it may not leave; the text says why and what
// to do: root, the system's, an administrator's, one with a shared group or an expiry date.
Result<LocalAccount> adoptable_account(const AccountFiles& files, const std::string& name);

}  // namespace usher::ctl
