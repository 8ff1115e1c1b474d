#!/usr/bin/env bash
# Mail, by the units as they are installed: whether it leaves, and what keeps it from leaving, is said;
# usherd has no network. What a server gets is 38-mail-server's.
# shellcheck source=tests/system/guest/library.sh
source /opt/usher/library.sh

[[ $(usherctl status) =~ mail\ +no\ server\ is\ set ]] || fail "status: $(usherctl status)"
[[ $(stat -c '%U %a' /run/usher/courier.sock) == 'usher-courier 600' ]] || fail 'courier.sock'
if usherctl mail test ada@acme.example 2>/dev/null; then fail 'a test without a server'; fi

cp /etc/usher/usher.toml "$place/usher.toml"
sed -i '/^\[mail\]$/d' /etc/usher/usher.toml
printf '[mail]\nserver = "localhost"\nport = 2588\nfrom = "no-reply@acme.example"\n' >>/etc/usher/usher.toml
usherctl config reload
says() { [[ $(usherctl status) =~ mail\ +$1 ]] || fail "status: $(usherctl status)"; }
says 'waits: usher-courier has not come for it'
usherctl doctor | grep -q 'systemctl enable --now usher-courier.service \[mail-waits\]' || fail 'doctor'
systemctl start usher-courier.service

trouble() { usherctl status --json | grep -oP '"trouble":"\K[^"]*' || true; }
in_trouble() { [[ $(trouble) == "$1" ]]; }

# Nobody listens there.
if timeout 3 usherctl mail test ada@acme.example >/dev/null 2>&1; then fail 'sent to nobody'; fi
until_true 20 in_trouble no_connection
says 'does not leave since'
usherctl mail queue | grep -q 'ada@acme.example  queued' || fail "the queue: $(usherctl mail queue)"
courier_status=/proc/$(systemctl show --property MainPID --value usher-courier.service)/status
figure "usher-courier: resident $(awk '/^VmRSS/ { print $2, $3 }' "$courier_status")"
[[ $(grep -c : "/proc/$(usherd_pid)/net/dev") -eq 1 ]] || fail 'usherd has a network'

# Whoever stops usherd and its socket means it.
systemctl stop usherd.socket usherd-admin.socket usherd.service
[[ ! -e /run/usher/courier.sock ]] || fail 'usher-courier could start usherd again'
start_again
until_true 10 answers

# A letter is worth less than everybody's sign-in.
mkdir -p /etc/usher/templates/en
printf 'Subject: {{no_such_name}}\n\nHello.\n' >/etc/usher/templates/en/test.txt
if usherctl config reload 2>/dev/null; then fail 'a bad template was taken'; fi
systemctl restart usherd.service
until_true 10 answers
[[ $(usherctl status) =~ letters\ +a\ built-in\ one\ stands\ in ]] || fail "status: $(usherctl status)"
usherctl doctor | grep -q 'test.txt:1:.*\[template-mistake\]' || fail 'doctor does not name the template'
journalctl --sync
journalctl --no-pager --output=cat --unit usherd.service --lines 50 | grep -q 'the built-in letter stands in: ' ||
  fail 'the journal does not name the template'
rm -r /etc/usher/templates/en
rmdir /etc/usher/templates 2>/dev/null || true

systemctl stop usher-courier.service
cp "$place/usher.toml" /etc/usher/usher.toml
usherctl config reload
