#!/usr/bin/env bash
# Without a terminal ./dev try plays the sign-in that the README shows, word for word once the codes
# are masked; and it leaves nothing: no process, no file, no change in /etc/pam.d.
# usage: transcript_test.sh [--accept]    --accept: the README and transcript.txt take what was played
set -euo pipefail
cd "$(dirname "$(readlink -f "$0")")/../.."

room=$(mktemp -d)
trap 'rm -rf "$room"' EXIT
failed=0

fail() {
  printf 'FAILED: %s\n' "$*" >&2
  failed=1
}

pam_services() { find /etc/pam.d -type f -print0 | sort -z | xargs -0 --no-run-if-empty sha256sum; }

# The block of the README, without the fence around it.
readme_block() {
  awk '/<!-- transcript:end -->/ { inside = 0 }
    inside && !/^```/ { print }
    /<!-- transcript:begin -->/ { inside = 1 }' README.md
}

accept() {
  cp "$room/played" tests/try/transcript.txt
  awk -v played="$room/played" '
    /<!-- transcript:end -->/ { inside = 0 }
    !inside { print }
    /<!-- transcript:begin -->/ {
      inside = 1
      print "```text"
      while ((getline line < played) > 0) print line
      print "```"
    }' README.md >"$room/README.md"
  cp "$room/README.md" README.md
}

mkdir "$room/tmp"
pam_services >"$room/pam-before"
TMPDIR=$room/tmp tools/dev/try.sh </dev/null >"$room/seen" 2>"$room/errors" ||
  fail "it ended with $?: $(cat "$room/errors" "$room/seen")"
LC_ALL=C.UTF-8 awk -f tests/try/mask.awk "$room/seen" >"$room/played"
if [[ ${1:-} == --accept ]]; then accept; fi

[[ ! -s $room/errors ]] || fail "it complained: $(cat "$room/errors")"
diff -u tests/try/transcript.txt "$room/played" || fail "it plays something else than transcript.txt"
readme_block | diff -u - "$room/played" || fail "it plays something else than the README shows"
pam_services | cmp -s "$room/pam-before" - || fail "/etc/pam.d has changed"
[[ -z $(ls -A "$room/tmp") ]] || fail "left behind: $(ls -A "$room/tmp")"
# Whatever it started had its directory in the command line.
if pgrep -f "^[^ ]*(usherd|usher_play|usherctl) .*$room/tmp" >&2; then fail "still running"; fi
exit "$failed"
