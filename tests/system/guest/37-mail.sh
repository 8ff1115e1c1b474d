#!/usr/bin/env bash
# Mail, by the units as they are installed: what keeps it from leaving is named, and nothing leaves in
# clear. OpenSMTPD stands for a server without encryption: Debian 12's fails each TLS handshake of its own
# ("missing private key", with OpenSSL 3). What a good server gets is tests/courier's and tests/daemon/post's.
# shellcheck source=tests/system/guest/library.sh
source /opt/usher/library.sh

[[ $(usherctl status) =~ mail\ +no\ server\ is\ set ]] || fail "status: $(usherctl status)"
[[ $(stat -c '%U %a' /run/usher/courier.sock) == 'usher-courier 600' ]] || fail 'courier.sock'
if usherctl mail test ada@acme.example 2>/dev/null; then fail 'a test without a server'; fi

useradd --system --create-home --home-dir /var/lib/mailbox mailbox
cat >/etc/smtpd.conf <<'CONF'
table boxes { "@acme.example" = "mailbox" }
listen on lo port 2587 hostname localhost
action keep maildir virtual <boxes>
match from any for domain "acme.example" action keep
CONF
systemctl restart opensmtpd.service

cp /etc/usher/usher.toml "$place/usher.toml"
sed -i '/^\[mail\]$/d' /etc/usher/usher.toml
printf '[mail]\nserver = "localhost"\nport = 2588\nfrom = "no-reply@acme.example"\n' >>/etc/usher/usher.toml
usherctl config reload
systemctl start usher-courier.service

trouble() { usherctl status --json | grep -oP '"trouble":"\K[^"]*' || true; }
in_trouble() { [[ $(trouble) == "$1" ]]; }

# Nobody listens there.
if timeout 3 usherctl mail test ada@acme.example >/dev/null 2>&1; then fail 'sent to nobody'; fi
until_true 20 in_trouble no_connection

# The next setting holds for what waits already; this server offers no encryption.
sed -i 's/port = 2588/port = 2587/' /etc/usher/usher.toml
usherctl config reload
systemctl restart usherd.service # no wait of the earlier cause
until_true 30 in_trouble no_encryption
[[ -z $(find /var/lib/mailbox -path '*/new/*' -type f) ]] || fail 'a mail left in clear'
[[ $(usherctl status) =~ mail\ +does\ not\ leave\ since ]] || fail "status: $(usherctl status)"
usherctl mail queue | grep -q 'ada@acme.example  queued' || fail "the queue: $(usherctl mail queue)"
courier_status=/proc/$(systemctl show --property MainPID --value usher-courier.service)/status
figure "usher-courier: resident $(awk '/^VmRSS/ { print $2, $3 }' "$courier_status")"
[[ $(grep -c : "/proc/$(usherd_pid)/net/dev") -eq 1 ]] || fail 'usherd has a network'

# Whoever stops usherd and its socket means it.
systemctl stop usherd.socket usherd-admin.socket usherd.service
[[ ! -e /run/usher/courier.sock ]] || fail 'usher-courier could start usherd again'
start_again
until_true 10 answers

systemctl stop usher-courier.service opensmtpd.service
cp "$place/usher.toml" /etc/usher/usher.toml
usherctl config reload
userdel mailbox
rm -r /var/lib/mailbox
