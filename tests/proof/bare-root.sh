#!/usr/bin/env bash
# The README's two commands on a bare Debian 12 with only git added (root, debootstrap; 15 minutes).
exec "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/../../tools/dev/bare-root.sh" "$@"
