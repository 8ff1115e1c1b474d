#!/usr/bin/env bash
# Usher is enabled and nobody confirms: the timer itself puts everything back, after two minutes.
# shellcheck source=tests/system/guest/library.sh
source /opt/usher/library.sh

files_of_the_host >"$place/disabled"
usherctl enable --yes
enabled=$SECONDS
grep -q pam_usher /etc/pam.d/common-auth || fail 'it is not enabled'
as_before() { diff -q "$place/disabled" <(files_of_the_host) >/dev/null; }
until_true 110 eval '((SECONDS - enabled >= 100))'
if as_before; then fail 'it was put back too early'; fi
until_true 60 as_before
figure "put back $((SECONDS - enabled)) s after enable"
rollback_is_gone() { ! systemctl cat usher-rollback.timer usher-rollback.service >/dev/null 2>&1; }
until_true 10 rollback_is_gone
if usherctl confirm; then fail 'there was something to confirm'; fi
methods=password ssh_to timer lin <<LINES
see assword:
type $admin_password
see inside as lin
end 0
LINES
