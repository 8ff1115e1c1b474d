// Blocked and pending signals: no handler, no flag, no race between a look and a wait.
#include "courier/stop.hpp"

namespace usher::courier {
namespace {

constexpr int kEndings[] = {SIGTERM, SIGINT};

}  // namespace

InHand::InHand() {
  sigset_t endings;
  ::sigemptyset(&endings);
  for (const int signal : kEndings) ::sigaddset(&endings, signal);
  (void)::pthread_sigmask(SIG_BLOCK, &endings, &before_);
}

InHand::~InHand() {
  (void)::pthread_sigmask(SIG_SETMASK, &before_, nullptr);
}

bool told_to_stop() {
  sigset_t pending;
  ::sigemptyset(&pending);
  (void)::sigpending(&pending);
  for (const int signal : kEndings) {
    if (::sigismember(&pending, signal) == 1) return true;
  }
  return false;
}

}  // namespace usher::courier
