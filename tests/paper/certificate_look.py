#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
#
# Looks at a certificate as a judge's clerk would.
#
#   certificate_look.py lines PDF VERDICT [STRICT]   every certified line that unbroken-verify printed (the file VERDICT) stands on the page
#                                                    with its number; STRICT: label and value directly behind it (English pages)
#   certificate_look.py qr PDF STATEMENT OUT         zbarimg and zxing read one QR: the attached statement's bytes; its text goes to OUT
#   certificate_look.py made DIRECTORY               makes p256.pem, p256.key, rsa.pem, rsa.key there: certificates of 2018 to 2028
#
# Prints what is wrong; the last line is "ok" or not.
import os, re, subprocess, sys, tempfile


# Where the values of the certified lines stand on A4, in points: a long label beside a long value is torn between its rows otherwise.
VALUES = ['-r', '72', '-x', '198', '-y', '0', '-W', '400', '-H', '800']


def page_text(pdf, where=()):
    """All text without any space; the foot of each page is no part of it."""
    pages = subprocess.run(['pdftotext', '-raw', *where, pdf, '-'], stdout=subprocess.PIPE, check=True).stdout.decode().split('\f')
    kept = []
    for page in pages:
        rows = page.rstrip('\n').split('\n')
        foot = [i for i, row in enumerate(rows) if re.search(r'[A-Z2-7]{4}-[A-Z2-7]{4}-[A-Z2-7]{4}-[A-Z2-7]{4}\..*root', row)]
        kept.append(rows[: foot[-1]] if foot else rows)
    return flat(''.join(''.join(rows) for rows in kept))


def flat(text):
    return re.sub(r'[\s\u200b\u00a0]+', '', text)


def printed_lines(verdict):
    lines, on = [], False
    for row in open(verdict, encoding='utf-8'):
        found = re.match(r' *(\d+)\. ([^:]+): (.*)$', row.rstrip('\n'))
        on = on or row.startswith('CERTIFICATE ')
        if on and found and int(found[1]) == len(lines) + 1:
            lines.append((found[1], found[2], found[3]))
    return lines


def look_at_lines(pdf, verdict, strict):
    page, lines, missing = page_text(pdf), printed_lines(verdict), 0
    if len(lines) < 20:
        print('only %d certified lines in %s' % (len(lines), verdict))
        return False
    at, values = 0, page_text(pdf, VALUES)
    for number, label, value in lines:
        if strict:
            found = page.find(flat(number + '.' + label + value), at)
            found = found if found >= 0 else page.find(flat(number + '.' + label + ':' + value), at)
        else:
            # The label stands in other languages too, and the value's words: the value itself is what is compared.
            shown = re.sub(r' \([^()]*\)$', '', value)
            found = page.find(flat(number + '.'), at) if value.endswith(')') and flat(shown) in values or flat(value) in values else -1
        if found < 0:
            print('line %s is not on the page: %s: %s' % (number, label, value))
            missing += 1
        else:
            at = found
    return missing == 0


def from_digits(text):
    digits, out, rest = text.rsplit('/', 1)[1], b'', {3: 1, 5: 2, 8: 3, 10: 4, 13: 5, 15: 6}
    for i in range(0, len(digits), 17):
        part = digits[i : i + 17]
        out += int(part).to_bytes(7 if len(part) == 17 else rest[len(part)], 'big')
    return out


def look_at_qr(pdf, statement, out):
    from paper_eyes import zbar, zxing

    with tempfile.TemporaryDirectory() as where:
        subprocess.run(['pdftoppm', '-r', '200', '-gray', '-png', pdf, os.path.join(where, 'p')], check=True)
        pictures = sorted(os.path.join(where, name) for name in os.listdir(where))
        read = {'zbarimg': [t for p in pictures for t in zbar(p)], 'zxing': [t for page in zxing(pictures) for t in page]}
    want = open(statement, 'rb').read()
    for reader, texts in read.items():
        if len(texts) != 1 or 'U1C/1/1/' not in texts[0] or from_digits(texts[0]) != want:
            print('%s reads %d QR, not the statement alone' % (reader, len(texts)))
            return False
    open(out, 'w').write(read['zbarimg'][0] + '\n')
    return True


def make(where):
    import datetime

    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec, rsa
    from cryptography.x509.oid import NameOID

    for name, key in (('p256', ec.generate_private_key(ec.SECP256R1())), ('rsa', rsa.generate_private_key(65537, 2048))):
        who = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, 'Prosecutor ' + name)])
        usage = x509.KeyUsage(True, True, False, False, False, False, False, False, False)
        made = (x509.CertificateBuilder().subject_name(who).issuer_name(who).public_key(key.public_key()).serial_number(7)
                .not_valid_before(datetime.datetime(2018, 1, 1)).not_valid_after(datetime.datetime(2028, 1, 1))
                .add_extension(usage, True).sign(key, hashes.SHA256()))
        open(os.path.join(where, name + '.pem'), 'wb').write(made.public_bytes(serialization.Encoding.PEM))
        plain = serialization.NoEncryption()
        open(os.path.join(where, name + '.key'), 'wb').write(key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, plain))
    return True


def main(what, *rest):
    if what == 'lines':
        return look_at_lines(rest[0], rest[1], len(rest) > 2)
    return look_at_qr(*rest) if what == 'qr' else make(*rest)


print('ok' if main(*sys.argv[1:]) else 'wrong')
