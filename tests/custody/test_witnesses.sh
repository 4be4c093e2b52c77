#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# The station's side of witnessing. Breaks when a witness that is dead, slow or lying keeps a checkpoint from being signed, or gets a cosignature stored
# that does not hold; when a cosignature is lost; when the quorum is said to be met and is not; when the trust file does not ask for it.
. tests/custody/lib.sh

checkpoint() { "$U" ledger checkpoint --now $NOW "$@"; }
lines() { grep -c '^— ' "$1"; }
# The lines of a policy for these witnesses.
witnesses() {
    for name in "$@"; do
        echo "witness $name $(cat "$name.vkey") $(cat port)/$name"
    done
}

/usr/bin/python3 "$ROOT/tests/custody/cosigner.py" port court customs ngo auditor &
server=$!
trap 'kill $server 2>/dev/null; rm -rf "$DIR"' EXIT
make_ledger
for i in $(seq 300); do [ -s port ] && break; sleep 0.1; done
yes_if 'the witnesses listen' test -s port

# --- none yet: all as ever ---
run 1 'this ledger has no witnesses' "$U" ledger witnesses
run 0 '^quorum none$' "$U" ledger policy
checkpoint >plain 2>err
yes_if 'one signature, nobody else' test "$(lines plain)" = 1

# --- what is refused as a configuration ---
{ witnesses court customs ngo; echo 'group two 2 court customs ngo'; echo 'quorum two'; } >good.policy
"$U" ledger policy | grep '^log ' >own
for bad in "$(cat own; cat good.policy)" 'quorum none' "$(witnesses court; echo 'quorum two')" "$(witnesses court | sed 's/http:/gopher:/'; echo 'quorum court')" 'witness a b c'; do
    printf '%s\n' "$bad" >bad.policy
    run 1 '(log. line|names no witness|not defined above|neither http|policy line 1)' "$U" ledger witnesses --set bad.policy
done
# The station's own key as a witness's: the vkey of type 4 over the same key.
/usr/bin/python3 - "$(cat own)" >self.vkey <<'P'
import base64, hashlib, sys
key = base64.b64decode(sys.argv[1].split('+', 2)[2])[1:]
print("me.example+%s+%s" % (hashlib.sha256(b"me.example\n\x04" + key).digest()[:4].hex(), base64.b64encode(b"\x04" + key).decode()))
P
{ echo "witness me $(cat self.vkey)"; echo 'quorum me'; } >self.policy
run 1 'nobody witnesses himself' "$U" ledger witnesses --set self.policy
run 1 'this ledger has no witnesses' "$U" ledger witnesses
run 1 'no certificate in PEM' "$U" ledger witnesses --set good.policy --ca good.policy
: >empty.pem
run 1 'empty' "$U" ledger witnesses --set good.policy --ca empty.pem
yes_if 'what is refused sets nothing' sh -c '! ls led | grep -q witnesses'
run 0 'the witnesses are set' "$U" ledger witnesses --set good.policy
run 0 'the quorum still misses 2 more of court, customs, ngo' "$U" ledger witnesses
yes_if 'the trust file asks for the quorum' sh -c '"$1" ledger policy >court.policy; grep -q "^quorum two$" court.policy && grep -q "^log " court.policy && ! grep -q "quorum none" court.policy' - "$U"
run 0 '"missing": "2 more of court, customs, ngo"' "$U" ledger witnesses --json
"$U" bundle --all -o before.bundle --no-witnesses --now $NOW >/dev/null 2>&1
run 2 'quorum' "$V" --policy court.policy --training before.bundle

# --- all are well ---
run 0 'the quorum is met' checkpoint
yes_if 'the note has all of them' test "$(lines out)" = 4
yes_if 'each was told the size it has' sh -c 'grep -qx "old 0" asked-court'
run 0 'court: cosigned at [^ ]* \(http://127' "$U" ledger witnesses
run 0 '"quorum-met": true' "$U" ledger witnesses --json
"$U" bundle --all -o after.bundle --now $NOW >/dev/null 2>&1
run 0 'INTACT' "$V" --policy court.policy --training after.bundle
yes_if 'whom they are' sh -c '"$1" --policy court.policy --training after.bundle | grep -c "^witnessed" | grep -qx 3' - "$V"
rm -f asked-*
run 0 '' checkpoint
yes_if 'who has signed is not asked again' test ! -e asked-court

# --- a bundle from before they signed ---
run 0 'the quorum of its checkpoint is met' "$U" vouch before.bundle -o vouched.bundle
run 0 'INTACT' "$V" --policy court.policy --training vouched.bundle
run 1 'exists' "$U" vouch before.bundle -o vouched.bundle
run 1 'no bundle' "$U" vouch court.policy -o no.bundle
yes_if 'nothing is left of a refused one' test ! -e no.bundle

# --- a paper for somebody at the counter: whoever has signed stands on it, and nobody who has not keeps it back ---
words() { pdftotext -layout "$1" - | tr -s ' \n' ' '; }
run 0 '2 copies' "$U" receipt 3 -o signed.pdf --text signed.txt --now $NOW
yes_if 'the receipt names each witness' test "$(words signed.pdf | grep -oE 'Witness (court|customs|ngo), 20[0-9-]+ [0-9:]+' | sort -u | wc -l)" = 3
yes_if 'and lacks none' sh -c '! pdftotext signed.pdf - | grep -qE "Fewer witnesses|Nobody but the station"'
run 0 'INTACT' "$V" --policy court.policy --training after.bundle --since signed.txt
act "$U" note $(name 10) --text 'for a receipt' --key pros.key
sed 's#http://127[^ ]*#http://127.0.0.1:1#' good.policy >dead.policy
run 0 '' "$U" ledger witnesses --set dead.policy
run 0 'quorum still misses 2 more of' "$U" receipt 3 -o unsigned.pdf --language vi,km --now $NOW
run 0 '' "$U" receipt 3 -o unsigned.pdf --force --now $NOW
yes_if 'the receipt says who lacks' sh -c 'pdftotext -layout unsigned.pdf - | tr -s " \n" " " | grep -q "Fewer witnesses than the court.s policy asks for" && pdftotext unsigned.pdf - | grep -q "Nobody but the station"'
run 1 'not certified \(quorum\)' "$U" certify $(name 8) -o early.pdf --key pros.key $P --now $NOW
yes_if 'with a way on' grep -q 'hint: .*unbroken ledger checkpoint' err
yes_if 'nothing is left of a refused one' test ! -e early.pdf
run 0 '' "$U" ledger witnesses --set good.policy
run 0 'the quorum is met' "$U" certify $(name 8) -o certified.pdf --key pros.key $P --now $NOW
yes_if 'the certificate names each witness' test "$(words certified.pdf | grep -oE 'Witness (court|customs|ngo), 20[0-9-]+ [0-9:]+' | sort -u | wc -l)" = 3
run 0 'INTACT' "$V" --policy court.policy --training certified.pdf

# --- another program signs while a witness is being asked: it is asked for the same checkpoint again ---
act "$U" note $(name 10) --text 'first' --key pros.key
echo "export UNBROKEN_LEDGER=led; '$U' note $(name 10) --text 'meanwhile' --key pros.key $P --now $NOW >/dev/null && '$U' ledger checkpoint --no-witnesses --now $NOW >/dev/null" >meanwhile.sh
echo meanwhile meanwhile.sh >mood-court
run 0 'witness court: cosigned' checkpoint
yes_if 'it is the one that is printed' test "$(lines out)" = 4
run 0 'the quorum still misses 2 more of' "$U" ledger witnesses
run 0 'the quorum is met' checkpoint
"$U" bundle --all -o history.bundle --now $NOW >/dev/null 2>&1

# --- one dead, one slow, one lying: what is there is kept, the rest is retried ---
before=$(sed -n 2p out)
checkpoint 2>/dev/null >last && before=$(sed -n 2p last)
act "$U" note $(name 10) --text 'one' --key pros.key
sed 's#http://127[^ ]*/customs#http://127.0.0.1:1#' good.policy >dead.policy
run 0 '' "$U" ledger witnesses --set dead.policy
echo slow >mood-court
echo flipped >mood-ngo
run 0 'quorum still misses 2 more of court, customs, ngo' checkpoint
yes_if 'the dead one is named with its reason' grep -q 'witness customs: not reached: http://127.0.0.1:1/add-checkpoint: ' err
yes_if 'the slow one is not waited for' grep -q 'witness court: not reached' err
yes_if 'the liar is told' grep -q 'witness ngo: its answer is not taken: its signature does not hold' err
yes_if 'a checkpoint is printed whatever they say' test "$(lines out)" = 1
run 1 'too few witnesses' checkpoint --require-quorum
rm -f mood-*
run 0 'quorum is met' checkpoint
yes_if 'two have signed' test "$(lines out)" = 3
yes_if 'each was asked for a proof from what it has' sh -c 'tail -n 1 asked-court | grep -qx "old '"$before"'"'
run 0 '' "$U" ledger witnesses --set good.policy
run 0 'customs: cosigned' checkpoint

# --- every other mood ---
mood() { # mood WORDS PATTERN [exit code]
    act "$U" note $(name 10) --text 'again' --key pros.key
    echo "$1" >mood-court
    run "${3:-0}" "$2" checkpoint
    yes_if "nothing of it is stored: $1" test "$(lines out)" = 3
    yes_if "nothing of it reaches the terminal: $1" sh -c '! grep -q "$(printf "\033")" err'
    rm -f mood-court
}
mood endless 'witness court: its answer is not taken: .*longer than it may be'
mood 'status 404' 'witness court: it does not know this ledger.*because .x1b'
mood 'status 403' 'witness court: it does not know this ledger'
mood 'status 422' 'witness court: IT HAS SEEN ANOTHER HISTORY' 1
mood 'status 503' 'witness court: not yet, it says to ask again'
mood 'status 500' 'witness court: its answer is not taken'
mood 'status 302' 'witness court: its answer is not taken'
mood 'size 900' 'witness court: IT HAS SEEN 900 RECORDS: this ledger is behind' 1
mood 'size 2' 'witness court: not yet, it says to ask again: it named one size'
mood 'size 08' 'witness court: its answer is not taken: it answers 409 without a size'
mood sizeless 'witness court: its answer is not taken: it answers 409 without a size'
mood garbage 'witness court: its answer is not taken: its answer is no signature lines'
mood empty 'witness court: its answer is not taken: its answer is no signature lines'
mood stranger 'witness court: its answer is not taken'
mood 'other ngo' 'witness court: its answer is not taken'
mood elsewhere 'witness court: its answer is not taken: its signature does not hold'
mood 'time 0' 'witness court: its answer is not taken: .*no time'
mood 'time 99999999999' 'witness court: its answer is not taken: .*ahead of this machine'
act "$U" note $(name 10) --text 'chatty' --key pros.key
echo chatty >mood-court
run 0 'witness court: cosigned' checkpoint
yes_if 'a stranger beside it is left out' test "$(lines out)" = 4
rm -f mood-court

# --- auditors, nested groups ---
{ witnesses court customs ngo auditor; echo 'group auditors any auditor'; echo 'group two 2 court customs ngo'; echo 'group both all two auditors'; echo 'quorum both'; } >audited.policy
run 0 '' "$U" ledger witnesses --set audited.policy
act "$U" note $(name 10) --text 'audited' --key pros.key
echo status 503 >mood-auditor
run 0 'quorum still misses auditor;' checkpoint
yes_if 'whose word it is' grep -q "complete on the station's own word" err
"$U" ledger policy >audited.court
"$U" bundle --all -o unaudited.bundle --now $NOW >/dev/null 2>&1
run 2 'auditors' "$V" --policy audited.court --training unaudited.bundle
run 0 'no auditor vouches for it yet' "$U" vouch unaudited.bundle -o unaudited.again
act "$U" note $(name 10) --text 'audited later' --key pros.key
rm -f mood-auditor
run 0 'auditor \(auditor\): cosigned' checkpoint
yes_if 'all four' test "$(lines out)" = 5
run 0 'the auditors vouch for it by their cosignatures on the checkpoint of [0-9]+ records' "$U" vouch unaudited.bundle -o audited.bundle
run 2 'quorum' "$V" --policy audited.court --training audited.bundle
sed 's/^quorum both/quorum two/' audited.court >looser.court
run 0 'INTACT' "$V" --policy looser.court --training audited.bundle
run 2 'auditors' "$V" --policy looser.court --training unaudited.bundle

# --- a certificate waits for the auditors, and is made of what they vouch for ---
sed 's/^quorum both/quorum two/' audited.policy >looser.policy
run 0 '' "$U" ledger witnesses --set looser.policy
echo status 503 >mood-auditor
act "$U" note $(name 10) --text 'for the court' --key pros.key
run 1 'not certified .auditors.' "$U" certify $(name 10) -o early.pdf --key pros.key $P --now $NOW
yes_if 'what to do is told' grep -q 'unbroken vouch, unbroken certify --from' err
yes_if 'nothing is left of it' test ! -e early.pdf
run 0 '' "$U" bundle $(name 10) $(name 6) -o early.bundle --now $NOW
run 1 'not certified .auditors.' "$U" certify --from early.bundle -o early.pdf --key pros.key $P --now $NOW
act "$U" note $(name 10) --text 'and life goes on' --key pros.key
rm -f mood-auditor
run 0 'auditor \(auditor\): cosigned' checkpoint
run 0 'the auditors vouch' "$U" vouch early.bundle -o vouched-for.bundle
run 2 'or --from BUNDLE' "$U" certify $(name 10) --from vouched-for.bundle -o early.pdf --key pros.key $P --now $NOW
run 0 'certificate [0-9A-Z-]*, ' "$U" certify --from vouched-for.bundle -o early.pdf --key pros.key $P --now $NOW
"$U" ledger policy >looser.court
run 0 'complete on the word of auditor' "$V" --policy looser.court --training early.pdf
yes_if 'of what was recorded by then' sh -c '! "$1" --policy looser.court --training early.pdf | grep -q "life goes on"' - "$V"

# --- without a network ---
sed 's# http://127[^ ]*/ngo##' good.policy >offline.policy
run 0 '' "$U" ledger witnesses --set offline.policy
act "$U" note $(name 10) --text 'offline' --key pros.key
run 0 'ngo: not yet; it has no URL: unbroken ledger witness-request' checkpoint
run 2 'needs -o FILE, --pdf PAGE or both' "$U" ledger witness-request --witness ngo
run 2 'needs --witness NAME' "$U" ledger witness-request -o request.txt
run 1 'no such witness' "$U" ledger witness-request --witness nobody -o request.txt
run 0 'for a witness that has [1-9][0-9]* records' "$U" ledger witness-request --witness ngo -o request.txt
run 1 'exists' "$U" ledger witness-request --witness ngo -o request.txt
run 1 'the witness has 900 records' "$U" ledger witness-request --old 900 -o never.txt
yes_if 'nothing is left of a refused one' test ! -e never.txt
yes_if 'and posted by hand it is answered' sh -c '/usr/bin/python3 -c "
import sys, urllib.request
sys.stdout.buffer.write(urllib.request.urlopen(sys.argv[1], open(\"request.txt\", \"rb\").read()).read())" "$(cat port)/ngo/add-checkpoint" >answer.txt'
run 0 '1 new cosignature on the checkpoint' "$U" ledger cosign answer.txt
run 1 'no new cosignature' "$U" ledger cosign answer.txt
run 1 'neither signature lines nor the codes' "$U" ledger cosign request.txt
run 1 'not a regular file' "$U" ledger cosign /dev/null
run 0 'ngo: cosigned' "$U" ledger witnesses
# A clock that runs ahead: its word would stand where the right one belongs.
act "$U" note $(name 10) --text 'ahead' --key pros.key
run 0 '' checkpoint --no-witnesses
run 0 '' "$U" ledger witness-request --witness ngo -o request.txt --force
for time in 0 99999999999; do
    echo "time $time" >mood-ngo
    /usr/bin/python3 -c "
import sys, urllib.request
sys.stdout.buffer.write(urllib.request.urlopen(sys.argv[1], open('request.txt', 'rb').read()).read())" "$(cat port)/ngo/add-checkpoint" >ahead.txt
    run 1 'no new cosignature .* more than a day ahead' "$U" ledger cosign ahead.txt
done
rm -f mood-ngo

# --- HTTPS: only by the authorities that were given ---
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN=127.0.0.1 -addext subjectAltName=IP:127.0.0.1 \
    -keyout tls.key -out tls.pem 2>/dev/null
TLS=tls.pem,tls.key /usr/bin/python3 "$ROOT/tests/custody/cosigner.py" tlsport court &
secure=$!
trap 'kill $server $secure 2>/dev/null; rm -rf "$DIR"' EXIT
for i in $(seq 300); do [ -s tlsport ] && break; sleep 0.1; done
{ echo "witness court $(cat court.vkey) $(cat tlsport)/court"; echo 'quorum court'; } >tls.policy
run 0 '' "$U" ledger witnesses --set tls.policy
act "$U" note $(name 10) --text 'secure' --key pros.key
run 0 'witness court: not reached: https://.*certificate' checkpoint
yes_if 'an unknown certificate gets nothing' test ! -e led/witnesses.pem
run 0 '' "$U" ledger witnesses --set tls.policy --ca tls.pem
run 0 'witness court: cosigned' checkpoint
sed 's#127.0.0.1#localhost#' tls.policy >name.policy
run 0 '' "$U" ledger witnesses --set name.policy
act "$U" note $(name 10) --text 'another name' --key pros.key
run 0 'witness court: not reached: https://localhost' checkpoint
rm -f led/witnesses.pem

# --- on paper: the real witness scans the page, the station scans its answer ---
run 0 '' "$U" witness init paper --name paper.example/witness
vkey=$(grep -oE 'paper.example/witness[+][0-9a-f]{8}[+][^ ]+' out | head -n 1)
{ witnesses court; echo "witness paper $vkey"; echo 'quorum paper'; } >paper.policy
run 0 '' "$U" ledger witnesses --set paper.policy
"$U" ledger policy >paper.court
run 0 '' "$U" witness trust paper paper.court
run 0 'scan its codes' "$U" ledger witness-request --witness paper --pdf request.pdf --language km,en
pdftoppm -r 150 -png request.pdf page
zbarimg -q --raw --nodbus -Sdisable -Sqrcode.enable page*.png >scanned.txt 2>/dev/null
yes_if 'the page is read' grep -q '^U1W/1/' scanned.txt
run 0 '' "$U" witness sign paper --paper scanned.txt --pdf answer.pdf
rm page*.png
pdftoppm -r 150 -png answer.pdf page
zbarimg -q --raw --nodbus -Sdisable -Sqrcode.enable page*.png >back.txt 2>/dev/null
run 1 'U1S' "$U" ledger cosign scanned.txt
run 0 '1 new cosignature' "$U" ledger cosign back.txt
run 0 'paper: cosigned' "$U" ledger witnesses

# --- they stay: through fsck, a backup, and what is written after it ---
run 0 'everything holds' "$U" ledger fsck
run 0 '' "$U" ledger backup copy
run 0 'paper: cosigned' "$U" ledger witnesses --ledger copy
run 0 'everything holds' "$U" ledger fsck --ledger copy

# --- a backup from before they signed: what others hold of them is taken back, and a bundle loses nothing by it ---
run 0 '' "$U" ledger witnesses --set good.policy
act "$U" note $(name 10) --text 'before the backup' --key pros.key
run 0 '' checkpoint --no-witnesses
run 0 '' "$U" ledger backup early
run 0 'the quorum is met' checkpoint
"$U" bundle --all -o cosigned.bundle --now $NOW >/dev/null 2>&1
"$U" ledger policy >court.policy 2>/dev/null
run 0 'court: not yet' "$U" ledger witnesses --ledger early
run 0 'the quorum of its checkpoint is met' "$U" vouch cosigned.bundle -o kept.bundle --ledger early
run 0 'INTACT' "$V" --policy court.policy --training kept.bundle
run 0 '3 cosignatures of witnesses at hand that are not here' "$U" ledger reconcile --ledger early --from cosigned.bundle --offline
yes_if 'with a word on how' grep -q 'nothing was changed: with --take' out
run 0 'court: not yet' "$U" ledger witnesses --ledger early
run 0 '"cosignatures": 3' "$U" ledger reconcile --ledger early --from cosigned.bundle --offline --json
run 0 '3 cosignatures' "$U" ledger reconcile --ledger early --from cosigned.bundle --offline --without-witness court --without-witness customs --without-witness ngo --take
run 0 'court: cosigned' "$U" ledger witnesses --ledger early
run 0 'everything holds' "$U" ledger fsck --ledger early
run 0 'nothing is missing' "$U" ledger reconcile --ledger early --from cosigned.bundle --offline
yes_if 'nothing is taken twice' sh -c '! grep -q cosignature out'
run 0 'no witness is asked any more' "$U" ledger witnesses --set none
run 0 '^quorum none$' "$U" ledger policy
finish
