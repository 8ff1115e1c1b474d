// What the program in front of the person can draw. One table, chosen by the PAM service, so that
// no flow ever asks "is this sshd?".
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <string_view>

#include "daemon/facts.hpp"
#include "daemon/ports/person.hpp"

namespace usher::daemon {

enum class Texts : std::uint8_t {
  as_info,    // PAM_TEXT_INFO is seen at once
  in_prompt,  // info comes late or never: fold it into the next question
};
enum class Prompts : std::uint8_t {
  many,
  one,  // only one question is possible: password and code share a field
};
// First sign-in, enrolment, a forced new password. Where refused, the door only verifies.
enum class Lifecycle : std::uint8_t { allowed, refused };

// Can a QR code be drawn in characters? Where not, the key is there as text.
enum class Drawing : std::uint8_t { blocks, none };

// Does a session begin here, in which the person is told who they are?
enum class Greeting : std::uint8_t { shown, none };

struct FrontEnd {
  std::string_view name;
  Texts texts;
  ports::Echo codes;  // may a one-time code be seen while it is typed?
  Prompts prompts;
  Lifecycle lifecycle;
  Drawing drawing;
  Greeting greeting;
  std::chrono::seconds patience;  // the whole conversation; shorter than the caller's own limit
};

std::span<const FrontEnd> front_ends();
const FrontEnd* find_front_end(std::string_view name);

// Services to front-end names, as the admin set them in [front_ends]; checked at load.
using FrontEndOverrides = std::map<std::string, std::string, std::less<>>;

// An override, else the row for that service, else "other". An untrusted peer gets "other". A
// silent program gets every text with a question.
FrontEnd front_end_of(const Facts& facts, const FrontEndOverrides& overrides);

}  // namespace usher::daemon
