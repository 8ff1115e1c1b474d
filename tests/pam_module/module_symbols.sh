#!/bin/sh
# What a shipped module shows and needs: the functions its host looks up, libc and for pam_usher.so
# libpam, and nothing that would start threads, read the environment or write to somebody else's
# streams.
# usage: module_symbols.sh pam_usher.so|libnss_usher.so.2
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

case ${module##*/} in
  pam_usher.so)
    libraries='libpam.so.0 libc.so.6' import=pam_get_item soname=
    cat >"$scratch/expected" <<'SYMBOLS'
pam_sm_acct_mgmt
pam_sm_authenticate
pam_sm_chauthtok
pam_sm_close_session
pam_sm_open_session
pam_sm_setcred
SYMBOLS
    ;;
  libnss_usher.so.2)
    libraries=libc.so.6 import=mmap soname=libnss_usher.so.2
    # What answers, then what glibc asks every module for and this one does not serve.
    sed 's/ /\n/g' <<'FUNCTIONS' | sed 's/^/_nss_usher_/' | LC_ALL=C sort >"$scratch/expected"
endpwent getpwent_r getpwnam_r getpwuid_r setpwent
endgrent getgrent_r getgrgid_r getgrnam_r setgrent initgroups_dyn
endaliasent getaliasbyname_r getaliasent_r setaliasent
endetherent getetherent_r gethostton_r getntohost_r setetherent
endsgent getsgent_r getsgnam_r setsgent
endhostent getcanonname_r gethostbyaddr2_r gethostbyaddr_r gethostbyname2_r gethostbyname3_r
gethostbyname4_r gethostbyname_r gethostent_r sethostent
endnetgrent getnetgrent_r setnetgrent
endnetent getnetbyaddr_r getnetbyname_r getnetent_r setnetent
endprotoent getprotobyname_r getprotobynumber_r getprotoent_r setprotoent
getpublickey getsecretkey netname2user
endrpcent getrpcbyname_r getrpcbynumber_r getrpcent_r setrpcent
endservent getservbyname_r getservbyport_r getservent_r setservent
endspent getspent_r getspnam_r setspent
FUNCTIONS
    ;;
  *)
    echo "FAILED: $module is no module of ours" >&2
    exit 1
    ;;
esac
nm -D --defined-only "$module" | awk '{ print $3 }' | LC_ALL=C sort >"$scratch/exported"
diff -u "$scratch/expected" "$scratch/exported" || fail "the exported symbols are others"

readelf -dW "$module" >"$scratch/dynamic"
sed -n 's/.*(NEEDED).*\[\(.*\)\]/\1/p' "$scratch/dynamic" >"$scratch/needed"
grep -qx 'libc.so.6' "$scratch/needed" || fail "readelf shows no libc: this check reads nothing"
while read -r library; do
  case " $libraries " in
    *" $library "*) ;;
    *) fail "it needs $library" ;;
  esac
done <"$scratch/needed"
[ "$(sed -n 's/.*(SONAME).*\[\(.*\)\]/\1/p' "$scratch/dynamic")" = "$soname" ] || fail "its soname is another"
grep -q 'FLAGS_1.*NODELETE' "$scratch/dynamic" || fail "NODELETE is not set"
grep -q 'FLAGS_1.*NOW' "$scratch/dynamic" || fail "it binds lazily"

nm -D --undefined-only "$module" | awk '{ print $2 }' | sed 's/@.*//' >"$scratch/undefined"
grep -qx "$import" "$scratch/undefined" || fail "nm shows no imports: this check reads nothing"
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
echo "$(wc -l <"$scratch/expected") symbols, $libraries, $size bytes"
