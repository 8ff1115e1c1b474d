// The form of an alias, and its digest.
#include "published/alias.hpp"

#include "base/bounded_text.hpp"
#include "base/text.hpp"

namespace usher::published {

bool is_alias(std::string_view text) {
  if (text.size() < 3 || text.size() > kMaxAlias) return false;
  const std::size_t at = text.find('@');
  if (at == 0 || at >= text.size() - 1 || at != text.rfind('@')) return false;
  for (const char c : text) {
    if (c == ' ' || c == ':') return false;
  }
  return is_plain_text(text, Newlines::refused);
}

AliasDigest digest_of_alias(const SipKey& salt, std::string_view alias) {
  BoundedText<kMaxAlias> folded;
  for (char c : alias) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    folded.append({&c, 1});
  }
  return siphash128(salt, folded.view());
}

}  // namespace usher::published
