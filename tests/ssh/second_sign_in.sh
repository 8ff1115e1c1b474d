#!/usr/bin/env bash
# Password, then the code of the app, then a shell.
# shellcheck source=tests/ssh/ssh.sh
source "$(dirname "$0")/ssh.sh"

with_ada </dev/null
sign_in second
# auth has opened the door with both, account has let it stand open.
usherctl audit --limit 2 --json | grep -q '"factor":"password+totp"' || fail "not recorded"
expect_reason account-open
