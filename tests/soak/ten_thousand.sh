#!/usr/bin/env bash
# Ten thousand sign-ins (auth and account) in one process through the shipped module: neither it nor
# the daemon ends with one descriptor more, and their memory stands still once it is warm.
# In memory where there is room: this is not about the disk, which takes most of the time.
if [[ -z ${TMPDIR:-} && -w /dev/shm ]]; then export TMPDIR=/dev/shm; fi
# shellcheck source=tests/system/usher.sh
source "$(dirname "$0")/../system/usher.sh"

count=${1:-10000}
# From a tenth of the way to its end. The daemon's is SQLite's page caches, 2 MiB a connection, that
# fill as the audit grows: over thirty thousand it was 2.2 MiB, nearly all of it in the first ten. A
# leak of half a KiB a sign-in is found.
most_growth_kib=512
most_daemon_growth_kib=3072

configure </dev/null
start_usherd
add_ada
first_sign_in_at_console

# Each sign-in is a step later: every code is the first of its step.
oathtool --totp --base32 --now "@$(($(clock) + 30))" -w "$((count - 1))" "$(cat "$place/app")" |
  awk -v password="$password" '{ print password; print }' >"$place/answers"
before=$SECONDS
"$USHER_SHIPPED/tests/programs/pam_person" "$place/pam.d" usher-test ada tty1 \
  "$count" "$place/clock" "$usherd" <"$place/answers" | tee "$place/cost.log"
printf '%s sign-ins took %s s\n' "$count" "$((SECONDS - before))"

# COUNT sign-ins: caller D descriptors R KiB, usherd D descriptors R KiB
awk -v most="$most_growth_kib" -v daemon_most="$most_daemon_growth_kib" '
  / sign-ins: / { rows++; own[rows] = $4; own_kib[rows] = $6; their[rows] = $9; their_kib[rows] = $11 }
  END {
    if (rows != 3) { print "expected three rows, not " rows; exit 1 }
    if (own[1] != own[3] || their[1] != their[3]) { print "descriptors leaked"; bad = 1 }
    if (own_kib[3] - own_kib[2] > most || their_kib[3] - their_kib[2] > daemon_most) {
      print "memory grows"; bad = 1
    }
    exit bad
  }' "$place/cost.log" || fail "this leaks"
usherctl audit verify || fail "the audit chain is broken"
