#!/usr/bin/env bash
# Without a daemon everybody is refused at once, by password and by key; nobody is let in.
# shellcheck source=tests/ssh/ssh.sh
source "$(dirname "$0")/ssh.sh"

with_ada </dev/null
stop_usherd
before=$SECONDS
ssh_talk no_daemon <<LINES
see Permission denied
end 255
LINES
ssh_options publickey
if "${ssh_client[@]}" ada@127.0.0.1 true >"$place/by_key.log" 2>&1; then fail "let in by key"; fi
((SECONDS - before <= 10)) || fail "refused only after $((SECONDS - before)) s"
start_usherd
sign_in second
