// A proxy between a caller and the daemon that passes every frame on until the daemon sends its
// verdict: that one is held back. The moment "committed, and not said yet", made to last.
#pragma once

#include <functional>
#include <string>
#include <thread>

#include "base/unique_fd.hpp"

namespace usher::test {

class VerdictThief {
 public:
  // `on_verdict` runs when the verdict is here and the caller has not got it; then both sides are
  // hung up. Serves one connection.
  VerdictThief(const std::string& listen_at, const std::string& daemon,
               std::function<void()> on_verdict);

 private:
  void serve(const std::string& daemon);

  UniqueFd listener_;
  std::function<void()> on_verdict_;
  std::jthread thread_;
};

}  // namespace usher::test
