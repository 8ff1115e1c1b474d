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
  // Of a risk: what --force must name; empty: --force alone.
  std::string name = {};
};

// As usherd runs now.
enum class UnknownNames : std::uint8_t { decoy, pass };

struct CheckedHost {
  const Host& host;
  UnknownNames unknown_names = UnknownNames::decoy;
  Sshd sshd = Sshd::absent;
};
std::vector<Obstacle> check_host(const CheckedHost& checked);

// What doctor would find once these changes are in place: errors in PAM's stacks, and Match blocks
// of sshd's that keep PAM from asking.
std::vector<Obstacle> check_plan(const Host& host, const std::vector<Change>& changes, Sshd sshd);

}  // namespace usher::ctl
