// pam_probe.so, for tests only: puts the tokens it finds into the PAM environment, where the
// application can read them. It never decides: PAM_IGNORE leaves the stack's result alone.
#include <security/pam_modules.h>

#include <array>
#include <cstdio>

namespace {

void show(pam_handle_t* handle, int item, const char* name) {
  const void* value = nullptr;
  if (pam_get_item(handle, item, &value) != PAM_SUCCESS || value == nullptr) return;
  std::array<char, 8192> assignment{};
  (void)std::snprintf(assignment.data(), assignment.size(), "%s=%s", name,
                      static_cast<const char*>(value));
  (void)pam_putenv(handle, assignment.data());
}

int probe(pam_handle_t* handle) {
  show(handle, PAM_AUTHTOK, "PROBE_AUTHTOK");
  show(handle, PAM_OLDAUTHTOK, "PROBE_OLDAUTHTOK");
  return PAM_IGNORE;
}

}  // namespace

extern "C" {
int pam_sm_authenticate(pam_handle_t* handle, int, int, const char**) {
  return probe(handle);
}
int pam_sm_setcred(pam_handle_t*, int, int, const char**) {
  return PAM_IGNORE;
}
int pam_sm_acct_mgmt(pam_handle_t* handle, int, int, const char**) {
  return probe(handle);
}
int pam_sm_chauthtok(pam_handle_t* handle, int, int, const char**) {
  return probe(handle);
}
}
