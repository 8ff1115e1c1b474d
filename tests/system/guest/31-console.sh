#!/usr/bin/env bash
# The other doors: a first sign-in at login on a real terminal, su by another uid, sudo, passwd, and
# a suspended person who is refused at each.
# shellcheck disable=SC2016  # the shell at the other end expands it
# shellcheck source=tests/system/guest/library.sh
source /opt/usher/library.sh

add_person bea
login_at_console login bea <<LINES
app bea
see Password:
type $(cat "$place/bea.code")
see New password:
type $password
see New password again:
type $password
see Device name
type
read-key
see Code shown by the app:
code -30
see Press Enter when you have noted them:
type
see \$
type echo inside as \$(id -un) at \$(pwd)
see inside as bea at /home/bea
see \$
type exit
end 0
LINES
[[ $(stat -c '%U %a' /home/bea) == 'bea 700' ]] || fail "bea's home: $(stat -c '%U %a' /home/bea)"

# lin asks for bea: su challenges the one it is about.
by_lin() { # DIALOGUE NAME
  talk "$1" setpriv --reuid=lin --regid=lin --init-groups su - "$2" -c 'echo inside as $(id -un)'
}
by_lin su bea <<LINES
app bea
see Password:
type $password
see Code:
code 0
see inside as bea
end 0
LINES

# sudo challenges who calls it.
printf 'bea ALL=(ALL) ALL\n' >/etc/sudoers.d/bea
talk sudo runuser -u bea -- sudo id -un <<LINES
app bea
see password for bea:
type $password
see Code:
code 30
see root
end 0
LINES

new_password='amber canoe seventeen'
talk passwd runuser -u bea -- passwd <<LINES
see assword:
type $password
see New password:
type $new_password
see New password again:
type $new_password
see updated successfully
end 0
LINES
talk passwd_wrong runuser -u bea -- passwd <<LINES
see assword:
type not the password
see password unchanged
end 10
LINES
# Root's way for Usher's people is a reset.
talk passwd_by_root passwd bea <<LINES
see usherctl user reset
see password unchanged
end 10
LINES

# Suspended: named only to who has proven everything, and as the last thing that is decided.
enrolled cid
usherctl user suspend cid --reason 'left the company'
ssh_to suspended cid <<LINES
app cid
see Password:
type $password
see Code:
code 0
see Your account is suspended.
see denied
end 255
LINES
ssh_to suspended_wrong cid <<LINES
see Password:
type not the password
see denied
end 255
LINES
if grep -q suspended "$place/suspended_wrong.log"; then fail 'told before it was proven'; fi
login_at_console suspended_login cid <<LINES
app cid
see Password:
type $password
see Code:
code 30
see Your account is suspended.
see Login incorrect
hang-up
LINES
talk suspended_root su - cid -c 'echo inside' <<LINES
see Your account is suspended.
end 1
LINES
if grep -q '^inside' "$place/suspended_root.log"; then fail 'root became somebody suspended'; fi

# Nor does she become root, or anybody else her: of one app each code works once, so this is another.
enrolled joy
printf 'joy ALL=(ALL) ALL\n' >/etc/sudoers.d/joy
usherctl user suspend joy --reason 'on leave'
talk suspended_sudo runuser -u joy -- sudo id -un <<LINES
app joy
see password for joy:
type $password
see Code:
code 0
see try again
hang-up
LINES
rm /etc/sudoers.d/joy
# sudo lets PAM say nothing (its pam_silent): the record has the reason.
usherctl audit --user joy --limit 3 | grep -q 'suspended .*sudo' || fail 'sudo refused her, but for another reason'
by_lin suspended_su joy <<LINES
app joy
see Password:
type $password
see Code:
code 30
see Your account is suspended.
end 1
LINES
if grep -q '^root\|^inside' "$place"/suspended_{sudo,su}.log; then fail 'somebody suspended got in'; fi
