// The questions that confirm an address and a number at a sign-in, once all that is asked of the
// person is proven: which one, and the code that was sent there. Whoever presses Enter is in, and
// is asked again next time.
#pragma once

#include "daemon/contacts/confirmation.hpp"
#include "daemon/ports/person.hpp"
#include "daemon/sign_in/account_lookup.hpp"

namespace usher::sign_in {

enum class Confirming : std::uint8_t { done, put_off };

// What there is to ask for now: what the policy or a campaign wants, and what a code can be sent
// to.
Result<std::vector<store::ContactKind>> kinds_to_confirm(const daemon::Context& context,
                                                         const store::PersonRecord& record);

// One kind after the other, until a code was waited for: two of them would take longer than
// login(1) gives, and the other kind has the next sign-in. A code that was sent within ten minutes
// is asked for, and no other sent meanwhile. An Error is no reason to refuse anybody:
// required_actions.cpp lets them in all the same.
Result<Confirming> confirm_contacts(const daemon::Context& context, ports::Person& person,
                                    const store::PersonRecord& record, contacts::Proof proof,
                                    const std::vector<store::ContactKind>& kinds);

}  // namespace usher::sign_in
