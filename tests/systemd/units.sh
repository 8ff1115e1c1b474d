#!/usr/bin/env bash
# The shipped units without a running systemd: what systemd-analyze thinks of usherd's exposure, the
# names usherd looks for its sockets under, and directives that must never come. Prints the figure.
set -euo pipefail
cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/../.."

limit=5 # tenths: 0.5 of 10
failures=0
complain() {
  printf 'systemd: %s\n' "$*"
  failures=$((failures + 1))
}

# analyse FILE: prints the figure; fails above the limit.
analyse() {
  systemd-analyze security --no-pager --offline=true --threshold="$limit" "$1" |
    sed -n 's/^.*\(Overall exposure.*[0-9]\) .*$/\1/p'
}

exposure() {
  analyse systemd/usherd.service || complain "usherd.service is more exposed than 0.$limit"
  # The same check finds a unit with a hole, or it would prove nothing.
  sed '/^PrivateNetwork=/d' systemd/usherd.service >"$room/usherd.service"
  if analyse "$room/usherd.service" >/dev/null; then complain 'a unit with a network passes'; fi
}

# The name each socket is passed under stands in the daemon, and its path is the default there.
sockets() {
  local unit name path
  for unit in usherd usherd-admin; do
    name=$(sed -n 's/^FileDescriptorName=//p' "systemd/$unit.socket")
    path=$(sed -nE 's/^Listen[A-Za-z]+=//p' "systemd/$unit.socket")
    grep -q "listening_socket(\"$name\"" daemon/assembly.cpp || complain "usherd knows no socket '$name'"
    grep -q "\"$path\"" daemon/config.hpp || complain "$path is not usherd's default"
  done
}

# What would break the module's trust or the sockets; the reasons are at the top of the unit.
absences() {
  local directive
  for directive in RuntimeDirectory PrivateUsers=yes ProcSubset=pid network-online.target StartLimitBurst; do
    if grep -v '^#' systemd/usherd.service | grep -q "$directive"; then complain "usherd.service has $directive"; fi
  done
  for directive in StartLimitIntervalSec=0 Restart=always Type=notify StateDirectoryMode=0711; do
    grep -qx "$directive" systemd/usherd.service || complain "usherd.service lacks $directive"
  done
}

room=$(mktemp -d)
trap 'rm -rf "$room"' EXIT
exposure
sockets
absences
((failures == 0)) || exit 1
printf 'systemd: the units are as they must be\n'
