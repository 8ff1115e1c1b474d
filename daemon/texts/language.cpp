// Only the first subtag of a language tag (RFC 5646 section 2.2.1) is looked at.
#include "daemon/texts/language.hpp"

#include <array>

namespace usher::texts {
namespace {

constexpr std::array kLanguageTable{Language::english, Language::french};
static_assert(kLanguageTable.size() == kLanguages);

char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

}  // namespace

std::string_view code_of(Language language) {
  switch (language) {
    case Language::english:
      return "en";
    case Language::french:
      return "fr";
  }
  return "en";
}

std::span<const Language> languages() {
  return kLanguageTable;
}

std::optional<Language> language_of(std::string_view tag) {
  const std::string_view first = tag.substr(0, tag.find_first_of("-_.@"));
  for (const Language language : kLanguageTable) {
    const std::string_view code = code_of(language);
    if (first.size() == code.size() && lower(first[0]) == code[0] && lower(first[1]) == code[1]) {
      return language;
    }
  }
  return std::nullopt;
}

}  // namespace usher::texts
