#!/usr/bin/env bash
# A real mail server in the guest: Postfix, which insists on STARTTLS and a login, stores what it takes,
# and listens at a port a way to misbehave; and how Usher is pointed at it. Sourced by the scenarios.
# shellcheck disable=SC2154  # place and password are library.sh's

server=/opt/mail-server
credential=/etc/credstore/usher-smtp-password

start_mail_server() {
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
  write_main_cf
  write_master_cf
  postfix -c "$server" start
}

mailboxes() { printf '%s\n' ada rob lea leah mia mimi zoe boss; }

write_main_cf() {
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
virtual_mailbox_maps = inline:{$(mailboxes | sed 's|.*|&@acme.example=&/|' | paste -sd ,)}
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
}

# A port a behaviour.
write_master_cf() {
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
}

stop_mail_server() {
  systemctl stop usher-courier.service
  postfix -c "$server" stop
  rm -r "$server" "$credential"
  rmdir /etc/credstore 2>/dev/null || true
  userdel mailbox
  cp "$place/usher.toml" /etc/usher/usher.toml
  usherctl config reload >/dev/null
}

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

# --- What arrived

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
