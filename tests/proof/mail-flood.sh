#!/usr/bin/env bash
# Ten thousand mails while usher-courier is killed fifty times (some seven minutes).
set -euo pipefail
cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/../.."
source tools/dev/common.sh
run setup.sh test
build_tree release --target usherd usher-courier
USHER_SHIPPED=$PWD/build/release exec tests/soak/mail_flood.sh "${1:-10000}" "${2:-50}"
