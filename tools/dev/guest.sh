#!/usr/bin/env bash
# A Debian guest that boots: made once, unpacked for each run, started with systemd-nspawn, entered,
# ended. Sourced by system.sh, after debian_root.sh. It has its own loopback and no other network.
# shellcheck disable=SC2154  # console and debian_cache are theirs

# A guest is mounts, processes, a host name, a loopback and a branch of cgroups of its own. Where the
# machine refuses them (a container without the right, for instance) no test of a booted host runs.
may_boot_guests() {
  local refused
  refused=$(unshare --mount --uts --ipc --net --pid --cgroup --fork mount -t tmpfs tmpfs /mnt 2>&1) ||
    die "this machine may not boot a guest: ${refused:-no namespaces}; give it CAP_SYS_ADMIN and namespaces"
  [[ $(stat -f -c %T /sys/fs/cgroup 2>/dev/null) =~ ^(cgroup2fs|tmpfs)$ ]] ||
    die "this machine may not boot a guest: /sys/fs/cgroup is not mounted"
}

guest_packages() { awk '$1 == "guest" { print $2 }' tools/dev/packages.txt | sort; }

# The list is part of the name: another list is another guest.
guest_tarball() {
  printf '%s/guest-%s.tar.gz\n' "$debian_cache" "$(guest_packages | sha256sum | cut -c 1-12)"
}

# debootstrap, then apt in a chroot, where no service may start.
make_guest() {
  local root=$1 packages
  say "system: making the guest, once"
  bootstrap "$root"
  chmod 0755 "$root" # as unpack does: apt has a user of its own
  copy_apt_settings "$root"
  mount_kernel_files "$root"
  printf '#!/bin/sh\nexit 101\n' >"$root/usr/sbin/policy-rc.d"
  chmod 0755 "$root/usr/sbin/policy-rc.d"
  mapfile -t packages < <(guest_packages)
  timeout 900 chroot "$root" apt-get -qq update >&2
  inside "$root" env DEBIAN_FRONTEND=noninteractive timeout 900 apt-get -qq -y --no-install-recommends -o Dpkg::Use-Pty=0 \
    install "${packages[@]}" >"$debian_cache/guest.log" 2>&1 ||
    die "the guest's packages did not install: $debian_cache/guest.log"
  rm "$root/usr/sbin/policy-rc.d"
  # Nothing of this machine's network: the guest has none.
  rm -rf "$root"/etc/resolv.conf "$root"/etc/apt/apt.conf "$root"/etc/apt/auth.conf "$root"/etc/apt/auth.conf.d/*
  printf '127.0.0.1 localhost usher-guest\n' >"$root/etc/hosts"
  printf 'usher-guest\n' >"$root/etc/hostname"
  unmount_below "$root"
  pack "$root" "$(guest_tarball)"
}

# Its console goes to a file; --kill-child of system.sh and --pdeathsig end it with us.
start_guest() {
  local root=$1
  setsid setpriv --pdeathsig KILL systemd-nspawn --quiet -D "$root" --boot --private-network \
    --register=no --keep-unit --machine=usher-guest --link-journal=no </dev/null >"$console" 2>&1 &
  nspawn=$!
  await_boot
}

# The guest's PID 1; it is another one after a reboot.
leader() { pgrep -P "$nspawn" | head -n 1; }

in_guest() {
  local pid
  pid=$(leader)
  [[ -n $pid ]] || return 1
  nsenter -t "$pid" -a env -i HOME=/root PATH=/usr/sbin:/usr/bin:/sbin:/bin TERM=dumb LANG=C.UTF-8 "$@"
}

# Until all units of the boot are done, failed ones too: those are a scenario's business.
await_boot() {
  local deadline=$((SECONDS + 90)) state
  while ((SECONDS < deadline)); do
    state=$(in_guest timeout 10 systemctl is-system-running 2>/dev/null) || true
    case $state in running | degraded) return 0 ;; esac
    kill -0 "$nspawn" 2>/dev/null || no_guest "the guest ended while it booted"
    sleep 0.2
  done
  no_guest "the guest did not boot in 90 s (${state:-no answer})"
}

no_guest() {
  tail -n 20 "$console" >&2
  die "$1: $console"
}

# With --keep-unit systemd-nspawn leaves it to its caller to start the guest again.
reboot_guest() {
  local root=$1
  in_guest timeout 10 systemctl reboot || true
  timeout 60 tail --pid="$nspawn" -f /dev/null || die "the guest did not go down"
  start_guest "$root"
}

# A polite end, then a rude one.
end_guest() {
  [[ -n ${nspawn:-} ]] || return 0
  in_guest timeout 10 systemctl poweroff >/dev/null 2>&1 || true
  timeout 30 tail --pid="$nspawn" -f /dev/null || kill -KILL "$nspawn" 2>/dev/null || true
  wait "$nspawn" 2>/dev/null || true
  nspawn=
}
