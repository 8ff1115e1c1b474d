#!/usr/bin/env bash
# Makes a CA and certificates of its own in the directory $1: good, for another name, past its end, and
# one of a CA that nobody trusts. Each is NAME.pem, key and certificate.
set -euo pipefail
cd "$1"

curve=(-newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes)

# authority NAME
authority() {
  openssl req -x509 "${curve[@]}" -keyout "$1.key" -out "$1.crt" -subj "/CN=$1" -days 2 2>/dev/null
}

# certificate NAME HOST CA DAYS
certificate() {
  openssl req -new "${curve[@]}" -keyout "$1.key" -out "$1.csr" -subj "/CN=$2" \
    -addext "subjectAltName=DNS:$2" 2>/dev/null
  openssl x509 -req -in "$1.csr" -CA "$3.crt" -CAkey "$3.key" -copy_extensions copy -days "$4" \
    -out "$1.crt" 2>/dev/null
  cat "$1.key" "$1.crt" >"$1.pem"
}

authority ca
authority stranger
certificate good localhost ca 2
certificate other mail.other.example ca 2
certificate past localhost ca -1
certificate untrusted localhost stranger 2
