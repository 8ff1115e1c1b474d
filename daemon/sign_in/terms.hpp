// Showing the terms that hold for somebody, and keeping that they accepted them.
#pragma once

#include "daemon/context.hpp"
#include "daemon/ports/person.hpp"

namespace usher::sign_in {

enum class Terms : std::uint8_t { accepted, declined };

// One text after the other; each acceptance is kept, and audited, by itself.
Result<Terms> ask_for_terms(const daemon::Context& context, ports::Person& person,
                            const store::PersonRecord& record);

}  // namespace usher::sign_in
