#!/usr/bin/env bash
# the NSS module's shared mapping, exchanged under 64 threads and forks, has no data race
set -euo pipefail
cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/../.."
source tools/dev/common.sh

run setup.sh test
build_tree thread --target nss_module_test
# die_after_fork=0: the children of the fork tests start no thread. setarch -R: GCC 12's runtime
# wants its shadow where address randomisation of newer kernels may have put something else.
export TSAN_OPTIONS=halt_on_error=1:die_after_fork=0:second_deadlock_stack=1
exec setarch "$(uname -m)" -R build/thread/tests/nss_module/nss_module_test \
  --gtest_filter='NssExchange.*' --gtest_repeat=3 --gtest_brief=1 "$@"
