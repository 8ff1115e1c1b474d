// SIGTERM and SIGINT end usher-courier at once while it waits, and once what is in hand is done
// while there is something.
#pragma once

#include <csignal>

namespace usher::courier {

// As long as this lives the signals wait. Of one thread.
class InHand {
 public:
  InHand();
  InHand(const InHand&) = delete;
  InHand& operator=(const InHand&) = delete;
  ~InHand();  // ends the process, if one of them came

 private:
  sigset_t before_{};
};

// One of them waits.
bool told_to_stop();

}  // namespace usher::courier
