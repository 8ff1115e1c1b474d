#!/usr/bin/env bash
# in the booted guest: the rollback by its timer of two minutes, each package alone, in every order; 12 minutes
set -euo pipefail
cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/../.."
exec tools/dev/system.sh 00-boots 10-install long-timer long-orders
