#!/usr/bin/env bash
# The guest itself: booted, nothing failed, and only a loopback.
set -euo pipefail
systemctl is-active --quiet multi-user.target
[[ -z $(systemctl --failed --plain --no-legend) ]] || { systemctl --failed; exit 1; }
[[ $(ls /sys/class/net) == lo ]]
