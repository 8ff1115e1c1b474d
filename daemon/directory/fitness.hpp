// Who may be published: every name, id and text judged before a byte of it is written. Pure; knows
// one person or group at a time. Who is there twice is the edition's to see.
#pragma once

#include <cstdint>
#include <string_view>

namespace usher::directory {

// Views, and good for one call: whoever reads a row hands it on without a copy.
struct PublishedPerson {
  std::string_view name;
  std::uint32_t uid, gid;
  std::string_view gecos, home, shell;
  bool suspended;
};

// Empty: fit. Otherwise what is wrong, in words that repeat nothing of it.
std::string_view fault_of(const PublishedPerson& person);
std::string_view fault_of_group(std::string_view name, std::uint32_t gid);
// The rule of login names, and not one that means power.
std::string_view fault_of_name(std::string_view name);

}  // namespace usher::directory
