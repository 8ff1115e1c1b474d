// Calls over admin.sock, with errors that name the cure.
#include "ctl/session.hpp"

#include <fmt/format.h>

#include "ctl/exit_code.hpp"
#include "protocol/interfaces.hpp"

namespace usher::ctl {
namespace {

using protocol::Deadline;
using protocol::varlink::Call;
using protocol::varlink::Client;

constexpr std::chrono::seconds kConnectPatience{5};
// A change waits for the disk, and verifying a long audit chain takes a while.
constexpr std::chrono::seconds kCallPatience{60};

Error unreachable(const std::string& socket, const Error& error) {
  if (error.code() == Errc::not_permitted) {
    return Error(Errc::not_permitted, fmt::format("{}: {}; try sudo", socket, error.text()));
  }
  return Error(Errc::unavailable, fmt::format("cannot reach usherd at {} ({}). Is it running? "
                                              "systemctl status usherd",
                                              socket, error.text()));
}

}  // namespace

Result<void> Session::connect() {
  if (client_) return {};
  auto client = Client::connect(socket_, Deadline::after(kConnectPatience));
  if (!client) return unreachable(socket_, client.error());
  client_.emplace(client.release_value());
  return {};
}

Result<protocol::varlink::ReplyOk> Session::call(std::string_view method,
                                                 protocol::varlink::Json parameters,
                                                 std::string_view secret_name) {
  return send({fmt::format("{}.{}", protocol::kAdminInterface, method), std::move(parameters)},
              secret_name);
}

Result<protocol::varlink::ReplyOk> Session::call_with(std::string_view method,
                                                      protocol::varlink::Json parameters,
                                                      Secret secret) {
  Call call{fmt::format("{}.{}", protocol::kAdminInterface, method), std::move(parameters)};
  call.secret = protocol::varlink::NamedSecret{std::string(protocol::varlink::kCallSecret),
                                               std::move(secret)};
  return send(call, kNoSecret);
}

Result<protocol::varlink::ReplyOk> Session::send(const Call& call, std::string_view secret_name) {
  // What cannot be asked is the command line's fault, and is told from an answer that makes no
  // sense.
  TRY(protocol::varlink::encode(call));
  TRY(connect());
  auto reply = client_->call(call, secret_name, Deadline::after(kCallPatience));
  if (!reply && reply.error().code() == Errc::invalid_input) {
    client_.reset();
    return Error(Errc::internal, reply.error().text()).in("usherd's answer makes no sense");
  }
  if (!reply) {
    // Of no more use: the next call makes another connection.
    client_.reset();
    return unreachable(socket_, reply.error());
  }
  if (const auto* refused = std::get_if<protocol::varlink::ReplyError>(&*reply)) {
    return error_of(*refused);
  }
  auto* ok = std::get_if<protocol::varlink::ReplyOk>(&*reply);
  if (!secret_name.empty() && !ok->secret) {
    return Error(Errc::unsupported, "usherd's answer lacks the one-time code");
  }
  return std::move(*ok);
}

}  // namespace usher::ctl
