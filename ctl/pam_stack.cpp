// The walk. Each rule is pam.conf(5)'s; where that is silent, it is what libpam does.
#include "ctl/pam_stack.hpp"

#include <algorithm>
#include <optional>
#include <utility>

namespace usher::ctl {
namespace {

using Kind = PamAction::Kind;
using Impression = PamWalk::Impression;

constexpr std::string_view kCodeNames[] = {
    "success",
    "open_err",
    "symbol_err",
    "service_err",
    "system_err",
    "buf_err",
    "perm_denied",
    "auth_err",
    "cred_insufficient",
    "authinfo_unavail",
    "user_unknown",
    "maxtries",
    "new_authtok_reqd",
    "acct_expired",
    "session_err",
    "cred_unavail",
    "cred_expired",
    "cred_err",
    "no_module_data",
    "conv_err",
    "authtok_err",
    "authtok_recover_err",
    "authtok_lock_busy",
    "authtok_disable_aging",
    "try_again",
    "ignore",
    "abort",
    "authtok_expired",
    "module_unknown",
    "bad_item",
    "conv_again",
    "incomplete",
};
static_assert(std::size(kCodeNames) == kPamCodes);
constexpr std::string_view kDefault = "default";

constexpr std::pair<std::string_view, Kind> kActions[] = {
    {"ignore", Kind::ignore}, {"ok", Kind::ok},   {"done", Kind::done},
    {"bad", Kind::bad},       {"die", Kind::die}, {"reset", Kind::reset},
};

// The four words, as pam.conf(5) spells them out.
constexpr std::pair<std::string_view, std::string_view> kWords[] = {
    {"required", "success=ok new_authtok_reqd=ok ignore=ignore default=bad"},
    {"requisite", "success=ok new_authtok_reqd=ok ignore=ignore default=die"},
    {"sufficient", "success=done new_authtok_reqd=done default=ignore"},
    {"optional", "success=ok new_authtok_reqd=ok default=ignore"},
};

constexpr PamAction kBad{Kind::bad, 0};

// isspace() of the C locale.
constexpr std::string_view kSpaces = " \t\n\v\f\r";

bool same_word(std::string_view a, std::string_view b) {
  const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; };
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [&](char x, char y) { return lower(x) == lower(y); });
}

void skip_spaces(std::string_view& text) {
  text.remove_prefix(std::min(text.find_first_not_of(kSpaces), text.size()));
}

bool take(std::string_view& text, std::string_view word) {
  if (!text.starts_with(word)) return false;
  text.remove_prefix(word.size());
  return true;
}

std::optional<PamAction> take_action(std::string_view& text) {
  for (const auto& [word, kind] : kActions) {
    if (take(text, word)) return PamAction{kind, 0};
  }
  // Nobody has so many lines: what is larger cannot be told from "too far".
  constexpr std::uint32_t kFar = 1'000'000;
  std::uint32_t lines = 0;
  while (!text.empty() && text.front() >= '0' && text.front() <= '9') {
    lines = std::min(kFar, lines * 10 + static_cast<std::uint32_t>(text.front() - '0'));
    text.remove_prefix(1);
  }
  if (lines == 0) return std::nullopt;
  return PamAction{Kind::jump, lines};
}

// The index of a code; kPamCodes stands for `default`.
std::optional<std::size_t> take_code(std::string_view& text) {
  for (std::size_t code = 0; code < kPamCodes; ++code) {
    if (take(text, kCodeNames[code])) return code;
  }
  if (take(text, kDefault)) return kPamCodes;
  return std::nullopt;
}

using MaybeActions = std::array<std::optional<PamAction>, kPamCodes>;

// `default` is for the codes not named so far: a later word still overrides it.
void set(MaybeActions& actions, std::size_t code, PamAction action) {
  if (code < kPamCodes) {
    actions[code] = action;
    return;
  }
  for (auto& one : actions) {
    if (!one) one = action;
  }
}

// False where the list makes no sense.
bool parse_list(std::string_view text, MaybeActions& actions) {
  for (skip_spaces(text); !text.empty(); skip_spaces(text)) {
    const auto code = take_code(text);
    if (!code) return false;
    skip_spaces(text);
    if (!take(text, "=")) return false;
    skip_spaces(text);
    const auto action = take_action(text);
    if (!action) return false;
    set(actions, *code, *action);
  }
  return true;
}

// A module that says yes counts only as long as nobody said no.
void take_yes(PamWalk::Mood& mood, PamCode answer) {
  const bool open = mood.impression == Impression::none ||
                    (mood.impression == Impression::positive && mood.status == PamCode::success);
  if (open) mood = {Impression::positive, answer};
}

// The first no is the one that is told.
void take_no(PamWalk::Mood& mood, PamCode answer) {
  if (mood.impression == Impression::negative) return;
  mood = {Impression::negative, answer == PamCode::ignore ? PamCode::perm_denied : answer};
}

std::uint8_t level_at(const PamStack& stack, std::size_t at) {
  return stack[at].level;
}

// The last line of this level and those above it, from `at` on.
std::size_t end_of_level(const PamStack& stack, std::size_t at, std::uint8_t level) {
  while (at + 1 < stack.size() && level_at(stack, at + 1) >= level) ++at;
  return at;
}

// A substack is one line to who jumps over it. A jump past the end of its level is a no.
void jump(const PamStack& stack, PamWalk& walk, std::uint32_t lines) {
  const std::uint8_t level = level_at(stack, walk.at);
  std::size_t at = walk.at;
  for (; lines > 0 && at + 1 < stack.size() && level_at(stack, at + 1) >= level; --lines) {
    ++at;
    while (at + 1 < stack.size() && level_at(stack, at + 1) > level) ++at;
  }
  walk.at = at;
  if (lines > 0) walk.mood = {Impression::negative, PamCode::perm_denied};
}

void act(const PamStack& stack, PamWalk& walk, PamAction action, PamCode answer) {
  const std::uint8_t level = level_at(stack, walk.at);
  switch (action.kind) {
    case Kind::ignore:
      return;
    case Kind::reset:
      walk.mood = walk.entered[level];
      return;
    case Kind::ok:
      take_yes(walk.mood, answer);
      return;
    case Kind::done:
      take_yes(walk.mood, answer);
      if (walk.mood.impression != Impression::positive) return;
      walk.at = end_of_level(stack, walk.at, level);
      return;
    case Kind::bad:
      take_no(walk.mood, answer);
      return;
    case Kind::die:
      take_no(walk.mood, answer);
      walk.at = end_of_level(stack, walk.at, level);
      return;
    case Kind::jump:
      jump(stack, walk, action.lines);
      return;
  }
}

}  // namespace

std::string_view name_of(PamCode code) {
  return kCodeNames[static_cast<std::size_t>(code)];
}

std::array<PamCode, kPamCodes> all_pam_codes() {
  std::array<PamCode, kPamCodes> codes{};
  for (std::size_t i = 0; i < kPamCodes; ++i) codes[i] = static_cast<PamCode>(i);
  return codes;
}

PamControl parse_pam_control(std::string_view text) {
  for (const auto& [word, list] : kWords) {
    if (same_word(text, word)) text = list;
  }
  PamControl control{};
  control.fill(kBad);
  MaybeActions actions{};
  if (!parse_list(text, actions)) return control;
  for (std::size_t code = 0; code < kPamCodes; ++code) {
    control[code] = actions[code].value_or(kBad);
  }
  return control;
}

std::string_view PamLine::module_name() const {
  const std::string_view path = module;
  return path.substr(path.rfind('/') + 1);
}

bool asks(const PamStack& stack, const PamWalk& walk) {
  return stack[walk.at].kind == PamLine::Kind::module;
}

PamWalk step(const PamStack& stack, PamWalk walk, PamCode answer) {
  const PamLine& line = stack[walk.at];
  if (walk.previous_level < line.level) walk.entered[line.level] = walk.mood;
  walk.previous_level = line.level;
  if (line.kind == PamLine::Kind::broken) answer = PamCode::perm_denied;
  if (line.kind != PamLine::Kind::substack) {
    if (answer == PamCode::incomplete) {
      // The application is to call again; until then it has nothing.
      walk.mood = {Impression::negative, answer};
      walk.at = stack.size();
      return walk;
    }
    act(stack, walk, line.control[static_cast<std::size_t>(answer)], answer);
  }
  ++walk.at;
  return walk;
}

PamCode verdict_of(const PamWalk& walk) {
  const bool undecided =
      walk.mood.status == PamCode::success && walk.mood.impression != Impression::positive;
  return undecided ? PamCode::perm_denied : walk.mood.status;
}

PamCode evaluate(const PamStack& stack, const std::vector<PamCode>& answers) {
  PamWalk walk;
  while (walk.at < stack.size()) walk = step(stack, walk, answers[walk.at]);
  return verdict_of(walk);
}

}  // namespace usher::ctl
