# A silenced check says which and why: // NOLINT(check-name): reason, and for bash
# # shellcheck disable=SC1234  # reason

is_cpp(FILENAME) && /NOLINT/ {
  if ($0 ~ /NOLINTEND\([A-Za-z0-9.,* -]+\)/) next
  if ($0 !~ /NOLINT(NEXTLINE|BEGIN)?\([a-z][A-Za-z0-9.,* -]+\): *[^ ].......*/) {
    report(FNR, "NOLINT without the check's name and a reason: NOLINT(name): why")
  }
}
!is_cpp(FILENAME) && FILENAME !~ /\.(md|awk|txt)$/ && /^[ \t]*# shellcheck disable=/ {
  if ($0 !~ /disable=SC[0-9,SC]+ +# [^ ]......*/) {
    report(FNR, "a silenced shellcheck needs a reason: # shellcheck disable=SC1234  # why")
  }
}
