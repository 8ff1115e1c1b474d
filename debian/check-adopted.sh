# Accounts of this machine that Usher adopted have their passwords in its store alone. Those that
# are back in the passwd file do not count.
# shellcheck shell=sh
if [ "$1" = remove ] && [ "${DPKG_MAINTSCRIPT_PACKAGE_REFCOUNT:-1}" = 1 ] && [ -d /etc/usher/adopted ]; then
    left=
    for kept in /etc/usher/adopted/*; do
        name=${kept##*/}
        if [ -e "$kept" ] && ! getent -s files passwd "$name" >/dev/null; then
            left="$left $name"
        fi
    done
    if [ -n "$left" ]; then
        echo "$DPKG_MAINTSCRIPT_PACKAGE: accounts of this machine are Usher's; usherctl user adopt NAME --undo for each of$left" >&2
        exit 1
    fi
fi
