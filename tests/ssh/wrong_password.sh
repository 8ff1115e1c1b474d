#!/usr/bin/env bash
# A wrong password is refused; an unknown name is asked the same and told the same.
# shellcheck source=tests/ssh/ssh.sh
source "$(dirname "$0")/ssh.sh"

with_ada </dev/null
# sshd hands PAM a text of its own instead of what an unknown name typed: no code is asked there.
for name in ada nobody-here; do
  ssh_talk "wrong_$name" "$name" <<LINES
see Password:
type not the password
see Permission denied
end 255
LINES
done
sed 's/nobody-here/ada/g' "$place/wrong_nobody-here.log" >"$place/wrong_masked.log"
cmp "$place/wrong_ada.log" "$place/wrong_masked.log" || fail "an unknown name reads differently"
usherctl audit --limit 2 --json | grep -q '"reason":"unknown-user"' || fail "not the daemon's refusal"
usherctl audit --limit 2 --json | grep -q '"reason":"wrong-password"' || fail "not the daemon's refusal"
if grep -q nobody-here "$place/usherd.log"; then fail "an unknown name was kept"; fi
sign_in second
