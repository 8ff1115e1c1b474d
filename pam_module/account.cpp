// pam_sm_acct_mgmt: may this person come in, and now? Sign-ins by public key pass only here, so
// the daemon is asked every time and an absent one denies.
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
      return PAM_PERM_DENIED;
    case Outcome::unknown_user:
      return PAM_USER_UNKNOWN;
    case Outcome::new_password_needed:
      return PAM_NEW_AUTHTOK_REQD;
    case Outcome::unavailable:
      return PAM_AUTHINFO_UNAVAIL;
    case Outcome::too_many_tries:
      return PAM_MAXTRIES;
  }
  return PAM_AUTHINFO_UNAVAIL;
}

}  // namespace

int check_account(pam_handle_t* handle, int flags, Arguments arguments) {
  const Result<Options> options = read_options(handle, arguments);
  if (!options) return PAM_SERVICE_ERR;
  return run_operation(Call{handle, flags, protocol::Operation::account, code_of}, *options);
}

}  // namespace usher::pam_module
