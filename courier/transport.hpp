// Whoever takes a message to its server, as a port: most tests have no server.
#pragma once

#include <string>

#include "protocol/courier_messages.hpp"

namespace usher::courier {

struct Sent {
  protocol::courier::Outcome outcome = protocol::courier::Outcome::service_down;
  protocol::courier::Cause cause = protocol::courier::Cause::internal;
  std::string detail;            // printable ASCII, at most kMaxDetail bytes
  std::chrono::seconds wait{0};  // what the server asks for before it is asked again
};

template <typename Message>
class TransportOf {
 public:
  virtual ~TransportOf() = default;
  // Every way this can end is an outcome; each within a deadline.
  virtual Sent send(const Message& message) = 0;
};
using Transport = TransportOf<protocol::courier::Mail>;
using SmsTransport = TransportOf<protocol::courier::Sms>;

}  // namespace usher::courier
