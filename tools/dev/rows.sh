#!/usr/bin/env bash
# One line a requirement id of docs/requirements.md: the id, pass, fail or none, and the tests that
# name it, by the last run's junit.xml. Other files may be given: rows.sh REQUIREMENTS JUNIT
set -euo pipefail
source tools/dev/common.sh

requirements=${1:-docs/requirements.md}
junit=${2:-build/test/junit.xml}
[[ -f $requirements ]] || die "no such file: $requirements"
if [[ ! -f $junit ]]; then
  say "no results in $junit: run ./dev test first; every row reads none"
  junit=/dev/null
fi
# The records of XML are tags, those of the table are lines.
awk -f tools/dev/rows.awk "$requirements" RS="<" "$junit"
