#!/usr/bin/env bash
# The guest itself: booted, nothing failed, only a loopback. Then it gets what makes it a host of its
# own: a local administrator and a root who sign in with passwords.
# shellcheck source=tests/system/guest/library.sh
source /opt/usher/library.sh

systemctl is-active --quiet multi-user.target
[[ -z $(systemctl --failed --plain --no-legend) ]] || { systemctl --failed; exit 1; }
[[ $(ls /sys/class/net) == lo ]]
figure "$(systemd-analyze time | head -n 1)"

useradd --create-home --shell /bin/bash --groups sudo lin
printf 'lin:%s\nroot:%s\n' "$admin_password" "$root_password" | chpasswd
printf 'PermitRootLogin yes\n' >/etc/ssh/sshd_config.d/10-host.conf
systemctl reload ssh.service
