#!/usr/bin/env bash
# What must be done before one is signed in, for a person of an organisation with a policy of its own:
# a factor, enrolled over SSH from the drawing alone; a new password; refused in sudo and in su, which
# have no place for either. Then passwd, by the organisation's rules.
# shellcheck source=tests/system/guest/library.sh
source /opt/usher/library.sh

cp /etc/usher/usher.toml "$place/usher.toml"
printf '[admin]\nmay_set_password = true\n' >>/etc/usher/usher.toml
mkdir -p /etc/usher/policies
printf 'for = "organisation initech"\n[password]\nmin_length = 18\nwords = ["flair"]\n' \
  >/etc/usher/policies/initech.toml
usherctl org add initech --display-name Initech
usherctl config reload
add_person kim
usherctl org member add initech kim

first='marble otter and pine'
second='tin whistle over moss'
third='nine lamps on a quay'

# The app knows the key from the drawing alone. The second drawing, in # signs, is what it keeps: the
# code would not fit if it said anything else.
ssh_to required_enrol kim <<LINES
app kim
see Password:
type $(cat "$place/kim.code")
see New password:
type violet harbour
see use at least 18
see New password:
type $first
see New password again:
type $first
see Device name
type phone
scan-key
see Code shown by the app:
type #
scan-key
see Code shown by the app:
code -30
see Press Enter when you have noted them:
type
see Signed in as kim (Initech).
see inside as kim
end 0
LINES
usherctl factor list kim | grep -q phone || fail "factors: $(usherctl factor list kim)"

# The organisation's rules, all that are broken at once.
talk required_passwd runuser -u kim -- passwd <<LINES
see assword:
type $first
see New password:
type Flair
see use at least 18
see word
see New password:
type $second
see New password again:
type $second
see updated successfully
end 0
LINES

# A password that somebody else set must be changed. sudo and su have no place for that: whoever
# answers everything right is refused there, and told where to go.
printf 'kim ALL=(ALL) ALL\n' >/etc/sudoers.d/kim
printf '%s\n' "$third" | usherctl user set-password kim --reason 'asked at the desk'
talk required_sudo runuser -u kim -- sudo id -un <<LINES
app kim
see password for kim:
type $third
see Code:
code 0
see try again
hang-up
LINES
# sudo lets PAM say nothing (its pam_silent): the record has the reason.
usherctl audit --user kim --limit 3 | grep -q 'lifecycle-refused .*sudo' || fail 'sudo refused kim, but for another reason'
rm /etc/sudoers.d/kim
add_person lou
printf '%s\n' "$third" | usherctl user set-password lou --reason 'asked at the desk'
talk required_su setpriv --reuid=lin --regid=lin --init-groups su - lou -c 'echo inside' <<LINES
see Password:
type $third
see not set up completely
end 1
LINES
if grep -q '^root\|^inside' "$place"/required_{sudo,su}.log; then fail 'somebody got in unfinished'; fi

# Over SSH it is asked for, and nothing else opens until it is done.
ssh_to required_change kim <<LINES
app kim
see Password:
type $third
see Code:
code 30
see Choose a new password.
see New password:
type $second
see one of your last 10 passwords
see New password:
type four kettles and a bell
see New password again:
type four kettles and a bell
see Your new password is set.
see inside as kim
end 0
LINES

cp "$place/usher.toml" /etc/usher/usher.toml
rm -r /etc/usher/policies
usherctl config reload
