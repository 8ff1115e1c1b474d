#!/usr/bin/env bash
# Boots one Debian guest, installs the packages of out/ in it and plays the scenarios of
# tests/system/guest in the order of their names: ./dev system [SCENARIO...]. One line a scenario,
# and its figures; the journal of a failed run goes to out/. Needs root and a machine that may make
# namespaces: without them it fails, it skips nothing. Its processes and mounts live in namespaces of
# their own and end with it, however it ends.
set -euo pipefail
cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/../.."
source tools/dev/common.sh
# shellcheck source=tools/dev/debian_root.sh
source tools/dev/debian_root.sh
# shellcheck source=tools/dev/guest.sh
source tools/dev/guest.sh

scenarios=tests/system/guest
longest=240 # seconds a scenario may take that says nothing else: "# Takes up to SECONDS s."

# shellcheck disable=SC2317  # called by the trap
clean_up() {
  end_guest
  unmount_below "$root"
}

# What the guest gets: the packages, the scenarios, and the person who types.
furnish() {
  mkdir -p "$root/opt/usher"
  cp "$scenarios"/* tests/system/{talk.exp,read_qr.sh} tests/courier/certificates.sh "$root/opt/usher/"
  basename -s .txt daemon/letters/templates/en/*.txt | LC_ALL=C sort >"$root/opt/usher/letters"
  find out -name '*.deb' -not -name '*-dbgsym_*' -exec cp -t "$root/opt/usher/" {} +
}

warn_of_old_packages() {
  local package newer
  package=$(compgen -G 'out/usherd_*.deb') || return 0
  newer=$(find base protocol published nss_module pam_module daemon ctl config systemd debian man \
    -type f -newer "$package" -print -quit)
  if [[ -n $newer ]]; then say "system: $newer is newer than the packages in out/; ./dev package"; fi
}

# A unit of its own: systemd ends whatever a scenario leaves behind, and at the deadline all of it.
play() {
  local name=$1 started=$SECONDS status=0 limit
  limit=$(sed -n 's/^# Takes up to \([0-9]*\) s\.$/\1/p' "$scenarios/$name.sh")
  limit=${limit:-$longest}
  if grep -q '^# Boots first' "$scenarios/$name.sh"; then reboot_guest "$root"; fi
  in_guest timeout $((limit + 20)) systemd-run --quiet --pipe --wait --collect \
    --unit="scenario-$name" -p RuntimeMaxSec="$limit" -p WorkingDirectory=/opt/usher \
    -p Environment=LANG=C.UTF-8 bash "/opt/usher/$name.sh" </dev/null >"out/system-$name.log" 2>&1 ||
    status=$?
  printf '%-4s %3d s  %s\n' "$( ((status == 0)) && echo ok || echo FAIL)" $((SECONDS - started)) "$name"
  sed -n 's/^figure: /             /p' "out/system-$name.log"
  if ((status == 0)); then return 0; fi
  tail -n 40 "out/system-$name.log"
  return 1
}

((EUID == 0)) || die "system needs root: it boots a guest"
may_boot_guests
if [[ -z ${USHER_SYSTEM_ROOT:-} ]]; then
  run setup.sh system
  warn_of_old_packages
  compgen -G 'out/usherd_*.deb' >/dev/null || run package.sh
  # A whole system with its set-uid programs: nobody but root gets to it, through the outer directory.
  room=$(mktemp -d "${TMPDIR:-/var/tmp}/usher-guest.XXXXXX")
  mkdir "$room/root"
  export USHER_SYSTEM_ROOT=$room/root
  # From here, outside the namespaces: what is inside ends with them, and then nothing is mounted.
  trap 'kill -KILL "${inner:-}" 2>/dev/null || true; wait || true; rm -rf --one-file-system "$room"' EXIT
  trap 'exit 130' INT TERM
  unshare --mount --propagation private --pid --fork --kill-child --mount-proc "$0" "$@" &
  inner=$!
  status=0
  wait "$inner" || status=$?
  exit "$status"
fi

root=$USHER_SYSTEM_ROOT
console=out/system-console.log
trap clean_up EXIT
trap 'exit 130' INT TERM
tarball=$(guest_tarball)
mkdir -p out
if [[ -f $tarball ]]; then unpack "$tarball" "$root"; else make_guest "$root"; fi
furnish
start_guest "$root"
say "system: the guest is up after $SECONDS s"

if (($# == 0)); then mapfile -t names < <(basename -s .sh "$scenarios"/[0-9]*.sh); else names=("$@"); fi
failed=0
for name in "${names[@]}"; do play "$name" || failed=1; done
printf '%d s in all, %d scenarios\n' "$SECONDS" ${#names[@]}
if ((failed)); then
  in_guest timeout 30 journalctl --no-pager -b >out/system-journal.log || true
  say "system: the journal is in out/system-journal.log"
fi
exit "$failed"
