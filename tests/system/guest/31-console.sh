#!/usr/bin/env bash
# The other doors, with Ada's app: login on a real terminal, su by another uid, sudo, passwd, and a
# suspended person who is refused at each.
# shellcheck disable=SC2016  # the shell at the other end expands it
# shellcheck source=tests/system/guest/library.sh
source /opt/usher/library.sh

fresh_code 1
talk login login ada <<LINES
see Password:
type $password
see Code:
code 0
see \$
type echo inside as \$(id -un)
see inside as ada
see \$
type exit
end 0
LINES

# lin asks for ada: su challenges the one it is about.
talk su setpriv --reuid=lin --regid=lin --init-groups su - ada -c 'echo inside as $(id -un)' <<LINES
see Password:
type $password
see Code:
code 30
see inside as ada
end 0
LINES

# sudo challenges who calls it.
printf 'ada ALL=(ALL) ALL\n' >/etc/sudoers.d/ada
fresh_code 0
talk sudo runuser -u ada -- sudo id -un <<LINES
see password for ada:
type $password
see Code:
code 0
see root
end 0
LINES

talk passwd runuser -u ada -- passwd <<LINES
see password:
type $password
see New password:
type amber canoe seventeen
see New password again:
type amber canoe seventeen
see updated successfully
end 0
LINES
password='amber canoe seventeen'
printf '%s\n' "$password" >"$place/ada.password"

usherctl user suspend ada
ssh_to suspended ada <<LINES
see Password:
type $password
see denied
end 255
LINES
usherctl user resume ada
