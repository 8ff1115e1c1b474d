// usherctl enable: looks, shows, asks, then takes the steps. What it decides is in the tables of
// enable_checks.cpp and enable_steps.cpp; here is what an administrator sees.
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <array>

#include "ctl/calls.hpp"
#include "ctl/enable_checks.hpp"
#include "ctl/enable_sshd.hpp"
#include "ctl/enable_steps.hpp"
#include "ctl/enable_units.hpp"
#include "ctl/enabling.hpp"
#include "ctl/findings.hpp"
#include "ctl/undisturbed.hpp"
#include "ctl/verbs.hpp"

namespace usher::ctl {
namespace {

using protocol::varlink::Json;
using protocol::varlink::ReplyOk;

// What --force alone means.
constexpr std::string_view kRisks = "risks";

constexpr std::string_view kAskText =
    "\nUnless you run `usherctl confirm` within 2 minutes, all of it is put back, after a crash or "
    "a\nrestart of the host too. Keep this session open, and sign in from another one meanwhile.\n";
static_assert(kConfirmWithin == std::chrono::minutes(2));

std::string_view name_of(Weight weight) {
  switch (weight) {
    case Weight::risk:
      return "risk";
    case Weight::refusal:
      return "refusal";
  }
  return "refusal";
}

// An usherd too old to say so refuses unknown names: the strict answer.
Result<UnknownNames> ask_usherd(Session& session) {
  const auto status = TRY(session.call("GetStatus", Json::object()));
  return text_member(status.parameters, "unknown_names") == "pass" ? UnknownNames::pass
                                                                   : UnknownNames::decoy;
}

// What stops us; nothing when we may go on. What can be gone past is said in full first: an Error's
// text is short.
Result<void> judge(const Streams& streams, const std::vector<Obstacle>& obstacles,
                   const Arguments& arguments) {
  for (const Obstacle& obstacle : obstacles) {
    if (obstacle.weight == Weight::refusal) return Error(Errc::conflict, obstacle.text);
  }
  const auto forced = [&](std::string_view name) {
    return std::find(arguments.forced.begin(), arguments.forced.end(), name) !=
           arguments.forced.end();
  };
  for (const Obstacle& obstacle : obstacles) {
    if (forced(obstacle.name.empty() ? kRisks : std::string_view(obstacle.name))) continue;
    print(streams.err, fmt::format("usherctl: {}\n", escaped(obstacle.text)));
    return Error(Errc::conflict,
                 fmt::format("nothing was changed; --force{}{} goes on all the same",
                             obstacle.name.empty() ? "" : "=", obstacle.name));
  }
  return {};
}

// A name nobody knows would be a slip that forces nothing.
Result<void> check_forced(const Arguments& arguments) {
  const auto known = finding_names();
  for (const std::string& name : arguments.forced) {
    if (name == kRisks || std::find(known.begin(), known.end(), name) != known.end()) continue;
    return Error(Errc::invalid_input, fmt::format("--force: no finding is called {}", name));
  }
  return {};
}

Result<void> ask(const Streams& streams) {
  if (::isatty(::fileno(streams.in)) == 0) {
    return Error(Errc::invalid_input, "there is no terminal to ask on; give --yes or --dry-run");
  }
  print(streams.err, "Go on? Type yes: ");
  (void)std::fflush(streams.err);
  std::array<char, 16> line{};
  if (std::fgets(line.data(), static_cast<int>(line.size()), streams.in) == nullptr ||
      std::string_view(line.data()) != "yes\n") {
    return Error(Errc::internal, "not confirmed; nothing was changed");
  }
  return {};
}

Json findings_json(const std::vector<Obstacle>& findings) {
  Json list = Json::array();
  for (const Obstacle& finding : findings) {
    list.push_back(
        {{"weight", name_of(finding.weight)}, {"text", finding.text}, {"force", finding.name}});
  }
  return list;
}

struct Shown {
  std::vector<Obstacle> findings;
  std::vector<Change> changes;
  std::string text;  // the changes, as diff prints them
};

Result<void> print_report(Session& session, const Shown& shown, std::string_view state,
                          const std::vector<std::string>& notes) {
  ReplyOk reply;
  reply.parameters["state"] = state;
  reply.parameters["findings"] = findings_json(shown.findings);
  reply.parameters["changed"] = paths_json(shown.changes);
  reply.parameters["diff"] = shown.text;
  reply.parameters["notes"] = notes;
  if (state == "armed") {
    reply.parameters["confirm_within_seconds"] = std::chrono::seconds(kConfirmWithin).count();
  }
  return print_json(session.out(), reply);
}

void print_shown(Session& session, const Shown& shown) {
  if (session.wants_json()) return;
  print(session.out(), "Enabling Usher changes these lines:\n\n");
  // What stands in these files is root's, but a terminal obeys anybody.
  std::string_view left = shown.text;
  while (!left.empty()) {
    const std::string_view line = left.substr(0, left.find('\n'));
    print(session.out(), lines_escaped(line) + "\n");
    left.remove_prefix(std::min(left.size(), line.size() + 1));
  }
  for (const Obstacle& finding : shown.findings) {
    print(session.out(), fmt::format("\nMind: {}.\n", escaped(finding.text)));
  }
}

Result<void> apply(Session& session, const Shown& shown, Sshd sshd) {
  const Host& host = session.host();
  const UniqueFd lock = TRY(lock_host(host));
  if (TRY(phase_of(host)) != Phase::none) {
    return Error(Errc::conflict, "another usherctl enabled Usher meanwhile");
  }
  TRY(roll_back(host));  // what a crash before the arming may have left
  Work work{host, shown.changes, sshd, {}};
  const Undisturbed undisturbed;
  const Result<void> applied = apply_steps(work);
  if (!applied) {
    print_notes(session, work.notes);
    return applied;
  }
  if (session.wants_json()) return print_report(session, shown, "armed", work.notes);
  print_notes(session, work.notes);
  print(session.out(),
        "\nUsher is enabled for 2 minutes. Sign in from another session, as one of Usher's people "
        "and\nas a local administrator. If both get in: usherctl confirm. To end it now: usherctl "
        "disable\nIf the time runs out nothing is lost: enable again.\n");
  return {};
}

// "Enabled already" is no failure: a script may say it twice.
Result<void> already(Session& session, const Shown& shown) {
  if (session.wants_json()) return print_report(session, shown, "enabled", {});
  print(session.out(), "Usher is enabled already; there is nothing to change.\n");
  return {};
}

Result<void> enable(Session& session, const Arguments& arguments) {
  const Host& host = session.host();
  TRY(check_forced(arguments));
  TRY(must_be_administrator(host));
  const Phase phase = TRY(phase_of(host));
  if (phase == Phase::armed) {
    return Error(Errc::conflict,
                 "Usher is enabled and waits to be confirmed: usherctl confirm, or usherctl "
                 "disable");
  }
  const Sshd sshd = find_sshd(host);
  Shown shown;
  shown.findings = check_host({host, TRY(ask_usherd(session)), sshd});
  Result<void> judged = judge(session.streams(), shown.findings, arguments);
  if (!judged && !arguments.dry_run) return judged;
  shown.changes = TRY(plan_enable(host, sshd));
  if (!any_differs(shown.changes)) return already(session, shown);
  if (phase == Phase::confirmed) {
    return Error(Errc::conflict,
                 "Usher was enabled, and its files changed since. Run usherctl disable, which says "
                 "which, and then enable it again");
  }
  for (Obstacle& obstacle : check_plan(host, shown.changes, sshd)) {
    shown.findings.push_back(std::move(obstacle));
  }
  judged = judge(session.streams(), shown.findings, arguments);
  if (!judged && !arguments.dry_run) return judged;
  shown.text = TRY(show_changes(host, shown.changes));
  print_shown(session, shown);
  if (arguments.dry_run) {
    if (session.wants_json()) TRY(print_report(session, shown, "not enabled", {}));
    if (!session.wants_json()) print(session.out(), "\nNothing was changed (--dry-run).\n");
    return judged;
  }
  if (!session.wants_json()) print(session.out(), kAskText);
  (void)std::fflush(session.out());
  if (!arguments.yes) TRY(ask(session.streams()));
  return apply(session, shown, sshd);
}

// --force, --force=NAME, --force=NAME,NAME
constexpr Verb kVerbs[] = {
    {"enable",
     "put Usher into PAM and sshd, on probation",
     enable,
     {kYes,
      {"--dry-run", "only show what would change", &Arguments::dry_run},
      {"--force{risks}",  // kRisks: CLI11 gives a flag without a value this one
       "go on where a risk was found, or what doctor calls NAME: --force=NAME",
       &Arguments::forced}}},
};

}  // namespace

std::span<const Verb> enable_verbs() {
  return kVerbs;
}

}  // namespace usher::ctl
