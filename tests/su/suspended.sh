#!/usr/bin/env bash
# A suspended person is refused at su, and told why only after password and code.
# shellcheck source=tests/su/su.sh
source "$(dirname "$0")/su.sh"

with_ada_added
first_sign_in_at_console
usherctl user suspend ada --reason 'left on Friday' >/dev/null
su_talk suspended <<LINES
see Password:
type $password
see Code:
code 0
see Your account is suspended. Contact the help desk.
see su: Authentication failure
end 1
LINES
expect_reason suspended
su_talk wrong_password <<LINES
see Password:
type not the password
see su: Authentication failure
end 1
LINES
if grep -q suspended "$place/wrong_password.log"; then fail "told before it was proven"; fi
usherctl user resume ada >/dev/null
advance 30
sign_in second
