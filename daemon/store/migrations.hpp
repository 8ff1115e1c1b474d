// The numbered migrations compiled into this program, first to last without a gap.
#pragma once

#include <span>

namespace usher::store {

struct Migration {
  int number;        // also the store's user_version once it is applied
  const char* name;  // "0001_init"
  const char* sql;
};

std::span<const Migration> migrations();

}  // namespace usher::store
