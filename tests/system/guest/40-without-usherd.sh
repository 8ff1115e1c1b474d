#!/usr/bin/env bash
# usherd stopped, hung, and failing at its start. Each time root and the local admin sign in over SSH
# and at the console and change their passwords; names resolve; Ada is refused at both within the
# module's limit; what root starts for her goes on, and does not for a suspended one.
# shellcheck disable=SC2016  # the shell at the other end expands it
# shellcheck source=tests/system/guest/library.sh
source /opt/usher/library.sh

# Keyboard-interactive alone, everywhere here: sshd's password method asks again by itself.
over_ssh() { # DIALOGUE NAME PASSWORD
  ssh_to "$1" "$2" <<LINES
see assword:
type $3
see inside as $2
end 0
LINES
}

at_the_console() { # DIALOGUE NAME PASSWORD PROMPT
  login_at_console "$1" "$2" <<LINES
see Password:
type $3
see $4
type echo inside as \$(id -un)
see inside as $2
see $4
type exit
end 0
LINES
}

admins_get_in() { # MODE
  over_ssh "$1-ssh-lin" lin "$admin_password"
  over_ssh "$1-ssh-root" root "$root_password"
  at_the_console "$1-login-lin" lin "$admin_password" '$'
  at_the_console "$1-login-root" root "$root_password" '#'
  talk "$1-sudo" runuser -u lin -- sudo -k id -un <<LINES
see password for lin:
type $admin_password
see root
end 0
LINES
  talk "$1-su" su - lin -c 'echo inside as $(id -un)' <<LINES
see inside as lin
end 0
LINES
}

admins_change_passwords() { # MODE
  local next="$admin_password again"
  talk "$1-passwd-wrong" runuser -u lin -- passwd <<LINES
see Current password:
type not the password
see Authentication token manipulation error
see password unchanged
end 10
LINES
  talk "$1-passwd-lin" runuser -u lin -- passwd <<LINES
see Current password:
type $admin_password
see New password:
type $next
see Retype new password:
type $next
see updated successfully
end 0
LINES
  over_ssh "$1-ssh-lin-new" lin "$next"
  talk "$1-passwd-root" passwd <<LINES
see New password:
type $root_password again
see Retype new password:
type $root_password again
see updated successfully
end 0
LINES
  printf 'lin:%s\nroot:%s\n' "$admin_password" "$root_password" | chpasswd
}

names_resolve() { # MODE
  [[ $(id -un "$ada_uid") == ada ]] || fail "$1: id by uid"
  [[ $(id -Gn ada) == ada ]] || fail "$1: id"
  [[ $(getent passwd ada) == "$ada_entry" ]] || fail "$1: getent"
  # shellcheck disable=SC2012  # ls is what is tried
  [[ $(ls -ld /home/ada | awk '{ print $3, $4 }') == 'ada ada' ]] || fail "$1: ls"
}

# With nobody to ask, the module has no question for her.
ada_is_refused() { # MODE LIMIT_MS
  local cursor
  cursor=$(now_in_journal)
  ssh_to "$1-ada" ada <<LINES
see denied
end 255
LINES
  module_took "$2" authenticate ada "$cursor"
  cursor=$(now_in_journal)
  login_at_console "$1-login-ada" ada <<LINES
see Login incorrect
hang-up
LINES
  if grep -q assword "$place/$1-login-ada.log"; then fail "$1: login asked her something"; fi
  module_took "$2" authenticate ada "$cursor"
}

# Jobs of hers that root's programs start. cron starts what stands under @reboot at once, by the same
# way as every other job, where it thinks that the machine just came up.
jobs_go_on() { # MODE LIMIT_MS
  local cursor who program
  rm -f "$jobs"/*
  cursor=$(now_in_journal)
  rm -f /run/crond.reboot
  systemctl restart cron.service
  printf 'touch %s/at\n' "$jobs" | runuser -u ada -- at now 2>/dev/null
  runuser -u ada -- touch "$jobs/runuser"
  su - ada -c "touch $jobs/su"
  systemctl start "user@$ada_uid.service" || fail "$1: her service manager"
  systemctl stop "user@$ada_uid.service"
  for program in cron at runuser su; do
    until_true 15 test -e "$jobs/$program"
    who=$(stat -c %U "$jobs/$program")
    [[ $who == ada ]] || fail "$1: $program ran it as $who"
  done
  module_took "$2" account ada "$cursor"
  if su - cid -c true; then fail "$1: root became somebody suspended"; fi
}

all_goes_on() { # MODE LIMIT_MS
  local started=$SECONDS
  admins_get_in "$1"
  admins_change_passwords "$1"
  names_resolve "$1"
  ada_is_refused "$1" "$2"
  jobs_go_on "$1" "$2"
  printf '%s: all of it took %d s\n' "$1" $((SECONDS - started))
}

ada_uid=$(id -u ada)
ada_entry=$(getent passwd ada)
jobs=/home/ada/jobs
install -d -o ada -g ada "$jobs"
printf '@reboot touch %s/cron\n' "$jobs" | crontab -u ada -
printf '@reboot touch /home/cid/cron\n' | crontab -u cid -

printf 'stopped, and its sockets\n'
systemctl stop usherd.socket usherd-admin.socket usherd.service
all_goes_on stopped 100
start_again

printf 'hung\n'
systemctl kill --signal=STOP --kill-whom=main usherd.service
all_goes_on hung 2500
systemctl kill --signal=CONT --kill-whom=main usherd.service
until_true 60 answers

printf 'failing at its start\n'
mkdir -p /etc/systemd/system/usherd.service.d
printf '[Service]\nExecStart=\nExecStart=/bin/false\n' >/etc/systemd/system/usherd.service.d/broken.conf
systemctl daemon-reload
systemctl restart usherd.service || true
all_goes_on failing 2500
[[ ! -e /home/cid/cron ]] || fail 'a job of somebody suspended ran'
