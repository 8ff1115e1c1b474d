#!/usr/bin/env bash
# The old stack is back after the reboot, byte for byte, and the local admin signs in; then Usher is
# enabled for good.
# Boots first: nobody confirmed before.
# shellcheck source=tests/system/guest/library.sh
source /opt/usher/library.sh

diff "$place/disabled" <(files_of_the_host) || fail 'a file is not as before'
# Debian's own sshd offers the password method alone.
methods=password ssh_to rolled-back lin <<LINES
see assword:
type $admin_password
see inside as lin
end 0
LINES
if usherctl confirm; then fail 'there was something to confirm'; fi
usherctl status | grep -q '^in PAM  *no$' || fail 'status does not say that PAM is as before'

enable_usher
[[ $(usherctl status | tail -n 3) =~ PAM\ +yes.*sshd\ +yes.*rollback\ +not\ armed ]] || fail "$(usherctl status)"
ssh_to enabled lin <<LINES
see assword:
type $admin_password
see inside as lin
end 0
LINES
usherctl disable
diff "$place/disabled" <(files_of_the_host) || fail 'disable left a difference'
