#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# Breaks when the tree of places loses a part or a thing, when a list of a place leaves out what lies in a part of it or in a container there,
# or when a thing that is away is not listed with since when.
. tests/custody/lib.sh

make_ledger
A="$P --now $NOW"
STORE=$(name 9)
act "$U" place open --name 'Room 1' --in $STORE --key cust.key               # 50
act "$U" place open --name 'Shelf A' --in $(name 50) --key cust.key          # 51
act "$U" place open --name 'Laboratory' --key cust.key                       # 52
act "$U" place open --name "$(printf 'Room 2 \\ top')" --in $STORE --key cust.key # 53
act "$U" allot 2 --containers --key off.key                                  # 54, 55
run 1 'is an item, not a place' "$U" place open --name X --in $(name 10) --key cust.key $A
run 1 'never issued' "$U" place open --name X --in $(name 99) --key cust.key $A
run 1 'no office in force' "$U" place open --name X --in $STORE --key off.key $A
{
    echo 'ref,description,quantity,unit,weight_g'
    echo 'T-1,tusk,1,piece,12345.678'
    echo 'T-2,tusk,1,piece,12000'
    echo 'T-3,tusk,1,piece,0.001'
    for n in 4 5 6 7 8 9 10; do echo "T-$n,tusk,1,piece,"; done
} >items.csv
act "$U" register $(name 8) --items items.csv --container $(name 54) --key off.key # 10-19
act "$U" pack $(name 54) $(name 14) $(name 15) --key off.key
run 0 '11 things are held at no place' "$U" places
act "$U" release $(name 10)..$(name 13) $(name 16) $(name 17) $(name 54) --to custodian --purpose storage --key off.key
act "$U" accept $(name 10)..$(name 13) $(name 16) $(name 17) $(name 54) --as inventoried --key cust.key --place $STORE
act "$U" shelve $(name 54) --place $(name 51) --key cust.key
act "$U" shelve $(name 10) --place $(name 50) --key cust.key

run 0 '^4 places|^5 places' "$U" places
yes_if 'the tree' test "$(sed -n 's/^KHPP-[0-9]*-. *\([A-Z].*\)/\1/p' out | cut -d ' ' -f 1,2 | tr '\n' '|')" = 'Customs store|Room 1|Shelf A|Room 2|Laboratory |'
yes_if 'a part stands further in than its whole' sh -c "grep -q '^$(name 50)   Room 1 ' out && grep -q '^$(name 51)     Shelf A ' out"
yes_if 'escaped' grep -qF 'Room 2 \x5c top' out
yes_if 'at the store itself, and with its parts' grep -qE "^$STORE +Customs store +5 +9$" out
yes_if 'in the room' grep -qE "^$(name 50) +Room 1 +$STORE +1 +4$" out
yes_if 'on the shelf, the pallet and what is in it' grep -qE "^$(name 51) +Shelf A +$(name 50) +3 +3$" out
run 0 '"in": "'$STORE'"' "$U" places --json
yes_if 'JSON' python3 - <<'END'
import json
places = {p["name"]: p for p in json.load(open("out"))["places"]}
assert [places[n]["things"] for n in ("Customs store", "Room 1", "Shelf A", "Laboratory", "Room 2 \\ top")] == [5, 1, 3, 0, 0]
assert places["Customs store"]["with-parts"] == 9 and places["Laboratory"]["in"] is None
END

# ---- list --at -------------------------------------------------------------------------------------
run 0 '^9 things' "$U" list --at $STORE
yes_if 'what is in a container is there' grep -q "^$(name 14) " out
yes_if 'and shows where' grep -qE "^$(name 14) item +held .* $(name 51) $(name 54) " out
run 0 '^4 things' "$U" list --at $(name 50)
run 0 '^3 things' "$U" list --at $(name 51)
run 0 '^0 things' "$U" list --at $(name 52)
run 0 '^9 things' "$U" list --at $STORE --held-by $(name 5) --case $(name 8)
run 0 '^0 things' "$U" list --at $STORE --held-by $(name 4)
run 1 'is a case, not a place' "$U" list --at $(name 8)
run 2 '--at needs a value|--at' "$U" list --at

# ---- weights ---------------------------------------------------------------------------------------
run 0 ' 12.345678 ' "$U" list --at $STORE
yes_if 'to the gram' grep -q ' 12.000 ' out
yes_if 'to the milligram' grep -q ' 0.000001 ' out
yes_if 'kilograms' grep -q 'net-kg' out
run 0 '"net-mg": 12345678' "$U" list --at $STORE --json
yes_if 'no kilograms in JSON' sh -c '! grep -q net-kg out'

# ---- out, out of the store, since when -------------------------------------------------------------
printf 'a receipt' >receipt.jpg
act "$U" handout $(name 11) --purpose court --counterparty 'Court clerk \ Mr Heng' --receipt receipt.jpg --due 2018-12-20 --key cust.key --key off.key
act "$U" release $(name 54) --to $(name 4) --purpose laboratory --key cust.key
run 0 '^1 thing' "$U" list --out --now 2018-12-19
yes_if 'with whom, since when, how long, until when' grep -qE "^$(name 11) .* 2018-12-20T16:59:59Z 2018-12-13T03:00:00Z +[0-9]+ +5 +Court clerk .x5c Mr Heng$" out
run 0 '"counterparty": "Court clerk \\\\ Mr Heng"' "$U" list --out --json --now 2018-12-19
run 0 '^3 things' "$U" list --in-transit --now 2018-12-19
# The officer still holds 18 and 19 at no place; 11 is out; the pallet and what is in it is in transit.
run 0 '^6 things' "$U" list --out-of-store --now 2018-12-19
yes_if 'in the pallet' grep -q "^$(name 15) .* in transit" out
yes_if 'held by the officer since he registered it' grep -qE "^$(name 18) item +held .* 2018-12-13T03:00:00Z +13 +5 *$" out
run 0 '^5 things' "$U" list --at $STORE
run 0 '^6 things' "$U" list --longer-than 4 --now 2018-12-19
run 0 '^0 things' "$U" list --longer-than 5 --now 2018-12-19
run 0 '^1 thing' "$U" list --longer-than 4 --out --now 2018-12-19
run 2 'whole number of days' "$U" list --longer-than soon
run 2 'whole number of days' "$U" list --longer-than 99999
# Overdue: past its due time; or in transit for over 30 days without one, and what is in it too.
run 0 '^0 things' "$U" list --overdue --now 2018-12-20
run 0 '^1 thing$' "$U" list --overdue --now 2018-12-23
yes_if 'late' grep -qE " 9 +2 *$" out
run 0 '^1 thing$' "$U" list --overdue --now 2019-01-12T10:00:00+07:00
run 0 '^4 things' "$U" list --overdue --now 2019-01-12T10:00:01+07:00
run 0 '^0 things' "$U" list --missing
"$U" list --json >json
yes_if 'one shape of JSON' python3 - <<'END'
import json
things = json.load(open("json"))["things"]
keys = {"thing", "type", "state", "case", "holder", "place", "in", "pieces", "net-mg", "due", "since", "by-record", "days", "days-late",
        "counterparty", "missing-by-record", "missing-since"}
assert len(things) == 42 and all(set(t) == keys for t in things)
END
finish
