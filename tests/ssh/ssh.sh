#!/usr/bin/env bash
# A real sshd on a free port of the loopback, with private keys, names and PAM services; and the
# ways to sign in to it. Sourced by the scenarios beside it.
# shellcheck source=tests/system/usher.sh
source "$(dirname "${BASH_SOURCE[0]}")/../system/usher.sh"

sshd_program=${USHER_SSHD:-/usr/sbin/sshd}

configure_sshd() {
  ((EUID == 0)) || fail "sshd must become the person who signs in: run the tests as root"
  # Compiled into sshd: the empty directory of its unprivileged half.
  mkdir -p /run/sshd
  ssh-keygen -q -t ed25519 -N '' -f "$place/host_key"
  ssh-keygen -q -t ed25519 -N '' -f "$place/ada_key"
  cp "$place/ada_key.pub" "$place/authorized_keys"
  chmod 0644 "$place/authorized_keys"
  cat >"$place/sshd_config" <<CONFIG
ListenAddress 127.0.0.1
HostKey $place/host_key
PidFile none
UsePAM yes
KbdInteractiveAuthentication yes
PasswordAuthentication yes
AuthorizedKeysFile $place/authorized_keys
StrictModes no
UseDNS no
PrintLastLog no
PrintMotd no
LogLevel VERBOSE
CONFIG
}

sshd_settled() {
  grep -q 'Server listening' "$place/sshd.log" || ! kill -0 "$sshd" 2>/dev/null
}

# Ports are free only until somebody else takes them: another one is tried then.
start_sshd() {
  configure_sshd
  service sshd
  wrap
  local try
  for try in {1..20}; do
    port=$((20000 + RANDOM % 12000))
    : >"$place/sshd.log"
    # setsid makes it the leader of a group that ends with it.
    setsid "${wrapped[@]}" "$sshd_program" -D -f "$place/sshd_config" -p "$port" \
      -E "$place/sshd.log" >/dev/null 2>&1 &
    sshd=$!
    started+=("$sshd")
    until_true 20 sshd_settled
    if kill -0 "$sshd" 2>/dev/null; then return; fi
    grep -q 'Address already in use' "$place/sshd.log" || fail "sshd did not start (try $try)"
  done
  fail "no free port"
}

# The client's options; METHOD as in PreferredAuthentications.
ssh_options() {
  ssh_client=(ssh -F none -p "$port" -o UserKnownHostsFile=/dev/null -o StrictHostKeyChecking=no
    -o LogLevel=INFO -o NumberOfPasswordPrompts=1 -o IdentitiesOnly=yes -o IdentityAgent=none
    -o "IdentityFile=$place/ada_key" -o "PreferredAuthentications=$1")
}

# ssh_talk NAME [USER]: a keyboard-interactive sign-in that follows the lines on stdin. Who is let
# in sees "inside as UID".
ssh_talk() {
  ssh_options keyboard-interactive
  talk "$1" "${ssh_client[@]}" "${2:-ada}@127.0.0.1" "echo inside as \$(id -u)"
}

# The whole first sign-in, as a step of other scenarios. The enrolment takes the code of the step
# before, so that the current one is still good.
first_sign_in() {
  ssh_talk first_sign_in <<LINES
see Password:
type $one_time_code
see New password:
type $password
see New password again:
type $password
see Device name
type
read-key
see Code shown by the app:
code -30
see Press Enter when you have noted them:
type
see inside as $ada_uid
end 0
LINES
}

# sign_in NAME: one that must work; proof that what happened before did no harm.
sign_in() {
  ssh_talk "$1" <<LINES
see Password:
type $password
see Code:
code 0
see inside as $ada_uid
end 0
LINES
}

# A host with Ada set up on it; lines on stdin go into the configuration.
with_ada() {
  configure
  start_usherd
  add_ada
  start_sshd
  first_sign_in
}
