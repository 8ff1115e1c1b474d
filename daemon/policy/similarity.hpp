// Whether a new password is the old one with a small change: whoever saw the old one would try it.
// Only what was typed in this change is compared; nothing is kept for it.
#pragma once

#include "base/secret.hpp"

namespace usher::policy {

// Both folded (compatibility characters and case), the new one is similar when
//  - it is the old one backwards,
//  - either holds the other, and that has 4 characters or more,
//  - without their digits they are the same, and not empty,
//  - or at most a quarter of the longer one's characters were inserted, removed or replaced
//    (Levenshtein distance).
// Not asked about equal ones.
bool is_similar(const Secret& fresh, const Secret& old);

}  // namespace usher::policy
