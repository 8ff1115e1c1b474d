// The one wrapper of libpasswdqc: a filter of passwords known from breaches, in the format that its
// pwqfilter makes, and passphrases to offer. None of its own opinions about a password is asked.
#pragma once

#include <string>

#include "base/result.hpp"
#include "base/secret.hpp"
#include "base/unique_fd.hpp"

namespace usher::daemon {

class BreachFilter {
 public:
  // Looks at the header and the size. Errc::damaged when it is no filter or not a whole one; the
  // file stays open, so what is looked up later is what was checked.
  static Result<BreachFilter> open(const std::string& path);

  // Whether the whole password is in the filter, as it is or case folded. Wrong in fewer than one
  // of 10^9 cases (pwqfilter(1)), and never the other way round.
  Result<bool> holds(const Secret& password) const;

 private:
  explicit BreachFilter(UniqueFd file) : file_(std::move(file)) {}
  UniqueFd file_;
};

// Random words with signs between them. Up to 24 to 85 bits, from the kernel's randomness.
Result<Secret> random_passphrase(int bits);

}  // namespace usher::daemon
