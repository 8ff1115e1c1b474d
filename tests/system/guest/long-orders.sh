#!/usr/bin/env bash
# The four packages installed one by one in every order there is, and purged together. Each time the
# host's files are as before, and in between usherd runs. One by one they are purged in 80-alone.
# Takes up to 1500 s.
# shellcheck source=tests/system/guest/library.sh
source /opt/usher/library.sh

apt purge usherd libpam-usher libnss-usher usherctl
orders=0
in_order() { # CHOSEN: a blank around each name
  local chosen=$1 name further=
  for name in usherd libpam-usher libnss-usher usherctl; do
    [[ $chosen == *" $name "* ]] && continue
    further=yes
    in_order "$chosen$name "
  done
  if [[ -n $further ]]; then return; fi
  for name in $chosen; do apt install "$(debs "$name")"; done
  systemctl is-active --quiet usherd.service || fail "usherd does not run after $chosen"
  answers || fail "no answer after $chosen"
  apt purge usherd libpam-usher libnss-usher usherctl
  diff "$place/before" <(files_of_the_host) || fail "not as before after $chosen"
  orders=$((orders + 1))
}
in_order ' '
figure "$orders orders"
((orders == 24)) || fail 'an order is missing'
