#!/usr/bin/env bash
# Ada's first sign-in over a real sshd: the one-time code, a new password, her app, her home; then
# her second sign-in, a spent code and a wrong password.
# shellcheck disable=SC2016  # the shell at the other end expands it
# shellcheck source=tests/system/guest/library.sh
source /opt/usher/library.sh

printf '[texts]\norganisation = "Acme"\n' >/etc/usher/usher.toml
systemctl restart usherd.service
enable_usher
add_person ada

ssh_to first_sign_in ada 'echo inside as $(id -un) at $(pwd)' <<LINES
see Password:
type $(cat "$place/ada.code")
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
see inside as ada at /home/ada
end 0
LINES
[[ $(stat -c '%U %a' /home/ada) == 'ada 700' ]] || fail "ada's home: $(stat -c '%U %a' /home/ada)"
[[ $(id -un "$(stat -c %u /home/ada)") == ada ]] || fail 'the uid has no name'
[[ $(id -Gn ada) == ada ]] || fail "ada's groups: $(id -Gn ada)"

ssh_to second_sign_in ada <<LINES
see Password:
type $password
see Code:
code 0
see inside as ada
end 0
LINES

# The step before this one is spent, whichever was the last.
ssh_to spent_code ada <<LINES
see Password:
type $password
see Code:
code -30
see was not accepted
hang-up
LINES

ssh_to wrong_password ada <<LINES
see Password:
type not the password
see denied
end 255
LINES

ssh_to one_time_code_again ada <<LINES
see Password:
type $(cat "$place/ada.code")
see denied
end 255
LINES
