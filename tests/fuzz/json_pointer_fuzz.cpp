// A gateway's answer is anybody's bytes: the first line is a pointer, the rest the text. What is
// found lies within it, and where it is an object that our parser takes too, both find the same.
#include "base/secret.hpp"
#include "courier/json_pointer.hpp"
#include "protocol/varlink_json.hpp"
#include "tests/fuzz/require.hpp"

using namespace usher;
using usher::fuzz::require;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  const std::size_t line = std::min(input.find('\n'), input.size());
  const std::string_view pointer = input.substr(0, line);
  const std::string_view text = input.substr(std::min(line + 1, input.size()));
  const auto found = courier::find_in_json(text, pointer);
  if (found) require(found->data() >= text.data() && found->end() <= text.end());
  // One member, without escapes in its name or ours.
  const bool is_plain = pointer.starts_with('/') &&
                        pointer.substr(1).find_first_of("/~\\\"") == std::string_view::npos;
  const auto tree = protocol::varlink::parse_object(text);
  if (!is_plain || !tree || text.find('\\') != std::string_view::npos) return 0;
  const auto* member = protocol::varlink::member_of(*tree, pointer.substr(1));
  require(found.has_value() == (member != nullptr && !member->is_null()) ||
          (found.has_value() == false && member != nullptr && *member == ""));
  return 0;
}
