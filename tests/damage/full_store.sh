#!/usr/bin/env bash
# A store that takes no more writes refuses a sign-in with a logged cause and nothing half done; with
# room again the same code opens. A store that can only be read stops the start.
# shellcheck source=tests/system/usher.sh
source "$(dirname "$0")/../system/usher.sh"

# at_console NAME LINE: password and code, and the end that LINE says.
at_console() {
  talk "$1" "$USHER_SHIPPED/tests/programs/pam_person" "$place/pam.d" usher-test ada tty1 <<LINES
see Password:
type $password
see Code:
code 0
see $2
end $3
LINES
}

# No file of the daemon's may grow past the limit; without the ignored signal it would be killed.
limit_files() { prlimit --pid "$usherd" --fsize="$1:unlimited"; }

configure </dev/null
trap '' XFSZ
start_usherd
add_ada
first_sign_in_at_console
[[ $(stat -c %s "$place/state/usher.db-wal") -gt 16384 ]] || fail "the log has still room"
[[ $(stat -c %s "$place/usherd.log") -lt 4096 ]] || fail "usherd's own log would not fit"

limit_files 16384
at_console full '=> Authentication service cannot retrieve authentication info' 1
grep -q '<[34]>.*sqlite' "$place/usherd.log" || fail "no cause was logged"
if usherctl user suspend ada --reason test >"$place/suspend.log" 2>&1; then fail "suspended on no disk"; fi
limit_files unlimited
usherctl user show ada | grep -Eq '^state +active$' || fail "half suspended"
at_console room_again '=> signed in' 0
usherctl audit verify
stop_usherd

# As another uid: root may write what is read-only.
((EUID == 0)) || fail "another uid is played: run the tests as root"
cp "$USHER_SHIPPED/daemon/usherd" "$place/usherd"
chown -R 12345 "$place/state" "$place"
chmod 0400 "$place/state/usher.db"
chmod 0500 "$place/state"
status=0
timeout 60 setpriv --reuid 12345 --regid 12345 --clear-groups "$place/usherd" \
  --config "$place/usher.toml" 2>"$place/read_only.log" || status=$?
((status == 1)) || fail "started, or ended with $status, on a read-only store"
grep -q "$place/state/usher.db\|readonly\|read-only" "$place/read_only.log" || fail "no cause named"
cat "$place/read_only.log"
