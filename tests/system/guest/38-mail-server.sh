#!/usr/bin/env bash
# Mail to a real server: Postfix, which insists on STARTTLS and a login, and stores what it takes. What
# arrives is read by Python's email package. Then every way it must not go: nothing leaves, no password is
# said, and the cause is named.
# shellcheck source=tests/system/guest/library.sh
source /opt/usher/library.sh
# shellcheck source=tests/system/guest/mail_server.sh
source /opt/usher/mail_server.sh

cp /etc/usher/usher.toml "$place/usher.toml"

is_denied() { usherctl mail queue | grep -q 'queued .*denied: 553 5.7.1 '; }

# held_up CAUSE: known where an administrator looks, and nothing has left.
held_up() {
  until_true 20 in_trouble "$1"
  [[ $(usherctl status) =~ mail\ +does\ not\ leave\ since.*$1 ]] || fail "status: $(usherctl status)"
  usherctl doctor >"$place/doctor" || true
  grep -q "$1.*\[mail-waits\]" "$place/doctor" || fail "doctor: $(cat "$place/doctor")"
  count_is "$sent" || fail "a mail left: $1"
}

start_mail_server

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
see Code (? for help):
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

stop_mail_server
