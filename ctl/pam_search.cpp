// Depth first over the states of a walk; a state met before leads nowhere new.
#include "ctl/pam_search.hpp"

#include <algorithm>
#include <set>
#include <utility>

namespace usher::ctl {
namespace {

// Real stacks have a few hundred.
constexpr std::size_t kMaxStates = 100'000;

struct State {
  PamWalk walk;
  bool usher_asked = false;
  // NOLINTNEXTLINE(modernize-use-nullptr): the check reads a 0 into what the compiler writes here
  friend auto operator<=>(const State&, const State&) = default;
};

class Search {
 public:
  Search(const PamStack& stack, const PamQuestion& question) : stack_(stack), question_(question) {}

  Result<std::optional<PamWay>> run() {
    std::vector<Open> open{{State{}, {}}};
    while (!open.empty()) {
      const Open here = std::move(open.back());
      open.pop_back();
      if (!met_.insert(here.state).second) continue;
      if (met_.size() > kMaxStates) {
        return Error(Errc::exhausted, "the stack has too many ways to look at");
      }
      if (here.state.walk.at >= stack_.size()) {
        if (wanted(here.state)) return std::optional<PamWay>(here.way);
        continue;
      }
      go_on(here, open);
    }
    return std::optional<PamWay>{};
  }

 private:
  struct Open {
    State state;
    PamWay way;
  };

  void go_on(const Open& here, std::vector<Open>& open) const {
    const PamLine& line = stack_[here.state.walk.at];
    if (!asks(stack_, here.state.walk)) {
      Open next = here;
      next.state.walk = step(stack_, here.state.walk, PamCode::ignore);
      open.push_back(std::move(next));
      return;
    }
    const std::vector<PamCode> answers = question_.answers(line);
    // The last one in is the first one out: what is answered first is told first.
    for (auto answer = answers.rbegin(); answer != answers.rend(); ++answer) {
      Open next = here;
      next.way.push_back({here.state.walk.at, *answer});
      next.state.walk = step(stack_, here.state.walk, *answer);
      next.state.usher_asked = here.state.usher_asked || is_usher(line);
      open.push_back(std::move(next));
    }
  }

  bool wanted(const State& state) const {
    using Usher = PamQuestion::Usher;
    if (question_.usher == Usher::asked && !state.usher_asked) return false;
    if (question_.usher == Usher::not_asked && state.usher_asked) return false;
    const PamCode verdict = verdict_of(state.walk);
    return std::find(question_.lets_in.begin(), question_.lets_in.end(), verdict) !=
           question_.lets_in.end();
  }

  const PamStack& stack_;
  const PamQuestion& question_;
  std::set<State> met_;
};

}  // namespace

bool is_usher(const PamLine& line) {
  return line.kind == PamLine::Kind::module && line.module_name() == kUsherModule;
}

bool names_usher(const PamStack& stack) {
  return std::any_of(stack.begin(), stack.end(), is_usher);
}

Result<std::optional<PamWay>> find_way(const PamStack& stack, const PamQuestion& question) {
  return Search(stack, question).run();
}

std::vector<PamCode> told_apart(const PamLine& line, const std::vector<PamCode>& codes) {
  // These three mean something of their own wherever they end; the rest are refusals.
  const auto meaning = [](PamCode code) {
    return code == PamCode::success || code == PamCode::new_authtok_reqd || code == PamCode::ignore
               ? code
               : PamCode::auth_err;
  };
  std::vector<PamCode> chosen;
  for (const PamCode code : codes) {
    const auto same = [&](PamCode other) {
      return meaning(other) == meaning(code) && line.control[static_cast<std::size_t>(other)] ==
                                                    line.control[static_cast<std::size_t>(code)];
    };
    if (std::none_of(chosen.begin(), chosen.end(), same)) chosen.push_back(code);
  }
  return chosen;
}

std::vector<PamCode> anything(const PamLine& line) {
  // The usual ones first: they are what a finding then speaks of.
  std::vector<PamCode> codes{PamCode::success, PamCode::auth_err, PamCode::user_unknown,
                             PamCode::ignore};
  for (const PamCode code : all_pam_codes()) {
    if (code != PamCode::incomplete) codes.push_back(code);
  }
  return told_apart(line, codes);
}

}  // namespace usher::ctl
