// What every letter of this host is written with.
#pragma once

#include <string>
#include <vector>

#include "daemon/letters/templates.hpp"

namespace usher::letters {

struct Letterhead {
  Templates templates;
  std::string host;  // this machine's name, as people know it
  // At the start only: what is wrong with an administrator's templates, for which the built-in ones
  // stand in.
  std::vector<std::string> mistakes{};
};

}  // namespace usher::letters
