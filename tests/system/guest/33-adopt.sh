#!/usr/bin/env bash
# A local account becomes Usher's: same uid, home and password, and an app at the next sign-in. The
# undo makes it local again, as it was.
# shellcheck source=tests/system/guest/library.sh
source /opt/usher/library.sh

accounts() { sha256sum /etc/passwd /etc/shadow /etc/group /etc/gshadow; }
useradd --create-home --shell /bin/bash --comment 'Fay of Acme' fay
printf 'fay:%s\n' "$password" | chpasswd
before=$(accounts)
entry=$(getent passwd fay)

usherctl user adopt fay
if grep '^fay:' /etc/passwd /etc/shadow /etc/group /etc/gshadow; then fail 'a line is left'; fi
[[ $(getent passwd fay) == "$entry" ]] || fail "$(getent passwd fay) is not $entry"
[[ $(id -Gn fay) == fay ]] || fail "groups: $(id -Gn fay)"
[[ $(stat -c %U:%G /home/fay) == fay:fay ]] || fail "$(stat -c %U:%G /home/fay)"
ssh_to adopted fay <<LINES
app fay
see Password:
type $password
read-key
see Code shown by the app:
code -30
see inside as fay
end 0
LINES
ssh_to adopted_again fay <<LINES
app fay
see Password:
type $password
see Code:
code 0
see inside as fay
end 0
LINES

usherctl user adopt fay --undo
[[ $(accounts) == "$before" ]] || fail 'the account files are not as before'
[[ $(getent passwd fay) == "$entry" ]] || fail 'her entry is another'
ssh_to undone fay <<LINES
see Password:
type $password
see inside as fay
end 0
LINES
if usherctl user adopt lin; then fail 'the last local administrator was adopted'; fi
if usherctl user adopt root; then fail 'root was adopted'; fi
