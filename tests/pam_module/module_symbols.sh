#!/bin/sh
# What the shipped pam_usher.so shows and needs: six functions, libpam and libc, and nothing that
# would start threads, read the environment or write to somebody else's streams.
# usage: module_symbols.sh pam_usher.so
set -eu

module=$1
failures=0
fail() {
  echo "FAILED: $1" >&2
  failures=$((failures + 1))
}

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

[ -f "$module" ] || { echo "FAILED: there is no $module" >&2; exit 1; }

cat >"$scratch/expected" <<'SYMBOLS'
pam_sm_acct_mgmt
pam_sm_authenticate
pam_sm_chauthtok
pam_sm_close_session
pam_sm_open_session
pam_sm_setcred
SYMBOLS
nm -D --defined-only "$module" | awk '{ print $3 }' | LC_ALL=C sort >"$scratch/exported"
diff -u "$scratch/expected" "$scratch/exported" || fail "the exported symbols are not the six"

readelf -dW "$module" >"$scratch/dynamic"
sed -n 's/.*(NEEDED).*\[\(.*\)\]/\1/p' "$scratch/dynamic" >"$scratch/needed"
grep -qx 'libc.so.6' "$scratch/needed" || fail "readelf shows no libc: this check reads nothing"
while read -r library; do
  case $library in
    libpam.so.0 | libc.so.6) ;;
    *) fail "it needs $library" ;;
  esac
done <"$scratch/needed"
grep -q 'FLAGS_1.*NODELETE' "$scratch/dynamic" || fail "NODELETE is not set"
grep -q 'FLAGS_1.*NOW' "$scratch/dynamic" || fail "it binds lazily"

nm -D --undefined-only "$module" | awk '{ print $2 }' | sed 's/@.*//' >"$scratch/undefined"
grep -qx 'pam_get_item' "$scratch/undefined" || fail "nm shows no imports: this check reads nothing"
while read -r symbol; do
  case $symbol in
    getenv | secure_getenv | __secure_getenv | select | pselect | __fdelt_chk | fork | vfork | \
      clone | posix_spawn* | execv* | execl* | system | popen | pthread_* | thrd_* | \
      *printf* | puts | fputs | fopen* | fdopen | fwrite | stdout | stderr | openlog | \
      signal | sigaction | sigprocmask | setlocale | umask | chdir | setenv | putenv | environ | \
      getpw* | getgr* | getspnam* | __tls_get_addr | __cxa_* | _Unwind_* | _Z*)
      # crtbeginS.o asks for this one in every shared library, weakly.
      [ "$symbol" = __cxa_finalize ] || fail "it calls $symbol" ;;
  esac
done <"$scratch/undefined"

strip -o "$scratch/stripped.so" "$module"
size=$(wc -c <"$scratch/stripped.so")
[ "$size" -le 150000 ] || fail "stripped it has $size bytes, more than 150,000"

[ "$failures" -eq 0 ] || exit 1
echo "six symbols, libpam and libc, $size bytes"
