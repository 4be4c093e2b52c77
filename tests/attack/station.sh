# SPDX-License-Identifier: Apache-2.0
#
# What the station finds by itself: a database behind its remembered head, damage on its disk; and a backup that the administrator
# restores together with the head of that day, which only an older paper finds. Sourced by test_attack.sh.

UNBROKEN_LEDGER=led
get "$U" ledger backup copy
cp led.head copy.head
act "$U" note $(name $ITEM) --text 'a sample was taken' --key pros.key
checkpoint later.checkpoint
get "$U" bundle $(name $ITEM) -o later.bundle --now $NOW
check 'the ledger went on' 0 '' later.bundle --since new.checkpoint
cp -r led kept && cp led.head kept.head

# The database alone: the station is behind its remembered head.
cp copy/data.mdb led/data.mdb
run 1 'behind|head' "$U" note $(name $ITEM) --text 'nothing happened' --key pros.key $P --now $NOW
run 1 'behind|head' "$U" ledger checkpoint --now $NOW
rm -f led.head
run 1 'head' "$U" note $(name $ITEM) --text 'nothing happened' --key pros.key $P --now $NOW

# With the head of that day it goes on: the paper finds it.
cp copy.head led.head
get "$U" bundle $(name $ITEM) -o restored.bundle --now $NOW
unseen 'a backup restored' restored.bundle
check 'a backup restored, with the paper' 2 stale restored.bundle --since later.checkpoint
check 'a backup restored, with the older bundle' 2 stale restored.bundle --since later.bundle
act "$U" note $(name $ITEM) --text 'nothing happened' --key pros.key
get "$U" bundle $(name $ITEM) -o restored.bundle --force --now $NOW
unseen 'a backup restored and continued to the same length' restored.bundle
check 'a backup restored and continued to the same length, with the paper' 1 fork restored.bundle --since later.checkpoint
check 'a backup restored and continued to the same length, with the older bundle' 1 fork restored.bundle --since later.bundle
act "$U" note $(name $ITEM) --text 'nothing happened again' --key pros.key
get "$U" bundle $(name $ITEM) -o restored.bundle --force --now $NOW
unseen 'a backup restored and continued' restored.bundle
check 'a backup restored and continued, with the paper' 1 fork restored.bundle --since later.checkpoint
get "$U" bundle $(name $ITEM) -o restored.bundle --force --since old.checkpoint --now $NOW
check 'a backup restored and continued, with a paper from before the backup' 0 '' restored.bundle --since old.checkpoint

# Damage on the disk. In a backup, which has no unused pages, single bits are flipped: in what is named here, in every byte of the pages that
# lead to others, and all over the file. Either fsck finds it, or it struck nothing that is used: the whole ledger's bundle is the same.
rm -rf led.head led
cp -r copy led && cp copy.head led.head
run 0 'everything holds' "$U" ledger fsck
get "$U" bundle --all -o whole.bundle --now $NOW
check 'the whole ledger' 0 '' whole.bundle
python3 "$ROOT/tests/attack/flip.py" "$U" >out 2>err
for part in detail attachment checkpoint record branches everywhere; do
    yes_if "damage on the disk: $part" grep -q "^$part holds" out
done
run 0 'everything holds' "$U" ledger fsck
