#!/usr/bin/env bash
# Applies .clang-format to every C++ file of the project.
set -euo pipefail
source tools/dev/common.sh

run setup.sh lint
project_files '*.cpp' '*.hpp' | xargs -0 --no-run-if-empty clang-format -i
