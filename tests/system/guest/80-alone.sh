#!/usr/bin/env bash
# Each package installs, and is purged, without the others; and all of them one by one in two
# opposite orders. Each time the host's files are as before.
# shellcheck source=tests/system/guest/library.sh
source /opt/usher/library.sh

unchanged() { diff "$place/before" <(files_of_the_host) || fail "not as before after $*"; }

mapfile -t names < <(for package in $(debs); do dpkg-deb -f "$package" Package; done)
for name in "${names[@]}"; do
  apt install "$(debs "$name")"
  if [[ $name == usherd ]]; then systemctl is-active --quiet usherd.service || fail 'usherd alone does not run'; fi
  apt purge "$name"
  unchanged "$name"
done
mapfile -t backwards < <(printf '%s\n' "${names[@]}" | tac)
for name in "${names[@]}"; do apt install "$(debs "$name")"; done
for name in "${names[@]}"; do apt purge "$name"; done
unchanged "${names[@]}"
for name in "${backwards[@]}"; do apt install "$(debs "$name")"; done
for name in "${names[@]}"; do apt purge "$name"; done
unchanged "${backwards[@]}"
