// What a field may be is usher-courier's contract; here are the words for it.
#include "daemon/config_mail.hpp"

#include "base/text.hpp"

namespace usher::daemon {
namespace {

using protocol::courier::Login;
using protocol::courier::Security;

template <typename Enum>
struct Word {
  std::string_view word;
  Enum value;
};
constexpr Word<Security> kSecurities[] = {{"starttls", Security::starttls}, {"tls", Security::tls}};
constexpr Word<Login> kLogins[] = {{"none", Login::none},
                                   {"plain", Login::plain},
                                   {"login", Login::login},
                                   {"xoauth2", Login::xoauth2}};

template <typename Enum, std::size_t kCount>
Complaint read_word(const toml::node& node, const Word<Enum> (&words)[kCount], Enum& target) {
  const auto given = node.value_exact<std::string>();
  std::string must = "must be one of";
  for (const Word<Enum>& row : words) {
    if (given && *given == row.word) {
      target = row.value;
      return std::nullopt;
    }
    must += fmt::format(" \"{}\"", row.word);
  }
  return must;
}

template <typename IsOne>
Complaint read_if(const toml::node& node, std::string& target, IsOne is_one, const char* must) {
  const auto value = node.value_exact<std::string>();
  if (!value || !(value->empty() || is_one(*value))) return must;
  target = *value;
  return std::nullopt;
}

// The keys behind the fields that check() names.
struct FieldRow {
  std::string_view field, key, must;
};
constexpr FieldRow kFields[] = {
    {"from", "from", "must be set where mail.server is: the sender's address"},
    {"user", "user", "must be set with mail.login, and only with it"},
    {"message_id", "from", "is too long: a Message-ID ends with its domain, of at most 221 bytes"},
};

std::size_t line_of_mail(const toml::table& root, std::string_view key) {
  const toml::table* mail = root["mail"].as_table();
  if (mail == nullptr) return 1;
  const toml::node* node = mail->get(key);
  return node != nullptr ? node->source().begin.line : mail->source().begin.line;
}

}  // namespace

Complaint read_mail_host(const toml::node& node, std::string& target) {
  return read_if(node, target, protocol::courier::is_host,
                 "must be a host's name or an IPv4 address, or \"\"");
}

Complaint read_mail_address(const toml::node& node, std::string& target) {
  return read_if(node, target, protocol::courier::is_address,
                 "must be an address such as \"no-reply@acme.example\", or \"\"");
}

Complaint read_mail_line(const toml::node& node, std::string& target, std::size_t longest) {
  const auto value = node.value_exact<std::string>();
  if (!value || value->size() > longest || !is_plain_text(*value, Newlines::refused)) {
    return fmt::format("must be a text of at most {} bytes without control characters", longest);
  }
  target = *value;
  return std::nullopt;
}

Complaint read_security(const toml::node& node, Security& target) {
  return read_word(node, kSecurities, target);
}

Complaint read_login(const toml::node& node, Login& target) {
  return read_word(node, kLogins, target);
}

Complaint read_letters_off(const toml::node& node, std::vector<letters::Letter>& target) {
  const toml::array* list = node.as_array();
  if (list == nullptr || list->size() > letters::kLetters)
    return "must be a list of letters' names";
  std::vector<letters::Letter> letters;
  for (const toml::node& entry : *list) {
    const std::string name = entry.value_exact<std::string>().value_or("");
    const auto letter = letters::letter_of(name);
    if (!letter) return fmt::format("must be names of letters, and \"{}\" is none", name);
    if (letters::row_of(*letter).may_be_off == letters::MayBeOff::no) {
      return fmt::format("must be letters that may be off, and \"{}\" is always sent", name);
    }
    letters.push_back(*letter);
  }
  target = std::move(letters);
  return std::nullopt;
}

Result<void> check_mail(std::string_view file, const toml::table& root, const Config& config) {
  if (!config.mail.is_set()) return {};
  const Result<void> sendable = post::check(config.mail);
  if (sendable) return {};
  for (const FieldRow& row : kFields) {
    if (row.field != sendable.error().text()) continue;
    return Error(Errc::invalid_input, fmt::format("{}:{}: mail.{} {}", file,
                                                  line_of_mail(root, row.key), row.key, row.must));
  }
  return sendable.error().in(fmt::format("{}:{}: mail", file, line_of_mail(root, "server")));
}

}  // namespace usher::daemon
