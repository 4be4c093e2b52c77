#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# The port of Phnom Penh, 13 December 2018: `make demo` plays it, by the commands a person types (tests/demo/demo.sh: each verdict there must be
# the one that it names). Here its ledger is asked again, thing by thing. Breaks when the demo breaks, when a thing's history has a hole in the
# time that it was packed, or when the tusk that became plaster spoils the verdict on another one, or does not spoil its own.
TOP=$PWD
. tests/custody/lib.sh

mkdir demo
run 0 'Made in' sh -c "cd '$TOP' && DEMO_OUT='$DIR/demo' BUILD='$BIN' sh tests/demo/demo.sh"
cp out transcript
[ "$failed" -eq 0 ] || finish
UNBROKEN_LEDGER=$DIR/demo/ledger
export UNBROKEN_LEDGER
# Its witnesses are gone; what follows stands on the station's word.
"$U" ledger witnesses --set none >out 2>err
cp demo/court.policy court.policy
NOW=2019-03-01T13:00:00+07:00
said() { yes_if "$1" grep -qE -e "$1" transcript; }
said 'registered 1026 items in case KHPP-[0-9]*-.*, packed into 27 containers'
said 'sealed 27: '
said 'released 27: '
said 'refused: KHPP-[0-9]*-.: seal differs: KH-41001'
said 'accepted 26: '
said 'examined 27: '
said 'identified 27: '
said 'consumed 2: '
said 'vouched for by the seals of the containers that they are in: 1026'
said 'NOT FOUND: 1'

json() { "$U" "$@" --json 2>/dev/null; }
CASE=$(grep -o 'in case KHPP-[0-9]*-[0-9A-Z]' transcript | head -n 1 | sed 's/in case //')
pallet() { sed -n "$1p" demo/pallets.txt; }
SWAPPED=$(grep -A1 'NOT FOUND' transcript | grep -o 'KHPP-[0-9]*-[0-9A-Z]' | head -n 1)
SAMPLED=$(sed -n 17p demo/tusks.txt)
SAMPLE=$(sed -n 3p demo/dna.txt)
USED=$(sed -n 1p demo/dna.txt)

# 27 samples of 2.5 g, and the tusks lighter by them and by what was drilled away.
yes_if 'the masses add up' python3 - "$(json weights "$SAMPLED")" <<'END'
import json, sys
rows = json.loads(sys.argv[1])['weighings']
nets = [r['net-mg'] for r in rows]
assert nets[0] - nets[-1] == 2800, nets
END
run 0 'state: closed' "$U" show "$USED"
run 0 'species confirmed' "$U" show "$SAMPLE"
run 0 '.' "$U" list --in "$(pallet 1)"
yes_if 'all 38 are back on their pallet' grep -q '^38 things' out

# Each tusk's history reads through its time on the pallet: sealed, handed over, shelved, counted.
json history "$SAMPLED" >history.json
yes_if 'history through the pallet' python3 - "$(pallet 1)" <<'END'
import json, sys
rows = json.load(open('history.json'))['history']
acts = [(r['act'], r['in']) for r in rows]
inside = [a for a, where in acts if where == sys.argv[1]]
assert inside == ['label', 'seal', 'release', 'accept', 'shelve', 'unseal', 'reseal', 'stocktake', 'stocktake'], acts
own = [a for a, where in acts if where is None]
assert own[:3] == ['allot', 'register', 'pack'] and own[-2:] == ['pack', 'note'] and 'sample' in own, acts
assert [r['record'] for r in rows] == sorted(r['record'] for r in rows)
END

# The verdicts, by both verifiers: the tusk that became plaster, and everything else.
verdict 3 missing "$SWAPPED"
verdict 3 missing "$CASE"
for thing in "$SAMPLED" "$SAMPLE" "$USED" "$(pallet 1)" "$(pallet 5)" "$(pallet 7)" "$(pallet 27)" "$(sed -n 1026p demo/tusks.txt)"; do
    verdict 0 '' "$thing"
done

# What a prosecutor asks.
run 0 'Sok Dara' "$U" who-had "$SWAPPED" --on 2018-12-13
yes_if 'two people had it that day' grep -q 'Nguyễn' out
run 0 'KH-41005' "$U" seals "$(pallet 5)"
run 0 'inspection' "$U" seals "$(pallet 3)"
run 0 "$SAMPLE" "$U" in-hands-of "$(json person list | python3 -c 'import json, sys
print(next(p["person"] for p in json.load(sys.stdin)["people"] if "Dalin" in p["name"]))')"
run 0 "$SWAPPED" "$U" list --missing --now $NOW
run 0 '0 things' "$U" list --overdue --now $NOW
run 0 'everything holds' "$U" ledger fsck
# The prosecutor's report on the whole of it: each of the 1,081 things by its name and number, with its own facts, in few groups.
run 0 'a report, no certificate' "$U" report --case "$CASE" -o report.pdf --now $NOW
pdftotext -raw report.pdf report.txt
tr '\n' ' ' <report.txt | sed 's/  */ /g' >text
yes_if 'each registered thing has its number' test "$(grep -oE '\([0-9]+/1054\)' text | sort -u | wc -l)" -eq 1054
# Of a run of names only the first and the last stand in a heading: so each name stands at its own facts.
grep -oE 'KHPP-[0-9]+-[0-9A-Z]' text | sort -u >named
yes_if 'each tusk is named' sh -c '! sort -u demo/tusks.txt | comm -23 - named | grep .'
yes_if 'each tusk has the reference of its list' sh -c 'cut -d, -f1 '"$TOP"'/tests/data/ppap-2018-12-13.csv | sed 1d | while read -r ref; do grep -qE "$ref[; ]" text || { echo $ref; exit 1; }; done'
yes_if 'the samples too' test "$(grep -oE 'ref: DNA-[0-9]+' text | sort -u | wc -l)" -eq 27
yes_if 'in few groups' test "$(sed -n 's/.*1081 things in \([0-9]*\) groups.*/\1/p' text)" -le 20
yes_if 'the plaster' grep -q "Missing: a stock-take did not find it (1) • record [0-9]*, 2019-03-01 09:00: $SWAPPED was not found" text
run 0 'No syntax or stream encoding errors' qpdf --check report.pdf
finish
