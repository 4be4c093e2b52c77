#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# Breaks when a weight that is off passes unexplained, a weighing is not shown against every earlier one, a list of weights is
# recorded in part, or an officer's presumption is shown as an expert's identification.
. tests/custody/lib.sh

make_ledger
A="$P --now $NOW"
CASE=$(name 8)
make_keys exp
enrol 'Chan Lina' expert exp
cat >list.csv <<'END'
ref,description,species,specimen,quantity,unit,weight_g
T-1,whole tusk,Loxodonta africana,TUS,1,piece,1850
T-2,whole tusk,Loxodonta africana,TUS,1,piece,2000.5
T-3,carving,Loxodonta africana,IVC,1,piece,
T-4,chip,,IVP,1,piece,20
T-5,whole tusk,,TUS,1,piece,1000
END
act "$U" register $CASE --items list.csv --key off.key
A1=$(name 10) A2=$(name 11) A3=$(name 12) A4=$(name 13) A5=$(name 14)
verify() { # STATUS PATTERN: the case's bundle, by the other program
    rm -f case.bundle
    run 0 'bytes' "$U" bundle $CASE -o case.bundle --now $NOW
    run "$1" "$2" "$V" --policy court.policy --training case.bundle
}
"$U" ledger policy >court.policy

before=$(records)
run 2 'weigh needs SUBJECT' "$U" weigh --scale K --key off.key $A
run 2 'weigh needs --net' "$U" weigh $A1 --scale K --key off.key $A
run 2 'weigh needs --scale' "$U" weigh $A1 --net 1850 --key off.key $A
run 2 'one name with its weight' "$U" weigh $A1 $A2 --net 1850 --scale K --key off.key $A
run 2 '--net 1,850: a weight like' "$U" weigh $A1 --net 1,850 --scale K --key off.key $A
run 2 '--net 1.2345: a weight like' "$U" weigh $A1 --net 1.2345 --scale K --key off.key $A
run 2 'behind its tag' "$U" weigh --scan --net 5 --scale K --key off.key $A
run 2 'from the list, and no others' "$U" weigh $A1 --weights w.csv --scale K --key off.key $A
run 1 'tare is missing' "$U" weigh $A1 --gross 1900 --scale K --key off.key $A
run 1 'tare is more than gross' "$U" weigh $A1 --gross 50 --tare 1900 --scale K --key off.key $A
run 1 'net is not gross less tare, which is 1850 g' "$U" weigh $A1 --gross 1900 --tare 50 --net 1851 --scale K --key off.key $A
run 1 'is a case' "$U" weigh $CASE --net 5 --scale K --key off.key $A
run 1 'is unused' "$U" weigh $(name 30) --net 5 --scale K --key off.key $A
run 1 'is held by' "$U" weigh $A1 --net 1850 --scale K --key cust.key $A
run 1 "$A1: 1800 g, -50 g \(-2.7 %\) since last: above 2 % and 1 g, and unexplained" "$U" weigh $A1 --net 1800 --scale K --key off.key $A
yes_if 'the hint names the option' grep -q 'hint: .*--drift-explanation TEXT' err
run 1 'above 2 %' "$U" weigh $A1 --net 1.9kg --scale K --key off.key $A
yes_if 'refusals record nothing' test "$(records)" = "$before"
run 0 "^$A3 was never weighed" "$U" weights $A3
run 1 'is a case, not a thing' "$U" weights $CASE

# Within 2 %, or within 1 g: nothing to explain. Each weight is shown against all that came before.
run 0 "^weighed 1: $A4: record [0-9]+$" "$U" weigh $A4 --net 19 --scale K --key off.key $A
run 0 "$A1 +[0-9]+ .* register +1850 +0 +-35 +-1.8 " "$U" weigh $A1 --net '1815 g' --scale K --key off.key $A
run 0 'weigh +1865 +50 +1815 ' "$U" weigh $A1 --gross 1.865kg --tare 50 --scale 'Kern 7731' --calibration 'certificate 884' --key off.key $A
yes_if 'the scale and its calibration' grep -q 'Kern 7731; calibration certificate 884' out
# Twice less than 2 %, but more than 2 % in all: no rule is broken, and it is seen.
run 0 'register +1850 +0 +-70 +-3.7 beyond 2 %' "$U" weigh $A1 --net 1780 --scale K --key off.key $A
run 0 'weigh +1815 +0 +-35 +-1.9 ' "$U" weights $A1
yes_if 'the latest stands last, compared with nothing' sh -c 'tail -n 1 out | grep -qE "weigh +1780 +K *$"'
run 0 'beyond 2 %' "$U" weigh $A1 --net 1700 --scale K --drift-explanation 'dried in the store' --key off.key $A
run 0 '' "$U" weigh $A1 --net 1700 --scale K --key off.key $A
run 0 '"drift-mg": 0,' "$U" weights $A1 --json
yes_if 'the explanation then stays with the weighing' grep -q '"explanation": "dried in the store"' out
yes_if 'the first against the last, in milligrams' sh -c 'grep -A3 "\"net-mg\": 1850000" out | grep -q "\"drift-mg\": -150000"'
verify 0 'drift'

# A deviation is recorded, and every verdict says so.
run 0 'breach of custody: .*mass differs' "$U" weigh $A2 --net 1500 --scale K --deviation 'half of it is gone, cause unknown' --key off.key $A
verify 3 'mass'
yes_if 'its name stands there' grep -q "$A2" out

# By scan: an unlikely weight is refused while the thing is still on the scale, the others are recorded.
printf '%s 1010\n%s 1\n%s gross=2000 tare=500\n%s net=3.5kg 4\n%s x\n%s\n' $A5 $A1 $A2 $A3 $A4 $A4 >scan
fed scan 0 'weighed 2: ' "$U" weigh --scan --scale K --key off.key $A
yes_if 'said at once, with the drift' grep -q "^ok $A5 (1): 1010 g, +10 g (+1.0 %) since last" out
yes_if 'gross and tare' grep -q "^ok $A2 (2): 1500 g, 0 g (0.0 %) since last" out
yes_if 'weigh it again' grep -q "refused: $A1: 1 g, -1699 g (-99.9 %) since last: above 2 %" err
yes_if 'two weights' grep -q 'refused: "4" behind the tag is not one weight' err
yes_if 'no weight' grep -q "refused: $A4: no weight" err
yes_if 'how many were refused' grep -q '4 scanned lines were refused' err
run 0 'weigh +2000 +500 +1500' "$U" weights $A2
fed scan 0 'weighed 3: ' "$U" weigh --scan --scale K --drift-explanation 'sawn through' --key off.key $A

# By list: every mistake with its line and column, all or nothing.
before=$(records)
run 1 'no such file' "$U" weigh --weights nowhere.csv --scale K --key off.key $A
printf 'name,net\n%s,5\n' $A1 >w.csv
run 1 'w.csv:1: column 2 \(heading\): no such column: name, gross_g, tare_g, net_g and drift_explanation' "$U" weigh --weights w.csv --scale K --key off.key $A
printf 'net_g\n5\n' >w.csv
run 1 'a column is missing: name must be there' "$U" weigh --weights w.csv --scale K --key off.key $A
printf 'name,net_g\n' >w.csv
run 1 'nothing in this list; nothing was weighed' "$U" weigh --weights w.csv --scale K --key off.key $A
printf 'name,gross_g,tare_g,net_g\n%s,,,kg\n%s,5,,\n,,,5\n%s,2,1,2\n%s,9\n' $A1 $A2 $A3 $A4 >w.csv
run 1 'w.csv: 5 mistakes; nothing was weighed' "$U" weigh --weights w.csv --scale K --key off.key $A
for want in '2: column 4 (net_g): is not a weight' '3: column 4 (net_g): gross and tare go together' '4: column 1 (name): is empty' \
    '5: column 4 (net_g): net is not gross' '6: column 3 (row): has 2 cells'; do
    yes_if "$want" grep -qF "w.csv:$want" err
done
printf 'name,net_g,drift_explanation\n%s,990,\n%s,1.5,\n%s,1,\nKHPP-1-1,5,\n' $A5 $A2 $A5 >w.csv
run 1 'w.csv: 4 mistakes' "$U" weigh --weights w.csv --scale K --key off.key $A
yes_if 'drift by line' grep -qF 'w.csv:3: column 2 (net_g): 1500 g before, now -99.9 %: above 2 % and 1 g, and unexplained' err
yes_if 'named twice' grep -qF 'w.csv:4: column 1 (name): stands in line 2 too' err
yes_if 'the nearest right name' grep -q 'w.csv:5: column 1 (name): .*right name' err
yes_if 'refused lists record nothing' test "$(records)" = "$before"
printf 'name,net_g,drift_explanation\n%s,1005,\n%s,1400,"sawn, see record"\n' $A5 $A2 >w.csv
run 0 'weighed 2: ' "$U" weigh --weights w.csv --scale K --calibration C --key off.key $A
yes_if 'one act for both' test "$(records)" = $((before + 1))
run 0 'sawn, see record' "$U" weights $A2
run 0 '' "$U" weights $A5
yes_if 'each its own explanation' sh -c '! grep -q "see record" out'

# A draft is weighed when all have signed, and nothing is said before.
run 0 'draft of 1 act' "$U" weigh $A5 --net 1004 --scale K --signer $(name 4) --draft w.draft --now $NOW
run 0 '' "$U" sign w.draft --key off.key $P --yes

# Examined and identified.
run 2 'needs --finding' "$U" examine $A1 --key off.key $A
run 0 "examined 2: $A1, $A2: record" "$U" examine $A1 $A2 --finding 'saw cut at base' --method 'by eye' --photograph list.csv --key off.key $A
run 1 'is held by' "$U" examine $A1 --finding x --key exp.key $A
run 2 'one of presumptive, confirmed' "$U" identify $A1 --as sure --identification x --key exp.key $A
run 2 'needs --identification' "$U" identify $A1 --as confirmed --key exp.key $A
run 1 'holds no office in force that may sign this: expert' "$U" identify $A1 --as confirmed --identification x --key off.key $A
run 1 'report.pdf cannot be read' "$U" identify $A1 --as confirmed --identification x --document report.pdf --key exp.key $A
run 0 "^species presumed: Loxodonta africana \($(name 4) Sok Dara, officer, record 9," "$U" show $A1
yes_if 'nobody has identified it' sh -c '! grep -q "^species [^p]" out && ! grep -q "^species presumptive" out'
run 0 "identified 1: $A1" "$U" identify $A1 --as presumptive --identification Elephantidae --method 'by eye' --key exp.key $A
printf '%%PDF-' >report.pdf
# Custody does not matter: packed, sealed, in another's hands.
act "$U" allot 1 --containers --key off.key
act "$U" register $CASE --container $(name 51) --key off.key
act "$U" pack $(name 51) $A1 $A2 --key off.key
run 1 'is packed in' "$U" weigh $A1 --net 1700 --scale K --key off.key $A
run 0 'identified 2:' "$U" identify $A1 $A2 --as confirmed --identification 'Loxodonta africana' --method 'DNA, 16S' --document report.pdf \
    --confirmed-by 'Laboratory LK-7' --key exp.key $A
run 0 "^species confirmed: Loxodonta africana \($(name 50) Chan Lina, expert, record [0-9]+, .*; method: DNA, 16S; confirmed by: Laboratory LK-7$" "$U" show $A1
yes_if 'the three stand apart' test "$(grep -c '^species ' out)" = 3
yes_if 'the presumption is still an officer'"'"'s' grep -q '^species presumed: .*officer' out
run 0 '"as": "presumptive"' "$U" show $A1 --json
"$U" show $A1 --json >json 2>/dev/null
yes_if 'as JSON' python3 -c '
import json
said = json.load(open("json"))["species"]
assert [(s["as"], s["name"], s["office"]) for s in said] == [("presumed", "Loxodonta africana", "officer"),
    ("presumptive", "Elephantidae", "expert"), ("confirmed", "Loxodonta africana", "expert")], said'
run 0 'records: ' "$U" show $CASE
yes_if 'a case has no species' sh -c '! grep -q "^species" out'

# What was recorded as a deviation is all that the other program finds.
verify 3 'mass'
rm -f item.bundle
run 0 '' "$U" bundle $A5 -o item.bundle --now $NOW
run 0 '' "$V" --policy court.policy --training item.bundle

# What a court had erased is not what was never said.
explained=$("$U" weights $A1 --json | python3 -c 'import json, sys; print([w["record"] for w in json.load(sys.stdin)["weighings"] if w["explanation"] == "dried in the store"][0])')
act "$U" erase "$explained" --erase drift-explanation --order 'Order 5/2019' --key r1.key --key r2.key
run 0 '\(erased\)' "$U" weights $A1
yes_if 'the explanation was given, and erased' sh -c 'grep -q "(erased)" out && ! grep -q "dried in the store" out'
finish
