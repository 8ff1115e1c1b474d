// A name is seen by the person and by administrators, on terminals: text only.
#include "daemon/factors/device_name.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.hpp"
#include "daemon/factors/recovery.hpp"
#include "daemon/policy/unicode.hpp"

namespace usher::factors {
namespace {

using store::FactorRecord;
using texts::Text;

constexpr int kTries = 3;
constexpr std::size_t kIdLength = 32;

std::string_view trimmed(std::string_view text) {
  while (text.starts_with(' ')) text.remove_prefix(1);
  while (text.ends_with(' ')) text.remove_suffix(1);
  return text;
}

bool is_short(std::string_view valid_utf8) {
  return policy::count_classes(valid_utf8).code_points <= kMaxDeviceName;
}

// A factor is also named by its id.
bool looks_like_an_id(std::string_view name) {
  return name.size() == kIdLength &&
         name.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

std::string free_name(std::span<const FactorRecord> enrolled, std::string_view usual) {
  std::string name(usual);
  for (std::size_t number = 2; fault_of(name, enrolled) == NameFault::taken; ++number) {
    name = fmt::format("{} {}", usual, number);
  }
  return name;
}

Text text_of(NameFault fault) {
  switch (fault) {
    case NameFault::not_usable:
      return Text::device_name_not_usable;
    case NameFault::taken:
      return Text::device_name_taken;
  }
  return Text::device_name_not_usable;
}

}  // namespace

std::optional<NameFault> fault_of(std::string_view name, std::span<const FactorRecord> enrolled,
                                  std::optional<store::FactorId> own) {
  const bool usable = !trimmed(name).empty() && trimmed(name) == name &&
                      is_plain_text(name, Newlines::refused) && is_short(name) &&
                      !looks_like_an_id(name) && name != kRecoveryLabel;
  if (!usable) return NameFault::not_usable;
  const bool taken = std::any_of(enrolled.begin(), enrolled.end(), [&](const FactorRecord& factor) {
    return factor.label == name && factor.id != own;
  });
  return taken ? std::optional(NameFault::taken) : std::nullopt;
}

Result<std::optional<std::string>> ask_device_name(const daemon::Context& c, ports::Person& person,
                                                   std::span<const FactorRecord> enrolled,
                                                   std::string_view usual) {
  const std::string offered = free_name(enrolled, usual);
  const std::string question =
      texts::fill(c.language, Text::device_name, fmt::arg("name", offered));
  for (int attempt = 0; attempt < kTries; ++attempt) {
    const Secret typed = TRY(person.ask({question, ports::Echo::shown}));
    std::string name(trimmed(typed.view()));
    if (name.empty()) name = offered;
    const auto fault = fault_of(name, enrolled);
    if (!fault) return std::optional<std::string>(std::move(name));
    TRY(person.tell(ports::Tone::error, c.text(text_of(*fault))));
  }
  return std::optional<std::string>();
}

}  // namespace usher::factors
