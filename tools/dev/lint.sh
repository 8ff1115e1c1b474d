#!/usr/bin/env bash
# Formatting, shellcheck, the house rules of tools/lint and clang-tidy over every file. Each finding
# is one line FILE:LINE: MESSAGE; all parts run even when one finds something. It changes no file.
set -euo pipefail
source tools/dev/common.sh

# The examples of the rules break the rules.
code() { project_files '*.cpp' '*.hpp'; }
scripts() {
  project_files '*.sh' dev .ci/run
}
everything() {
  project_files '*.cpp' '*.hpp' '*.sh' '*.awk' '*.md' '*.txt' '*.toml' '*.json' '*.proto' \
    '*.service' '*.socket' '*CMakeLists.txt' dev .ci/run .clang-tidy .clang-format \
    ':!tests/tools/lint_cases'
}

formatting() {
  code | xargs -0 --no-run-if-empty clang-format --dry-run -Werror 2>&1 |
    awk '/: (error|warning): / { print; bad = 1 } END { exit bad }'
}

shell() {
  scripts | xargs -0 --no-run-if-empty shellcheck --external-sources --format=gcc
}

house_rules() {
  local rule status=0
  for rule in tools/lint/*.awk; do
    [[ $rule == tools/lint/code.awk ]] && continue
    everything | xargs -0 awk -v lint_dir=tools/lint -f tools/lint/code.awk -f "$rule" || status=1
  done
  return "$status"
}

part() {
  local name=$1 started=$SECONDS
  if "$name"; then
    say "lint: $name: clean ($((SECONDS - started)) s)"
  else
    say "lint: $name: findings"
    failed+=("$name")
  fi
}

clang_tidy() { tools/dev/tidy.sh; }

run setup.sh lint
failed=()
for name in formatting shell house_rules clang_tidy; do part "$name"; done
((${#failed[@]} == 0)) || die "lint has findings in: ${failed[*]}"
say "lint: clean"
