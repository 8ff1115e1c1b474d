#!/usr/bin/env bash
# Builds the shipped tree and the sanitized one, runs every test, ends with ctest's summary.
# Arguments go to ctest: ./dev test -R Throttle
set -euo pipefail
source tools/dev/common.sh

run setup.sh test
USHER_SSHD=$(run sshd.sh)
export USHER_SSHD

# The tests open the shipped module and programs of the release tree.
build_tree release
build_tree test

# A sanitizer's finding must end the process that has it, or the test around it may still pass.
export ASAN_OPTIONS=detect_leaks=1:halt_on_error=1:abort_on_error=0:strict_string_checks=1:detect_stack_use_after_return=1:check_initialization_order=1
export UBSAN_OPTIONS=halt_on_error=1:print_stacktrace=1
# What libpam and other C libraries keep until the process ends.
if [[ -f tests/lsan.supp ]]; then export LSAN_OPTIONS=suppressions=$PWD/tests/lsan.supp; fi

# An old result must not stand in for a run that died.
rm -f build/test/junit.xml
exec ctest --test-dir build/test --output-on-failure --no-tests=error \
  --output-junit "$PWD/build/test/junit.xml" --parallel "$(jobs_at_once)" "$@"
