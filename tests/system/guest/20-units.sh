#!/usr/bin/env bash
# The units under a real manager: exposure, privileges, and the next connection after a kill -9, a
# restart and a stop.
# shellcheck source=tests/system/guest/library.sh
source /opt/usher/library.sh

systemd-analyze verify --man=no usherd.service usherd.socket usherd-admin.socket \
  usher-reaper.socket usher-reaper@.service usherd-courier.socket usher-courier.service
figure "$(systemd-analyze security --no-pager --threshold=5 usherd.service | tail -n 1)"
figure "$(systemd-analyze security --no-pager --threshold=7 usher-reaper@1.service | tail -n 1)"
figure "$(systemd-analyze security --no-pager --threshold=12 usher-courier.service | tail -n 1)"

status=/proc/$(usherd_pid)/status
[[ $(awk '/^CapBnd/ { print $2 }' "$status") == 0000000000000000 ]] || fail 'usherd may gain a capability'
[[ $(awk '/^NoNewPrivs/ { print $2 }' "$status") == 1 ]] || fail 'usherd may gain privileges'
[[ $(awk '/^Seccomp:/ { print $2 }' "$status") == 2 ]] || fail 'usherd has no system call filter'
[[ $(awk '/^Uid/ { print $2 }' "$status") == "$(id -u usher)" ]] || fail 'usherd runs as somebody else'
figure "usherd: resident $(awk '/^VmRSS/ { print $2, $3 }' "$status")"
figure "usherd: start to ready $(start_to_ready_ms) ms"

sockets=$(stat -c %i /run/usher/login.sock /run/usher/admin.sock)
for trial in 1 2 3; do
  before=$(usherd_pid)
  kill -KILL "$before"
  answers || fail "no answer after kill -9 ($trial)"
  [[ $(usherd_pid) != "$before" ]] || fail 'it was not killed'
done
systemctl restart usherd.service
figure "usherd: start to ready, again $(start_to_ready_ms) ms"
answers || fail 'no answer after a restart'
systemctl stop usherd.service
answers || fail 'no answer after a stop'
systemctl is-active --quiet usherd.service || fail 'the connection did not start it'
[[ $(stat -c %i /run/usher/login.sock /run/usher/admin.sock) == "$sockets" ]] || fail 'a socket was replaced'

# A service that cannot start tries for ever and takes its sockets not along.
mkdir -p /run/systemd/system/usherd.service.d
printf '[Service]\nExecStart=\nExecStart=/bin/false\n' >/run/systemd/system/usherd.service.d/broken.conf
systemctl daemon-reload
systemctl restart usherd.service || true
restarted_often() { (($(systemctl show --property NRestarts --value usherd.service) >= 6)); }
until_true 20 restarted_often
systemctl is-active --quiet usherd.socket || fail 'the socket failed with the service'
rm /run/systemd/system/usherd.service.d/broken.conf
systemctl daemon-reload
until_true 10 answers

# A key in the credential store is used in place of a file.
systemctl stop usherd.socket usherd-admin.socket usherd.service
mv /var/lib/usher "$place/state"
install -d -m 0700 /etc/credstore
head -c 32 /dev/urandom >/etc/credstore/usher-master-key
start_again
usherctl status --json | grep -q '"credential"' || fail 'the credential is not used'
[[ ! -e /var/lib/usher/master.key ]] || fail 'a key was made beside the credential'
systemctl stop usherd.socket usherd-admin.socket usherd.service
rm -rf /var/lib/usher /etc/credstore/usher-master-key
mv "$place/state" /var/lib/usher
start_again
until_true 10 answers
