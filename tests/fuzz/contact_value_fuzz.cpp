// What is typed as an address or a number: whatever is taken is one recipient, in the one form that
// is taken again as it is, and fits the table.
#include <cstddef>
#include <cstdint>

#include "daemon/contacts/value.hpp"
#include "protocol/courier_work.hpp"
#include "tests/fuzz/require.hpp"

using namespace usher;
using fuzz::require;
using store::ContactKind;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view typed(reinterpret_cast<const char*>(data), size);
  for (const ContactKind kind : {ContactKind::mail, ContactKind::mobile}) {
    const auto value = contacts::parse_value(kind, typed);
    if (!value) continue;
    require(!value->empty() && value->size() <= protocol::courier::kMaxAddress);
    require(value->find_first_of(" \t\r\n,;<>\"") == std::string::npos);
    require(contacts::parse_value(kind, *value) == value);
    require(contacts::kind_of(typed) == kind);
    require(kind == ContactKind::mobile || protocol::courier::is_address(*value));
    require(!contacts::masked(kind, *value).empty());
  }
  // Written as people do at home, where a country is set.
  for (const std::string_view country : {"FR", "IT", "US", "DE"}) {
    const auto number = contacts::parse_value(ContactKind::mobile, typed, country);
    require(!number || contacts::parse_value(ContactKind::mobile, *number) == number);
  }
  return 0;
}
