#!/usr/bin/env bash
# A Debian 12 in a directory: made once with debootstrap, kept as a tarball outside the tree, entered
# as a chroot. Sourced, after common.sh; it runs nothing. Whoever mounts below a root unmounts it.

# shellcheck disable=SC2034  # read by those who source this
debian_cache=${XDG_CACHE_HOME:-$HOME/.cache}/usher

# The mirror this machine's own apt uses.
debian_mirror() {
  local mirror
  # shellcheck disable=SC2016  # apt's own variable, not the shell's
  mirror=$(apt-get indextargets --format '$(SITE)' 'Created-By: Packages' 'Origin: Debian' \
    'Codename: bookworm' | head -n 1)
  [[ -n $mirror ]] || die "apt knows no Debian 12 source; run apt-get update first"
  printf '%s\n' "$mirror"
}

# bootstrap ROOT [DEBOOTSTRAP ARGUMENTS...]: the smallest system.
bootstrap() {
  local root=$1 mirror
  shift
  mirror=$(debian_mirror)
  mkdir -p "$debian_cache"
  timeout 900 debootstrap --variant=minbase "$@" bookworm "$root" "$mirror" \
    >"$debian_cache/debootstrap.log" || die "debootstrap failed: $debian_cache/debootstrap.log"
}

# pack ROOT TARBALL: whole or not at all.
pack() {
  local root=$1 tarball=$2
  rm -rf "$root"/var/cache/apt/archives/*.deb
  tar -C "$root" --one-file-system --numeric-owner -cf - . | gzip -1 >"$tarball.part"
  mv "$tarball.part" "$tarball"
}

unpack() {
  local tarball=$1 root=$2
  tar -C "$root" --numeric-owner -xzf "$tarball"
  # The one that was packed may have been 0700: apt's own user, and whoever checks the way to a
  # socket, must get through.
  chmod 0755 "$root"
}

# Sources, their signing keys, and how apt reaches them: as on this machine.
copy_apt_settings() {
  local root=$1 file
  rm -f "$root"/etc/apt/sources.list
  for file in /etc/apt/sources.list /etc/apt/sources.list.d/*.{list,sources} \
    /etc/apt/{trusted.gpg.d,keyrings}/* /usr/share/keyrings/*; do
    if [[ -f $file ]]; then install -D -m 0644 "$file" "$root$file"; fi
  done
  for file in /etc/apt/auth.conf /etc/apt/auth.conf.d/*; do # passwords: root's, and apt's own user's
    if [[ -f $file ]]; then install -D -m 0600 "$file" "$root$file"; fi
  done
  for file in /etc/apt/apt.conf /etc/apt/apt.conf.d/*; do
    if [[ -f $file ]] && grep -q '^ *Acquire' "$file"; then cp "$file" "$root$file"; fi
  done
  for file in /etc/resolv.conf /etc/hosts; do cp --dereference "$file" "$root$file"; done
}

mount_kernel_files() {
  local root=$1
  mount -t proc proc "$root/proc"
  mount --rbind --make-rprivate /dev "$root/dev"
}

# Everything under the root but the root itself, deepest first.
unmount_below() {
  local root=$1
  awk -v root="$root/" 'index($5, root) == 1 { print $5 }' /proc/self/mountinfo | sort -r |
    while IFS= read -r place; do umount --lazy "$place"; done
}

inside() { # ROOT COMMAND...: no environment of ours but what a login would have
  local root=$1
  shift
  chroot "$root" /usr/bin/env -i HOME=/root PATH=/usr/sbin:/usr/bin:/sbin:/bin TERM=dumb LANG=C.UTF-8 \
    "$@" </dev/null
}
