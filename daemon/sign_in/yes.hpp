// A question that only a typed "yes" answers with yes.
#pragma once

#include "daemon/context.hpp"
#include "daemon/ports/person.hpp"

namespace usher::sign_in {

// "yes", or the word of the person's language, in either case.
bool is_yes(const daemon::Context& context, std::string_view typed);
// The same of what is answered; everything else is a no.
Result<bool> says_yes(const daemon::Context& context, ports::Person& person,
                      std::string_view question);

}  // namespace usher::sign_in
