// The table. Its order is the safety: copies, units and timer stand before the mark that arms them,
// and the mark stands before the first file of PAM or sshd changes. Backwards, the mark falls only
// when all files are back.
#include "ctl/enable_steps.hpp"

#include <fmt/format.h>

#include "ctl/enable_sshd.hpp"
#include "ctl/enable_units.hpp"

namespace usher::ctl {
namespace {

enum class Side : std::uint8_t { before, after };
using Which = bool (*)(const Change& change);

bool is_drop_in(const Change& change) {
  return !is_pam(change);
}

Result<void> put_all(Work& work, Which which, Side side) {
  for (const Change& change : work.changes) {
    if (!which(change)) continue;
    TRY(put_image(work.host.path(change.path), side == Side::after ? change.after : change.before));
  }
  return {};
}

Result<void> nothing(Work& /*work*/) {
  return {};
}

// What was shown must be what is there: a package may have changed it since.
Result<void> save(Work& work) {
  for (const Change& change : work.changes) {
    if (TRY(read_image(work.host.path(change.path))) == change.before) continue;
    return Error(Errc::conflict, change.path + " changed meanwhile; nothing was done, try again");
  }
  return save_changes(work.host, work.changes);
}
Result<void> forget(Work& work) {
  return forget_changes(work.host);
}

Result<void> write_units(Work& work) {
  return write_rollback_units(work.host);
}
Result<void> remove_units(Work& work) {
  return remove_rollback_units(work.host);
}

Result<void> start_timer(Work& work) {
  return start_rollback_timer(work.host);
}
Result<void> stop_timer(Work& work) {
  // A timer that goes off finds nothing armed.
  (void)stop_rollback_timer(work.host);
  return {};
}

Result<void> set_mark(Work& work) {
  return arm(work.host);
}
Result<void> remove_mark(Work& work) {
  return disarm(work.host);
}

Result<void> tell_sshd(Work& work) {
  if (work.sshd == Sshd::absent) return {};
  return reload_sshd(work.host, Wait::until_done);
}
// The files count; an sshd that cannot be told must not keep them from being disarmed.
Result<void> tell_sshd_again(Work& work) {
  if (work.sshd == Sshd::absent) return {};
  if (const auto told = reload_sshd(work.host, Wait::not_at_all); !told) {
    work.notes.push_back(fmt::format("{}; systemctl reload ssh", told.error().text()));
  }
  return {};
}

Result<void> place_drop_in(Work& work) {
  TRY(put_all(work, is_drop_in, Side::after));
  if (work.sshd == Sshd::absent) return {};
  return check_sshd_after(work.host);
}
Result<void> restore_drop_in(Work& work) {
  return put_all(work, is_drop_in, Side::before);
}

Result<void> place_pam(Work& work) {
  return put_all(work, is_pam, Side::after);
}
Result<void> restore_pam(Work& work) {
  return put_all(work, is_pam, Side::before);
}

constexpr Step kSteps[] = {
    {"save", "save copies of all files that may change", save, forget},
    {"units", "write the units that put them back", write_units, remove_units},
    {"timer", "start the timer", start_timer, stop_timer},
    {"arm", "arm the rollback", set_mark, remove_mark},
    // Undone after the two below: sshd is told when the files are back.
    {"sshd back", "", nothing, tell_sshd_again},
    {"sshd", "put sshd's drop-in in place and check it", place_drop_in, restore_drop_in},
    {"pam", "put PAM's files in place", place_pam, restore_pam},
    {"reload", "have sshd read its configuration", tell_sshd, nothing},
};

// From the step with this number down to the first.
Result<void> undo_from(Work& work, std::size_t last) {
  for (std::size_t i = last + 1; i-- > 0;) {
    TRY(kSteps[i].undo(work).in(fmt::format("undoing '{}'", kSteps[i].name)));
  }
  return {};
}

}  // namespace

std::span<const Step> enable_steps() {
  return kSteps;
}

Result<void> apply_steps(Work& work) {
  for (std::size_t i = 0; i < std::size(kSteps); ++i) {
    const Result<void> applied = kSteps[i].apply(work);
    if (applied) continue;
    const Result<void> undone = undo_from(work, i);
    if (undone) return applied.error().in("everything was put back, because a step failed");
    work.notes.push_back(
        fmt::format("putting back failed too ({}); the timer tries again", undone.error().text()));
    return applied;
  }
  return {};
}

Result<void> undo_steps(Work& work) {
  return undo_from(work, std::size(kSteps) - 1);
}

Result<RolledBack> roll_back(const Host& host) {
  RolledBack report;
  report.was = TRY(phase_of(host));
  if (report.was == Phase::confirmed) return report;
  Work work{host, {}, Sshd::absent, {}};
  // Before the mark nothing was changed: only units and copies are swept away.
  if (report.was == Phase::armed) {
    work.changes = TRY(load_changes(host));
    if (work.changes.empty()) return Error(Errc::damaged, "the rollback is armed, without copies");
    work.sshd = find_sshd(host);
    for (const Change& change : work.changes) {
      const MaybeFile now = TRY(read_image(host.path(change.path)));
      if (now != change.before) report.restored.push_back(change.path);
      if (now == change.before || now == change.after) continue;
      work.notes.push_back(change.path + " had been changed since; that change is gone");
    }
  }
  TRY(undo_steps(work));
  report.notes = std::move(work.notes);
  return report;
}

}  // namespace usher::ctl
