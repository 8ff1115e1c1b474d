#!/bin/sh
# Runs a command beside an SSSD that serves given files of passwd(5) and group(5), in a mount
# namespace of its own: nothing of this machine's /etc, /run or /var is touched. Needs root.
# usage: sssd.sh DIRECTORY COMMAND...      DIRECTORY holds passwd and group
set -eu

if [ "${USHER_BENCH_INSIDE:-}" != yes ]; then
  USHER_BENCH_INSIDE=yes exec unshare --mount --propagation private -- "$0" "$@"
fi
files=$1
shift

mount -t tmpfs -o mode=0755 bench /etc/sssd
mount -t tmpfs -o mode=0755 bench /var/lib/sss
mount -t tmpfs -o mode=0755 bench /var/log/sssd
mount -t tmpfs -o mode=0755 bench /run
for name in db mc pipes/private pubconf/krb5.include.d secrets deskprofile gpo_cache keytabs; do
  mkdir -p "/var/lib/sss/$name"
done
cat >/etc/sssd/sssd.conf <<CONF
[sssd]
services = nss
domains = bench
[nss]
filter_users = root
[domain/bench]
id_provider = files
passwd_files = $files/passwd
group_files = $files/group
CONF
chmod 0600 /etc/sssd/sssd.conf

sssd --interactive --logger=stderr >"$files/sssd.log" 2>&1 &
sssd=$!
trap 'kill "$sssd"; wait "$sssd" || true' EXIT
first=$(sed -n '1s/:.*//p' "$files/passwd")
tries=0
until getent -s sss passwd "$first" >"$files/first"; do
  tries=$((tries + 1))
  if [ "$tries" -gt 600 ]; then
    echo "SSSD does not answer" >&2
    exit 1
  fi
  sleep 0.1
done
"$@"
