// What must hold before `enable` changes anything. One table; each row looks at one thing and says
// what to do about it.
#pragma once

#include <string>
#include <vector>

#include "ctl/enable_plan.hpp"

namespace usher::ctl {

enum class Weight : std::uint8_t {
  risk,     // --force goes on
  refusal,  // nothing does
};
struct Obstacle {
  Weight weight = Weight::refusal;
  std::string text;
};

// As usherd runs now.
enum class UnknownNames : std::uint8_t { decoy, pass };

struct CheckedHost {
  const Host& host;
  UnknownNames unknown_names = UnknownNames::decoy;
  Sshd sshd = Sshd::absent;
};
std::vector<Obstacle> check_host(const CheckedHost& checked);

}  // namespace usher::ctl
