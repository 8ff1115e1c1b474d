#!/usr/bin/env bash
# Prints what the QR code drawn on stdin says, as zbarimg reads it off a picture: a line of half blocks
# is two rows of modules, a line of # signs one row, two characters wide.
set -euo pipefail

picture=$(mktemp --suffix .pbm)
trap 'rm -f "$picture"' EXIT
# Byte by byte in the C locale: mawk knows no UTF-8. A light module is 0 in the picture.
LC_ALL=C awk '
  function row(modules,    pixels, at, copy) {
    for (at = 1; at <= length(modules); at++)
      pixels = pixels (substr(modules, at, 1) == "l" ? "0 0 0 0 " : "1 1 1 1 ")
    for (copy = 0; copy < 4; copy++) rows[++count] = pixels
    if (length(modules) > width) width = length(modules)
  }
  { sub(/\r$/, "") }
  /^[# ]+$/ && /##/ { gsub(/##/, "l"); gsub(/  /, "d"); row($0); next }
  /\342\226[\200\204\210]/ {
    above = below = $0
    gsub(/\342\226[\200\210]/, "l", above); gsub(/\342\226\204/, "d", above); gsub(/ /, "d", above)
    gsub(/\342\226[\204\210]/, "l", below); gsub(/\342\226\200/, "d", below); gsub(/ /, "d", below)
    row(above); row(below)
  }
  END {
    print "P1\n" width * 4, count
    for (at = 1; at <= count; at++) print rows[at]
  }' >"$picture"
zbarimg --nodbus --quiet --raw --set disable --set qrcode.enable "$picture"
