// What enable, disable, confirm and rollback say in the same words.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "ctl/enable_state.hpp"
#include "ctl/session.hpp"

namespace usher::ctl {

Result<void> must_be_administrator(const Host& host);
// The paths of what differs.
protocol::varlink::Json paths_json(const std::vector<Change>& changes);
// On standard error: what a script reads is not mixed with it.
void print_notes(const Session& session, const std::vector<std::string>& notes);
// escaped(), but tabs, which these files are full of, stay.
std::string lines_escaped(std::string_view line);

}  // namespace usher::ctl
