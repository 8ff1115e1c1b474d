// Who and what stands in this machine's own passwd and group files. Read directly and never through
// NSS, which would ask us again; a file that cannot be read is an Error, never "nobody".
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "base/text.hpp"

namespace usher::directory {

class LocalFiles {
 public:
  // `etc` is "/etc" but in tests.
  static Result<LocalFiles> read(const std::string& etc);

  bool has_account(std::string_view name) const { return has_name(accounts_, name); }
  bool has_group(std::string_view name) const { return has_name(groups_, name); }
  bool has(Uid uid) const { return has_number(accounts_, uid.number); }
  bool has(Gid gid) const { return has_number(groups_, gid.number); }

  // The first account with this uid, as the C library finds it.
  std::optional<std::string> account_with(Uid uid) const;
  // The groups whose lines list this name.
  std::vector<std::string> groups_listing(std::string_view name) const;
  // The same, and the group the account's own line names.
  std::vector<std::string> groups_of_account(std::string_view account) const;

 private:
  struct Entry {
    std::string name;
    std::uint64_t number = 0;
    std::string fourth{};  // of an account its gid, of a group its members
  };
  using Entries = std::vector<Entry>;

  static Result<Entries> read_file(const std::string& path);
  static bool has_name(const Entries& entries, std::string_view name);
  static bool has_number(const Entries& entries, std::uint32_t number);

  Entries accounts_;
  Entries groups_;
};

}  // namespace usher::directory
