#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# Breaks when a form or a list with a mistake is recorded in part, or a mistake is not told with its line and column.
. tests/custody/lib.sh

make_ledger
A="$P --now $NOW"
CASE=$(name 8)
run 0 'docket' "$U" show $CASE
run 1 'no office in force' "$U" case open --docket x --law y --key cust.key $A
run 2 'needs --law' "$U" case open --docket x --key off.key $A
run 1 'is a case, not a place' "$U" place open --name 'Shelf' --in $CASE --key cust.key $A
run 0 "place $(name 50) opened" "$U" place open --name 'Shelf' --in $(name 9) --address Port --coordinates '11, 104' --key cust.key $A

"$U" form seizure >s.ini
for field in seizure-time seizure-place authority officer-present detection-method means-of-transport concealment route-origin \
    route-destination suspect owner witness document-seized seizure-coordinates authorisation-time; do
    yes_if "the form asks for $field" grep -q "^$field =" s.ini
done
before=$(records)
run 1 's.ini:[0-9]*: seizure-time: must be filled' "$U" seize $CASE s.ini --key off.key --key off2.key $A
fill() {
    sed -e "s/^seizure-time =/seizure-time = ${1}/" -e 's/^seizure-place =/seizure-place = Phnom Penh; berth 3/' \
        -e 's/^authority =/authority = Authorisation 214/' -e 's/^witness =/witness = Chea\nwitness = Vannak/' s.ini
}
fill yesterday >bad.ini
run 1 'bad.ini:[0-9]+: seizure-time: is not a time' "$U" seize $CASE bad.ini --key off.key --key off2.key $A
fill 2018-12-13T09:30:00+07:00 >good.ini
sed 's/^witness = Vannak//' good.ini >bad.ini
run 1 'witness: two are needed' "$U" seize $CASE bad.ini --key off.key --key off2.key $A
(cat good.ini; echo 'colour = red') >bad.ini
run 1 "bad.ini:$(wc -l <bad.ini): there is no such field" "$U" seize $CASE bad.ini --key off.key --key off2.key $A
(cat good.ini; echo 'authority = again') >bad.ini
run 1 'authority: stands twice' "$U" seize $CASE bad.ini --key off.key --key off2.key $A
(cat good.ini; echo 'nonsense') >bad.ini
run 1 "bad.ini: line $(wc -l <bad.ini)" "$U" seize $CASE bad.ini --key off.key --key off2.key $A
run 1 '' "$U" seize $CASE good.ini --key off.key $A
run 1 'no such file' "$U" seize $CASE nowhere.ini --key off.key --key off2.key $A
yes_if 'refusals record nothing' test "$(records)" = "$before"
# The form is read before a key is asked for and the ledger is opened: nobody waits for a disk, or for a pipe that nobody fills.
mkfifo slow
run 1 'error: slow: is not a regular file' timeout 60 "$U" seize $CASE slow --key no.key $A
run 0 'seizure recorded' "$U" seize $CASE good.ini --place $(name 9) --key off.key --key off2.key $A
run 0 'witness: Vannak' "$U" show $((before))
run 0 'Phnom Penh; berth 3' "$U" find 'BERTH 3'

HEAD=ref,description,species,specimen,quantity,unit,weight_g,length_mm,condition,marks,package
printf '%s\nA,x,,,0,piece,,,,,\nB,y,,,1,kg,z,,,,\n' $HEAD >bad.csv
before=$(records)
run 1 'bad.csv:2: column 5 \(quantity\)' "$U" register $CASE --items bad.csv --key off.key $A
yes_if 'every mistake is told' sh -c 'grep -q "bad.csv:3: column 6" err && grep -q "bad.csv:3: column 7" err && grep -q "3 mistakes" err'
printf '%s\nA,x,,,1,piece,,,,,\nB,say "x",,,1,piece,,,,,\n' $HEAD >quote.csv
run 1 'quote.csv: line 3: column 2: a quote stands .*; nothing was registered' "$U" register $CASE --items quote.csv --key off.key $A
printf '%s\nA,x,,,1,piece\n' $HEAD >short.csv
run 1 'short.csv:2: .*has 6 cells, the headings are 11' "$U" register $CASE --items short.csv --key off.key $A
run 1 'not a time' "$U" case open --docket x --law y --authorisation-time yesterday --key off.key $A
run 1 '1026 items, but 40 unused numbers' "$U" register $CASE --items $ROOT/tests/data/ppap-2018-12-13.csv --key off.key $A
yes_if 'a hint says how many' grep -q 'unbroken allot 986' err
run 1 '0 unused numbers' "$U" register $CASE --items $ROOT/tests/data/kohthom-2016-06-04.csv --key off2.key $A
run 1 'no office in force' "$U" register $CASE --items $ROOT/tests/data/kohthom-2016-06-04.csv --key cust.key $A
yes_if 'refusals record nothing' test "$(records)" = "$before"
run 0 "registered 22 items in case $CASE: $(name 10)\.\.$(name 31): record [0-9]+$" "$U" register $CASE --place $(name 9) --items $ROOT/tests/data/kohthom-2016-06-04.csv --key off.key $A
run 0 'pieces: 4' "$U" show $(name 10)
run 0 '22 things' "$U" list --case $CASE
run 0 '18 things' "$U" list --allotted
run 0 'allotted 2 containers' "$U" allot 2 --containers --key cust.key $A
run 2 'a number from 1' "$U" allot 0 --key off.key $A
run 1 '' "$U" void $(name 32) --reason damaged --key off.key $A
run 2 '--reason gone' "$U" void $(name 32) --reason gone --key off.key --key cust.key $A
run 1 '' "$U" void $(name 10) --reason damaged --key off.key --key cust.key $A
run 0 "void \(damaged\): $(name 32)\.\.$(name 34)" "$U" void $(name 32)..$(name 34) --reason damaged --key off.key --key cust.key $A
run 0 'state: void' "$U" show $(name 33)
run 0 'allotted 1000' "$U" allot 1000 --key off.key $A
run 0 'registered 668 items' "$U" register $CASE --items $ROOT/tests/data/dryport-2016-12-16.csv --key off.key $A
finish
