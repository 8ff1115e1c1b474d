// Why a decision was what it was, and what would have let it pass, for an administrator: one row a
// reason (explanation.cpp), and a reason without a row does not compile. English only: nobody who
// signs in reads it.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "daemon/sign_in/decision.hpp"
#include "daemon/trail.hpp"

namespace usher::sign_in {

struct Explanation {
  std::string_view why;
  std::string_view remedy;  // empty where it did pass
};

// What the texts name in braces.
struct Circumstances {
  std::string person;      // "ada", or "somebody" where the record names nobody
  std::string service;     // "sshd"
  std::string until;       // when the throttle was to end
  std::string suspension;  // " since ..., by ..., for ..."; empty where it is not known
};

// A reason may have a row of its own for what stands in the trail.
Explanation explanation_of(Reason reason, std::span<const daemon::Noted> trail);
// Of a conversation in which nothing could be decided.
Explanation explanation_of(Errc code);

std::string fill(std::string_view text, const Circumstances& values);

// By the name an audit record gives it.
std::optional<Reason> find_reason(std::string_view name);
std::optional<Errc> find_error(std::string_view name);

}  // namespace usher::sign_in
