#!/usr/bin/env bash
# A hundred thousand guesses at one password while its owner goes on signing in (some minutes).
set -euo pipefail
cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/../.."
source tools/dev/common.sh
build_tree proof --target throttle_simulation_test
USHER_TEST_GUESSES=${1:-100000} exec build/proof/tests/daemon/sign_in/throttle_simulation_test
