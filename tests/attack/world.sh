# SPDX-License-Identifier: Apache-2.0
#
# The ledger that is attacked, made by the command line; another one of the same people; and one founded anew under the same name.
# Sourced by test_attack.sh.

# found DIR ORIGIN REGISTRAR...: founded, with people 4-7 and 50-51, case 8, place 9, items 10-49, a list registered.
found() {
    dir=$1 origin=$2 a=$3 b=$4 c=$5
    UNBROKEN_LEDGER=$dir
    act "$U" ledger init "$dir" --origin "$origin" --code KHPP --threshold 2 --registrar "$a.key,name=Chan Sophea" --registrar "$b.key" \
        --registrar "$c.key" --training
    ENROL=$(records)
    for person in 'officer off' 'custodian cust' 'officer off2' 'prosecutor pros'; do
        enrol_by "$a" "$b" $person
    done
    act "$U" case open --docket 'PP 214/2018' --law 'Forestry Law, Article 97' --key off.key
    act "$U" place open --name 'Customs store' --key cust.key
    act "$U" allot 40 --key off.key
    enrol_by "$a" "$b" officer old
    enrol_by "$a" "$b" officer gone
    REGISTER=$(records)
    act "$U" register $(name $CASE) --items items.csv --key off.key
    VOID=$(records)
    act "$U" void $(name $SPOILT) --reason misprinted --key off.key --key cust.key
}

enrol_by() { act "$U" person enrol --name "$4" --agency Customs --office "$3" --key "$1.key" --key "$2.key" --key "$4.key"; }

# A command without keys that must succeed for the test to go on.
get() {
    "$@" >out 2>err </dev/null || {
        bad "$*"
        finish
    }
}

hand_over() {
    act "$U" release "$(name $ITEM)..$(name 12)" --to $(name 5) --purpose storage --key off.key
    ACCEPT=$(records)
    act "$U" accept "$(name $ITEM)..$(name 12)" --as inventoried --place $(name 9) --key cust.key
}

checkpoint() {
    get "$U" ledger checkpoint --now $NOW
    sed '/^TRAINING/d' out >"$1"
}

# What the attacks are about: the ledger `led`, its policy, item.bundle, and what the court kept from before.
make_world() {
    ITEM=10 CASE=8 SPOILT=49 OFF=4 OLD=50 GONE=51
    make_keys r1 r2 r3 x1 x2 x3 off cust off2 pros old gone
    head -6 "$ROOT/tests/data/ppap-2018-12-13.csv" >items.csv
    echo 'a photograph' >scene.jpg
    export UNBROKEN_LEDGER

    found other kh-sr.example/custody r1 r2 r3
    hand_over
    act "$U" note $(name $ITEM) --text 'seen elsewhere' --key off2.key
    checkpoint other.checkpoint
    get "$U" bundle $(name $ITEM) -o other.bundle --now $NOW

    found anew kh-pp.example/custody x1 x2 x3
    hand_over
    get "$U" bundle $(name $ITEM) -o anew.bundle --now $NOW

    found led kh-pp.example/custody r1 r2 r3
    get "$U" ledger policy
    sed '/^TRAINING/d' out >court.policy
    NOTE=$(records)
    act "$U" note $(name $ITEM) --text 'a crack at the tip' --key old.key
    act "$U" note $(name $ITEM) --text 'the crack is old' --key off2.key
    checkpoint old.checkpoint
    get "$U" bundle $(name $ITEM) -o old.bundle --now $NOW
    REVOKE=$(records)
    act "$U" person revoke $(name $OLD) --reason 'key lost' --key r1.key --key r2.key
    act "$U" person end $(name $GONE) --office officer --reason retired --key r1.key --key r2.key
    hand_over
    act "$U" attach scene.jpg $(name $ITEM) --key cust.key
    CORRECT=$(records)
    act "$U" correct $REGISTER --subject $(name $ITEM) length-mm=640 --reason 'read from the wrong end' --key off.key --key cust.key
    LONELY=$(records)
    act "$U" note $(name 14) --text 'this one stays here' --key off2.key
    TAIL=$(records)
    act "$U" note $(name $ITEM) --text 'seen in the store' --key pros.key
    checkpoint new.checkpoint
    get "$U" bundle $(name $ITEM) -o item.bundle --now $NOW
}
