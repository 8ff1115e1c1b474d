// How many refused calls of one caller are kept, as a record and a line of the journal. Both stay
// for good, and whoever may not do a thing can ask for it in a loop. Safe to call from several
// threads.
#pragma once

#include <cstdint>
#include <map>
#include <mutex>

#include "base/text.hpp"
#include "daemon/ports/clock.hpp"

namespace usher::admin {

class RefusalBudget {
 public:
  static constexpr int kMostADay = 50;           // of one uid
  static constexpr std::size_t kCallers = 1024;  // whose days are open at once

  // False: this one is not kept. Once so many callers have a day open, those of another one are
  // not.
  bool spend(Uid uid, const ports::Uptime& now);

 private:
  struct Day {
    std::chrono::milliseconds began{0};
    int kept = 0;
  };
  std::mutex mutex_;
  std::map<std::uint32_t, Day> days_;
};

}  // namespace usher::admin
