#!/usr/bin/env bash
# The machine came up although usherd fails at its start, and the local admin signs in.
# Boots first: the unit is broken by the scenario before.
# shellcheck source=tests/system/guest/library.sh
source /opt/usher/library.sh

# systemd tries it again each second, and says so only in between.
fails() { [[ $(systemctl show --property Result --value usherd.service) == exit-code ]]; }
until_true 10 fails
systemctl is-active --quiet multi-user.target || fail 'not in multi-user'
printf 'the boot took %s\n' "$(systemd-analyze time | head -n 1)"
ssh_to boots-ssh lin <<LINES
see assword:
type $admin_password
see inside as lin
end 0
LINES
rm -r /etc/systemd/system/usherd.service.d
systemctl daemon-reload
start_again
until_true 10 answers
