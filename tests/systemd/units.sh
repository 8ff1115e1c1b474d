#!/usr/bin/env bash
# The shipped units without a running systemd: what systemd-analyze thinks of usherd's exposure, the
# names usherd looks for its sockets under, and directives that must never come. Prints the figure.
set -euo pipefail
cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/../.."

# Tenths of 10. The helper is root, which alone is 0.4 of its figure; the courier has a network, 0.8.
declare -A limits=([usherd.service]=5 [usher-reaper@.service]=7 [usher-courier.service]=12)
# A directive without which each has a hole.
declare -A walls=([usherd.service]=PrivateNetwork [usher-reaper@.service]=PrivateNetwork
  [usher-courier.service]=CapabilityBoundingSet)
failures=0
complain() {
  printf 'systemd: %s\n' "$*"
  failures=$((failures + 1))
}

# analyse FILE LIMIT: prints the figure; fails above the limit.
analyse() {
  systemd-analyze security --no-pager --offline=true --threshold="$2" "$1" |
    sed -n 's/^.*\(Overall exposure.*[0-9]\) .*$/\1/p'
}

exposure() {
  local unit
  for unit in "${!limits[@]}"; do
    analyse "systemd/$unit" "${limits[$unit]}" ||
      complain "$unit is more exposed than ${limits[$unit]} tenths"
    # The same check finds a unit with a hole, or it would prove nothing.
    sed "/^${walls[$unit]}=/d" "systemd/$unit" >"$room/$unit"
    if analyse "$room/$unit" "${limits[$unit]}" >/dev/null; then complain "$unit with a hole passes"; fi
  done
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

# Where usherd looks for its helper is where the helper's socket is, and nobody but usherd gets in.
helper() {
  local unit=systemd/usher-reaper.socket path line
  path=$(sed -n 's/^ListenStream=//p' "$unit")
  grep -q "\"$path\"" daemon/config.hpp || complain "$path is not usherd's default"
  for line in SocketUser=usher SocketMode=0600 Accept=yes; do
    grep -qx "$line" "$unit" || complain "usher-reaper.socket lacks $line"
  done
  grep -qx 'u usher .*' systemd/usher.sysusers.conf || complain 'there is no user usher to own the socket'
  for line in CapabilityBoundingSet= StandardInput=socket StandardOutput=null; do
    grep -qx "$line" systemd/usher-reaper@.service || complain "usher-reaper@.service lacks $line"
  done
  if grep -v '^#' systemd/usher-reaper@.service | grep -q PrivateUsers; then complain 'the helper is nobody to logind'; fi
}

# Where the courier looks for usherd is where that socket is, nobody else gets in, and it gets nothing
# of usherd's.
courier() {
  local socket=systemd/usherd-courier.socket unit=systemd/usher-courier.service path line
  path=$(sed -n 's/^ListenStream=//p' "$socket")
  grep -q "kSocket = \"$path\"" courier/main.cpp || complain "usher-courier does not connect to $path"
  for line in SocketUser=usher-courier SocketMode=0600 Service=usherd.service; do
    grep -qx "$line" "$socket" || complain "usherd-courier.socket lacks $line"
  done
  grep -qx 'u usher-courier .*' systemd/usher.sysusers.conf || complain 'there is no user usher-courier'
  for line in User=usher-courier LoadCredential=usher-smtp-password LoadCredential=usher-sms-key \
    LoadCredential=usher-sms-application LoadCredential=usher-sms-consumer LimitCORE=0 SocketBindDeny=any \
    'RestrictAddressFamilies=AF_UNIX AF_INET AF_INET6'; do
    grep -qx "$line" "$unit" || complain "usher-courier.service lacks $line"
  done
  for line in StateDirectory RuntimeDirectory ReadWritePaths PrivateNetwork; do
    if grep -q "^$line" "$unit"; then complain "usher-courier.service has $line"; fi
  done
  # Every credential that is read is loaded, and none besides.
  [[ $(sed -nE 's/^inline constexpr const char\* k[A-Za-z]+File = "(.*)";$/LoadCredential=\1/p' courier/credential.hpp | sort) == \
    $(grep '^LoadCredential=' "$unit" | sort) ]] || complain 'other credentials are read than loaded'
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
helper
courier
absences
((failures == 0)) || exit 1
printf 'systemd: the units are as they must be\n'
