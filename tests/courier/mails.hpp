// A mail to send, right in every field, for tests to change one of them.
#pragma once

#include "protocol/courier_messages.hpp"

namespace usher::courier {

inline constexpr const char* kId = "0123456789abcdef0123456789abcdef";

inline Secret secret(std::string_view text) {
  return Secret::copy(text).release_value();
}

inline protocol::courier::Mail mail() {
  protocol::courier::Mail mail;
  mail.server = {.host = "localhost",
                 .port = 587,
                 .security = protocol::courier::Security::starttls,
                 .login = protocol::courier::Login::plain,
                 .user = "usher",
                 .ca_file = "/etc/usher/mail-ca.pem"};
  mail.from = "no-reply@acme.example";
  mail.from_name = "Acme";
  mail.reply_to = "support@acme.example";
  mail.to = "ada@acme.example";
  mail.message_id = "0123456789abcdef@acme.example";
  mail.date = 1'763'800'000;
  mail.text.subject = secret("Your code");
  mail.text.text = secret("Your code is 90417265.\n");
  mail.text.html = secret("<p>Your code is 90417265.</p>\n");
  return mail;
}

inline protocol::courier::Work work(protocol::courier::Mail mail = courier::mail()) {
  return {kId, std::move(mail)};
}

}  // namespace usher::courier
