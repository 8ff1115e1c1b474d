// One rule a field, in one table; the first that is broken is named.
#include "protocol/courier_work.hpp"

#include <algorithm>

#include "base/text.hpp"

namespace usher::protocol::courier {
namespace {

constexpr std::string_view kBetween{"\0", 1};

bool is_letter_or_digit(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

// RFC 5322 section 3.2.3.
bool is_atom_character(char c) {
  constexpr std::string_view kOthers = "!#$%&'*+-/=?^_`{|}~";
  return is_letter_or_digit(c) || kOthers.find(c) != std::string_view::npos;
}

template <typename IsPart>
bool is_dotted(std::string_view text, IsPart is_part) {
  for (;;) {
    const std::size_t dot = text.find('.');
    if (!is_part(text.substr(0, dot))) return false;
    if (dot == std::string_view::npos) return true;
    text.remove_prefix(dot + 1);
  }
}

bool is_atom(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), is_atom_character);
}

bool is_label(std::string_view text) {
  constexpr std::size_t kMaxLabel = 63;
  const auto fits = [](char c) { return is_letter_or_digit(c) || c == '-'; };
  return !text.empty() && text.size() <= kMaxLabel && text.front() != '-' && text.back() != '-' &&
         std::all_of(text.begin(), text.end(), fits);
}

bool is_line(std::string_view text, std::size_t most) {
  return text.size() <= most && is_plain_text(text, Newlines::refused);
}

bool is_body(std::string_view text, std::size_t most) {
  return text.size() <= most && is_plain_text(text, Newlines::allowed);
}

bool is_user(const Server& server) {
  if (server.login == Login::none) return server.user.empty();
  return !server.user.empty() && is_line(server.user, kMaxUser);
}

bool is_ca_file(std::string_view path) {
  return path.empty() || (path.front() == '/' && is_line(path, kMaxCaFile));
}

template <typename Subject>
struct Rule {
  std::string_view field;
  bool (*holds)(const Subject& subject);
};
constexpr Rule<Mail> kMailRules[] = {
    {"host", [](const Mail& mail) { return is_host(mail.server.host); }},
    {"port", [](const Mail& mail) { return mail.server.port != 0; }},
    {"user", [](const Mail& mail) { return is_user(mail.server); }},
    {"ca_file", [](const Mail& mail) { return is_ca_file(mail.server.ca_file); }},
    {"from", [](const Mail& mail) { return is_address(mail.from); }},
    {"from_name", [](const Mail& mail) { return is_line(mail.from_name, kMaxFromName); }},
    {"reply_to",
     [](const Mail& mail) { return mail.reply_to.empty() || is_address(mail.reply_to); }},
    {"to", [](const Mail& mail) { return is_address(mail.to); }},
    {"message_id", [](const Mail& mail) { return is_address(mail.message_id); }},
    {"date", [](const Mail& mail) { return mail.date >= 0 && mail.date <= kLastDate; }},
};
constexpr Rule<MailText> kTextRules[] = {
    {"subject",
     [](const MailText& text) {
       return !text.subject.empty() && is_line(text.subject.view(), kMaxSubject);
     }},
    {"text",
     [](const MailText& text) {
       return !text.text.empty() && is_body(text.text.view(), kMaxText);
     }},
    {"html", [](const MailText& text) { return is_body(text.html.view(), kMaxHtml); }},
};

template <typename Subject, std::size_t kCount>
Result<void> check_rules(const Rule<Subject> (&rules)[kCount], const Subject& subject) {
  for (const Rule<Subject>& rule : rules) {
    if (!rule.holds(subject)) return Error(Errc::invalid_input, rule.field);
  }
  return {};
}

}  // namespace

Result<Secret> bytes_of(const MailText& text) {
  return Secret::join(
      {text.subject.view(), kBetween, text.text.view(), kBetween, text.html.view()});
}

Result<MailText> mail_text_of(const Secret& bytes) {
  const std::string_view all = bytes.view();
  const std::size_t first = all.find('\0');
  const std::size_t second = first == std::string_view::npos ? first : all.find('\0', first + 1);
  if (second == std::string_view::npos) return Error(Errc::invalid_input, "secret");
  MailText text;
  text.subject = TRY(Secret::copy(all.substr(0, first)));
  text.text = TRY(Secret::copy(all.substr(first + 1, second - first - 1)));
  text.html = TRY(Secret::copy(all.substr(second + 1)));
  return text;
}

bool is_message_id(std::string_view text) {
  constexpr std::size_t kDigits = 32;
  return text.size() == kDigits && std::all_of(text.begin(), text.end(), [](char c) {
           return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
         });
}

bool is_host(std::string_view text) {
  return text.size() <= kMaxHost && is_dotted(text, is_label);
}

bool is_address(std::string_view text) {
  const std::size_t at = text.find('@');
  if (at == std::string_view::npos || text.size() > kMaxAddress || at > kMaxLocalPart) return false;
  return is_dotted(text.substr(0, at), is_atom) && is_host(text.substr(at + 1));
}

Result<void> check(const MailText& text) {
  return check_rules(kTextRules, text);
}

Result<void> check(const Mail& mail) {
  TRY(check_rules(kMailRules, mail));
  return check(mail.text);
}

}  // namespace usher::protocol::courier
