#!/usr/bin/env bash
# su only verifies: a one-time code opens nothing there, and whoever has a password but no app yet
# is sent to the console. The code is not used up by the attempt.
# shellcheck source=tests/su/su.sh
source "$(dirname "$0")/su.sh"

with_ada_added
su_talk one_time_code <<LINES
see Password:
type $one_time_code
see su: Authentication failure
end 1
LINES
expect_reason code-not-for-this-door

# The password is chosen at the console, the enrolment is cut off.
service usher-test
talk cut_off "$USHER_SHIPPED/tests/programs/pam_person" "$place/pam.d" usher-test ada tty1 <<LINES
see Password:
type $one_time_code
see New password:
type $password
see New password again:
type $password
see Device name
hang-up
LINES
su_talk no_app_yet <<LINES
see Password:
type $password
see Your second factor is not set up. Sign in at the console of this machine, or ask the help desk for a new one-time code.
see su: Authentication failure
end 1
LINES
expect_reason lifecycle-refused
