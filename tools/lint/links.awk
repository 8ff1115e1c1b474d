# Local links of markdown files lead somewhere. Addresses on the web are not looked up.

FNR == 1 { fenced = 0; folder = FILENAME; if (!sub(/\/[^\/]*$/, "", folder)) folder = "." }
FILENAME !~ /\.md$/ { next }
/^ *(```|~~~)/ { fenced = !fenced }
fenced { next }
{
  rest = $0
  gsub(/`[^`]*`/, "", rest)
  while (match(rest, /\]\([^)]+\)/)) {
    check(substr(rest, RSTART + 2, RLENGTH - 3))
    rest = substr(rest, RSTART + RLENGTH)
  }
  if (match($0, /^\[[^\]]+\]: *[^ ]+/)) {
    target = substr($0, RSTART, RLENGTH)
    sub(/^\[[^\]]+\]: */, "", target)
    check(target)
  }
}

function check(target,    path) {
  if (target ~ /^([a-z][a-z+.-]*:|#)/) return
  sub(/[# ].*$/, "", target)
  path = target ~ /^\// ? "." target : folder "/" target
  gsub(/'/, "'\\''", path)
  if (system("test -e '" path "'") != 0) report(FNR, "leads nowhere: " target)
}
