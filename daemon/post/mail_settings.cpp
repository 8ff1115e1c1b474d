// The rules are those of every mail, held against one that says nothing.
#include "daemon/post/mail_settings.hpp"

namespace usher::post {
namespace {

constexpr std::size_t kIdDigits = 32;

// Where whoever reads the mail may see that it is ours.
std::string_view domain_of(std::string_view address) {
  return address.substr(address.find('@') + 1);
}

}  // namespace

protocol::courier::Mail mail_by(const MailSettings& settings, std::string_view id) {
  protocol::courier::Mail mail;
  mail.server = settings.server;
  mail.from = settings.from;
  mail.from_name = settings.from_name;
  mail.reply_to = settings.reply_to;
  mail.message_id = std::string(id) + "@" + std::string(domain_of(settings.from));
  return mail;
}

Result<void> check(const MailSettings& settings) {
  protocol::courier::Mail mail = mail_by(settings, std::string(kIdDigits, '0'));
  mail.to = "ada@acme.example";
  mail.text.subject = TRY(Secret::copy("a subject"));
  mail.text.text = TRY(Secret::copy("a text"));
  return protocol::courier::check(mail);
}

}  // namespace usher::post
