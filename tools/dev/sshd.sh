#!/usr/bin/env bash
# Prints the path of an sshd for the tests. Where openssh-server is not installed, its package is
# unpacked under build/sshd: installing it would start a listening daemon on a user's machine, and
# enable it for every boot. Nothing outside build/ changes.
set -euo pipefail
source tools/dev/common.sh

unpacked=build/sshd/usr/sbin/sshd

unpack() {
  local room status=0
  room=$(mktemp -d)
  (
    cd "$room"
    apt-get download -qq -o APT::Sandbox::User=root openssh-server >&2
  ) && mkdir -p build/sshd && dpkg-deb -x "$room"/openssh-server_*.deb build/sshd || status=$?
  rm -rf "$room"
  return "$status"
}

if [[ -x /usr/sbin/sshd ]]; then
  printf '/usr/sbin/sshd\n'
  exit
fi
if [[ ! -x $unpacked ]]; then
  unpack || die "could not fetch openssh-server; run apt-get update once and try again"
fi
# A library that is missing shows here, not in the middle of a test.
if ldd "$unpacked" | grep 'not found' >&2; then die "the unpacked sshd misses libraries"; fi
printf '%s\n' "$PWD/$unpacked"
