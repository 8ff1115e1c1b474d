// The readers. None guesses: a value of another type is refused.
#include "daemon/config_values.hpp"

#include <algorithm>
#include <sstream>

#include "base/text.hpp"

namespace usher::daemon {

Complaint read_flag(const toml::node& node, bool& target) {
  const auto value = node.value_exact<bool>();
  if (!value) return "must be true or false";
  target = *value;
  return std::nullopt;
}

Complaint read_flag(const toml::node& node, std::optional<bool>& target) {
  bool value = false;
  auto complaint = read_flag(node, value);
  if (!complaint) target = value;
  return complaint;
}

Complaint read_path(const toml::node& node, std::string& target) {
  const auto value = node.value_exact<std::string>();
  if (!value || value->empty() || value->front() != '/' ||
      !is_plain_text(*value, Newlines::refused)) {
    return "must be an absolute path in quotes";
  }
  target = *value;
  return std::nullopt;
}

Complaint read_label(const toml::node& node, std::string& target) {
  constexpr std::size_t kLongest = 64;
  const auto value = node.value_exact<std::string>();
  if (!value || value->empty() || value->size() > kLongest ||
      !is_plain_text(*value, Newlines::refused)) {
    return fmt::format("must be a text of 1 to {} bytes without control characters", kLongest);
  }
  target = *value;
  return std::nullopt;
}

// As a mail program finds it in a text: nothing in it ends it or could be taken for a sign behind
// it.
Complaint read_page(const toml::node& node, std::string& target) {
  constexpr std::size_t kLongest = 128;
  constexpr std::string_view kScheme = "https://";
  constexpr std::string_view kOthers = "-._~:/?#@!$&*+,;=%";
  const auto value = node.value_exact<std::string>();
  const auto fits = [&](char c) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    return plain || kOthers.find(c) != std::string_view::npos;
  };
  const bool is_page = value && value->starts_with(kScheme) && value->size() > kScheme.size() &&
                       value->size() <= kLongest && std::all_of(value->begin(), value->end(), fits);
  if (!is_page && !(value && value->empty())) {
    return fmt::format(
        "must be an address such as https://acme.example/sign-in, of at most {} "
        "bytes, or \"\"",
        kLongest);
  }
  target = *value;
  return std::nullopt;
}

Complaint read_preset(const toml::node& node, std::optional<policy::Preset>& target) {
  for (const policy::Preset preset : {policy::Preset::nist, policy::Preset::classic}) {
    const auto word = node.value_exact<std::string>();
    if (!word || *word != policy::name_of(preset)) continue;
    target = preset;
    return std::nullopt;
  }
  return "must be \"nist\" or \"classic\"";
}

Complaint read_min_length(const toml::node& node, std::optional<policy::MinLength>& target) {
  if (const auto word = node.value_exact<std::string>(); word && *word == "auto") {
    target = policy::MinLength{.automatic = true};
    return std::nullopt;
  }
  std::size_t number = 0;
  if (read_number(node, number, 6, 64)) return "must be \"auto\" or a whole number from 6 to 64";
  target = policy::MinLength{.number = number};
  return std::nullopt;
}

Complaint read_words(const toml::node& node, std::optional<std::vector<std::string>>& target) {
  constexpr std::size_t kMost = 64;
  constexpr const char* kMust = "must be a list of at most 64 texts of 1 to 64 bytes";
  const toml::array* list = node.as_array();
  if (list == nullptr || list->size() > kMost) return kMust;
  std::vector<std::string> words;
  for (const toml::node& entry : *list) {
    std::string word;
    if (read_label(entry, word)) return kMust;
    words.push_back(std::move(word));
  }
  target = std::move(words);
  return std::nullopt;
}

Complaint read_demand(const toml::node& node, std::optional<policy::Demand>& target) {
  using policy::Demand;
  const auto word = node.value_exact<std::string>();
  for (const Demand demand : {Demand::off, Demand::recommended, Demand::required}) {
    if (!word || *word != policy::name_of(demand)) continue;
    target = demand;
    return std::nullopt;
  }
  return "must be \"required\", \"recommended\" or \"off\"";
}

Complaint read_offer(const toml::node& node, std::optional<policy::Demand>& target) {
  constexpr const char* kMust =
      "must be \"recommended\" or \"off\": it is asked for at every sign-in and never blocks one";
  std::optional<policy::Demand> demand;
  if (read_demand(node, demand) || demand == policy::Demand::required) return kMust;
  target = demand;
  return std::nullopt;
}

Complaint read_public_key(const toml::node& node, std::optional<policy::PublicKey>& target) {
  using policy::PublicKey;
  const auto word = node.value_exact<std::string>();
  for (const PublicKey answer : {PublicKey::refuse, PublicKey::notice}) {
    if (!word || *word != policy::name_of(answer)) continue;
    target = answer;
    return std::nullopt;
  }
  return "must be \"refuse\" or \"notice\"";
}

Complaint read_terms(const toml::node& node, std::optional<std::vector<std::string>>& target) {
  std::string path;
  if (const auto value = node.value_exact<std::string>(); !value || !value->empty()) {
    if (read_path(node, path)) return "must be an absolute path in quotes, or \"\"";
  }
  target.emplace();
  if (!path.empty()) target->push_back(std::move(path));
  return std::nullopt;
}

Error complaint_at(std::string_view file, const toml::node& node, std::string_view text) {
  return Error(Errc::invalid_input, fmt::format("{}:{}: {}", file, node.source().begin.line, text));
}

std::string hint_for(std::string_view name, std::span<const std::string_view> names) {
  // A key without its section is compared with keys without theirs.
  const bool has_section = name.find('.') != std::string_view::npos;
  const auto compared = [&](std::string_view full) {
    return has_section ? full : full.substr(full.find('.') + 1);
  };
  const auto closer = [&](std::string_view left, std::string_view right) {
    return distance_between(name, compared(left)) < distance_between(name, compared(right));
  };
  const std::string_view nearest = *std::min_element(names.begin(), names.end(), closer);
  const std::string_view part = compared(nearest);
  // Of what resembles nothing the nearest is no help.
  if (2 * distance_between(name, part) > part.size()) return "usher.toml(5) has them all";
  return fmt::format("did you mean '{}'?", nearest);
}

Result<void> note_as_written(std::string_view toml, std::string_view prefix, Said& said) {
  const toml::table root = TRY(parse_toml(toml, prefix));
  const auto note = [&](const std::string& name, const toml::node& node) {
    std::ostringstream text;
    node.visit([&](const auto& value) { text << value; });
    said[std::string(prefix) + name] = text.str();
  };
  for (const auto& [key, node] : root) {
    const std::string name(key.str());
    const toml::table* section = node.as_table();
    if (section == nullptr) note(name, node);
    if (section == nullptr) continue;
    for (const auto& [inner, value] : *section)
      note(fmt::format("{}.{}", name, inner.str()), value);
  }
  return {};
}

Result<toml::table> parse_toml(std::string_view text, std::string_view file) {
  toml::parse_result parsed = toml::parse(text);
  if (parsed) return std::move(parsed).table();
  const toml::parse_error& error = parsed.error();
  return Error(Errc::invalid_input,
               fmt::format("{}:{}: {}", file, error.source().begin.line, error.description()));
}

}  // namespace usher::daemon
