// What usherd gives usher-courier to send, as values, and what each field of it may be. Both sides
// check here: a field that passed cannot say another thing to a mail server than was meant.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>

#include "base/result.hpp"
#include "base/secret.hpp"
#include "protocol/courier_sms.hpp"

namespace usher::protocol::courier {

// In bytes. The largest mail is within a frame, its text in hexadecimal digits and all.
inline constexpr std::size_t kMaxHost = 253;     // RFC 1035 section 2.3.4
inline constexpr std::size_t kMaxAddress = 254;  // RFC 5321 section 4.5.3.1.3, without the brackets
inline constexpr std::size_t kMaxLocalPart = 64;  // RFC 5321 section 4.5.3.1.1
inline constexpr std::size_t kMaxUser = 256;
inline constexpr std::size_t kMaxCaFile = 255;
inline constexpr std::size_t kMaxFromName = 128;
inline constexpr std::size_t kMaxSubject = 255;
inline constexpr std::size_t kMaxText = 12'000;
inline constexpr std::size_t kMaxHtml = 16'000;
inline constexpr std::int64_t kLastDate = 253'402'300'799;  // the last second of the year 9999

enum class Security : std::uint8_t { starttls, tls };
enum class Login : std::uint8_t { none, plain, login, xoauth2 };

struct Server {
  std::string host;
  std::uint16_t port = 587;  // RFC 6409: submission
  Security security = Security::starttls;
  Login login = Login::none;
  std::string user;     // empty with Login::none, and only there
  std::string ca_file;  // empty: the machine's certificates

  bool operator==(const Server&) const = default;
};

// What a mail says. It holds codes.
struct MailText {
  Secret subject;
  Secret text;
  Secret html;  // empty: there is none
};

// All of it in one: subject NUL text NUL HTML. Errc::invalid_input: it is not three.
Result<Secret> bytes_of(const MailText& text);
Result<MailText> mail_text_of(const Secret& bytes);

struct Mail {
  Server server;
  std::string from;
  std::string from_name;  // may be empty
  std::string reply_to;   // may be empty
  std::string to;
  std::string message_id;  // without its angle brackets
  std::int64_t date = 0;   // seconds since 1970, UTC
  MailText text;
};

// Another kind of message is one more alternative here, and one more row in courier_messages.cpp.
using What = std::variant<Mail, Sms>;

struct Work {
  std::string id;
  What what;
};

// 32 hexadecimal digits, lower case.
bool is_message_id(std::string_view text);
// A dot-atom, '@', a name of the DNS: RFC 5321 without quoting, literals and UTF-8. None of its
// characters means anything to a mail server, or in a header.
bool is_address(std::string_view text);
// Letters, digits, hyphens and dots, as the DNS has them; an IPv4 address is one too.
bool is_host(std::string_view text);

// Errc::invalid_input names the field that is not what it must be; its value is in no Error.
Result<void> check(const Mail& mail);
Result<void> check(const MailText& text);

}  // namespace usher::protocol::courier
