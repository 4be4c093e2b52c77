#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# Breaks when a sum that does not come out is recorded, a number is computed and not shown, a part gets another officer's number, or a
# list of samples is recorded in part.
. tests/custody/lib.sh

make_ledger
A="$P --now $NOW"
CASE=$(name 8)
cat >list.csv <<'END'
ref,description,quantity,unit,weight_g
T-1,whole tusk,1,piece,1850
T-2,bag of chips,10,piece,500
T-3,carvings,4,piece,
T-4,tusk,1,piece,900
END
act "$U" register $CASE --items list.csv --key off.key
"$U" ledger policy >court.policy
A1=$(name 10) A2=$(name 11) A3=$(name 12) A4=$(name 13)
TWO='--key off.key --key off2.key'
verify() { # STATUS PATTERN SUBJECT
    rm -f x.bundle
    run 0 '' "$U" bundle "$3" -o x.bundle --now $NOW
    run "$1" "$2" "$V" --policy court.policy --training x.bundle
}

before=$(records)
run 2 'sample needs PARENT, or --list FILE' "$U" sample $TWO $A
run 2 'sample needs --into mass=GRAMS' "$U" sample $A1 $TWO $A
run 2 'takes everything from the list' "$U" sample $A1 --list x.csv $TWO $A
run 2 '"weight=5" is not one of mass=G' "$U" sample $A1 --into weight=5 $TWO $A
run 2 '"mass=" is not a weight' "$U" sample $A1 --into mass= $TWO $A
run 2 '"mass=2" stands twice' "$U" sample $A1 --into mass=1,mass=2 $TWO $A
run 2 '"pieces=0" is not a whole number of at least 1' "$U" sample $A1 --into mass=1,pieces=0 $TWO $A
run 2 '"ref=" is empty' "$U" sample $A1 --into mass=1,ref= $TWO $A
run 2 'says nothing' "$U" sample $A1 --into '' $TWO $A
run 2 '--loss x: a weight' "$U" sample $A1 --into mass=1 --loss x $TWO $A
run 1 'does not add up' "$U" sample $A1 --into mass=1851 $TWO $A
run 1 "$A1: 1850 g found, but 5 g taken, 1 g lost, 1845 g remaining: that does not add up" "$U" sample $A1 --into mass=5 --loss 1 --remains 1845 $TWO $A
run 1 '1700 g found, 1850 g before \(-8.1 %\): above 2 % and 1 g' "$U" sample $A1 --into mass=5 --found 1700 $TWO $A
yes_if 'the hint names the option' grep -q 'hint: .*--drift-explanation' err
run 1 'was never weighed: no sum can be made' "$U" sample $A3 --into mass=5 $TWO $A
run 1 'is a case' "$U" sample $CASE --into mass=5 $TWO $A
run 1 'is held, not unused' "$U" sample $A1 --into mass=5,to=$A2 $TWO $A
run 1 'is named twice' "$U" sample $A1 --into mass=5,to=$(name 40) --into mass=5,to=$(name 40) $TWO $A
run 1 'is held by' "$U" sample $A1 --into mass=5 --key off2.key --key off.key $A
run 1 '' "$U" sample $A1 --into mass=5 --key off.key $A
run 1 'holds no office in force that may sign this: officer or expert' "$U" sample $A1 --into mass=5 --key cust.key --key off.key $A
yes_if 'refusals record nothing' test "$(records)" = "$before"

# The officer's next unused numbers, around the one that is named; what is not stated follows from the rest, and is shown.
run 0 "^  $A1: 1850 g found = 7.5 g in 3 samples \($(name 14)\.\.$(name 16)\) \+ 0.3 g lost \+ 1842.2 g that remain$" \
    "$U" sample $A1 --into mass=2.5,ref=S-1,description='powder, from the base, dry' --into mass=2500mg,to=$(name 14),package=tube --into mass=2.5g \
    --loss 0.3 --witness 'Chea Vannak' --method drilled $TWO $A
run 0 'description: powder, from the base, dry' "$U" show $(name 15)
yes_if 'its case, holder, mass and piece' sh -c "grep -q '^case: $CASE' out && grep -q '^holder: $(name 4)' out && grep -q '^net-mg: 2500' out && grep -q '^pieces: 1' out"
run 0 'package: tube' "$U" show $(name 14)
run 0 'description: sample' "$U" show $(name 16)
run 0 'sample: remains +1842.2' "$U" weights $A1
run 0 'register +1850 +7.8 +0 +0.0' "$U" weights $A1
run 0 'net-mg 1842200' "$U" show $((before))
yes_if 'the sum stands in the act' grep -q 'gross-mg 1850000, tare-mg 300, net-mg 1842200' out
run 0 '1842.2 g found = 2.2 g in 1 sample .* \+ 1 g lost \+ 1839 g that remain' "$U" sample $A1 --into mass=2.2 --remains 1839 $TWO $A
run 0 '1805 g found = 5 g in 1 sample' "$U" sample $A1 --into mass=5 --found 1805 $TWO $A
run 0 "$A3: 1 sample \($(name 19)\)$" "$U" sample $A3 --into pieces=1 $TWO $A
run 0 '40 g found = 3 g in 1 sample .* \+ 0 g lost \+ 37 g that remain' "$U" sample $A3 --into mass=3 --found 40 $TWO $A
verify 0 '' $A1
verify 0 '' $(name 14)

# Split: pieces and mass.
run 1 'each part that is split off needs pieces=N' "$U" split $A2 --into mass=10 --key off.key $A
run 1 'has a known mass: each part' "$U" split $A2 --into pieces=1 --key off.key $A
run 1 '10 pieces before, but 11 split off' "$U" split $A2 --into pieces=11,mass=10 --key off.key $A
run 1 '10 pieces before, but 3 split off and others remaining' "$U" split $A2 --into pieces=3,mass=10 --remaining-pieces 6 --key off.key $A
run 0 "$A2: 500 g found = 170 g in 2 parts \($(name 21), $(name 22)\) \+ 0 g lost \+ 330 g that remain; 10 pieces = 4 split off \+ 6 that remain" \
    "$U" split $A2 --into pieces=3,mass=120,ref=B-1 --into pieces=1,mass=50 --key off.key $A
run 0 'pieces: 6' "$U" show $A2
verify 0 '' $CASE
run 1 'is unused' "$U" split $(name 30) --into pieces=1 --key off.key $A

# A list: all mistakes with their places, all or nothing; one act for each parent, one commit.
before=$(records)
printf 'parent,mass_g\n%s,1.5\n,2\n%s,x\nKHPP-1-1,3\n' $A1 $A1 >s.csv
run 1 's.csv: 2 mistakes; nothing was sampled' "$U" sample --list s.csv $TWO $A
yes_if 'line and column' sh -c 'grep -qF "s.csv:3: column 1 (parent): is empty" err && grep -qF "s.csv:4: column 2 (mass_g): is not a weight" err'
printf 'parent,mass_g,loss_g,to\n%s,1.5,0.1,\n%s,2000,,\n%s,1,0.1,\n' $A1 $A3 $A1 >s.csv
run 1 's.csv:4: column 3 \(loss_g\): stands in another row' "$U" sample --list s.csv $TWO $A
printf 'parent,mass_g,loss_g,to\n%s,1.5,0.1,\n%s,2000,,\n%s,1,,\n%s,1,,\n' $A1 $A3 $A1 $(name 40) >s.csv
run 1 's.csv: 2 mistakes' "$U" sample --list s.csv $TWO $A
yes_if 'the sum at its row' grep -qE "s.csv:3: column 1 \(parent\): $A3: 37 g found, but 2000 g taken" err
yes_if 'the state at its row' grep -qE "s.csv:5: column 1 \(parent\): $(name 40) is unused" err
yes_if 'refusals record nothing' test "$(records)" = "$before"
printf 'ref,parent,mass_g,loss_g\nS-9,%s,1.5,0.1\nS-8,%s,2,\nS-7,%s,1,\n' $A1 $A3 $A1 >s.csv
run 0 "sampled 2: $A1, $A3: records $before to $((before + 1))" "$U" sample --list s.csv $TWO $A
yes_if 'each with its sum' sh -c "grep -qE '$A1: .* 2.5 g in 2 samples \($(name 23), $(name 25)\) \+ 0.1 g lost' out && grep -q '$A3: 37 g found = 2 g in 1 sample ($(name 24))' out"
run 0 'ref: S-8' "$U" show $(name 24)
yes_if 'numbers go by the rows' sh -c "'$U' show $(name 25) 2>/dev/null | grep -q 'ref: S-7'"
run 1 '30 items, but 24 unused numbers allotted by' "$U" sample $A1 $(for i in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21 22 23 24 25 26 27 28 29 30; do echo --into mass=1; done) $TWO $A
yes_if 'a hint says how many' grep -q 'hint: unbroken allot' err
verify 0 '' $(name 24)

# A draft shows its sums to whom it is handed.
run 0 'draft of 1 act' "$U" sample $A1 --into mass=1 --signer $(name 4) --signer $(name 6) --draft s.draft --now $NOW
yes_if 'with its sum' grep -q '1 g in 1 sample' out
run 0 'gross-mg' env -u UNBROKEN_LEDGER "$U" sign s.draft --yes --person $(name 4) --key off.key $P

# What does not come out can be recorded as a deviation, and every verdict says so.
run 0 'breach of custody: .*6 pieces before, 3 remain and 2 are split off' "$U" split $A2 --into pieces=2,mass=100 --remaining-pieces 3 --deviation 'one is missing' --key off.key $A
verify 3 'pieces' $A2
run 0 'breach of custody: .*do not add up' "$U" sample $A4 --into mass=10 --loss 1 --remains 800 --deviation 'spilt' $TWO $A
verify 3 'mass' $A4
finish
