// utf8proc works in malloc'd memory; what it leaves behind is wiped before it is freed.
#include "daemon/policy/unicode.hpp"

#include <utf8proc.h>

#include <cstdlib>

namespace usher::policy {
namespace {

Result<Secret> map(std::string_view text, int options) {
  utf8proc_uint8_t* mapped = nullptr;
  const utf8proc_ssize_t length = utf8proc_map(
      reinterpret_cast<const utf8proc_uint8_t*>(text.data()),
      static_cast<utf8proc_ssize_t>(text.size()), &mapped, static_cast<utf8proc_option_t>(options));
  if (length < 0) return Error(Errc::invalid_input, utf8proc_errmsg(length));
  const auto size = static_cast<std::size_t>(length);
  Result<Secret> copy = Secret::copy({reinterpret_cast<const char*>(mapped), size});
  wipe(mapped, size);
  std::free(mapped);
  return copy;
}

}  // namespace

Result<Secret> to_nfc(std::string_view text) {
  return map(text, UTF8PROC_STABLE | UTF8PROC_COMPOSE);
}

Result<Secret> fold_case(std::string_view text) {
  return map(text, UTF8PROC_STABLE | UTF8PROC_COMPAT | UTF8PROC_COMPOSE | UTF8PROC_CASEFOLD);
}

ClassCounts count_classes(std::string_view valid_utf8) {
  ClassCounts counts;
  const auto* bytes = reinterpret_cast<const utf8proc_uint8_t*>(valid_utf8.data());
  auto left = static_cast<utf8proc_ssize_t>(valid_utf8.size());
  while (left > 0) {
    utf8proc_int32_t character = 0;
    const utf8proc_ssize_t length = utf8proc_iterate(bytes, left, &character);
    if (length <= 0) break;
    bytes += length;
    left -= length;
    ++counts.code_points;
    switch (utf8proc_category(character)) {
      case UTF8PROC_CATEGORY_LL:
        ++counts.lower;
        break;
      case UTF8PROC_CATEGORY_LU:
        ++counts.upper;
        break;
      case UTF8PROC_CATEGORY_ND:
        ++counts.digit;
        break;
      case UTF8PROC_CATEGORY_LT:
      case UTF8PROC_CATEGORY_LM:
      case UTF8PROC_CATEGORY_LO:
        break;  // letters without a case are no class of their own
      default:
        ++counts.special;
    }
  }
  return counts;
}

}  // namespace usher::policy
