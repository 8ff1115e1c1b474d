#!/usr/bin/env bash
# Runs libFuzzer targets: every one for 60 s, or ./dev fuzz TARGET SECONDS. What it finds stays in
# build/fuzz/findings/TARGET, and the exit code is 1. Seeds in tests/fuzz/corpus are only read.
set -euo pipefail
source tools/dev/common.sh

# Programs are named fuzz_TARGET, and TARGET names its corpus.
targets() {
  find build/fuzz/tests/fuzz -maxdepth 1 -name 'fuzz_*' -type f -executable -printf '%f\n' |
    sed 's/^fuzz_//' | sort
}

fuzz() {
  local target=$1 seconds=$2
  local grown=build/fuzz/corpus/$target findings=build/fuzz/findings/$target
  local seeds=tests/fuzz/corpus/$target
  mkdir -p "$grown" "$findings"
  [[ -d $seeds ]] || die "the target $target has no corpus: $seeds"
  say "fuzz $target: $seconds s"
  # libFuzzer writes to the first directory and only reads the second.
  "build/fuzz/tests/fuzz/fuzz_$target" -max_total_time="$seconds" -timeout=10 \
    -rss_limit_mb=1024 -print_final_stats=1 -artifact_prefix="$findings/" \
    "$grown" "$seeds" 2>"$findings/log" && status=0 || status=$?
  grep -E '^(Done|stat::number_of_executed_units)|^SUMMARY' "$findings/log" >&2 || true
  if ((status != 0)); then
    tail -n 60 "$findings/log" >&2
    say "fuzz $target: a finding, kept in $findings"
  fi
  return "$status"
}

run setup.sh fuzz
build_tree fuzz
export ASAN_OPTIONS=detect_leaks=1:halt_on_error=1:strict_string_checks=1
export UBSAN_OPTIONS=halt_on_error=1:print_stacktrace=1

mapfile -t names < <(targets)
((${#names[@]} > 0)) || die "build/fuzz holds no fuzz target"
if (($# > 0)); then
  [[ -x build/fuzz/tests/fuzz/fuzz_$1 ]] || die "no such target: $1 (there are: ${names[*]})"
  names=("$1")
fi
failed=()
for name in "${names[@]}"; do fuzz "$name" "${2:-60}" || failed+=("$name"); done
((${#failed[@]} == 0)) || die "findings in: ${failed[*]}"
say "fuzz: ${#names[@]} targets, no finding"
