#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# Mirrors and auditors (SPEC 15) by the command line, over HTTP and from folders. Breaks when a source that lies, stalls or never ends gets anything into a mirror or fills the
# memory; when an administrator's false heads, or a second history, get an auditor's cosignature, or leave no exhibit; when a breach of custody keeps an auditor from signing; when
# lost records cannot be had back from a mirror.
. tests/custody/lib.sh
A=$BIN/tests/attack/attack
SERVER=

# Whatever listens is ended by its own number.
stop_server() { [ -n "$SERVER" ] && kill "$SERVER" 2>/dev/null && wait "$SERVER" 2>/dev/null; SERVER=; }
trap 'stop_server; rm -rf "$DIR"' EXIT

# Waits until the line is there, at most ten seconds.
wait_line() {
    for _ in $(seq 100); do
        grep -qE "$2" "$1" 2>/dev/null && return 0
        sleep 0.1
    done
    return 1
}
checkpoint() { "$U" ledger checkpoint --now $NOW >"${1:-paper}" 2>/dev/null; }
tiles() { "$U" ledger export tiles "$1" >/dev/null 2>&1; }
pull() { "$U" mirror pull "$1" --from "$2" --policy policy; }
mirror_records() { "$U" ledger status --ledger "$1" --json 2>/dev/null | sed -n 's/.*"records": \([0-9]*\).*/\1/p'; }

make_ledger
make_keys cust2
enrol 'Second Store' custodian cust2 # person 50
"$U" ledger policy >policy 2>/dev/null
run 1 'no checkpoint was signed yet' "$U" ledger export tiles folder
run 2 'tiles DIR' "$U" ledger export bundles out
checkpoint
run 0 'tiles of 10 records; 3 tiles written' "$U" ledger export tiles folder
run 0 '0 tiles written' "$U" ledger export tiles folder
run 0 'c2sp.org/tlog-proof@v1' "$U" ledger export proof 3
run 1 'record 99|no record 99|there is no' "$U" ledger export proof 99
run 0 '' "$U" ledger export proof 3 -o 3.tlog-proof
run 1 'exists' "$U" ledger export proof 3 -o 3.tlog-proof

# --- from a folder ---
run 2 '--policy' "$U" mirror pull mir --from folder
run 1 'nowhere' "$U" mirror pull mir --from nowhere --policy policy
run 0 'mir: 10 records, 10 of them new, each replayed; its checkpoint is new' pull mir folder
run 0 'nothing else is new' pull mir folder
run 0 'everything holds: a mirror' "$U" ledger fsck --ledger mir
run 0 'details are not here: this is a mirror' "$U" ledger fsck --ledger mir
run 1 'is a mirror of kh-pp' "$U" ledger checkpoint --ledger mir --now $NOW
run 1 'is a mirror of kh-pp' "$U" note $(name 10) --text x --key pros.key --ledger mir $P --now $NOW
run 1 'is a mirror of kh-pp' "$U" ledger reconcile --ledger mir --from led
run 1 'is a ledger and no mirror' "$U" mirror audit led
run 1 'is a ledger and no mirror' pull led folder
run 0 'a mirror, in which nothing is recorded' "$U" ledger status --ledger mir
run 0 'allot' "$U" history $(name 10) --ledger mir
run 0 'tiles of 10 records' "$U" ledger export tiles tiles2 --ledger mir
yes_if 'a mirror exports the same tiles' diff -r folder tiles2
run 0 'copy of the mirror' "$U" ledger backup mir.copy --ledger mir
yes_if 'no key is in it' test ! -e mir.copy/station.key

# --- over HTTP ---
"$U" ledger serve --listen 127.0.0.1:0 >listening 2>log &
SERVER=$!
wait_line listening '^tiles at ' || { bad 'ledger serve does not listen'; finish; }
URL=$(sed -n 's,^tiles at \(.*\),\1,p' listening)
run 0 'web: 10 records, 10 of them new' pull web "$URL"
act "$U" note $(name 10) --text 'seen' --key pros.key
run 0 'nothing else is new' pull web "$URL" # what is not signed yet is not shown
checkpoint
run 0 'web: 12 records, 2 of them new' pull web "$URL"
/usr/bin/python3 - "$URL" >http.out 2>&1 <<'PY'
import http.client, sys, urllib.parse
host = urllib.parse.urlparse(sys.argv[1]).netloc
def ask(method, path):
    c = http.client.HTTPConnection(host); c.request(method, path); r = c.getresponse(); return r, r.read()
r, body = ask("GET", "/checkpoint"); assert r.status == 200 and r.getheader("Content-Type") == "text/plain; charset=utf-8"
assert "immutable" not in r.getheader("Cache-Control")
r, body = ask("GET", "/tile/0/000.p/12"); assert r.status == 200 and len(body) == 384
assert r.getheader("Content-Type") == "application/octet-stream" and "immutable" in r.getheader("Cache-Control")
r, body = ask("HEAD", "/tile/0/000.p/12"); assert r.status == 200 and body == b"" and r.getheader("Content-Length") == "384"
for path in ["/", "/tile", "/tile/0/000", "/tile/0/000.p/13", "/tile/0/000.p/0", "/tile/00/000.p/1", "/tile/0/0.p/1", "/../led/station.key", "/station.key",
             "/data.mdb", "/tile/entries/../../data.mdb", "/tile/0/%30%30%30.p/1", "/tile/disclosures/000.p/1", "//checkpoint", "/checkpoint/"]:
    assert ask("GET", path)[0].status == 404, path
for method in ["POST", "PUT", "DELETE", "OPTIONS"]:
    assert ask(method, "/checkpoint")[0].status == 405, method
print("http good")
PY
run 0 'http good' cat http.out
stop_server
run 1 '' pull web "$URL" # nobody is there
yes_if 'a mirror stays as it is' test "$(mirror_records web)" = 12

# --- servers that misbehave: no mirror is made, none grows, and each is told ---
tiles folder
/usr/bin/python3 "$ROOT/tests/custody/hostile_tiles.py" folder >port 2>served &
SERVER=$!
wait_line port '^[0-9]+$' || { bad 'no hostile server'; finish; }
URL=http://127.0.0.1:$(cat port)
for where in checkpoint tile-0 entries sheets; do
    for how in endless long short status away cut junk gone; do
        (
            ulimit -v 1500000
            "$U" mirror pull bad --from "$URL/$how.$where" --policy policy >out.pull 2>err.pull
        )
        code=$?
        yes_if "$how $where is refused" test $code -eq 1
        yes_if "$how $where is told" grep -q 'unbroken: error: .' err.pull
        yes_if "$how $where accuses nobody" sh -c '! grep -qE "EXHIBIT|contradicts" out.pull err.pull'
        yes_if "$how $where leaves no mirror" test ! -e bad
    done
done
run 0 'bad: 12 records' pull bad "$URL/good"
stop_server

# --- an auditor ---
"$U" witness init auditor --name auditor.example/a >made 2>&1
sed -n 's/^witness [^ ]* \(.*+.*+\)/witness a \1/p' made >line
{ cat line; echo 'group auditors 1 a'; echo 'quorum auditors'; } >witnesses.policy
{ cat policy | grep ^log; cat witnesses.policy; } >court.policy
run 0 '' "$U" ledger witnesses --set witnesses.policy
run 1 'does not sign \((404|403)' "$U" mirror cosign mir --witness auditor --now $NOW
run 0 '' "$U" witness trust auditor policy
run 0 '' "$U" mirror cosign mir --witness auditor -o cos10 --now $NOW
yes_if 'it is signature lines' grep -q '^— auditor.example/a ' cos10
run 1 'exists' "$U" mirror cosign mir --witness auditor -o cos10 --now $NOW
# Not yet replayed: the station asks for 12 records, the mirror has 10.
run 0 '' "$U" ledger witness-request --old 10 -o request
yes_if 'a request was made' test -s request
run 1 '10 records were replayed so far|503|not yet' "$U" witness sign auditor --file request --mirror mir -o early --now $NOW
yes_if 'nothing was signed' test ! -e early
run 0 'mir: 12 records, 2 of them new' pull mir folder
run 0 '' "$U" witness sign auditor --file request --mirror mir -o lines --now $NOW
run 0 '' "$U" ledger cosign lines
run 0 '"audited": true' "$U" ledger witnesses --json
tiles folder
run 0 'its checkpoint is new' pull mir folder # the same, with a cosignature
run 0 'auditor.example/a' "$U" ledger export proof 3

# --- what an auditor cannot judge, and what he publishes ---
run 0 'breaches of custody: 0' "$U" mirror audit mir
run 0 '"breaches": \[\]' "$U" mirror audit mir --json
ARGS="$P --now $NOW"
act "$U" allot 1 --containers --key off.key # 51
act "$U" register $(name 8) --items $ROOT/tests/data/kohthom-2016-06-04.csv --container $(name 51) --key off.key
act "$U" release $(name 10) --to $(name 5) --purpose storage --key off.key
run 0 '' "$U" accept $(name 10) --as inventoried --place $(name 9) --signer $(name 5) --offline --draft a.draft $ARGS
env -u UNBROKEN_LEDGER "$U" sign a.draft --key cust.key --yes $P >/dev/null 2>err
act "$U" person revoke $(name 5) --reason 'key lost' --key r1.key --key r2.key
lodged=$(records)
act "$U" lodge a.draft --key cust2.key
act "$U" adopt $lodged $(name 10) --reason 'signed before the loss' --key off2.key --key pros.key
adopted=$((lodged + 1))
# A late release that is adopted, and what answers it: no contradiction, and no breach that he could know of.
run 0 '' "$U" release $(name 13) --to custodian --purpose storage --signer $(name 4) --offline --draft r.draft $ARGS
env -u UNBROKEN_LEDGER "$U" sign r.draft --key off.key --yes $P >/dev/null 2>err
act "$U" person revoke $(name 4) --reason 'phone lost' --key r1.key --key r2.key
released=$(records)
act "$U" lodge r.draft --key cust2.key
act "$U" adopt $released $(name 13) --reason 'signed before the loss' --key off2.key --key pros.key
act "$U" accept $(name 13) --as inventoried --place $(name 9) --key cust2.key
act "$U" release $(name 11) --to custodian --purpose storage --key off2.key --deviation 'the holder has lost his key'
act "$U" accept $(name 11) --as inventoried --place $(name 9) --deviation 'scales broken' --key cust2.key
checkpoint
tiles folder
run 0 'each replayed' pull mir folder
run 0 'breaches of custody: 3$' "$U" mirror audit mir
yes_if 'the breach is published' grep -qE "record [0-9]+: deviation: " out
yes_if 'and not what nobody can know' sh -c "! sed -n '/^breaches/,/^other/p' out | grep -qF '$(name 13)'"
yes_if 'it is told as not judged' grep -qE "$(name 13): orphan: not judged: " out
yes_if 'and what was not judged' grep -qE "record $adopted, $(name 10): orphan: " out
run 0 '' "$U" mirror audit mir -o report
yes_if 'a report is written' grep -q 'nothing contradicts the structure' report
run 1 'exists' "$U" mirror audit mir -o report
run 0 '"not-judged": \[' "$U" mirror audit mir --json
run 0 '' "$U" mirror cosign mir --witness auditor -o cos --now $NOW
run 0 '' "$U" ledger cosign cos
cp -r mir before

# --- an auditor that serves: not yet (503), and once another process has pulled, yes ---
act "$U" note $(name 12) --text 'all there' --key pros.key
checkpoint
tiles folder
run 0 '' "$U" ledger witness-request --witness a -o request3
"$U" witness serve auditor --listen 127.0.0.1:0 --mirror mir --now $NOW >listening 2>log &
SERVER=$!
wait_line listening '^listening on ' || { bad 'witness serve does not listen'; finish; }
URL=$(sed -n 's,^listening on \(.*\),\1,p' listening)
post() { /usr/bin/python3 -c 'import sys, urllib.request, urllib.error
try:
    print(urllib.request.urlopen(sys.argv[1] + "/add-checkpoint", open(sys.argv[2], "rb").read()).status)
except urllib.error.HTTPError as error:
    print(error.code, error.headers.get("Retry-After"), error.read().decode())' "$URL" "$1"; }
run 0 '^503 [0-9]+ .*replayed so far' post request3
run 0 'each replayed' pull mir folder
run 0 '^200' post request3
stop_server
rm -rf before && cp -r mir before

# --- the administrator lies about a thread's last record ---
act "$U" note $(name 12) --text 'one tusk fewer' --key pros.key
hidden=$(($(records) - 1))
checkpoint
"$A" hidden led x --tiles lies --record $hidden || bad 'the forger'
run 1 'contradicts those before it: record [0-9]+: its heads are not those' pull mir lies
yes_if 'an exhibit is offered' grep -q "^EXHIBIT mir/false-heads-$((hidden + 1)).exhibit" out
run 1 'false-heads' "$V" --policy policy --training mir/false-heads-$((hidden + 1)).exhibit
run 1 'false-heads' /usr/bin/python3 "$ROOT/tests/independent/verify.py" --policy policy --training mir/false-heads-$((hidden + 1)).exhibit
yes_if 'everything before it is here' test "$(mirror_records mir)" = $((hidden + 1))
run 1 'contradicts itself from record' "$U" mirror audit mir
"$A" none led x --tiles true
# What was shown is not forgotten: another history of that size is a fork, and the refusal stands.
run 1 'FORK: .*has or was shown' pull mir true
run 1 'contradicts itself from record' "$U" mirror audit mir
# The lie's checkpoint is never cosigned; nor is a true one of that size, before the contradiction is cleared up.
run 0 '' "$U" ledger witness-request --old $((hidden)) -o request2
run 1 'contradicts itself below' "$U" witness sign auditor --file request2 --mirror mir -o never --now $NOW
yes_if 'nothing was signed' test ! -e never
rm -rf mir2 && cp -r before mir2
run 0 'its checkpoint is new' pull mir2 true
run 1 'FORK' pull mir2 lies
yes_if 'with an exhibit' grep -q '^EXHIBIT mir2/fork-' out
run 1 'fork' "$V" --policy policy --training mir2/fork-*.exhibit
run 0 '' "$U" witness sign auditor --file request2 --mirror mir2 -o lines2 --now $NOW

# --- the past rewritten and signed anew ---
"$A" logged led x --tiles rewritten --record 8
run 1 'FORK' pull before rewritten
run 1 'fork' "$V" --policy policy --training before/fork-*.exhibit
yes_if 'the mirror has its own history still' test "$(mirror_records before)" = "$hidden"
rm -rf fresh
run 1 '' pull fresh rewritten
yes_if 'who has no mirror yet sees what was seen' grep -qE 'seen: the signers had seen another history' err

# --- a founding that is not the name's, an invented subject, the end cut off ---
"$A" invented led x --tiles invented
rm -rf fresh
run 1 'its heads are not those' pull fresh invented
"$A" cut led x --tiles cut
run 1 'goes back' pull mir2 cut
"$A" passed-off led x --tiles passed --policy passed.policy
rm -rf fresh
run 1 'not signed by a log of the policy' pull fresh passed
run 1 'signature' "$U" mirror pull fresh --from passed --policy passed.policy

# --- recovery: a mirror has the records and sheets, bundles the details ---
run 0 '' "$U" bundle --all -o all.bundle --now $NOW
mv led lost && cp -r lost led
cp led.head true.head
"$U" ledger backup whole >/dev/null
tiles tiles3
run 0 '' pull mir3 tiles3
act "$U" note $(name 13) --text 'after' --key pros.key
checkpoint
tiles tiles3
run 0 '' pull mir3 tiles3
run 0 '' "$U" bundle $(name 13) -o thirteen.bundle --now $NOW
tiles tiles3
run 0 '' pull mir3 tiles3
cp led.head true.head
rm -rf led && cp -r whole led && cp true.head led.head
run 1 'records are missing' "$U" note $(name 13) --text 'x' --key pros.key $P --now $NOW
run 1 'the detail .* is in none of the sources' "$U" ledger reconcile --from mir3 --offline --without-witness a
run 0 'at hand' "$U" ledger reconcile --from mir3 --from thirteen.bundle --offline --without-witness a
run 0 'taken back: ' "$U" ledger reconcile --from mir3 --from thirteen.bundle --offline --without-witness a --take
run 0 'everything holds' "$U" ledger fsck
finish
