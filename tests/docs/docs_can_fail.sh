#!/usr/bin/env bash
# The documents' test must be able to fail: a copy of the tree is spoilt in one place at a time, and
# each time docs_test.sh has to find it. It changes nothing but its copy.
set -euo pipefail

here=$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")
unset USHER_DAEMON
room=$(mktemp -d)
trap 'rm -rf "$room"' EXIT
failed=0

fresh_copy() {
  rm -rf "$room/tree"
  mkdir "$room/tree"
  (cd "$here/../.." && cp -R base protocol published nss_module pam_module daemon ctl courier reaper config systemd debian man docs \
    tests tools ./*.md "$room/tree")
}

# FILE, a sed script that spoils it, and words of the finding.
spoil() {
  local file=$1 script=$2 finding=$3 said
  fresh_copy
  cp "$room/tree/$file" "$room/before"
  sed -i -E "$script" "$room/tree/$file"
  if cmp -s "$room/before" "$room/tree/$file"; then
    printf 'the sed script changes nothing in %s: %s\n' "$file" "$script"
    failed=1
  elif said=$("$here/docs_test.sh" "$room/tree"); then
    printf 'not found: %s after %s\n' "$file" "$script"
    failed=1
  elif [[ $said != *"$finding"* ]]; then
    printf 'found, but not as "%s": %s\n' "$finding" "$said"
    failed=1
  fi
}

fresh_copy
"$here/docs_test.sh" "$room/tree"
spoil config/usher.toml 's/^# needs_digit = false/# needs_digit = true/' config/usher.toml
spoil config/usher.toml '/^# hash_passes = 2$/d' config/usher.toml
spoil config/usher.toml 's/^(# required = true)/# extra = 1\n\1/' config/usher.toml
spoil man/usher.toml.5 's/range: 5 to 1440/range: 5 to 1441/' man/usher.toml.5
spoil man/usher.toml.5 '/^\.It sudo Ta/d' 'front ends'
spoil daemon/config_keys.cpp 's/"mfa\.required"/"mfa.demanded"/' man/usher.toml.5
spoil pam_module/options.cpp 's/"debug"/"verbose"/' man/pam_usher.8
spoil man/pam_usher.8 's/^\.It Cm debug/.It Cm quiet/' man/pam_usher.8
spoil daemon/command_line.cpp 's/\{"check-config", /{"check", /' man/usherd.8
spoil man/usherd.8 's/^\.It Fl -version/.It Fl -verbose/' man/usherd.8
spoil daemon/sign_in/decision.cpp 's/"wrong-code"/"bad-code"/' 'audit reasons'
spoil man/usherctl.1 '/^\.It Cm suspended$/d' 'audit reasons'
spoil published/format.hpp 's/directory\.cdb/people.cdb/' man/libnss_usher.8
spoil ARCHITECTURE.md 's/daemon\/hasher\.cpp/daemon\/hash.cpp/' daemon/hash.cpp
spoil ARCHITECTURE.md '/^\| .daemon\/os\/. \|/d' "lacks daemon/os/"
spoil ARCHITECTURE.md '1s/.*/&\n'"$(printf '\\n%.0s' {1..60})"'/' 'lines, 200 at most'
spoil CONTRIBUTING.md 's|\.code_at_end = code_at_end,||' 'example factor'
spoil CONTRIBUTING.md 's/store::confirm_factor/store::keep_factor/' store::keep_factor
spoil daemon/factors/table.cpp 's/&totp_factor,/\&other_factor,/' table.cpp
spoil daemon/factors/CMakeLists.txt 's/totp\.cpp//' 'is not built'
exit "$failed"
