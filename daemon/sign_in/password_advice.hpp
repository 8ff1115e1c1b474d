// What a person is told about a password that was refused: every failed rule at once, a line each,
// with what to do about it. The same list at every door.
#pragma once

#include <string>
#include <vector>

#include "daemon/policy/password_rules.hpp"
#include "daemon/texts/language.hpp"

namespace usher::sign_in {

std::string describe(texts::Language language, const std::vector<policy::Failure>& failures);

}  // namespace usher::sign_in
