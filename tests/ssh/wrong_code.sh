#!/usr/bin/env bash
# A wrong code is asked for again, three times in all; the right one still counts among them.
# shellcheck source=tests/ssh/ssh.sh
source "$(dirname "$0")/ssh.sh"

with_ada </dev/null
ssh_talk three_wrong_codes <<LINES
see Password:
type $password
see Code:
type 000000
see That code was not accepted. Type the next one, or a recovery code.
see Code:
type 000001
see Code:
type not a code at all
see Permission denied
end 255
LINES
expect_reason wrong-code

# Three a step are looked at. Far outside the window of one step each side:
advance 30
ssh_talk late_code <<LINES
see Password:
type $password
see Code:
code -300
see Code:
code 300
see Code:
code 0
see inside as $ada_uid
end 0
LINES

# No code at all is a refusal, not a shortcut.
ssh_talk empty_code <<LINES
see Password:
type $password
see Code:
type
see Permission denied
end 255
LINES
expect_reason no-code-given
