#!/usr/bin/env bash
# The first sign-in over SSH: the admin's one-time code, a password that is refused with its reasons,
# two entries that differ, a good one typed twice, and an app enrolled with the key on the screen.
# shellcheck source=tests/ssh/ssh.sh
source "$(dirname "$0")/ssh.sh"

configure <<'TOML'
[password]
needs_digit = true
TOML
start_usherd
add_ada
start_sshd

ssh_talk first_sign_in <<LINES
see Password:
type $one_time_code
see Choose the password you will sign in with from now on.
see New password:
type acme
see This password cannot be used:
see it has 4 characters; use at least 8
see it has no digit; add one
see it is made of your name or your organisation's; choose something unrelated
see New password:
type $password 1843
see New password again:
type $password 1815
see The two entries differ.
see New password:
type $password 1843
see New password again:
type $password 1843
see Your new password is set.
see Device name
type
see Scan this with the authenticator app:
see ██████████
read-key
see Code shown by the app:
type 000000
see That code does not fit.
see Code shown by the app:
code 0
see Press Enter when you have noted them:
type
see inside as $ada_uid
end 0
LINES

usherctl user show ada | grep -Eq '^state +active$' || fail "Ada is not active"
# The one-time code is spent, and it was never a password.
advance 30
ssh_talk code_again <<LINES
see Password:
type $one_time_code
see Permission denied
end 255
LINES
expect_reason wrong-password
