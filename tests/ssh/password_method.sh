#!/usr/bin/env bash
# sshd's "password" method cannot show a second question: with an app enrolled it is refused
# cleanly. Where the admin maps sshd to the one-field front end, password and code share the field.
# shellcheck source=tests/ssh/ssh.sh
source "$(dirname "$0")/ssh.sh"

# by_password ANSWER: sshpass fails with 5 when the password was refused.
by_password() {
  ssh_options password
  SSHPASS=$1 sshpass -e "${ssh_client[@]}" ada@127.0.0.1 "echo inside as \$(id -u)" \
    >"$place/by_password.log" 2>&1
}

with_ada </dev/null
if by_password "$password"; then fail "let in without the code"; fi
expect_reason cannot-ask-code # sshd's blind conversation fails at the question for the code
sign_in second

stop_usherd
configure <<'TOML'
[front_ends]
sshd = "sshd-password"
TOML
start_usherd
advance 30
if by_password "$password"; then fail "let in without the code"; fi
if by_password "$password$(app_code -300)"; then fail "let in with an old code"; fi
by_password "$password$(app_code)" || fail "password and code were refused"
grep -q "inside as $ada_uid" "$place/by_password.log" || fail "no shell"
if by_password "$password$(app_code)"; then fail "let in with a spent code"; fi
expect_reason code-already-spent
