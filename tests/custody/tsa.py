# SPDX-License-Identifier: Apache-2.0
"""A time-stamp authority for tests, on loopback: `tsa.py DIR` makes its certificates and revocation lists in DIR, writes
DIR/port and serves. Replies are made by `openssl ts -reply`, or by `openssl cms` where that refuses to make a wrong one. The
last part of the address says what is wrong with the answer."""
import datetime
import http.server
import pathlib
import subprocess
import sys

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

DIR = pathlib.Path(sys.argv[1]).resolve()
NOW = datetime.datetime.utcnow().replace(microsecond=0)
DAY = datetime.timedelta(days=1)
LONG = (datetime.datetime(2015, 1, 1), datetime.datetime(2045, 1, 1))
OLD = (datetime.datetime(2019, 1, 1), datetime.datetime(2020, 12, 31))
PAST = b"20200229123456Z"
CONFIG = """[tsa]
default_tsa = one
[one]
serial = {0}/serial
crypto_device = builtin
signer_digest = sha256
default_policy = 1.2.3.4.1
other_policies = 1.2.3.4.5
digests = sha256
accuracy = secs:1
ordering = no
ess_cert_id_chain = no
ess_cert_id_alg = sha256
"""


def name(text):
    return x509.Name([x509.NameAttribute(NameOID.COUNTRY_NAME, "KH"), x509.NameAttribute(NameOID.COMMON_NAME, text)])


def save(file, key, certificates):
    (DIR / (file + ".pem")).write_bytes(b"".join(c.public_bytes(serialization.Encoding.PEM) for c in certificates))
    (DIR / (file + ".key")).write_bytes(key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8,
                                                          serialization.NoEncryption()))


def certify(text, issuer=None, usage=None, valid=LONG, lists=None):
    """(key, certificate); issuer is such a pair; usage None: an authority."""
    key = ec.generate_private_key(ec.SECP256R1())
    by_key, by = issuer if issuer else (key, None)
    made = (x509.CertificateBuilder().subject_name(name(text)).issuer_name(by.subject if by else name(text))
            .public_key(key.public_key()).serial_number(x509.random_serial_number())
            .not_valid_before(valid[0]).not_valid_after(valid[1])
            .add_extension(x509.BasicConstraints(usage is None, None), True)
            .add_extension(x509.KeyUsage(usage is not None, False, False, False, False, usage is None, usage is None, False, False), True))
    if usage:
        made = made.add_extension(x509.ExtendedKeyUsage([usage]), True)
    if lists:
        made = made.add_extension(x509.CRLDistributionPoints([x509.DistributionPoint(
            [x509.UniformResourceIdentifier(f"http://127.0.0.1:{PORT}/{lists}")], None, None, None)]), False)
    return key, made.sign(by_key, hashes.SHA256())


def revoke(file, issuer, revoked, last=NOW - DAY, until=NOW + DAY):
    """revoked: (serial, date, reason or None)"""
    made = x509.CertificateRevocationListBuilder().issuer_name(issuer[1].subject).last_update(last).next_update(until)
    for serial, date, reason in revoked:
        entry = x509.RevokedCertificateBuilder().serial_number(serial).revocation_date(date)
        made = made.add_revoked_certificate((entry.add_extension(x509.CRLReason(reason), False) if reason else entry).build())
    made = made.sign(issuer[0], hashes.SHA256())
    (DIR / file).write_bytes(made.public_bytes(serialization.Encoding.DER))
    return made.public_bytes(serialization.Encoding.PEM)


def make():
    usage = ExtendedKeyUsageOID.TIME_STAMPING
    root = certify("Root")
    between = certify("Between", root, lists="root.crl")
    crowded = certify("Crowded", root, lists="root.crl")
    fallen = certify("Fallen", root, lists="root.crl")
    other = certify("Other root")
    for file, pair, chain in [
            ("good", certify("Time of Phnom Penh", between, usage, lists="between.crl"), between),
            ("revoked", certify("Revoked", between, usage, lists="between.crl"), between),
            ("expired", certify("Expired", between, usage, OLD, lists="between.crl"), between),
            ("noeku", certify("Not for time", between, ExtendedKeyUsageOID.CODE_SIGNING, lists="between.crl"), between),
            ("nolist", certify("No list", between, usage), between),
            ("stale", certify("Stale", between, usage, lists="stale.crl"), between),
            ("nofile", certify("No file", between, usage, lists="nowhere.crl"), between),
            ("crowded", certify("In a crowd", crowded, usage, lists="crowded.crl"), crowded),
            ("fallen", certify("Of the fallen", fallen, usage, lists="fallen.crl"), fallen),
            ("other", certify("Other", other, usage), other)]:
        save(file, pair[0], [pair[1]])
        (DIR / (file + ".chain")).write_bytes(chain[1].public_bytes(serialization.Encoding.PEM))
        if file == "revoked":
            revoked = pair[1].serial_number
    save("root", root[0], [root[1]])
    save("otherroot", other[0], [other[1]])
    bad = [(revoked, datetime.datetime(2018, 1, 1), x509.ReasonFlags.key_compromise)]
    pem = revoke("root.crl", root, [(fallen[1].serial_number, datetime.datetime(2018, 1, 1), x509.ReasonFlags.ca_compromise)])
    (DIR / "lists.pem").write_bytes(pem + revoke("between.crl", between, bad))
    (DIR / "stalelists.pem").write_bytes(pem + revoke("stale.crl", between, [], NOW - 9 * DAY, NOW - 8 * DAY))
    revoke("fallen.crl", fallen, [])
    revoke("crowded.crl", crowded, [(serial, NOW - DAY, None) for serial in range(1 << 64, (1 << 64) + 3000)])
    (DIR / "serial").write_text("01\n")
    (DIR / "config").write_text(CONFIG.format(DIR))


def openssl(*words, data=b""):
    return subprocess.run(["openssl", *[str(word) for word in words]], input=data, capture_output=True, check=True).stdout


def reply(query, signer="good"):
    (DIR / "query").write_bytes(query)
    return openssl("ts", "-reply", "-config", DIR / "config", "-queryfile", DIR / "query", "-signer", DIR / (signer + ".pem"),
                   "-inkey", DIR / (signer + ".key"), "-chain", DIR / (signer + ".chain"))


def der(tag, body):
    size = len(body)
    length = bytes([size]) if size < 128 else bytes([130, size >> 8, size & 255])
    return bytes([tag]) + length + body


def signed_anew(query, signer, time=None):
    """What the good one would say, at that time, signed by one that openssl ts refuses."""
    (DIR / "reply").write_bytes(reply(query))
    token = openssl("ts", "-reply", "-in", DIR / "reply", "-token_out", "-config", DIR / "config")
    info = openssl("cms", "-verify", "-noverify", "-inform", "DER", "-binary", data=token)
    if time:
        at = info.index(b"\x18\x0f") + 2
        info = info[:at] + time + info[at + 15:]
    token = openssl("cms", "-sign", "-binary", "-nodetach", "-cades", "-econtent_type", "1.2.840.113549.1.9.16.1.4", "-signer",
                    DIR / (signer + ".pem"), "-inkey", DIR / (signer + ".key"), "-certfile", DIR / (signer + ".chain"), "-outform",
                    "DER", data=info)
    return der(0x30, der(0x30, der(2, b"\0")) + token)


def other_imprint(query):
    at = query.index(b"\x04\x20") + 2
    return query[:at] + bytes(32) + query[at + 32:]


def other_nonce(query):
    return query[:-4] + bytes([query[-4] ^ 1]) + query[-3:]  # certReq stands behind it


def no_nonce(query):
    at = query.index(b"\x04\x20") + 2
    return openssl("ts", "-query", "-digest", query[at:at + 32].hex(), "-sha256", "-no_nonce", "-cert")


def first(query):
    if not (DIR / "first").exists():
        (DIR / "first").write_bytes(reply(query))
    return (DIR / "first").read_bytes()


ANSWERS = {
    "good": reply,
    "imprint": lambda query: reply(other_imprint(query)),
    "nonce": lambda query: reply(other_nonce(query)),
    "nononce": lambda query: reply(no_nonce(query)),
    "replay": first,
    "reject": lambda query: reply(b"nonsense"),
    "garbage": lambda query: b"garbage",
    "empty": lambda query: b"",
    "trailing": lambda query: reply(query) + b"\0",
    "expired": lambda query: signed_anew(query, "expired"),
    "past": lambda query: signed_anew(query, "expired", PAST),
    "noeku": lambda query: signed_anew(query, "noeku"),
}


class Handler(http.server.BaseHTTPRequestHandler):
    def log_message(self, *_):
        pass

    def give(self, status, kind, body):
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_GET(self):
        file = DIR / self.path.strip("/")
        if file.suffix == ".crl" and file.exists():
            self.give(200, "application/pkix-crl", file.read_bytes())
        else:
            self.give(404, "text/plain", b"")

    def endless(self):
        self.send_response(200)
        self.send_header("Content-Type", "application/timestamp-reply")
        self.end_headers()
        try:
            while True:
                self.wfile.write(bytes(65536))
        except OSError:
            pass

    def do_POST(self):
        query = self.rfile.read(int(self.headers["Content-Length"]))
        mode = self.path.strip("/")
        if self.headers["Content-Type"] != "application/timestamp-query":
            self.give(415, "text/plain", b"")
        elif mode == "endless":
            self.endless()
        elif mode == "500":
            self.give(500, "application/timestamp-reply", reply(query))
        elif mode == "html":
            self.give(200, "text/html", reply(query))
        else:
            self.give(200, "application/timestamp-reply", ANSWERS[mode](query) if mode in ANSWERS else reply(query, mode))


server = http.server.HTTPServer(("127.0.0.1", 0), Handler)
PORT = server.server_address[1]
make()
(DIR / "port.new").write_text(str(PORT))
(DIR / "port.new").rename(DIR / "port")
server.serve_forever()
