// Calls of the application's conversation function, and the care of what it returns.
#include "pam_module/person.hpp"

#include <cstdlib>
#include <cstring>

#include "base/text.hpp"
#include "pam_module/stopwatch.hpp"
#include "protocol/messages.hpp"

namespace usher::pam_module {

Typed::~Typed() {
  if (text_ == nullptr) return;
  wipe(text_, std::strlen(text_));
  std::free(text_);
}

Result<Secret> sanitised(std::string_view text) {
  Secret clean = TRY(Secret::zeroed(text.size()));
  const std::span<char> room = clean.writable();
  std::size_t size = 0;
  while (!text.empty()) {
    const std::size_t length = utf8_sequence_length(text);
    const std::string_view sequence(text.data(), length);
    if (length != 0 && is_plain_text(sequence, Newlines::allowed)) {
      std::memcpy(room.data() + size, sequence.data(), length);
      size += length;
    } else {
      room[size++] = '?';
    }
    text.remove_prefix(length != 0 ? length : 1);
  }
  clean.shorten(size);
  return clean;
}

Result<Person::Shown> Person::show(int style, std::string_view text) {
  const Secret clean = TRY(sanitised(text));
  const void* item = nullptr;
  if (pam_get_item(handle_, PAM_CONV, &item) != PAM_SUCCESS || item == nullptr) return Shown{};
  const auto* conversation = static_cast<const pam_conv*>(item);
  if (conversation->conv == nullptr) return Shown{};

  const pam_message message{style, clean.view().data()};
  const pam_message* messages = &message;
  pam_response* response = nullptr;
  const Stopwatch stopwatch;
  const int code = conversation->conv(1, &messages, &response, conversation->appdata_ptr);
  time_taken_ += stopwatch.elapsed();
  // After a failure the application has released what it made, pam_conv(3): response may dangle.
  if (code != PAM_SUCCESS) return Shown{};
  if (response == nullptr) return Shown{true, Typed()};
  Shown shown{true, Typed(response->resp)};
  std::free(response);
  return shown;
}

Result<Typed> Person::ask(Echo echo, std::string_view text) {
  const int style = echo == Echo::on ? PAM_PROMPT_ECHO_ON : PAM_PROMPT_ECHO_OFF;
  Shown shown = TRY(show(style, text));
  if (shown.answer.text().size() > protocol::kMaxAnswer) return Typed();
  return Typed(std::move(shown.answer));
}

Result<bool> Person::tell(Tone tone, std::string_view text) {
  if (tells_ == Tells::suppressed) return true;
  const Shown shown = TRY(show(tone == Tone::error ? PAM_ERROR_MSG : PAM_TEXT_INFO, text));
  return shown.succeeded;
}

}  // namespace usher::pam_module
