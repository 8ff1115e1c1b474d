// One connection of admin.sock from its first call to its end. Blocking; runs on its own thread.
#pragma once

#include <chrono>
#include <functional>

#include "daemon/admin/context.hpp"

namespace usher::admin {

struct AdminPatience {
  std::chrono::milliseconds idle{60'000};   // for the next whole call
  std::chrono::milliseconds reply{10'000};  // for the caller to take a reply
};

// Answers calls until the caller hangs up or stays idle, both of which end it without an Error.
// Errc::invalid_input and unsupported: a malformed frame; the server closes this connection and
// counts the frame. Borrows the socket; shutting it down from another thread ends the loop.
// Each call gets a context of its own: the configuration it finds, and the roles that gives, are
// those in force when it comes.
using WithContext = std::function<void(const std::function<void(AdminContext&)>& use)>;
Result<void> serve_admin(int socket, Peer peer, const WithContext& with_context,
                         const AdminPatience& patience);

}  // namespace usher::admin
