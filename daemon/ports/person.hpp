// The person at the other end, as a port: asking them is a call. The server's Person carries the
// steps over the wire under a deadline; a test's plays a script.
//
// An Error from either verb means that nobody answered (hung-up, timed-out, unavailable): TRY
// unwinds the flow, secrets are wiped, and the sign-in is denied.
#pragma once

#include <string_view>

#include "base/secret.hpp"
#include "protocol/messages.hpp"

namespace usher::ports {

enum class Echo : std::uint8_t { hidden, shown };

// Texts are views: a QR code carries a seed, so whoever builds one keeps it in a Secret.
struct Question {
  std::string_view text;
  Echo echo = Echo::hidden;
  // Where the caller's module keeps the answer in case the verdict calls it the password.
  protocol::Slot slot = protocol::Slot::none;
};

enum class Tone : std::uint8_t { info, error };

class Person {
 public:
  virtual ~Person() = default;
  // What was typed; may be empty, which is never a proof of anything.
  virtual Result<Secret> ask(const Question& question) = 0;
  // Shown at once where the front end can, else together with the next question or the verdict.
  virtual Result<void> tell(Tone tone, std::string_view text) = 0;
};

}  // namespace usher::ports
