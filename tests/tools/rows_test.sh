#!/usr/bin/env bash
# Proves ./dev rows on a canned results file: what it reads, what it counts, what it warns of.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
room=$(mktemp -d)
trap 'rm -rf "$room"' EXIT

fail() {
  printf 'rows_test: %s\n' "$*" >&2
  exit 1
}

cat >"$room/requirements.md" <<'TABLE'
Some words about M1 and P9 | M7 |

| id | what | state | where |
|----|------|-------|-------|
| M1 | one | planned | |
| P8 | two | partly | daemon |
|P9|three|stands|daemon|
| S8 | four | planned | |
| G6 | five | planned | |
| O3 | six | planned | |
TABLE

# Attributes in any order, either quote, a raw > in a value, output that looks like results.
cat >"$room/junit.xml" <<'RESULTS'
<?xml version="1.0" encoding="UTF-8"?>
<testsuite name="Linux-c++" tests="8" failures="1" skipped="2">
	<testcase name="Totp.P8_P9_AcceptsEachStepOnce" classname="Totp" time="0.01" status="run">
		<system-out>said &lt;testcase name=&quot;M1_Fake&quot; status=&quot;run&quot;/&gt;</system-out>
	</testcase>
	<testcase status='run' classname="x" name='Totp.P9_DrawsAQr'/>
	<testcase time="1" status="fail" name="Doors/Campaign.S8_ReturnsAtEveryLogin/0">
		<failure message="a > b"/>
		<system-out>name="P8"</system-out>
	</testcase>
	<testcase name="Campaign.S8_Ends" status="run"/>
	<testcase name="G6_typed_twice" status="notrun"><skipped message="SKIP_RETURN_CODE=77"/></testcase>
	<testcase name="Parser.RefusesO3_Nothing" status="run"/>
	<testcase name="lint.includes" status="run"/>
	<testcase name="Wire.Z1_M99_Unknown" status="run"/>
	<testcase name="Wire.M99_Unknown" status="run"/>
</testsuite>
RESULTS

cat >"$room/expected" <<'LINES'
M1 none
P8 pass Totp.P8_P9_AcceptsEachStepOnce
P9 pass Totp.P8_P9_AcceptsEachStepOnce Totp.P9_DrawsAQr
S8 fail Doors/Campaign.S8_ReturnsAtEveryLogin/0(failed) Campaign.S8_Ends
G6 fail G6_typed_twice(did-not-run)
O3 none
2 of 6 rows pass
LINES

cd "$root"
tools/dev/rows.sh "$room/requirements.md" "$room/junit.xml" >"$room/got" 2>"$room/warned"
diff -u "$room/expected" "$room/got" || fail "the rows differ"
grep -q 'Wire.M99_Unknown names M99, which is no requirement' "$room/warned" ||
  fail "an unknown id was not named"

# Without results every row reads none, and that is said.
tools/dev/rows.sh "$room/requirements.md" "$room/absent.xml" >"$room/got" 2>"$room/warned"
grep -q '^0 of 6 rows pass$' "$room/got" || fail "no results must read none"
grep -q 'run ./dev test first' "$room/warned" || fail "missing results were not named"

# The project's own table holds each id once.
tools/dev/rows.sh docs/requirements.md "$room/absent.xml" 2>/dev/null | head -n -1 |
  cut -d' ' -f1 | sort >"$room/ids"
for series in M:14 P:20 G:31 S:10 O:14; do
  seq -f "${series%:*}%g" "${series#*:}"
done | sort | diff -u - "$room/ids" || fail "docs/requirements.md does not hold the 89 ids"
