// pam_sm_chauthtok: libpam calls it twice, first to ask whether a change could be made, then to
// make it. The daemon knows the rules; this file only tells the two calls apart.
#include <security/pam_ext.h>
#include <syslog.h>

#include "pam_module/functions.hpp"
#include "pam_module/operation.hpp"
#include "pam_module/pam_flags.hpp"

namespace usher::pam_module {
namespace {

using protocol::Operation;
using protocol::Outcome;

int code_of_preparation(Outcome outcome) {
  switch (outcome) {
    case Outcome::accept:
      return PAM_SUCCESS;
    case Outcome::refuse:
    case Outcome::new_password_needed:
      return PAM_AUTHTOK_ERR;
    case Outcome::unknown_user:
      return PAM_USER_UNKNOWN;
    case Outcome::unavailable:
      return PAM_TRY_AGAIN;  // pam_sm_chauthtok(3): the preliminary check failed, nothing changed
    case Outcome::too_many_tries:
      return PAM_MAXTRIES;
  }
  return PAM_TRY_AGAIN;
}

int code_of_change(Outcome outcome) {
  switch (outcome) {
    case Outcome::accept:
      return PAM_SUCCESS;
    case Outcome::refuse:
    case Outcome::new_password_needed:
    case Outcome::unavailable:
      return PAM_AUTHTOK_ERR;
    case Outcome::unknown_user:
      return PAM_USER_UNKNOWN;
    case Outcome::too_many_tries:
      return PAM_MAXTRIES;
  }
  return PAM_AUTHTOK_ERR;
}

}  // namespace

int change_password(pam_handle_t* handle, int flags, Arguments arguments) {
  const Result<Options> options = read_options(handle, arguments);
  if (!options) return PAM_SERVICE_ERR;
  const bool prepare = has_flag(flags, PAM_PRELIM_CHECK);
  const bool change = has_flag(flags, PAM_UPDATE_AUTHTOK);
  if (prepare == change) {
    pam_syslog(handle, LOG_ERR, "a password change that is neither prepared nor made");
    return PAM_SYSTEM_ERR;
  }
  if (prepare) {
    return run_operation(Call{handle, flags, Operation::prepare_change, code_of_preparation},
                         *options);
  }
  return run_operation(Call{handle, flags, Operation::change_password, code_of_change}, *options);
}

}  // namespace usher::pam_module
