#!/usr/bin/env bash
# A real su, whose stack asks everybody, root too: it has no pam_rootok. Sourced by the scenarios.
# shellcheck source=tests/system/usher.sh
source "$(dirname "${BASH_SOURCE[0]}")/../system/usher.sh"

# A host with Ada added; `service` and `names` are made before su looks.
with_ada_added() {
  configure </dev/null
  start_usherd
  add_ada
  service su
  wrap
}

# su_talk NAME [USER]: follows the lines on stdin. Who is let in sees "inside as UID".
su_talk() {

  talk "$1" "${wrapped[@]}" /usr/bin/su "${2:-ada}" -c "echo inside as \$(id -u)"
}

# sign_in NAME: one that must work; proof that what happened before did no harm.
sign_in() {
  su_talk "$1" <<LINES
see Password:
type $password
see Code:
code 0
see inside as $ada_uid
end 0
LINES
}
