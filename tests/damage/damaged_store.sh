#!/usr/bin/env bash
# A store that is not what was written stops the start with the cure named, and is not changed by the
# attempt; nor does usherd start with a wrong, a missing or an open master key.
# shellcheck source=tests/system/usher.sh
source "$(dirname "$0")/../system/usher.sh"

# refuses_to_start WHAT TEXT...: the shipped usherd, on the state as it is now.
refuses_to_start() {
  local what=$1 text status=0
  shift
  sum "$place/before"
  timeout 60 "$USHER_SHIPPED/daemon/usherd" --config "$place/usher.toml" 2>"$place/refused.log" ||
    status=$?
  ((status == 1)) || fail "$what: ended with $status"
  for text in "$@"; do
    grep -qF -- "$text" "$place/refused.log" || fail "$what: the log lacks '$text'"
  done
  sum "$place/after"
  cmp -s "$place/before" "$place/after" || fail "$what: the state was changed"
  printf '%s: %s\n' "$what" "$(cut -c4- "$place/refused.log")"
}

# Contents and modes of all of the state. SQLite makes an empty log and its index beside a file that it
# only reads; they say nothing. The published names are made anew at each start.
sum() {
  [[ ! -s $place/state/usher.db-wal ]] || fail "something was written to the log"
  (cd "$place/state" && rm -rf usher.db-wal usher.db-shm public && sha256sum -- * && stat -c '%n %a %s' -- *) >"$1"
}

bring_back() {
  rm -rf "$place/state"
  cp -a "$place/whole" "$place/state"
}

# flip OFFSET: every bit of one byte of the store.
flip() {
  local byte
  byte=$(od -An -tu1 -j "$1" -N 1 "$place/state/usher.db")
  # shellcheck disable=SC2059  # the format is the byte
  printf "\\x$(printf '%02x' $((byte ^ 255)))" |
    dd of="$place/state/usher.db" bs=1 seek="$1" conv=notrunc status=none
}

configure </dev/null
start_usherd
add_ada
stop_usherd
cp -a "$place/state" "$place/whole"
size=$(stat -c %s "$place/whole/usher.db")

readonly cure='restore the last backup'
for offset in 0 17 18 20 100 1000 4095 4096 5000 8200 $((size - 1)) $((size - 3000)); do
  bring_back
  flip "$offset"
  refuses_to_start "byte $offset of the store flipped" "$cure" 'nothing was changed'
done
for length in 0 50 4096 $((size - 4096)) $((size - 100)); do
  bring_back
  truncate -s "$length" "$place/state/usher.db"
  refuses_to_start "store cut to $length of $size bytes" "$cure" 'nothing was changed'
done

bring_back
head -c 32 /dev/urandom >"$place/state/master.key"
refuses_to_start 'another master key' 'put the old key back'
bring_back
rm "$place/state/master.key"
refuses_to_start 'no master key' 'restore it from the backup'
bring_back
chmod 0640 "$place/state/master.key"
refuses_to_start 'a master key open to others' 'chmod 0600'
bring_back
truncate -s 31 "$place/state/master.key"
refuses_to_start 'a short master key' 'not 32 bytes long'
bring_back
chmod 0666 "$place/state/usher.db"
refuses_to_start 'a store open to others' 'chmod 0600'

# Not the test's own doing: what is whole starts and knows Ada.
bring_back
start_usherd
usherctl user show ada >/dev/null || fail "Ada is gone"
