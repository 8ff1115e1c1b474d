// What usherctl can do, as data: each noun is a table of verbs, and each verb names what it takes.
// ctl/command_line.cpp makes a command line of the tables; no noun knows how that is done.
#pragma once

#include <array>
#include <span>
#include <variant>

#include "ctl/session.hpp"

namespace usher::ctl {

// The member of Arguments that a word of the command line goes into.
using Target =
    std::variant<std::string Arguments::*, std::optional<std::string> Arguments::*,
                 std::vector<std::string> Arguments::*, std::optional<std::int64_t> Arguments::*,
                 std::int64_t Arguments::*,  // a count, from 1 to kMostRows
                 bool Arguments::*>;
inline constexpr std::int64_t kMostRows = 100'000;

enum class Need : std::uint8_t { optional, required };

struct Option {
  std::string_view name;  // "NAME" is an argument, "--uid" an option; CLI11's spelling
  std::string_view help;  // "": the help does not show it
  Target into;
  Need need = Need::optional;
};

struct Verb {
  static constexpr std::size_t kMaxOptions = 12;

  std::string_view path;                      // "user add": as it is typed after usherctl
  std::string_view help;                      // "": the help does not show it
  Command command;                            // null: a verb must follow
  std::array<Option, kMaxOptions> options{};  // one without a name ends them

  std::span<const Option> taken() const;
};

inline constexpr Option kName{"NAME", "the login name", &Arguments::name, Need::required};
inline constexpr std::string_view kReasonHelp = "why; kept in the audit record";
inline constexpr Option kReason{"--reason", kReasonHelp, &Arguments::reason, Need::required};
inline constexpr Option kAnyReason{"--reason", kReasonHelp, &Arguments::reason};
inline constexpr Option kYes{"--yes", "do not ask", &Arguments::yes};

// A noun's own row comes before its verbs' rows.
std::span<const Verb> user_verbs();
std::span<const Verb> group_verbs();
std::span<const Verb> org_verbs();
std::span<const Verb> factor_verbs();
std::span<const Verb> contact_verbs();
std::span<const Verb> mfa_verbs();
std::span<const Verb> throttle_verbs();
std::span<const Verb> mail_verbs();
std::span<const Verb> sms_verbs();
std::span<const Verb> status_verbs();
std::span<const Verb> audit_verbs();
std::span<const Verb> explain_verbs();
std::span<const Verb> self_verbs();
std::span<const Verb> report_verbs();
std::span<const Verb> campaign_verbs();
std::span<const Verb> policy_verbs();
std::span<const Verb> blocklist_verbs();
std::span<const Verb> config_verbs();
std::span<const Verb> doctor_verbs();
std::span<const Verb> enable_verbs();
// disable, confirm, and the rollback that only its unit calls.
std::span<const Verb> disable_verbs();

}  // namespace usher::ctl
