#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# Breaks when a thing goes to somebody without a key and no paper goes with the record; when it comes back otherwise than it went
# and nothing is said; when a thing that is out is treated as if it were in the store.
. tests/custody/lib.sh

make_ledger
A="$P --now $NOW"
act "$U" register $(name 8) --items $ROOT/tests/data/kohthom-2016-06-04.csv --key off.key
printf 'a photograph of the receipt' >receipt.jpg
printf 'thumbprints of both' >thumb.png
printf 'another receipt' >back.jpg
act "$U" seal $(name 11) --put-on SEAL-7731,SEAL-7732 --key off.key --key cust.key
K="--key off.key --key cust.key"
C="--counterparty Clerk-Mey-Dara"
before=$(records)

run 2 'needs --counterparty' "$U" handout $(name 10) --purpose court --receipt receipt.jpg $K $A
run 2 'needs --receipt' "$U" handout $(name 10) --purpose court $C $K $A
run 1 'cannot be read' "$U" handout $(name 10) --purpose court $C --receipt nothing.jpg $K $A
# A paper is read before a key is asked for and the ledger is opened: nobody waits for a disk, or for a pipe that nobody fills.
: >nothing.png
mkfifo pipe
run 1 'error: nothing.png: is empty' "$U" handout $(name 10) --purpose court $C --receipt nothing.png --key no.key $A
run 1 'error: pipe: is not a regular file' timeout 60 "$U" handout $(name 10) --purpose court $C --receipt receipt.jpg --receipt pipe --key no.key $A
run 1 'error: nothing.png: is empty' "$U" attach nothing.png $(name 10) --key off.key $A
run 1 'error: pipe: is not a regular file' timeout 60 "$U" attach pipe $(name 10) --key off.key $A
run 2 'needs --purpose' "$U" handout $(name 10) $C --receipt receipt.jpg $K $A
run 1 'signer 2' "$U" handout $(name 10) --purpose court $C --receipt receipt.jpg --key off.key $A
run 1 'is held by' "$U" handout $(name 10) --purpose court $C --receipt receipt.jpg --key cust.key --key off.key $A
run 1 'is sealed: the seal numbers' "$U" handout $(name 11) --purpose court $C --receipt receipt.jpg $K $A
run 1 'seal differs' "$U" handout $(name 11) --found SEAL-7731 --purpose court $C --receipt receipt.jpg $K $A
run 1 'pieces' "$U" handout $(name 10) --pieces $(name 10)=99 --purpose court $C --receipt receipt.jpg $K $A
run 2 'has passed already' "$U" handout $(name 10) --due 2018-12-01 --purpose court $C --receipt receipt.jpg $K $A
run 1 'is held' "$U" takeback $(name 10) $C --receipt receipt.jpg $K $A
yes_if 'refusals record nothing' test "$(records)" = "$before"

run 0 'handed out 2' "$U" handout $(name 10) $(name 11) --found $(name 11)=SEAL-7732,SEAL-7731 --purpose court --due 2018-12-20 \
    $C --counterparty-identity 'ID 010203040' --receipt receipt.jpg --receipt thumb.png --transport 'by car' $K $A
run 0 'state: out' "$U" show $(name 10)
run 0 'counterparty: Clerk-Mey-Dara' "$U" show $(name 10)
run 0 'receipt: .*image/png' "$U" show $(name 10)
run 0 '0 things' "$U" list --overdue --now $NOW
run 0 '2 things' "$U" list --overdue --now 2018-12-22
for deed in "release $(name 10) --to custodian --purpose storage" "shelve $(name 10) --place $(name 9)" \
    "seal $(name 10) --put-on S --key cust.key" "pack $(name 10) $(name 12)"; do
    # shellcheck disable=SC2086
    run 1 'is out|is an item|holds no office' "$U" $deed --key off.key $A
done
verdict 0 'custody unbroken' $(name 10) $(name 11)
yes_if 'the papers go with the bundle' sh -c "grep -q 'a photograph of the receipt' v.bundle && grep -q 'thumbprints of both' v.bundle"

# Back again: other seals, other pieces, another holder.
run 1 'is sealed: the seal numbers' "$U" takeback $(name 11) $C --receipt back.jpg $K $A
run 1 'seal differs' "$U" takeback $(name 11) --found SEAL-9 $C --receipt back.jpg $K $A
run 1 'pieces stated' "$U" takeback $(name 10) --pieces $(name 10)=1 $C --receipt back.jpg $K $A
run 1 'is held by' "$U" takeback $(name 10) $C --receipt back.jpg --key cust.key --key off.key $A
run 0 'breach of custody: .*pieces' "$U" takeback $(name 10) --pieces $(name 10)=1 $C --receipt back.jpg --discrepancy 'three are missing' --deviation 'the clerk brought one' $K $A
run 0 'taken back 1' "$U" takeback $(name 11) --seals-as-recorded --place $(name 9) $C --receipt back.jpg $K $A
run 0 "place: $(name 9)" "$U" show $(name 11)
run 0 "holder: $(name 4)" "$U" show $(name 11)
verdict 3 'pieces' $(name 10)
verdict 0 'custody unbroken' $(name 11)

# Too late: it is recorded, and said.
run 0 'handed out 1' "$U" handout $(name 12) --purpose laboratory --due 2018-12-14 $C --receipt receipt.jpg $K $A
LATER=2018-12-16T10:00:00+07:00
run 1 'after the due time' "$U" takeback $(name 12) $C --receipt back.jpg $K $P --now $LATER
run 0 'taken back 1' "$U" takeback $(name 12) $C --receipt back.jpg --deviation 'the hearing went on' $K $P --now $LATER
NOW=$LATER
verdict 3 'after the due time' $(name 12)
finish
