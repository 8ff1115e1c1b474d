#!/usr/bin/env bash
# Nobody's name can be told by the time of a refusal, nor of a forgotten password: rank tests on a real usherd, with controls.
set -euo pipefail
cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/../.."
source tools/dev/common.sh
# The daemon that is timed stands in the tree of what ships: USHER_SHIPPED_DIR of the preset.
build_tree release --target usherd_for_tests usherctl usher-courier
build_tree proof --target enumeration_proof
exec build/proof/tests/proof/enumeration_proof "$@"
