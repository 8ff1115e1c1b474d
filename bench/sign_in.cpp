// The whole stack is loaded and unloaded each time, as in every sshd and su.
#include "bench/sign_in.hpp"

#include <fmt/format.h>
#include <liboath/oath.h>
#include <security/pam_appl.h>

#include <array>
#include <cstdlib>
#include <cstring>

#include "bench/people.hpp"
#include "bench/sample.hpp"

namespace usher::bench {
namespace {

int converse(int count, const pam_message** messages, pam_response** responses, void* data) {
  auto& typist = *static_cast<Typist*>(data);
  auto* answers = static_cast<pam_response*>(
      std::calloc(static_cast<std::size_t>(count), sizeof(pam_response)));
  if (answers == nullptr) return PAM_BUF_ERR;
  for (int i = 0; i < count; ++i) {
    const int style = messages[i]->msg_style;
    if (style == PAM_PROMPT_ECHO_OFF || style == PAM_PROMPT_ECHO_ON) {
      answers[i].resp = ::strdup(typist.answer(messages[i]->msg).c_str());
    } else {
      typist.told += messages[i]->msg;
    }
  }
  *responses = answers;
  return PAM_SUCCESS;
}

}  // namespace

Result<double> time_sign_in(const Room& room, const char* service, const char* user,
                            Typist& typist) {
  const std::string directory = room.pam_directory();
  const Stopwatch stopwatch;
  const pam_conv conversation{converse, &typist};
  pam_handle_t* handle = nullptr;
  int code = pam_start_confdir(service, user, &conversation, directory.c_str(), &handle);
  if (code != PAM_SUCCESS) return Error(Errc::unavailable, "PAM does not start");
  pam_set_item(handle, PAM_TTY, "tty1");
  code = pam_authenticate(handle, 0);
  if (code == PAM_SUCCESS) code = pam_acct_mgmt(handle, 0);
  pam_end(handle, code);
  const double milliseconds = stopwatch.milliseconds();
  if (code == PAM_SUCCESS) return milliseconds;
  return Error(Errc::not_permitted, fmt::format("{} was refused at {} (PAM code {}) {}", user,
                                                service, code, typist.told));
}

Result<double> time_password_sign_in(const Room& room, const char* user) {
  Typist typist{[](std::string_view) { return std::string(kPassword); }};
  return time_sign_in(room, "login", user, typist);
}

Result<App> App::with_key(const std::string& base32) {
  char* bytes = nullptr;
  std::size_t size = 0;
  if (oath_base32_decode(base32.c_str(), base32.size(), &bytes, &size) != OATH_OK) {
    return Error(Errc::invalid_input, "no key was shown");
  }
  Result<Secret> seed = Secret::copy({bytes, size});
  std::free(bytes);
  return App(TRY(std::move(seed)));
}

Result<std::string> App::code(std::int64_t unix_seconds) const {
  constexpr unsigned kDigits = 6;
  std::array<char, kDigits + 1> code{};
  if (oath_totp_generate(seed_.view().data(), seed_.size(), unix_seconds,
                         OATH_TOTP_DEFAULT_TIME_STEP_SIZE, OATH_TOTP_DEFAULT_START_TIME, kDigits,
                         code.data()) != OATH_OK) {
    return Error(Errc::internal, "liboath gives no code");
  }
  return std::string(code.data());
}

}  // namespace usher::bench
