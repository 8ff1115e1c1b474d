#!/usr/bin/env bash
# Names, before anything is enabled: a person and a group resolve as soon as usherctl is done, by
# name, id and alias, for people and for root; what is removed is gone; nobody is listed.
# shellcheck source=tests/system/guest/library.sh
source /opt/usher/library.sh

started=$(date +%s%N)
usherctl user add nia --display-name 'Nia of Acme' --alias nia@acme.example >/dev/null
uid=$(id -u nia) || fail 'nia does not resolve'
figure "added and resolved after $((($(date +%s%N) - started) / 1000000)) ms"
((uid >= 1879048192 && uid <= 2147352575)) || fail "her uid is $uid"
[[ $(getent passwd nia) == "nia:"*":$uid:$uid:Nia of Acme:/home/nia:/bin/bash" ]] || fail "$(getent passwd nia)"
[[ $(getent passwd "$uid") == "$(getent passwd nia)" ]] || fail 'by uid'
[[ $(getent passwd nia@acme.example) == "$(getent passwd nia)" ]] || fail 'by alias'
[[ $(getent passwd NIA@ACME.EXAMPLE) == "$(getent passwd nia)" ]] || fail 'by alias, in other case'
[[ $(getent group nia) == "nia:"*":$uid:"* ]] || fail 'her own group'
[[ $(runuser -u nobody -- id -un "$uid") == nia ]] || fail 'as nobody'
if getent shadow nia; then fail 'shadow'; fi
if getent passwd | grep -q '^nia:'; then fail 'she is listed'; fi
if getent passwd nobody.here; then fail 'a name of nobody'; fi

usherctl group add crew
usherctl group member add crew nia
her_groups_are() { [[ $(id -Gn nia) == "$*" ]]; }
until_true 3 her_groups_are nia crew
[[ $(getent group crew) == "crew:"*":nia" ]] || fail "$(getent group crew)"
# A group of the machine's own may name her too; hers of Usher's stay.
gpasswd -a nia audio >/dev/null || fail 'gpasswd does not know her'
her_groups_are nia audio crew || fail "with a local group: $(id -Gn nia)"
[[ $(runuser -u nia -- id -Gn) == 'nia audio crew' ]] || fail 'a process of hers lacks a group'
gpasswd -d nia audio >/dev/null
her_groups_are nia crew || fail "without it again: $(id -Gn nia)"
install -o nia -g crew /dev/null "$place/hers"
[[ $(stat -c '%U %G' "$place/hers") == 'nia crew' ]] || fail 'stat'
# shellcheck disable=SC2012  # ls is what is tried
[[ $(ls -l "$place/hers" | awk '{ print $3, $4 }') == 'nia crew' ]] || fail "$(ls -l "$place/hers")"
for name in root lin sudo; do
  if usherctl user add "$name" 2>/dev/null; then fail "$name was given away"; fi
  if usherctl group add "$name" 2>/dev/null; then fail "group $name was given away"; fi
done
usherctl group member remove crew nia
until_true 3 her_groups_are nia
usherctl group remove crew
usherctl user delete nia --yes
gone() { ! getent passwd nia && ! getent group crew && ! getent passwd nia@acme.example; }
until_true 3 gone
usherctl user add nia >/dev/null
[[ $(id -u nia) != "$uid" ]] || fail 'her uid was given to another'
usherctl user delete nia --yes
