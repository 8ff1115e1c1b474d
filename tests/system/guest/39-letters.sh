#!/usr/bin/env bash
# Every letter Usher writes, caused by what it tells of, sent by usher-courier to a real server, and read
# by Python's email package. Every code in one is typed at an SSH prompt.
# Takes up to 400 s.
# shellcheck source=tests/system/guest/library.sh
source /opt/usher/library.sh
# shellcheck source=tests/system/guest/mail_server.sh
source /opt/usher/mail_server.sh

seen=$place/letters-seen
printf 'test\n' >"$seen" # 38-mail-server reads that one closely

cp /etc/usher/usher.toml "$place/usher.toml"
start_mail_server
password_is "$password"
mail_settings 2587

# settings TEXT: beside those for mail, until the next ones.
sed 's/^organisation = .*/&\nsupport = "boss@acme.example"/' /etc/usher/usher.toml >"$place/mail.toml"
settings() {
  cp "$place/mail.toml" /etc/usher/usher.toml
  printf '%s\n' "$1" >>/etc/usher/usher.toml
  usherctl config reload >/dev/null
}

# sent_as LETTER NAME ADDRESS: the newest such letter about that account, once the server took it.
sent_as() {
  usherctl --json mail log "$2" --limit 50 | sed 's/},{/}\n{/g' | grep "\"event\":\"$1\"" |
    grep "\"recipient\":\"$3\"" | grep '"state":"sent"' |
    grep -oP '"id":"\K[0-9a-f]{32}' | grep -vxFf "$place/letters-read" | head -n 1 | grep .
}

is_sent_as() { sent_as "$@" >/dev/null; }

# comes LETTER NAME [ADDRESS]: it is in that box, whole, and its text goes to $place/letter.
: >"$place/letters-read"
comes() {
  local id address=${3:-$2@acme.example}
  until_true 25 is_sent_as "$1" "$2" "$address"
  id=$(sent_as "$1" "$2" "$address")
  until_true 10 is_in_box "$id" >/dev/null
  python3 /opt/usher/read_letter.py "$(is_in_box "$id")" "$address" >"$place/letter" || fail "$1 to $address"
  printf '%s\n' "$id" >>"$place/letters-read"
  printf '%s\n' "$1" >>"$seen"
}
is_in_box() { grep -rl "^Message-ID: <$1@acme.example>" "$server/boxes"; }
says() { grep -q "$1" "$place/letter" || fail "not in the letter: $1: $(cat "$place/letter")"; }

settings ''

# forgot DIALOGUE WHO: asked for over SSH.
forgot() {
  ssh_to "$1" "$2" <<LINES
see Password (? for help):
type ?
see Number, or Enter to go back:
type 1
see is on its way
see Password (? for help):
hang-up
LINES
}

# --- A new account, and its second factor

usherctl user add lea >/dev/null
usherctl user invite lea --mail lea@acme.example >/dev/null
comes invitation lea
ssh_to lea_invited lea <<LINES
app lea
see Password (? for help):
type $(code_in_letter)
see New password:
type otter lamps and marble
see New password again:
type otter lamps and marble
see Device name
type phone
read-key
see Code shown by the app:
code -30
see Press Enter when you have noted them:
type
see inside as lea
end 0
LINES
comes invitation-accepted lea
comes factor-added lea
says phone
comes recovery-codes-drawn lea
grep -oP '[0-9a-f]{4}(-[0-9a-f]{4}){3}' "$place/lea_invited.log" | head -n 1 >"$place/lea.recovery"

ssh_to lea_recovers lea <<LINES
see Password (? for help):
type otter lamps and marble
see Code (? for help):
type $(cat "$place/lea.recovery")
see inside as lea
end 0
LINES
comes recovery-code-used lea

ssh_to lea_wrong lea <<LINES
see Password (? for help):
type otter lamps and marble
see Code (? for help):
type 000000
see Code (? for help):
hang-up
LINES
comes second-factor-failed lea

ssh_to lea_lost_it lea <<LINES
see Password (? for help):
type otter lamps and marble
see Code (? for help):
type ?
see boss@acme.example
see Code (? for help):
hang-up
LINES
comes factor-lost lea boss@acme.example
usherctl mfa suspend lea --for 1h --reason 'phone at the repair shop' >/dev/null
comes factors-suspended lea
says 'phone at the repair shop'
usherctl mfa resume lea >/dev/null
usherctl factor remove lea phone >/dev/null
comes factor-removed lea

# --- A password alone, from here

without_factors='[mfa]
required = false'
settings "$without_factors"
usherctl user add mia >/dev/null
usherctl user invite mia --mail mia@acme.example >/dev/null
comes invitation mia
first='otter lamps and marble'
second='tin whistle over moss'
third='nine lamps on a quay'
ssh_to mia_invited mia <<LINES
see Password (? for help):
type $(code_in_letter)
see New password:
type $first
see New password again:
type $first
see inside as mia
end 0
LINES
comes invitation-accepted mia

# signs_in WHO PASSWORD [FROM]
signs_in() {
  from=${3:-} ssh_to "$1_signs_in" "$1" <<LINES
see Password (? for help):
type $2
see inside as $1
end 0
LINES
}
signs_in mia "$first" 127.0.0.7
comes sign-in-from-new-host mia
says 127.0.0.7

talk mia_passwd runuser -u mia -- passwd <<LINES
see assword:
type $first
see New password:
type $second
see New password again:
type $second
see updated successfully
end 0
LINES
comes password-changed mia

# --- Forgotten

forgot mia_forgot mia
comes reset-code mia
ssh_to mia_redeems mia <<LINES
see Password (? for help):
type $(code_in_letter)
see New password:
type $third
see New password again:
type $third
see Sign in again
end 255
LINES
comes reset-done mia
signs_in mia "$third"

settings "$without_factors
[forgot]
from = \"local\""
forgot mia_not_here mia
comes reset-elsewhere mia
says 'at the console of'
settings "$without_factors"

usherctl user add zoe >/dev/null
usherctl user invite zoe --mail mia@acme.example >/dev/null
comes invitation zoe mia@acme.example
ssh_to zoe_invited zoe <<LINES
see Password (? for help):
type $(code_in_letter)
see New password:
type $first
see New password again:
type $first
see inside as zoe
end 0
LINES
comes invitation-accepted zoe mia@acme.example
forgot two_accounts mia@acme.example
until_true 20 has_come mia 'several accounts have this address'
says 'mia, zoe'
printf 'several-accounts\n' >>"$seen"

usherctl user add guy --source federated:acme >/dev/null
usherctl contact add guy mail boss@acme.example >/dev/null
forgot not_here guy
comes federated guy boss@acme.example

# A passphrase in place of the code, where a switch asks for it.
settings "$without_factors
[compat]
mailed_password = true"
forgot zoe_forgot zoe
comes one-time-passphrase zoe mia@acme.example
ssh_to zoe_redeems zoe <<LINES
see Password (? for help):
type $(grep -oP '^ +Passphrase: \K\S+$' "$place/letter")
see New password:
type $second
see New password again:
type $second
see Sign in again
end 255
LINES
comes reset-done zoe mia@acme.example

# --- A sign-in that is told of

guess() { # WHICH
  ssh_to "zoe_guess_$1" zoe <<LINES
see Password (? for help):
type no such password $1
see Permission denied
end 255
LINES
}
guesses=()
for i in 1 2 3 4 5; do
  guess "$i" &
  guesses+=($!)
done
for guess in "${guesses[@]}"; do wait "$guess"; done
signs_in zoe "$second"
comes sign-in-after-failures zoe mia@acme.example
says ' 5'

printf '%s\n' "$second" >"$place/known"
usherctl blocklist build "$place/known" --output /etc/usher/breached.pwq >/dev/null
settings "$without_factors
[password]
breach_filter = \"/etc/usher/breached.pwq\"
[actions]
change_password = \"recommended\""
ssh_to zoe_breached zoe <<LINES
see Password (? for help):
type $second
see known from a breach elsewhere
type
see inside as zoe
end 0
LINES
comes password-breached zoe mia@acme.example
settings "$without_factors"
rm /etc/usher/breached.pwq

# --- Another address

settings "$without_factors
[actions]
confirm_contact = \"recommended\""
usherctl contact add mia mail mimi@acme.example >/dev/null
comes contact-changed mia
ssh_to mia_asks mia <<LINES
see Password (? for help):
type $third
see Type yes to confirm m...@acme.example
type yes
see Code sent to m...@acme.example
hang-up
LINES
comes confirm-address mia mimi@acme.example
ssh_to mia_confirms mia <<LINES
see Password (? for help):
type $third
see Code sent to m...@acme.example
type $(grep -oP '\b[0-9]{4} ?[0-9]{4}\b' "$place/letter" | head -n 1)
see Your address is confirmed
see inside as mia
end 0
LINES
comes contact-confirmed mia
usherctl contact remove mia mimi@acme.example --reason 'left that team' >/dev/null
comes contact-removed mia
says 'left that team'

# --- What staff do

settings "$without_factors
[admin]
may_set_password = true"
usherctl user suspend mia --reason 'on leave' >/dev/null
comes account-suspended mia
usherctl user resume mia >/dev/null
comes account-reopened mia
printf 'copper anchors by five\n' | usherctl user set-password mia --reason 'asked at the desk' >/dev/null
comes password-set-by-staff mia
usherctl user reset mia --reason 'asked at the desk' >/dev/null
comes reset-by-staff mia

# "It was not me": the code of that letter ends what staff began, and lets nobody in.
not_you=$(grep -oP '^ +\K[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}$' "$place/letter")
ssh_to mia_objects mia <<LINES
see Password (? for help):
type $not_you
see it was not you
hang-up
LINES
comes objection mia boss@acme.example
usherctl audit --user mia --limit 5 | grep -q objected || fail "the objection: $(usherctl audit --user mia --limit 5)"
usherctl user disable mia --reason 'left the company' >/dev/null
comes account-disabled mia
usherctl user convert guy --local --reason 'the provider closed' >/dev/null
comes account-converted guy boss@acme.example
says 'the provider closed'

# --- All there are

settings "$without_factors
[password]
max_age_days = 3"
comes password-expires zoe mia@acme.example
sort -u "$seen" >"$place/letters-sorted"
if ! diff "$place/letters-sorted" /opt/usher/letters >"$place/letters-missing"; then
  fail "letters that never came, or are no letters: $(cat "$place/letters-missing")"
fi
figure "$(wc -l <"$place/letters-sorted") letters arrived, each in two parts"

stop_mail_server
