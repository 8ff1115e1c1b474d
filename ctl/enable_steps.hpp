// Enabling, as a table of steps, and putting back, as the same table from its end. A crash between
// any two steps leaves the old files, or a rollback that is armed on the disk.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "ctl/enable_plan.hpp"

namespace usher::ctl {

struct Work {
  const Host& host;
  std::vector<Change> changes;
  Sshd sshd = Sshd::absent;
  // What went otherwise than planned without stopping anything, for the terminal or the journal.
  std::vector<std::string> notes;
};

struct Step {
  std::string_view name;
  std::string_view says;
  Result<void> (*apply)(Work& work);
  // Undoes it, wherever it was cut off; does nothing the second time, and needs no NSS, no usherd
  // and no file of Usher's but the saved ones.
  Result<void> (*undo)(Work& work);
};
std::span<const Step> enable_steps();

// All of them in order. When one fails, it and those before are undone.
Result<void> apply_steps(Work& work);
// All of them, backwards. Stops at the first that cannot be undone: the rollback then stays armed.
Result<void> undo_steps(Work& work);

// What the unit runs: puts the saved files back if the rollback is armed, and sweeps away what a
// crash before the arming left. Leaves what was confirmed alone.
struct RolledBack {
  Phase was = Phase::none;
  std::vector<std::string> restored;  // paths
  std::vector<std::string> notes;
};
Result<RolledBack> roll_back(const Host& host);

}  // namespace usher::ctl
