// A tree built from the parser's events, so that depth and double keys are refused as they come.
#include "protocol/varlink_json.hpp"

#include <array>
#include <cmath>
#include <limits>
#include <optional>

namespace usher::protocol::varlink {
namespace {

// The library's SAX interface (nlohmann::json_sax); every method returns "go on?".
class TreeBuilder {
 public:
  using Binary = Json::binary_t;

  bool null() { return put(Json(nullptr)); }
  bool boolean(bool truth) { return put(Json(truth)); }
  bool number_integer(std::int64_t number) { return put(Json(number)); }
  bool number_unsigned(std::uint64_t number) { return put(Json(number)); }
  bool number_float(double number, const std::string&) {
    if (!std::isfinite(number)) return refuse("a number is out of range");
    return put(Json(number));
  }
  bool string(std::string& text) { return put(Json(std::move(text))); }
  bool binary(Binary&) { return refuse("JSON has no binary values"); }

  bool start_object(std::size_t) { return open(Json(Json::object())); }
  bool end_object() { return close(); }
  bool start_array(std::size_t) { return open(Json(Json::array())); }
  bool end_array() { return close(); }

  bool key(std::string& text) {
    const Json& object = *open_[depth_ - 1];
    if (object.contains(text)) return refuse("a key stands twice in one object");
    key_ = std::move(text);
    return true;
  }
  bool parse_error(std::size_t, const std::string&, const nlohmann::detail::exception&) {
    return refuse("it is not well-formed JSON");
  }

  const char* refused_because() const { return refused_because_; }
  Json take_root() { return std::move(root_); }

 private:
  bool refuse(const char* why) {
    refused_because_ = why;
    return false;
  }
  bool open(Json container) {
    if (depth_ == kMaxDepth) return refuse("it is nested too deeply");
    Json* placed = place(std::move(container));
    if (placed == nullptr) return false;
    open_[depth_++] = placed;
    return true;
  }
  bool close() {
    --depth_;
    return true;
  }
  bool put(Json value) { return place(std::move(value)) != nullptr; }

  // Pointers to open containers stay good: only the innermost one grows.
  Json* place(Json value) {
    if (depth_ == 0) {
      if (!value.is_object()) {
        (void)refuse("it is not an object");
        return nullptr;
      }
      root_ = std::move(value);
      return &root_;
    }
    Json& parent = *open_[depth_ - 1];
    if (parent.is_array()) {
      parent.push_back(std::move(value));
      return &parent.back();
    }
    Json& slot = parent[key_];
    slot = std::move(value);
    return &slot;
  }

  Json root_;
  std::string key_;
  std::array<Json*, kMaxDepth> open_{};
  std::size_t depth_ = 0;
  const char* refused_because_ = "it is not well-formed JSON";
};

}  // namespace

Result<Json> parse_object(std::string_view text) {
  // The library skips a byte order mark; RFC 8259 section 8.1 says there is none.
  if (text.starts_with("\xEF\xBB\xBF")) {
    return Error(Errc::invalid_input, "a message starts with a byte order mark");
  }
  // The library takes a NUL for the end, and would not see what follows it.
  if (text.find('\0') != std::string_view::npos) {
    return Error(Errc::invalid_input, "a message has a NUL inside");
  }
  try {
    TreeBuilder builder;
    constexpr bool kNothingAfterIt = true;
    if (!Json::sax_parse(text, &builder, nlohmann::detail::input_format_t::json, kNothingAfterIt)) {
      return Error(Errc::invalid_input, builder.refused_because()).in("reading a message");
    }
    return builder.take_root();
  } catch (const std::bad_alloc&) {
    return Error(Errc::exhausted, "out of memory for a message");
  } catch (const std::exception&) {
    return Error(Errc::invalid_input, "a message could not be read");
  }
}

Result<std::string> to_text(const Json& json, BadText bad_text) {
  using Handler = nlohmann::detail::error_handler_t;
  constexpr int kNoIndent = -1;
  constexpr bool kKeepUnicode = false;
  try {
    return json.dump(kNoIndent, ' ', kKeepUnicode,
                     bad_text == BadText::refused ? Handler::strict : Handler::replace);
  } catch (const std::bad_alloc&) {
    return Error(Errc::exhausted, "out of memory for a message");
  } catch (const std::exception&) {
    return Error(Errc::invalid_input, "a text is not valid UTF-8");
  }
}

const Json* member_of(const Json& object, std::string_view member) {
  if (!object.is_object()) return nullptr;
  const auto found = object.find(member);
  return found == object.end() ? nullptr : &*found;
}

const std::string* text_of(const Json& object, std::string_view member) {
  const Json* value = member_of(object, member);
  return value == nullptr ? nullptr : value->get_ptr<const std::string*>();
}

std::optional<std::int64_t> number_of(const Json& object, std::string_view member) {
  const Json* value = member_of(object, member);
  if (value == nullptr || !value->is_number_integer()) return std::nullopt;
  if (const auto* positive = value->get_ptr<const Json::number_unsigned_t*>()) {
    constexpr auto kMost = std::numeric_limits<std::int64_t>::max();
    if (*positive > static_cast<std::uint64_t>(kMost)) return std::nullopt;
    return static_cast<std::int64_t>(*positive);
  }
  return *value->get_ptr<const Json::number_integer_t*>();
}

bool truth_of(const Json& object, std::string_view member) {
  const Json* value = member_of(object, member);
  const auto* truth = value == nullptr ? nullptr : value->get_ptr<const bool*>();
  return truth != nullptr && *truth;
}

}  // namespace usher::protocol::varlink
