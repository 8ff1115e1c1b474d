#!/usr/bin/env bash
# A public key skips every question, so account alone decides: who has proven everything once gets
# in, the suspended and those who never signed in do not, under an alias as under the name.
# shellcheck source=tests/system/guest/library.sh
source /opt/usher/library.sh

key=$place/key
methods=publickey
ssh-keygen -q -t ed25519 -N '' -f "$key"

gives_key() { # NAME
  install -d -o "$1" -g "$1" -m 0700 "/home/$1" "/home/$1/.ssh"
  install -o "$1" -g "$1" -m 0600 "$key.pub" "/home/$1/.ssh/authorized_keys"
}
refused() { # DIALOGUE WHO REASON
  local cursor
  cursor=$(now_in_journal)
  ssh_to "$1" "$2" <<LINES
end 255
LINES
  if grep -q '^inside' "$place/$1.log"; then fail "$2 got in"; fi
  journalctl --sync
  journalctl --no-pager --output=cat --after-cursor "$cursor" | grep -q "Accepted key\|account for\|Access denied" ||
    fail "$2 was not refused by account"
  grep -q "$3" "$place/$1.log" || fail "$2 was not told: $3"
}

methods=keyboard-interactive key=none enrolled dan --alias dan@acme.example
gives_key dan
ssh_to key_active dan <<LINES
see inside as dan
end 0
LINES

add_person eda
gives_key eda
refused key_never_signed_in eda 'Sign in once with your password first'

usherctl user suspend dan --reason 'left the company'
refused key_suspended dan 'Your account is suspended'
refused key_suspended_alias dan@acme.example 'Your account is suspended'
# The line of another stack, where pam_unix alone decides, lets nobody of Usher's in.
cp /etc/pam.d/common-account "$place/common-account"
sed -i '/pam_usher/d; s/success=[0-9]/success=1/' /etc/pam.d/common-account
ssh_to key_without_usher dan <<LINES
end 255
LINES
if grep -q '^inside' "$place/key_without_usher.log"; then fail 'pam_unix let a suspended person in'; fi
cp "$place/common-account" /etc/pam.d/common-account
usherctl user resume dan
ssh_to key_resumed dan <<LINES
see inside as dan
end 0
LINES

ssh_to key_alias dan@acme.example <<LINES
see inside as dan
end 0
LINES

# By the alias, with everything that is asked of her.
methods=keyboard-interactive key=none ssh_to alias Dan@Acme.example <<LINES
app dan
see Password:
type $password
see Code:
code 0
see inside as dan
end 0
LINES
