#!/usr/bin/env bash
# Purged, with the module enabled and people in the store: PAM, nsswitch.conf and sshd's files are
# byte for byte as before the first installation, and no state is left.
# shellcheck source=tests/system/guest/library.sh
source /opt/usher/library.sh

rm -f /etc/sudoers.d/bea # made by hand, in 31-console
grep -q pam_usher /etc/pam.d/common-auth || fail 'the module is not enabled: this would prove nothing'
systemctl enable --quiet usher-courier.service
apt purge usherd libpam-usher libnss-usher usherctl
files_of_the_host >"$place/purged"
diff "$place/before" "$place/purged" || fail 'a file is not as it was'
for left in /var/lib/usher /var/lib/usher-enable /etc/usher /run/usher /usr/share/pam-configs/usher; do
  [[ ! -e $left ]] || fail "$left is left"
done
if find /etc/systemd -name '*usher*' | grep .; then fail 'a link to a unit is left'; fi
if systemctl list-unit-files --no-legend 'usher*' | grep .; then fail 'a unit is left'; fi
