// Result<T>: a value, or an Error that says why there is none.
// An Error means "could not decide" and always ends in a denial; "wrong code" is a value.
// Needs libc only and never allocates: it also lives inside other people's processes (sshd, sudo).
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <utility>

#include "base/bounded_text.hpp"

namespace usher {

enum class Errc : std::uint8_t {
  invalid_input,   // malformed, over-long or out of range
  not_found,       // the thing named does not exist
  already_exists,  // the name is taken
  not_permitted,   // this caller may not do this
  timed_out,       // a deadline passed
  hung_up,         // the other end went away
  not_answered,    // the person was asked, and the program in front of them gave no text
  unavailable,     // a service or file could not be reached
  exhausted,       // out of memory, descriptors, disk or a cap
  damaged,         // stored data is not what was written
  conflict,        // the state changed underneath, or forbids this
  unsupported,     // a version or a feature this program lacks
  internal,        // a library failed in a way that has no better name
};

// The code's name, as logs and audit records print it.
std::string_view name_of(Errc code);

class [[nodiscard]] Error {
 public:
  // Texts longer than the capacity are cut: an Error is a log line, never shown to the person.
  static constexpr std::size_t kCapacity = 240;

  Error(Errc code, std::string_view text) : code_(code) { text_.append(text); }

  Errc code() const { return code_; }
  std::string_view text() const { return text_.view(); }

  // Adds what was being done: "opening the store: <text>".
  Error in(std::string_view doing) const {
    Error outer(code_, doing);
    outer.text_.append(": ");
    outer.text_.append(text());
    return outer;
  }

 private:
  Errc code_;
  BoundedText<kCapacity> text_;
};

// An Error whose text ends in the meaning of errno. Call it right after the failing call.
Error system_error(std::string_view doing);
Error system_error(std::string_view doing, int error_number);

// Method names follow std::expected (C++23), which GCC 12 lacks under -std=c++20.
template <typename T>
class [[nodiscard]] Result {
 public:
  // NOLINTBEGIN(google-explicit-constructor): `return value;` and `return Error(...);` read well
  Result(T value) : value_(std::move(value)) {}
  Result(const Error& error) : error_(error) {}
  // NOLINTEND(google-explicit-constructor)

  bool has_value() const { return value_.has_value(); }
  explicit operator bool() const { return has_value(); }

  T& operator*() & { return *checked(); }
  const T& operator*() const& { return *const_cast<Result*>(this)->checked(); }
  T* operator->() { return checked(); }
  const T* operator->() const { return const_cast<Result*>(this)->checked(); }
  const Error& error() const { return error_; }

  T release_value() { return std::move(*checked()); }
  Result in(std::string_view doing) && {
    if (has_value()) return std::move(*this);
    return error_.in(doing);
  }

 private:
  // A missing value must stop the process, never be read: the alternative is undefined behaviour.
  T* checked() {
    if (!value_.has_value()) __builtin_trap();
    return &*value_;
  }

  std::optional<T> value_;
  Error error_{Errc::internal, ""};
};

template <>
class [[nodiscard]] Result<void> {
 public:
  Result() = default;
  // NOLINTNEXTLINE(google-explicit-constructor): `return Error(...);` reads well
  Result(const Error& error) : failed_(true), error_(error) {}

  bool has_value() const { return !failed_; }
  explicit operator bool() const { return has_value(); }
  const Error& error() const { return error_; }

  void release_value() {}
  Result in(std::string_view doing) && {
    if (has_value()) return {};
    return error_.in(doing);
  }

 private:
  bool failed_ = false;
  Error error_{Errc::internal, ""};
};

}  // namespace usher

// TRY(expression): the value, or return the Error to our caller. A GNU statement expression; the
// temporary is numbered, because TRY inside TRY would otherwise shadow itself.
// NOLINTBEGIN(bugprone-macro-parentheses): `name` is declared, so it stands bare
#define USHER_TRY_CONCAT_(a, b) a##b
#define USHER_TRY_CONCAT(a, b) USHER_TRY_CONCAT_(a, b)
#define USHER_TRY_AS(name, expression)  \
  __extension__({                       \
    auto name = (expression);           \
    if (!name.has_value()) [[unlikely]] \
      return name.error();              \
    name.release_value();               \
  })
// NOLINTEND(bugprone-macro-parentheses)
#define TRY(expression) USHER_TRY_AS(USHER_TRY_CONCAT(try_result_, __COUNTER__), (expression))
