#!/usr/bin/env bash
# Plays Ada's real sign-in through the built module: a daemon, a store and a PAM service of its own in
# a private directory. Edits nothing in /etc, leaves nothing running and nothing behind.
# On a terminal each prompt may be answered by hand; Enter takes the answer in brackets. With --keep
# usherd runs on afterwards, until Enter.
set -euo pipefail
source tools/dev/common.sh

tree=${USHER_SHIPPED:-$PWD/build/release} # a test may name another build
place=$(mktemp -d)
daemon=

clean_up() {
  if [[ -n $daemon ]]; then
    kill "$daemon" 2>/dev/null || true
    wait "$daemon" 2>/dev/null || true
  fi
  rm -rf "$place"
}
trap clean_up EXIT

settle() {
  mkdir "$place/state" "$place/pam.d"
  cat >"$place/usher.toml" <<TOML
[store]
directory = "$place/state"
[sockets]
login = "$place/login.sock"
admin = "$place/admin.sock"
[texts]
organisation = "Acme"
TOML
  local module
  module="$tree/pam_module/pam_usher.so socket=$place/login.sock server_uid=$(id -u)"
  printf 'auth    required %s\naccount required %s\n' "$module" "$module" >"$place/pam.d/usher-test"
}

start_daemon() {
  "$tree/daemon/usherd" --config "$place/usher.toml" 2>"$place/log" &
  daemon=$!
  for _ in {1..100}; do
    [[ -S $place/admin.sock ]] && return
    kill -0 "$daemon" 2>/dev/null || break
    sleep 0.05
  done
  cat "$place/log" >&2
  die "usherd did not start"
}

title() { printf '\n--- %s\n' "$*"; }

sign_in() {
  local options=(--confdir "$place/pam.d" --user ada --key-file "$place/app")
  if [[ -t 0 && -t 1 ]]; then options+=(--interactive); fi
  "$tree/tools/try/usher_play" "${options[@]}" -- "$@"
}

expect_refusal() { if "$@"; then die "this should have been refused"; fi; }

play() {
  local password='violet tandem harbour'
  title 'An administrator adds Ada'
  printf '# usherctl user add ada\n'
  "$tree/ctl/usherctl" --socket "$place/admin.sock" user add ada --display-name 'Ada Lovelace' |
    tee "$place/added"
  local code
  code=$(grep -oE '[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}' "$place/added" | head -n 1)

  title 'Ada signs in for the first time (what she types is shown here, hidden or not)'
  sign_in "$code" acme "$password" "$password" "Ada's phone" @app-earlier ''
  title 'Ada signs in again, with her password and the code her app shows now'
  sign_in "$password" @app
  title 'Somebody who watched her tries the same code'
  expect_refusal sign_in "$password" @app-last ''
}

# Everything above is there to be looked at, until Enter.
leave_open() {
  title 'usherd runs on; with Enter it is stopped. In another terminal:'
  printf '%s --socket %s audit\n' "$tree/ctl/usherctl" "$place/admin.sock"
  printf '%s --confdir %s --user ada --key-file %s --interactive --\n' \
    "$tree/tools/try/usher_play" "$place/pam.d" "$place/app"
  read -r || true
}

keep=no
if [[ ${1:-} == --keep ]]; then keep=yes; fi
settle
start_daemon
play
if [[ $keep == yes ]]; then leave_open; fi
title 'usherd is stopped, everything it kept is removed'
