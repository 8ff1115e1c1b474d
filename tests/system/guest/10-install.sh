#!/usr/bin/env bash
# Installing changes no way to sign in: apt brings the units up, and PAM and sshd stay as they were.
# shellcheck source=tests/system/guest/library.sh
source /opt/usher/library.sh

files_of_the_host >"$place/before"
mapfile -t packages < <(debs)
apt install "${packages[@]}"

files_of_the_host >"$place/installed"
diff <(grep -v nsswitch "$place/before") <(grep -v nsswitch "$place/installed") || fail 'installing changed a file'
if grep -rl pam_usher /etc/pam.d; then fail 'installing enabled the module'; fi
for line in passwd group; do
  grep -Eq "^$line: +files usher( |\$)" /etc/nsswitch.conf || fail "$line: the name service stands not behind files"
done

for unit in usherd.socket usherd-admin.socket usher-reaper.socket usherd.service; do
  systemctl is-active --quiet "$unit" || fail "$unit is not active"
  systemctl is-enabled --quiet "$unit" || fail "$unit does not start with the next boot"
done
systemctl is-active --quiet usherd-courier.socket || fail 'usherd has no socket for usher-courier'
if systemctl is-enabled --quiet usher-courier.service; then fail 'usher-courier is on before mail is configured'; fi
id usher-courier >/dev/null || fail 'there is no user usher-courier'
[[ $(stat -c '%U %a' /run/usher) == 'root 755' ]] || fail '/run/usher'
[[ $(stat -c '%U %a' /run/usher/login.sock) == 'root 666' ]] || fail 'login.sock'
[[ $(stat -c '%U %a' /run/usher/admin.sock) == 'root 666' ]] || fail 'admin.sock'
[[ $(stat -c '%U %a' /run/usher/reaper.sock) == 'usher 600' ]] || fail 'reaper.sock'
[[ $(stat -c '%U %a' /var/lib/usher) == 'usher 711' ]] || fail '/var/lib/usher'
[[ $(stat -c '%U %a' /var/lib/usher/usher.db) == 'usher 600' ]] || fail 'usher.db'
answers || fail 'usherctl gets no answer'
