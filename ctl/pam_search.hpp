// Is there a way through a stack? The modules may answer what the question allows them; the search
// tries every combination, as far as they differ to the stack. Pure.
#pragma once

#include <functional>
#include <optional>
#include <vector>

#include "base/result.hpp"
#include "ctl/pam_stack.hpp"

namespace usher::ctl {

inline constexpr std::string_view kUsherModule = "pam_usher.so";
bool is_usher(const PamLine& line);
bool names_usher(const PamStack& stack);

struct PamQuestion {
  // What a module may answer; never empty.
  std::function<std::vector<PamCode>(const PamLine& line)> answers;
  enum class Usher : std::uint8_t { any, asked, not_asked } usher = Usher::any;
  // What counts as being let in.
  std::vector<PamCode> lets_in{PamCode::success};
};

struct PamAsked {
  std::size_t line = 0;  // in the stack
  PamCode answer = PamCode::success;
};
// Who was asked on the way, in order; nothing: there is no way. An Error: too many ways to look.
using PamWay = std::vector<PamAsked>;
Result<std::optional<PamWay>> find_way(const PamStack& stack, const PamQuestion& question);

// One code for everything `line` tells apart, out of these.
std::vector<PamCode> told_apart(const PamLine& line, const std::vector<PamCode>& codes);
// The same of all a module can answer, but PAM_INCOMPLETE.
std::vector<PamCode> anything(const PamLine& line);

}  // namespace usher::ctl
