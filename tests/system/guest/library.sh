#!/usr/bin/env bash
# What the scenarios of the booted guest share. Sourced; runs as root inside the guest, and only
# there. Scenarios are played in the order of their names and stand on what the earlier ones left.
# shellcheck disable=SC2034  # read by the scenarios
set -euo pipefail

[[ $(hostname) == usher-guest ]] || { echo 'these scenarios run in the guest only'; exit 1; }
place=/root/play # what is remembered from one scenario to the next
mkdir -p "$place"
chmod 0711 "$place"
password='violet tandem harbour'
admin_password='quiet lantern seven'
root_password='copper anchor five'

fail() {
  printf 'FAILED: %s\n' "$*" >&2
  exit 1
}

# until_true SECONDS COMMAND...
until_true() {
  local deadline=$((SECONDS + $1))
  shift
  until "$@"; do
    ((SECONDS < deadline)) || fail "not true in time: $*"
    sleep 0.05
  done
}

# A measured value: ./dev system prints it below the scenario's line.
figure() { printf 'figure: %s\n' "$*"; }

# --- Packages

files_of_the_host() { find /etc/pam.d /etc/nsswitch.conf /etc/ssh -type f -exec sha256sum {} + | sort -k 2; }

# The packages of this build, or those named: debs usherd usherctl
debs() {
  local name
  if (($# == 0)); then set -- usherd libpam-usher libnss-usher usherctl; fi
  for name in "$@"; do compgen -G "/opt/usher/${name}_*.deb" || true; done
}

apt() { DEBIAN_FRONTEND=noninteractive apt-get -qq -y --no-install-recommends -o Dpkg::Use-Pty=0 "$@"; }

# Both profiles, with the module's debug line, by which its own time is told.
enable_usher() {
  sed -i -E 's/pam_usher\.so( debug)?$/pam_usher.so debug/' /usr/share/pam-configs/usher{,-password}
  usherctl enable --yes
  usherctl confirm
}

# --- usherd

start_again() {
  systemctl reset-failed usherd.service 2>/dev/null || true
  systemctl start usherd.socket usherd-admin.socket usherd.service
}
answers() { timeout 10 usherctl status >/dev/null 2>&1; }
usherd_pid() { systemctl show --property MainPID --value usherd.service; }

# From the moment systemd started it until it said that it is ready, by systemd's own clock.
start_to_ready_ms() {
  local started ready
  started=$(systemctl show --property ExecMainStartTimestampMonotonic --value usherd.service)
  ready=$(systemctl show --property ActiveEnterTimestampMonotonic --value usherd.service)
  printf '%s\n' "$(((ready - started) / 1000))"
}

# --- People

# add_person NAME [ARGUMENT OF usherctl user add...]: remembers the one-time code. The name resolves
# as soon as usherctl is done.
add_person() {
  local name=$1
  usherctl user add "$@" --display-name "$name of Acme" >"$place/$name.added"
  grep -oE '[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}' "$place/$name.added" | head -n 1 >"$place/$name.code"
  getent passwd "$name" >/dev/null || fail "$name does not resolve"
}

# enrolled NAME [ARGUMENT...]: added, and signed in once, with an app. Each step's code works once,
# and the app's clock may be a step off: "code 0" and then "code 30" are left without waiting.
enrolled() {
  local name=$1
  add_person "$@"
  ssh_to "enrol_$name" "$name" <<LINES
app $name
see Password:
type $(cat "$place/$name.code")
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
see inside as $name
end 0
LINES
}

# --- Dialogues, as talk.exp reads them from stdin: see TEXT, type TEXT, code OFFSET, end STATUS

# talk NAME PROGRAM [ARGUMENT...]
talk() {
  local name=$1
  shift
  cat >"$place/$name.lines"
  timeout 100 expect -f /opt/usher/talk.exp "$place" "$name" "$@" || {
    cat "$place/$name.log"
    fail "the dialogue $name"
  }
}

# login at the machine's first console. The guest has no console of its own: the terminal of the
# dialogue gets its name, for this login alone.
login_at_console() { # DIALOGUE USER
  : >>/dev/tty1
  # shellcheck disable=SC2016  # the shell inside expands it
  talk "$1" unshare --mount bash -c 'mount --bind "$(tty)" /dev/tty1 && exec login "$0" <>/dev/tty1 >&0 2>&0' "$2"
}

# `methods`, `key` and `from`, an address of this host, may say how.
ssh_to() { # NAME USER [COMMAND]
  talk "$1" ssh -F none -o IdentitiesOnly=yes -i "${key:-none}" -o UserKnownHostsFile=/dev/null -o StrictHostKeyChecking=no \
    -o NumberOfPasswordPrompts=1 -o "PreferredAuthentications=${methods:-keyboard-interactive}" ${from:+-b "$from"} \
    "$2@127.0.0.1" "${3:-echo inside as \$(id -un)}"
}

# What the journal says after this.
now_in_journal() { journalctl --sync && journalctl --quiet --lines 0 --show-cursor | sed -n 's/^-- cursor: //p'; }

# module_took LIMIT_MS OPERATION USER CURSOR: the module's own times by its debug lines, all of them.
module_took() {
  local limit=$1 lines worst
  journalctl --sync
  lines=$(journalctl --no-pager --output=cat --after-cursor "$4" |
    sed -nE "s/^pam_usher\\(([^)]*)\\): ($2 for $3: .* after) ([0-9]+) ms .*/\\3 \\1 \\2/p" | sort -rn)
  [[ -n $lines ]] || fail "no line of the module about $2 for $3"
  worst=${lines%%$'\n'*}
  figure "the module, slowest of $(wc -l <<<"$lines"): ${worst#* } ${worst%% *} ms (limit $limit ms)"
  ((${worst%% *} <= limit)) || fail "the module took ${worst%% *} ms, more than $limit"
}
