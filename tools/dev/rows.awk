# Joins requirement ids (first file, a markdown table) with test results (second file, JUnit XML).
# A test names ids at the start of its own name: S8_ReturnsAtEveryLogin, Suite.P8_P9_Enrols. A test
# that did not run proves nothing, so its rows read fail.

function unescape(text) {
  gsub(/&lt;/, "<", text); gsub(/&gt;/, ">", text); gsub(/&quot;/, "\"", text)
  gsub(/&apos;/, "'", text); gsub(/&amp;/, "\\&", text)
  return text
}

# The value of one attribute of a tag, whatever stands before it and whichever quotes it has.
function attribute(tag, name,    at, quote, rest) {
  if (!match(tag, "[ \t\n]" name "[ \t\n]*=[ \t\n]*[\"']")) return ""
  at = RSTART + RLENGTH
  quote = substr(tag, at - 1, 1)
  rest = substr(tag, at)
  return unescape(substr(rest, 1, index(rest, quote) - 1))
}

# Books the test that ended under every id it names.
function book(    own, tokens, count, i) {
  if (test == "") return
  own = test
  if (own ~ /\./) sub(/^[^.]*\./, "", own)  # Suite.Name, Prefix/Suite.Name/0
  count = split(own, tokens, /[_\/.]/)
  for (i = 1; i <= count && tokens[i] ~ /^[MPGSO][0-9]+$/; i++) {
    if (!(tokens[i] in known)) {
      printf "rows: %s names %s, which is no requirement\n", test, tokens[i] > "/dev/stderr"
      continue
    }
    tests[tokens[i]] = tests[tokens[i]] " " test (outcome == "pass" ? "" : "(" outcome ")")
    if (outcome != "pass") broken[tokens[i]] = 1
  }
  test = ""
}

# The table: an id alone in the first cell.
FNR == NR {
  if (match($0, /^\| *[MPGSO][0-9]+ *\|/)) {
    id = substr($0, RSTART, RLENGTH)
    gsub(/[| ]/, "", id)
    if (id in known) printf "rows: %s stands twice in the table\n", id > "/dev/stderr"
    else { known[id] = 1; order[++total] = id }
  }
  next
}

/^testcase[ \t\n]/ {
  book()
  test = attribute($0, "name")
  status = attribute($0, "status")
  outcome = "pass"
  if (status == "fail") outcome = "failed"
  if (status == "notrun" || status == "disabled") outcome = "did-not-run"
}
/^(failure|error)[ \t\n>\/]/ { outcome = "failed" }
/^skipped[ \t\n>\/]/ { if (outcome == "pass") outcome = "did-not-run" }

END {
  book()
  for (i = 1; i <= total; i++) {
    id = order[i]
    state = !(id in tests) ? "none" : (id in broken) ? "fail" : "pass"
    passed += state == "pass"
    print id, state tests[id]
  }
  printf "%d of %d rows pass\n", passed, total
}
