#!/usr/bin/env bash
# Proves the README's commands on a bare Debian 12: a debootstrap root with only git added, a clone
# of HEAD, then ./dev try and ./dev test in it. Needs root and debootstrap; arguments replace the
# commands, e.g. bare-root.sh 'true'. Its mounts live in a namespace of their own, so that nothing
# it mounts or starts outlives it, however it ends.
set -euo pipefail
cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/../.."
source tools/dev/common.sh

cache=${XDG_CACHE_HOME:-$HOME/.cache}/usher
tarball=$cache/bookworm-with-git.tar.gz

# The base system, from the mirror this machine's own apt uses.
make_tarball() {
  local mirror room
  # shellcheck disable=SC2016  # apt's own variable, not the shell's
  mirror=$(apt-get indextargets --format '$(SITE)' 'Created-By: Packages' 'Origin: Debian' \
    'Codename: bookworm' | head -n 1)
  [[ -n $mirror ]] || die "apt knows no Debian 12 source; run apt-get update first"
  room=$(mktemp -d "${TMPDIR:-/var/tmp}/usher-bootstrap.XXXXXX")
  # shellcheck disable=SC2064  # the name as it is now
  trap "rm -rf --one-file-system '$room'" RETURN
  debootstrap --variant=minbase --include=git bookworm "$room" "$mirror" >"$cache/debootstrap.log" ||
    die "debootstrap failed: $cache/debootstrap.log"
  rm -rf "$room"/var/cache/apt/archives/*.deb
  tar -C "$room" --one-file-system --numeric-owner -cf - . | gzip -1 >"$tarball.part"
  mv "$tarball.part" "$tarball"
}

# Sources, their signing keys, and how apt reaches them: as on this machine.
copy_apt_settings() {
  local root=$1 file
  rm -f "$root"/etc/apt/sources.list
  for file in /etc/apt/sources.list /etc/apt/sources.list.d/*.{list,sources} \
    /etc/apt/{trusted.gpg.d,keyrings,auth.conf.d}/* /usr/share/keyrings/*; do
    if [[ -f $file ]]; then install -D -m 0644 "$file" "$root$file"; fi
  done
  for file in /etc/apt/apt.conf /etc/apt/apt.conf.d/*; do
    if [[ -f $file ]] && grep -q '^ *Acquire' "$file"; then cp "$file" "$root$file"; fi
  done
  for file in /etc/resolv.conf /etc/hosts; do cp --dereference "$file" "$root$file"; done
}

inside() { # ROOT COMMAND...: no environment of ours but what a login would have
  local root=$1
  shift
  chroot "$root" /usr/bin/env -i HOME=/root PATH=/usr/sbin:/usr/bin:/sbin:/bin TERM=dumb LANG=C.UTF-8 \
    "$@" </dev/null
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
  # Everything under the root but the root itself, deepest first; then the files of one device only.
  awk -v root="$root/" 'index($5, root) == 1 { print $5 }' /proc/self/mountinfo | sort -r |
    while IFS= read -r place; do umount --lazy "$place"; done
  rm -rf --one-file-system "$root"
}

((EUID == 0)) || die "bare-root needs root: it makes a chroot"
command -v debootstrap >/dev/null || die "bare-root needs debootstrap: apt-get install debootstrap"
if [[ ${USHER_BARE_ROOT:-} != entered ]]; then
  mkdir -p "$cache"
  if [[ ! -f $tarball ]]; then make_tarball; fi
  # Processes too: --kill-child ends whatever a command left behind.
  export USHER_BARE_ROOT=entered
  exec unshare --mount --propagation private --pid --fork --kill-child "$0" "$@"
fi

root=$(mktemp -d "${TMPDIR:-/var/tmp}/usher-bare-root.XXXXXX")
trap clean_up EXIT
trap 'exit 130' INT TERM
tar -C "$root" --numeric-owner -xzf "$tarball"
# mktemp made it 0700: apt's own user, and whoever checks the way to a socket, must get through.
chmod 0755 "$root"
copy_apt_settings "$root"
mount -t proc proc "$root/proc"
mount --rbind --make-rprivate /dev "$root/dev"

git bundle create "$root/root/usher.bundle" HEAD 2>/dev/null
inside "$root" git -c advice.detachedHead=false clone --quiet /root/usher.bundle /root/usher

results=()
failed=0
if (($# == 0)); then set -- './dev try' './dev try' './dev test'; fi
for command in "$@"; do timed "$root" "$command" || failed=1; done
printf '%s\n' "${results[@]}"
exit "$failed"
