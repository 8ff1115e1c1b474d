#!/usr/bin/env bash
# Ada sees and changes her own account, with her own uid and nothing else; the daemon and the
# usherctl are those that ship.
# shellcheck source=tests/system/usher.sh
source "$(dirname "$0")/../system/usher.sh"

((EUID == 0)) || fail "another uid is played: run the tests as root"

# as UID WORDS...: usherctl from a place that everybody may reach.
as() {
  setpriv --reuid "$1" --regid "$1" --clear-groups \
    "$place/usherctl" --socket "$place/admin.sock" "${@:2}"
}
# expect_exit STATUS COMMAND...
expect_exit() {
  local status=0
  "${@:2}" >"$place/refused.log" 2>&1 || status=$?
  ((status == $1)) || fail "ended with $status, not $1: ${*:2}"
}
# expect_line PATTERN FILE
expect_line() { grep -Eq "$1" "$2" || fail "no line is $1"; }

configure </dev/null
start_usherd
add_ada
first_sign_in_at_console
install -m 0755 "$USHER_SHIPPED/ctl/usherctl" "$place/usherctl"

as "$ada_uid" self >"$place/self.log"
expect_line '^name +ada \(Ada Lovelace\)$' "$place/self.log"
expect_line '^state +active$' "$place/self.log"
expect_line '^whom to ask +the help desk$' "$place/self.log"
expect_line '^recovery codes +10 left$' "$place/self.log"
expect_line '^Nothing is left to do\.$' "$place/self.log"
expect_line '^[0-9T:+-]+ +accept +usher-test +local-seat +tty1 +[a-z+-]+$' "$place/self.log"

as "$ada_uid" self language fr
as "$ada_uid" self greeting off
factor=$(as "$ada_uid" --json self | grep -oE '"id":"[0-9a-f]{32}"' | head -n 1 | cut -d '"' -f 4)
as "$ada_uid" self factor rename "$factor" telephone
as "$ada_uid" self >"$place/changed.log"
expect_line '^language +fr$' "$place/changed.log"
expect_line '^greeting +off$' "$place/changed.log"
expect_line ' telephone ' "$place/changed.log"
usherctl audit --since 1h --user ada >"$place/audit.log"
for operation in SetOwnLanguage SetOwnGreeting RenameOwnFactor; do
  expect_line " ada +admin\.$operation +accept +self " "$place/audit.log"
done

# Root is nobody of Usher's, nor is a uid that nobody has; and bob's is not hers.
expect_exit 4 usherctl self
expect_line 'only a person whom Usher signs in may do this' "$place/refused.log"
expect_exit 4 as 54321 self
usherctl user add bob >/dev/null
expect_exit 4 as "$ada_uid" user show bob
expect_exit 4 as "$ada_uid" report actions
expect_exit 4 as "$ada_uid" audit
stop_usherd
