#!/usr/bin/env bash
# A daemon that hangs (SIGSTOP) refuses within the hello deadline; a conversation that was open
# meanwhile goes on when the daemon does.
# shellcheck source=tests/ssh/ssh.sh
source "$(dirname "$0")/ssh.sh"

with_ada </dev/null
ssh_talk open_meanwhile <<LINES &
see Password:
type $password
see Code:
touch at-code
await go-on
code 0
see inside as $ada_uid
end 0
LINES
open_meanwhile=$!
until_true 30 test -e "$place/at-code"

kill -STOP "$usherd"
before=$SECONDS
ssh_talk refused <<LINES
see Permission denied
end 255
LINES
# 2 s for the hello, and once more should sshd try again; never a hang.
((SECONDS - before <= 10)) || fail "refused only after $((SECONDS - before)) s"
if grep -q Password "$place/refused.log"; then fail "asked without a daemon"; fi

kill -CONT "$usherd"
: >"$place/go-on"
wait "$open_meanwhile" || fail "the open conversation was lost"
advance 30
sign_in second
