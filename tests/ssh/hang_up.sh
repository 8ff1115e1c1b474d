#!/usr/bin/env bash
# A client that dies at the question for the code, and one that dies in the middle of an enrolment:
# the daemon's conversation ends, nothing is spent, the next sign-in goes on where it stopped.
# shellcheck source=tests/ssh/ssh.sh
source "$(dirname "$0")/ssh.sh"

no_conversation() { usherctl status | grep -Eq '^open conversations +0$'; }

configure </dev/null
start_usherd
add_ada
start_sshd

ssh_talk hang_up_at_enrolment <<LINES
see Password:
type $one_time_code
see New password:
type $password
see New password again:
type $password
see Device name
type
read-key
see Code shown by the app:
hang-up
LINES
until_true 20 no_conversation
key=$(cat "$place/app")

# The password was kept, the app was not: enrolling goes on, with the same key.
ssh_talk enrolment_goes_on <<LINES
see Password:
type $password
read-key
see Code shown by the app:
code -30
see Press Enter when you have noted them:
type
see inside as $ada_uid
end 0
LINES
[[ $(cat "$place/app") == "$key" ]] || fail "another key was shown"

ssh_talk hang_up_at_code <<LINES &
see Password:
type $password
see Code:
touch at-code
await go-on
hang-up
LINES
at_code=$!
until_true 30 test -e "$place/at-code"
usherctl status | grep -Eq '^open conversations +1$' || fail "the open conversation is not counted"
: >"$place/go-on"
wait "$at_code" || fail "the hang-up strayed from its lines"
until_true 20 no_conversation
sign_in second # the code of this very step is still good
