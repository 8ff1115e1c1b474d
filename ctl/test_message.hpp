// A test of a way out: something is queued, and its fate is waited for.
#pragma once

#include "ctl/session.hpp"

namespace usher::ctl {

struct TestWords {
  std::string_view service;  // the member of GetStatus's answer
  std::string_view message;  // "the mail"
  std::string_view server;   // "the server"
  std::string_view queue;    // where to look on
};

// Calls `method`, and says what became of it: what the other end answered, or what keeps it from
// leaving. An Error unless it was taken.
Result<void> run_test(Session& session, std::string_view method, protocol::varlink::Json parameters,
                      const TestWords& words);

}  // namespace usher::ctl
