// From the first step to the last nothing typed may stop us halfway: not Ctrl-Z, which would hold
// the lock, nor a terminal that goes away with the connection.
#pragma once

#include <array>
#include <csignal>

namespace usher::ctl {

class Undisturbed {
 public:
  Undisturbed() {
    for (std::size_t i = 0; i < kSignals.size(); ++i) before_[i] = ::signal(kSignals[i], SIG_IGN);
  }
  Undisturbed(const Undisturbed&) = delete;
  Undisturbed& operator=(const Undisturbed&) = delete;
  ~Undisturbed() {
    for (std::size_t i = 0; i < kSignals.size(); ++i) (void)::signal(kSignals[i], before_[i]);
  }

 private:
  static constexpr std::array kSignals{SIGINT, SIGHUP, SIGTERM, SIGTSTP, SIGPIPE};
  std::array<sighandler_t, kSignals.size()> before_{};
};

}  // namespace usher::ctl
