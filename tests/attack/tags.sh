# SPDX-License-Identifier: Apache-2.0
#
# Tags in somebody's hand: never issued, void, misread, superseded (SPEC 3.2, V15). Sourced by test_attack.sh.

LEDGER_TEXT=$(sed -n 's|^log .*/training/\(................\).*|\1|p' court.policy | tr a-z A-Z)
tag() { echo "U1/$(name "$1")/$LEDGER_TEXT/$2"; }
swap_check() { name "$1" | sed 's/[0-9A-Z]$/_&/' | sed 's/_0$/1/;s/_[^_]$/0/'; }

get "$U" bundle $(name $ITEM) $(name $SPOILT) -o tags.bundle --now $NOW
check 'a bundle with a void number' 0 '' tags.bundle
check 'a good tag' 0 '' tags.bundle --tag $(name $ITEM)
check 'a good printed tag' 0 '' tags.bundle --tag $(tag $ITEM 1)

check 'a tag never issued' 1 never-issued tags.bundle --tag $(name 999)
check 'a printed tag never issued' 1 never-issued tags.bundle --tag $(tag 999 1)
crude 'a bundle about a number never issued' 1 never-issued asked --item 999
made "$A" invented led forged.bundle --item $((GONE + 1))
check 'clever: a number that only the heads know' 1 thread forged.bundle

check 'a void tag' 3 void tags.bundle --tag $(name $SPOILT)
check 'a void printed tag' 3 void tags.bundle --tag $(tag $SPOILT 1)
get "$U" bundle $(name $SPOILT) -o void.bundle --now $NOW
crude 'the voiding withheld' 1 incomplete drop --in void.bundle --record $VOID
clever 'the voiding withheld' 1 incomplete withhold --record $VOID --about $SPOILT
clever 'a void number labelled' 3 state label $SIGN_OFF --capacity 2 --print 1 --about $SPOILT

check 'a wrong check character' 2 check-character tags.bundle --tag $(swap_check $ITEM)
check 'a wrong check character on a printed tag' 2 check-character tags.bundle --tag "U1/$(swap_check $ITEM)/$LEDGER_TEXT/1"
check 'a tag of another ledger of the same code' 1 other-ledger tags.bundle --tag "U1/$(name $ITEM)/AAAAAAAAAAAAAAAA/1"
check 'a thing that the bundle says nothing of' 2 not-in-bundle tags.bundle --tag $(name 30)

# Labels come from the forger, with the officer's own key: honest acts.
made "$A" labels led labels.bundle --item $ITEM $SIGN_OFF --capacity 2 --print 1
check 'the latest print' 0 '' labels.bundle --tag $(tag $ITEM 2)
check 'a superseded print' 3 superseded labels.bundle --tag $(tag $ITEM 1)
check 'a print that was never made' 3 superseded labels.bundle --tag $(tag $ITEM 3)
LABELLED=$(($(sed -n 2p new.checkpoint)))
crude 'the later label withheld' 1 incomplete drop --in labels.bundle --record $LABELLED
