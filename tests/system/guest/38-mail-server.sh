#!/usr/bin/env bash
# Mail to a real server: Postfix, which insists on STARTTLS and a login, and stores what it takes. What
# arrives is read by Python's email package. Then every way it must not go: nothing leaves, no password is
# said, and the cause is named.
# shellcheck source=tests/system/guest/library.sh
source /opt/usher/library.sh

server=/opt/mail-server
credential=/etc/credstore/usher-smtp-password
cp /etc/usher/usher.toml "$place/usher.toml"

# --- The server: a port a behaviour

useradd --system --no-create-home mailbox
mkdir -p "$server"/{spool,data,sasl,boxes}
chown postfix "$server/data"
chown mailbox "$server/boxes"
bash /opt/usher/certificates.sh "$server"
chmod 0644 "$server/ca.crt"
printf 'pwcheck_method: auxprop\nauxprop_plugin: sasldb\nmech_list: PLAIN LOGIN\nsasldb_path: %s\n' \
  "$server/sasl/users" >"$server/sasl/smtpd.conf"
saslpasswd2 -p -c -f "$server/sasl/users" -u localhost usher <<<"$password"
chown postfix "$server/sasl/users"

cat >"$server/main.cf" <<CONF
compatibility_level = 3.6
queue_directory = $server/spool
data_directory = $server/data
command_directory = /usr/sbin
daemon_directory = /usr/lib/postfix/sbin
shlib_directory = /usr/lib/postfix
mail_owner = postfix
setgid_group = postdrop
myhostname = localhost
inet_interfaces = loopback-only
mydestination =
virtual_mailbox_domains = acme.example
virtual_mailbox_base = $server/boxes
virtual_mailbox_maps = inline:{ada@acme.example=ada/, rob@acme.example=rob/}
virtual_minimum_uid = 1
virtual_uid_maps = static:$(id -u mailbox)
virtual_gid_maps = static:$(id -g mailbox)
smtpd_tls_security_level = encrypt
smtpd_tls_chain_files = $server/good.pem
smtpd_tls_received_header = yes
smtpd_sasl_auth_enable = yes
smtpd_sasl_local_domain = localhost
smtpd_sasl_authenticated_header = yes
cyrus_sasl_config_path = $server/sasl
smtpd_sender_login_maps = inline:{{no-reply@acme.example = usher, usher@localhost}}
smtpd_sender_restrictions = reject_sender_login_mismatch
smtpd_relay_restrictions = permit_sasl_authenticated, reject
smtpd_recipient_restrictions = permit_sasl_authenticated, reject
CONF
cat >"$server/master.cf" <<CONF
2587 inet n - n - - smtpd
2588 inet n - n - - smtpd -o smtpd_tls_security_level=none -o syslog_name=stripped
  -o smtpd_sasl_auth_enable=yes -o smtpd_tls_auth_only=no
2589 inet n - n - - smtpd -o smtpd_tls_chain_files=$server/other.pem
2590 inet n - n - - smtpd -o smtpd_tls_chain_files=$server/past.pem
2591 inet n - n - - smtpd -o smtpd_tls_chain_files=$server/untrusted.pem
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
tlsmgr unix - - n 1000? 1 tlsmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
proxymap unix - - n - - proxymap
anvil unix - - n - 1 anvil
virtual unix - n n - - virtual
CONF
postfix -c "$server" start

# --- Usher's side

# mail_settings PORT [FROM]: in force at once, for what waits too.
mail_settings() {
  cp "$place/usher.toml" /etc/usher/usher.toml
  sed -i '/^\[mail\]$/d' /etc/usher/usher.toml
  cat >>/etc/usher/usher.toml <<TOML
[mail]
server = "localhost"
port = $1
login = "plain"
user = "usher"
ca_file = "$server/ca.crt"
from = "${2:-no-reply@acme.example}"
from_name = "Café Acme"
reply_to = "support@acme.example"
TOML
  usherctl config reload >/dev/null
}
password_is() {
  install -d -m 0700 /etc/credstore
  install -m 0600 /dev/stdin "$credential" <<<"$1"
  systemctl restart usher-courier.service
}
arrived() { find "$server/boxes" -path '*/new/*' -type f; }
count_is() { [[ $(arrived | wc -l) -eq $1 ]]; }
trouble() { usherctl status --json | grep -oP '"trouble":"\K[^"]*' || true; }
in_trouble() { [[ $(trouble) == "$1" ]]; }
nothing_waits() { [[ $(usherctl status) =~ mail\ queued\ +0 ]]; }
all_are_there() { [[ -z $(find "$server"/spool/{incoming,active,maildrop,deferred} -type f) ]]; }
is_denied() { usherctl mail queue | grep -q 'queued .*denied: 553 5.7.1 '; }

# held_up CAUSE: known where an administrator looks, and nothing has left.
held_up() {
  until_true 20 in_trouble "$1"
  [[ $(usherctl status) =~ mail\ +does\ not\ leave\ since.*$1 ]] || fail "status: $(usherctl status)"
  usherctl doctor >"$place/doctor" || true
  grep -q "$1.*\[mail-waits\]" "$place/doctor" || fail "doctor: $(cat "$place/doctor")"
  count_is "$sent" || fail "a mail left: $1"
}

# --- A good server

password_is "$password"
mail_settings 2587
usherctl --json mail test ada@acme.example >"$place/sent" || fail "the test: $(cat "$place/sent")"
grep -q '"detail":"250 2.0.0 Ok: queued' "$place/sent" || fail "$(cat "$place/sent")"
id=$(grep -oP '"id":"\K[0-9a-f]{32}' "$place/sent")
ours() { grep -rl "^Message-ID: <$id@acme.example>" "$server/boxes"; }
until_true 10 ours >/dev/null
# What an earlier scenario left waiting has left too.
until_true 10 nothing_waits
until_true 10 all_are_there
sent=$(arrived | wc -l)
python3 - "$(ours)" <<'PYTHON'
import email, email.policy, email.utils, datetime, sys

raw = open(sys.argv[1], "rb").read()
mail = email.message_from_bytes(raw, policy=email.policy.default)

def expect(what, is_so):
    if not is_so:
        sys.exit(f"the mail: {what}\n{raw.decode()}")

def one(name):
    values = mail.get_all(name, [])
    expect(f"{name} {values}", len(values) == 1)
    return values[0]

expect("defects", not mail.defects and not any(part.defects for part in mail.walk()))
identity, _, domain = one("Message-ID").strip("<>").partition("@")
expect("Message-ID", len(identity) == 32 and domain == "acme.example")
age = datetime.datetime.now(datetime.timezone.utc) - email.utils.parsedate_to_datetime(one("Date"))
expect("Date", abs(age.total_seconds()) < 60)
expect("Auto-Submitted", one("Auto-Submitted") == "auto-generated")
sender = one("From").addresses
expect("From", [(a.display_name, a.addr_spec) for a in sender] == [("Café Acme", "no-reply@acme.example")])
expect("Reply-To", [a.addr_spec for a in one("Reply-To").addresses] == ["support@acme.example"])
expect("To", [a.addr_spec for a in one("To").addresses] == ["ada@acme.example"])
expect("a subject", one("Subject").strip())
expect("MIME-Version", one("MIME-Version") == "1.0")
expect("multipart/alternative", mail.get_content_type() == "multipart/alternative")
text, html = mail.iter_parts()
expect("the text part", text.get_content_type() == "text/plain" and text.get_content_charset() == "utf-8")
expect("the HTML part", html.get_content_type() == "text/html" and html.get_content_charset() == "utf-8")
for part in (text, html):
    expect("the host's name in each part", "usher-guest" in part.get_content())
expect("HTML", "<p>" in html.get_content() and "<p>" not in text.get_content())
received = " ".join(mail.get_all("Received"))
expect("TLS 1.2 or newer", "using TLSv1.3" in received or "using TLSv1.2" in received)
expect("logged in as usher", "Authenticated sender: usher" in received)
PYTHON

# --- Codes by mail, typed over SSH

# letter_to WHO SUBJECT: the newest such mail, its text part by Python's parser.
letter_to() {
  python3 - "$server/boxes/$1/new" "$2" <<'PYTHON'
import email, email.policy, pathlib, sys

for path in sorted(pathlib.Path(sys.argv[1]).glob("*"), key=lambda path: path.stat().st_mtime_ns, reverse=True):
    mail = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
    if sys.argv[2] in mail["Subject"] and not mail.defects:
        print(mail.get_body(("plain",)).get_content())
        sys.exit()
sys.exit(1)
PYTHON
}
has_come() { letter_to "$@" >"$place/letter"; }
code_in_letter() { grep -oP '^ +Code: +\K[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}$' "$place/letter"; }

install -d -m 0700 -o mailbox -g mailbox "$server/boxes/rob"
usherctl user add rob >/dev/null
usherctl user invite rob --mail rob@acme.example >"$place/invited"
if grep -qE '[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}' "$place/invited"; then fail 'the administrator sees the code'; fi
until_true 20 has_come rob 'your account on'
ssh_to invited rob <<LINES
app rob
see Password (? for help):
type $(code_in_letter)
see New password:
type otter lamps and marble
see New password again:
type otter lamps and marble
see Device name
type
read-key
see Code shown by the app:
code -30
see Press Enter when you have noted them:
type
see inside as rob
end 0
LINES
usherctl contact list rob | grep -q 'rob@acme.example .*usable' || fail "contacts: $(usherctl contact list rob)"

# By now this host is known.
ssh_to forgot rob <<LINES
see Password (? for help):
type ?
see 1  I forgot my password
see Number, or Enter to go back:
type 1
see is on its way
see Password (? for help):
hang-up
LINES
until_true 20 has_come rob 'a code for a new password'
ssh_to mailed_code rob <<LINES
app rob
see Password (? for help):
type $(code_in_letter)
see Code:
code 0
see New password:
type tin whistle over moss
see New password again:
type tin whistle over moss
see inside as rob
end 0
LINES
until_true 20 has_come rob 'was replaced'
usherctl audit --user rob --limit 20 | grep -q 'reset .*password-changed' || fail 'no record of the reset'
until_true 10 nothing_waits
until_true 10 all_are_there
sent=$(arrived | wc -l)

# --- Every other one: one mail waits, and is tried by each setting

mail_settings 2588
if timeout 3 usherctl mail test ada@acme.example >/dev/null 2>&1; then fail 'sent in clear'; fi
held_up no_encryption
journalctl --sync
said=$(journalctl --no-pager --output=cat --identifier stripped/smtpd | grep '^disconnect from') || true
[[ -n $said ]] || fail 'nobody came to the server without STARTTLS'
if grep -E ' (auth|mail|rcpt|data)=' <<<"$said"; then fail 'it was told more than hello, in clear'; fi

mail_settings 2589
held_up wrong_name
mail_settings 2590
held_up expired
mail_settings 2591
held_up untrusted
password_is 'another one'
mail_settings 2587
held_up login_refused

# A sender that is not ours: the mail waits for another setting, and does not die.
password_is "$password"
mail_settings 2587 eve@acme.example
until_true 20 is_denied
count_is "$sent" || fail 'sent in the name of another'

mail_settings 2587
until_true 20 count_is $((sent + 1))
[[ $(usherctl status) =~ mail\ +leaves ]] || fail "status: $(usherctl status)"

systemctl stop usher-courier.service
postfix -c "$server" stop
rm -r "$server" "$credential"
rmdir /etc/credstore 2>/dev/null || true
cp "$place/usher.toml" /etc/usher/usher.toml
usherctl config reload >/dev/null
userdel mailbox
