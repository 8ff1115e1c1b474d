// What ShowUser says of why somebody may not sign in, or of what a sign-in will ask first.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "protocol/varlink.hpp"

namespace usher::ctl {

enum class Closes : std::uint8_t { no, yes };

struct BlockerRow {
  std::string_view name;  // as type Blocker of io.usher.Admin has it
  Closes closes;          // no: the next sign-in does what is due, or is done elsewhere
  std::string_view said;
};
std::span<const BlockerRow> blocker_rows();

// Of a reply of ShowUser: all of them in words, joined by "; ". Empty: there are none.
std::string blockers_text(const protocol::varlink::Json& reply);
bool is_closed(const protocol::varlink::Json& reply);

}  // namespace usher::ctl
