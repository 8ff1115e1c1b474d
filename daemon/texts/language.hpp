// The languages Usher speaks. A person's own is told by their account; until they have proven who
// they are it is the host's. Never asks the C library's locale: that is one for the whole process,
// and a language the host did not install would be none.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace usher::texts {

enum class Language : std::uint8_t { english, french };
inline constexpr std::size_t kLanguages = 2;

// "en", "fr" (ISO 639-1).
std::string_view code_of(Language language);
std::span<const Language> languages();
// A tag as directories hold them ("fr", "fr-CA", "FR_fr.UTF-8") or nothing when it is none we
// speak.
std::optional<Language> language_of(std::string_view tag);

}  // namespace usher::texts
