#!/usr/bin/env bash
# Mail, by the units as they are installed, against OpenSMTPD: STARTTLS, a certificate of a CA of the
# test's own, a login. And what keeps mail from leaving: nothing is sent, and status says the cause.
# shellcheck source=tests/system/guest/library.sh
source /opt/usher/library.sh

[[ $(usherctl status) =~ mail\ +no\ server\ is\ set ]] || fail "status: $(usherctl status)"
[[ $(stat -c '%U %a' /run/usher/courier.sock) == 'usher-courier 600' ]] || fail 'courier.sock'
if runuser -u nobody -- bash -c 'exec 3<>/run/usher/courier.sock' 2>/dev/null; then fail 'anybody may take mail'; fi

# --- The mail server

server=/etc/mail-server
secret='lamp under nine bridges'
install -d -m 0755 "$server"
/opt/usher/certificates.sh "$server"
chmod 0644 "$server/ca.crt"
useradd --system --create-home --home-dir /var/lib/mailbox mailbox
printf 'usher %s\n' "$(smtpctl encrypt "$secret")" >"$server/people"
# serve NAME OFFER: with that certificate, and STARTTLS or not
serve() {
  cat >/etc/smtpd.conf <<CONF
pki localhost cert "$server/$1.crt"
pki localhost key "$server/$1.key"
table people file:$server/people
table boxes { "@acme.example" = "mailbox" }
listen on lo port 587 $2 hostname localhost
action keep maildir virtual <boxes>
match auth from any for domain "acme.example" action keep
match from any for domain "acme.example" action keep
CONF
  systemctl restart opensmtpd.service
}
serve good 'tls-require pki localhost auth <people>'
arrived() { find /var/lib/mailbox/Maildir/new -type f 2>/dev/null | wc -l; }
trouble() { usherctl status --json | grep -oP '"trouble":"\K[^"]*' || true; }

# --- Configured

cp /etc/usher/usher.toml "$place/usher.toml"
install -d -m 0700 /etc/credstore
printf '%s\n' "$secret" >/etc/credstore/usher-smtp-password
cat >>/etc/usher/usher.toml <<CONF
[mail]
server = "localhost"
login = "plain"
user = "usher"
ca_file = "$server/ca.crt"
from = "no-reply@acme.example"
reply_to = "desk@acme.example"
CONF
usherctl config reload
systemctl start usher-courier.service
started=$(date +%s%N)
usherctl mail test ada@acme.example | grep -q 'The server has taken it: 2' || fail 'the test was not taken'
figure "a mail, from usherctl to the server's word: $((($(date +%s%N) - started) / 1000000)) ms"
figure "usher-courier: resident $(awk '/^VmRSS/ { print $2, $3 }' "/proc/$(systemctl show --property MainPID --value usher-courier.service)/status")"
until_true 10 test "$(arrived)" -eq 1
python3 - /var/lib/mailbox/Maildir/new/* <<'PYTHON'
import email, email.policy, sys
mail = email.message_from_binary_file(open(sys.argv[1], "rb"), policy=email.policy.default)
assert mail["From"].addresses[0].addr_spec == "no-reply@acme.example", mail["From"]
assert mail["Reply-To"] == "desk@acme.example" and mail["Auto-Submitted"] == "auto-generated"
text, html = (mail.get_body((kind,)).get_content() for kind in ("plain", "html"))
assert "usher-guest" in text and "usher-guest" in html, text
PYTHON
[[ $(usherctl status) =~ mail\ +leaves ]] || fail "status: $(usherctl status)"
status=/proc/$(usherd_pid)/net/dev
[[ $(grep -c : "$status") -eq 1 ]] || fail 'usherd has a network'

# --- What a mail server must be

# held CAUSE: a mail waits for this cause, and nothing has arrived
held() {
  local cause=$1 before
  before=$(arrived)
  systemctl restart usherd.service usher-courier.service # no wait of an earlier cause
  if timeout 3 usherctl mail test ada@acme.example >/dev/null 2>&1; then fail "sent in spite of $cause"; fi
  until_true 20 test_trouble "$cause"
  [[ $(arrived) -eq $before ]] || fail "something arrived in spite of $cause"
}
test_trouble() { [[ $(trouble) == "$1" ]]; }

serve good ''
held no_encryption
serve other 'tls-require pki localhost auth <people>'
held wrong_name
serve past 'tls-require pki localhost auth <people>'
held expired
serve untrusted 'tls-require pki localhost auth <people>'
held untrusted
serve good 'tls-require pki localhost auth <people>'
printf 'another password\n' >/etc/credstore/usher-smtp-password
held login_refused

# --- Mended: what waited leaves, each once

printf '%s\n' "$secret" >/etc/credstore/usher-smtp-password
before=$(arrived)
waiting=$(usherctl mail queue --json | grep -o '"state":"queued"' | wc -l)
((waiting == 5)) || fail "$waiting mails wait"
systemctl restart usherd.service usher-courier.service
until_true 60 bash -c "[[ \$(find /var/lib/mailbox/Maildir/new -type f | wc -l) -ge $((before + waiting)) ]]"
[[ $(arrived) -eq $((before + waiting)) ]] || fail "$(arrived) arrived"

systemctl stop usher-courier.service opensmtpd.service
cp "$place/usher.toml" /etc/usher/usher.toml
usherctl config reload
rm -rf "$server" /etc/credstore/usher-smtp-password
userdel --remove mailbox 2>/dev/null
