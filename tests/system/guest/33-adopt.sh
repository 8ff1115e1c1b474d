#!/usr/bin/env bash
# Local accounts become Usher's as the README tells: same uid, home and password, and until an app is
# set up, at the console or with a code of the administrator's, no way in from elsewhere. The undo
# makes them local again, as they were.
# shellcheck source=tests/system/guest/library.sh
source /opt/usher/library.sh

accounts() { sha256sum /etc/passwd /etc/shadow /etc/group /etc/gshadow; }
is_usher_s() { # NAME ENTRY
  if grep "^$1:" /etc/passwd /etc/shadow /etc/group /etc/gshadow; then fail "a line of $1 is left"; fi
  [[ $(getent passwd "$1") == "$2" ]] || fail "$(getent passwd "$1") is not $2"
  [[ $(id -Gn "$1") == "$1" ]] || fail "groups: $(id -Gn "$1")"
  [[ $(stat -c %U:%G "/home/$1") == "$1:$1" ]] || fail "$(stat -c %U:%G "/home/$1")"
}
signs_in_with_code() { # DIALOGUE NAME
  ssh_to "$1" "$2" <<LINES
app $2
see Password:
type $password
see Code:
code 0
see inside as $2
end 0
LINES
}

for name in fay hal; do
  useradd --create-home --shell /bin/bash --comment "$name of Acme" "$name"
  printf '%s:%s\n' "$name" "$password" | chpasswd
done
before=$(accounts)
fay=$(getent passwd fay)
hal=$(getent passwd hal)
install -d -o fay -g fay -m 0700 /home/fay/.ssh
install -o fay -g fay -m 0600 "$place/key.pub" /home/fay/.ssh/authorized_keys

# Fay comes to the console.
usherctl user adopt fay
is_usher_s fay "$fay"
ssh_to adopted_too_far fay <<LINES
see Password:
type $password
see second factor
see denied
end 255
LINES
methods=publickey key=$place/key ssh_to adopted_key fay <<LINES
end 255
LINES
if grep -q '^inside' "$place"/adopted_{too_far,key}.log; then fail 'fay got in from elsewhere, without an app'; fi
login_at_console adopted fay <<LINES
app fay
see Password:
type $password
see Device name
type
read-key
see Code shown by the app:
code -30
see Press Enter when you have noted them:
type
see \$
type exit
end 0
LINES
signs_in_with_code adopted_again fay
methods=publickey key=$place/key ssh_to adopted_key_again fay <<LINES
see inside as fay
end 0
LINES

# Hal cannot: a code of the administrator's stands in for his password.
usherctl user adopt hal
is_usher_s hal "$hal"
usherctl user reset hal --reason 'adopted, works from afar' >"$place/hal.reset"
ssh_to adopted_afar hal <<LINES
app hal
see Password:
type $(grep -oE '[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}' "$place/hal.reset" | head -n 1)
see New password:
type $password two
see New password again:
type $password two
see Device name
type
read-key
see Code shown by the app:
code -30
see Press Enter when you have noted them:
type
see inside as hal
end 0
LINES

# While a password stands in Usher's store alone, Usher is not taken away.
if usherctl disable; then fail 'disable locked them out'; fi
for package in libnss-usher libpam-usher usherctl usherd; do
  if apt remove "$package"; then fail "removing $package locked them out"; fi
done
if apt purge usherd libpam-usher libnss-usher usherctl; then fail 'purging locked them out'; fi
grep -q pam_usher /etc/pam.d/common-auth || fail 'PAM does not ask Usher any more'
id fay hal >/dev/null || fail 'a package that was to go took the names along'
usherctl user adopt fay --undo
# Nobody tells usherd: the lines are back all the same.
systemctl stop usherd.socket usherd-admin.socket usherd.service
if usherctl user adopt hal --undo; then fail 'usherd was told, though it does not run'; fi
usherctl disable || fail 'disable counts hal, who is back'
start_again
until_true 10 answers
enable_usher
usherctl user adopt hal --undo
[[ $(accounts) == "$before" ]] || fail 'the account files are not as before'
[[ $(getent passwd fay hal) == "$fay"$'\n'"$hal" ]] || fail 'an entry is another'
for name in fay hal; do
  ssh_to "undone_$name" "$name" <<LINES
see Password:
type $password
see inside as $name
end 0
LINES
done
if usherctl user adopt lin; then fail 'the last local administrator was adopted'; fi
if usherctl user adopt root; then fail 'root was adopted'; fi
