#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# Hostile peers, in numbers: against a witness and a server of tiles, thousands of connections, slow bytes, headers and bodies without end; against the station, witnesses
# with certificates that are not theirs. Breaks when memory is not bounded, when an honest request is not answered afterwards, or when the station
# talks to somebody whose certificate it cannot trust. Single cases are tests/ledger/test_serve.c and tests/custody/witness_peer.py.
. tests/custody/lib.sh
. "$ROOT/tests/attack/world.sh"
. "$ROOT/tests/attack/witnesses.sh"

ITEM=10 CASE=8 SPOILT=49
make_keys r1 r2 r3 off cust off2 pros old gone
head -6 "$ROOT/tests/data/ppap-2018-12-13.csv" >items.csv
export UNBROKEN_LEDGER
found led kh-pp.example/custody r1 r2 r3
get "$U" ledger policy
sed '/^TRAINING/d' out >court.policy
witness_made court
get "$U" witness trust w-court court.policy

# served_all WHAT HOST:PORT PID
attacked() {
    run 0 '' python3 "$ROOT/tests/attack/peers.py" "$2" "$3"
    read -r before after <out
    # Sanitizers keep what was freed.
    case $(ldd "$U") in
    *libasan*) ;;
    *) yes_if "$1: memory is bounded: $before kB, then $after kB" test "$after" -lt $((before + 32768)) ;;
    esac
    yes_if "$1 still runs" kill -0 "$3"
}

# --- a witness ---
# The court's own request first: it has a place in memory of its own.
get "$U" ledger checkpoint --now $NOW
witness_up court 127.0.0.12
echo "witness court $VKEY_court $URL_court
quorum court" >witnesses.policy
get "$U" ledger witnesses --set witnesses.policy
run 0 'the quorum is met' "$U" ledger checkpoint --now $NOW
attacked 'the witness' "${URL_court#http://}" "$PID_court"
act "$U" note $(name $ITEM) --text 'after all that' --key off.key
run 0 'the quorum is met' "$U" ledger checkpoint --now $NOW
yes_if 'its log has no line that is longer than a screen' test "$(wc -L <court.log)" -lt 600
yes_if 'nor bytes of others' sh -c '! LC_ALL=C grep -q "[^ -~]" court.log'

# --- a server of tiles ---
"$U" ledger serve --listen 127.0.0.11:0 >tiles.listening 2>tiles.log </dev/null &
tiles=$!
RUNNING="$RUNNING $tiles"
until_true 20 grep -q '^tiles at' tiles.listening
URL=$(sed -n 's/^tiles at //p' tiles.listening)
run 0 'records' "$U" mirror pull mirror --from "$URL" --policy court.policy
attacked 'the tiles' "$(echo "${URL#http://}" | tr -d /)" $tiles
act "$U" note $(name $ITEM) --text 'after that too' --key off.key
run 0 'the quorum is met' "$U" ledger checkpoint --now $NOW
run 0 'new' "$U" mirror pull mirror --from "$URL" --policy court.policy

# --- a witness whose certificate is not what it should be ---
# certificate NAME SUBJECT-ALT-NAME [OPTION...]: by ca.
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -keyout ca.key -out ca.pem -days 30 -subj /CN=ca >out 2>err
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -keyout other.key -out other.pem -days 30 -subj /CN=other >out 2>err
certificate() {
    file=$1 name=$2 from=$3
    shift 3
    : >index.txt
    printf '[ca]\ndefault_ca = it\n[it]\ndatabase = index.txt\nnew_certs_dir = .\ndefault_md = sha256\npolicy = any\nrand_serial = yes\n[any]\ncommonName = supplied\n[names]\nsubjectAltName = %s\n' "$name" >ca.ini
    openssl req -new -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -keyout "$file.key" -out "$file.csr" -subj "/CN=$file" >out 2>err
    openssl ca -batch -config ca.ini -extensions names -cert "$from.pem" -keyfile "$from.key" -in "$file.csr" -out "$file.pem" "$@" >out 2>err
    yes_if "a certificate: $file" test -s "$file.pem"
}
certificate right IP:127.0.0.12 ca -days 30
certificate elsewhere IP:127.0.0.99,DNS:court.example ca -days 30
certificate expired IP:127.0.0.12 ca -startdate 20200101000000Z -enddate 20200201000000Z
certificate early IP:127.0.0.12 ca -startdate 20900101000000Z -enddate 20910101000000Z
certificate stranger IP:127.0.0.12 other -days 30
witness_down court
tls() {
    witness_down court
    PORT_court=0
    witness_up court 127.0.0.12 --tls-certificate "$1.pem" --tls-key "$1.key"
    echo "witness court $VKEY_court $URL_court
quorum court" >witnesses.policy
    get "$U" ledger witnesses --set witnesses.policy --ca ca.pem
    act "$U" note $(name $ITEM) --text "the certificate: $1" --key off.key
}
for kind in elsewhere expired early stranger; do
    tls $kind
    was=$(witness_size court)
    run 0 'witness court: not reached: https://.*[Cc]ertificate|SSL' "$U" ledger checkpoint --now $NOW
    yes_if "a certificate that is $kind: nothing was asked" test "$(witness_size court)" = "$was"
    run 1 'too few' "$U" ledger checkpoint --require-quorum --now $NOW
done
tls right
run 0 'the quorum is met' "$U" ledger checkpoint --now $NOW
# Without the authority, this machine's own do not know it.
get "$U" ledger witnesses --set none
get "$U" ledger witnesses --set witnesses.policy
act "$U" note $(name $ITEM) --text 'who knows this authority?' --key off.key
run 0 'witness court: not reached: https://' "$U" ledger checkpoint --now $NOW
run 0 'everything holds' "$U" ledger fsck
finish
