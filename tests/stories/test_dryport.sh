#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# The dry port, 16 December 2016, by the commands a person types: 640 pieces of ivory, cheetah skulls and bones, sacks of pangolin scales that
# dry out, elephant tails, in 29 packages. Breaks when a sack's loss of weight is hidden, when what is explained and what is not get the
# same verdict, or when one sack's trouble spoils the verdict on another.
. tests/custody/lib.sh

make_ledger
LIST=$ROOT/tests/data/dryport-2016-12-16.csv
C=$(name 8)
at() { NOW=$1; A="$P --now $NOW"; }
at 2018-12-16T09:00:00+07:00
"$U" ledger policy 2>/dev/null | sed '/^TRAINING/d' >court.policy
act "$U" allot 700 --key off.key
act "$U" allot 29 --containers --key off.key
run 0 'registered 668 items .*packed into 29 containers' "$U" register $C --items "$LIST" --pack-by package --key off.key $A
cp out registered
package() { awk -v p="$1" '$2 == p { print $1 }' registered; }
yes_if 'each package has its container' test "$(grep -cE ' (PALLET|BOX|SACK)-[0-9]+ ' registered)" = 29
yes_if 'the scales of one sack' grep -qE 'SACK-07  1 item, 27.440 kg' registered

# Sealed before a witness, handed over by 29 scans.
awk '/ (PALLET|BOX|SACK)-/ { printf "%s DP-%03d\n", $1, ++n }' registered >seals
seal() { awk -v c="$1" '$1 == c { print $2 }' seals; }
fed seals 0 'sealed 29' "$U" seal --scan --witness 'Station master' --key off.key --key off2.key $A
fed seals 0 'released 29' "$U" release --scan --to custodian --purpose storage --due 2018-12-17 --key off.key $A
at 2018-12-16T15:00:00+07:00
fed seals 0 'accepted 29' "$U" accept --scan --as sealed --place $(name 9) --key cust.key $A

# The item in a container of one: "in" of show says where; the list says which.
in_sack() { "$U" list --in "$1" --json 2>/dev/null | grep -o 'KHPP-[0-9]*-[0-9A-Z]' | grep -v -x "$1" | head -n 1; }
DRY=$(package SACK-07) DAMP=$(package SACK-11) CALM=$(package SACK-08) BONES=$(package SACK-01)
SCALES=$(in_sack "$DRY") WET=$(in_sack "$DAMP") CALM_SCALES=$(in_sack "$CALM") BONE=$(in_sack "$BONES")
yes_if 'every sack has its item' test -n "$SCALES" -a -n "$WET" -a -n "$CALM_SCALES" -a -n "$BONE"
open_sack() { # CONTAINER ITEM
    s=$(seal "$1")
    run 0 'unsealed 1' "$U" unseal "$1" --reason weighing --found "$s" --removed "$s" --witness 'Clerk' --key cust.key --key pros.key $A
    run 0 'unpacked 1' "$U" unpack "$1" "$2" --key cust.key $A
}
at 2019-01-10T09:00:00+07:00
open_sack "$DRY" "$SCALES"
open_sack "$DAMP" "$WET"
open_sack "$CALM" "$CALM_SCALES"
SCALE='--scale Avery-220 --calibration 2018-10-01'

# A little: a finding, no breach. More: only with what explains it. The numbers and explanations stay side by side.
run 0 'weighed|2[67].*kg|drift' "$U" weigh "$SCALES" --net 26980 $SCALE --key cust.key $A
run 0 '.' "$U" weigh "$CALM_SCALES" --net 27390 $SCALE --key cust.key $A
run 1 'unexplained' "$U" weigh "$WET" --net 24100 $SCALE --key cust.key $A
at 2019-02-05T09:00:00+07:00
run 1 'unexplained' "$U" weigh "$SCALES" --net 25490 $SCALE --key cust.key $A
yes_if 'the way on' grep -q -e '--drift-explanation' err
run 0 '.' "$U" weigh "$SCALES" --gross 25990 --tare 500 $SCALE --drift-explanation 'scales dry out; sack sealed or in sight all the time' --key cust.key $A
run 0 'scales dry out' "$U" weights "$SCALES"
yes_if 'against every earlier weighing' sh -c "grep -q 27440 out && grep -q 26980 out && grep -q 25490 out"
run 0 '.' "$U" weigh "$WET" --net 24100 $SCALE --deviation 'lost 15 % since December, nobody knows why' --key cust.key $A
run 0 '.' "$U" release "$BONES" --found "$(seal "$BONES")" --to prosecutor --purpose examination --key cust.key $A

run 0 '' "$U" ledger checkpoint --now 2019-02-06T09:00:00+07:00
verdict() { # STATUS PATTERN SUBJECT
    rm -f v.bundle
    run 0 '' "$U" bundle "$3" -o v.bundle --now 2019-02-06T10:00:00+07:00
    run "$1" "$2" "$V" --policy court.policy --training v.bundle
}
verdict 0 'INTACT' "$SCALES"
yes_if 'both drifts are findings' test "$(grep -c ': drift: ' out)" = 2
verdict 0 'INTACT' "$CALM_SCALES"
yes_if 'no change, no finding' sh -c "! grep -q ': drift: ' out"
verdict 3 'deviation' "$WET"
yes_if 'the mass is named' grep -q ": mass: $WET" out
yes_if 'and the reason' grep -q 'nobody knows why' out
verdict 3 "mass: $WET" "$C"
yes_if 'nothing else is broken in the case' sh -c "! grep -q ': mass: $SCALES' out"
verdict 0 'INTACT' "$BONE"
yes_if 'the bones are in transit' grep -q 'in transit' out

# A count: one seal misread is told, and says nothing of what nobody has looked at.
BOX=$(package BOX-01)
grep -v -e "^$DRY " -e "^$DAMP " -e "^$CALM " -e "^$BONES " seals | sed "s/^$BOX .*/$BOX DP-999/" >count
printf '%s\n' "$SCALES" "$WET" "$CALM_SCALES" >>count
at 2019-02-07T09:00:00+07:00
fed count 0 'SEALS OR PIECES' "$U" stocktake $(name 9) --scan --key pros.key --key cust.key $A
yes_if 'the box is named' grep -q "$BOX.*DP-999 instead of" out
yes_if 'its ten skulls are not counted' grep -q '^NOT COUNTED.*: 10$' out
yes_if 'and nothing is called missing' sh -c "! grep -q 'NOT FOUND' out"
run 0 '' "$U" ledger fsck
finish
