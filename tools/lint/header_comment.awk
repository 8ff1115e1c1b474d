# Each source file opens with what it is for.

FNR == 1 && is_cpp(FILENAME) && !/^\/\/ *[A-Za-z<>_*].......*/ {
  report(FNR, "the first line must be a // comment that says what this file is for")
}
FNR == 1 { first_comment = 2 - !/^#!/ }
FNR == first_comment && (FILENAME ~ /\.(sh|awk)$/ || FILENAME ~ /^(dev|\.ci\/run)$/) {
  if (!/^# *[A-Za-z].......*/ || /^# *shellcheck/) {
    report(FNR, "open with a # comment that says what this script is for")
  }
}
