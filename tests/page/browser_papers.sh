#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# browser_papers: what a judge may hold, made by our own programs, for the browser tests: files, papers and their QR texts, of a ledger that is
# no training ledger and has a witness. Not a test itself.
#
#   browser_papers.sh BUILD DIR      BUILD absolute; DIR is made
set -eu
U=$1/unbroken
V=$1/unbroken-verify
DATA=$PWD/tests/data/ppap-2018-12-13.csv
mkdir -p "$2"
cd "$2"
unset UNBROKEN_LEDGER UNBROKEN_KEY
P='--passphrase-file pass'
echo 'a passphrase' >pass

# Every command must succeed; what it answered last stands in `last`.
u() { "$U" "$@" $P >last 2>&1 </dev/null || { echo "unbroken $*" >&2; cat last >&2; exit 1; }; }
q() { "$U" "$@" >last 2>&1 </dev/null || { echo "unbroken $*" >&2; cat last >&2; exit 1; }; }
name_in() { grep -o 'KHPP-[0-9]*-[0-9A-Z]' last | head -1; }

for key in r1 r2 off off2 cust pros; do u key new $key.key; done
u ledger init led --origin kh-pp.example/custody --code KHPP --threshold 1 --registrar 'r1.key,name=Chan Sophea,agency=Court' --registrar r2.key,name=Two
UNBROKEN_LEDGER=led
export UNBROKEN_LEDGER
enrol() { u person enrol --name "$1" --agency "$2" --office "$3" --key r1.key --key "$4.key"; }
enrol 'សុខ ដារ៉ា (Sok Dara)' 'Customs, Phnom Penh port' officer off
enrol 'Chea Vanna' 'Forestry Administration' officer off2
enrol 'Nguyễn Thị Da' 'Customs store' custodian cust; CUST=$(name_in)
enrol 'Meas Chenda' 'Phnom Penh prosecution' prosecutor pros

# A witness without a network: the checkpoint goes to it and comes back.
q witness init court --name court.example/witness
tail -1 last | awk '{ print "witness court", $3, "https://court.example/" }' >witnesses.policy
echo 'quorum court' >>witnesses.policy
q ledger policy
cp last alone.policy
q witness trust court alone.policy
q ledger witnesses --set witnesses.policy
q ledger policy
cp last court.policy
cosigned() {
    q ledger checkpoint --no-witnesses
    q ledger witness-request --witness court -o request --force
    q witness sign court --file request -o answer --force
    q ledger cosign answer
}

u case open --docket 'PP 214/2018' --law 'Forestry Law 2002, Article 97' --key pros.key; CASE=$(name_in)
u place open --name 'Customs store' --key cust.key; STORE=$(name_in)
u allot 4 --key off.key
cat >list.csv <<'LIST'
ref,description,species,specimen,quantity,unit,weight_g
T-1,"whole tusk, ngà voi, ភ្លុក",Loxodonta africana,TUS,1,piece,1850
T-2,"<script>window.pwned=1</script><img src=x onerror=window.pwned=2>&lt;b&gt; javascript:alert(1) {{7*7}} ${7*7}",Loxodonta africana,TUS,1,piece,6360
T-3,tusk that is not what it was,Loxodonta africana,TUS,1,piece,2360
LIST
u register "$CASE" --items list.csv --key off.key
q list --case "$CASE"
grep -o '^KHPP-[0-9]*-[0-9A-Z]' last >things.txt
A=$(sed -n 1p things.txt) B=$(sed -n 2p things.txt) C=$(sed -n 3p things.txt)
cosigned
q ledger checkpoint --no-witnesses
cp last older.checkpoint

# The label, printed twice: the first one is superseded.
u label "$A" --png labels --initials SD --key off.key
mv labels/*.png label-1.png
u label "$A" --png labels --initials SD --key off.key
mv labels/*.png label-2.png

u seal "$A" --put-on KH-41001 --key off.key --key off2.key
cosigned
q bundle "$A" -o older.bundle --no-witnesses
u release "$A" --to "$CUST" --purpose storage --found KH-41001 --key off.key
u accept "$A" --as inventoried --found KH-41001 --place "$STORE" --key cust.key
cosigned
q receipt "$A" -o receipt.pdf --text receipt.txt --language km,en --no-witnesses

# A rule broken, with a reason; a text that would like to be markup.
u note "$C" --text 'the <b>seal</b> was "broken"' --deviation 'the <i>seal</i> was broken on arrival' --key off.key
u note "$B" --text '<svg onload=window.pwned=3>' --key off.key
cosigned
q bundle "$A" -o item.bundle --no-witnesses
q bundle "$B" -o hostile.bundle --no-witnesses
q bundle "$C" -o broken.bundle --no-witnesses
q bundle "$CASE" -o case.bundle --no-witnesses
for language in en km,en vi; do
    u certify "$A" -o "certificate-${language%%,*}.pdf" --language $language --no-witnesses --key pros.key
done
u certify "$C" -o broken.pdf --no-witnesses --key pros.key
u certify "$B" -o hostile.pdf --no-witnesses --key pros.key
echo "$A" >item.name
echo "$C" >broken.name

# 1,026 tusks on 27 pallets, in a case of their own.
u case open --docket 'PP 215/2018' --law 'Forestry Law 2002, Article 97' --key pros.key; BIG=$(name_in)
u allot 1026 --key off.key
u allot 27 --containers --key off.key
u register "$BIG" --items "$DATA" --pack-by package --key off.key
cosigned
q bundle "$BIG" -o big.bundle --no-witnesses

# The same people, practising.
u ledger init practice --training --origin kh-pp.example/custody --code KHPP --threshold 1 --registrar r1.key --registrar r2.key
UNBROKEN_LEDGER=practice
u person enrol --name 'Sok Dara' --office officer --key r1.key --key off.key; OFF=$(name_in)
q bundle "$OFF" -o practice.bundle
q ledger policy
grep -v '^TRAINING' last >practice.policy

# 50 MB that begin as a bundle does.
{ head -c 4000 item.bundle; head -c 52000000 /dev/zero; } >huge.bundle
