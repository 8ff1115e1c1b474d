// A lone ? at the code's question, after a right password: whom to ask, who is told of it by mail.
#pragma once

#include "daemon/context.hpp"
#include "daemon/ports/person.hpp"

namespace usher::sign_in {

inline constexpr std::string_view kFactorHelp = "factor-help";  // the record's operation

// Records it, mails the support contact where that is an address, once in a day, and says so.
// Changes nothing of the account: whoever knows the password alone could ask.
Result<void> help_with_factor(const daemon::Context& context, ports::Person& person,
                              const store::PersonRecord& record);

}  // namespace usher::sign_in
