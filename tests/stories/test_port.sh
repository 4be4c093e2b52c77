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
assert inside == ['seal', 'release', 'accept', 'shelve', 'unseal', 'reseal', 'stocktake', 'stocktake'], acts
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
finish
