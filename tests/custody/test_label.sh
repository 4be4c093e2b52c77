#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Labels: each print is a record, the paper says which one it is, an older print is told at the next scan, and nothing comes out that is not recorded.
cd "$(dirname "$0")/../.." || exit 1
. tests/custody/lib.sh
make_ledger
OFF="$P --now $NOW --key off.key"
cat >list.csv <<'LIST'
ref,description,species,specimen,quantity,unit,weight_g
T-1,"piece of tusk, ^XZ~JA ""quoted""",Loxodonta africana,IVP,1,piece,1850
T-2,ភ្លុកដំរីឆៅ,Loxodonta africana,IVP,1,piece,6360
T-3,"turtle, live",Heosemys annandalii,LIV,4,animal,
LIST
run 0 'registered' "$U" register "$(name 8)" --items list.csv $OFF
A=$(name 10); B=$(name 11); C=$(name 12)
LEDGER=$("$U" ledger status --json | sed -n 's/.*"ledger-id": "\([0-9a-f]*\)".*/\1/p')

# The first print, in every form.
before=$(records)
run 0 "labels.pdf: 3 labels, for $A..$C: record $before" "$U" label --case "$(name 8)" --pdf labels.pdf $OFF
yes_if 'one record' [ "$(records)" -eq $((before + 1)) ]
run 0 'label-print: 1' "$U" show "$A"
pdftotext -raw labels.pdf text 2>/dev/null
for word in "$A" "$C" 'PP 214/2018' 'item 1 of 3' 'item 3 of 3' 'Customs' '2018-12-13 10:00' 'Print 1' 'TRAINING' 'LIVE ANIMAL'; do
    yes_if "the label says $word" grep -qF "$word" text
done
pdftoppm -r 203 -png labels.pdf page
zbarimg --nodbus -q --raw -Sdisable -Sqrcode.enable page-1.png >tags 2>/dev/null
yes_if 'the same tag twice' [ "$(sort tags | uniq -c | awk '{print $1}' | head -1)" = 2 ]
tag=$(head -1 tags)
yes_if "the tag names the thing, the ledger and the print: $tag" sh -c "printf '%s' '$tag' | grep -qE '^U1/$A/[A-Z2-7]{16}/1\$'"
yes_if 'no fact of the case in it' sh -c "! printf '%s' '$tag' | grep -qiE '214|tusk|customs'"

# Nobody prints a whole case again by mistake.
run 1 'all 3 have their labels' "$U" label --case "$(name 8)" --pdf again.pdf $OFF
yes_if 'no file' [ ! -e again.pdf ]
run 1 'exists and is not overwritten' "$U" label "$A" --pdf labels.pdf $OFF
run 0 '1 of them is a reprint' "$U" label "$A" --zpl one.zpl $OFF
yes_if 'ZPL is one picture' sh -c "grep -c '\^GFA' one.zpl | grep -qx 1"
yes_if 'nothing of the thing stands in it' sh -c "! grep -qiE 'KHPP|tusk|\^FD|\^A0' one.zpl"
run 0 'label-print: 2' "$U" show "$A"

# The old label is told at the next scan, and in a court.
printf '%s\n' "$tag" >scans
before=$(records)
fed scans 1 "^refused: $A: this label is print 1; print 2 was made on 2018-12-13T10:00:00\+07:00: .*type its name" \
    "$U" release --scan --to custodian --purpose storage $OFF
yes_if 'nothing is recorded on the word of an old label' [ "$(records)" -eq "$before" ]
printf '%s\n%s\n' "$tag" "$A" >scans
fed scans 0 "^ok $A \(1\)" "$U" release --scan --to custodian --purpose storage $OFF
run 0 'warning: .*this label is print 1; print 2 was made on 2018-12-13' "$U" show "$tag"
run 0 'warning: .*this label is print 9, but print 2 is the latest on record' "$U" show "${tag%/1}/9"
run 1 'another ledger' "$U" show "U1/$A/AAAAAAAAAAAAAAAA/1"
run 1 'never|no such|not been issued|there is no' "$U" show "$(printf '%s' "$tag" | sed "s,$A,$(name 900),")"
"$U" ledger policy >court.policy 2>err
run 0 'item.bundle' "$U" bundle "$A" -o item.bundle --now $NOW
run 3 'superseded' "$V" --policy court.policy --training item.bundle --tag "$tag"
latest=$(printf '%s' "$tag" | sed 's,/1$,/2,')
run 0 '' "$V" --policy court.policy --training item.bundle --tag "$latest"
run 0 '' "$V" --policy court.policy --training item.bundle --tag "HTTPS://EVIDENCE.EXAMPLE/#$latest"

# Numbers allotted ahead: name, tag, and lines for a pen.
run 0 '37 labels' "$U" label --allotted --pdf blank.pdf --stock a4-21 --start-at 20 --language km,en $OFF
pdftotext -raw blank.pdf text 2>/dev/null
yes_if 'a line to fill in' grep -qF '____' text
yes_if 'on three sheets' sh -c "pdfinfo blank.pdf | grep -qE '^Pages: +3'"
run 1 'all 37 have their labels' "$U" label --allotted --pdf more.pdf $OFF

# Pictures, other stocks, settings of the station.
run 0 'pictures: 2 labels' "$U" label "$B" "$C" --png pictures --stock shelf --dpi 300 $OFF
yes_if 'one file a label, with its print' [ -f "pictures/$B-print-2.png" ]
printf 'web = HTTPS://EVIDENCE.EXAMPLE/#\nagency = គយកម្ពុជា\nlanguage = km,en\nstock = roll\n' >led/paper.ini
run 0 '' "$U" label "$B" --pdf web.pdf $OFF
pdftoppm -r 300 -png web.pdf web
zbarimg --nodbus -q --raw -Sdisable -Sqrcode.enable web-1.png >tags 2>/dev/null
yes_if 'the tag opens as an address' grep -qE "^HTTPS://EVIDENCE.EXAMPLE/#U1/$B/[A-Z2-7]{16}/3$" tags
head -1 tags >scans
fed scans 0 "^ok|$B" "$U" release --scan --to custodian --purpose storage $OFF
printf 'web = http://x\n' >led/paper.ini
run 1 'paper.ini: line 1: web: is an address' "$U" label "$C" --pdf x.pdf $OFF
printf 'colour = red\n' >led/paper.ini
run 1 'line 1: colour: is no setting' "$U" label "$C" --pdf x.pdf $OFF
printf 'dpi = 300\ndpi = 600\n' >led/paper.ini
run 1 'line 2: dpi: is set twice' "$U" label "$C" --pdf x.pdf $OFF
printf '[labels]\ndpi = 300\n' >led/paper.ini
run 1 'line 2: dpi: stands in a section' "$U" label "$C" --pdf x.pdf $OFF
rm led/paper.ini

# What is refused records nothing and leaves nothing.
before=$(records)
run 2 'needs one of --pdf' "$U" label "$C" $OFF
run 2 'one of them' "$U" label "$C" --case "$(name 8)" --pdf x.pdf $OFF
run 2 'there are evidence, shelf' "$U" label "$C" --pdf x.pdf --stock poster $OFF
run 2 'language' "$U" label "$C" --pdf x.pdf --language fr $OFF
run 2 'cannot wait' "$U" label "$C" --pdf x.pdf --draft d $OFF
run 1 'is a sheet' "$U" label "$C" --zpl x.zpl --stock a4-21 $OFF
run 1 'is person: it gets no label|is not a thing|it gets no label' "$U" label "$(name 4)" --pdf x.pdf $OFF
run 1 '' "$U" label "$C" --pdf no/such/folder/x.pdf --stocks list.csv $OFF
run 1 'list.csv' "$U" label "$C" --pdf x.pdf --stocks list.csv $OFF
run 1 '' "$U" label "$C" --printer tcp://127.0.0.1:1 $OFF
yes_if 'nothing recorded' [ "$(records)" -eq "$before" ]
yes_if 'nothing left' [ ! -e x.pdf ] && [ ! -e x.zpl ]
run 1 'the prints are on record \(record [0-9]+\), but the labels did not come out' "$U" label "$C" --pdf no/such/folder/x.pdf $OFF
yes_if 'that one is on record' [ "$(records)" -eq $((before + 1)) ]
finish
