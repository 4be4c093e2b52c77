#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Certificates: what stands on the page is what the verifier prints, exceptions come first, the QR is the attached statement, a page that says otherwise
# is told by its lines, and what does not pass its own check is not certified.
cd "$(dirname "$0")/../.." || exit 1
. tests/custody/lib.sh
make_ledger
OFF="$P --now $NOW --key off.key"
PROS="$P --now $NOW --key pros.key"
cat >list.csv <<'LIST'
ref,description,species,specimen,quantity,unit,weight_g
T-1,"tusk {number} ""quoted"" <b>, ngà voi ភ្លុក",Loxodonta africana,IVP,3,piece,1850
T-2,second tusk,Loxodonta africana,IVP,1,piece,6360
LIST
run 0 'registered' "$U" register "$(name 8)" --items list.csv $OFF
A=$(name 10); B=$(name 11)
run 0 '' "$U" seal "$A" --put-on KH-41001 $OFF --key off2.key
run 0 '' "$U" release "$A" --to custodian --purpose storage --found KH-41001 $OFF
run 0 '' "$U" accept "$A" --as inventoried --found KH-41001 --place "$(name 9)" $P --now $NOW --key cust.key
"$U" ledger policy >court.policy 2>err
V_POLICY="--policy court.policy --training"

# Every certified line stands on the page: words between white space are compared, for the page breaks lines where it must.
lines_on_page() {
    "$V" $V_POLICY "$1" --json >verdict.json 2>err
    pdftotext -raw "$1" page.txt
    /usr/bin/python3 - "$2" <<'PY'
import json, re, sys
page = re.sub(r"[\s\u200b]+", "", open("page.txt", encoding="utf-8").read())
lines = json.load(open("verdict.json", encoding="utf-8"))["certificate"]["lines"]
missing = [line for line in lines if re.sub(r"[\s\u200b]+", "", line["value"]) not in page or (sys.argv[1] == "en" and line["label"].replace(" ", "") not in page)]
print(len(lines), "lines,", len(missing), "missing", missing[:3])
sys.exit(0 if lines and not missing else 1)
PY
}

run 0 'intact, and custody unbroken' "$U" certify "$A" -o one.pdf $PROS
run 0 'CERTIFICATE [A-Z2-7]{4}-' "$V" $V_POLICY one.pdf
yes_if 'every certified line stands on the page' lines_on_page one.pdf en
for word in "$A" '3' '1.85' 'KH-41001' 'Prosecutor' 'PP 214/2018' 'Breaches of a rule of custody: none' 'Gaps: none' 'What this does not prove' 'Who must testify' '{number}'; do
    yes_if "the page says $word" grep -qF -e "$word" page.txt
done
yes_if 'exceptions stand before the things' sh -c 'grep -n "^Exceptions\|^What is certified" page.txt | head -1 | grep -q Exceptions'
run 0 'No syntax or stream encoding errors' qpdf --check one.pdf
pdffonts one.pdf | tail -n +3 >fonts
yes_if 'all fonts are Noto, embedded, subset' sh -c '[ -s fonts ] && ! grep -vqE "^[A-Z]{6}\+NotoSans.* yes yes yes " fonts'
pdfdetach -saveall one.pdf >/dev/null 2>&1
run 0 'INTACT' "$V" $V_POLICY case.bundle

# The QR is the statement.
pages=$(pdfinfo one.pdf | sed -n 's/^Pages: *//p')
pdftoppm -r 150 -png one.pdf scan
for n in $(seq "$pages"); do zbarimg --nodbus -q --raw -Sdisable -Sqrcode.enable "scan-$n.png" 2>/dev/null || zbarimg --nodbus -q --raw -Sdisable -Sqrcode.enable "scan-0$n.png" 2>/dev/null; done >qr
yes_if 'one QR' [ "$(wc -l <qr)" -eq 1 ]
/usr/bin/python3 - <<'PY' >said
text = open("qr").read().strip().split("#")[-1]
kind, part, parts, digits = text.split("/")
lens = {17: 7, 3: 1, 5: 2, 8: 3, 10: 4, 13: 5, 15: 6}
out = b"".join(int(g).to_bytes(lens[len(g)], "big") for g in (digits[i:i + 17] for i in range(0, len(digits), 17)))
print(kind, part, parts, len(out) <= 500, out == open("certificate.statement", "rb").read())
PY
yes_if 'and it is the attached statement' grep -qx 'U1C 1 1 True True' said

# A forged page around good files: the attachments of another thing's certificate. The lines tell.
run 0 '' "$U" certify "$B" -o two.pdf --template us-fre-902 $PROS
"$V" $V_POLICY two.pdf >lines.txt
yes_if 'the lines name the other thing' sh -c "grep -q 'Thing: $B' lines.txt && ! grep -q 'Thing: $A' lines.txt"
/usr/bin/python3 - <<'PY'
one, two = open("one.pdf", "rb").read(), open("two.pdf", "rb").read()
def stream(pdf, kind):
    at = pdf.index(b"vnd.unbroken." + kind)
    begin = pdf.index(b"stream\n", at) + 7
    return begin, pdf.index(b"endstream", begin)
a, b = stream(one, b"statement"), stream(two, b"statement")
dictionary = one.rindex(b"<<", 0, one.index(b"vnd.unbroken.statement"))
import re
old, new = len(one[a[0]:a[1]]), len(two[b[0]:b[1]])
head = re.sub(rb"(/Length|/Size) (\d+)", lambda m: m[1] + b" %d" % (int(m[2]) + new - old), one[dictionary:a[0]])
open("swapped.pdf", "wb").write(one[:dictionary] + head + two[b[0]:b[1]] + one[a[1]:])
flipped = bytearray(one); flipped[a[1] - 8] ^= 1
open("flipped.pdf", "wb").write(flipped)
PY
run 1 'certif' "$V" $V_POLICY swapped.pdf
run 1 'certifier' "$V" $V_POLICY flipped.pdf

# A broken chain is certified as what it is, and says so first.
run 0 '' "$U" note "$B" --text x --deviation 'the seal was broken on arrival' $OFF
run 0 'a rule of custody is broken: the certificate says so first' "$U" certify "$B" -o broken.pdf $PROS
run 3 'CERTIFICATE' "$V" $V_POLICY broken.pdf
yes_if 'every line of it too' lines_on_page broken.pdf en
yes_if 'the breach stands first' sh -c 'grep -n "Breaches of a rule of custody: [1-9]\|^What is certified" page.txt | head -1 | grep -q Breaches'

# The case, each template, each language; the same input gives the same bytes.
run 0 '' "$U" certify "$(name 8)" -o case.pdf --language km,en $PROS
yes_if 'every line of the case' lines_on_page case.pdf km
for template in general us-fre-902 india-bsa-63 cambodia vietnam; do
    for language in en km vi; do
        run 0 'certificate' "$U" certify "$A" -o t.pdf --force --template $template --language $language $PROS
        yes_if "$template in $language" lines_on_page t.pdf $language
    done
done
mkdir -p other
run 0 '' "$U" certify "$A" -o again.pdf --template cambodia --language vi,km $PROS
run 0 '' "$U" certify "$A" -o other/again.pdf --template cambodia --language vi,km $PROS
yes_if 'the same bytes' cmp -s again.pdf other/again.pdf

# The PDF's own signature.
/usr/bin/python3 - <<'PY'
import datetime
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
key = ec.generate_private_key(ec.SECP256R1())
name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "Prosecutor")])
usage = x509.KeyUsage(True, True, False, False, False, False, False, False, False)
made = (x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key()).serial_number(7)
        .not_valid_before(datetime.datetime(2018, 1, 1)).not_valid_after(datetime.datetime(2068, 1, 1)).add_extension(usage, True).sign(key, hashes.SHA256()))
open("ec.pem", "wb").write(made.public_bytes(serialization.Encoding.PEM))
open("ec.key", "wb").write(key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()))
PY
run 0 '' "$U" certify "$A" -o signed.pdf --sign-certificate ec.pem --sign-key ec.key $PROS
run 0 'CERTIFICATE' "$V" $V_POLICY signed.pdf
mkdir -p home
HOME=$PWD/home run 0 'Signature is Valid' pdfsig signed.pdf
yes_if 'the whole document is signed' grep -q 'Total document signed' out
run 1 'list.csv|key' "$U" certify "$A" -o x.pdf --sign-certificate ec.pem --sign-key list.csv $PROS
run 2 'go together' "$U" certify "$A" -o signed.pdf --sign-key ec.key $PROS

# What is refused leaves nothing.
run 1 'exists and is not overwritten' "$U" certify "$A" -o one.pdf $PROS
run 2 'cambodia' "$U" certify "$A" -o x.pdf --template nothing $PROS
run 1 'list.csv' "$U" certify "$A" -o x.pdf --template ./list.csv $PROS
run 2 'one person certifies' "$U" certify "$A" -o x.pdf $PROS --key off.key
run 2 'language' "$U" certify "$A" -o x.pdf --language fr $PROS
run 1 'no/such' "$U" certify "$A" -o no/such/x.pdf $PROS
yes_if 'nothing left' [ ! -e x.pdf ]
finish
