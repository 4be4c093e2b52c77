#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
#
# Witnesses in bad moods, for the tests of the station's side: one server, a witness for each name given, at http://ADDRESS/NAME/. A witness answers as
# C2SP tlog-witness says unless the file mood-NAME says otherwise; it checks signatures of nobody and proofs of nothing: the real one is tested elsewhere.
#   cosigner.py PORT-FILE NAME...      writes the address into PORT-FILE when it listens, and name.vkey for each
#   TLS=CERT,KEY                       in the environment: over HTTPS
import base64, hashlib, http.server, os, socketserver, ssl, struct, subprocess, sys, time
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

KEYS, SIZES = {}, {}


def key_name(name):
    return name + ".example/witness"


def key_id(name, public):
    return hashlib.sha256(key_name(name).encode() + b"\n\x04" + public).digest()[:4]


def public(key):
    return key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)


def cosign(name, text, at, key=None, signer=None):
    key = key or KEYS[name]
    body = b"cosignature/v1\ntime %d\n" % at + text
    value = key_id(signer or name, public(key)) + struct.pack(">Q", at) + key.sign(body)
    return ("\u2014 %s %s\n" % (key_name(signer or name), base64.b64encode(value).decode())).encode()


def mood(name):
    try:
        return open("mood-" + name).read().split()
    except FileNotFoundError:
        return ["good"]


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def answer(self, status, body, kind="text/plain; charset=utf-8"):
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        name = self.path.split("/")[1]
        with open("asked-" + name, "ab") as log:
            log.write(body.split(b"\n")[0] + b"\n")
        if not self.path.endswith("/add-checkpoint") or name not in KEYS:
            return self.answer(404, b"no such path\n")
        head, note = body.split(b"\n\n", 1)
        text = note.split(b"\n\n")[0] + b"\n"
        old, size = int(head.split(b"\n")[0][4:]), int(text.split(b"\n")[1])
        how = mood(name)
        now = int(time.time())
        if how[0] == "slow":
            time.sleep(60)
        if how[0] == "endless":
            self.send_response(200)
            self.end_headers()
            try:
                while True:
                    self.wfile.write(b"x" * 65536)
            except OSError:
                self.close_connection = True
                return
        if how[0] == "status":
            return self.answer(int(how[1]), b"because \x1b[31mI say so\n")
        if how[0] == "size":  # whatever was asked
            return self.answer(409, how[1].encode() + b"\n", "text/x.tlog.size")
        if how[0] == "sizeless":
            return self.answer(409, b"what?\n")
        if how[0] == "garbage":
            return self.answer(200, b"hello \x1b]0;x\x07\n")
        if how[0] == "empty":
            return self.answer(200, b"")
        if how[0] == "stranger":  # a good signature of a key that nobody knows
            return self.answer(200, cosign(name, text, now, Ed25519PrivateKey.generate()))
        if how[0] == "other":  # another witness's name, with its own key
            return self.answer(200, cosign(name, text, now, signer=how[1]))
        if how[0] == "flipped":
            line = bytearray(cosign(name, text, now))
            line[-20] = ord("A") if line[-20] != ord("A") else ord("B")
            return self.answer(200, bytes(line))
        if how[0] == "elsewhere":  # a cosignature on another tree
            return self.answer(200, cosign(name, text.replace(b"\n%d\n" % size, b"\n%d\n" % (size + 1)), now))
        if how[0] == "time":
            return self.answer(200, cosign(name, text, int(how[1])))
        if how[0] == "meanwhile":  # a file of commands is run, once, and the same is asked for again
            os.unlink("mood-" + name)
            SIZES[name] = 0
            subprocess.run(["sh", how[1]], check=True)
            return self.answer(409, b"0\n", "text/x.tlog.size")
        if old != SIZES.get(name, 0):
            return self.answer(409, b"%d\n" % SIZES.get(name, 0), "text/x.tlog.size")
        SIZES[name] = size
        extra = cosign(name, text, now, Ed25519PrivateKey.generate(), "nobody") if how[0] == "chatty" else b""
        return self.answer(200, extra + cosign(name, text, now))


class Server(socketserver.ThreadingMixIn, http.server.HTTPServer):
    daemon_threads = True
    address_family = 2


def main():
    server = Server(("127.0.0.1", 0), Handler)
    if "TLS" in os.environ:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(*os.environ["TLS"].split(","))
        server.socket = context.wrap_socket(server.socket, server_side=True)
    for name in sys.argv[2:]:
        KEYS[name] = Ed25519PrivateKey.from_private_bytes(hashlib.sha256(name.encode()).digest())
        material = b"\x04" + public(KEYS[name])
        vkey = "%s+%s+%s" % (key_name(name), key_id(name, public(KEYS[name])).hex(), base64.b64encode(material).decode())
        open(name + ".vkey", "w").write(vkey + "\n")
    with open(sys.argv[1] + ".tmp", "w") as out:
        out.write("http%s://127.0.0.1:%d" % ("s" if "TLS" in os.environ else "", server.server_address[1]))
    os.rename(sys.argv[1] + ".tmp", sys.argv[1])
    server.serve_forever()


main()
