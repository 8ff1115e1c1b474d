#!/usr/bin/env bash
# A wrong password and an unknown name read the same at su; a wrong code is asked for again.
# shellcheck source=tests/su/su.sh
source "$(dirname "$0")/su.sh"

with_ada_added
first_sign_in_at_console
# A name that su finds and Usher does not know: su itself refuses those it cannot find.
printf 'eve:x:61000:61000::/:/bin/sh\n' >>"$place/passwd"
for name in ada eve; do
  su_talk "wrong_$name" "$name" <<LINES
see Password:
type not the password
see su: Authentication failure
end 1
LINES
done
cmp "$place/wrong_ada.log" "$place/wrong_eve.log" || fail "an unknown name reads differently"
expect_reason unknown-user

su_talk wrong_code <<LINES
see Password:
type $password
see Code:
type 000000
see That code was not accepted. Type the next one, or a recovery code.
see Code:
type 000001
see Code:
type 000002
see su: Authentication failure
end 1
LINES
expect_reason wrong-code
# Three codes a step are looked at, wrong or right.
advance 30
sign_in second
