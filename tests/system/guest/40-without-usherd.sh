#!/usr/bin/env bash
# usherd stopped, hung, and failing at its start: each time the local admin signs in over SSH and at
# the console, uses sudo and changes the password, and Ada is refused within the module's limit.
# shellcheck disable=SC2016  # the shell at the other end expands it
# shellcheck source=tests/system/guest/library.sh
source /opt/usher/library.sh

local_admin

admin_gets_in() { # NAME
  ssh_to "$1-ssh" lin <<LINES
see assword:
type $admin_password
see inside as lin
end 0
LINES
  talk "$1-login" login lin <<LINES
see Password:
type $admin_password
see \$
type sudo -k id -un
see password for lin:
type $admin_password
see root
see \$
type exit
end 0
LINES
  talk "$1-root" su - lin -c 'echo inside as $(id -un)' <<LINES
see inside as lin
end 0
LINES
  local next="$admin_password again"
  talk "$1-passwd" runuser -u lin -- passwd <<LINES
see Current password:
type $admin_password
see New password:
type $next
see Retype new password:
type $next
see updated successfully
end 0
LINES
  printf 'lin:%s\n' "$admin_password" | chpasswd
}

ada_is_refused() { # NAME LIMIT_MS
  local since
  since=$(date '+%F %T')
  # With nobody to ask, the module has no question for her.
  ssh_to "$1-ada" ada <<LINES
see denied
end 255
LINES
  module_took "$2" authenticate ada "$since"
  getent passwd ada >/dev/null || fail 'her name does not resolve'
}

printf 'stopped, and its sockets\n'
systemctl stop usherd.socket usherd-admin.socket usherd.service
admin_gets_in stopped
ada_is_refused stopped 100
start_again

printf 'hung\n'
systemctl kill --signal=STOP --kill-whom=main usherd.service
admin_gets_in hung
ada_is_refused hung 2500
systemctl kill --signal=CONT --kill-whom=main usherd.service
until_true 60 answers

printf 'failing at its start\n'
mkdir -p /etc/systemd/system/usherd.service.d
printf '[Service]\nExecStart=\nExecStart=/bin/false\n' >/etc/systemd/system/usherd.service.d/broken.conf
systemctl daemon-reload
systemctl restart usherd.service || true
admin_gets_in failing
ada_is_refused failing 2500
