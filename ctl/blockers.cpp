// One row a blocker; a name of a later usherd closes, and is said as it is.
#include "ctl/blockers.hpp"

#include <algorithm>
#include <vector>

#include "ctl/calls.hpp"

namespace usher::ctl {
namespace {

using protocol::varlink::Json;

constexpr BlockerRow kRows[] = {
    {"suspended", Closes::yes, "the account is suspended: usherctl user resume"},
    {"disabled", Closes::yes, "the account is disabled: usherctl user enable"},
    {"expired", Closes::yes, "the account has ended: usherctl user set --expires"},
    {"inactive", Closes::yes, "nobody signed in for too long: usherctl user enable"},
    {"signed_in_elsewhere", Closes::no, "no password is kept here"},
    {"first_sign_in_due", Closes::no,
     "no password: its owner needs a one-time code, which usherctl user reset makes"},
    {"new_password_due", Closes::no, "a new password is due at the next sign-in"},
};

BlockerRow row_of(std::string_view name) {
  for (const BlockerRow& row : kRows) {
    if (row.name == name) return row;
  }
  return {name, Closes::yes, name};
}

std::vector<std::string> names_of(const Json& reply) {
  std::vector<std::string> names;
  for (const Json& blocker : rows_member(reply, "blocked_by")) {
    const auto* name = blocker.get_ptr<const std::string*>();
    if (name != nullptr) names.push_back(*name);
  }
  return names;
}

}  // namespace

std::span<const BlockerRow> blocker_rows() {
  return kRows;
}

std::string blockers_text(const Json& reply) {
  std::string text;
  for (const std::string& name : names_of(reply)) {
    text.append(text.empty() ? "" : "; ").append(row_of(name).said);
  }
  return text;
}

bool is_closed(const Json& reply) {
  const auto names = names_of(reply);
  return std::any_of(names.begin(), names.end(),
                     [](const std::string& name) { return row_of(name).closes == Closes::yes; });
}

}  // namespace usher::ctl
