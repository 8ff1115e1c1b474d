// Who is told that their password ends: 7, 3 and 1 days before, each once, at every confirmed
// address. One whose address is known too late hears of the day that is next.
#pragma once

#include <mutex>
#include <string>

#include "daemon/notices/tell.hpp"

namespace usher::notices {

class PasswordEnds {
 public:
  static constexpr std::int64_t kAtOnce = 100;

  // Looks at so many people, those after whom it looked at last, and writes only where somebody is
  // told. Nothing while another thread is at it.
  Result<void> tell_some(store::Store& store, const Means& means);

 private:
  std::mutex busy_;
  std::string after_;  // the last name; empty: from the beginning
};

}  // namespace usher::notices
