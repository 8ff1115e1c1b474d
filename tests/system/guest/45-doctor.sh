#!/usr/bin/env bash
# doctor on this host as it is, on stacks broken in three ways, and without usherd; enable refuses a
# profile that throws refusals away.
# shellcheck source=tests/system/guest/library.sh
source /opt/usher/library.sh

# doctor_says STATUS TEXT
doctor_says() {
  local status=0
  usherctl doctor >"$place/doctor" 2>&1 || status=$?
  ((status == $1)) || { cat "$place/doctor"; fail "doctor ended with $status, not $1"; }
  grep -qF -- "$2" "$place/doctor" || { cat "$place/doctor"; fail "doctor does not say: $2"; }
}

before=$(files_of_the_host)
doctor_says 0 'local accounts do not depend on Usher'
if grep -q '^error' "$place/doctor"; then cat "$place/doctor"; fail 'an error on a healthy host'; fi

# broken SED-SCRIPT TEXT: common-auth changed so, and what doctor says of the line.
broken() {
  local line
  cp -p /etc/pam.d/common-auth "$place/common-auth"
  sed -i -E "$1" /etc/pam.d/common-auth
  line=$(grep -n pam_usher.so /etc/pam.d/common-auth | head -n 1)
  doctor_says 1 "/etc/pam.d/common-auth:${line%%:*}: auth: $2"
  cp -p "$place/common-auth" /etc/pam.d/common-auth
}
broken '/pam_usher/s/user_unknown=ignore default=die/default=ignore/' "a refusal of Usher's"
broken '/pam_usher/s/user_unknown=ignore //' 'root and local accounts depend on Usher here'
broken '/pam_usher/s/pam_usher.so.*/pam_usher.so use_first_pass/' 'pam_usher.so does not know the option use_first_pass'

printf 'Match User nightly\n  KbdInteractiveAuthentication no\n' >/etc/ssh/sshd_config.d/90-nightly.conf
doctor_says 0 '/etc/ssh/sshd_config.d/90-nightly.conf:1: in this Match block'
rm /etc/ssh/sshd_config.d/90-nightly.conf

systemctl stop usherd.socket usherd-admin.socket usherd.service
doctor_says 1 '/run/usher/login.sock'
start_again
until_true 20 answers
doctor_says 0 'local accounts do not depend on Usher'

# As nobody it runs, and says where it could not look.
setpriv --reuid=65534 --regid=65534 --clear-groups usherctl doctor >"$place/doctor" 2>&1 || true
grep -q 'run it as root' "$place/doctor" || { cat "$place/doctor"; fail 'nobody sees everything'; }

[[ $(files_of_the_host) == "$before" ]] || fail 'doctor changed a file'
