#!/usr/bin/env bash
# Installs the Debian packages of the named groups that are missing (packages.txt), nothing else.
# With all there it asks dpkg once and ends; it never upgrades and never touches apt's settings.
set -euo pipefail
source tools/dev/common.sh

# A group stands on others.
groups_under() {
  local group
  for group in "$@"; do
    case $group in
      build) printf 'build\n' ;;
      try | test | fuzz | package) printf 'build\n%s\n' "$group" ;;
      system) printf 'build\npackage\nsystem\n' ;;
      lint) printf 'build\ntest\nlint\n' ;; # clang-tidy reads the tests too
      *) die "no such group of packages: $group" ;;
    esac
  done | sort -u
}

wanted() {
  awk -v groups="$(groups_under "$@" | tr '\n' ' ')" '
    BEGIN { n = split(groups, list, " "); for (i = 1; i <= n; i++) take[list[i]] = 1 }
    /^#/ || NF == 0 { next }
    take[$1] && !seen[$2]++ { print $2 }' tools/dev/packages.txt
}

# Prints those of its arguments that are not installed.
missing() {
  local have
  have=$(dpkg-query -W -f='${Package} ${db:Status-Status}\n' "$@" 2>/dev/null || true)
  awk 'NR == FNR { if ($2 == "installed") have[$1] = 1; next } !($1 in have)' \
    <(printf '%s\n' "$have") <(printf '%s\n' "$@")
}

as_root() {
  if ((EUID == 0)); then
    "$@"
  elif command -v sudo >/dev/null; then
    sudo "$@"
  else
    die "these packages are missing and only root may install them: ${names[*]}"
  fi
}

install_names() {
  say "installing: ${names[*]}"
  # env inside as_root: sudo drops the environment. Recommended packages stay out: they bring
  # services nobody asked for.
  as_root env DEBIAN_FRONTEND=noninteractive apt-get update -qq >&2 || die "apt-get update failed"
  as_root env DEBIAN_FRONTEND=noninteractive apt-get install -qq -y --no-install-recommends \
    -o Dpkg::Use-Pty=0 \
    "${names[@]}" </dev/null >&2 || die "apt-get could not install: ${names[*]}"
}

command -v apt-get >/dev/null ||
  die "this script installs with apt; elsewhere install the packages of tools/dev/packages.txt"
mapfile -t names < <(wanted "$@")
mapfile -t names < <(missing "${names[@]}")
if ((${#names[@]} > 0)); then install_names; fi
