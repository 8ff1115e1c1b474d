#!/usr/bin/env bash
# Open sessions of somebody whose access is taken away: all end with a suspension, stubborn ones too;
# all but one where that is said; nobody else's, and no local account's, whoever asks usher-reaper.
# shellcheck disable=SC2016  # the shell at the other end expands it
# shellcheck source=tests/system/guest/library.sh
source /opt/usher/library.sh

key=$place/sessions-key
rm -f "$key"*
ssh-keygen -q -t ed25519 -N '' -f "$key"
gives_key() { # NAME
  install -d -o "$1" -g "$1" -m 0700 "/home/$1/.ssh"
  install -o "$1" -g "$1" -m 0600 "$key.pub" "/home/$1/.ssh/authorized_keys"
}
# A session that stays until it is ended from outside.
opens() { # DIALOGUE NAME COMMAND
  rm -f "$place/$1.open"
  methods=publickey ssh_to "$1" "$2" "$3" <<LINES &
see inside as $2
touch $1.open
end 255
LINES
  ended[$1]=$!
  until_true 20 test -e "$place/$1.open"
}
# Signals that ask politely are ignored.
stays() { opens "$1" "$2" 'trap "" HUP TERM; echo inside as $(id -un); exec sleep 200'; }
declare -A ended
has_ended() { wait "${ended[$1]}" || fail "the session $1 did not end as it should"; }
sessions_of() { loginctl list-sessions --no-legend | awk -v name="$1" '$3 == name { print $1 }'; }
has_no_session() { [[ -z $(sessions_of "$1") ]]; }

(methods=keyboard-interactive key=none enrolled ola)
gives_key ola
install -d -o lin -g lin -m 0700 /home/lin
gives_key lin
stays lins lin

# Two sessions, and a process that belongs to none.
stays first ola
stays second ola
[[ $(sessions_of ola | wc -l) == 2 ]] || fail "sessions: $(loginctl list-sessions)"
setpriv --reuid=ola --regid=ola --clear-groups sleep 200 &
outside=$!
started=$(date +%s%N)
usherctl --json user suspend ola --reason 'left the company' >"$place/suspended"
figure "suspended, with two stubborn sessions, after $((($(date +%s%N) - started) / 1000000)) ms"
grep -q '"sessions_ended":2' "$place/suspended" || fail "$(cat "$place/suspended")"
grep -q '"processes_outside":1' "$place/suspended" || fail "$(cat "$place/suspended")"
has_ended first
has_ended second
until_true 5 has_no_session ola
# What was killed is gone a moment later.
only_outside_runs() { [[ $(pgrep -U ola) == "$outside" ]]; }
until_true 5 only_outside_runs
kill "$outside"
usherctl audit --user ola --limit 1 | grep -q 'admin.EndSessions.*sessions ended: 2' || fail 'no record'
journalctl --sync
journalctl --no-pager --output=cat -t usher-reaper | grep -q "^uid=$(id -u ola) ended=2 outside=1$" ||
  fail "the journal: $(journalctl --no-pager -t usher-reaper)"

# Who lingers and goes when asked: logind keeps word of such a one, and that is not a session left open.
(methods=keyboard-interactive key=none enrolled pat)
gives_key pat
loginctl enable-linger pat
opens polite pat 'echo inside as $(id -un); exec sleep 200'
started=$(date +%s%N)
usherctl --json user suspend pat --reason 'left the company' >"$place/polite" 2>"$place/polite.errors"
figure "suspended, with a polite one, after $((($(date +%s%N) - started) / 1000000)) ms"
[[ ! -s $place/polite.errors ]] || fail "$(cat "$place/polite.errors")"
grep -q '"sessions_ended":1' "$place/polite" || fail "$(cat "$place/polite")"
has_ended polite
if pgrep -lU pat; then fail 'something of pat runs on'; fi
loginctl disable-linger pat

# Typed in the session that is to stay.
usherctl user resume ola
stays kept ola
kept=$(sessions_of ola)
stays other ola
procs=$(find /sys/fs/cgroup -path "*/session-$kept.scope/cgroup.procs" | head -n 1)
(echo "$BASHPID" >"$procs" && exec usherctl --json user reset ola --sessions others) >"$place/reset"
grep -q '"sessions_ended":1' "$place/reset" || fail "$(cat "$place/reset")"
has_ended other
one_left() { [[ $(sessions_of ola) == "$kept" ]]; }
until_true 5 one_left
kill -0 "${ended[kept]}" || fail 'the session to keep ended'

# usherd may ask, and root; about people of Usher's only.
asks() { # AS UID
  runuser -u "$1" -- perl -MIO::Socket::UNIX -e '$/ = "\0";
    my $reaper = IO::Socket::UNIX->new(Peer => "/run/usher/reaper.sock") or exit 3;
    print $reaper "{\"method\":\"io.usher.Reaper.EndSessions\",\"parameters\":{\"which\":\"all\",\"uid\":$ARGV[0]}}\0";
    $reaper->flush; chomp(my $answer = <$reaper>); print "$answer\n"' "$2"
}
for who in usher root; do
  asks "$who" "$(id -u lin)" | grep -q NotOurs || fail "$who may end a local account's sessions"
  asks "$who" 0 | grep -q NotOurs || fail "$who may end root's sessions"
  asks "$who" "$(id -u nobody)" | grep -q NotOurs || fail "$who may end nobody's sessions"
done
getent passwd ola >>/etc/passwd
asks root "$(id -u ola)" | grep -q 'an account of this machine' || fail 'a local account that is published loses its sessions'
sed -i '/^ola:/d' /etc/passwd
for who in nobody lin ola; do
  if asks "$who" "$(id -u ola)"; then fail "$who reaches usher-reaper"; fi
done
one_left || fail 'the session to keep ended'
kill -0 "${ended[lins]}" || fail "lin's session ended"
[[ -n $(sessions_of lin) ]] || fail "lin's session ended"

# Without it the suspension stands, and the administrator is told.
systemctl stop usher-reaper.socket
usherctl user suspend ola --reason 'left the company' 2>"$place/away"
grep -q 'sessions were not ended: usher-reaper: connecting' "$place/away" || fail "$(cat "$place/away")"
usherctl user show ola | grep -q '^state .*suspended' || fail 'not suspended'
systemctl start usher-reaper.socket
usherctl user resume ola
asks usher "$(id -u ola)" | grep -q '"ended":1' || fail 'the socket does not work again'
has_ended kept
# It ignores what asks politely, and the next sign-in of lin would wait for it.
loginctl kill-user --signal=KILL lin
has_ended lins
until_true 20 has_no_session lin
rm -r /home/lin/.ssh
[[ -z $(systemctl list-units --no-legend --plain 'usher-reaper@*') ]] || fail 'an instance is left'
