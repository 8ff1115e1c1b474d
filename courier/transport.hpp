// Whoever takes a mail to its server, as a port: most tests have no server.
#pragma once

#include <string>

#include "protocol/courier_messages.hpp"

namespace usher::courier {

struct Sent {
  protocol::courier::Outcome outcome = protocol::courier::Outcome::service_down;
  protocol::courier::Cause cause = protocol::courier::Cause::internal;
  std::string detail;  // printable ASCII, at most kMaxDetail bytes
};

class Transport {
 public:
  virtual ~Transport() = default;
  // Every way this can end is an outcome; each within a deadline.
  virtual Sent send(const protocol::courier::Mail& mail) = 0;
};

}  // namespace usher::courier
