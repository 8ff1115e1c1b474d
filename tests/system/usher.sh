#!/usr/bin/env bash
# What the system tests share: a private directory with a daemon, a test clock and a person in it.
# Sourced. Whatever was started is ended at exit, by its process id; nothing outside the private
# directory changes. There is no fixed wait: until_true looks again until a deadline.
# shellcheck disable=SC2034  # what is set here is read by the scenarios
set -euo pipefail

: "${USHER_SHIPPED:?the build tree of what ships}"
system=$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")
place=$(mktemp -d "${TMPDIR:-/tmp}/usher-test.XXXXXX")
chmod 0711 "$place" # the person's shell must reach its home
password='violet tandem harbour'
started=()

# shellcheck disable=SC2317  # called by the trap
end_everything() {
  local status=$? pid
  for pid in "${started[@]}"; do
    # A stopped process takes no SIGTERM until it goes on.
    kill -CONT "$pid" 2>/dev/null || true
    kill -- "-$pid" 2>/dev/null || kill "$pid" 2>/dev/null || true
  done
  for pid in "${started[@]}"; do wait "$pid" 2>/dev/null || true; done
  remove_wrappers
  if ((status == 0)); then rm -rf "$place"; else show_logs; fi
}
trap end_everything EXIT

# shellcheck disable=SC2317  # called by the trap
show_logs() {
  local log
  for log in "$place"/*.log; do
    [[ -s $log ]] && printf '\n--- %s\n' "${log##*/}" && tail -n 60 "$log"
  done
  printf '\nkept: %s\n' "$place"
}

fail() {
  printf 'FAILED: %s\n' "$*" >&2
  exit 1
}

# until_true SECONDS COMMAND...: as soon as the command succeeds; fails at the deadline.
until_true() {
  local deadline=$((SECONDS + $1))
  shift
  until "$@"; do
    ((SECONDS < deadline)) || fail "not true in time: $*"
    sleep 0.02
  done
}

# --- The clock: a file of whole seconds, replaced by rename so that no reader meets half a number.

set_clock() {
  printf '%s\n' "$1" >"$place/clock.new"
  mv "$place/clock.new" "$place/clock"
}
clock() { cat "$place/clock"; }
advance() { set_clock "$(($(clock) + $1))"; }

# The person's app, an independent program: the code it shows SECONDS from the test clock's now.
app_code() {
  oathtool --totp --base32 --now "@$(($(clock) + ${1:-0}))" "$(cat "$place/app")"
}

# --- The daemon

# Lines on stdin are added to the configuration.
configure() {
  mkdir -p "$place/state"
  {
    printf '[store]\ndirectory = "%s/state"\n' "$place"
    printf '[sockets]\nlogin = "%s/login.sock"\nadmin = "%s/admin.sock"\n' "$place" "$place"
    printf '[texts]\norganisation = "Acme"\nsupport = "the help desk"\n'
    cat
  } >"$place/usher.toml"
}

accepts_calls() {
  kill -0 "$usherd" 2>/dev/null || fail "usherd ended"
  grep -q '>ready$' "$place/usherd.log"
}

start_usherd() {
  [[ -f $place/usher.toml ]] || configure </dev/null
  [[ -f $place/clock ]] || set_clock 1800000000
  : >"$place/usherd.log"
  USHER_TEST_CLOCK=$place/clock "$USHER_SHIPPED/tests/programs/usherd_for_tests" \
    --config "$place/usher.toml" 2>>"$place/usherd.log" &
  usherd=$!
  started+=("$usherd")
  until_true 20 accepts_calls
}

stop_usherd() {
  kill "$usherd"
  wait "$usherd" || fail "usherd ended with $?"
}

usherctl() { "$USHER_SHIPPED/ctl/usherctl" --socket "$place/admin.sock" "$@"; }

# The newest audit record's reason; the test's proof that a refusal had the cause it meant.
last_reason() { usherctl audit --limit 1 --json | sed 's/.*"reason":"\([^"]*\)".*/\1/'; }

expect_reason() {
  local reason
  reason=$(last_reason)
  [[ $reason == "$1" ]] || fail "the newest audit record says $reason, not $1"
}

# --- The person

add_ada() {
  usherctl user add ada --display-name 'Ada Lovelace' >"$place/added"
  one_time_code=$(grep -oE '[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}' "$place/added" | head -n 1)
  ada_uid=$(sed -n 's/^Added ada with uid \([0-9]*\)\.$/\1/p' "$place/added")
  if grep -q '^ada:' /etc/passwd; then fail "ada stands in /etc/passwd: the module leaves her alone"; fi
}

# service NAME: a PAM stack of Usher alone, for auth and account.
service() {
  mkdir -p "$place/pam.d"
  local module="$USHER_SHIPPED/pam_module/pam_usher.so socket=$place/login.sock server_uid=$EUID"
  printf '%s\n' "auth required $module" "account required $module" \
    'session required pam_permit.so' 'password required pam_deny.so' >"$place/pam.d/$1"
  printf '%s required pam_deny.so\n' auth account session password >"$place/pam.d/other"
}

# Private names: the people of this test and who a program must find.
names() {
  mkdir -p "$place/home"
  chown "$ada_uid" "$place/home"
  {
    printf 'root:x:0:0:root:/root:/bin/sh\n'
    printf 'sshd:x:74:74::/run/sshd:/usr/sbin/nologin\n'
    printf 'ada:x:%s:%s:Ada:%s/home:/bin/sh\n' "$ada_uid" "$ada_uid" "$place"
  } >"$place/passwd"
  printf 'root:x:0:\nsshd:x:74:\nada:x:%s:\n' "$ada_uid" >"$place/group"
}

# Sets `wrapped`, which put before a command runs it with the private PAM services and names.
wrap() {
  names
  wrapped=(env LD_PRELOAD="libpam_wrapper.so libnss_wrapper.so" PAM_WRAPPER=1
    PAM_WRAPPER_SERVICE_DIR="$place/pam.d" NSS_WRAPPER_PASSWD="$place/passwd"
    NSS_WRAPPER_GROUP="$place/group")
}

# pam_wrapper makes a directory a process, of which there are only a few dozen, and leaves those of
# processes that end as sshd's do. Ours hold a service file that names our directory.
remove_wrappers() {
  local file
  grep -lsF "$place/" /tmp/pam.?/* | while IFS= read -r file; do
    # Not that of a process which still runs.
    kill -0 "$(cat "${file%/*}/pid")" 2>/dev/null || rm -rf "${file%/*}"
  done || true
}

# talk NAME PROGRAM...: a person at a terminal, who follows the lines on stdin (talk.exp). What the
# terminal showed is kept in NAME.log. Fails where the program strays from the lines.
talk() {
  local name=$1
  shift
  cat >"$place/$name.lines"
  LC_ALL=C.UTF-8 expect -f "$system/talk.exp" "$place" "$name" "$@" >/dev/null ||
    fail "$name strayed from its lines (the last line of $name.log says where)"
  remove_wrappers
}

# The first sign-in at the console of this host, for tests of other doors. The enrolment takes the
# code of the step before, so that the current one is still good.
first_sign_in_at_console() {
  service usher-test
  talk first_sign_in "$USHER_SHIPPED/tests/programs/pam_person" "$place/pam.d" usher-test ada tty1 \
    <<LINES
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
see => signed in
end 0
LINES
}
