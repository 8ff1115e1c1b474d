// pam_sm_open_session and pam_sm_close_session: there is nothing to do, and nobody is asked. Only
// a service file that cannot be understood fails, as it does everywhere else.
#include "pam_module/functions.hpp"

namespace usher::pam_module {

int open_session(pam_handle_t* handle, Arguments arguments) {
  return read_options(handle, arguments).has_value() ? PAM_SUCCESS : PAM_SERVICE_ERR;
}

int close_session(pam_handle_t* handle, Arguments arguments) {
  return read_options(handle, arguments).has_value() ? PAM_SUCCESS : PAM_SERVICE_ERR;
}

}  // namespace usher::pam_module
