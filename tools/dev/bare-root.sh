#!/usr/bin/env bash
# Proves the README's commands on a bare Debian 12: a debootstrap root with only git added, a clone
# of HEAD, then ./dev try and ./dev test in it. Needs root and debootstrap; arguments replace the
# commands, e.g. bare-root.sh 'true'. Its mounts live in a namespace of their own, so that nothing
# it mounts or starts outlives it, however it ends.
set -euo pipefail
cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/../.."
source tools/dev/common.sh

# shellcheck source=tools/dev/debian_root.sh
source tools/dev/debian_root.sh

tarball=$debian_cache/bookworm-with-git.tar.gz

make_tarball() {
  local room
  room=$(mktemp -d "${TMPDIR:-/var/tmp}/usher-bootstrap.XXXXXX")
  # shellcheck disable=SC2064  # the name as it is now
  trap "rm -rf --one-file-system '$room'" RETURN
  bootstrap "$room" --include=git
  pack "$room" "$tarball"
}

timed() {
  local root=$1 command=$2 started=$SECONDS status=0
  say "bare-root: $command"
  inside "$root" sh -c "cd /root/usher && $command" || status=$?
  results+=("$(printf '%5d s  exit %d  %s' $((SECONDS - started)) "$status" "$command")")
  return "$status"
}

# shellcheck disable=SC2317  # called by the trap
clean_up() {
  unmount_below "$root"
  rm -rf --one-file-system "$room"
}

((EUID == 0)) || die "bare-root needs root: it makes a chroot"
command -v debootstrap >/dev/null || die "bare-root needs debootstrap: apt-get install debootstrap"
if [[ ${USHER_BARE_ROOT:-} != entered ]]; then
  if [[ ! -f $tarball ]]; then make_tarball; fi
  # Processes too: --kill-child ends whatever a command left behind.
  export USHER_BARE_ROOT=entered
  exec unshare --mount --propagation private --pid --fork --kill-child "$0" "$@"
fi

# A whole system with its set-uid programs: nobody but root gets to it, through the outer directory.
room=$(mktemp -d "${TMPDIR:-/var/tmp}/usher-bare-root.XXXXXX")
root=$room/root
mkdir "$root"
trap clean_up EXIT
trap 'exit 130' INT TERM
unpack "$tarball" "$root"
copy_apt_settings "$root"
mount_kernel_files "$root"

git bundle create "$root/root/usher.bundle" HEAD 2>/dev/null
inside "$root" git -c advice.detachedHead=false clone --quiet /root/usher.bundle /root/usher

results=()
failed=0
if (($# == 0)); then set -- './dev try' './dev try' './dev test'; fi
for command in "$@"; do timed "$root" "$command" || failed=1; done
printf '%s\n' "${results[@]}"
exit "$failed"
