// Reading io.usher.Courier's objects member by member: each asked for once, none left over.
#pragma once

#include <algorithm>
#include <optional>
#include <span>
#include <string>
#include <type_traits>
#include <vector>

#include "protocol/varlink_json.hpp"

namespace usher::protocol::courier {

using varlink::Json;

template <typename Enum>
constexpr std::string_view name_in(std::span<const std::string_view> names, Enum value) {
  return names[static_cast<std::size_t>(value)];
}

// Reads the members of one object. The first that is missing or of another type is remembered, and
// at the end one that nobody asked for.
class Members {
 public:
  Members(const Json* object, std::string_view name) : object_(object) {
    if (object == nullptr || !object->is_object()) complain(name);
  }

  std::string text(std::string_view member) {
    const std::string* text = varlink::text_of(seen(member), member);
    if (text == nullptr) complain(member);
    return text == nullptr ? "" : *text;
  }
  // Where empty means that it is not there: then it is not there.
  std::string text_or_none(std::string_view member) {
    if (object_ == nullptr || varlink::member_of(*object_, member) == nullptr) return "";
    std::string found = text(member);
    if (found.empty()) complain(member);
    return found;
  }
  std::int64_t number(std::string_view member, std::int64_t most) {
    const auto number = varlink::number_of(seen(member), member);
    if (number && *number >= 0 && *number <= most) return *number;
    complain(member);
    return 0;
  }
  // Where 0 means that it is not there: then it is not there.
  std::int64_t number_or_none(std::string_view member, std::int64_t most) {
    if (object_ == nullptr || varlink::member_of(*object_, member) == nullptr) return 0;
    const std::int64_t found = number(member, most);
    if (found == 0) complain(member);
    return found;
  }
  template <typename Enum>
  Enum choice(std::string_view member, std::span<const std::string_view> names) {
    const std::string name = text(member);
    const auto row = std::find(names.begin(), names.end(), name);
    if (row == names.end()) complain(member);
    return row == names.end() ? Enum{} : static_cast<Enum>(row - names.begin());
  }
  // Where an empty one means that it is not there: then it is not there. Of texts, of numbers.
  template <typename Item>
  std::vector<Item> list_or_none(std::string_view member, std::size_t most) {
    std::vector<Item> items;
    if (object_ == nullptr || varlink::member_of(*object_, member) == nullptr) return items;
    const Json& list = *object(member);
    if (!list.is_array() || list.empty() || list.size() > most) {
      complain(member);
      return items;
    }
    for (const Json& item : list) {
      const auto* found =
          item.get_ptr<std::conditional_t<std::is_integral_v<Item>, const Json::number_integer_t*,
                                          const Json::string_t*>>();
      if (found == nullptr) complain(member);
      if (found != nullptr) items.push_back(*found);
    }
    return items;
  }
  const Json* object(std::string_view member) { return varlink::member_of(seen(member), member); }

  // What is wrong, empty: nothing. A member that is not known is named as nothing we know.
  std::optional<std::string> complaint() const {
    if (complaint_) return complaint_;
    const bool has_more = object_ != nullptr && object_->size() > found_;
    return has_more ? std::optional<std::string>("") : std::nullopt;
  }
  void complain(std::string_view member) {
    if (!complaint_) complaint_ = std::string(member);
  }

 private:
  // Each member is asked for once.
  const Json& seen(std::string_view member) {
    if (object_ == nullptr) return nothing_;
    if (varlink::member_of(*object_, member) != nullptr) ++found_;
    return *object_;
  }

  const Json* object_;
  const Json nothing_ = Json::object();
  std::size_t found_ = 0;
  std::optional<std::string> complaint_;
};

}  // namespace usher::protocol::courier
