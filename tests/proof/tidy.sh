#!/usr/bin/env bash
# clang-tidy reads every file again, whatever tools/lint/read_clean.txt remembers (some 20 minutes).
set -euo pipefail
cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/../.."
exec tools/dev/tidy.sh --all
