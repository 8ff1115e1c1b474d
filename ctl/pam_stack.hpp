// What libpam makes of a stack of modules, as a value: given what each module answers, what does
// the application get? Pure: no file, no libpam. The semantics are those of Linux-PAM 1.5.2, and a
// test compares them with the real one on thousands of stacks.
// Left out: setcred and close_session, whose chains follow what an earlier call froze.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace usher::ctl {

// The numbers are libpam's.
enum class PamCode : std::uint8_t {
  success,
  open_err,
  symbol_err,
  service_err,
  system_err,
  buf_err,
  perm_denied,
  auth_err,
  cred_insufficient,
  authinfo_unavail,
  user_unknown,
  maxtries,
  new_authtok_reqd,
  acct_expired,
  session_err,
  cred_unavail,
  cred_expired,
  cred_err,
  no_module_data,
  conv_err,
  authtok_err,
  authtok_recover_err,
  authtok_lock_busy,
  authtok_disable_aging,
  try_again,
  ignore,
  abort,
  authtok_expired,
  module_unknown,
  bad_item,
  conv_again,
  incomplete,
};
inline constexpr std::size_t kPamCodes = 32;
// As pam.conf(5) writes it.
std::string_view name_of(PamCode code);
std::array<PamCode, kPamCodes> all_pam_codes();

struct PamAction {
  enum class Kind : std::uint8_t { ignore, ok, done, bad, die, reset, jump };
  Kind kind = Kind::bad;
  std::uint32_t lines = 0;  // to jump over
  friend bool operator==(const PamAction&, const PamAction&) = default;
};
using PamControl = std::array<PamAction, kPamCodes>;

// `required` and its kin, or the list of a bracketed control without its brackets. What cannot be
// understood is bad for every code, as libpam has it.
PamControl parse_pam_control(std::string_view text);

struct PamLine {
  enum class Kind : std::uint8_t {
    module,
    broken,    // a line libpam could not understand: fails without asking anybody
    substack,  // where one begins; asks nobody
  };
  Kind kind = Kind::module;
  std::uint8_t level = 0;  // of substacks
  PamControl control{};
  std::string control_text;
  std::string module;  // as written, a path or a name; of a substack its file
  std::vector<std::string> options;
  std::string file;
  unsigned number = 0;  // in the file

  // "pam_unix.so", wherever it lies.
  std::string_view module_name() const;
};
using PamStack = std::vector<PamLine>;

// libpam's limit; include counts too.
inline constexpr std::size_t kPamLevels = 16;

// Where a walk through a stack stands. A walk is over when `at` is the stack's size.
struct PamWalk {
  enum class Impression : std::uint8_t { none, positive, negative };
  struct Mood {
    Impression impression = Impression::none;
    PamCode status = PamCode::perm_denied;
    // NOLINTNEXTLINE(modernize-use-nullptr): the check reads a 0 into what the compiler writes here
    friend auto operator<=>(const Mood&, const Mood&) = default;
  };
  std::size_t at = 0;
  Mood mood;
  std::array<Mood, kPamLevels> entered{};  // a level, as it was entered
  std::uint8_t previous_level = 0;
  // NOLINTNEXTLINE(modernize-use-nullptr): likewise
  friend auto operator<=>(const PamWalk&, const PamWalk&) = default;
};
// Does the line at `walk.at` ask a module?
bool asks(const PamStack& stack, const PamWalk& walk);
// The walk after that line; `answer` is the module's, and is not looked at where none is asked.
PamWalk step(const PamStack& stack, PamWalk walk, PamCode answer);
// What the application gets when the walk is over.
PamCode verdict_of(const PamWalk& walk);

// All of it: `answers` has one code a line.
PamCode evaluate(const PamStack& stack, const std::vector<PamCode>& answers);

}  // namespace usher::ctl
