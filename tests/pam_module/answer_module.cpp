// pam_answer.so, for tests only: answers as the PAM environment says. With the option `as=NAME`
// NAME's value there is the number of the code; without a value it is PAM_SYSTEM_ERR.
#include <security/pam_modules.h>

#include <cstdlib>
#include <cstring>

namespace {

int answer(pam_handle_t* handle, int flags, int count, const char** options) {
  // passwd's two rounds may differ: the second one's answer is NAME.second's, where it has one.
  char second[64] = {};
  for (int i = 0; i < count; ++i) {
    if (std::strncmp(options[i], "as=", 3) != 0) continue;
    const char* name = options[i] + 3;
    const char* value = nullptr;
    if ((flags & PAM_UPDATE_AUTHTOK) != 0 && std::strlen(name) < sizeof second - 8) {
      std::strcpy(second, name);
      std::strcat(second, ".second");
      value = pam_getenv(handle, second);
    }
    if (value == nullptr) value = pam_getenv(handle, name);
    return value == nullptr ? PAM_SYSTEM_ERR : std::atoi(value);
  }
  return PAM_SYSTEM_ERR;
}

}  // namespace

extern "C" {
int pam_sm_authenticate(pam_handle_t* handle, int flags, int count, const char** options) {
  return answer(handle, flags, count, options);
}
int pam_sm_setcred(pam_handle_t*, int, int, const char**) {
  return PAM_SUCCESS;
}
int pam_sm_acct_mgmt(pam_handle_t* handle, int flags, int count, const char** options) {
  return answer(handle, flags, count, options);
}
int pam_sm_chauthtok(pam_handle_t* handle, int flags, int count, const char** options) {
  return answer(handle, flags, count, options);
}
int pam_sm_open_session(pam_handle_t* handle, int flags, int count, const char** options) {
  return answer(handle, flags, count, options);
}
int pam_sm_close_session(pam_handle_t*, int, int, const char**) {
  return PAM_SUCCESS;
}
}
