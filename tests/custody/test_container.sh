#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# Breaks when a list packed by package loses or moves a thing, a sealed container is opened or handed over without its seal being read,
# a misread seal passes, what the record has on a thing is told to who should read it, or the tusks inside have another custodian
# than their pallet.
. tests/custody/lib.sh

make_ledger
A="$P --now $NOW"
C=$(name 8)
cat >list.csv <<'END'
ref,description,quantity,unit,weight_g,package
T-1,whole tusk,1,piece,1850,PALLET-02
T-2,whole tusk,1,piece,2000.5,PALLET-01
T-3,piece of tusk,2,piece,940,PALLET-02
T-4,loose tail,1,piece,,
T-5,whole tusk,1,piece,1000,PALLET-01
END
sed 's/PALLET-0[12]//' list.csv >loose.csv
before=$(records)
run 2 'goes with --items' "$U" register $C --container $(name 10) --pack-by package --key off.key $A
run 2 'goes with --items' "$U" register $C --items list.csv --pack-by weight --key off.key $A
run 1 'no line of the list names a package' "$U" register $C --items loose.csv --pack-by package --key off.key $A
run 1 '2 containers, but 0 unused numbers' "$U" register $C --items list.csv --pack-by package --key off.key $A
yes_if 'the way on' grep -q 'hint: unbroken allot 2 --containers' err
run 2 'needs --items FILE or --container' "$U" register $C --key off.key $A
yes_if 'refusals record nothing' test "$(records)" = "$before"
act "$U" allot 4 --containers --key off.key
run 0 "registered 5 items in case $C: $(name 10)\.\.$(name 14), packed into 2 containers: $(name 50), $(name 51)" \
    "$U" register $C --items list.csv --pack-by package --key off.key $A
yes_if 'one register act, one pack act a package' test "$(records)" = $((before + 4))
yes_if 'which container is which' grep -qE "$(name 50)  PALLET-01  2 items, 3.000 kg" out
run 0 "in: $(name 51)" "$U" show $(name 10)
run 0 "in: $(name 50)" "$U" show $(name 11)
run 0 'state: held' "$U" show $(name 13)
yes_if 'what names no package stands loose' sh -c "! grep -q '^in:' out"
run 0 'package: PALLET-02' "$U" show $(name 51)

# Packing by hand.
run 1 'not registered yet' "$U" pack $(name 52) $(name 13) --key off.key $A
yes_if 'the way on' grep -q "hint: unbroken register CASE --container $(name 52)" err
run 0 "registered 1 container in case $C: $(name 52)" "$U" register $C --container $(name 52) --key off.key $A
run 1 "is an item, not a container" "$U" pack $(name 13) $(name 10) --key off.key $A
run 1 "$(name 10) is packed in $(name 51)" "$U" pack $(name 52) $(name 10) --key off.key $A
run 1 'is held by' "$U" pack $(name 52) $(name 13) --key off2.key $A
run 2 'needs CONTAINER SUBJECT' "$U" pack $(name 52) --key off.key $A
name 13 >scans
fed scans 0 "packed 1: $(name 13): record" "$U" pack $(name 52) --scan --key off.key $A
run 1 'itself' "$U" pack $(name 52) $(name 52) --key off.key $A
run 0 "packed 1: $(name 52)" "$U" pack $(name 51) $(name 52) --key off.key $A

# Seals.
run 2 'needs --put-on' "$U" seal $(name 50) --key off.key --key off2.key $A
run 1 'stands twice' "$U" seal $(name 50) --put-on S1,S1 --key off.key --key off2.key $A
run 1 'longer than 64 bytes' "$U" seal $(name 50) --put-on $(printf '%065d' 1) --key off.key --key off2.key $A
run 1 'is not among these things' "$U" seal $(name 50) --put-on $(name 51)=S1 --key off.key --key off2.key $A
run 1 'another person|signers|two' "$U" seal $(name 50) --put-on S1 --key off.key $A
printf '%s S1 S2\n%s\n%s\n%s\nS3\n' $(name 50) $(name 13) $(name 50) $(name 51) >scans
fed scans 0 "sealed 2: $(name 50), $(name 51)" "$U" seal --scan --witness 'Village chief' --key off.key --key off2.key $A
yes_if 'packed things are not sealed singly' grep -q "refused: $(name 13) is packed in" err
yes_if 'once is enough' grep -q 'scanned already' err
yes_if 'asked for' grep -q "^$(name 51): its seal?" out
run 0 'seals: S1 S2' "$U" show $(name 50)
run 1 'is sealed: nothing can be' "$U" unpack $(name 50) $(name 11) --key off.key $A
run 1 'is sealed: nothing can be' "$U" pack $(name 50) $(name 12) --key off.key $A

# A handover reads the seals, and nobody is told what they should be.
run 1 'is sealed: the seal numbers found on it must be stated' "$U" release $(name 50) --to custodian --purpose storage --key off.key $A
run 1 'seal differs: S1 is not' "$U" release $(name 50) --found S1 --to custodian --purpose storage --key off.key $A
run 1 'seal differs: S1,S9 is not' "$U" release $(name 50) --found S1,S9 --to custodian --purpose storage --key off.key $A
yes_if 'S2 is not told' sh -c '! cat out err | grep -q S2'
run 1 "$(name 11) is packed in" "$U" release $(name 11) --to custodian --purpose storage --key off.key $A
run 0 'released 1' "$U" release $(name 50) --found S2 --found $(name 50)=S1 --to custodian --purpose storage --key off.key $A
printf '%s S3\n' $(name 51) >scans
fed scans 0 'released 1' "$U" release --scan --to custodian --purpose storage --key off.key $A
run 0 "holder: $(name 4)" "$U" show $(name 13)
run 0 'state: in transit' "$U" show $(name 50)
# One on the tag's line misread; one asked for, cut short by the next tag, and read rightly the second time.
printf '%s S4\n%s\nS1\n%s S3 more\n%s\nS2 S1\n' $(name 51) $(name 50) $(name 51) $(name 50) >scans
fed scans 0 "accepted 1: $(name 50)" "$U" accept --scan --as sealed --place $(name 9) --key cust.key $A
yes_if 'a misread seal is refused at the scan' grep -q "refused: $(name 51): seal differs: S4 is not" err
yes_if 'half read seals are refused' grep -q "refused: $(name 50): its seals were not all read" err
yes_if 'three lines' grep -q 'hint: 3 scanned lines were refused' err
run 0 'refused 1' "$U" refuse $(name 51) --reason misread --key cust.key $A
run 0 'released 1' "$U" release $(name 51) --seals-as-recorded --to $(name 5) --purpose storage --key off.key $A
run 0 'accepted 1' "$U" accept $(name 51) --as sealed --found S3 --place $(name 9) --key cust.key $A
for n in 10 12 13 51 52; do
    run 0 "holder: $(name 5)" "$U" show $(name $n)
done

# Opening, weighing inside, closing.
run 2 'needs --removed' "$U" unseal $(name 51) --reason weighing --found S3 --key cust.key --key pros.key $A
run 2 'needs --found' "$U" unseal $(name 51) --reason weighing --removed S3 --key cust.key --key pros.key $A
run 2 'one of inspection' "$U" unseal $(name 51) --reason fun --removed S3 --found S3 --key cust.key --key pros.key $A
run 1 'seal differs' "$U" unseal $(name 51) --reason weighing --removed S3 --found S4 --key cust.key --key pros.key $A
run 1 '.' "$U" unseal $(name 51) --reason weighing --removed S9 --found S3 --key cust.key --key pros.key $A
run 0 'unsealed 1' "$U" unseal $(name 51) --reason weighing --removed S3 --found S3 --witness 'Court clerk' --key cust.key --key pros.key $A
run 0 'unpacked 1' "$U" unpack $(name 51) $(name 10) --key cust.key $A
run 0 "place: $(name 9)" "$U" show $(name 10)
run 0 'resealed 1' "$U" reseal $(name 51) --reason weighing --found none --removed none --put-on S5 --key cust.key --key pros.key $A
run 0 'seals: S5' "$U" show $(name 51)
run 2 'unpack --all takes' "$U" unpack $(name 51) $(name 12) --all --key cust.key $A
run 0 'unsealed 1' "$U" unseal $(name 50) --reason court --removed S1,S2 --seals-as-recorded --key cust.key --key pros.key $A
run 0 "unpacked 2: $(name 11), $(name 14)" "$U" unpack $(name 50) --all --key cust.key $A
run 0 'state: closed' "$U" show $(name 50)
run 1 'is closed|is empty' "$U" unpack $(name 50) --all --key cust.key $A

# Shelves are places.
run 2 'needs --place' "$U" shelve $(name 10) --key cust.key $A
run 1 'is a case, not a place' "$U" shelve $(name 10) --place $C --key cust.key $A
act "$U" place open --name 'Shelf 3' --key cust.key
run 0 'shelved 2' "$U" shelve $(name 10) $(name 11) --place $(name 54) --key cust.key $A
run 0 "place: $(name 54)" "$U" show $(name 11)

# With a counterparty who has no key.
echo 'thumbprints' >receipt.txt
run 2 'needs --receipt' "$U" handout $(name 10) --purpose court --counterparty 'Clerk' --key cust.key --key pros.key $A
run 1 'nofile cannot be read' "$U" handout $(name 10) --purpose court --counterparty 'Clerk' --receipt nofile --key cust.key --key pros.key $A
run 0 'handed out 1' "$U" handout $(name 10) --purpose court --counterparty 'Clerk Mey' --receipt receipt.txt --due 2018-12-20 --key cust.key --key pros.key $A
run 0 'state: out' "$U" show $(name 10)
run 1 'is out' "$U" release $(name 10) --to custodian --purpose storage --key cust.key $A
run 0 'taken back 1' "$U" takeback $(name 10) --counterparty 'Clerk Mey' --receipt receipt.txt --place $(name 9) --key cust.key --key pros.key $A

# Each command is a process of its own: how deep things are packed is remembered between them.
printf 'ref,description,quantity,unit\nT-9,whole tusk,1,piece\n' >one.csv
act "$U" allot 5 --containers --key off.key
act "$U" register $C --items one.csv --key off.key
for n in 55 56 57 58 59; do act "$U" register $C --container $(name $n) --key off.key; done
act "$U" pack $(name 55) $(name 15) --key off.key
for n in 56 57 58; do act "$U" pack $(name $n) $(name $((n - 1))) --key off.key; done
run 1 'more than 4 deep' "$U" pack $(name 59) $(name 58) --key off.key $A

# All of it verifies.
"$U" ledger policy 2>/dev/null | sed '/^TRAINING/d' >court.policy
run 0 '' "$U" ledger checkpoint --now $NOW
run 0 '' "$U" bundle $C -o case.bundle --now $NOW
run 0 'INTACT' "$V" --policy court.policy --training case.bundle
run 0 '' "$U" bundle $(name 13) -o item.bundle --now $NOW
run 0 'INTACT' "$V" --policy court.policy --training item.bundle
finish
