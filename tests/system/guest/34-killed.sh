#!/usr/bin/env bash
# usherd is killed while somebody is asked: that conversation ends with a refusal, the next one works,
# and what was spent before stays spent.
# shellcheck source=tests/system/guest/library.sh
source /opt/usher/library.sh

enrolled gil
ssh_to killed gil <<LINES &
app gil
see Password:
type $password
see Code:
touch at-code
await killed
code 0
see denied
end 255
LINES
conversation=$!
until_true 30 test -e "$place/at-code"
before=$(usherd_pid)
cursor=$(now_in_journal)
kill -KILL "$before"
touch "$place/killed"
wait "$conversation" || fail 'the conversation did not end as it should'
module_took 2500 authenticate gil "$cursor"
until_true 10 answers
[[ $(usherd_pid) != "$before" ]] || fail 'it was not killed'
ssh_to after_kill gil <<LINES
app gil
see Password:
type $password
see Code:
code 0
see inside as gil
end 0
LINES
usherctl audit verify
