#!/usr/bin/env bash
# Which lines of usherd and of the wire the tests run, room by room; fails under 90 %, or 95 % of policy and sign_in.
# What runs as a program of its own (the shipped usherd, the modules) is not counted: only what the
# test programs call themselves, so the wiring in daemon/ and daemon/os/ looks bare. Arguments go to ctest.
set -euo pipefail
cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/../.."
source tools/dev/common.sh

tree=build/coverage
build_tree release
build_tree coverage
USHER_SSHD=$(run sshd.sh)
export USHER_SSHD
find "$tree" -name '*.gcda' -delete
# A failed test is ./dev test's business; what it ran is counted all the same.
ctest --test-dir "$tree" --no-tests=error --parallel "$(jobs_at_once)" "$@" >"$tree/ctest.log" 2>&1 ||
  say "coverage: some tests failed: $tree/ctest.log"

# gcov names each object's lines; a line counts as run where any object ran it.
lines_run() {
  find "$tree/daemon" "$tree/protocol" -name '*.gcda' -print0 |
    xargs -0 -P "$(jobs_at_once)" -n 20 gcov --stdout --relative-only --source-prefix "$PWD" |
    awk -F: '
      / *-: *0:Source:/ { source = $0; sub(/.*Source:/, "", source); next }
      { count = $1; gsub(/[ *]/, "", count); line = $2 + 0 }
      line == 0 || count == "-" || source !~ /^(daemon|protocol)\// { next }
      { key = source ":" line; seen[key] = 1; if (count !~ /^[#=]/) ran[key] = 1 }
      END { for (key in seen) print (key in ran), key }'
}

lines_run | sort -k2 >"$tree/lines.txt"
awk -v missed="$tree/missed.txt" '
  { split($2, at, ":"); room = at[1]; sub(/\/[^\/]*$/, "", room); all[room]++; run[room] += $1 }
  !$1 { print $2 >missed }
  function say(what, lines, share, limit) {
    printf "%-22s %6d lines %6.1f %%", what, lines, share
    if (limit) printf "  (at least %d)%s", limit, share < limit ? "  MISSED" : ""
    printf "\n"
    if (share < limit) bad = 1
  }
  END {
    for (room in all) {
      limit = room ~ /^daemon\/(policy|sign_in)$/ ? 95 : room ~ /^daemon(\/(os|ports))?$/ ? 0 : 90
      share = 100 * run[room] / all[room]
      sum += all[room]; hit += run[room]
      say(room, all[room], share, limit)
    }
    say("in all", sum, 100 * hit / sum, 90)
    exit bad
  }' "$tree/lines.txt" | sort
