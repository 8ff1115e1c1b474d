// The second factor: whatever the person has enrolled is asked, at every door.
#pragma once

#include "daemon/factors/factor.hpp"
#include "daemon/ports/person.hpp"
#include "daemon/sign_in/account_lookup.hpp"
#include "daemon/sign_in/first_factor.hpp"

namespace usher::sign_in {

struct SecondFactor {
  bool proven = false;
  std::string_view kind;  // whose code it was; empty: none is enrolled, none was asked
  Reason reason = Reason::wrong_code;
};

Result<SecondFactor> prove_second_factor(const daemon::Context& context, ports::Person& person,
                                         const Account& account, const FirstFactor& first);

}  // namespace usher::sign_in
