// pam_sm_authenticate: is this the person they say? Never answers for a local account.
#include "pam_module/functions.hpp"
#include "pam_module/operation.hpp"

namespace usher::pam_module {
namespace {

using protocol::Outcome;

int code_of(Outcome outcome) {
  switch (outcome) {
    case Outcome::accept:
      return PAM_SUCCESS;
    case Outcome::refuse:
    case Outcome::new_password_needed:  // belongs to account; here it is a refusal
      return PAM_AUTH_ERR;
    case Outcome::unknown_user:
      return PAM_USER_UNKNOWN;
    case Outcome::unavailable:
      return PAM_AUTHINFO_UNAVAIL;
    case Outcome::too_many_tries:
      return PAM_MAXTRIES;
  }
  return PAM_AUTHINFO_UNAVAIL;
}

}  // namespace

int authenticate(pam_handle_t* handle, int flags, Arguments arguments) {
  const Result<Options> options = read_options(handle, arguments);
  if (!options) return PAM_SERVICE_ERR;
  return run_operation(Call{handle, flags, protocol::Operation::authenticate, code_of}, *options);
}

int set_credentials() {
  return PAM_SUCCESS;
}

}  // namespace usher::pam_module
