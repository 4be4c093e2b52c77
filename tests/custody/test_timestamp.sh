#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# SPEC 3.6: a station that gets a token MUST check the answer. Breaks when an answer that is not to our question, or not by a time-stamp authority that is trusted and in force, is kept; when revocation is passed
# over; when a kept token is not what other people's tools verify, or is not what a court reads years after the certificate has expired.
. tests/custody/lib.sh

make_ledger
mkdir tsa
/usr/bin/python3 "$ROOT/tests/custody/tsa.py" tsa >tsa.log 2>&1 &
tsa_pid=$!
trap 'kill $tsa_pid 2>/dev/null; rm -rf "$DIR"' EXIT
tries=0
while [ ! -e tsa/port ] && [ $tries -lt 300 ] && kill -0 $tsa_pid 2>/dev/null; do
    tries=$((tries + 1))
    sleep 0.1
done
yes_if "the test's authority serves" test -s tsa/port || { cat tsa.log; finish; }
AT=http://127.0.0.1:$(cat tsa/port)
CA="--ca tsa/root.pem"
T="$U ledger timestamp"

count() { "$U" ledger timestamps --json | grep -c '"serial"'; }

# ---- what must be refused: nothing is kept ----
run 2 'which time-stamp authority' $T --now $NOW
run 2 'needs --ca' $T --tsa $AT/good --now $NOW
run 2 'stands alone' $T --tsa $AT/good --tsa $AT/good $CA --now $NOW
run 2 'name of a section' $T --tsa nobody --now $NOW
run 1 'no such file' $T --tsa $AT/good --ca nowhere.pem --now $NOW
run 1 'cannot be read' $T --tsa $AT/good --ca pass --now $NOW
refused() {
    run 1 "$2" $T --tsa $AT/$1 $CA --now $NOW
    yes_if "$1: the summary" grep -q '1 of 1 time-stamp authorities gave no time-stamp that counts' err
}
refused imprint 'not to the question.*imprint'
refused nonce 'not to the question.*nonce'
refused nononce 'not to the question.*nonce'
refused reject 'gives no time-stamp: rejection; it says: Bad request format.*; it cannot read the question'
refused garbage 'not a TimeStampResp'
refused empty 'not a TimeStampResp'
refused trailing 'not a TimeStampResp'
refused endless 'longer than it may be'
refused 500 'HTTP status 500'
refused html 'of the type "text/html"'
refused expired 'does not hold.*expired'
refused noeku 'does not hold.*purpose'
refused other 'does not hold.*self-signed certificate'
refused nowhere 'HTTP|reply|recv|transfer|empty' # the server has no such certificate
run 1 'refused|connect' $T --tsa http://127.0.0.1:1/ $CA --now $NOW
run 1 'certificate of /C=KH/CN=Revoked is revoked' $T --tsa $AT/revoked $CA --crl fetch --now $NOW
run 1 'certificate of /C=KH/CN=Revoked is revoked' $T --tsa $AT/revoked $CA --crl tsa/lists.pem --now $NOW
run 1 'certificate of /C=KH/CN=Fallen is revoked' $T --tsa $AT/fallen $CA --crl fetch --now $NOW
run 1 'CRL has expired' $T --tsa $AT/stale $CA --crl fetch --now $NOW
run 1 'CRL has expired' $T --tsa $AT/good $CA --crl tsa/stalelists.pem --now $NOW
run 1 'unable to get certificate CRL' $T --tsa $AT/nolist $CA --crl fetch --now $NOW
run 1 'nowhere.crl: HTTP status 404' $T --tsa $AT/nofile $CA --crl fetch --now $NOW
run 1 'unable to get certificate CRL' $T --tsa $AT/good $CA --crl tsa/root.crl --now $NOW
run 1 'revocation list cannot be read' $T --tsa $AT/good $CA --crl pass --now $NOW
run 0 'no checkpoint has a time-stamp' "$U" ledger timestamps
yes_if 'the first of these signed a checkpoint, and no other did' test "$(records)" = 9

# ---- what counts ----
run 0 'time-stamped 20.*Z by CN=Time of Phnom Penh,C=KH; not revoked, and the lists are kept with it' $T --tsa $AT/good $CA --crl fetch --now $NOW
run 0 'has a time-stamp that leads to its certificates already' $T --tsa $AT/good $CA --now $NOW
yes_if 'and is kept once' test "$(count)" = 1
run 0 'revocation was not looked at' $T --tsa $AT/good $CA --again --now $NOW
yes_if 'two now' test "$(count)" = 2
run 0 'too long to be kept with it' $T --tsa $AT/crowded $CA --crl fetch --again --now $NOW
# genTime 12:34:56, and the second of accuracy that the authority states.
run 0 'time-stamped 2020-02-29T12:34:57Z by CN=Expired' $T --tsa $AT/past $CA --again --now $NOW
run 0 'by CN=Other,C=KH' $T --tsa $AT/other --ca tsa/otherroot.pem --now $NOW
run 0 'records' "$U" ledger timestamps $CA --write stamps
cat out >list
yes_if 'those that lead to these certificates hold' test "$(grep -c ' yes' list)" = 4
run 1 'exists' "$U" ledger timestamps --write stamps
size=$(ls stamps | sed -n 's/\.txt$//p')

# Other people's tool says the same of what is kept, which carries chain and lists.
for i in 1 2 3; do
    run 0 'Verification: OK' openssl ts -verify -token_in -in stamps/$size-$i.tst -data stamps/$size.txt -CAfile tsa/root.pem
    run 1 'FAILED' openssl ts -verify -token_in -in stamps/$size-$i.tst -data pass -CAfile tsa/root.pem
    run 1 'FAILED' openssl ts -verify -token_in -in stamps/$size-$i.tst -data stamps/$size.txt -CAfile tsa/otherroot.pem
done
run 1 'expired' openssl ts -verify -token_in -in stamps/$size-4.tst -data stamps/$size.txt -CAfile tsa/root.pem
run 0 'Verification: OK' openssl ts -verify -token_in -in stamps/$size-4.tst -data stamps/$size.txt -CAfile tsa/root.pem -attime 1582979700
lists() { openssl pkcs7 -inform DER -in "$1" -print_certs -noout -text 2>/dev/null | grep -c "$2"; }
yes_if 'the chain is in it' test "$(lists stamps/$size-2.tst '^Certificate:')" = 3
yes_if 'the lists of both authorities are in it' test "$(lists stamps/$size-1.tst 'Certificate Revocation List')" = 2
yes_if 'a long list is not' test "$(lists stamps/$size-3.tst 'Certificate Revocation List')" = 0

# A question of yesterday's answer.
run 0 'time-stamped' $T --tsa $AT/replay $CA --again --now $NOW
run 1 'not to the question.*nonce' $T --tsa $AT/replay $CA --again --now $NOW

# ---- a court, with the certificates alone ----
"$U" ledger policy >court.policy 2>err
run 0 '' "$U" bundle $(name 0) -o b.bundle --now $NOW
# as_of TOKEN...: the bundle with these time-stamps in its view.
as_of() {
    /usr/bin/python3 - "$@" <<'END'
import hashlib, sys, cbor2
bundle = cbor2.loads(open("b.bundle", "rb").read())
bundle[1][1] = [open(path, "rb").read() for path in sys.argv[1:]]
body = cbor2.dumps(bundle[:-1] + [bytes(32)])[:-34]
open("stamped.bundle", "wb").write(body + b"\x58\x20" + hashlib.sha256(body).digest())
END
}
as_of stamps/$size-4.tst
run 0 '2020-02-29T12:34:57Z' "$V" --policy court.policy --training --tsa tsa/root.pem stamped.bundle
run 0 'time-stamp token is not used' "$V" --policy court.policy --training --tsa tsa/otherroot.pem stamped.bundle
as_of stamps/$size-1.tst
run 0 'CN=Time of Phnom Penh' "$V" --policy court.policy --training --tsa tsa/root.pem stamped.bundle

# ---- without a network ----
run 0 'friday.tsq: the question' $T --request friday.tsq --now $NOW
run 1 'exists' $T --request friday.tsq --now $NOW
run 0 '' "$U" ledger timestamps --ca tsa/root.pem
before=$(count)
yes_if 'other tools read the question' sh -c 'openssl ts -query -in friday.tsq -text 2>/dev/null | grep -q "Hash Algorithm: sha256"'
openssl ts -reply -config tsa/config -queryfile friday.tsq -signer tsa/good.pem -inkey tsa/good.key -chain tsa/good.chain -out friday.tsr 2>err
act "$U" note $(name 0) --text 'a record between question and answer' --key off.key
run 0 'signed now|TRAINING' $T --request monday.tsq --now $NOW
openssl ts -reply -config tsa/config -queryfile monday.tsq -signer tsa/good.pem -inkey tsa/good.key -chain tsa/good.chain -out monday.tsr 2>err
run 2 'needs one authority' $T --response friday.tsr --now $NOW
run 2 'ends in .tsr' $T --response court.policy $CA --now $NOW
run 1 'no such file' $T --response friday.tsr --request nowhere.tsq $CA --now $NOW
run 1 'not to the question' $T --response friday.tsr --request monday.tsq $CA --now $NOW
run 1 'not a question' $T --response friday.tsr --request pass $CA --now $NOW
run 0 "checkpoint of $size records: time-stamped" $T --response friday.tsr $CA --crl tsa/lists.pem --now $NOW
yes_if 'one more' test "$(count)" = $((before + 1))
openssl ts -query -data pass -sha256 -cert -out foreign.tsq 2>err
openssl ts -reply -config tsa/config -queryfile foreign.tsq -signer tsa/good.pem -inkey tsa/good.key -chain tsa/good.chain -out foreign.tsr 2>err
run 1 'no checkpoint of this ledger' $T --response foreign.tsr $CA --now $NOW

# ---- configured ----
cp tsa/root.pem tsa/otherroot.pem led
printf '[phnom-penh]\nurl = %s/good\nca = root.pem\ncrl = fetch\npolicy = 1.2.3.4.5\n[other]\nurl = %s/other\nca = otherroot.pem\n[down]\nurl = %s/500\nca = %s\n' \
    $AT $AT $AT "$DIR/tsa/noeku.pem" >led/timestamp.ini
run 0 'by CN=Time of Phnom Penh' $T --tsa phnom-penh --now $NOW
run 1 '1 of 2 time-stamp authorities' $T --now $NOW
yes_if 'one that fails takes nothing from the others' grep -q 'by CN=Other,C=KH' out
yes_if 'and is told by its name' grep -q '^unbroken: down: .*HTTP status 500' err
yes_if 'the one that had been asked is told' grep -q '^phnom-penh: .* already' out
printf 'url = %s/good\nca = root.pem\npolicy = nonsense\n' $AT >led/timestamp.ini
run 1 'no object identifier' $T --again --now $NOW
printf 'url = %s/good\nca = root.pem\npolicy = 1.2.3.4.9\n' $AT >led/timestamp.ini
run 1 'it does not have that policy' $T --again --now $NOW
for line in 'colour = red' 'url = ftp://a' 'ca = root.pem'; do
    printf 'ca = root.pem\n%s\n' "$line" >led/timestamp.ini
    run 1 'timestamp.ini: line [12]: ' $T --now $NOW
done
printf 'url = %s/good\n' $AT >led/timestamp.ini
run 1 'needs url and ca' $T --now $NOW

# ---- papers say what a time-stamp proves, by the authorities of the station's own file ----
printf 'url = %s/good\nca = root.pem\n' $AT >led/timestamp.ini
run 0 'time-stamped' $T --again --now $NOW
run 0 '' "$U" receipt 7 -o r.pdf --now $NOW --no-witnesses
pdftotext -raw r.pdf - >r.txt
yes_if 'a receipt names the authority of the earliest' grep -q '2020.*CN=Expired' r.txt
printf 'url = %s/good\nca = otherroot.pem\n' $AT >led/timestamp.ini
run 0 '' "$U" receipt 7 -o r2.pdf --now $NOW --no-witnesses
pdftotext -raw r2.pdf - >r.txt
yes_if 'and none that is not trusted' sh -c '! grep -q CN=Expired r.txt && grep -q CN=Other r.txt'
printf 'url = %s/good\nca = nowhere.pem\n' $AT >led/timestamp.ini
run 1 'nowhere.pem: there is no such file' "$U" receipt 7 -o r3.pdf --now $NOW --no-witnesses
rm led/timestamp.ini

# ---- what is quoted, so that no later record is older ----
B="$U ledger beacon --key off.key $P --now $NOW"
run 1 'no checkpoint of this ledger has a cosignature' $B
run 2 'go together' $B --quote 'x' --at 2018-12-12
run 2 'no ": " in the source' $B --quote x --source 'a: b' --at 2018-12-12
run 1 '' $B --quote x --source y --at yesterday
run 0 'what was published: record [0-9]+$' $B --quote 'Three tonnes: seized' --source 'Phnom Penh Post, page 1' --at 2018-12-12
at=$(sed -n 's/.*record \([0-9]*\)$/\1/p' out)
run 0 '2018-12-1[12]T[0-9:]*Z Phnom Penh Post, page 1: Three tonnes: seized' "$U" show $at
verdict 0 'Phnom Penh Post, page 1: Three tonnes: seized' $(name 0)

# cosign NOTE: a witness's line over it; its vkey in witness.vkey.
cosign() {
    /usr/bin/python3 - "$1" <<'END'
import base64, hashlib, sys
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
key, name = Ed25519PrivateKey.from_private_bytes(bytes(range(32))), "court.example/w"
public = b"\4" + key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
kid = hashlib.sha256(name.encode() + b"\n" + public).digest()[:4]
text = open(sys.argv[1], "rb").read().split(b"\n\n")[0] + b"\n"
time = 1544670000
signature = key.sign(b"cosignature/v1\ntime %d\n" % time + text)
print("\u2014", name, base64.b64encode(kid + time.to_bytes(8, "big") + signature).decode())
open("witness.vkey", "w").write(f"{name}+{kid.hex()}+{base64.b64encode(public).decode()}")
END
}
run 0 '' "$U" ledger checkpoint --no-witnesses --now $NOW
cp out note
PYTHONIOENCODING=utf-8 cosign note >lines
printf 'witness court %s http://127.0.0.1:1/\nquorum none\n' "$(cat witness.vkey)" >w.policy
run 0 '' "$U" ledger witnesses --set w.policy
run 0 '1 new cosignature' "$U" ledger cosign lines
cosigned=$(sed -n 2p note)
act "$U" note $(name 0) --text 'between checkpoint and quote' --key off.key
run 0 '' "$U" ledger checkpoint --no-witnesses --now $NOW
run 0 "the checkpoint of $cosigned records with 1 cosignature: record" $B
at=$(sed -n 's/.*record \([0-9]*\)$/\1/p' out)
run 0 'cosigned-checkpoint' "$U" show $at
run 0 'cosignature, and what was published' $B --quote 'f00d' --source 'random beacon' --at 2018-12-13T09:00:00+07:00
verdict 0 'cosigned-checkpoint' $(name 0) --no-witnesses
run 0 'from [0-9]+ on are proven not earlier than 2018-12-13T03:00:00Z, says court' "$V" --policy court.policy --training v.bundle
run 0 'everything holds' "$U" ledger fsck
finish
