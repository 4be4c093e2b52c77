#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# Breaks when a certificate does not say every certified line, when its page and what is attached part without being told, when exceptions do not
# stand first, when a reader finds another statement in its QR, when an altered or exchanged statement passes, when text from the ledger or a
# form breaks it, when the same ledger gives other bytes, or when a failure leaves a file behind.
. tests/custody/lib.sh
export BUILD=$BIN
LOOK="/usr/bin/python3 $ROOT/tests/paper/certificate_look.py"

make_ledger
make_keys late
CASE=$(name 8)
at() { NOW=2018-12-$1:00+07:00; }

certify() { # FILE SUBJECT... OPTION...
    run 0 'certified lines' "$U" certify -o "$@" --force --key pros.key $P --now $NOW
    cp out said
}
# told PATTERN FILE
told() { yes_if "$2 tells: $1" grep -qE -e "$1" "$2"; }
# refused CODE PATTERN SUBJECT... OPTION...: no file is left.
refused() {
    code=$1 pattern=$2
    shift 2
    run "$code" "$pattern" "$U" certify -o none.pdf "$@" $P --now $NOW
    yes_if "nothing is left of: $*" sh -c '! ls none.pdf* 2>/dev/null | grep -q .'
}
looks() { # WHAT ARGUMENTS...
    if $LOOK "$@" >out 2>err && [ "$(tail -1 out)" = ok ]; then good; else bad "$*"; fi
}
# checks STATUS FILE: the verifier's words go to verdict.
checks() {
    run "$1" '' "$V" --policy court.policy --training "$2"
    cp out verdict
}
flat() { pdftotext -raw "$1" - | tr -d ' \n\f'; }
says() { # FILE TEXT...
    paper=$1
    shift
    flat "$paper" >text
    for words in "$@"; do
        yes_if "$paper says: $words" grep -qF -e "$(printf %s "$words" | tr -d ' \n')" text
    done
}

# ---- a ledger with one good thing, one that was not kept well, and one on the way --------------------
"$U" form seizure >form.ini 2>err
sed -i -e 's/^seizure-time *=.*/seizure-time = 2018-12-13T09:30:00+07:00/' -e 's/^seizure-place *=.*/seizure-place = Port, yard 4/' \
    -e 's/^authority *=.*/authority = Warrant 12 of the prosecutor/' -e 's/^owner *=.*/owner = Mr Owner Vann/' form.ini
act "$U" seize $CASE form.ini --key off.key --key off2.key
hostile='{case} {{ }} {root} "quoted" \back ^XA^FO <b> %s %n $(id) `id` | * [exceptions]'
shown='{case} {{ }} {root} "quoted" \x5cback ^XA^FO <b> %s %n $(id) `id` | * [exceptions]' # a backslash is escaped in certified lines
long=$(awk 'BEGIN { for (i = 0; i < 4000; i++) printf "w%s", i % 97 == 0 ? " " : "" }')
cat >items.csv <<END
ref,description,species,specimen,quantity,unit,weight_g,marks
T-1,whole tusk one,Loxodonta africana,TUS,1,piece,5000,paint K
T-2,ភ្លុកដំរីទាំងមូល ទីពីរ,Loxodonta africana,TUS,1,piece,5000,
T-3,Ngà voi đã chế tác,Loxodonta africana,IVP,7,piece,5000,
T-4,"$(printf %s "$hostile" | sed 's/"/""/g')",Loxodonta africana,TUS,1,piece,5000,
T-5,$long,Loxodonta africana,TUS,1,piece,5000,
END
act "$U" register $CASE --items items.csv --key off.key
at 13T10:30
act "$U" seal $(name 10) --put-on SEAL-1 --key off.key --key off2.key
act "$U" seal $(name 11) --put-on SEAL-2 --key off.key --key off2.key
at 13T11:00
act "$U" release $(name 10) $(name 11) $(name 12) --to $(name 5) --purpose storage --seals-as-recorded --key off.key
at 13T12:00
act "$U" accept $(name 10) --as sealed --found SEAL-1 --place $(name 9) --key cust.key
act "$U" accept $(name 11) --as discrepant --found SEAL-9 --discrepancy 'the seal is another one' --place $(name 9) --key cust.key \
    --deviation 'the courier was late'
at 20T10:00
"$U" ledger policy 2>err | sed '/^TRAINING ledger/d' >court.policy

# ---- one good thing -----------------------------------------------------------------------------------
certify one.pdf $(name 10)
told "certified by $(name 7), prosecutor" said
checks 0 one.pdf
told 'CERTIFICATE .*must say exactly this' verdict
looks lines one.pdf verdict strict
says one.pdf 'Breaches of a rule of custody: none.' 'Gaps: none.' 'Details withheld or erased: none.' 'Findings, which break no rule but should be known: none.' \
    'Witnesses: none.' 'by them custody is unbroken' 'TRAINING LEDGER' 'KHPP-9-O Customs store' 'put on: SEAL-1' 'found: SEAL-1' 'Who must testify' \
    'What this does not prove' 'Whether this is admitted as evidence is for the judge' 'unbroken-verify --policy court.policy --training certificate.pdf' \
    'release (storage)' '2018-12-13 11:00' 'Unbroken, format version 1' 'The certifier: signature' 'Thumbprint' 'Stamp of the office' 'Proven time'
hash=$(sha256sum court.policy | cut -d' ' -f1)
says one.pdf "$hash"
run 0 'No syntax or stream encoding errors' qpdf --check one.pdf
pdffonts one.pdf | sed 1,2d >fonts
yes_if 'all fonts are embedded and subset' awk '{ if ($(NF-4) != "yes" || $(NF-3) != "yes") exit 1 }' fonts
yes_if 'only Noto fonts' sh -c '! grep -qv "[A-Z]\{6\}+NotoSans" fonts'

# What is attached comes out with foreign tools, and holds.
run 0 'case.bundle' pdfdetach -list one.pdf
pdfdetach -savefile case.bundle -o one.bundle one.pdf
pdfdetach -savefile certificate.statement -o one.statement one.pdf
run 0 'INTACT' "$V" --policy court.policy --training one.bundle
yes_if 'the statement fits into its QR' test "$(wc -c <one.statement)" -le 500
looks qr one.pdf one.statement one.qr

# Same ledger, same bytes; the name of the file is no part of it.
certify again.pdf $(name 10)
yes_if 'same ledger, same bytes' cmp -s one.pdf again.pdf

# ---- a case with a broken chain ------------------------------------------------------------------------
certify case.pdf $CASE --language en
told 'a rule of custody is broken: the certificate says so first' said
checks 3 case.pdf
looks lines case.pdf verdict strict
says case.pdf 'Breaches of a rule of custody: 2.' 'Reason stated: the courier was late' 'custody is broken. Breaches: 2.' 'in transit since record' \
    'Gaps, counted for each thing: 1; the longest: 6 d 23 h' 'on the way:' 'SEAL-9' "$shown" \
    'ភ្លុកដំរីទាំងមូល ទីពីរ' 'Ngà voi đã chế tác'
yes_if 'exceptions stand before all else' sh -c 'sed "s/Exceptions,toberead.*//" text | grep -qv -e Result -e "Whatiscertified"'
pdfdetach -savefile case.bundle -o case.bundle case.pdf
pdfdetach -savefile certificate.statement -o case.statement case.pdf
looks qr case.pdf case.statement case.qr

# The older certificate's QR, typed into a file, is a witness: of this ledger, and against another one.
run 3 'continues|contains|older' "$V" --policy court.policy --training --since one.qr case.bundle
awk '{ c = substr($0, 400, 1); print substr($0, 1, 399) (c == "5" ? "4" : "5") substr($0, 401) }' one.qr >bad.qr
run 2 '' "$V" --policy court.policy --training --since bad.qr case.bundle

# ---- forgeries -----------------------------------------------------------------------------------------
# Another page around a good bundle: the lines that are printed are not on it.
qpdf case.pdf --pages one.pdf 1-z -- --stream-data=preserve --object-streams=disable forged.pdf >out 2>err
checks 3 forged.pdf
if $LOOK lines forged.pdf verdict strict >out 2>err && [ "$(tail -1 out)" = ok ]; then bad 'a forged page has every line'; else good; fi
told 'line 1 is not on the page: Certificate' out

# The statement of another certificate; an altered one; none; two.
swap() { # FROM STATEMENT TO
    qpdf "$1" --remove-attachment=certificate.statement --stream-data=preserve --object-streams=disable none.tmp >out 2>err
    qpdf none.tmp --add-attachment "$2" --key=certificate.statement --mimetype=application/vnd.unbroken.statement -- \
        --stream-data=preserve --object-streams=disable "$3" >out 2>err
}
swap case.pdf case.statement same.pdf
checks 3 same.pdf
swap case.pdf one.statement other.pdf
checks 1 other.pdf
yes_if 'no lines of a certificate that is none' sh -c '! grep -q "1. Certificate" verdict'
changed() { # OFFSET-FROM-END
    /usr/bin/python3 - "$1" <<'END'
import sys
b = bytearray(open('case.statement', 'rb').read())
b[-int(sys.argv[1])] ^= 1
open('changed.statement', 'wb').write(b)
END
    swap case.pdf changed.statement changed.pdf
}
changed 1
checks 1 changed.pdf
told "certifier's signature does not hold" verdict
changed 100
"$V" --policy court.policy --training changed.pdf >out 2>err
yes_if 'a changed statement does not pass' test $? -eq 1 -o $? -eq 2
run 2 '' "$V" --policy court.policy --training none.tmp
cat one.pdf case.pdf >both.pdf
run 2 '' "$V" --policy court.policy --training both.pdf

# ---- every form in every language ----------------------------------------------------------------------
for form in general us-fre-902 india-bsa-63 cambodia vietnam; do
    for language in en km vi km,en; do
        certify form.pdf $(name 10) --template $form --language $language
        checks 0 form.pdf
        case $language in
        en) looks lines form.pdf verdict strict ;;
        *) looks lines form.pdf verdict ;;
        esac
        told "Form: $form" verdict
    done
done
certify form.pdf $(name 10) --template us-fre-902
says form.pdf '902(13)' '902(14)' 'penalty of perjury' 'authenticity alone'
certify form.pdf $(name 10) --template india-bsa-63
says form.pdf 'Part A (to be filled in by the party)' 'Part B (to be filled in by the expert)' '[X] SHA256' 'lawful control'

# ---- a form of one's own -------------------------------------------------------------------------------
sed -e 's/^name = general/name = my-own/' -e 's/^en = Statement/en = {docket} {law} {court} {number} {time} {size} {records} {policy} {ledger} {ledger-id} {{x}}/' \
    "$ROOT/printer/templates/general.ini" >own.ini
certify own.pdf $(name 13) --template own.ini
checks 0 own.pdf
says own.pdf 'PP 214/2018 Forestry Law, Article 97 not stated' '{x}'
told 'Form: my-own' verdict
sed '/^\[gaps\]/d' own.ini >bad.ini
refused 1 'bad.ini: the form leaves out \[gaps\]' $(name 10) --template bad.ini --key pros.key
sed 's/{docket}/{dockets}/' own.ini >bad.ini
refused 1 'bad.ini: line [0-9]+: there is no place "\{dockets\}"' $(name 10) --template bad.ini --key pros.key
sed '0,/^vi = /{/^vi = /d}' own.ini >bad.ini
refused 1 'bad.ini: line [0-9]+: the title that begins here: its text "vi" is missing' $(name 10) --template bad.ini --key pros.key
refused 2 'no form "cambodian": there are cambodia, general' $(name 10) --template cambodian --key pros.key

# ---- text that would break it --------------------------------------------------------------------------
certify hostile.pdf $(name 13) $(name 14) --language km,vi
checks 0 hostile.pdf
looks lines hostile.pdf verdict
says hostile.pdf "$shown"
run 0 'No syntax or stream encoding errors' qpdf --check hostile.pdf

# ---- many things: what is alike stands together, every line still stands ---------------------------------
{
    echo 'ref,description,species,specimen,quantity,unit,weight_g,marks'
    for i in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21 22 23 24 25 26 27; do echo "M-$i,one of many,Loxodonta africana,IVP,1,piece,1000,"; done
} >many.csv
act "$U" case open --docket 'PP 7/2018' --law 'Forestry Law' --key off.key
MANY=$(name 50)
act "$U" register "$MANY" --items many.csv --key off.key
certify many.pdf "$MANY"
checks 0 many.pdf
looks lines many.pdf verdict strict
says many.pdf 'Things of one species, state and place stand together' '27.000000 kg'

# ---- an address, the paper's settings, withholding ------------------------------------------------------
printf 'web = HTTPS://EVIDENCE.EXAMPLE/#\nagency = General Department of Customs\nlanguage = vi\n' >led/paper.ini
certify web.pdf $(name 10)
checks 0 web.pdf
pdfdetach -savefile certificate.statement -o web.statement web.pdf
looks qr web.pdf web.statement web.qr
told '^HTTPS://EVIDENCE.EXAMPLE/#U1C/1/1/' web.qr
says web.pdf 'General Department of Customs' 'Giấy xác nhận'
rm led/paper.ini
act "$U" order $CASE --withhold owner --order 'Order 5 of the court' --key pros.key
certify held.pdf $CASE
checks 3 held.pdf
says held.pdf 'Details withheld or erased: 1.' 'withheld under record'
yes_if 'what is withheld is not told' sh -c '! grep -q "OwnerVann" text'
certify held.pdf $CASE --nothing-withheld
says held.pdf 'Mr Owner Vann' 'Details withheld or erased: none.'

# ---- who may certify -----------------------------------------------------------------------------------
run 0 "certified by $(name 4), officer" "$U" certify $(name 10) -o officer.pdf --key off.key $P --now $NOW
checks 0 officer.pdf
refused 1 'belongs to nobody in this ledger' $(name 10) --key late.key
refused 2 'one person certifies' $(name 10) --key off.key --key cust.key
refused 2 'needs --key' $(name 10)
refused 1 'holds no office in force' $(name 10) --key off.key --as-office registrar
refused 2 'there is no office' $(name 10) --key off.key --as-office king
refused 1 'never issued|there is no|was never' $(name 4000) --key off.key
act "$U" person end $(name 6) --office officer --reason 'left the service' --key r1.key --key r2.key
refused 1 'holds no office in force' $(name 10) --key off2.key
echo old >old.pdf
run 1 'exists and is not overwritten' "$U" certify $(name 10) -o old.pdf --key pros.key $P --now $NOW
yes_if 'the old file is untouched' grep -q old old.pdf
run 1 '' "$U" certify $(name 10) -o nowhere/x.pdf --key pros.key $P --now $NOW
refused 2 'go together' $(name 10) --key pros.key --sign-key rsa.key

# ---- PAdES ---------------------------------------------------------------------------------------------
$LOOK made . >out 2>err
mkdir -p home
for kind in p256 rsa; do
    certify $kind.pdf $(name 10) --sign-certificate $kind.pem --sign-key $kind.key
    HOME=$DIR/home run 0 'Signature is Valid' pdfsig $kind.pdf
    told 'Total document signed' out
    told "Prosecutor $kind" out
    checks 0 $kind.pdf
    looks lines $kind.pdf verdict strict
done
refused 1 'not of this key|does not belong|other key|another key' $(name 10) --key pros.key --sign-certificate p256.pem --sign-key rsa.key
refused 1 'broken.pem' $(name 10) --key pros.key --sign-certificate broken.pem --sign-key rsa.key

# ---- people and places alone ---------------------------------------------------------------------------
certify person.pdf $(name 4)
checks 0 person.pdf
looks lines person.pdf verdict strict
says person.pdf 'No thing was asked for.'
finish
