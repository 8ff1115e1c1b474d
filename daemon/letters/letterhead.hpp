// What every letter of this host is written with.
#pragma once

#include <string>

#include "daemon/letters/templates.hpp"

namespace usher::letters {

struct Letterhead {
  Templates templates;
  std::string host;  // this machine's name, as people know it
};

}  // namespace usher::letters
