// Choosing a new password: the rules' every objection at once, three tries, typed twice.
#pragma once

#include "daemon/context.hpp"
#include "daemon/ports/person.hpp"
#include "daemon/sign_in/decision.hpp"
#include "daemon/store/codes.hpp"

namespace usher::sign_in {

struct NewPassword {
  Secret chosen;             // normalised; empty when none was accepted
  std::uint16_t length = 0;  // bytes as typed, for PAM_AUTHTOK
  Reason reason = Reason::no_new_password;
};

// `previous` is what was just proven (the old password or the one-time code): not accepted again.
Result<NewPassword> choose_password(const daemon::Context& context, ports::Person& person,
                                    const store::PersonRecord& record, const Secret& previous);

// Whether this conversation has shown a second factor.
enum class Factor : std::uint8_t { not_shown, shown };

// Stores it: hash, epoch, state, and the one-time code it redeems, in one transaction. The new
// epoch; none when the code was spent or the person changed meanwhile.
Result<std::optional<std::int64_t>> keep_password(const daemon::Context& context,
                                                  const store::PersonRecord& record,
                                                  const Secret& password,
                                                  const std::optional<store::CodeRecord>& redeems,
                                                  Factor factor = Factor::not_shown);

}  // namespace usher::sign_in
