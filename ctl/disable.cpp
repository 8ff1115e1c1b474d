// usherctl disable, confirm, and rollback: the three ways out of what enable began. All that puts
// files back goes through the rollback, so that a crash in it is finished by the same unit.
#include <fmt/format.h>
#include <unistd.h>

#include "ctl/adopt.hpp"
#include "ctl/calls.hpp"
#include "ctl/enable_plan.hpp"
#include "ctl/enable_sshd.hpp"
#include "ctl/enable_steps.hpp"
#include "ctl/enable_units.hpp"
#include "ctl/enabling.hpp"
#include "ctl/undisturbed.hpp"
#include "ctl/verbs.hpp"

namespace usher::ctl {

using protocol::varlink::Json;
using protocol::varlink::ReplyOk;

Result<void> must_be_administrator(const Host& host) {
  if (::geteuid() == host.administrator.number) return {};
  return Error(Errc::not_permitted, "only root can change how people sign in; try sudo");
}

Json paths_json(const std::vector<Change>& changes) {
  Json paths = Json::array();
  for (const Change& change : changes) {
    if (change.differs()) paths.push_back(change.path);
  }
  return paths;
}

void print_notes(const Session& session, const std::vector<std::string>& notes) {
  for (const std::string& note : notes) {
    print(session.streams().err, fmt::format("usherctl: {}\n", escaped(note)));
  }
}

std::string lines_escaped(std::string_view line) {
  std::string safe;
  while (!line.empty()) {
    const std::string_view part = line.substr(0, line.find('\t'));
    safe += escaped(part);
    line.remove_prefix(part.size());
    if (line.empty()) break;
    safe += '\t';
    line.remove_prefix(1);
  }
  return safe;
}

namespace {

Result<void> report(Session& session, const RolledBack& done, std::string_view text) {
  if (session.wants_json()) {
    ReplyOk reply;
    reply.parameters["state"] = "not enabled";
    reply.parameters["restored"] = done.restored;
    reply.parameters["notes"] = done.notes;
    return print_json(session.out(), reply);
  }
  print_notes(session, done.notes);
  print(session.out(), fmt::format("{}\n", text));
  for (const std::string& path : done.restored) {
    print(session.out(), fmt::format("  {}\n", escaped(path)));
  }
  return {};
}

// The unit's work. Root may call it by hand, with the same effect.
Result<void> rollback(Session& session, const Arguments&) {
  const Host& host = session.host();
  TRY(must_be_administrator(host));
  const UniqueFd lock = TRY(lock_host(host));
  const Undisturbed from_here;
  const RolledBack done = TRY(roll_back(host));
  if (done.was != Phase::armed) return report(session, done, "There is nothing to roll back.");
  return report(session, done,
                "Usher was not confirmed in time: the sign-in configuration is as it was before "
                "`usherctl enable`. Put back:");
}

// What was interrupted, or edited meanwhile, is not what was shown.
Result<void> must_be_as_enabled(const Host& host) {
  for (const Change& change : TRY(load_changes(host))) {
    if (TRY(read_image(host.path(change.path))) == change.after) continue;
    return Error(Errc::conflict, change.path +
                                     " is not as `usherctl enable` left it; all of it will be put "
                                     "back, then enable again");
  }
  return {};
}

Result<void> confirm(Session& session, const Arguments&) {
  const Host& host = session.host();
  TRY(must_be_administrator(host));
  const UniqueFd lock = TRY(lock_host(host));
  switch (TRY(phase_of(host))) {
    case Phase::none:
      return Error(Errc::conflict,
                   "there is nothing to confirm: Usher was not enabled, or was rolled back");
    case Phase::confirmed:
      return Error(Errc::conflict,
                   "there is nothing to confirm: Usher is enabled for good already");
    case Phase::armed:
      break;
  }
  TRY(must_be_as_enabled(host));
  TRY(confirm_armed(host));
  // Confirmed it is; units that stay behind find that out by themselves.
  std::vector<std::string> notes;
  if (const auto stopped = stop_rollback_timer(host); !stopped) {
    notes.emplace_back(stopped.error().text());
  }
  TRY(remove_rollback_units(host));
  if (session.wants_json()) {
    ReplyOk reply;
    reply.parameters["state"] = "enabled";
    reply.parameters["notes"] = notes;
    return print_json(session.out(), reply);
  }
  print_notes(session, notes);
  print(session.out(), "Usher is enabled for good. `usherctl disable` puts everything back.\n");
  return {};
}

// What was changed since `enable`, by hand or by another package.
struct Drift {
  bool pam = false;
  bool drop_in = false;
  bool any() const { return pam || drop_in; }
};

Result<Drift> find_drift(const Host& host, const std::vector<Change>& saved,
                         std::vector<std::string>& notes) {
  Drift drift;
  for (const Change& change : saved) {
    const MaybeFile now = TRY(read_image(host.path(change.path)));
    if (now == change.before || now == change.after) continue;
    (is_pam(change) ? drift.pam : drift.drop_in) = true;
    notes.push_back(change.path + " changed since Usher was enabled");
  }
  if (drift.pam) notes.emplace_back("PAM's files are as pam-auth-update makes them without Usher");
  if (drift.drop_in) notes.push_back(fmt::format("{} stays; remove it by hand", kSshdDropIn));
  return drift;
}

// Copies where there are whole ones; PAM's files belong together, so one that changed since makes
// all of them pam-auth-update's to say. The rollback puts `before` in place.
Result<std::vector<Change>> wanted_files(const Host& host, std::vector<Change> saved, Drift drift) {
  std::vector<Change> wanted;
  for (Change& change : saved) {
    if (is_pam(change) ? !drift.pam : !drift.drop_in) wanted.push_back(std::move(change));
  }
  if (!saved.empty() && !drift.pam) return wanted;
  for (Change& change : TRY(plan_removal(host))) {
    if (!saved.empty() && !is_pam(change)) continue;
    std::swap(change.before, change.after);
    wanted.push_back(std::move(change));
  }
  return wanted;
}

Result<RolledBack> put_back(const Host& host, std::vector<std::string>& notes) {
  std::vector<Change> saved = TRY(load_changes(host));
  const bool had_copies = !saved.empty();
  const Drift drift = TRY(find_drift(host, saved, notes));
  const std::vector<Change> wanted = TRY(wanted_files(host, std::move(saved), drift));
  if (!had_copies && !any_differs(wanted)) return RolledBack{};
  if (!had_copies || drift.any()) {
    // Copies of another kind: first the old are gone, then the new are there.
    TRY(forget_changes(host));
    TRY(save_changes(host, wanted));
  }
  TRY(write_rollback_units(host));
  // Should this be killed: the timer finishes it, or the next boot where none can be started.
  if (const auto started = start_rollback_timer(host); !started) {
    notes.emplace_back(started.error().text());
  }
  TRY(arm(host));
  return roll_back(host);
}

// Their passwords stand in Usher's store alone: without Usher in PAM they would be locked out.
Result<void> must_have_no_adopted(const Host& host, bool force) {
  std::string names;
  for (const std::string& name : TRY(locked_out_without_usher(host.path("/etc")))) {
    names += (names.empty() ? "" : ", ") + name;
  }
  if (names.empty() || force) return {};
  return Error(Errc::conflict, "accounts of this machine were adopted: " + names +
                                   "; usherctl user adopt --undo hands each back, --force locks "
                                   "them out");
}

Result<void> disable(Session& session, const Arguments& arguments) {
  const Host& host = session.host();
  TRY(must_be_administrator(host));
  const UniqueFd lock = TRY(lock_host(host));
  const Phase phase = TRY(phase_of(host));
  TRY(must_have_no_adopted(host, arguments.force));
  const Undisturbed from_here;
  std::vector<std::string> notes;
  // Copies without a mark are a crash's: `enable` had changed nothing yet.
  if (phase == Phase::none) TRY(roll_back(host));
  RolledBack done = phase == Phase::armed ? TRY(roll_back(host)) : TRY(put_back(host, notes));
  done.notes.insert(done.notes.begin(), notes.begin(), notes.end());
  if (phase == Phase::none && done.was == Phase::none) {
    return report(session, done, "Usher is not enabled; nothing was changed.");
  }
  return report(session, done, "Usher is disabled. Put back:");
}

constexpr Verb kVerbs[] = {
    {"disable",
     "take Usher out of PAM and sshd",
     disable,
     {{{"--force", "even if adopted accounts are locked out", &Arguments::force}}}},
    {"confirm", "keep what enable changed", confirm},
    {"rollback", "", rollback},  // puts back what was not confirmed; only its unit calls it
};

}  // namespace

std::span<const Verb> disable_verbs() {
  return kVerbs;
}

}  // namespace usher::ctl
