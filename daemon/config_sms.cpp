// What a field may be is usher-courier's contract; here are the words for it.
#include "daemon/config_sms.hpp"

#include "daemon/config_gateway.hpp"
#include "daemon/sms/countries.hpp"

namespace usher::daemon {
namespace {

constexpr const char* kPresets = "/usr/share/usher/sms/";

bool is_preset(std::string_view text) {
  constexpr std::size_t kMost = 32;
  return text.size() <= kMost && std::all_of(text.begin(), text.end(), [](char c) {
           return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
         });
}

template <typename IsOne>
Complaint read_if(const toml::node& node, std::string& target, IsOne is_one, const char* must) {
  const auto value = node.value_exact<std::string>();
  if (!value || !(value->empty() || is_one(*value))) return must;
  target = *value;
  return std::nullopt;
}

}  // namespace

Complaint read_gateway(const toml::node& node, std::string& target) {
  std::string path;
  if (!read_path(node, path)) {
    target = path;
    return std::nullopt;
  }
  return read_if(
      node, target, is_preset,
      "must be \"ovh\", \"twilio\" or \"vonage\", the absolute path of a gateway's file, "
      "or \"\"");
}

Complaint read_sms_account(const toml::node& node, std::string& target) {
  return read_if(node, target, protocol::courier::is_account,
                 "must be at most 64 letters, digits and \"-._\"");
}

Complaint read_sms_sender(const toml::node& node, std::string& target) {
  return read_if(node, target, protocol::courier::is_sms_sender,
                 "must be a number or a name of at most 20 letters, digits and \" +-._\"");
}

Complaint read_countries(const toml::node& node, std::vector<std::string>& target) {
  constexpr std::size_t kMost = 64;
  constexpr const char* kMust = "must be a list of at most 64 countries such as \"FR\"";
  const toml::array* list = node.as_array();
  if (list == nullptr || list->size() > kMost) return kMust;
  std::vector<std::string> countries;
  for (const toml::node& entry : *list) {
    const std::string country = entry.value_exact<std::string>().value_or("");
    if (!sms::is_country(country)) return kMust;
    countries.push_back(country);
  }
  target = std::move(countries);
  return std::nullopt;
}

Complaint read_home_country(const toml::node& node, std::string& target) {
  return read_if(
      node, target, [](std::string_view text) { return sms::plan_of(text).has_value(); },
      "must be a country such as \"FR\" whose numbers usherd knows, or \"\"; numbers of others are "
      "typed with their plus");
}

Complaint read_per_person(const toml::node& node, post::SmsBudget& target) {
  return read_number(node, target.per_person, 1, 100);
}

Complaint read_per_day(const toml::node& node, post::SmsBudget& target) {
  return read_number(node, target.per_day, 1, 100'000);
}

Result<void> check_sms(std::string_view file, const toml::table& root, const Config& config) {
  if (config.sms.gateway.empty() || !config.sms.countries.empty()) return {};
  const toml::node* node = root["sms"]["gateway"].node();
  return Error(Errc::invalid_input,
               fmt::format("{}:{}: sms.countries must be set where sms.gateway is: \"FR\" and each "
                           "other that text messages may go to",
                           file, node != nullptr ? node->source().begin.line : 1));
}

Result<post::SmsSettings> open_sms(const SmsConfig& config) {
  post::SmsSettings settings;
  settings.countries = config.countries;
  if (config.gateway.empty()) return settings;
  const std::string path =
      config.gateway.starts_with('/') ? config.gateway : kPresets + config.gateway + ".toml";
  auto gateway = TRY(load_gateway(path));
  gateway.account = config.account;
  gateway.from = config.from;
  if (const auto usable = check(gateway); !usable) {
    return Error(Errc::invalid_input, fmt::format("{}: this gateway wants sms.{} in usher.toml",
                                                  path, usable.error().text()));
  }
  settings.gateway = std::move(gateway);
  return settings;
}

}  // namespace usher::daemon
