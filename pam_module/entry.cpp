// The six functions libpam looks up, each a line: their arguments become ours, errno stays the
// caller's. They must never decide anything, and nothing may leave them but a PAM code.
#include <cerrno>

#include "pam_module/functions.hpp"

// pam_modules.h declares the six only when these say that they are here.
#define PAM_SM_AUTH
#define PAM_SM_ACCOUNT
#define PAM_SM_PASSWORD
#define PAM_SM_SESSION
#include <security/pam_modules.h>

#include <cstddef>

namespace {

using usher::pam_module::Arguments;

// A caller may look at errno after pam_authenticate() for reasons of its own.
class ErrnoKeeper {
 public:
  ErrnoKeeper() = default;
  ErrnoKeeper(const ErrnoKeeper&) = delete;
  ErrnoKeeper& operator=(const ErrnoKeeper&) = delete;
  ~ErrnoKeeper() { errno = saved_; }

 private:
  int saved_ = errno;
};

Arguments arguments_of(int count, const char** values) {
  return Arguments(values, count > 0 ? static_cast<std::size_t>(count) : 0);
}

}  // namespace

// The one place where hidden visibility is lifted.
#define USHER_EXPORTED extern "C" __attribute__((visibility("default")))

USHER_EXPORTED int pam_sm_authenticate(pam_handle_t* handle, int flags, int count,
                                       const char** values) {
  const ErrnoKeeper keeper;
  return usher::pam_module::authenticate(handle, flags, arguments_of(count, values));
}

USHER_EXPORTED int pam_sm_setcred(pam_handle_t*, int, int, const char**) {
  return usher::pam_module::set_credentials();
}

USHER_EXPORTED int pam_sm_acct_mgmt(pam_handle_t* handle, int flags, int count,
                                    const char** values) {
  const ErrnoKeeper keeper;
  return usher::pam_module::check_account(handle, flags, arguments_of(count, values));
}

USHER_EXPORTED int pam_sm_chauthtok(pam_handle_t* handle, int flags, int count,
                                    const char** values) {
  const ErrnoKeeper keeper;
  return usher::pam_module::change_password(handle, flags, arguments_of(count, values));
}

USHER_EXPORTED int pam_sm_open_session(pam_handle_t* handle, int, int count, const char** values) {
  const ErrnoKeeper keeper;
  return usher::pam_module::open_session(handle, arguments_of(count, values));
}

USHER_EXPORTED int pam_sm_close_session(pam_handle_t* handle, int, int count, const char** values) {
  const ErrnoKeeper keeper;
  return usher::pam_module::close_session(handle, arguments_of(count, values));
}
