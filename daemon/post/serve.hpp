// usherd's side of courier.sock (io.usher.Courier.varlink), one connection.
#pragma once

#include "daemon/post/post.hpp"

namespace usher::post {

struct CourierPatience {
  // While a mail is being sent nothing is said.
  std::chrono::milliseconds idle = std::chrono::minutes(15);
  std::chrono::milliseconds take = protocol::courier::kTakeWait;
  std::chrono::milliseconds reply{5'000};
};

// Until the other end closes. Errc::not_permitted: it is neither root nor who owns the socket.
Result<void> serve_courier(int socket, Post& post, const CourierPatience& patience);

}  // namespace usher::post
