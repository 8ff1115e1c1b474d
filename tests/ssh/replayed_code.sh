#!/usr/bin/env bash
# A code that opened the door once is refused, and the next one is asked for.
# shellcheck source=tests/ssh/ssh.sh
source "$(dirname "$0")/ssh.sh"

with_ada </dev/null
sign_in second
ssh_talk replay <<LINES
see Password:
type $password
see Code:
code 0
see That code was not accepted. Type the next one, or a recovery code.
see Code:
code -30
see Code:
code 0
see Permission denied
end 255
LINES
expect_reason code-already-spent
advance 30
sign_in next_code
