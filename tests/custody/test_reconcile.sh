#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# Recovery (SPEC 3.9). Breaks when a record that was lost is not had back byte for byte from a backup or from bundles that together hold all, when
# anything is taken back that does not lead to the signed head, when another history is taken for the same one, or when a successor does not say so.
. tests/custody/lib.sh
A=$BIN/tests/attack/attack

checkpoint() { "$U" ledger checkpoint --now $NOW >"$1" 2>/dev/null; }
bundle() { "$U" bundle "$@" --now $NOW >/dev/null; }
same() { bundle --all -o all.now --force && yes_if "$1" cmp -s all.now whole.bundle; }
verifies() { run 0 INTACT "$V" --policy policy --training "$@"; }

# Puts the old backup in the place of the ledger; the remembered head stays.
put_back() {
    rm -rf led && cp -r "${1:-old}" led && cp true.head led.head
}
unchanged() { yes_if "$1" cmp -s led/data.mdb "${2:-old}/data.mdb"; }

make_ledger
"$U" ledger policy >policy 2>/dev/null
checkpoint paper1
"$U" ledger backup old >/dev/null
echo picture >picture.jpg
act "$U" note $(name 10) --text 'ten' --key pros.key
act "$U" note $(name 11) --text 'eleven' --key pros.key
act "$U" note $(name 12) --text 'twelve' --key pros.key
checkpoint paper2
act "$U" attach picture.jpg $(name 10) --key pros.key
bundle $(name 10) -o ten.bundle
bundle $(name 10) -o bare.bundle --without-attachments
bundle $(name 11) -o eleven.bundle
bundle $(name 12) -o twelve.bundle
act "$U" note $(name 9) --text 'place' --key pros.key
cp -r led before
checkpoint paper3
bundle $(name 9) -o place.bundle
bundle --all -o whole.bundle
"$U" ledger backup new >/dev/null
cp led.head true.head
TOGETHER='--from ten.bundle --from eleven.bundle --from twelve.bundle --from place.bundle'

# --- behind: told, and nothing more ---
put_back
run 1 'unbroken ledger reconcile' "$U" note $(name 10) --text 'nothing happened' --key pros.key $P --now $NOW
run 0 'BEHIND.*reconcile' "$U" ledger status
run 1 'record 9 is in none of the sources' "$U" ledger reconcile
yes_if 'the way to a successor is told' grep -q 'ledger init NEW-DIR --succeeds led ' out
run 0 '  new: newer: 17 records, 8 more than here; holds all 8 that are missing' "$U" ledger reconcile --from new --from paper2
yes_if 'a newer checkpoint is told' grep -q '  paper2: newer: 13 records, 4 more than here$' out
yes_if 'nothing is done without --take' grep -q 'nothing was changed: with --take' out
unchanged 'without --take nothing is changed'
run 0 '"complete": true' "$U" ledger reconcile --from new --json
run 0 'the same history, 9 records' "$U" ledger reconcile --from old --from new
run 1 'it is this ledger itself' "$U" ledger reconcile --from led

# --- a newer backup ---
run 0 'taken back: 8 records, 3 signed checkpoints' "$U" ledger reconcile --from new --take
checkpoint now
yes_if 'the signed head is the very one' cmp -s now paper3
run 0 'everything holds' "$U" ledger fsck
same 'every record, detail and file is the same, byte for byte'
run 0 'nothing is missing' "$U" ledger reconcile --from new --take
act "$U" note $(name 12) --text 'the station goes on' --key pros.key
for paper in paper1 paper2 paper3 ten.bundle; do
    "$U" bundle $(name 12) -o later.bundle --force --since $paper --now $NOW >/dev/null
    verifies later.bundle --since $paper
done
run 0 'older: 17 records, 2 fewer' "$U" ledger reconcile --from paper3
run 0 'older: 17 records' "$U" ledger reconcile --from new

# --- a backup on a medium that cannot be written, where one can be made ---
put_back
mkdir medium
if mount -t tmpfs -o size=8m none medium 2>/dev/null; then
    cp -r new medium/new && rm medium/new/lock.mdb && mount -o remount,ro medium
    run 0 'medium/new: newer: 17 records' "$U" ledger reconcile --from medium/new --take
    umount medium
    same 'a read-only backup gives everything back'
fi

# --- bundles that together hold all; the heads record of paper2 is in none of them ---
put_back
run 0 '1 heads record among them in no source: worked out' "$U" ledger reconcile $TOGETHER
run 0 'taken back: 8 records' "$U" ledger reconcile $TOGETHER --from paper2 --take
run 0 'everything holds' "$U" ledger fsck
same 'bundles give back every record, detail and file, byte for byte'
"$U" bundle $(name 12) -o later.bundle --force --since paper2 --now $NOW >/dev/null
verifies later.bundle --since paper2

# --- a folder of papers ---
put_back
mkdir papers
cp ten.bundle eleven.bundle twelve.bundle place.bundle papers
echo 'what is this' >papers/letter.txt
run 0 'letter.txt: NOT USED: it is no checkpoint, bundle, receipt or certificate' "$U" ledger reconcile --from papers
run 0 'taken back: 8 records' "$U" ledger reconcile --from papers --take
same 'a folder of bundles gives everything back'

# --- a hole: all or nothing ---
put_back
run 1 'record 11 is in none of the sources' "$U" ledger reconcile --from ten.bundle --from eleven.bundle --from place.bundle --take
yes_if 'who holds what is told' grep -q 'ten.bundle: newer.*holds 3 of the 8 that are missing: 9, 13 to 14' out
yes_if 'the successor is from the newest head' grep -q 'ledger init NEW-DIR --succeeds place.bundle --policy old.policy' out
unchanged 'a hole: nothing is taken back'
cmp -s led.head true.head || bad 'the remembered head was changed'
run 1 'record 15 is in none' "$U" ledger reconcile --from ten.bundle --from eleven.bundle --from twelve.bundle --take

# --- files left out ---
put_back
run 0 '1 attached file in no source' "$U" ledger reconcile --from bare.bundle --from eleven.bundle --from twelve.bundle --from place.bundle --take
run 0 'everything holds' "$U" ledger fsck
bundle $(name 10) -o later.bundle --force
run 0 'attachment-absent' "$V" --policy policy --training later.bundle --since paper3

# --- another history ---
rm -rf fork fork.head
cp -r old fork
run 0 'No head was remembered' "$U" ledger reconcile --ledger fork --take
run 0 'noted' "$U" note $(name 10) --text 'nothing happened' --key pros.key $P --now $NOW --ledger fork
"$U" ledger checkpoint --now $NOW --ledger fork >fork.paper 2>/dev/null
"$U" bundle $(name 10) -o fork.bundle --now $NOW --ledger fork >/dev/null
put_back new
run 1 'fork: ANOTHER HISTORY: its first 11 records have the root .*they differ from record 9 on' "$U" ledger reconcile --from fork
run 1 'fork.paper: ANOTHER HISTORY' "$U" ledger reconcile --from fork.paper
run 1 'fork.bundle: ANOTHER HISTORY' "$U" ledger reconcile --from fork.bundle
yes_if 'what it means' grep -q 'show both to the court' out
rm -rf led && cp -r fork led
run 1 'put a directory whose history is that of the remembered head' "$U" ledger reconcile --from new
yes_if 'which of the two is the other' grep -q 'it is the records here that are of another' out
yes_if 'no successor where the records are at hand' sh -c '! grep -q succeeds out'
for i in 1 2 3 4 5 6 7; do
    run 0 noted "$U" note $(name 10) --text 'and on' --key pros.key $P --now $NOW --ledger fork
done
rm -rf led && cp -r fork led
run 1 'the first 17 records here are not those of the remembered head' "$U" ledger reconcile --from new --take
put_back
run 1 'hold different records of that number' "$U" ledger reconcile $TOGETHER --from fork.bundle --take
unchanged 'two histories in the sources: nothing is taken back'
run 1 'fork.bundle hold different records|another root than' "$U" ledger reconcile --from new --from fork.bundle --take
unchanged 'a backup beside another history: nothing is taken back'

# --- a record forged in a bundle, everything after it signed anew by the station: the time logged is another ---
"$A" logged new forged.bundle --item 9 --record 15
verifies forged.bundle
put_back
run 1 'forged.bundle: ANOTHER HISTORY.*those of the remembered head' "$U" ledger reconcile --from ten.bundle --from eleven.bundle --from twelve.bundle \
    --from forged.bundle --take
unchanged 'a forged record is not taken back'
rm led.head
run 1 'ANOTHER HISTORY' "$U" ledger reconcile --from ten.bundle --from eleven.bundle --from twelve.bundle --from forged.bundle --from paper3 --take
yes_if 'no head is remembered after it' test ! -e led.head
head -c 3000 place.bundle >cut.bundle
put_back
run 1 'cut.bundle: NOT USED: it is no whole bundle' "$U" ledger reconcile --from cut.bundle
sed 's/^\(— .*\)....$/\1AAA=/' paper3 >unsigned
run 1 'unsigned: NOT USED' "$U" ledger reconcile --from unsigned

# --- the crash came after the head was remembered, before it was signed: the heads record alone is missing ---
put_back before
run 0 '1 heads record among them' "$U" ledger reconcile
run 0 'taken back: 1 record,' "$U" ledger reconcile --take
checkpoint now
yes_if 'the head that was remembered is signed' cmp -s now paper3
same 'nothing else than what was'

# --- records that no head covers yet come back from a ledger directory ---
put_back new
run 0 noted "$U" note $(name 11) --text 'not signed yet' --key pros.key $P --now $NOW
"$U" ledger backup newest >/dev/null
put_back
run 0 '1 further record at hand that no signed head covers yet' "$U" ledger reconcile --from newest --from new
run 0 'taken back: 9 records' "$U" ledger reconcile --from newest --from new --take
run 0 'not signed yet' "$U" show $(name 11)
run 0 'everything holds' "$U" ledger fsck

# --- the head file alone is lost ---
put_back new
rm led.head
run 1 'unbroken ledger reconcile' "$U" note $(name 10) --text 'x' --key pros.key $P --now $NOW
run 0 'no head is remembered' "$U" ledger reconcile --from paper1
run 0 'the head of 17 records is remembered' "$U" ledger reconcile --take
cmp -s led.head true.head || bad 'it is another head'
run 0 noted "$U" note $(name 10) --text 'x' --key pros.key $P --now $NOW
put_back
rm led.head
run 1 'record 9 is in none' "$U" ledger reconcile --from paper3 --take
yes_if 'a newer paper keeps it from being remembered' test ! -e led.head
"$U" ledger init real --origin a.example --code KHPP --threshold 1 --registrar r1.key --registrar r2.key $P >/dev/null
run 0 'real: NOT USED: it is another ledger' "$U" ledger reconcile --from real
run 1 'no such file' "$U" ledger reconcile --from nowhere
run 1 'no ledger in' "$U" ledger reconcile --ledger papers

# --- receipts and certificates are heads like any other; a certificate holds its bundle ---
put_back new
run 0 'receipt.pdf' "$U" receipt 13 -o receipt.pdf --text receipt.txt --now $NOW
"$U" certify -o ten.pdf $(name 10) --key pros.key $P --now $NOW >out 2>err || bad 'no certificate'
put_back
run 0 'receipt.txt: newer: 17 records, 8 more than here$' "$U" ledger reconcile --from receipt.txt --from new
run 0 '"kind": "receipt"' "$U" ledger reconcile --from receipt.txt --from new --json
run 0 '"kind": "certificate"' "$U" ledger reconcile --from ten.pdf --from new --json
run 0 'taken back: 8 records' "$U" ledger reconcile --from ten.pdf --from eleven.bundle --from twelve.bundle --from place.bundle --take
same 'a certificate gives back what its bundle holds'
rm led.head && put_back && rm led.head
run 1 'record 9 is in none' "$U" ledger reconcile --from receipt.txt --take
yes_if 'a receipt in a drawer keeps an old backup from coming alive' test ! -e led.head
rm -rf led && cp -r fork led && rm -f led.head
run 1 'receipt.txt: ANOTHER HISTORY' "$U" ledger reconcile --from receipt.txt --take
rm -rf led && cp -r fork led && cp fork.head led.head
run 1 'exhibit: the exhibit of new' "$U" ledger reconcile --from new -o exhibit
run 1 'fork' "$V" --policy policy exhibit
rm -f exhibit

# --- the station's witnesses: what they have seen comes before what is here ---
FAKE="/usr/bin/python3 $ROOT/tests/custody/fake_witness.py"
cosigned() { $FAKE cosign witness.example/$1 $1 1544666600 <"$2" >said/$1/checkpoint; }
mkdir -p said/one said/two
$FAKE serve said port & SERVER=$!
trap 'kill $SERVER 2>/dev/null; rm -rf "$DIR"' EXIT
tries=0
while [ ! -e port ] && [ $tries -lt 100 ]; do
    tries=$((tries + 1))
    sleep 0.1
done
for witness in one two; do
    echo "witness $witness $($FAKE vkey witness.example/$witness $witness) http://127.0.0.1:$(cat port)/$witness"
done >witnesses.policy
printf 'group both all one two\nquorum both\n' >>witnesses.policy
put_back new
run 0 '' "$U" ledger witnesses --set witnesses.policy
"$U" ledger backup watched >out 2>err || bad 'no backup'
yes_if 'a backup knows whom to ask' cmp -s watched/witnesses.policy led/witnesses.policy
cosigned one paper3
cosigned two paper2
run 0 'witness one: the same history, 17 records' "$U" ledger reconcile
run 0 'witness two: the same history, older: 13 records' "$U" ledger reconcile

put_back # all of the old backup but whom to ask
cp witnesses.policy led/witnesses.policy
rm led.head
run 1 'record 9 is in none of the sources' "$U" ledger reconcile --take
yes_if 'the newest head that a witness has seen is the goal' grep -q '8 records missing (the newest signed head is of 17, says witness one)' out
yes_if 'it does not come alive' test ! -e led.head
run 0 'taken back: 8 records, 3 signed checkpoints, 2 cosignatures' "$U" ledger reconcile --from new --take
run 0 'witness one: cosigned at 2018' "$U" ledger witnesses
bundle --all -o all.now --force --no-witnesses 2>/dev/null
verifies all.now --since paper3

put_back new
cp witnesses.policy led/witnesses.policy
rm led.head
echo 503 >said/two/status
run 0 'witness two: SHOWS NO HEAD: it answers with the HTTP status 503' "$U" ledger reconcile
yes_if 'and what that hinders' grep -q 'but first by what the witnesses have seen: 1 of them showed no head' out
run 1 "1 of the station's witnesses showed no head" "$U" ledger reconcile --take
yes_if 'what to do' grep -q -e '--without-witness NAME' err
yes_if 'it does not come alive' test ! -e led.head
run 2 'names no such witness' "$U" ledger reconcile --take --without-witness three
run 1 '' "$U" ledger reconcile --take --without-witness one
run 1 "2 of the station's witnesses" "$U" ledger reconcile --take --offline
yes_if 'who was not asked' grep -q 'witness one: SHOWS NO HEAD: it was not asked (--offline)' out
run 0 '"silent": 2' "$U" ledger reconcile --offline --json
rm said/two/status said/two/checkpoint
run 1 'has seen no checkpoint of this ledger' "$U" ledger reconcile --take
touch said/two/endless && cp said/one/checkpoint said/two/checkpoint
run 1 'witness two: SHOWS NO HEAD' "$U" ledger reconcile --take
rm said/two/endless
run 1 'not cosigned by its own key' "$U" ledger reconcile --take
cp letter.none said/two/checkpoint 2>/dev/null || echo 'what is this' >said/two/checkpoint
run 1 'witness two: SHOWS NO HEAD' "$U" ledger reconcile --take
run 0 'the head of 17 records is remembered' "$U" ledger reconcile --take --without-witness two
cmp -s led.head true.head || bad 'it is another head than the one witness has seen'
run 0 'the head of 17 records is remembered|nothing is missing' "$U" ledger reconcile --take --offline --without-witness one --without-witness two

# --- a witness has seen another history: told, proven, and nothing is taken ---
cosigned two fork.paper
run 1 'witness two: ANOTHER HISTORY' "$U" ledger reconcile --take -o exhibit
run 1 'fork' "$V" --policy policy exhibit
run 1 'fork' /usr/bin/python3 "$ROOT/tests/independent/verify.py" --policy policy exhibit
run 0 '"answer": "forked"' sh -c "\"\$0\" compare said/two/checkpoint led --json || true" "$U"
kill $SERVER
run 1 'witness one: SHOWS NO HEAD' "$U" ledger reconcile --take
put_back new

# --- lost for good: a successor ---
INIT="$U ledger init next --origin kh-pp.example/custody --code KHPQ --threshold 2 --registrar r1.key --registrar r2.key --registrar r3.key $P"
run 2 'needs --policy' $INIT --succeeds paper2 --training
run 2 'is for --succeeds' $INIT --policy policy --training
run 1 'is no checkpoint, bundle, receipt or certificate' $INIT --succeeds picture.jpg --policy policy --training
run 1 'not signed by the key' $INIT --succeeds unsigned --policy policy --training
run 1 'a real ledger does not succeed a training one' $INIT --succeeds paper2 --policy policy
yes_if 'nothing is founded' test ! -e next
ID=$(sed -n 's/^# Ledger-id (SHA-256) \([0-9a-f]*\).*/\1/p' policy)
ROOT3=$(sed -n 3p paper3)
ROOT3E=$(echo "$ROOT3" | sed 's/[+.]/\\&/g')
run 0 "succeeds the ledger with the id $ID, which had 17 records, root $ROOT3E" $INIT --succeeds place.bundle --policy policy --training \
    --now 2018-12-20
run 0 "succeeds the ledger with the id $ID" "$U" ledger status --ledger next
run 0 "\"ledger-id\": \"$ID\"" "$U" ledger status --ledger next --json
ZERO=$("$U" show 0 --json --ledger next | sed -n 's/.*"\(KHPQ-0-.\)".*/\1/p' | head -n 1)
run 0 "succeeds: the ledger with the id $ID, which had 17 records" "$U" show "$ZERO" --ledger next
run 0 "$ID" "$U" show 0 --ledger next
"$U" ledger policy --ledger next >next.policy 2>/dev/null
"$U" bundle "$ZERO" -o next.bundle --ledger next --now 2018-12-20 >/dev/null
run 0 "succeeds    the ledger with the id $ID, which had 17 records, root $ROOT3E" "$V" --policy next.policy --training next.bundle
run 0 "\"succeeds\":[{]\"ledger_id\":\"$ID\",\"size\":17,\"root\":\"$ROOT3E\",\"inside\":null}" "$V" --policy next.policy --training next.bundle --json
run 0 '"succeeds":null' "$V" --policy policy --training whole.bundle --json
rm -rf next next.head
run 0 'which had 9 records' $INIT --succeeds old --training
run 0 'everything holds' "$U" ledger fsck --ledger next
finish
