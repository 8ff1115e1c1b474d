// The table of keys. A new setting is one row here, one commented line in config/usher.toml and
// one entry in usher.toml(5); a test compares the three.
#include "daemon/config_keys.hpp"

#include <fmt/format.h>

#include <array>
#include <vector>

#include "base/text.hpp"
#include "daemon/config_mail.hpp"
#include "daemon/config_sms.hpp"

namespace usher::daemon {
namespace {

// A file's path, or nothing.
Complaint read_maybe_path(const toml::node& node, std::string& target) {
  if (const auto value = node.value_exact<std::string>(); value && value->empty()) {
    target.clear();
    return std::nullopt;
  }
  if (read_path(node, target)) return "must be an absolute path in quotes, or \"\"";
  return std::nullopt;
}

Complaint read_characters(const toml::node& node, std::string& target) {
  constexpr std::size_t kLongest = 256;
  const auto value = node.value_exact<std::string>();
  if (!value || value->size() > kLongest || !is_plain_text(*value, Newlines::refused)) {
    return fmt::format("must be a text of at most {} bytes without control characters", kLongest);
  }
  target = *value;
  return std::nullopt;
}

Complaint read_enrol_from(const toml::node& node, EnrolFrom& target) {
  const auto word = node.value_exact<std::string>();
  if (word && *word == "local") {
    target = EnrolFrom::local;
  } else if (word && *word == "any") {
    target = EnrolFrom::any;
  } else {
    return "must be \"local\" or \"any\"";
  }
  return std::nullopt;
}

template <typename Choice>
struct Word {
  std::string_view word;
  Choice choice;
};
template <typename Choice, std::size_t kWords>
Complaint read_word(const toml::node& node, const Word<Choice> (&words)[kWords], const char* must,
                    Choice& target) {
  const auto given = node.value_exact<std::string>();
  for (const auto& row : words) {
    if (!given || *given != row.word) continue;
    target = row.choice;
    return std::nullopt;
  }
  return must;
}

Complaint read_forgot_from(const toml::node& node, ForgotFrom& target) {
  constexpr Word<ForgotFrom> kWords[] = {
      {"local", ForgotFrom::local}, {"known", ForgotFrom::known}, {"any", ForgotFrom::any}};
  return read_word(node, kWords, "must be \"local\", \"known\" or \"any\"", target);
}

Complaint read_forgot_by(const toml::node& node, ForgotBy& target) {
  constexpr Word<ForgotBy> kWords[] = {{"mail,sms", ForgotBy::mail_then_sms},
                                       {"sms,mail", ForgotBy::sms_then_mail},
                                       {"mail", ForgotBy::mail},
                                       {"sms", ForgotBy::sms}};
  return read_word(node, kWords, "must be \"mail,sms\", \"sms,mail\", \"mail\" or \"sms\"", target);
}

Complaint read_language(const toml::node& node, texts::Language& target) {
  const auto word = node.value_exact<std::string>();
  for (const texts::Language language : texts::languages()) {
    if (!word || *word != texts::code_of(language)) continue;
    target = language;
    return std::nullopt;
  }
  return "must be \"en\" or \"fr\"";
}

Complaint read_enumerate(const toml::node& node, directory::Enumeration& target) {
  bool on = false;
  auto complaint = read_flag(node, on);
  if (!complaint) target = on ? directory::Enumeration::on : directory::Enumeration::off;
  return complaint;
}

Complaint read_unknown_names(const toml::node& node, UnknownNames& target) {
  const auto word = node.value_exact<std::string>();
  if (word && *word == "decoy") {
    target = UnknownNames::decoy;
  } else if (word && *word == "pass") {
    target = UnknownNames::pass;
  } else {
    return "must be \"decoy\" or \"pass\"";
  }
  return std::nullopt;
}

Complaint read_networks(const toml::node& node, std::vector<policy::Network>& target) {
  constexpr std::size_t kMost = 64;
  const toml::array* list = node.as_array();
  if (list == nullptr || list->size() > kMost) {
    return fmt::format("must be a list of at most {} networks", kMost);
  }
  std::vector<policy::Network> networks;
  for (const toml::node& entry : *list) {
    const auto text = entry.value_exact<std::string>();
    const auto network = text ? policy::parse_network(*text) : std::nullopt;
    if (!network) return "must be networks such as \"192.0.2.0/24\" or \"2001:db8::/32\", not /0";
    networks.push_back(*network);
  }
  target = std::move(networks);
  return std::nullopt;
}

// Names of groups.
Complaint read_groups(const toml::node& node, std::vector<std::string>& target) {
  constexpr std::size_t kMost = 16;
  constexpr const char* kMust = "must be a list of at most 16 names of groups";
  const toml::array* list = node.as_array();
  if (list == nullptr || list->size() > kMost) return kMust;
  std::vector<std::string> groups;
  for (const toml::node& entry : *list) {
    const auto name = entry.value_exact<std::string>();
    if (!name || !UserName::is_one(*name)) return kMust;
    groups.push_back(*name);
  }
  target = std::move(groups);
  return std::nullopt;
}

using Node = toml::node;
using policy::Action;
constexpr std::int64_t kKibPerGib = 1024 * 1024;

constexpr std::array kRows{
    KeyRow{{"store.directory", "\"/var/lib/usher\"", "an absolute path", Takes::at_start},
           [](const Node& n, Config& c) { return read_path(n, c.at_start.state_directory); }},
    KeyRow{{"sockets.login", "\"/run/usher/login.sock\"", "an absolute path", Takes::at_start},
           [](const Node& n, Config& c) { return read_path(n, c.at_start.login_socket); }},
    KeyRow{{"sockets.admin", "\"/run/usher/admin.sock\"", "an absolute path", Takes::at_start},
           [](const Node& n, Config& c) { return read_path(n, c.at_start.admin_socket); }},
    KeyRow{{"sockets.reaper", "\"/run/usher/reaper.sock\"", "an absolute path", Takes::at_start},
           [](const Node& n, Config& c) { return read_path(n, c.at_start.reaper_socket); }},
    KeyRow{{"sockets.courier", "\"\"", "an absolute path, or \"\"", Takes::at_start},
           [](const Node& n, Config& c) { return read_maybe_path(n, c.at_start.courier_socket); }},
    KeyRow{{"directory.enumerate", "false", "true or false"},
           [](const Node& n, Config& c) { return read_enumerate(n, c.enumerate); }},
    KeyRow{{"texts.organisation", "\"Usher\"", "1 to 64 bytes"},
           [](const Node& n, Config& c) { return read_label(n, c.organisation); }},
    KeyRow{{"texts.support", "\"your administrator\"", "1 to 64 bytes"},
           [](const Node& n, Config& c) { return read_label(n, c.support); }},
    KeyRow{{"texts.page", "\"\"", "an https address, or \"\""},
           [](const Node& n, Config& c) { return read_page(n, c.page); }},
    KeyRow{{"texts.language", "\"en\"", "\"en\" or \"fr\""},
           [](const Node& n, Config& c) { return read_language(n, c.language); }},
    KeyRow{{"texts.greeting", "true", "true or false"},
           [](const Node& n, Config& c) { return read_flag(n, c.greet); }},
    KeyRow{{"password.preset", "\"nist\"", "\"nist\" or \"classic\""},
           [](const Node& n, Config& c) { return read_preset(n, c.preset); }},
    KeyRow{{"password.min_length", "\"auto\"", "\"auto\" or 6 to 64"},
           [](const Node& n, Config& c) { return read_min_length(n, c.base.min_length); }},
    KeyRow{{"password.max_length", "400", "64 to 400"},
           [](const Node& n, Config& c) { return read_number(n, c.base.max_length, 64, 400); }},
    KeyRow{{"password.needs_lower", "false", "true or false"},
           [](const Node& n, Config& c) { return read_flag(n, c.base.needs_lower); }},
    KeyRow{{"password.needs_upper", "false", "true or false"},
           [](const Node& n, Config& c) { return read_flag(n, c.base.needs_upper); }},
    KeyRow{{"password.needs_digit", "false", "true or false"},
           [](const Node& n, Config& c) { return read_flag(n, c.base.needs_digit); }},
    KeyRow{{"password.needs_special", "false", "true or false"},
           [](const Node& n, Config& c) { return read_flag(n, c.base.needs_special); }},
    KeyRow{{"password.history", "10", "0 to 24"},
           [](const Node& n, Config& c) { return read_number(n, c.base.history, 0, 24); }},
    KeyRow{{"password.min_age_days", "0", "0 to 365"},
           [](const Node& n, Config& c) { return read_number(n, c.base.min_age, 0, 365); }},
    KeyRow{{"password.max_age_days", "0", "0 to 3650"},
           [](const Node& n, Config& c) { return read_number(n, c.base.max_age, 0, 3650); }},
    KeyRow{{"password.words", "[]", "at most 64 texts"},
           [](const Node& n, Config& c) { return read_words(n, c.base.words); }},
    KeyRow{{"password.keyboard_characters", "\"\"", "at most 256 bytes"},
           [](const Node& n, Config& c) { return read_characters(n, c.keyboard_characters); }},
    KeyRow{{"password.breach_filter", "\"\"", "an absolute path, or \"\""},
           [](const Node& n, Config& c) { return read_maybe_path(n, c.breach_filter); }},
    KeyRow{{"password.offer_passphrase", "true", "true or false"},
           [](const Node& n, Config& c) { return read_flag(n, c.offer_passphrase); }},
    // The floor is OWASP's (Password Storage Cheat Sheet): 19 MiB with two passes.
    KeyRow{{"password.hash_memory_kib", "19456", "19456 to 1048576", Takes::at_start},
           [](const Node& n, Config& c) {
             return read_number(n, c.at_start.hash_cost.memory_kib, 19'456, kKibPerGib);
           }},
    KeyRow{{"password.hash_passes", "2", "2 to 16", Takes::at_start},
           [](const Node& n, Config& c) {
             return read_number(n, c.at_start.hash_cost.passes, 2, 16);
           }},
    KeyRow{{"mfa.required", "true", "true or false"},
           [](const Node& n, Config& c) { return read_flag(n, c.factor_required); }},
    KeyRow{{"mfa.enrol_from", "\"local\"", "\"local\" or \"any\""},
           [](const Node& n, Config& c) { return read_enrol_from(n, c.enrol_from); }},
    KeyRow{{"mfa.pending_minutes", "60", "5 to 1440"},
           [](const Node& n, Config& c) { return read_number(n, c.pending_enrolment, 5, 1440); }},
    KeyRow{{"forgot.from", "\"known\"", "\"local\", \"known\" or \"any\""},
           [](const Node& n, Config& c) { return read_forgot_from(n, c.forgot_from); }},
    KeyRow{{"forgot.strangers_per_hour", "60", "0 to 10000"},
           [](const Node& n, Config& c) { return read_number(n, c.strangers_letters, 0, 10000); }},
    KeyRow{{"forgot.by", "\"mail,sms\"", "\"mail,sms\", \"sms,mail\", \"mail\" or \"sms\""},
           [](const Node& n, Config& c) { return read_forgot_by(n, c.forgot_by); }},
    KeyRow{{"compat.mailed_password", "false", "true or false"},
           [](const Node& n, Config& c) { return read_flag(n, c.mailed_password); }},
    KeyRow{{"actions.change_password", "\"required\"", "\"required\", \"recommended\", \"off\""},
           [](const Node& n, Config& c) {
             return read_demand(n, c.base.actions.demands[Action::change_password]);
           }},
    KeyRow{{"actions.enrol_factor", "\"off\"", "\"required\", \"recommended\", \"off\""},
           [](const Node& n, Config& c) {
             return read_demand(n, c.base.actions.demands[Action::enrol_factor]);
           }},
    KeyRow{{"actions.recovery_codes", "\"recommended\"", "\"required\", \"recommended\", \"off\""},
           [](const Node& n, Config& c) {
             return read_demand(n, c.base.actions.demands[Action::recovery_codes]);
           }},
    KeyRow{{"actions.accept_terms", "\"required\"", "\"required\", \"recommended\", \"off\""},
           [](const Node& n, Config& c) {
             return read_demand(n, c.base.actions.demands[Action::accept_terms]);
           }},
    KeyRow{{"actions.confirm_contact", "\"off\"", "\"recommended\", \"off\""},
           [](const Node& n, Config& c) {
             return read_offer(n, c.base.actions.demands[Action::confirm_contact]);
           }},
    KeyRow{{"public_key.change_password", "\"refuse\"", "\"refuse\" or \"notice\""},
           [](const Node& n, Config& c) {
             return read_public_key(n, c.base.actions.public_keys[Action::change_password]);
           }},
    KeyRow{{"public_key.enrol_factor", "\"refuse\"", "\"refuse\" or \"notice\""},
           [](const Node& n, Config& c) {
             return read_public_key(n, c.base.actions.public_keys[Action::enrol_factor]);
           }},
    KeyRow{{"public_key.recovery_codes", "\"refuse\"", "\"refuse\" or \"notice\""},
           [](const Node& n, Config& c) {
             return read_public_key(n, c.base.actions.public_keys[Action::recovery_codes]);
           }},
    KeyRow{{"public_key.accept_terms", "\"refuse\"", "\"refuse\" or \"notice\""},
           [](const Node& n, Config& c) {
             return read_public_key(n, c.base.actions.public_keys[Action::accept_terms]);
           }},
    KeyRow{{"terms.file", "\"\"", "an absolute path, or \"\""},
           [](const Node& n, Config& c) { return read_terms(n, c.base.terms); }},
    KeyRow{{"sign_in.unknown", "\"decoy\"", "\"decoy\" or \"pass\""},
           [](const Node& n, Config& c) { return read_unknown_names(n, c.unknown_names); }},
    KeyRow{{"account.inactive_days", "0", "0 to 3650"},
           [](const Node& n, Config& c) { return read_number(n, c.base.inactive_after, 0, 3650); }},
    KeyRow{{"account.warn_days", "14", "0 to 90"},
           [](const Node& n, Config& c) { return read_number(n, c.warn_before, 0, 90); }},
    KeyRow{{"admin.may_set_password", "false", "true or false"},
           [](const Node& n, Config& c) { return read_flag(n, c.may_set_password); }},
    KeyRow{{"roles.admin", "[]", "at most 16 groups"},
           [](const Node& n, Config& c) { return read_groups(n, c.roles.admin); }},
    KeyRow{{"roles.helpdesk", "[]", "at most 16 groups"},
           [](const Node& n, Config& c) { return read_groups(n, c.roles.helpdesk); }},
    KeyRow{{"roles.manager", "[]", "at most 16 groups"},
           [](const Node& n, Config& c) { return read_groups(n, c.roles.manager); }},
    KeyRow{{"roles.auditor", "[]", "at most 16 groups"},
           [](const Node& n, Config& c) { return read_groups(n, c.roles.auditor); }},
    KeyRow{{"roles.team_groups", "[]", "at most 16 groups"},
           [](const Node& n, Config& c) { return read_groups(n, c.roles.team_groups); }},
    KeyRow{{"mail.server", "\"\"", "a host's name, or \"\""},
           [](const Node& n, Config& c) { return read_mail_host(n, c.mail.server.host); }},
    KeyRow{{"mail.port", "587", "1 to 65535"},
           [](const Node& n, Config& c) { return read_number(n, c.mail.server.port, 1, 65535); }},
    KeyRow{{"mail.security", "\"starttls\"", "\"starttls\" or \"tls\""},
           [](const Node& n, Config& c) { return read_security(n, c.mail.server.security); }},
    KeyRow{{"mail.login", "\"none\"", "\"none\", \"plain\", \"login\" or \"xoauth2\""},
           [](const Node& n, Config& c) { return read_login(n, c.mail.server.login); }},
    KeyRow{{"mail.user", "\"\"", "at most 256 bytes"},
           [](const Node& n, Config& c) {
             return read_mail_line(n, c.mail.server.user, protocol::courier::kMaxUser);
           }},
    KeyRow{{"mail.ca_file", "\"\"", "an absolute path, or \"\""},
           [](const Node& n, Config& c) { return read_maybe_path(n, c.mail.server.ca_file); }},
    KeyRow{{"mail.from", "\"\"", "an address, or \"\""},
           [](const Node& n, Config& c) { return read_mail_address(n, c.mail.from); }},
    KeyRow{{"mail.from_name", "\"\"", "at most 128 bytes"},
           [](const Node& n, Config& c) {
             return read_mail_line(n, c.mail.from_name, protocol::courier::kMaxFromName);
           }},
    KeyRow{{"mail.reply_to", "\"\"", "an address, or \"\""},
           [](const Node& n, Config& c) { return read_mail_address(n, c.mail.reply_to); }},
    KeyRow{{"sms.gateway", "\"\"", "\"ovh\", \"twilio\", \"vonage\", an absolute path, or \"\""},
           [](const Node& n, Config& c) { return read_gateway(n, c.sms.gateway); }},
    KeyRow{{"sms.account", "\"\"", "at most 64 letters, digits and -._"},
           [](const Node& n, Config& c) { return read_sms_account(n, c.sms.account); }},
    KeyRow{{"sms.from", "\"\"", "a number or a name, at most 20 characters"},
           [](const Node& n, Config& c) { return read_sms_sender(n, c.sms.from); }},
    KeyRow{{"sms.countries", "[]", "at most 64 countries"},
           [](const Node& n, Config& c) { return read_countries(n, c.sms.countries); }},
    KeyRow{{"sms.national_country", "\"\"", "a country, or \"\""},
           [](const Node& n, Config& c) { return read_home_country(n, c.sms.national_country); }},
    KeyRow{{"sms.ask_for_number", "false", "true or false"},
           [](const Node& n, Config& c) { return read_flag(n, c.sms.ask_for_number); }},
    KeyRow{{"sms.per_person", "5", "1 to 100"},
           [](const Node& n, Config& c) { return read_per_person(n, c.sms.budget); }},
    KeyRow{{"sms.per_day", "500", "1 to 100000"},
           [](const Node& n, Config& c) { return read_per_day(n, c.sms.budget); }},
    KeyRow{{"notices.off", "[]", "names of letters that may be off"},
           [](const Node& n, Config& c) { return read_letters_off(n, c.letters_off); }},
    KeyRow{{"networks.known", "[]", "up to 64 networks in quotes"},
           [](const Node& n, Config& c) { return read_networks(n, c.known_networks); }},
    KeyRow{{"limits.conversations", "4096", "16 to 16384", Takes::at_start},
           [](const Node& n, Config& c) {
             return read_number(n, c.at_start.max_conversations, 16, 16384);
           }},
    KeyRow{{"limits.unknown_host", "2048", "1 to 8192", Takes::at_start},
           [](const Node& n, Config& c) {
             return read_number(n, c.at_start.max_unknown_host, 1, 8192);
           }},
    KeyRow{{"limits.known_host", "1024", "1 to 8192", Takes::at_start},
           [](const Node& n, Config& c) {
             return read_number(n, c.at_start.max_known_host, 1, 8192);
           }},
    KeyRow{{"limits.su_and_unprivileged", "256", "1 to 8192", Takes::at_start},
           [](const Node& n, Config& c) {
             return read_number(n, c.at_start.max_su_and_unprivileged, 1, 8192);
           }},
};

}  // namespace

std::span<const KeyRow> key_rows() {
  return kRows;
}

std::span<const Key<Config>> readers() {
  static const std::vector<Key<Config>> keys = [] {
    std::vector<Key<Config>> list;
    list.reserve(kRows.size());
    for (const KeyRow& row : kRows) list.push_back({row.description.name, row.read});
    return list;
  }();
  return keys;
}

std::optional<std::string> read_front_end(std::string_view service, const toml::node& node,
                                          Config& config) {
  const auto name = node.value_exact<std::string>();
  if (name && find_front_end(*name) != nullptr) {
    config.front_ends.emplace(service, *name);
    return std::nullopt;
  }
  std::string known;
  for (const FrontEnd& front_end : front_ends()) {
    known += fmt::format("{}\"{}\"", known.empty() ? "" : ", ", front_end.name);
  }
  return "must be one of " + known;
}

std::span<const KeyDescription> config_keys() {
  static const std::vector<KeyDescription> descriptions = [] {
    std::vector<KeyDescription> list;
    list.reserve(kRows.size());
    for (const KeyRow& row : kRows) list.push_back(row.description);
    return list;
  }();
  return descriptions;
}

}  // namespace usher::daemon
