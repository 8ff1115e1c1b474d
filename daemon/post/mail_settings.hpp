// How mail leaves this host: the [mail] keys of usher.toml. No secret: the password for the server
// is usher-courier's.
#pragma once

#include "protocol/courier_work.hpp"

namespace usher::post {

struct MailSettings {
  protocol::courier::Server server;
  std::string from;       // the sender's address
  std::string from_name;  // empty: the organisation's name
  std::string reply_to;   // empty: answers go to the sender

  // Without a server nothing is sent; messages wait for one until they are of no use any more.
  bool is_set() const { return !server.host.empty(); }
  bool operator==(const MailSettings&) const = default;
};

// A mail without recipient, date and text.
protocol::courier::Mail mail_by(const MailSettings& settings, std::string_view id);

// With these every mail can be sent, whatever it says. Errc::invalid_input names the field of a
// mail that it is not so of.
Result<void> check(const MailSettings& settings);

}  // namespace usher::post
