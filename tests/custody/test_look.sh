#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# Breaks when what is shown is not what was recorded, or a bundle is half-written, overwritten, or not what a judge can verify.
. tests/custody/lib.sh

make_ledger
A="$P --now $NOW"
act "$U" register $(name 8) --items $ROOT/tests/data/kohthom-2016-06-04.csv --key off.key
printf 'not really a picture' >scene.jpg
run 0 'attached' "$U" attach scene.jpg $(name 8) $(name 10) --description 'the deck' --key off.key $A
run 2 'TYPE/SUBTYPE' "$U" attach scene.jpg $(name 8) --media-type picture --key off.key $A
run 0 'attachment: image/jpeg' "$U" show $(name 10)
run 0 'image/jpeg' "$U" show $(($(records) - 1))
run 1 'no such file' "$U" attach nowhere.jpg $(name 8) --key off.key $A
run 0 'noted' "$U" note $(name 10)..$(name 12) --text 'one is weak' --key off.key $A
run 0 'note: one is weak' "$U" show $(name 11)
run 2 'needs --text' "$U" note $(name 10) --key off.key $A
run 1 'control' "$U" note $(name 10) --text "$(printf 'a\033[2Jb')" --key off.key $A
run 1 'says no species of this subject|says no hazard' "$U" correct 8 --subject $(name 10) hazard=none --reason x --key off.key --key cust.key $A
run 2 '--subject says which' "$U" correct 8 marks=none --reason x --key off.key --key cust.key $A
run 1 'does not touch' "$U" correct 8 --subject $(name 40) package=none --reason x --key off.key --key cust.key $A
run 2 'NAME=VALUE' "$U" correct 8 --subject $(name 10) bogus=none --reason x --key off.key --key cust.key $A
run 1 '' "$U" correct 8 --subject $(name 10) package=none --reason x --key off.key $A
run 0 'record 8 corrected' "$U" correct 8 --subject $(name 10) package=CRATE-7 --reason misread --key off.key --key cust.key $A
run 0 'CRATE-01 \(record 8\)' "$U" show $(name 10)
run 0 'CRATE-7 \(record [0-9]+, correcting record 8\)' "$U" show $(name 10)
run 0 "$(name 4) Sok Dara, officer" "$U" history $(name 10)
run 0 '"kind": "register"' "$U" show 8 --json
run 0 '"history"' "$U" history $(name 10) --json
run 0 '"state": "held"' "$U" list --case $(name 8) --json
run 0 '"value": "one is weak"' "$U" find 'ONE IS' --json
run 0 '0 found' "$U" find nothing-like-this
run 1 'nearest right name' "$U" show KHPP-10-0
run 1 'never issued' "$U" show $(name 5000)
run 1 'is not a name' "$U" show something
for command in "show $(name 10)" 'show 8' "history $(name 10)" list 'person list' 'find weak' 'ledger status' 'ledger fsck'; do
    # shellcheck disable=SC2086
    "$U" $command --json >json 2>/dev/null
    yes_if "$command --json is JSON" python3 -c 'import json,sys; json.load(open("json"))'
done

# Bundles.
run 2 'needs -o' "$U" bundle $(name 8) --now $NOW
run 2 'and not both' "$U" bundle -o x.bundle --now $NOW
run 2 'and not both' "$U" bundle --all $(name 8) -o x.bundle --now $NOW
run 1 'never issued' "$U" bundle $(name 5000) -o x.bundle --now $NOW
yes_if 'nothing is left of what failed' test ! -e x.bundle
"$U" ledger checkpoint --now $NOW >old.checkpoint 2>/dev/null
act "$U" note $(name 10) --text later --key off.key
run 0 'case.bundle: [0-9]+ bytes' "$U" bundle $(name 8) -o case.bundle --now $NOW
run 0 'item.bundle' "$U" bundle $(name 10) -o item.bundle --now $NOW --since old.checkpoint
run 0 'all.bundle' "$U" bundle --all -o all.bundle --now $NOW
run 0 'bare.bundle' "$U" bundle $(name 8) -o bare.bundle --without-attachments --now $NOW
run 1 'exists' "$U" bundle $(name 8) -o case.bundle --now $NOW
run 0 '' "$U" bundle $(name 8) -o case.bundle --force --now $NOW
run 0 '' "$U" bundle $(name 10) -o since.bundle --since item.bundle --now $NOW
run 1 'is no checkpoint, bundle, receipt or certificate' "$U" bundle $(name 10) -o y.bundle --since pass --now $NOW
for paper in receipt-good.since certificate-good.pdf certificate-text.since smallest.bundle; do
    run 1 'is of another ledger' "$U" bundle $(name 10) -o y.bundle --since "$ROOT/tests/vectors/$paper" --now $NOW
done
run 1 'part 2 of 3 is missing' "$U" bundle $(name 10) -o y.bundle --since "$ROOT/tests/vectors/receipt-missing.since" --now $NOW
run 1 '' "$U" bundle $(name 10) -o nowhere/y.bundle --now $NOW
yes_if 'no half bundle' sh -c '! ls | grep -q "tmp-\|^y.bundle"'
"$U" ledger policy >court.policy
for file in case item all bare since; do
    run 0 '' "$V" --policy court.policy --training $file.bundle
done
run 0 '' "$V" --policy court.policy --training --since old.checkpoint item.bundle
run 2 '' "$V" --policy court.policy item.bundle
finish
