// The caller's side of the login wire, as the PAM module uses it: libc only, no exceptions.
// Distrustful: it checks the socket's owner and the daemon's uid before a byte is sent, and
// takes every reply for hostile.
#pragma once

#include <chrono>
#include <optional>

#include "base/unique_fd.hpp"
#include "protocol/messages.hpp"
#include "protocol/transport.hpp"

namespace usher::protocol {

inline constexpr const char* kLoginSocket = "/run/usher/login.sock";
inline constexpr std::chrono::milliseconds kHelloPatience{2'000};
// One reply may queue behind other people's password hashes; the daemon's own conversation
// deadlines (PROTOCOL.md) end long before a caller would wait twice.
inline constexpr std::chrono::milliseconds kReplyPatience{60'000};
// Greeters and lockers may leave a prompt open for ten minutes; nothing lasts longer.
inline constexpr std::chrono::milliseconds kConversationPatience{11 * 60'000};

struct Server {
  std::string_view socket_path = kLoginSocket;
  Uid uid = kRootUid;  // who must own the socket and sit at the other end, besides root
};

// What the daemon says next: exactly one of the two.
struct Reply {
  std::optional<Step> step;
  std::optional<Verdict> verdict;
};

class LoginClient {
 public:
  // Connects, checks who answers, agrees on a version. At most kHelloPatience.
  static Result<LoginClient> connect(const Server& server);

  // Views in the reply live until the next call.
  Result<Reply> begin_login(const Begin& begin);
  Result<Reply> continue_login(const Answer& answer);

 private:
  LoginClient(UniqueFd socket, std::uint16_t version)
      : socket_(static_cast<UniqueFd&&>(socket)),
        version_(version),
        deadline_(Deadline::after(kConversationPatience)) {}
  Result<Reply> exchange(std::string_view frame);

  UniqueFd socket_;
  std::uint16_t version_;
  Deadline deadline_;
  std::uint32_t steps_ = 0;
  std::uint32_t step_id_ = 0;
  Secret reply_frame_;
};

// Walks to the socket's directory without following symbolic links: every directory must belong
// to root or the server and be writable by nobody else (a sticky one, like /tmp, may be), the
// last entry must be a socket of the same owners. Errc::not_permitted names what is wrong.
Result<void> check_socket_path(const Server& server);

}  // namespace usher::protocol
