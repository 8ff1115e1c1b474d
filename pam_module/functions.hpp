// What the six exported functions call. Every one returns a PAM code, never PAM_IGNORE: an error
// that a stack could skip would be a way around the second factor.
#pragma once

#include <security/pam_modules.h>

#include "pam_module/options.hpp"

namespace usher::pam_module {

int authenticate(pam_handle_t* handle, int flags, Arguments arguments);
int check_account(pam_handle_t* handle, int flags, Arguments arguments);
int change_password(pam_handle_t* handle, int flags, Arguments arguments);
int open_session(pam_handle_t* handle, Arguments arguments);
int close_session(pam_handle_t* handle, Arguments arguments);

// Always PAM_SUCCESS, and asks nobody: sudo swaps PAM_USER before it, and sshd's parent calls it
// without having authenticated.
int set_credentials();

}  // namespace usher::pam_module
