#!/usr/bin/env bash
# Usher is enabled with a stack that lets nobody in, and nobody confirms. The next scenario is played
# after a reboot.
# shellcheck source=tests/system/guest/library.sh
source /opt/usher/library.sh

files_of_the_host >"$place/disabled"
usherctl enable --dry-run
diff "$place/disabled" <(files_of_the_host) || fail '--dry-run changed a file'

cp /usr/share/pam-configs/usher "$place/usher.profile"
sed -i 's/^Auth:$/&\n\trequisite\tpam_deny.so/' /usr/share/pam-configs/usher
if usherctl enable --yes; then fail 'a stack that lets nobody in was enabled'; fi
diff "$place/disabled" <(files_of_the_host) || fail 'what was refused changed a file'
usherctl enable --yes --force=local-locked-out
cp "$place/usher.profile" /usr/share/pam-configs/usher
grep -q pam_usher /etc/pam.d/common-account || fail 'it is not enabled'
usherctl status | grep -q '^rollback .*armed, puts all back at ' || fail 'status does not say when it is put back'
# The stack denies before anybody asks.
ssh_to enabled-broken lin <<LINES
see denied
end 255
LINES
