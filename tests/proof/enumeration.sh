#!/usr/bin/env bash
# Nobody's name can be told by the time of a refusal: a rank test on a real usherd, with its control.
set -euo pipefail
cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/../.."
source tools/dev/common.sh
build_tree proof --target enumeration_proof usherd_for_tests usherctl
exec build/proof/tests/proof/enumeration_proof "$@"
