// A second's wait that Ctrl-C and a service manager's stop end.
#pragma once

#include <csignal>
#include <ctime>

namespace usher::ctl {

// While one lives, SIGINT and SIGTERM end the wait instead of the program: what was begun to be
// printed is finished. A call to usherd is not cut off, and has its own deadline.
class EndedByHand {
 public:
  EndedByHand() {
    const sigset_t ending = signals();
    (void)::pthread_sigmask(SIG_BLOCK, &ending, &before_);
  }
  EndedByHand(const EndedByHand&) = delete;
  EndedByHand& operator=(const EndedByHand&) = delete;
  ~EndedByHand() { (void)::pthread_sigmask(SIG_SETMASK, &before_, nullptr); }

  static sigset_t signals() {
    sigset_t set;
    (void)::sigemptyset(&set);
    (void)::sigaddset(&set, SIGINT);
    (void)::sigaddset(&set, SIGTERM);
    return set;
  }

 private:
  sigset_t before_{};
};

// False: it is over. Only where an EndedByHand lives.
inline bool wait_a_moment() {
  const sigset_t ending = EndedByHand::signals();
  constexpr timespec kMoment{1, 0};
  return ::sigtimedwait(&ending, nullptr, &kMoment) < 0;
}

}  // namespace usher::ctl
