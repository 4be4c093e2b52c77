#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# Breaks when samples of a big seizure cannot go to a laboratory and back with an unbroken chain: 27 samples of the tusks of 27 pallets,
# in a sealed bag, weighed, examined and identified there, one of them used up in part.
. tests/custody/lib.sh

make_keys r1 r2 off exp
"$U" ledger init led --origin kh-pp.example/custody --code KHPP --threshold 1 --registrar r1.key --registrar r2.key $P --training \
    --now 2018-12-13T08:00:00+07:00 >/dev/null || exit 1
UNBROKEN_LEDGER=led
export UNBROKEN_LEDGER
A="$P --now $NOW"
act "$U" person enrol --name 'Sok Dara' --office officer --key r1.key --key off.key
act "$U" person enrol --name 'Chan Lina' --office expert --key r1.key --key exp.key
act "$U" case open --docket 'PP 214/2018' --law 'Forestry Law, Article 97' --key off.key
act "$U" allot 54 --key off.key
act "$U" allot 1 --containers --key off.key
act "$U" allot 2 --key off.key
CASE=$(name 5) BAG=$(name 60) OFF=$(name 3) EXP=$(name 4)
"$U" ledger policy >court.policy

# One tusk of each pallet: things 6 to 32. The samples: 33 to 59.
awk -F, 'NR == 1 || !seen[$11]++' $ROOT/tests/data/ppap-2018-12-13.csv >tusks.csv
yes_if 'a tusk of each of 27 pallets' test "$(wc -l <tusks.csv)" = 28
run 0 'registered 27 items' "$U" register $CASE --items tusks.csv --key off.key $A
run 0 'registered 1 container' "$U" register $CASE --container $BAG --key off.key $A
{
    echo parent,mass_g,loss_g,ref,package
    n=6
    while [ $n -le 32 ]; do
        echo "$(name $n),2.$((n % 10)),0.$((n % 3)),S-$((n - 5)),tube $((n - 5))"
        n=$((n + 1))
    done
} >samples.csv
before=$(records)
run 0 "sampled 27: $(name 6)\.\.$(name 32): records" "$U" sample --list samples.csv --method drilled --scale 'Ohaus 0.01 g' --witness 'Chea Vannak' --key off.key --key exp.key $A
yes_if '27 acts' test "$(records)" = $((before + 27))
yes_if 'each sum is shown' test "$(grep -c ' g found = 2\.[0-9]* g in 1 sample \|g found = 2 g in 1 sample ' out)" = 27

# Into a bag, sealed, to the laboratory.
run 0 'packed 27' "$U" pack $BAG $(name 33)..$(name 59) --key off.key $A
run 0 'sealed 1' "$U" seal $BAG --put-on LK-1 --key off.key --key exp.key $A
run 0 'released 1' "$U" release $BAG --found LK-1 --to $EXP --purpose laboratory --key off.key $A
run 0 'accepted 1' "$U" accept $BAG --found LK-1 --as sealed --key exp.key $A
run 0 "holder: $EXP" "$U" show $(name 40)
run 1 'is packed in' "$U" examine $(name 40) --finding x --key exp.key $A
run 0 'unsealed 1' "$U" unseal $BAG --found LK-1 --removed LK-1 --reason examination --key exp.key --key off.key $A
run 0 'unpacked 27' "$U" unpack $BAG --all --key exp.key $A

# Weighed, examined, identified.
{
    echo name,net_g
    n=6
    while [ $n -le 32 ]; do
        echo "$(name $((n + 27))),2.$((n % 10))"
        n=$((n + 1))
    done
} >weights.csv
run 0 'weighed 27' "$U" weigh --weights weights.csv --scale 'Sartorius 0.1 mg' --calibration 'LNE 2018-11' --key exp.key $A
yes_if 'each against what the officer weighed' test "$(grep -c ' sample .* 0 \+0.0 ' out)" = 27
run 0 'examined 27' "$U" examine $(name 33)..$(name 59) --finding 'Schreger angle above 115 degrees' --method microscope --key exp.key $A
run 0 'identified 26' "$U" identify $(name 34)..$(name 59) --as confirmed --identification 'Loxodonta africana' --method 'DNA, 16S' \
    --document weights.csv --key exp.key $A
run 0 'identified 1' "$U" identify $(name 33) --as presumptive --identification 'Loxodonta sp.' --key exp.key $A
# A part for the test, on a number that the officer gave along: what is used up is a thing of its own.
run 1 '1 item, but 0 unused numbers' "$U" split $(name 33) --into pieces=1,mass=0.5 --key exp.key $A
yes_if 'an expert allots none' grep -q 'hint: an officer or custodian allots numbers: .*to=NUMBER' err
run 0 "$(name 33): 2.6 g found = 0.5 g in 1 part \($(name 62)\) \+ 0.1 g lost \+ 2 g that remain; 1 piece = 1 split off \+ 0 that remain" \
    "$U" split $(name 33) --into pieces=1,mass=0.5,to=$(name 62),description='for extraction' --loss 0.1 --key exp.key $A

run 0 'consumed 1' "$U" consume $(name 62) --method 'DNA extraction' --key exp.key --key off.key $A

# And back. What belongs to a tusk is found from it.
run 0 'released 27' "$U" release $(name 33)..$(name 59) --to $OFF --purpose return --key exp.key $A
run 0 'accepted 27' "$U" accept $(name 33)..$(name 59) --as inventoried --key off.key $A
run 0 "^species confirmed: Loxodonta africana \($EXP Chan Lina, expert" "$U" show $(name 34)
run 0 'bytes' "$U" bundle $CASE -o case.bundle --now $NOW
run 0 'INTACT: .* custody is unbroken' "$V" --policy court.policy --training case.bundle
run 0 'bytes' "$U" bundle $(name 62) -o part.bundle --now $NOW
run 0 '' "$V" --policy court.policy --training part.bundle
# The sample that it is of, and the tusk; the part itself and the bag are closed.
run 0 '"held":2,"in_transit":0,"out":0,"closed":2' "$V" --json --policy court.policy --training part.bundle
finish
