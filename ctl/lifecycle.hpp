// The verbs of `usherctl user` that open and close accounts and give the way back in; user.cpp's
// table names them.
#pragma once

#include "ctl/session.hpp"

namespace usher::ctl {

Result<void> disable_user(Session& session, const Arguments& arguments);
Result<void> enable_user(Session& session, const Arguments& arguments);
// Opens the account again by `method`, and says what keeps it closed all the same.
Result<void> open_user(Session& session, const Arguments& arguments, std::string_view method);
Result<void> convert_user(Session& session, const Arguments& arguments);
Result<void> invite_user(Session& session, const Arguments& arguments);
// In contact.cpp: a contact like any other.
Result<void> set_email(Session& session, const Arguments& arguments);
Result<void> set_user_password(Session& session, const Arguments& arguments);

void print_code(std::FILE* out, const protocol::varlink::ReplyOk& reply, const std::string& name);

// Milliseconds of the first moment of a day given as 2027-01-31, here; 0 for "never".
// Where the person may not sign in now, a line that says why. It undoes nothing if it cannot be
// told.
void tell_if_closed(Session& session, const Arguments& arguments);

Result<std::int64_t> end_of(const std::string& day);

}  // namespace usher::ctl
