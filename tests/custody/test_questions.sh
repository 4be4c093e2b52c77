#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# What a prosecutor asks. Breaks when a thing's time in a container is left out of its history, of who had it, or of whose hands it was in;
# when the program and the verifier tell two histories; when a seal that was opened, or what is overdue inside a sealed pallet, is not told.
. tests/custody/lib.sh

make_ledger
C=$(name 8)
cat >list.csv <<'END'
ref,description,quantity,unit
T-1,whole tusk,1,piece
T-2,whole tusk,1,piece
T-3,whole tusk,1,piece
T-4,whole tusk,1,piece
T-5,whole tusk,1,piece
END
# at TIME COMMAND...: one that must succeed, at that time.
at() {
    NOW=$1
    shift
    act "$@"
}
DAY=2018-12-13T11:00:00+07:00
at $DAY "$U" allot 3 --containers --key off.key
at $DAY "$U" register $C --items list.csv --key off.key
at $DAY "$U" register $C --container $(name 50) --container $(name 51) --key off.key
BOX=$(name 50) PALLET=$(name 51) TUSK=$(name 10)
at 2018-12-13T12:00:00+07:00 "$U" pack $BOX $(name 10) $(name 11) --key off.key
packed=$(($(records) - 1))
at 2018-12-14T09:00:00+07:00 "$U" pack $PALLET $BOX --key off.key
at 2018-12-14T10:00:00+07:00 "$U" seal $PALLET --put-on S1 --witness 'Village chief' --key off.key --key off2.key
at 2018-12-15T08:00:00+07:00 "$U" release $PALLET --found S1 --to $(name 5) --purpose storage --due 2018-12-16 --key off.key
run 0 '^4 things' "$U" list --in-transit
run 0 '^0 things' "$U" list --overdue --now 2018-12-16T23:00:00+07:00
run 0 '^4 things' "$U" list --overdue --now 2018-12-19T09:00:00+07:00
yes_if 'a tusk inside a late pallet is late' grep -qE "$TUSK +item +in transit .* $BOX .*2018-12-16T16:59:59Z 2018-12-15T01:00:00Z" out
run 0 '"days-late": 2' "$U" list --overdue --now 2018-12-19T09:00:00+07:00 --json
run 0 '"days": 4' "$U" list --overdue --now 2018-12-19T09:00:00+07:00 --json
run 0 '"in": "'$BOX'"' "$U" list --case $C --json
at 2018-12-15T18:00:00+07:00 "$U" accept $PALLET --as sealed --found S1 --place $(name 9) --key cust.key
accepted=$(($(records) - 1))
at 2018-12-17T09:00:00+07:00 "$U" unseal $PALLET --reason court --removed S1 --found S1 --witness 'Court clerk' --remarks 'ordered by the judge' --key cust.key --key pros.key
at 2018-12-17T09:10:00+07:00 "$U" unpack $PALLET $BOX --key cust.key
at 2018-12-17T09:20:00+07:00 "$U" unpack $BOX $(name 10) --key cust.key
echo thumbprint >receipt.txt
at 2018-12-18T09:00:00+07:00 "$U" handout $(name 10) --purpose court --counterparty 'Clerk Mey Dara' --receipt receipt.txt --key cust.key --key pros.key
at 2018-12-19T09:00:00+07:00 "$U" takeback $(name 10) --counterparty 'Clerk Mey Dara' --receipt receipt.txt --key cust.key --key pros.key
at 2018-12-20T09:00:00+07:00 "$U" release $(name 12) --to custodian --purpose storage --key off.key
at 2018-12-20T09:30:00+07:00 "$U" handout $(name 11) --purpose court --counterparty Nobody --receipt receipt.txt --key cust.key --key pros.key \
    --deviation 'never unpacked' 2>/dev/null

# Who had it: a day, a moment, a day with a handover, in transit inside a pallet inside nothing else, before it was anything.
run 2 'needs --on' "$U" who-had $TUSK
run 1 'not a time' "$U" who-had $TUSK --on yesterday
run 1 'only items and containers' "$U" who-had $C --on 2018-12-14
run 1 'nearest right name' "$U" who-had KHPP-10-0 --on 2018-12-14
run 0 'nobody: no record of it is that old' "$U" who-had $TUSK --on 2018-12-01 --now $NOW
run 0 "$(name 4) Sok Dara +held .* $BOX " "$U" who-had $TUSK --on 2018-12-14T12:00 --now $NOW
run 0 "$(name 4) Sok Dara +in transit to $(name 5) Keo Store" "$U" who-had $TUSK --on 2018-12-15T12:00 --now $NOW
yes_if 'one answer for one moment' test "$(grep -c "$(name 4)" out)" = 1
run 0 "$(name 5) Keo Store +held +$(name 9) +$BOX +$accepted " "$U" who-had $TUSK --on 2018-12-15T18:00 --now $NOW
yes_if 'the moment of a handover is the receiver'"'"'s' sh -c '! grep -q "Sok Dara" out'
run 0 "in transit" "$U" who-had $TUSK --on 2018-12-15T17:59 --now $NOW
run 0 '"custody": "in transit to' "$U" who-had $TUSK --on 2018-12-15 --json --now $NOW
yes_if 'three spans on the day of the handover' test "$(grep -c '"record"' out)" = 3
run 0 "$(name 5) Keo Store +out with Clerk Mey Dara" "$U" who-had $TUSK --on 2018-12-18T12:00 --now $NOW
run 0 "$(name 5) Keo Store +held" "$U" who-had $TUSK --on 2018-12-25 --now $NOW
run 0 'as of record [0-9]+, logged 2018-12-20T' "$U" who-had $TUSK --on 2018-12-25 --now $NOW
run 0 'unused' "$U" who-had $(name 20) --on 2018-12-14 --now $NOW
run 0 'closed|held' "$U" who-had $PALLET --on 2018-12-18 --now $NOW
yes_if 'an emptied container is closed, by the record that emptied it' grep -q 'closed (unpack)' out

# In whose hands: through the pallet; what never was is not told.
run 1 'is a case, not a person' "$U" in-hands-of $C
run 0 '^4 things' "$U" in-hands-of $(name 5)
yes_if 'the tusk came in the box, by one record' grep -qE "^$TUSK +item .* 2018-12-15T11:00:00Z +$accepted +$BOX " out
run 0 '"still": "yes"' "$U" in-hands-of $(name 5) --json
run 0 '^7 things' "$U" in-hands-of $(name 4)
yes_if 'it left with the pallet' grep -qE "^$TUSK .* $accepted +1 +no" out
run 0 '^0 things' "$U" in-hands-of $(name 6)
run 0 '"times": 2' "$U" in-hands-of $(name 5) --json

# Seals: of the item, through its containers, once each; and what was never sealed.
run 2 'and not both' "$U" seals
run 2 'and not both' "$U" seals $TUSK --case $C
run 1 'only items and containers have seals' "$U" seals $C
yes_if 'the way on' grep -q "hint: unbroken seals --case $C" err
run 0 "^$PALLET +[0-9]+ +2018-12-14T03:00:00Z +seal .* S1 " "$U" seals $TUSK
yes_if 'opened: why, by whom, before whom' grep -qE "unseal +S1 +S1 +court; ordered by the judge +$(name 5) Keo Store +$(name 7) Prosecutor, prosecutor; Court clerk" out
yes_if 'found at each handover' test "$(grep -cE ' (release|accept) +S1 ' out)" = 2
"$U" seals $TUSK --json 2>/dev/null | sed 1d >one
"$U" seals --case $C --json 2>/dev/null | sed 1d >all
yes_if 'what is in one pallet is told once' test "$(grep -c '"unseal"' all)" = 1
run 0 'no seal was put on' "$U" seals $(name 12)
run 0 '"seals": \[\]' "$U" seals $(name 12) --json

# Signed by.
run 1 'is an item, not a person' "$U" signed-by $TUSK
run 2 'is before --from' "$U" signed-by $(name 4) --from 2018-12-20 --to 2018-12-19 --now $NOW
run 0 'prosecutor +unseal +court +'$PALLET "$U" signed-by $(name 7) --now $NOW
run 0 '^1 signature$' "$U" signed-by $(name 6) --from 2018-12-14 --now $NOW
run 0 '^0 signatures$' "$U" signed-by $(name 6) --from 2018-12-15 --now $NOW
run 0 'person concerned +enrol' "$U" signed-by $(name 6) --now $NOW
run 0 "pack +.*$(name 10), $(name 11), $BOX" "$U" signed-by $(name 4) --from 2018-12-13T12:00 --to 2018-12-13T12:00 --now $NOW
run 0 'DEVIATION' "$U" signed-by $(name 5) --now $NOW

# Overdue without a due time: what is in transit, after 30 days; what was handed out so is no breach.
run 0 '^0 things$' "$U" list --overdue --now 2019-01-19T08:59:59+07:00
run 0 '^1 thing$' "$U" list --overdue --now 2019-01-30T09:00:00+07:00

# The history reads through the containers, in the program and in the verifier alike.
run 0 "release +storage +$PALLET +$(name 4) Sok Dara, officer" "$U" history $TUSK
run 0 '"in": "'$PALLET'"' "$U" history $TUSK --json
run 0 '"in": null' "$U" history $TUSK --json
"$U" ledger policy 2>/dev/null | sed '/^TRAINING/d' >court.policy
for n in 10 11 12 50 51; do
    "$U" history $(name $n) --json >ours.json 2>/dev/null
    run 0 '' "$U" bundle $(name $n) -o $n.bundle --now $NOW
    "$V" --policy court.policy --training $n.bundle >verdict 2>&1
    cat >same.py <<'END'
import json, re, sys
rows = [(r["record"], r["act"], r["in"]) for r in json.load(open("ours.json"))["history"]]
told = open("verdict").read().split("History of " + sys.argv[1])[1].split("\nNot proven")[0]
line = re.compile(r"^  record (\d+)  \S+  ([a-z ]+?)(?: \([a-z ]+\))?(?:, in (\S+?),)?(?:,? \d+ subjects,)? by ", re.M)
theirs = [(int(m[1]), m[2], m[3]) for m in line.finditer(told)]
print(rows, theirs)
sys.exit(rows != theirs or len(rows) < 2)
END
    run 0 '' python3 same.py $(name $n)
done
"$U" history $TUSK --json 2>/dev/null >ours.json
yes_if 'nothing of the pallet after it was taken out, nor before it was packed' python3 -c "
import json
rows = json.load(open('ours.json'))['history']
inside = [r['record'] for r in rows if r['in']]
assert [r['act'] for r in rows] == ['allot', 'register', 'pack', 'pack', 'seal', 'release', 'accept', 'unseal', 'unpack', 'unpack', 'hand out', 'take back'], rows
assert min(inside) > $packed and [r['in'] for r in rows if r['act'] == 'pack'] == [None, '$BOX'], rows"

# A broken rule: the reason beside it, what a court will ask, and of whom.
run 3 'deviation: "hand out" was entered as a deviation from the rules; reason stated: never unpacked' "$V" --policy court.policy --training 11.bundle
yes_if 'asked' grep -q '^  packed: Was it in the container or not' out
yes_if 'of whom' grep -qE "^      record [0-9]+: $(name 5) \(Keo Store\), custodian; $(name 7) \(Prosecutor\), prosecutor" out
run 3 '"code":"deviation","questions":\["Why[^]]*"\],"records":\[\{"record":[0-9]+,"who":"'$(name 5)' \(Keo Store\)' "$V" --json --policy court.policy --training 11.bundle
yes_if 'the reason too' grep -q '"reason":"never unpacked"' out
run 0 '"court_will_ask":\[\]' "$V" --json --policy court.policy --training 12.bundle
finish
