# What the C++ checks share: code_of() gives a line without comments and without the text of its
# literals; report() prints a finding. Loaded before each check; it reports nothing itself.

function report(line, message) {
  printf "%s:%d: %s\n", FILENAME, line, message
  findings++
}

# `pattern` as a whole word of `text`, followed by `after` (a regular expression, may be "").
function has_word(text, pattern, after) {
  return (" " text " ") ~ ("[^A-Za-z0-9_](" pattern ")" (after == "" ? "[^A-Za-z0-9_]" : after))
}

# A path against a pattern of rooms.txt: * stands for anything.
function matches(path, pattern,    expression) {
  expression = pattern
  gsub(/[.+]/, "[&]", expression)
  gsub(/\*/, ".*", expression)
  return path ~ ("^" expression "$")
}

function is_cpp(path) { return path ~ /\.(cpp|hpp)$/ }

# State runs over lines: inside a block comment or a raw string. Call it once for every line.
function code_of(line,    out, i, c, two, at) {
  if (FNR == 1) { in_comment = 0; raw_end = "" }
  if (!in_comment && raw_end == "" && line !~ /["'\/]/) return line
  out = ""
  for (i = 1; i <= length(line); i++) {
    if (in_comment) {
      at = index(substr(line, i), "*/")
      if (at == 0) return out
      i += at
      in_comment = 0
      continue
    }
    if (raw_end != "") {
      at = index(substr(line, i), raw_end)
      if (at == 0) return out
      i += at + length(raw_end) - 2
      raw_end = ""
      out = out "\"\""
      continue
    }
    c = substr(line, i, 1)
    two = substr(line, i, 2)
    if (two == "//") return out
    if (two == "/*") { in_comment = 1; i++; continue }
    if (two == "R\"" && out !~ /[A-Za-z0-9_]$/) {
      at = index(substr(line, i), "(")
      raw_end = ")" substr(line, i + 2, at - 3) "\""
      i += at - 1
      continue
    }
    # An apostrophe after a digit separates digits: 1'000.
    if (c == "\"" || (c == "'" && out !~ /[0-9a-fA-F]$/)) {
      # An include's path is no literal.
      if (c == "\"" && out ~ /^[ \t]*#[ \t]*include[ \t]*$/) return out substr(line, i)
      i = skip_literal(line, i, c)
      out = out c c
      continue
    }
    out = out c
  }
  return out
}

function skip_literal(line, i, quote,    c) {
  for (i++; i <= length(line); i++) {
    c = substr(line, i, 1)
    if (c == "\\") i++
    else if (c == quote) return i
  }
  return i
}

END { exit findings > 0 }
