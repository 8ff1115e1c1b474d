#!/usr/bin/env bash
# Proofs too dear for every change: ./dev proof NAME runs tests/proof/NAME.sh, no name lists them.
set -euo pipefail
source tools/dev/common.sh

list() {
  local script
  for script in tests/proof/*.sh; do
    # The second line of each says what it proves.
    printf '%-14s %s\n' "$(basename "$script" .sh)" "$(sed -n '2s/^# //p' "$script")"
  done
}

if (($# == 0)); then
  list
  exit
fi
name=$1
shift
[[ -x tests/proof/$name.sh ]] || die "no such proof: $name (./dev proof lists them)"
exec "tests/proof/$name.sh" "$@"
