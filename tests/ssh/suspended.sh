#!/usr/bin/env bash
# A suspended person is kept out, with the right password and code and with a public key, and learns
# why only after proving every factor. Resumed, both ways work again.
# shellcheck source=tests/ssh/ssh.sh
source "$(dirname "$0")/ssh.sh"

# by_key NAME STATUS SEEN
by_key() {
  ssh_options publickey
  talk "$1" "${ssh_client[@]}" ada@127.0.0.1 "echo inside as \$(id -u)" <<LINES
see $3
end $2
LINES
}

with_ada </dev/null
by_key key_before 0 "inside as $ada_uid"
usherctl user suspend ada --reason 'left on Friday' >/dev/null

ssh_talk suspended_wrong_password <<LINES
see Password:
type not the password
see Permission denied
end 255
LINES
if grep -q suspended "$place/suspended_wrong_password.log"; then fail "told before it was proven"; fi

ssh_talk suspended_password <<LINES
see Password:
type $password
see Code:
code 0
see Your account is suspended. Contact the help desk.
see Permission denied
end 255
LINES
expect_reason suspended

by_key suspended_key 255 'Your account is suspended. Contact the help desk.'
expect_reason suspended

usherctl user resume ada >/dev/null
by_key key_after 0 "inside as $ada_uid"
advance 30
sign_in second
