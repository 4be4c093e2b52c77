#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Attached and signed PDFs as foreign tools see them: qpdf, poppler's pdfdetach, pdftoppm and pdfsig, OpenSSL's cms. Breaks when one of them
# finds the file damaged, gets other bytes out of it than were attached, sees another page, or believes a changed file.
. tests/custody/lib.sh
TOOL=$BIN/tests/printer/test_pdf_attach
BUNDLE='application/vnd.unbroken.bundle' STATEMENT='application/vnd.unbroken.statement'
AT=$(date -u -d "+1 hour" +%Y-%m-%dT%H:%M:%SZ) # the certificates below are made after this line

same() {
    if cmp "$1" "$2" >out 2>err; then good; else bad "$1 and $2 differ"; fi
}

# pdfsig with no NSS database of anybody's.
pdfsig_says() {
    file=$1
    shift
    mkdir -p home
    HOME=$DIR/home pdfsig "$file" >out 2>err
    for words in "$@"; do
        case $words in
        '!'*) if grep -qF -e "${words#!}" out; then bad "pdfsig says of $file: ${words#!}"; else good; fi ;;
        *) if grep -qF -e "$words" out; then good; else bad "pdfsig does not say of $file: $words"; fi ;;
        esac
    done
}

# flip FILE OFFSET NEW: one bit of one byte changed.
flip() {
    python3 -c 'import sys
b = bytearray(open(sys.argv[1], "rb").read()); b[int(sys.argv[2])] ^= 1; open(sys.argv[3], "wb").write(b)' "$1" "$2" "$3"
}

# ---- attaching ------------------------------------------------------------------------------

printf 'a bundle\n\000\377endstream\nendobj' >case.bundle
printf '\204\000' >statement.cbor
head -c 20000000 /dev/zero | openssl enc -aes-128-ctr -nosalt -K 00 -iv 00 >large 2>/dev/null
run 0 '' "$TOOL" none.pdf
run 0 '' "$TOOL" two.pdf --attach case.bundle $BUNDLE case.bundle --attach statement.cbor $STATEMENT statement.cbor
run 0 '' "$TOOL" again.pdf --attach case.bundle $BUNDLE case.bundle --attach statement.cbor $STATEMENT statement.cbor
run 0 '' "$TOOL" large.pdf --attach large.bundle $BUNDLE large
same two.pdf again.pdf
for file in none two large; do
    run 0 'No syntax or stream encoding errors found' qpdf --check $file.pdf
done
run 0 '^0 embedded files' pdfdetach -list none.pdf
run 0 '^2 embedded files' pdfdetach -list two.pdf
run 0 '' pdfdetach -savefile case.bundle -o case.out two.pdf
run 0 '' pdfdetach -savefile statement.cbor -o statement.out two.pdf
run 0 '' pdfdetach -savefile large.bundle -o large.out large.pdf
same case.bundle case.out
same statement.cbor statement.out
same large large.out
run 0 '^Title: +Certificate' pdfinfo two.pdf
run 0 '^CreationDate: +Thu Dec 13 02:03:04 2018 UTC' env TZ=UTC pdfinfo two.pdf
run 0 '"/AFRelationship": "/Data"' qpdf --json two.pdf
run 0 '"/Lang": "u:km"' qpdf --json two.pdf

# ---- signing --------------------------------------------------------------------------------

# certificate NAME OPENSSL-OPTIONS...: NAME.pem and NAME.key
certificate() {
    name=$1
    shift
    openssl req -x509 -nodes -keyout "$name.key" -out "$name.pem" -subj "/CN=Sok Dara ($name)" -days 30 -addext keyUsage=digitalSignature "$@" >out 2>&1 ||
        bad "no certificate $name"
}
certificate p256 -newkey ec -pkeyopt ec_paramgen_curve:P-256
certificate rsa -newkey rsa:2048
certificate p384 -newkey ec -pkeyopt ec_paramgen_curve:P-384
for key in p256 rsa; do
    run 0 '' "$TOOL" $key.pdf --attach case.bundle $BUNDLE case.bundle --attach statement.cbor $STATEMENT statement.cbor --sign $key.pem $key.key "$AT" -
    run 0 'No syntax or stream encoding errors found' qpdf --check $key.pdf
    pdfsig_says $key.pdf 'Signature is Valid.' 'Total document signed' '!Not total document' 'ETSI.CAdES.detached' "Common Name: Sok Dara ($key)" 'Algorithm: SHA-256' \
        "Signing Time: $(date -d "$AT" '+%b %d %Y %T')"
    run 0 '' pdfdetach -savefile case.bundle -o case.out $key.pdf
    same case.bundle case.out
done
run 0 '' "$TOOL" rsa2.pdf --attach case.bundle $BUNDLE case.bundle --attach statement.cbor $STATEMENT statement.cbor --sign rsa.pem rsa.key "$AT" -
same rsa.pdf rsa2.pdf

# OpenSSL with the CAdES attributes, on what the byte range says.
python3 - <<'END' >out 2>err || bad 'no byte range'
import re
b = open('p256.pdf', 'rb').read()
first, behind, rest = map(int, re.search(rb'/ByteRange \[ 0 (\d+) (\d+) (\d+) +\]', b).groups())
assert behind + rest == len(b)
open('content', 'wb').write(b[:first] + b[behind:])
cms = bytes.fromhex(b[first + 1:behind - 1].decode())
open('cms.der', 'wb').write(cms[:4 + int.from_bytes(cms[2:4], 'big')])
END
run 0 'CAdES Verification successful|CMS Verification successful' openssl cms -verify -cades -binary -inform DER -in cms.der -content content -CAfile p256.pem -purpose any -out verified
same content verified
if openssl cms -cmsout -print -inform DER -in cms.der | grep -q signingTime; then bad 'a signing time in the CMS'; else good; fi

# The page is the same picture, signed or not.
run 0 '' pdftoppm -r 60 -png two.pdf plain
run 0 '' pdftoppm -r 60 -png p256.pdf signed
for page in 1 2; do
    same plain-$page.png signed-$page.png
done

# What was changed is told: in the page's stream, in an attachment, in the catalog, in the time, at the very end, in the byte range itself.
for words in '/Filter /FlateDecode /Length ' 'a bundle' '/DisplayDocTitle' '/M (D:' '%%EOF' '/ByteRange [ 0 1'; do
    at=$(grep -a -b -o -F -e "$words" p256.pdf | tail -n 1 | cut -d: -f1)
    flip p256.pdf $((at + ${#words} - 1)) changed.pdf
    pdfsig_says changed.pdf 'Digest Mismatch.' '!Signature is Valid.'
done
at=$(grep -a -b -o -F -e 'FlateDecode' p256.pdf | head -n 1 | cut -d: -f1)
flip p256.pdf $((at + 50)) changed.pdf
pdfsig_says changed.pdf 'Digest Mismatch.' '!Signature is Valid.'
{ cat p256.pdf && printf '%% one line more\n'; } >appended.pdf
pdfsig_says appended.pdf 'Not total document signed'

# 20 MB, attached and signed.
run 0 '' "$TOOL" large.pdf --attach large.bundle $BUNDLE large --sign p256.pem p256.key "$AT" -
pdfsig_says large.pdf 'Signature is Valid.' 'Total document signed' '!Not total document'
run 0 '' pdfdetach -savefile large.bundle -o large.out large.pdf
same large large.out

# ---- refusals: a sentence, nothing from the libraries on the terminal, no file -------------------

refused() {
    rm -f no.pdf
    run "$@"
    if [ -s err ] || [ -e no.pdf ]; then bad "not silent, or a file is left: $*"; else good; fi
}
head -c 700 two.pdf >cut.pdf
: >empty
refused 1 '^damaged: the PDF cannot be read' "$TOOL" no.pdf --in cut.pdf --attach case.bundle $BUNDLE case.bundle
refused 1 '^damaged: the PDF cannot be read' "$TOOL" no.pdf --in case.bundle
qpdf --encrypt '' owner 256 -- none.pdf locked.pdf
refused 2 '^refused: the PDF is encrypted' "$TOOL" no.pdf --in locked.pdf
qpdf --encrypt secret owner 256 -- none.pdf locked.pdf
refused 2 '^refused: the PDF is encrypted' "$TOOL" no.pdf --in locked.pdf
refused 2 '^refused: the PDF has attachments already' "$TOOL" no.pdf --in two.pdf --attach case.bundle $BUNDLE case.bundle
refused 2 '^refused: the PDF has a form or a signature already' "$TOOL" no.pdf --in p256.pdf --sign rsa.pem rsa.key "$AT" -
refused 2 '^refused: the signer.s key is of kind EC secp384r1' "$TOOL" no.pdf --sign p384.pem p384.key "$AT" -
refused 2 '^refused: the signer.s certificate is valid from .* not at the time of signing, 2018-12-13T02:03:04Z' \
    "$TOOL" no.pdf --sign p256.pem p256.key 2018-12-13T02:03:04Z -
refused 4 'does not belong to the signer.s key' "$TOOL" no.pdf --sign rsa.pem p256.key "$AT" -
refused 1 'the file of the signer.s key is empty' "$TOOL" no.pdf --sign rsa.pem empty "$AT" -

# Traditional PEM with its parameters in front, PKCS#8 encrypted, and traditional encrypted.
openssl ecparam -name prime256v1 -genkey -out old.key
openssl req -x509 -new -key old.key -out old.pem -subj '/CN=Sok Dara' -days 30
openssl pkcs8 -topk8 -in old.key -out pkcs8.key -passout pass:seal
openssl ec -in old.key -out old-locked.key -aes256 -passout pass:seal 2>/dev/null
run 0 '' "$TOOL" old.pdf --sign old.pem old.key "$AT" -
pdfsig_says old.pdf 'Signature is Valid.'
for key in pkcs8 old-locked; do
    run 0 '' "$TOOL" old.pdf --sign old.pem $key.key "$AT" seal
    pdfsig_says old.pdf 'Signature is Valid.'
    refused 4 'the passphrase of the signer.s key is wrong' "$TOOL" no.pdf --sign old.pem $key.key "$AT" broken
    refused 2 'its passphrase is needed' "$TOOL" no.pdf --sign old.pem $key.key "$AT" -
done

finish
