// The person at the other end of pam_conv. One message a call: several at once break some
// greeters. Nothing from the daemon reaches a terminal unsanitised, and nothing typed outlives
// the object that holds it.
#pragma once

#include <security/pam_modules.h>

#include <chrono>
#include <cstdint>
#include <string_view>
#include <utility>

#include "base/result.hpp"
#include "base/secret.hpp"

namespace usher::pam_module {

enum class Echo : std::uint8_t { off, on };
enum class Tone : std::uint8_t { info, error };
// PAM_SILENT keeps what is told from being shown; questions are asked all the same.
enum class Tells : std::uint8_t { shown, suppressed };

// What came back from a question: the application's own string, wiped and freed at the end.
class Typed {
 public:
  Typed() = default;
  explicit Typed(char* text) : text_(text) {}
  Typed(Typed&& other) noexcept : text_(std::exchange(other.text_, nullptr)) {}
  Typed& operator=(Typed&&) = delete;
  ~Typed();

  // False when nobody answered: the conversation failed, or returned no text.
  bool given() const { return text_ != nullptr; }
  std::string_view text() const { return given() ? std::string_view(text_) : std::string_view(); }

 private:
  char* text_ = nullptr;
};

class Person {
 public:
  Person(pam_handle_t* handle, Tells tells) : handle_(handle), tells_(tells) {}

  // An answer longer than the wire allows is none. An Error means memory is out.
  Result<Typed> ask(Echo echo, std::string_view text);
  // False when the conversation failed.
  Result<bool> tell(Tone tone, std::string_view text);

  // How long the application kept us waiting so far.
  std::chrono::milliseconds time_taken() const { return time_taken_; }

 private:
  struct Shown {
    bool succeeded = false;
    Typed answer;
  };
  Result<Shown> show(int style, std::string_view text);

  pam_handle_t* handle_;
  Tells tells_;
  std::chrono::milliseconds time_taken_{0};
};

// A copy fit for a terminal: '?' for every control character but the newline and for every byte
// that is not UTF-8. A Secret, because a text may carry a seed.
Result<Secret> sanitised(std::string_view text);

}  // namespace usher::pam_module
