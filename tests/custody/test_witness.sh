#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# A witness as a program: over HTTP and HTTPS, from files, on paper; raced, killed, without disk. The other side is witness_peer.py, which knows C2SP's
# texts and nothing of ours. Breaks when a status code is another than tlog-witness says, when a cosignature gets out that the directory does not
# know after a crash, when two histories can both win, or when a fork is not kept as proof.
. tests/custody/lib.sh

peer() { /usr/bin/python3 "$ROOT/tests/custody/witness_peer.py" "$@"; }

# Counts the lines of a run of the peer.
counted() {
    peer "$@" >out 2>err
    code=$?
    passed=$((passed + $(grep -c '^ok ' out)))
    grep '^FAIL' out | sed 's/^FAIL/FAILED:/'
    wrong=$(grep -c '^FAIL' out)
    [ "$code" -ne 0 ] && [ "$wrong" -eq 0 ] && wrong=1 && tail -n 5 err
    failed=$((failed + wrong))
}

servers=''
trap 'kill -9 $servers 2>/dev/null; rm -rf "$DIR"' EXIT

# serve LOG ARGUMENTS...: in the background; URL is where it listens, SERVER its process.
serve() {
    log=$1
    shift
    "$U" witness serve "$@" >"$log.out" 2>"$log.err" </dev/null &
    SERVER=$!
    servers="$servers $SERVER"
    turns=0
    until URL=$(sed -n "s/^listening on //p" "$log.out" 2>/dev/null) && [ -n "$URL" ]; do
        turns=$((turns + 1))
        if [ $turns -gt 1200 ] || ! kill -0 "$SERVER" 2>/dev/null; then
            cp "$log.out" out
            cp "$log.err" err
            bad "witness serve $*"
            finish
        fi
        sleep 0.05
    done
}

# stop SIGNAL: it ends with 0.
stop() {
    kill "-$1" "$SERVER"
    wait "$SERVER"
    yes_if "it stops on $1, with 0" test $? -eq 0
}

# ---- making one -------------------------------------------------------------------------------

run 0 'never restore an old copy' "$U" witness init w --name court.example/w1
VKEY=$(grep -m1 '^court.example/w1+' out)
yes_if 'a key of cosignature/v1' test -n "$VKEY"
yes_if 'the line of a policy' grep -qxF "witness court.example/w1 $VKEY" out
yes_if 'its key is its own' test "$(stat -c %a w/witness.key)" = 600
run 1 'not an empty directory' "$U" witness init w --name court.example/w1
run 1 'no spaces' "$U" witness init v --name 'two words'
yes_if 'nothing is left' test ! -e v
run 2 'needs --name' "$U" witness init v
run 1 'nowhere: No such file' "$U" witness status nowhere
peer policy >peer.policy
HASH=$(peer hash)
run 0 '^3 new' "$U" witness trust w peer.policy
yes_if 'whom it trusts, by name and fingerprint' test "$(grep -c '^  SHA-256 of its key: [0-9a-f]\{64\}$' out)" -eq 3
run 0 '^0 new' "$U" witness trust w peer.policy
run 1 'policy line 1' "$U" witness trust w w/witness.key
# A key that was replaced is trusted no more, and no other ledger's.
run 0 '' "$U" witness init only --name only.example/w
/usr/bin/python3 -c '
import base64, hashlib
for name, seed in (("replaced.example/a", b"old"), ("replaced.example/a", b"new"), ("other.example/b", b"other")):
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
    from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
    key = b"\x01" + Ed25519PrivateKey.from_private_bytes(hashlib.sha256(seed).digest()).public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
    print("log %s+%s+%s" % (name, hashlib.sha256(name.encode() + b"\n" + key).digest()[:4].hex(), base64.b64encode(key).decode()))
' >three.logs
{ sed -n '1p;3p' three.logs; echo 'quorum none'; } >before.logs
{ sed -n 2p three.logs; echo 'quorum none'; } >after.logs
run 0 '^2 new' "$U" witness trust only before.logs
run 0 '^1 older key of the same ledger is trusted no more' "$U" witness trust only after.logs --only
yes_if 'the new key and the other ledger' sh -c 'sed -n "2,3p" three.logs | sort >wanted && sort only/logs.policy | cmp -s - wanted'
run 0 'nothing cosigned yet' "$U" witness status w
# The policy's line is one that our verifier takes.
{ printf 'witness w1 %s\n' "$VKEY"; echo 'quorum w1'; } >court.policy
run 0 '' "$U" witness init other --name other.example/w2
run 0 '^0 new' "$U" witness trust other court.policy

# ---- over HTTP --------------------------------------------------------------------------------

serve http w --listen 127.0.0.1:0
yes_if 'on loopback' expr "$URL" : 'http://127.0.0.1:[0-9]*$' >/dev/null
counted musts "$URL" "$VKEY"
counted hostile "$URL"
run 1 'in use' "$U" witness serve w --listen "${URL#http://}"
stop TERM
yes_if 'a line for each request' test "$(grep -c ' 127.0.0.1 POST /add-checkpoint ' http.err)" -gt 60
yes_if 'what was cosigned' grep -q 'POST /add-checkpoint 200 peer.example/log 14$' http.err
yes_if 'what it has' grep -q 'POST /add-checkpoint 409 peer.example/log 20: it has 14$' http.err
yes_if 'its reason' grep -q 'POST /add-checkpoint 403 no key that is trusted' http.err
yes_if 'the fork is in the log' grep -q "FORK: $HASH/fork-14-14.exhibit" http.err
run 0 '21 records, cosigned' "$U" witness status w
yes_if 'status tells of the fork' grep -q 'FORK: .*fork-14-14.exhibit' out
run 0 '"size": 21' "$U" witness status w --json
yes_if 'JSON is JSON' /usr/bin/python3 -c 'import json; x = json.load(open("out")); assert x["ledgers"][0]["exhibits"] == ["fork-14-14.exhibit", "fork-14-20.exhibit"]'
for size in 13 14 20 21; do
    yes_if "checkpoint of $size is kept, whole" grep -q '^— court.example/w1 ' "w/$HASH/checkpoints/$size"
done
{ grep peer.example peer.policy | head -n 1; echo 'quorum none'; } >one.policy
for exhibit in fork-14-14 fork-14-20; do
    run 1 fork "$V" --policy one.policy "w/$HASH/$exhibit.exhibit"
    run 1 fork /usr/bin/python3 "$ROOT/tests/independent/verify.py" --policy one.policy "w/$HASH/$exhibit.exhibit"
done

# What may be listened on.
run 1 'no address to listen on' "$U" witness serve w --listen nonsense
run 2 'belong together' "$U" witness serve w --tls-key peer.policy
run 2 'training ledgers only' "$U" witness serve w --listen 127.0.0.1:0 --now 2018-12-13T10:00:00+07:00
serve everywhere w --listen 0.0.0.0:0
yes_if 'plain HTTP beyond loopback is said' grep -q 'plain HTTP, and not on loopback' everywhere.err
stop INT

# ---- TLS --------------------------------------------------------------------------------------

certificate() {
    openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -keyout "$1.key" -out "$1.pem" -days 2 -subj "/CN=$1" \
        -addext 'subjectAltName=IP:127.0.0.1' >out 2>err
}
certificate tls
certificate wrong
serve https w --listen 127.0.0.1:0 --tls-certificate tls.pem --tls-key tls.key
yes_if 'https' expr "$URL" : 'https://' >/dev/null
printf 'GET /%s/checkpoint HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n' "$HASH" |
    openssl s_client -connect "${URL#https://}" -CAfile tls.pem -verify_return_error -verify_ip 127.0.0.1 -quiet >out 2>err
yes_if 'who trusts the certificate is answered' grep -q 'HTTP/1.1 200' out
yes_if 'with the checkpoint' grep -q '^— court.example/w1 ' out
run 0 200 peer get "$URL" tls.pem
run 1 'CERTIFICATE_VERIFY_FAILED' peer get "$URL" wrong.pem
run 1 'CERTIFICATE_VERIFY_FAILED' peer get "$URL"
yes_if 'old TLS is refused' sh -c "! openssl s_client -connect ${URL#https://} -tls1_1 -cipher 'ALL:@SECLEVEL=0' </dev/null >out 2>&1"
run 0 200 peer get "$URL" tls.pem
stop TERM
run 1 'does not fit its key' "$U" witness serve w --listen 127.0.0.1:0 --tls-certificate tls.pem --tls-key wrong.key

# ---- from a file ------------------------------------------------------------------------------

peer request 21 24 >request
run 0 'cosigned: 24 records' "$U" witness sign w --file request -o answer
fed answer 0 '^[1-9]' peer cosigned "$VKEY" 24
run 1 'is there already' "$U" witness sign w --file request -o answer
# The answer got lost on the way: the same request gives another.
run 0 'cosigned: 24' "$U" witness sign w --file request -o answer --force
fed answer 0 '^[1-9]' peer cosigned "$VKEY" 24
peer request 13 30 >late
run 1 'begins at 13 records, but this witness has cosigned 24' "$U" witness sign w --file late -o late.answer
yes_if 'and where to ask from' grep -q 'witness-request --old 24' err
peer request 24 30 forged >forged
run 1 'contradicts' "$U" witness sign w --file forged -o late.answer
run 1 fork "$V" --policy one.policy "w/$HASH/fork-24-30.exhibit"
head -c 100 request >damaged
run 1 'damaged is no request' "$U" witness sign w --file damaged -o late.answer
run 2 'training ledgers only' "$U" witness sign w --file request -o late.answer --now 2018-12-13T10:00:00+07:00
yes_if 'no answer was written' test ! -e late.answer
run 2 'needs --file REQUEST or --paper PARTS' "$U" witness sign w -o x
run 2 'needs -o ANSWER, --pdf PAGE' "$U" witness sign w --file request

# ---- on paper ---------------------------------------------------------------------------------

scan() {
    rm -f scan-*.png
    pdftoppm -r 200 -png "$1" scan 2>err
    zbarimg --nodbus --quiet --raw -Sdisable -Sqrcode.enable scan-*.png 2>err
}
peer request 24 33 >request
fed request 0 '' peer parts
cp out parts.txt
run 0 'cosigned: 33' "$U" witness sign w --paper parts.txt --pdf answer.pdf -o answer --language km,en --force
run 0 '^Pages: *1$' pdfinfo answer.pdf
scan answer.pdf >scanned
yes_if 'the page has the codes of an answer' grep -q '^U1S/' scanned
fed scanned 0 '' peer joined S
yes_if 'the answer on paper is that of the file' cmp -s out answer
fed answer 0 '^[1-9]' peer cosigned "$VKEY" 33
pdftotext -raw answer.pdf page.txt
yes_if 'the page says for what ledger' grep -q 'peer.example/log' page.txt
yes_if 'and what to do' grep -q 'unbroken ledger cosign answer.txt' page.txt
fed request 0 '' peer parts R
cp out parts-r.txt
run 1 'U1W' "$U" witness sign w --paper parts-r.txt --pdf no.pdf
sed 1d parts.txt >parts-less.txt
run 1 'part 1 of 3 is missing' "$U" witness sign w --paper parts-less.txt --pdf no.pdf
yes_if 'no page was written' test ! -e no.pdf
# From another size: the page says which, for there is no other way back.
peer request 13 40 | peer parts >parts.txt
run 1 'has cosigned 33' "$U" witness sign w --paper parts.txt --pdf size.pdf
pdftotext -raw size.pdf page.txt
yes_if 'the page says what was cosigned' grep -q 'Cosigned before: records 33' page.txt
yes_if 'and has no codes' test -z "$(scan size.pdf)"

# ---- races ------------------------------------------------------------------------------------

run 0 '' "$U" witness init race --name court.example/w1
RACE=$(grep -m1 '^court.example/w1+' out)
run 0 '' "$U" witness trust race peer.policy
serve race-log race --listen 127.0.0.1:0
counted race "$URL" "$RACE" "$U" witness sign race
stop TERM

# ---- killed, and no disk ----------------------------------------------------------------------

run 0 '' "$U" witness init killed --name court.example/w1
KILLED=$(grep -m1 '^court.example/w1+' out)
run 0 '' "$U" witness trust killed peer.policy
counted killed killed "$KILLED" "$U" witness serve killed --listen 127.0.0.1:0

${CC:-cc} -shared -fPIC -O1 -o crash.so "$ROOT/tests/custody/shim/crash.c" -ldl >out 2>err
yes_if 'the shim is built' test -s crash.so
# A program with sanitizers wants its own library first.
SAN_LIB=$(ldd "$U" | sed -n 's/.*=> \(.*lib[au]san[^ ]*\).*/\1/p' | head -n 1)
run 0 '' "$U" witness init base --name court.example/w1
BASE=$(grep -m1 '^court.example/w1+' out)
run 0 '' "$U" witness trust base peer.policy
peer request 0 5 >first
peer request 5 9 >second

# one KIND N FILE SIZE: from a copy of `before`, the N-th call that changes the disk fails so. Prints what is wrong. RAN: it was not reached.
one() {
    rm -rf now lost lost.tmp
    cp -a before now
    env "$1=$2" LD_PRELOAD="$SAN_LIB ./crash.so" "$U" witness sign now --file "$3" -o lost >out 2>err </dev/null
    RAN=$?
    "$U" witness status now --json >status 2>err || echo "$1=$2: the state cannot be read"
    known=$(sed -n 's/.*"size": \([0-9]*\).*/\1/p' status)
    if [ "$1" = FULL_AT ] && [ "$RAN" -ne 0 ] && [ -e lost ]; then
        echo "$1=$2: an answer, though it failed"
    fi
    if [ -e lost ] && [ "$known" != "$4" ]; then
        echo "$1=$2: a cosignature is out, and the state does not know it"
    fi
    [ "$1" = FULL_AT ] && [ "$RAN" -gt 1 ] && echo "$1=$2: exit code $RAN"
    rm -f lost
    "$U" witness sign now --file "$3" -o lost >out 2>err </dev/null || echo "$1=$2: cannot be done again"
    peer cosigned "$BASE" "$4" <lost >out 2>err || echo "$1=$2: the answer does not hold"
    [ -e "now/$HASH/checkpoints/$4" ] || echo "$1=$2: the checkpoint is not kept"
    [ -e "before/$HASH" ] && [ ! -e "now/$HASH/checkpoints/5" ] && echo "$1=$2: the one before is lost"
}
steps() {
    n=1
    RAN=1
    : >wrong
    while [ "$RAN" -ne 0 ] && [ $n -lt 60 ]; do
        one "$1" $n "$2" "$3" >>wrong
        n=$((n + 1))
    done
    cp wrong out
    : >err
    yes_if "$1 at each of $((n - 1)) steps of $2" test ! -s wrong
    yes_if "$1: steps there were, and they ended" test $n -gt 6 -a $n -lt 60
}
cp -a base before
steps CRASH_AT first 5
steps FULL_AT first 5
run 0 '' "$U" witness sign before --file first -o first.answer
steps CRASH_AT second 9
steps FULL_AT second 9
finish
