#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# Breaks when a count tells anything of what is expected before it is closed, when what is not there is not found missing, when a seal
# vouches for what it does not hold together, or when a count is recorded in part, or by whom it may not.
. tests/custody/lib.sh

make_ledger
make_keys cnt
enrol 'Outside Counter' expert cnt # 50
# 10-15 loose at the store, 16-19 on a shelf of it, 20-23 in a sealed pallet (52) on the shelf, 24-26 in an open crate (53), 27-28 in a crate
# (54) whose seal will differ, 29-30 in a sealed crate (55) whose seal nobody will read. 31 stays with the officer, 32 goes to another place.
act "$U" place open --name 'Shelf A' --in $(name 9) --key cust.key # 51
act "$U" allot 4 --containers --key off.key                        # 52-55
act "$U" place open --name 'Laboratory' --key cust.key             # 56
{
    echo 'ref,description,quantity,unit,weight_g'
    for n in $(seq 10 32); do echo "T-$n,tusk of field number $n,2,piece,1234.5"; done
} >items.csv
act "$U" register $(name 8) --items items.csv --container $(name 52) --container $(name 53) --container $(name 54) --container $(name 55) \
    --key off.key
act "$U" pack $(name 52) $(name 20)..$(name 23) --key off.key
act "$U" pack $(name 53) $(name 24)..$(name 26) --key off.key
act "$U" pack $(name 54) $(name 27) $(name 28) --key off.key
act "$U" pack $(name 55) $(name 29) $(name 30) --key off.key
act "$U" seal $(name 52) --put-on SEAL-7731,SEAL-7732 --key off.key --key off2.key
act "$U" seal $(name 54) $(name 55) --put-on $(name 54)=SEAL-8801 --put-on $(name 55)=SEAL-9901 --key off.key --key off2.key
act "$U" seal $(name 10) --put-on SEAL-1001 --key off.key --key off2.key
act "$U" release $(name 10)..$(name 19) $(name 32) $(name 52)..$(name 55) --to custodian --purpose storage --seals-as-recorded --key off.key
act "$U" accept $(name 10)..$(name 15) $(name 53)..$(name 55) --as inventoried --place $(name 9) --seals-as-recorded --key cust.key
act "$U" accept $(name 16)..$(name 19) $(name 52) --as inventoried --place $(name 51) --seals-as-recorded --key cust.key
act "$U" accept $(name 32) --as inventoried --place $(name 56) --key cust.key
A="$P --now $NOW"
STORE=$(name 9)
COUNT="stocktake $STORE --scan --key cnt.key --key cust.key"
before=$(records)

# ---- what is refused before anybody counts ---------------------------------------------------------
echo "$(name 10)" >one
fed one 2 'needs --scan' "$U" stocktake $STORE --key cnt.key --key cust.key $A
fed one 2 'takes no --draft' "$U" $COUNT --draft d $A
yes_if 'no draft is left' test ! -e d
fed one 2 'needs two keys' "$U" stocktake $STORE --scan --key cnt.key $A
yes_if 'told before the count' sh -c '! grep -q counted out'
fed one 1 'no office in force.*custodian' "$U" stocktake $STORE --scan --key cust.key --key cnt.key $A
yes_if 'told before the count' sh -c '! grep -q counted out'
fed one 2 'needs two keys' "$U" stocktake $STORE --scan --key cnt.key --key off2.key --as-office expert --as-office officer $A
fed one 1 'is an item, not a place' "$U" stocktake $(name 10) --scan --key cnt.key --key cust.key $A
cp cnt.key copy.key
fed one 2 'two persons' "$U" stocktake $STORE --scan --key cust.key --key cnt.key --key copy.key --as-office custodian --as-office expert $A
: >nothing
fed nothing 1 'nothing was counted' "$U" $COUNT $A
fed one 1 'things were counted; nothing was recorded' "$U" $COUNT --empty $A

# ---- a counter of the chain is told at the close which record puts him there -----------------------
fed one 1 "$(name 4) signs first, as the counter, and is in the chain of custody of $(name 10): signed record [0-9]+, register" \
    "$U" stocktake $STORE --scan --key off.key --key cust.key $A
yes_if 'after the count' grep -q '^counted' out
yes_if 'a way on' grep -q 'hint: nothing was recorded; somebody who never handled' err
yes_if 'not what came out' sh -c '! grep -qiE "not found|expected here" out err'
# Sealing is no link of the chain (SPEC 7.2); the second custodian's acceptance is.
yes_if 'refusals record nothing' test "$(records)" = "$before"

# ---- the count -------------------------------------------------------------------------------------
{
    printf '%s SEAL-1001\r\n' "$(name 10)"         # seal intact
    name 11 | tr 'A-Z' 'a-z'                        # found
    echo "$(name 12) pieces=2"                      # found and counted
    echo "$(name 13) pieces=1"                      # one piece of it is gone
    echo "! $(name 14) a tusk of plaster, painted"  # swapped
    # 15 is not there
    name 16
    name 16                                         # twice
    name 17
    echo "$(name 18) SEAL-0000"                     # sealed by nobody knows whom
    echo "! $(name 19) nothing"
    echo "$(name 19) thing=here"                    # a slip, corrected
    echo "$(name 52) SEAL-7732 SEAL-7731"           # intact: vouches for 20-23
    name 53                                         # open: 24-26 singly
    name 24
    name 25
    echo "$(name 54) SEAL-8807"                     # another seal: 27-28 singly
    name 27
    name 55                                         # sealed, its seal not read: 29-30 neither found nor missing
    name 31                                         # with the officer, says the record
    echo "$(name 32) SEAL-32"                       # from the laboratory, and sealed
    name 40                                         # a number that was never used
    echo "! $(name 33) an empty bag"                # the tag alone, of a thing that is not expected
    echo 'KHPP-10-0'
    echo 'XXPP-10-6'
    echo "$(name 8)"
    echo "$(name 9999)"
    echo "$(name 11) pieces=two"
    echo "! $(name 11)"
    name 14                                         # the loose tag once more: the thing is still not there
    echo "$(name 14) SEAL-1"
    printf '%5000d\n' 0                             # longer than any line: skipped to its end
    name 31                                         # and the count goes on
} >counted
fed counted 0 'is closed: records [0-9]+ to [0-9]+$' "$U" $COUNT $A
cp out result
cp err refusals
yes_if 'what was found instead stays' test "$(grep -c "^refused: $(name 14) was said to be a tag without its thing" err)" = 2
yes_if 'a long line is refused once' test "$(grep -c '^refused: a line of over 4096 bytes is no tag$' err)" = 1
yes_if 'and the next one is taken' grep -q "^counted $(name 31) .*, again$" out

# Blind: before the close each line is answered alike, and nothing is said of what was not counted, of seals or of pieces.
sed '/is closed/,$d' result | grep -v '^TRAINING' >blind
yes_if 'each line is answered alike' sh -c "! grep -vE '^counted KHPP-[0-9]+-[0-9A-Z] \([0-9]+\)(, the tag alone)?(, again)?$' blind"
yes_if 'as many answers as good lines' test "$(wc -l <blind)" = 23
for hidden in "$(name 15)" "$(name 20)" "$(name 26)" "$(name 28)" "$(name 29)" SEAL tusk piece found expected missing sealed open; do
    yes_if "nothing of $hidden before the close" sh -c "! grep -qi -e '$hidden' blind"
done
yes_if 'no answer tells one thing from another' test "$(grep -c 'counted KHPP-[0-9]*-. ([0-9]*)$' blind)" = 17
yes_if 'refused lines are told, and nothing else' test "$(grep -c '^refused:' refusals)" = 9
for why in 'nearest right name' 'a name of another ledger|wrong check' 'is a case, not a thing' 'never issued' 'one whole number' 'what is there instead'; do
    yes_if "refused: $why" grep -qE "$why" refusals
done
yes_if 'how many' grep -q '9 scanned lines were refused and are not in the count' refusals
yes_if 'no breach is told beside the result' sh -c '! grep -q "breach of custody" refusals'

# The result, by name.
# in_part TITLE PATTERN: a line below that title.
in_part() { sed -n "/^$1/,\$p" result | sed '1d;/^[^ ]/,$d' | grep -qE -e "$2"; }
yes_if 'found' grep -q "^found: 13: $(name 11)\.\.$(name 13), $(name 16)\.\.$(name 19), $(name 24), $(name 25), $(name 27), $(name 53)\.\.$(name 55)$" result
yes_if 'intact' grep -q "^found, with the seals as recorded: 2: $(name 10), $(name 52)$" result
yes_if 'vouched for' grep -q 'vouched for by the seals .*: 4$' result
yes_if 'a seal that nobody read vouches for nothing' sh -c "grep -q 'NOT COUNTED.*: 2$' result && grep -q '  $(name 55): 2 in it; .*not read' result"
yes_if 'four are not found' grep -q '^NOT FOUND: 4$' result
yes_if 'swapped for plaster' in_part 'NOT FOUND' "$(name 14)  tusk of field number 14; last: record [0-9]+, accept, 2018.*instead: a tusk of plaster, painted"
yes_if 'not there' in_part 'NOT FOUND' "$(name 15)  tusk of field number 15; last: record [0-9]+, accept"
yes_if 'out of the open crate' in_part 'NOT FOUND' "$(name 26)  tusk of field number 26"
yes_if 'out of the crate whose seal differs' in_part 'NOT FOUND' "$(name 28)  tusk of field number 28"
yes_if 'of the officer' in_part 'not expected here' "$(name 31).*held, $(name 4) answers for it"
yes_if 'of another place' in_part 'not expected here' "$(name 32).*held at $(name 56), $(name 5) answers for it"
yes_if 'never used' in_part 'not expected here' "$(name 40); .*unused"
yes_if 'the tag alone' in_part 'the tag alone' "$(name 33).*an empty bag"
yes_if 'pieces differ' in_part 'SEALS OR PIECES' "$(name 13)  .*1 piece instead of 2"
yes_if 'a seal too many' in_part 'SEALS OR PIECES' "$(name 18)  .*seals SEAL-0000 instead of none"
yes_if 'another seal' in_part 'SEALS OR PIECES' "$(name 54); .*seals SEAL-8807 instead of SEAL-8801"
yes_if 'a seal on what is of another place' in_part 'SEALS OR PIECES' "$(name 32)"

# What is recorded: one act, one act for each that differs, one note; the place; who counted.
yes_if 'six records' test "$(($(records) - before))" = 6
run 0 'its seals, all as recorded, vouch for 4 things in it' "$U" show $before
run 0 'its seals were not read as recorded: 2 things in it neither found nor missing' "$U" show $before
run 0 'its tag is there without it; instead: a tusk of plaster, painted' "$U" show $before
run 0 'reason: found at the stock-take: 1 piece instead of 2' "$U" show $((before + 1))
run 0 'reason: found at the stock-take: seals SEAL-8807 instead of SEAL-8801' "$U" show $((before + 4))
yes_if 'a deviation, of that thing alone' sh -c "grep -q 'DEVIATION.*: yes' out && grep -q '$(name 54)' out && ! grep -q '$(name 32)' out"
run 0 'its tag was found without it; there was instead: an empty bag' "$U" show $((before + 5))
run 0 '^4 things' "$U" list --missing
yes_if 'which record' sh -c "grep -qE '$(name 14) .* $before +2018-12-13' out"
run 0 '"missing-since": "2018-12-13T03:00:00Z"' "$U" list --missing --json
run 0 'Outside Counter .* Keo Store +15 +2 +4 +3 +4$' "$U" stocktakes
run 0 '1 stock-take$' "$U" stocktakes $STORE
run 0 '0 stock-takes$' "$U" stocktakes $(name 56)
run 0 '"not-found": 4' "$U" stocktakes --json
run 1 'is an item, not a place' "$U" stocktakes $(name 10)

# ---- what a court reads ----------------------------------------------------------------------------
"$U" ledger policy >court.policy 2>/dev/null
verdict() { # CODE PATTERN THING
    rm -f t.bundle
    run 0 "t.bundle" "$U" bundle $(name $3) -o t.bundle --now $NOW
    run $1 "$2" "$V" --policy court.policy --training t.bundle
    cp out verdict.txt
    run $1 '' python3 $ROOT/tests/independent/verify.py --policy court.policy --training t.bundle
    cp verdict.txt out
}
verdict 3 "missing: $(name 14) was not found at the stock-take of record $before, and not since" 14
yes_if 'the plaster tusk is told' grep -q 'instead: a tusk of plaster, painted' out
verdict 0 'custody unbroken' 11
verdict 0 '' 10
verdict 0 '' 24 # counted singly while packed in an open crate: no rule is broken by that
verdict 3 'missing' 26
verdict 0 '' 21 # in the pallet that vouches for it
verdict 0 '' 29
verdict 3 'seal-differs: .*seals found are not those put on before' 54
verdict 3 'pieces: .*1 pieces stated, 2 before' 13
yes_if 'and its reason alone' sh -c "grep -q 'found at the stock-take: 1 piece instead of 2' out && ! grep -q 'SEAL-0000' out"
run 0 'everything holds' "$U" ledger fsck

# ---- found again: the next count clears it; and what was missed once is asked for singly -----------
{
    for n in 10 11 12 13 14 15 53 24 25 26; do name $n; done
    echo "$(name 54) SEAL-8807" # as recorded since the last count; 28 was not found then
    echo "$(name 55) SEAL-9901"
} >again
before=$(records)
fed again 0 'found, with the seals as recorded: 2: ' "$U" $COUNT $A
yes_if 'the shelf was counted too' grep -q "$(name 16)  tusk" out
yes_if 'a pallet that is not found vouches for nothing' grep -q "$(name 23)  tusk" out
yes_if 'nor a seal for what was missed already' grep -q "$(name 28)  tusk" out
yes_if 'ten in all' grep -q '^NOT FOUND: 10$' out
yes_if 'and 27, 29, 30 are vouched for' grep -q 'vouched for by .*: 3$' out
verdict 0 'custody unbroken' 14
verdict 0 '' 26
verdict 3 "missing: $(name 28) .* of record $before" 28
verdict 3 "missing: $(name 20)" 20

# ---- a shelf alone; a thing outside the pallet whose seals are as recorded -------------------------
SHELF="stocktake $(name 51) --scan --key cnt.key --key cust.key"
{
    for n in 16 17 18 19 21; do name $n; done
    echo "$(name 52) SEAL-7731 SEAL-7732"
    name 10
} >shelf
sed -i "s/^$(name 18)/& SEAL-0000/" shelf
fed shelf 0 'not expected here: 2' "$U" $SHELF $A
yes_if 'found outside' grep -q "$(name 21)  .*found outside $(name 52), whose seals are as recorded" out
yes_if 'of the store, not of its shelf' grep -q "$(name 10)  .*held at $STORE" out
yes_if 'missed already: not vouched for by a pallet that leaks' grep -q '^NOT FOUND: 3$' out
run 0 "found outside $(name 52), in which it is packed" "$U" show $(name 21)
verdict 0 '' 21
verdict 3 "missing: $(name 22)" 22

# ---- with a deviation, a counter of the chain: on what he is in the chain of, and on nothing else --
{ name 11; name 40; } >two
act "$U" release $(name 11) --to $(name 7) --purpose court --key cust.key
act "$U" accept $(name 11) --as inventoried --key pros.key
before=$(records)
fed two 1 "$(name 7) signs first, as the counter, and is in the chain of custody of $(name 11): signed record [0-9]+, accept" \
    "$U" stocktake $(name 56) --scan --key pros.key --key cust.key $A
yes_if 'nothing is recorded' test "$(records)" = "$before"
fed two 0 'not expected here: 2' "$U" stocktake $(name 56) --scan --key pros.key --key cust.key --deviation 'nobody else in the building' $A
run 0 "$(name 40): outcome not expected here" "$U" show $before
yes_if 'no deviation on the other' sh -c "! grep -q DEVIATION out && ! grep -q '$(name 11)' out"
run 0 'reason: nobody else in the building' "$U" show $((before + 1))

youngest_place() { "$U" places --json | sed -n 's/.*"place": "\(.*\)",*$/\1/p' | sort -t - -k 2 -n | tail -n 1; }

# ---- an empty place, and one where nothing is expected ---------------------------------------------
act "$U" place open --name 'Empty room' --key cust.key
EMPTY=$(youngest_place)
before=$(records)
fed nothing 0 'nothing is expected there and nothing was found' "$U" stocktake $EMPTY --scan --empty --key cnt.key --key cust.key $A
yes_if 'nothing to record' test "$(records)" = "$before"
fed nothing 0 'NOT FOUND: 1$' "$U" stocktake $(name 56) --scan --empty --key cnt.key --key cust.key $A

# ---- an interrupted count records nothing, and shows nothing ---------------------------------------
before=$(records)
python3 - "$U" "$STORE" "$(name 13)" <<'END' >out 2>err
import signal, subprocess, sys
for sig in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
    p = subprocess.Popen([sys.argv[1], 'stocktake', sys.argv[2], '--scan', '--key', 'cnt.key', '--key', 'cust.key', '--passphrase-file', 'pass',
                          '--now', '2018-12-13T10:00:00+07:00'], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    p.stdin.write(sys.argv[3].encode() + b'\n')
    p.stdin.flush()
    line = b''
    while not line.startswith(b'counted'):  # the answer comes before the end of input
        line = p.stdout.readline()
    p.send_signal(sig)
    out, err = p.communicate(timeout=60)
    print(p.returncode, b'nothing was recorded' in err, out)
END
yes_if 'an interrupted count fails and says so' test "$(grep -c "^1 True b''" out)" = 3
yes_if 'an interrupted count records nothing' test "$(records)" = "$before"
# Others may write while people count: nobody holds the ledger for an hour.
mkfifo slow
"$U" $SHELF $A <slow >slow.out 2>slow.err &
counting=$!
exec 3>slow
echo "$(name 16)" >&3
act "$U" note $(name 10) --text 'written meanwhile' --key off.key
exec 3>&-
wait $counting
yes_if 'a count ends well beside other writers' grep -q 'is closed' slow.out
run 0 'written meanwhile' "$U" show $(name 10)

# ---- more than one act holds: batches, by number and by bytes --------------------------------------
act "$U" allot 700 --key off.key
act "$U" place open --name 'Hall' --key cust.key
HALL=$(youngest_place)
act "$U" register $(name 8) --items $ROOT/tests/data/dryport-2016-12-16.csv --place $HALL --key off.key
"$U" list --at $HALL --json | sed -n 's/.*"thing": "\(.*\)",/\1/p' >all
yes_if 'many things' test "$(wc -l <all)" = 668
# Ten seals of sixty letters each on 120 of them: more than a record holds.
letters=$(printf '%060d' 0 | tr 0 Q)
head -120 all | while read -r tag; do
    printf '%s' "$tag"
    for i in 0 1 2 3 4 5 6 7 8 9; do printf ' %s%s' "$i" "$letters"; done
    echo
done >sealed
for part in 1 41 81; do
    sed -n "$part,$((part + 39))p" sealed >part
    fed part 0 'sealed 40' "$U" seal --scan --key off.key --key off2.key $A
done
before=$(records)
{ cat sealed; sed '1,120d;$d' all; } >hall
fed hall 0 '^NOT FOUND: 1$' "$U" stocktake $HALL --scan --key cnt.key --key cust.key $A
yes_if 'found' grep -q '^found: 547: ' out
yes_if 'intact' grep -q '^found, with the seals as recorded: 120: ' out
yes_if 'several acts' test "$(($(records) - before))" -ge 4
run 0 " 667 +120 +1 +0 +0\$" "$U" stocktakes $HALL
yes_if 'one count' grep -q '^1 stock-take$' out
run 0 '^1 thing$' "$U" list --missing --at $HALL
run 0 '7 stock-takes$' "$U" stocktakes
run 0 'everything holds' "$U" ledger fsck
finish
