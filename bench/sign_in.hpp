// A sign-in as login(1) does it: pam_start, authentication, the account phase, pam_end, in this
// process, with the answers at hand.
#pragma once

#include <functional>
#include <string>

#include "base/result.hpp"
#include "base/secret.hpp"
#include "bench/daemon.hpp"

namespace usher::bench {

struct Typist {
  // The answer to a prompt.
  std::function<std::string(std::string_view prompt)> answer;
  std::string told{};  // every info and error, one after the other
};

// From pam_start to pam_end in milliseconds. An Error when anything but "yes" comes back.
Result<double> time_sign_in(const Room& room, const char* service, const char* user,
                            Typist& typist);
// The same for somebody who only knows a password.
Result<double> time_password_sign_in(const Room& room, const char* user);

// The authenticator app: a key read off the screen (base32, blanks allowed), a code for each step
// of 30 seconds. Computed by liboath itself, not by our wrapper.
class App {
 public:
  static Result<App> with_key(const std::string& base32);
  Result<std::string> code(std::int64_t unix_seconds) const;

 private:
  explicit App(Secret seed) : seed_(std::move(seed)) {}
  Secret seed_;
};

}  // namespace usher::bench
