#!/usr/bin/env bash
# Proves one house rule on Right/Wrong examples: lint_test.sh CHECK plays lint_cases/CHECK.txt.
# A wrong example names the line that must be reported; a right one must pass in silence.
#   ### wrong PATH LINE        ### right PATH        then the file's text, up to the next ###
set -euo pipefail

check=$1
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
cases=$root/tests/tools/lint_cases/$check.txt
room=$(mktemp -d)
trap 'rm -rf "$room"' EXIT
played=0 failed=0

# Splits the cases into folders 1, 2, ...: `expect` beside `tree/PATH`.
split_cases() {
  awk -v room="$room" '
    /^### / {
      folder = room "/" ++number
      path = folder "/tree/" $3
      parent = path
      sub(/\/[^\/]*$/, "", parent)
      system("mkdir -p \"" parent "\"")
      print $2, $3, $4 > (folder "/expect")
      close(folder "/expect")
      printf "" > path
      next
    }
    path != "" { print > path }' "$cases"
}

play() {
  local verdict path line out status=0
  read -r verdict path line <"$1/expect"
  out=$(cd "$1/tree" && awk -v lint_dir="$root/tools/lint" -f "$root/tools/lint/code.awk" \
    -f "$root/tools/lint/$check.awk" "$path" 2>&1) || status=$?
  played=$((played + 1))
  if [[ $verdict == right ]]; then
    ((status == 0)) && [[ -z $out ]] && return
  else
    ((status == 1)) && [[ $out == "$path:$line: "* ]] && [[ $(wc -l <<<"$out") == 1 ]] && return
  fi
  failed=$((failed + 1))
  printf 'case %s: %s %s %s\n  got (%d): %s\n' "${1##*/}" "$verdict" "$path" "$line" "$status" "$out"
  sed 's/^/  | /' "$1/tree/$path"
}

split_cases
for folder in "$room"/[0-9]*; do play "$folder"; done
printf '%s: %d examples, %d failed\n' "$check" "$played" "$failed"
((played >= 2 && failed == 0))
