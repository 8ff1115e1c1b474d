// A connection to the login socket that sends any bytes as a frame. Waits a few seconds at most.
#pragma once

#include <string>

#include "base/unique_fd.hpp"

namespace usher::test {

class RawConnection {
 public:
  explicit RawConnection(const std::string& socket);

  void send(const std::string& frame);
  bool receives_a_frame();
  // Whatever is still sent before the end is taken and forgotten.
  bool is_closed_by_the_other_end();

 private:
  UniqueFd fd_;
};

}  // namespace usher::test
