#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# Breaks when the report on a case leaves out any trouble that is in its records, who can answer for it, or a thing; when it says of a good case
# that something is wrong; when it is drawn of what does not verify or is taken for a certificate; when text from the ledger breaks it; or when
# the same ledger gives another paper.
. tests/custody/lib.sh

make_ledger
make_keys cnt
enrol 'Outside Counter' expert cnt # 50
CASE=$(name 8)
at() { NOW=2018-12-$1:00+07:00; }
report() { # FILE OPTION...
    file=$1
    shift
    run 0 'a report, no certificate' "$U" report --case $CASE -o "$file" --force --now $NOW "$@"
    # A paragraph in one line: where a line is broken is not what is looked at.
    pdftotext -raw "$file" - | tr '\n' ' ' | sed 's/  */ /g' >text
}
says() { # PATTERN...
    for pattern in "$@"; do
        grep -qE -e "$pattern" text && good || bad "the report does not say: $pattern"
    done
}
silent() {
    for pattern in "$@"; do
        grep -qE -e "$pattern" text && bad "the report says: $pattern" || good
    done
}

# ---- a case without trouble ------------------------------------------------------------------------
"$U" form seizure >form.ini 2>err
sed -i -e 's/^seizure-time *=.*/seizure-time = 2018-12-13T09:30:00+07:00/' -e 's/^seizure-place *=.*/seizure-place = Port, yard 4/' \
    -e 's/^authority *=.*/authority = Warrant 12 of the prosecutor/' -e 's/^owner *=.*/owner = Mr Owner Vann/' form.ini
act "$U" seize $CASE form.ini --key off.key --key off2.key
printf 'a picture' >photo.jpg
cat >items.csv <<'END'
ref,description,species,specimen,quantity,unit,weight_g,marks
T-1,whole tusk one,Loxodonta africana,TUS,1,piece,5000,paint K
T-2,whole tusk two,Loxodonta africana,TUS,1,piece,5000,
T-3,whole tusk three,Loxodonta africana,TUS,1,piece,5000,
T-4,bundle of pieces,Loxodonta africana,IVP,7,piece,5000,
T-5,sawn piece,Loxodonta africana,IVP,1,piece,,
T-6,tusk that will be lost,Loxodonta africana,TUS,1,piece,5000,
T-7,tusk with the officer,Loxodonta africana,TUS,1,piece,5000,
END
act "$U" register $CASE --items items.csv --key off.key
report good.pdf
yes_if 'a PDF' test "$(head -c 5 good.pdf)" = '%PDF-'
says 'TRAINING' 'Report on the custody of evidence' "$CASE PP 214/2018" 'docket PP 214/2018' 'law Forestry Law, Article 97' 'custody is unbroken' \
    'seizure place Port, yard 4' 'authority Warrant 12 of the prosecutor' 'owner Mr Owner Vann' 'Items 7' 'Signed by KHPP-4-Y Sok Dara, officer' \
    'No photograph is attached \(7\)' "No weight was ever recorded \(1\) • record [0-9]+, 2018-12-13 10:00: $(name 14)" 'It is no certificate' \
    'Looked for, and not found' 'whole tusk one; ref: T-1;.*marks: paint K' '\(4/7\) .*bundle of pieces.* 7 5 kg' 'no witness and no time stamp covers'
silent 'custody is broken' 'Missing: a stock-take did not' 'DEVIATION' 'Handed over without a seal \('

# The paper is the same for the same ledger, and whoever wants can check what is in it.
cp good.pdf first.pdf
report good.pdf
yes_if 'same ledger, same bytes' cmp -s first.pdf good.pdf
run 0 'No syntax or stream encoding errors' qpdf --check good.pdf
pdffonts good.pdf | sed 1,2d >fonts
yes_if 'all fonts are in it' sh -c '! awk "{ print \$(NF-4) }" fonts | grep -qv yes'
yes_if 'only the named fonts' sh -c '! grep -qv -e NotoSans fonts'
pdfdetach -save 1 -o out.bundle good.pdf
"$U" ledger policy 2>err | sed "/^TRAINING ledger/d" >court.policy
run 0 'intact|unbroken' "$V" --policy court.policy --training out.bundle
run 2 'a report, no certificate' "$V" --policy court.policy --training good.pdf
hash=$(sha256sum court.policy | cut -d' ' -f1)
"$V" --policy court.policy --training out.bundle >verdict
says 'unbroken-verify --policy court.policy --training case.bundle' "$(sed -n 's/^ledger-id *//p' verdict)" "$(sed -n 's/^policy *SHA-256 //p' verdict)" \
    "root $(sed -n 's/^checkpoint.*root \(.*=\)\.*$/\1/p' verdict | sed 's/[+]/[+]/g')"

# ---- every trouble ---------------------------------------------------------------------------------
at 13T10:10
act "$U" attach photo.jpg $(name 10) --key off.key
act "$U" seal $(name 10) --put-on SEAL-1 --key off.key --key off2.key
act "$U" seal $(name 11) --put-on SEAL-1 --key off.key --key off2.key
at 13T11:00
act "$U" release $(name 10) $(name 11) $(name 13) --to $(name 5) --purpose storage --due 2018-12-14 --seals-as-recorded --key off.key
act "$U" release $(name 12) --to custodian --purpose storage --key off.key
at 16T09:00
act "$U" accept $(name 10) --as discrepant --found SEAL-9 --discrepancy 'the seal is another one' --place $(name 9) --key cust.key --deviation 'the courier was late'
act "$U" accept $(name 11) --as sealed --found SEAL-1 --place $(name 9) --key cust.key --deviation 'late as well'
act "$U" accept $(name 13) --as inventoried --pieces $(name 13)=6 --place $(name 9) --key cust.key --deviation 'one piece is not there'
act "$U" unseal $(name 11) --reason inspection --found SEAL-1 --removed SEAL-1 --key cust.key --key off.key
at 17T09:00
act "$U" weigh $(name 10) --net 4990 --scale 'Kern 1' --key cust.key
at 18T09:00
act "$U" weigh $(name 10) --net 4000 --scale 'Kern 1' --key cust.key --deviation 'nobody knows why'
act "$U" release $(name 15) --to $(name 5) --purpose storage --key off.key
act "$U" accept $(name 15) --as inventoried --place $(name 9) --key cust.key
act "$U" release $(name 13) --to custodian --purpose storage --key cust.key
act "$U" accept $(name 13) --as inventoried --place $(name 9) --key cust.key --deviation 'nobody else was there'
at 19T09:00
act "$U" examine $(name 10) --finding 'looks like plaster' --signer $(name 5) --offline --draft far.draft
env -u UNBROKEN_LEDGER "$U" sign far.draft --yes --key cust.key $P >out 2>err || bad 'signing far away'
at 19T18:00
run 0 '' "$U" submit far.draft --now $NOW
act "$U" note $(name 10) --text 'the name of a child' --key cust.key
noted=$(($(records) - 1))
act "$U" erase $noted --erase note --order 'Order 6' --key r1.key --key r2.key
at 20T09:00
{ echo "$(name 10) SEAL-9"; echo "$(name 11)"; echo "$(name 13)"; } >scan
fed scan 0 '' "$U" stocktake $(name 9) --scan --key cnt.key --key cust.key $P --now $NOW
act "$U" person end $(name 4) --office officer --reason 'left the service' --key r1.key --key r2.key
act "$U" order $CASE --withhold owner --order 'Order 5 of the court' --key pros.key
NOW=2019-04-25T09:00:00+07:00
act "$U" ledger clock --reason 'nothing was seized in the meantime' --key r1.key --key r2.key
act "$U" note $(name 10) --text 'still here' --key cust.key
report bad.pdf
says 'whole and genuine, but custody is broken. Breaches: [1-9][0-9]*' \
    "Missing: a stock-take did not find it \(1\) • record [0-9]+, 2018-12-20 09:00: $(name 15)" 'Where is it, and when was it last seen, by whom' \
    "Other seals were found than should have been there \([0-9]+\) • record [0-9]+, 2018-12-16 09:00: $(name 10)" \
    "The number of pieces does not add up \(1\) • record [0-9]+, 2018-12-16 09:00: $(name 13)" \
    "The mass does not add up \(1\) • record [0-9]+, 2018-12-18 09:00: $(name 10)" \
    "Released, and for more than 30 days nobody confirmed that it arrived \(1\) • record [0-9]+, 2018-12-13 11:00: $(name 12)" \
    'Late: it arrived after its time' 'A rule was not kept, and the signers say so \([0-9]+\).*Reason stated: the courier was late' \
    "It was with somebody who had no office, or whose key was revoked.*$(name 16)" \
    "The same seal number was put on more than one thing \(2\) • record [0-9]+, 2018-12-13 10:10: $(name 10) – SEAL-1 • record [0-9]+, 2018-12-13 10:10: $(name 11) – SEAL-1" \
    "In transit for more than a day.*$(name 10), $(name 11), $(name 13), 2 d 22 h" 'Nothing was recorded of it for more than 90 days' \
    "The weight changed between two weighings.*$(name 10)" 'Refused, or accepted with a discrepancy \(1\)' "Handed over without a seal .*$(name 12)" \
    "A seal was opened, and no witness beside the signers is named \(1\).*$(name 11)" "Accepted sealed: what was inside was not counted \(1\).*$(name 11)" \
    'Both sides of the handover are of one agency' "No photograph is attached \(6\) • record [0-9]+, 2018-12-13 10:00: $(name 11) … $(name 16)" \
    "The station's clock was set \(1\)" "The same person stands on both sides of a handover \(1\) • record [0-9]+, 2018-12-18 09:00: $(name 13)" \
    "Recorded late: signed at one time, entered at another \(1\).*$(name 10), 9 h 0 min" "Details were erased under an order \(1\) • record $noted.*under record [0-9]+" \
    'examine, signed' 'note: \(erased under record' 'Details are withheld under an order \(1\)' 'owner \(withheld under record [0-9]+\)' 'Who can answer: KHPP-4-Y Sok Dara; KHPP-5-W Keo Store' \
    "Handovers that are still open Record.*$(name 12).*any|custodian.*LATE" 'discrepancy: the seal is' 'SEAL-9' '4 kg 4.99 kg -19.83 % scale: Kern 1' \
    'not found \(1\): '"$(name 15)" 'KHPP-6-U Officer Two Customs officer \([0-9]+\)' 'Annex: the proof' 'held, MISSING' \
    'Whether this is admitted as evidence is for the judge' 'Close-up'
silent 'Mr Owner Vann' 'the name of a child'
for n in 10 11 12 13 14 15 16; do says "$(name $n) \([0-9]/7\)"; done
run 0 '' pdfdetach -save 1 -o bad.bundle bad.pdf
"$V" --policy court.policy --training bad.bundle >verdict 2>err
# What the verifier names, the report names: each broken rule and each finding by its code's records.
yes_if 'the verifier finds the same' grep -q '^CUSTODY BROKEN\|CUSTODY BROKEN' verdict
sed -n 's/^  record [0-9]*: [a-z-]*: \(.*\)$/\1/p' verdict | cut -c1-60 | sort -u >sentences
yes_if 'there are many' test "$(wc -l <sentences)" -ge 10
said=0
while read -r sentence; do grep -qF -e "$sentence" text && said=$((said + 1)); done <sentences
yes_if "most sentences of the verdict stand in it: $said" test "$said" -ge 10

# For the court alone, nothing withheld.
report court.pdf --nothing-withheld
says 'Mr Owner Vann'

# ---- languages -------------------------------------------------------------------------------------
for language in km vi km,en vi,en; do
    report $language.pdf --language $language
    says "$CASE PP 214/2018" 'SEAL-9' '2018-12-16 09:00' "$(name 16)"
done
report km.pdf --language km
says '២០១៩' 'ទំព័រ'

# As the station is set up, unless the command says otherwise.
printf 'agency = General Department of Customs\nlanguage = km\n' >led/paper.ini
report set.pdf
says 'General Department of Customs' 'ទំព័រ'
report set.pdf --language en
says 'page 1 of'
rm led/paper.ini

# ---- hostile texts ---------------------------------------------------------------------------------
long=$(awk 'BEGIN { for (i = 0; i < 10000; i++) printf "W" }')
khmer=$(awk 'BEGIN { for (i = 0; i < 700; i++) printf "ភ្លុកដំរី" }')
act "$U" note $(name 13) --text "$long" --key cust.key
act "$U" note $(name 13) --text "$khmer" --key cust.key
act "$U" note $(name 13) --text '^XA^FO50,50^FDno^FS^XZ %PDF-1.4 /Subtype /application#2fvnd.unbroken.statement stream endobj (((\ <b>&amp;</b> %s %n' --key cust.key
report hostile.pdf
says '\^XA\^FO50,50\^FDno\^FS\^XZ %PDF-1.4' '<b>&amp;</b> %s %n'
run 0 'No syntax or stream encoding errors' qpdf --check hostile.pdf
run 2 'a report, no certificate' "$V" --policy court.policy --training hostile.pdf
yes_if 'the long word is there in full' test "$(tr -d ' ' <text | grep -o 'WWWW*' | tr -d '\n' | wc -c)" -ge 10000
act "$U" note $(name 13) --text '象牙' --key cust.key
run 1 'U\+8C61, which the fonts of the papers do not have' "$U" report --case $CASE -o glyph.pdf --now $NOW
yes_if 'nothing is left' test ! -e glyph.pdf

# ---- what is refused -------------------------------------------------------------------------------
run 2 'needs -o' "$U" report --case $CASE
run 2 'needs --case' "$U" report -o x.pdf
run 1 'is an item, not a case' "$U" report --case $(name 10) -o x.pdf --now $NOW
run 2 'language' "$U" report --case $CASE -o x.pdf --language fr --now $NOW
run 1 'exists and is not overwritten' "$U" report --case $CASE -o good.pdf --now $NOW
run 2 'needs --order' "$U" report --case $CASE -o x.pdf --withhold owner --now $NOW
yes_if 'nothing is left of what was refused' test ! -e x.pdf
[ -z "${KEEP:-}" ] || cp ./*.pdf text verdict sentences "$KEEP"
finish
