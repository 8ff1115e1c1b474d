// A day of its own for each caller, from the first refusal on.
#include "daemon/admin/refusal_budget.hpp"

namespace usher::admin {

bool RefusalBudget::spend(Uid uid, const ports::Uptime& now) {
  const std::lock_guard lock(mutex_);
  std::erase_if(
      days_, [&](const auto& day) { return now.since - day.second.began >= std::chrono::days(1); });
  const auto day = days_.find(uid.number);
  if (day == days_.end()) {
    if (days_.size() >= kCallers) return false;
    days_[uid.number] = Day{now.since, 1};
    return true;
  }
  if (day->second.kept >= kMostADay) return false;
  ++day->second.kept;
  return true;
}

}  // namespace usher::admin
