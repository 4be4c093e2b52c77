#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# Breaks when a receipt leaves out what was signed or shows what does not verify; when its QR cannot be read off the paper by two readers, say
# anything else than its text file, or do not convict a ledger that was rewritten or cut off after it; when a failure leaves a file behind.
. tests/custody/lib.sh
SCAN="/usr/bin/python3 $ROOT/tests/paper/receipt_scan.py $BIN"
ATTACK=$BIN/tests/attack/attack

# The text of a PDF without any space, so that what is broken over lines is found whole.
flat() { pdftotext -raw "$1" - | tr -d ' \n\f'; }
# shows FILE TEXT...: each stands in it.
shows() {
    paper=$1
    shift
    flat "$paper" >paper.txt
    for text in "$@"; do
        yes_if "$paper shows $text" grep -qF -e "$(printf %s "$text" | tr -d ' \n')" paper.txt
    done
}
# pages FILE
pages() { pdfinfo "$1" | sed -n 's/^Pages: *//p'; }
# scanned FILE TEXT COPIES [--degrade]: both readers read every QR, and only those.
scanned() {
    if $SCAN "$@" >out 2>err && [ "$(tail -1 out)" = ok ]; then good; else bad "QR of $1"; fi
    if [ "${4:-}" = --degrade ]; then sed '$d' out; fi
}
# since WHAT STATUS PATTERN BUNDLE PAPER
since() {
    "$V" --policy court.policy --training "$4" --since "$5" >out 2>err
    code=$?
    if [ "$code" -ne "$2" ]; then bad "$1: status $code, not $2"; elif cat out err | grep -qE -e "$3"; then good; else bad "$1: no '$3'"; fi
}

make_ledger
make_keys kh vn
enrol 'សុខ ដារ៉ា' officer kh
enrol 'Nguyễn Thị Đào' custodian vn
A="$P --now $NOW"
R="$U receipt"
CASE=$(name 8)
"$U" ledger policy >court.policy 2>err

# --- seizure: for the authority and the owner ---
"$U" form seizure | sed -e 's/^seizure-time =/&2018-12-13T09:30:00+07:00/' -e 's/^seizure-place =/&Phnom Penh; berth 3/' -e 's/^authority =/&Authorisation 214/' \
    -e 's/^owner =/&Lim Sokha/' -e 's/^witness =/&WITNESSONE\nwitness = WITNESSTWO/' -e 's/^suspect =/&SUSPECTNAME/' >s.ini
act "$U" seize $CASE s.ini --key off.key --key kh.key
SEIZED=$(($(records) - 1))
run 0 'seizure.pdf: 2 copies' $R $CASE -o seizure.pdf --text seizure.txt --now $NOW
shows seizure.pdf 'Receipt: seizure' 'Copy for the authority' 'Copy for the owner' 'TRAINING: this paper is no evidence' 'Authorisation 214' 'berth 3' \
    'Lim Sokha' WITNESSONE WITNESSTWO SUSPECTNAME 'Sok Dara, officer, Customs' 'PP 214/2018' 'Seizure time'
yes_if 'the second signer, in Khmer' sh -c 'pdftotext -raw seizure.pdf - | tr -d " \n\342\200\213" | grep -q "KHPP-50-.សុខ"'
scanned seizure.pdf seizure.txt 2

# --- release: for giver and receiver ---
act "$U" register $CASE --items $ROOT/tests/data/kohthom-2016-06-04.csv --key off.key
act "$U" seal $(name 10) --put-on SEAL-7731,SEAL-7732 --key off.key --key off2.key
act "$U" release $(name 10)..$(name 20) --found $(name 10)=SEAL-7732,SEAL-7731 --to $(name 51) --to $(name 9) --purpose storage --due 2018-12-14 \
    --remarks 'by truck' --key off.key
RELEASE=$(($(records) - 1))
before=$(records)
run 2 'needs -o FILE, --text FILE' $R $(name 10)
run 2 'from 1 to 9' $R $(name 10) -o a.pdf --copies 0
run 2 'from 1 to 9' $R $(name 10) -o a.pdf --copies 10
run 2 'it is en, km or vi' $R $(name 10) -o a.pdf --language fr
run 1 'there is no record 9999' $R 9999 -o a.pdf
run 1 'is not the number of a record' $R 1x -o a.pdf
run 1 'has no seizure, handover or disposal yet' $R $(name 4) -o a.pdf
run 1 'has no seizure, handover or disposal yet' $R $(name 40) -o a.pdf
echo kept >there.pdf
run 1 'exists and is not overwritten' $R $(name 10) -o there.pdf
run 1 'exists and is not overwritten' $R $(name 10) -o a.pdf --text there.pdf
yes_if 'refusals leave no file, and what was there' sh -c '[ ! -e a.pdf ] && grep -q kept there.pdf'
yes_if 'refusals sign nothing' test "$(records)" = "$before"
run 1 '' $R $(name 10) --text a.txt -o nowhere/a.pdf --now $NOW
yes_if 'both files or none' test ! -e a.txt
run 0 "release.pdf: 2 copies of the receipt for record $RELEASE, under the checkpoint of $(records) records" $R $(name 10) -o release.pdf --text release.txt --now $NOW
run 1 'is no act' $R $(($(records) - 1)) -o a.pdf
run 0 '' $R $RELEASE -o again.pdf --text again.txt --now 2018-12-14T10:00:00+07:00
yes_if 'the same record, the same bytes, whenever' cmp -s release.pdf again.pdf
yes_if 'by name or by number' cmp -s release.txt again.txt
run 0 'there.pdf: 3 copies' $R $RELEASE -o there.pdf --copies 3 --force --now $NOW
shows there.pdf 'Further copy(3/3)' 'page 2 of 2'
shows release.pdf 'Receipt: things released' 'Copy for the one who gives (1/2)' 'Copy for the one who receives (2/2)' "$(name 51) Nguyễn Thị Đào, Customs" \
    "$(name 9) Customs store" 'storage' 'by truck' '2018-12-14' 'Time claimed by the signers2018-12-13 10:00 +07:00' 'Time logged by the station' \
    'nobody but the station says so' 'Seals found on it: SEAL-7731, SEAL-7732' 'Condition: alive' "$(name 20)" 'Asian leaf turtle' \
    "$(sed -n 's/.*training: .*//;s/^TRAINING ledger \([^ :]*\).*/\1/p' out | head -1)" 'the records of these things are intact, and custody is unbroken'
"$U" ledger checkpoint --now $NOW >now.checkpoint 2>err
shows release.pdf "$(sed -n 1p now.checkpoint)" "$(sed -n 2p now.checkpoint)" "$(sed -n 3p now.checkpoint)" "$(sed -n 's/^. [^ ]* //p' now.checkpoint)"
"$U" bundle $(name 10) -o then.bundle --now $NOW >out 2>err
/usr/bin/python3 - then.bundle $RELEASE >hash.txt <<'END'
import cbor2, hashlib, sys
bundle = cbor2.load(open(sys.argv[1], 'rb'))
print(*[hashlib.sha256(b'\0' + r).hexdigest() for r, _ in bundle[3] if cbor2.loads(r)[2] == int(sys.argv[2])])
END
shows release.pdf "$(cat hash.txt)"
scanned release.pdf release.txt 2 --degrade
run 0 '' qpdf --check release.pdf
pdffonts release.pdf | sed 1,2d >fonts.txt
yes_if 'only Noto, embedded and subset' sh -c '[ -s fonts.txt ] && ! grep -vE "^[A-Z]{6}\+NotoSans.* yes yes yes " fonts.txt'
yes_if 'A5' sh -c 'pdfinfo release.pdf | grep -q "419.* x 595"'

# --- a roll, two languages, copies ---
run 0 'roll.pdf: 1 copy' $R $RELEASE -o roll.pdf --roll --copies 1 --language vi --now $NOW
yes_if '80 mm wide, one page' sh -c 'pdfinfo roll.pdf | grep -q "Page size: *226.77. x" && [ "$(pdfinfo roll.pdf | sed -n "s/^Pages: *//p")" = 1 ]'
shows roll.pdf 'Nguyễn Thị Đào' '(ngày 13' 'tháng 12 năm 2018)' '2018-12-13 10:00' "$(name 20)" "$(cat hash.txt)"
scanned roll.pdf release.txt 1 --degrade
run 0 'km.pdf: 2 copies' $R $RELEASE -o km.pdf --language km,en --now $NOW
shows km.pdf 'Nguyễn Thị Đào' '2018-12-13 10:00 +07:00' "$(cat hash.txt)" '/ storage' 'SEAL-7731'
yes_if 'Khmer digits beside the ISO date' sh -c 'pdftotext -raw km.pdf - | grep -q "២០១៨"'
scanned km.pdf release.txt 2

# --- the station's settings: whose paper, in which languages, behind which address ---
printf 'web = HTTPS://EVIDENCE.EXAMPLE/#\nagency = General Department of Customs\nlanguage = vi,en\n' >led/paper.ini
run 0 'own.pdf: 2 copies' $R $RELEASE -o own.pdf --text own.txt --now $NOW
shows own.pdf 'General Department of Customs' '(ngày 13'
yes_if 'the text stands behind the address' grep -q '^HTTPS://EVIDENCE.EXAMPLE/#U1R/1/1/[0-9]*$' own.txt
scanned own.pdf own.txt 2
run 0 '' $R $RELEASE --text other.txt --web 'HTTPS://OTHER.EXAMPLE/#' --now $NOW
yes_if 'an option overrides' grep -q '^HTTPS://OTHER.EXAMPLE/#U1R/' other.txt
echo 'colour = red' >>led/paper.ini
run 1 'paper.ini: line 4: colour' $R $RELEASE -o bad.pdf --now $NOW
rm led/paper.ini

# --- hand out, accept, take back ---
printf 'a photograph of the paper' >receipt.jpg
act "$U" handout $(name 21) --purpose court --due 2018-12-20 --counterparty 'Court clerk Mey Dara' --counterparty-identity 'ID 010203040' --receipt receipt.jpg \
    --key off.key --key off2.key
run 0 'out.pdf' $R $(name 21) -o out.pdf --now $NOW
shows out.pdf 'Receipt: things handed out' 'Court clerk Mey Dara' 'ID 010203040' "$(sha256sum receipt.jpg | cut -d' ' -f1)" 'court' '2018-12-20'
act "$U" accept $(name 10)..$(name 15) --found $(name 10)=SEAL-7731,SEAL-7732 --as inventoried --place $(name 9) --key vn.key
run 0 'accept.pdf' $R $(name 12) -o accept.pdf --now $NOW
shows accept.pdf 'Receipt: things accepted' 'Accepted as' inventoried "Answers record$RELEASE: release" 'That was signed by' "$(name 4) Sok Dara" 'Nguyễn Thị Đào, custodian'

# --- in the same command ---
run 0 'fast.pdf: 2 copies of the receipt for record' "$U" release $(name 24) --to $(name 51) --purpose court --receipt-pdf fast.pdf --language vi --key off.key $A
shows fast.pdf "$(name 24)" 'Nguyễn Thị Đào'
before=$(records)
run 1 'exists and is not overwritten' "$U" release $(name 23) --to custodian --purpose court --receipt-pdf fast.pdf --key off.key $A
run 2 'a draft has no receipt' "$U" release $(name 23) --to custodian --purpose court --receipt-pdf draft.pdf --draft d.draft --key off.key $A
run 2 'it is en, km or vi' "$U" release $(name 23) --to custodian --purpose court --receipt-pdf bad.pdf --language xx --key off.key $A
yes_if 'refusals record nothing' test "$(records)" = "$before"
act "$U" release $(name 23) --to custodian --purpose court --key off.key
run 0 'two-[0-9]+.pdf: 2 copies' "$U" accept $(name 24) $(name 23) --as inventoried --receipt-pdf two.pdf --key vn.key $A
yes_if 'a file for each act' test "$(ls two-*.pdf | wc -l)" = 2
run 1 'hint: record [0-9]+ stands, only its paper is missing: unbroken receipt [0-9]+ -o FILE' "$U" release $(name 23) --to custodian --purpose court \
    --receipt-pdf nowhere/fast.pdf --key vn.key $A
run 0 'in transit' "$U" show $(name 23)

# --- more than one symbol: as with a deep tree and many witnesses ---
(cd "$ROOT" && KEEP="$DIR/multi" "$BIN/tests/printer/test_receipt") >out 2>err || bad 'the long receipt is not made'
scanned multi.pdf multi.txt 1
yes_if 'each with its number' sh -c 'pdftotext -raw multi.pdf - | grep -q "6/6"'

# --- 10,000 characters, and what could break a layout ---
LONG=$(awk 'BEGIN { for (i = 1; i < 2000; i++) printf "w%04d", i; print "<b>%s{0}^XA\\\"" }')
act "$U" release $(name 22) --to custodian --purpose court --remarks "$LONG" --key off.key
run 0 'long.pdf' $R $(name 22) -o long.pdf --text long.txt --now $NOW
flat long.pdf | sed -E "s#page[0-9]+of[0-9]+TRAINING·Receipt·[0-9]+·kh-pp.example/custody/training/[a-z2-7]{16}##g" >long.raw
yes_if 'all of it' grep -qF -e "$LONG" long.raw
yes_if 'over pages' test "$(pages long.pdf)" -ge 10
yes_if 'each page says that it is for training' test "$(pdftotext -raw long.pdf - | grep -c '^TRAINING · ')" = "$(pages long.pdf)"
scanned long.pdf long.txt 2

# --- broken custody is printed with its reason ---
act "$U" accept $(name 22) --as discrepant --pieces $(name 22)=99 --discrepancy 'more than were sent' --deviation 'counted twice' --key vn.key
run 0 'a rule of custody was broken: the receipt says which' $R $(name 22) -o broken.pdf --text broken.txt --now $NOW
shows broken.pdf 'a rule of custody was broken' 'counted twice' 'deviation' 'more than were sent' 'departs from the rules of custody'
yes_if 'and not called unbroken' sh -c '! pdftotext -raw broken.pdf - | tr "\n" " " | grep -q "custody is unbroken"'
run 0 '' "$U" bundle $(name 22) -o broken.bundle --now $NOW
since 'a broken custody continues all the same' 3 'continue' broken.bundle broken.txt

# --- an order withholds: by name and record, not by value ---
act "$U" order $CASE --withhold witness --order 'Order 77' --key pros.key
ORDER=$(($(records) - 1))
run 0 'withheld.pdf' $R $SEIZED -o withheld.pdf --now $NOW
shows withheld.pdf "Witnesswithheld under record $ORDER" SUSPECTNAME
yes_if 'not by value' sh -c '! pdftotext -raw withheld.pdf - | grep -q WITNESS[OT]'

# --- as a witness ---
act "$U" note $(name 10) --text 'a crack at the tip' --key vn.key
run 0 '' "$U" bundle $(name 10) -o later.bundle --now $NOW
since 'a later bundle continues it' 0 'continue' later.bundle release.txt
since 'behind an address' 0 'continue' later.bundle own.txt
since 'the bundle of that day' 0 'continue' then.bundle release.txt
tr -d '\n' <release.txt | sed 's/^/  /;s/$/ \r\n\r\n/' >scanned.txt
since 'as a scanner types it' 0 'continue' later.bundle scanned.txt
N=$(sed -n 2p now.checkpoint)
act "$U" note $(name 11) --text 'the last word' --key vn.key
TAIL=$(($(records) - 1))
run 0 'tail.pdf' $R $TAIL -o tail.pdf --text tail.txt --now $NOW
shows tail.pdf 'Receipt: act on evidence' 'the last word' "$(name 11)"
# forged WHAT STATUS PATTERN ATTACK...: nobody sees it without a paper.
forged() {
    what=$1 want=$2 pattern=$3
    shift 3
    "$ATTACK" "$1" led past.bundle --item 11 --record $TAIL $2 >out 2>err || bad "$what: not made"
    "$V" --policy court.policy --training past.bundle >out 2>err
    yes_if "$what: nobody sees it without a paper" test $? -eq 0
    since "$what" "$want" "$pattern" past.bundle tail.txt
}
forged 'the past rewritten' 1 fork logged
forged 'the past rewritten and continued' 1 fork rewritten "--key off.key $P --person 4 --appointment 1 --capacity 2 --print 1"
forged 'the last record taken out' 1 fork remove
forged 'the end cut off' 2 stale cut
sed 's/7/8/5' release.txt >damaged.txt
since 'a digit misread' 2 'since|damaged' later.bundle damaged.txt
head -c 300 release.txt >damaged.txt
since 'the end of the line missing' 2 'since' later.bundle damaged.txt
sed 's#^U1R/1/1/#U1R/1/2/#' release.txt >damaged.txt
since 'a part missing' 2 'since' later.bundle damaged.txt
sed 's#^U1R/#U1C/#' release.txt >damaged.txt
since 'called a certificate' 2 'since' later.bundle damaged.txt

# --- 256 things, each on the paper ---
act "$U" allot 260 --key off.key
{ head -1 $ROOT/tests/data/kohthom-2016-06-04.csv; for i in $(seq 100 355); do echo "R-$i,\"tusk number $i, raw\",Loxodonta africana,TUS,1,piece,1500,640,dry,,"; done; } >many.csv
act "$U" register $CASE --items many.csv --key off.key
# Numbers 32 to 49 were left over; 50 and 51 are people.
act "$U" release $(name 32)..$(name 49) $(name 52)..$(name 289) --to custodian --purpose transport --key off.key
start=$(date +%s%N)
run 0 'many.pdf' $R $(name 52) -o many.pdf --text many.txt --now $NOW
echo "256 things: $(((($(date +%s%N)) - start) / 1000000)) ms, $(pages many.pdf) pages, $(wc -c <many.pdf) bytes"
pdftotext -raw many.pdf many.raw
yes_if 'each thing, on each copy' test "$(grep -oE 'tusk number [0-9]+' many.raw | sort | uniq -c | grep -c '^ *2 ')" = 256
yes_if 'the heading on each page of the table' test "$(grep -c 'What it is, seals, condition' many.raw)" -gt 20
scanned many.pdf many.txt 2
run 0 'many.pdf' $R $(name 52) -o many.pdf --roll --force --copies 1 --now $NOW
pdftotext -raw many.pdf many.raw
yes_if 'each thing on a roll' test "$(grep -oE 'tusk number [0-9]+' many.raw | sort -u | wc -l)" = 256

# --- a real ledger: without --now ---
UNBROKEN_LEDGER=real
real() { "$@" $P >out 2>err </dev/null || bad "$*"; }
real "$U" ledger init real --origin kh-sr.example/custody --code KHPP --threshold 1 --registrar r1.key --registrar r2.key
real "$U" person enrol --name 'Real Officer' --agency Customs --office officer --key r1.key --key off.key
real "$U" case open --docket 'PP 1/2018' --law 'Forestry Law' --key off.key
real "$U" allot 2 --key off.key
head -2 many.csv >one.csv
real "$U" register $(name 4) --items one.csv --key off.key
run 0 'real.pdf' $R $(name 5) -o real.pdf
shows real.pdf 'Receipt: things seized and registered' 'Species: Loxodonta africana' 'Net kg' '1.500'
yes_if 'no mark of training' sh -c '! pdftotext -raw real.pdf - | grep -q TRAINING'
finish
