#!/usr/bin/env bash
# su asks Ada's password and code, each question on its own, and then is Ada.
# shellcheck source=tests/su/su.sh
source "$(dirname "$0")/su.sh"

with_ada_added
first_sign_in_at_console
sign_in second
expect_reason account-open
usherctl audit --limit 2 --json | grep -q '"origin":"su-by-other"' || fail "not recorded as su"
# The same code again.
su_talk replay <<LINES
see Password:
type $password
see Code:
code 0
see That code was not accepted. Type the next one, or a recovery code.
see Code:
type
see su: Authentication failure
end 1
LINES
advance 30
sign_in next
