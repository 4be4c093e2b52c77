#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# Breaks when two papers or files of one ledger are called one history though they are not, or two though they are one; when a fork or false heads
# that can be proven are not proven in one file; when that file needs more than the policy's log key; or when anything is said that is not shown.
. tests/custody/lib.sh
A=$BIN/tests/attack/attack
PY="/usr/bin/python3 $ROOT/tests/independent/verify.py"

checkpoint() { "$U" ledger checkpoint --now $NOW >"$1" 2>/dev/null; }
bundle() { "$U" bundle "$@" --now $NOW >/dev/null; }
# compared CODE PATTERN A B: both ways round say the same.
compared() {
    run "$1" "$2" "$U" compare "$3" "$4" --policy policy
    run "$1" "$2" "$U" compare "$4" "$3" --policy policy
}
# convicts CODE A B: an exhibit comes of it, which both verifiers read as proof, with the policy and nothing else.
convicts() {
    rm -f exhibit
    compared 1 'one file can prove it' "$2" "$3"
    run 1 'exhibit: proves it, in one file' "$U" compare "$2" "$3" --policy policy -o exhibit
    run 1 "$1" "$V" --policy policy exhibit
    run 1 "$1" $PY --policy policy exhibit
}
# suspects A B: two histories, and no exhibit of it.
suspects() {
    rm -f exhibit
    run 1 'FORKED|FALSE HEADS' "$U" compare "$1" "$2" --policy policy -o exhibit
    yes_if "$1 $2: it is said why there is no exhibit" grep -q '^there is no exhibit, one file that proves it: .' out
    yes_if "$1 $2: no file is written" test ! -e exhibit
}

make_ledger
"$U" ledger policy >policy 2>/dev/null
checkpoint paper1
"$U" ledger backup old >/dev/null
act "$U" note $(name 10) $(name 11) --text 'both' --key pros.key
BOTH=$(($(records) - 1))
act "$U" note $(name 12) --text 'twelve' --key pros.key
bundle $(name 10) -o ten.bundle
bundle $(name 11) -o eleven.bundle
run 0 "receipt.pdf" "$U" receipt $BOTH -o receipt.pdf --text receipt.txt --now $NOW
checkpoint paper2
act "$U" note $(name 12) --text 'again' --key pros.key
act "$U" note $(name 12) --text 'and again' --key pros.key
checkpoint paper3
bundle $(name 12) -o twelve.bundle
bundle --all -o whole.bundle
"$U" certify -o certificate.pdf $(name 12) --key pros.key $P --now $NOW >out 2>err || bad 'no certificate'
"$U" ledger backup new >/dev/null

# --- one history ---
compared 0 'SAME: one head' paper3 whole.bundle
compared 0 'SAME: one head' paper3 led
compared 0 'SAME: one head' led new
compared 0 'SAME: one head' paper2 ten.bundle
compared 0 'SAME: one head' certificate.pdf twelve.bundle
compared 0 'SAME: one head' receipt.txt ten.bundle
compared 0 'LATER: led continues paper1' led paper1
compared 0 'LATER: led continues old' led old
compared 0 'LATER: whole.bundle continues paper1' paper1 whole.bundle
compared 0 'proven by the path from the one size to the other in whole.bundle' paper1 whole.bundle
compared 0 'proven by the records in led' receipt.txt led
compared 0 'LATER: certificate.pdf continues ten.bundle' ten.bundle certificate.pdf
run 0 '"answer": "later"' "$U" compare paper1 led --json
run 0 'TRAINING' "$U" compare paper1 led

# --- what neither of them shows ---
compared 2 'UNPROVEN: nothing contradicts' paper1 paper3
yes_if 'what to ask for' grep -q 'unbroken bundle SUBJECT --since paper1' out
compared 2 UNPROVEN receipt.txt paper3
run 2 'neither file proves that key: give it with --policy' "$U" compare paper1 paper3
run 2 'neither file proves that key' "$U" compare paper3 receipt.txt

# --- what cannot be compared ---
"$U" ledger init real --origin a.example --code KHPP --threshold 1 --registrar r1.key --registrar r2.key $P >/dev/null
run 2 'they are of two ledgers' "$U" compare led real
echo 'what is this' >letter
run 2 'letter: shows no checkpoint' "$U" compare letter led
run 2 'no such file' "$U" compare nowhere led
mkdir papers && cp paper1 paper2 papers
run 2 'is a folder and no ledger' "$U" compare papers led
run 2 'led: it is this ledger itself' "$U" compare led ./led
sed 's/^\(— .*\)....$/\1AAA=/' paper2 >unsigned
run 2 'unsigned: it is not signed by a station key' "$U" compare unsigned led
"$U" ledger policy --ledger real >real.policy 2>/dev/null
run 2 'names no key of this ledger' "$U" compare paper1 led --policy real.policy
head -c 3000 whole.bundle >cut.bundle
run 2 'cut.bundle: shows no checkpoint' "$U" compare cut.bundle led
run 2 'compare needs A B' "$U" compare led
run 2 'no such file' "$U" compare paper1 led --policy nowhere

# --- the administrator puts last week back, and goes on from there under the station's key ---
cp -r old fork
run 0 'No head was remembered' "$U" ledger reconcile --ledger fork --take
for i in 1 2 3; do
    run 0 noted "$U" note $(name 10) --text 'nothing happened' --key pros.key $P --now $NOW --ledger fork
done
"$U" ledger checkpoint --now $NOW --ledger fork >fork.paper 2>/dev/null
"$U" bundle $(name 10) -o fork.bundle --now $NOW --ledger fork >/dev/null
convicts fork led fork
compared 1 'they differ from record 9 on' led fork
convicts fork fork.paper led
convicts fork fork.paper whole.bundle
convicts fork fork.bundle led
convicts fork fork.bundle whole.bundle
convicts fork fork ten.bundle
convicts fork fork receipt.txt
convicts fork fork certificate.pdf
run 2 'is an exhibit, and proves by itself' "$U" compare exhibit led
run 2 "exhibit: exists" "$U" compare fork led -o exhibit
run 1 'exhibit: proves it' "$U" compare fork led -o exhibit --force
run 1 '"provable": true' "$U" compare fork led --json
compared 2 UNPROVEN fork.paper paper3
compared 2 UNPROVEN fork paper3
# A record under two heads: certainly two histories, and no path that leads from the one to the other.
suspects receipt.txt fork.bundle
yes_if 'which record' grep -q 'fork.bundle: record 9 has the hash' out

# --- records that nobody has signed for are nobody's word ---
cp -r old quiet
"$U" ledger reconcile --ledger quiet --take >/dev/null 2>&1
run 0 noted "$U" note $(name 10) --text 'not signed for' --key pros.key $P --now $NOW --ledger quiet
cp -r old silent
"$U" ledger reconcile --ledger silent --take >/dev/null 2>&1
run 0 noted "$U" note $(name 10) --text 'another' --key pros.key $P --now $NOW --ledger silent
suspects quiet silent
yes_if 'why' grep -q "records alone are nobody's word" out

# --- everything rewritten and signed anew ---
"$A" rewritten led rewritten.bundle --record 4 --item 10 --key pros.key --passphrase-file pass --person 7 --appointment 1 --capacity 7 --print 1 >out 2>err ||
    bad 'no forged bundle'
convicts fork rewritten.bundle whole.bundle
convicts fork rewritten.bundle led
compared 1 'its signed head alone counts, for it does not verify: seen' rewritten.bundle led
compared 2 'a file that does not verify proves nothing of its own history' rewritten.bundle rewritten.bundle

# --- heads that hide a record, which another bundle of the same tree shows ---
cp -r new forged && rm forged/lock.mdb
"$A" lie-once-cut forged short.bundle --record $BOTH --item 10 >out 2>err || bad 'no short.bundle'
"$A" lie-once-cut forged other.bundle --record $BOTH --item 10 --about 11 >out 2>err || bad 'no other.bundle'
"$A" lie-once forged long.bundle --record $BOTH --item 10 --anchor 12 >out 2>err || bad 'no long.bundle'
for forged in short.bundle other.bundle long.bundle; do
    run 0 'INTACT' "$V" --policy policy --training $forged
done
compared 1 "FALSE HEADS: short.bundle says by heads record [0-9]+ that it is whole, and hides record $BOTH of subject 10" short.bundle other.bundle
convicts false-heads short.bundle other.bundle
convicts false-heads short.bundle long.bundle
compared 0 'LATER: long.bundle' other.bundle long.bundle

# --- the later one hides what the earlier one showed ---
"$U" ledger backup newer >out 2>err || bad backup
"$A" lie newer hiding.bundle --record $BOTH --item 10 --anchor 12 >out 2>err || bad 'no hiding.bundle'
run 0 'INTACT' "$V" --policy policy --training hiding.bundle
convicts false-heads hiding.bundle ten.bundle
convicts false-heads hiding.bundle eleven.bundle

# --- the station's key is replaced: its old heads stand up to that record; what a thief signs with the old key convicts under a policy with both ---
"$U" ledger backup stolen >out 2>err || bad 'no backup'
checkpoint before
run 0 'the station has a new key' "$U" ledger station-key --reason 'the old machine was stolen' --key r1.key --key r2.key $P --now $NOW
checkpoint after
"$U" ledger policy >new.policy 2>/dev/null
(grep '^log' policy; cat new.policy) >both.policy
bundle $(name 10) -o after.bundle
run 0 'LATER: after.bundle continues before' "$U" compare before after.bundle --policy new.policy
run 0 'LATER: led continues paper1' "$U" compare led paper1 --policy new.policy
run 0 'LATER: after.bundle continues ten.bundle' "$U" compare ten.bundle after.bundle
run 0 'SAME: one head' "$U" compare after led
run 2 'before: it is not signed by a station key' "$U" compare before after --policy new.policy
run 2 UNPROVEN "$U" compare before after --policy both.policy
run 0 'older|the same history' "$U" ledger reconcile --from before --from ten.bundle --from after.bundle --from stolen
run 0 'is remembered' "$U" ledger reconcile --ledger stolen --take
run 0 noted "$U" note $(name 10) --text 'the thief was here' --key pros.key $P --now $NOW --ledger stolen
"$U" ledger checkpoint --now $NOW --ledger stolen >stolen.paper 2>/dev/null
rm -f exhibit
run 1 'FORKED' "$U" compare stolen.paper led --policy new.policy -o exhibit
yes_if 'a policy with the new key alone is not convinced' grep -q 'there is no exhibit.*not signed by a log of the policy' out
yes_if 'no file is written' test ! -e exhibit
run 1 'exhibit: proves it' "$U" compare stolen.paper led --policy both.policy -o exhibit
run 1 fork "$V" --policy both.policy exhibit
run 2 unreadable "$V" --policy new.policy exhibit
run 1 'stolen.paper: ANOTHER HISTORY' "$U" ledger reconcile --from stolen.paper
finish
