#!/usr/bin/env bash
# An upgrade keeps the sockets and the people; so does removing and installing again. Removing takes
# the module out of the stacks before it goes.
# shellcheck source=tests/system/guest/library.sh
source /opt/usher/library.sh

# The same packages under a higher number.
mapfile -t packages < <(debs)
rm -rf "$place/newer"
mkdir -p "$place/newer"
for package in "${packages[@]}"; do
  dpkg-deb -R "$package" "$place/tree"
  sed -i -E 's/^Version: .*/&+next/' "$place/tree/DEBIAN/control"
  dpkg-deb --root-owner-group -b "$place/tree" "$place/newer/$(basename "$package")" >/dev/null
  rm -r "$place/tree"
done
before=$(usherd_pid)
if systemctl is-enabled --quiet usher-courier.service; then fail 'the package enabled the courier'; fi
systemctl enable --quiet --now usher-courier.service
courier_pid() { systemctl show --property MainPID --value usher-courier.service; }
courier_before=$(courier_pid)
sockets=$(stat -c %i /run/usher/login.sock /run/usher/admin.sock)
apt -o Dpkg::Options::=--force-confold install "$place"/newer/*.deb
answers || fail 'no answer after the upgrade'
[[ $(usherd_pid) != "$before" ]] || fail 'the old usherd still runs'
[[ $(courier_pid) != 0 && $(courier_pid) != "$courier_before" ]] || fail 'the old usher-courier still runs'
[[ $(stat -c %i /run/usher/login.sock /run/usher/admin.sock) == "$sockets" ]] || fail 'a socket was replaced'
grep -q pam_usher /etc/pam.d/common-auth || fail 'the upgrade took the module out of the stack'
usherctl user show ada >/dev/null || fail 'ada is forgotten'

apt remove usherd libpam-usher libnss-usher usherctl
if grep -rl pam_usher /etc/pam.d; then fail 'the module is gone and the stack still names it'; fi
[[ ! -e /run/usher/login.sock ]] || fail 'a socket is left'
if pgrep --exact usher-courier; then fail 'usher-courier still runs, off a file that is gone'; fi
talk removed runuser -u lin -- sudo -k id -un <<LINES
see password for lin:
type $admin_password
see root
end 0
LINES

apt -o Dpkg::Options::=--force-confold --allow-downgrades install "${packages[@]}"
until_true 10 answers
usherctl user show ada >/dev/null || fail 'ada is forgotten after a reinstallation'
if grep -rl pam_usher /etc/pam.d; then fail 'installing again enabled the module'; fi
enable_usher
