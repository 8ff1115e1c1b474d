# Masks what differs from one run of ./dev try to the next: codes, the QR code, the key, the
# passphrase that is offered, the uid and times. What is left is the same on every machine; the README shows it.

# Of a QR code's lines only the first leaves a word.
/^[ █▀▄]+$/ && /[█▀▄]/ {
  if (!in_code) print "(QR code)"
  in_code = 1
  next
}
{ in_code = 0 }

{
  # First, since three of its groups may be digits alone: then they look like an initial code.
  if (/^  [0-9a-f]+-[0-9a-f]+-[0-9a-f]+-[0-9a-f]+$/) $0 = "  xxxx-xxxx-xxxx-xxxx"
  gsub(/[0-9A-Z][0-9A-Z][0-9A-Z][0-9A-Z]-[0-9A-Z][0-9A-Z][0-9A-Z][0-9A-Z]-[0-9A-Z][0-9A-Z][0-9A-Z][0-9A-Z]/,
    "XXXX-XXXX-XXXX")
  gsub(/[0-9]+-[0-9]+-[0-9]+T[0-9:]+\+00:00/, "YYYY-MM-DDThh:mm:ss+00:00")
  sub(/with uid [0-9]+\.$/, "with uid NNNNNNNNNN.")
  if (sub(/into it: [A-Z2-7 ]+$/, "into it: ")) {
    for (i = 0; i < 8; i++) $0 = $0 "XXXX" (i < 7 ? " " : "")
  }
  sub(/^Code: [0-9]+$/, "Code: NNNNNN")
  sub(/^Code shown by the app: [0-9]+$/, "Code shown by the app: NNNNNN")
  sub(/^For example: .+$/, "For example: (a passphrase)")
  sub(/ +$/, "")
}

# A terminal starts a paragraph with an empty line; a document does not.
NR == 1 && $0 == "" { next }
{ print }
