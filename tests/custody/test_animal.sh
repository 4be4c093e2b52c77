#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# Breaks when animals vanish from a count, the dead are neither carcasses nor explained, or animals are freed without an order or the
# photographs that stand in their stead.
. tests/custody/lib.sh

make_ledger
A="$P --now $NOW"
CASE=$(name 8)
make_keys carer
enrol 'Lim Sovann' carer carer
cat >list.csv <<'END'
ref,description,species,specimen,quantity,unit
C-1,"giant Asian pond turtle, crate",Heosemys grandis,LIV,37,animal
C-2,"giant Asian pond turtle, crate",Heosemys grandis,LIV,7,animal
C-3,pangolin,Manis javanica,LIV,1,animal
C-4,pangolin,Manis javanica,LIV,1,animal
END
act "$U" register $CASE --items list.csv --key off.key
"$U" ledger policy >court.policy
A1=$(name 10) A2=$(name 11) A3=$(name 12) A4=$(name 13)
verify() { # STATUS PATTERN SUBJECT
    rm -f x.bundle
    run 0 '' "$U" bundle "$3" -o x.bundle --now $NOW
    run "$1" "$2" "$V" --policy court.policy --training x.bundle
}
DEATH='--cause-of-death heat'

before=$(records)
run 2 'animal birth needs SUBJECT' "$U" animal birth --count 2 --key carer.key $A
run 1 'how many\?' "$U" animal birth $A1 --key carer.key $A
run 2 '--count x: NAME=NUMBER, or NUMBER' "$U" animal birth $A1 --count x --key carer.key $A
run 2 '--count 2: NAME=NUMBER' "$U" animal birth $A1 $A2 --count 2 --key carer.key $A
run 1 'none is no birth' "$U" animal birth $A1 --count 0 --key carer.key $A
run 1 'stands twice' "$U" animal birth $A1 --count 1 --count 2 --key carer.key $A
run 2 'needs --health' "$U" animal condition $A1 --key carer.key $A
run 2 'needs --cause-of-death' "$U" animal death $A1 --count 2 --carcasses --key carer.key $A
run 2 'needs one of --carcasses' "$U" animal death $A1 --count 2 $DEATH --key carer.key $A
run 2 'needs one of --carcasses' "$U" animal death $A1 --count 2 $DEATH --carcasses --left-in x --key carer.key $A
run 2 'takes one thing' "$U" animal death $A1 $A2 --count $A1=2 --count $A2=2 $DEATH --carcasses --key carer.key $A
run 1 '38 of 37 is more than there are' "$U" animal death $A1 --count 38 $DEATH --left-in x --key carer.key $A
run 1 '2 died, but --into says 3 carcasses' "$U" animal death $A1 --count 2 $DEATH --into pieces=3 --key off.key $A
run 1 '2 items, but 0 unused numbers' "$U" animal death $A1 --count 2 $DEATH --carcasses --key carer.key $A
run 1 'only its holder or a carer' "$U" animal death $A1 --count 2 $DEATH --left-in x --key cust.key $A
yes_if 'the hint names the office' grep -q 'hint: .*--as-office carer' err
run 2 'needs --order' "$U" animal free $A1 --all --photograph list.csv --key carer.key $A
run 2 'stand in the animals. stead' "$U" animal free $A1 --all --order 'Order 12' --key carer.key $A
run 1 'cannot be read' "$U" animal free $A1 --all --order 'Order 12' --photograph no.jpg --key carer.key $A
run 2 'not both' "$U" animal free $A1 --all --count 2 --order 'Order 12' --photograph list.csv --key carer.key $A
run 1 '8 of 7 is more' "$U" animal free $A2 --count 8 --order 'Order 12' --photograph list.csv --key carer.key $A
run 1 'is a case' "$U" animal condition $CASE --health good --key carer.key $A
yes_if 'refusals record nothing' test "$(records)" = "$before"

run 0 "condition recorded of 2: $A1, $A2" "$U" animal condition $A1 $A2 --health 'all feeding' --key carer.key $A
run 0 "^  $A1: 37 live before, 3 born, 40 live$" "$U" animal birth $A1 --count 3 --key carer.key $A
run 0 "^  $A1: 40 live before, 2 died, 38 live; carcasses $(name 14), $(name 15)$" "$U" animal death $A1 --count 2 $DEATH --carcasses --key off.key $A
run 0 'cause-of-death: heat' "$U" show $((before + 2))
run 0 'description: carcass' "$U" show $(name 14)
yes_if 'a carcass has its case, holder and count' sh -c "grep -q '^case: $CASE' out && grep -q '^holder: $(name 4)' out && grep -q '^pieces: 1' out"
run 0 "38 live before, 5 died, 33 live; carcasses $(name 16), $(name 40)" "$U" animal death $A1 --count 5 $DEATH \
    --into pieces=4,package='freezer bag 1' --into mass=1.2kg,to=$(name 40),ref=D-5 --key off.key $A
run 0 'net-mg: 1200000' "$U" show $(name 40)
run 0 'pieces: 33' "$U" show $A1
verify 0 '' $A1
verify 0 '' $(name 40)
verify 0 '' $CASE

# Left in the count: with a reason, and never again called living.
run 0 "$A2: 7 live before, 2 died and stay in the count of 7" "$U" animal death $A2 --count 2 $DEATH --left-in 'kept for the vet until Monday' --key carer.key $A
run 0 'kept for the vet' "$U" show $A2
run 0 "$A2: 7 before \(2 of them recorded dead and left in the count\), 1 born, 8$" "$U" animal birth $A2 --count 1 --key carer.key $A
run 1 'of the 8, 2 recorded dead are left in the count' "$U" animal free $A2 --all --order 'Order 12' --photograph list.csv --key carer.key $A
run 0 '8 pieces = 2 split off \+ 6 that remain' "$U" split $A2 --into pieces=2,description=carcasses --key off.key $A

# By scan.
printf '%s 1\n%s count=2\n%s many\n%s 1 1\n' $A1 $A2 $A3 $A4 >scan
fed scan 0 'births recorded for 2' "$U" animal birth --scan --key carer.key $A
yes_if 'no number' grep -q 'refused: "many" behind the tag is not one number of animals' err
yes_if 'two numbers' grep -q 'refused: "1" behind the tag' err
run 2 'takes no --count' "$U" animal birth --scan --count 2 --key carer.key $A

# A single animal needs no count.
run 0 "$A3: 1 live before, 1 died, 0 live; carcasses $(name 18)" "$U" animal death $A3 $DEATH --carcasses --key off.key $A

# Freed by order; with the last one the number is closed.
run 0 "$A1: 34 live before, 4 freed, 30 live" "$U" animal free $A1 --count 4 --order 'Order 12/2019, Phnom Penh court' --photograph list.csv --photograph pass --key carer.key $A
run 0 'order: Order 12/2019' "$U" show $A1
yes_if 'the photographs' test "$(grep -c '^  photograph: ' out)" = 2
run 0 '2 live before|none left: it is closed' "$U" animal free $A1 $A4 --all --order 'Order 12/2019' --photograph list.csv --key carer.key $A
yes_if 'both' test "$(grep -c 'none left: it is closed' out)" = 2
run 0 'state: closed' "$U" show $A1
run 1 'is closed' "$U" animal birth $A1 --count 2 --key carer.key $A
verify 0 '' $A1
verify 0 '' $CASE
run 0 'breach of custody' "$U" animal free $A2 --count 20 --order none --photograph list.csv --deviation 'miscounted' --key carer.key $A
verify 3 'pieces' $A2

# No tusk is set free: that asks for fewer signatures than a disposal.
printf 'ref,description,specimen,quantity,unit\nT-1,whole tusk,TUS,1,piece\n' >tusk.csv
act "$U" register $CASE --items tusk.csv --key off.key
TUSK=$(grep -o 'KHPP-[0-9]*-[0-9A-Z]: record' out | sed 's/: record//')
run 1 "$TUSK was registered as a thing that does not live" "$U" animal free $TUSK --all --order 'Order 12' --photograph list.csv --key off.key $A
run 1 'does not live' "$U" animal birth $TUSK --count 3 --key off.key $A
run 1 'does not live' "$U" animal death $TUSK --count 1 $DEATH --left-in x --key off.key $A
finish
