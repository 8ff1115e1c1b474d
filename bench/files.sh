#!/bin/sh
# Runs a command where /etc/passwd and /etc/group are given files, in a mount namespace of its own:
# glibc's "files" at as many people as ours. Needs root.
# usage: files.sh DIRECTORY COMMAND...      DIRECTORY holds passwd and group
set -eu

if [ "${USHER_BENCH_INSIDE:-}" != yes ]; then
  USHER_BENCH_INSIDE=yes exec unshare --mount --propagation private -- "$0" "$@"
fi
files=$1
shift
mount --bind "$files/passwd" /etc/passwd
mount --bind "$files/group" /etc/group
exec "$@"
