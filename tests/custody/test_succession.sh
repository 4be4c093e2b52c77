#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# A ledger that is lost for good, and its successor (SPEC 3.9). Breaks when a thing that was carried over lives on without its old history, when what
# is carried over is not what the old ledger had, or when a successor names a head that nobody has signed, or one of two.
. tests/custody/lib.sh

head_row=ref,description,species,specimen,quantity,unit,weight_g,length_mm,condition,marks,package
list() { # a row for each OLD-NAME: the column carried-over; "" leaves it empty
    printf '%s,carried-over\n' "$head_row"
    n=0
    for old in "$@"; do
        n=$((n + 1))
        printf 'N-%s,tusk,,TUS,1,piece,900,,,,,%s\n' $n "$old"
    done
}

make_ledger
printf '%s\nT-1,tusk one,,TUS,1,piece,1850,,,,\nT-2,tusk two,,TUS,1,piece,900,,,,\nT-3,tusk three,,TUS,1,piece,950,,,,\n' "$head_row" >items.csv
act "$U" register $(name 8) --items items.csv --key off.key
"$U" ledger backup fork >out 2>err || bad 'no backup'
act "$U" note $(name 10) --text 'a crack at the tip' --key pros.key
"$U" ledger policy >old.policy 2>/dev/null
"$U" ledger checkpoint --now $NOW >paper 2>err
SIZE=$(sed -n 2p paper)
run 0 receipt "$U" receipt 8 -o receipt.pdf --text receipt.txt --now $NOW
run 0 bundle "$U" bundle --all -o old.bundle --now $NOW
run 0 bundle "$U" bundle $(name 12) -o twelve.bundle --now $NOW
run 0 'certified lines' "$U" certify -o old.pdf $(name 10) --key pros.key $P --now $NOW
act "$U" note $(name 10) --text 'nobody founded on this' --key pros.key
run 0 bundle "$U" bundle $(name 10) -o later.bundle --now $NOW
run 0 noted "$U" note $(name 11) --text 'another history' --key pros.key $P --now $NOW --ledger fork
run 0 bundle "$U" bundle $(name 11) -o fork.bundle --now $NOW --ledger fork
run 1 'exhibit: proves it' "$U" compare later.bundle fork --policy old.policy -o exhibit

# --- what may be succeeded ---
INIT="$U ledger init next --origin kh-pp.example/custody --code KHPQ --threshold 2 --registrar r1.key --registrar r2.key --registrar r3.key $P --training --now 2018-12-20"
run 1 'two histories were signed: which of the two is succeeded' $INIT --succeeds exhibit --policy old.policy
yes_if 'nothing is founded' test ! -e next
for paper in paper receipt.txt old.bundle old.pdf; do
    rm -rf next next.head
    run 0 "which had $SIZE records" $INIT --succeeds $paper --policy old.policy
done
sed 's/\(DIGITS\)/\1/; s/[0-9]$/x/' receipt.txt >bad.txt
rm -rf next next.head
run 1 'is no checkpoint, bundle, receipt or certificate' $INIT --succeeds bad.txt --policy old.policy
run 0 "which had $SIZE records" $INIT --succeeds receipt.txt --policy old.policy

# --- the new ledger, and what is carried over into it ---
UNBROKEN_LEDGER=next
NOW=2018-12-20T10:00:00+07:00
enrol 'Sok Dara' officer off
enrol 'Keo Store' custodian cust
enrol 'Prosecutor' prosecutor pros
act "$U" case open --docket 'PP 214/2018' --law 'Forestry Law, Article 97' --key off.key
CASE=$(name 7 KHPQ)
act "$U" allot 20 --key off.key
REGISTER="$U register $CASE --key off.key $P --now $NOW"
list $(name 10) $(name 11) '' $(name 12) >carried.csv
run 2 'needs --from-ledger BUNDLE' $REGISTER --items carried.csv
run 1 'it is of this ledger itself' sh -c "\"$U\" bundle --all -o own.bundle --now $NOW >/dev/null && $REGISTER --items carried.csv --from-ledger own.bundle"
run 1 'shows another history of the' $REGISTER --items carried.csv --from-ledger fork.bundle
list $(name 10) $(name 10) >twice.csv
run 1 'carried-over.*stands in line 2 too' $REGISTER --items twice.csv --from-ledger old.bundle
list KHPP-10-X >wrong.csv
run 1 'is not the name that it had in the old ledger' $REGISTER --items wrong.csv --from-ledger old.bundle
list $(name 4000) >never.csv
run 1 'line 2: the ledger KHPP never issued the name' $REGISTER --items never.csv --from-ledger old.bundle
run 2 'no line of the list has a name' $REGISTER --items items.csv --from-ledger old.bundle
run 1 'succeeds none' "$U" register $(name 8) --items carried.csv --from-ledger old.bundle --ledger led --key off.key $P --now $NOW
BEFORE=$(records)
run 0 'registered 4 items' $REGISTER --items carried.csv --from-ledger old.bundle
yes_if 'numbers that follow one another go into one act' test $(($(records) - BEFORE)) -eq 3
FIRST=$(name 8 KHPQ)
run 0 noted "$U" note $FIRST --text 'it goes on here' --key pros.key $P --now $NOW

# --- one verdict over both ---
"$U" ledger policy >new.policy 2>/dev/null
(grep '^log' old.policy; cat new.policy) >both.policy
BUNDLE="$U bundle $FIRST --now $NOW --force -o both.bundle"
run 0 both.bundle $BUNDLE --with old.bundle
run 0 'INTACT' "$V" --policy both.policy --training both.bundle
yes_if 'which thing it was' grep -q "$FIRST was number 10 in the ledger that this one succeeds" out
yes_if 'the old history is told' grep -q 'a crack at the tip' out
yes_if 'and the new one behind it' awk '/a crack at the tip/ { old = NR } /it goes on here/ { new = NR } END { exit !(old > 0 && new > old) }' out
run 0 '' /usr/bin/python3 "$ROOT/tests/independent/verify.py" --policy both.policy --training both.bundle
run 0 both.bundle $BUNDLE --with old.pdf
run 0 'INTACT' "$V" --policy both.policy --training both.bundle
run 0 both.bundle $BUNDLE --with later.bundle
run 0 'succeeded-later|records were added' "$V" --policy both.policy --training both.bundle
run 2 'origin|does not name this ledger' "$V" --policy new.policy --training both.bundle

# --- what does not stand inside ---
run 1 'shows another history of the' $BUNDLE --with fork.bundle
run 1 'it is of this ledger itself' $BUNDLE --with own.bundle
run 1 'holds bundles of other ledgers itself|of this ledger itself' $BUNDLE --with both.bundle
run 1 'paper: it is no bundle|is no bundle|it is neither|not signed by a station key' $BUNDLE --with paper
head -c 3000 old.bundle >cut.bundle
run 1 'cut.bundle: ' $BUNDLE --with cut.bundle
"$U" ledger init real --origin a.example --code REAL --threshold 1 --registrar r1.key --registrar r2.key $P >/dev/null
"$U" bundle --all -o real.bundle --ledger real >/dev/null 2>&1
run 1 'of a training ledger and a real one' $BUNDLE --with real.bundle
"$U" ledger init beside --origin b.example --code BESI --threshold 1 --registrar r1.key --registrar r2.key $P --training --now $NOW >/dev/null
"$U" bundle --all -o beside.bundle --ledger beside --now $NOW >/dev/null 2>&1
run 0 'is not of the ledger that this one succeeds' $BUNDLE --with beside.bundle
run 1 'no such file' $BUNDLE --with nowhere.bundle
finish
