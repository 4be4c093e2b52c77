#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""
A witness that says whatever a test puts into its folder, for `unbroken ledger reconcile`, which only asks.

    fake_witness.py vkey NAME SEED            its key, as a policy has it (cosignature/v1)
    fake_witness.py cosign NAME SEED TIME     the checkpoint on standard input with its cosignature
    fake_witness.py serve FOLDER PORTFILE     GET /W/ORIGIN-HASH/checkpoint is FOLDER/W/checkpoint, if that is of this origin; FOLDER/W/status:
                                              answers with that status; FOLDER/W/endless: never ends
"""
import base64
import hashlib
import http.server
import os
import sys

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey


def secret(seed):
    return Ed25519PrivateKey.from_private_bytes(hashlib.sha256(seed.encode()).digest())


def public(seed):
    return b'\x04' + secret(seed).public_key().public_bytes(serialization.Encoding.Raw, serialization.PublicFormat.Raw)


def key_id(name, seed):
    return hashlib.sha256(name.encode() + b'\n' + public(seed)).digest()[:4]


def vkey(name, seed):
    return '%s+%s+%s' % (name, key_id(name, seed).hex(), base64.b64encode(public(seed)).decode())


def cosign(name, seed, time, note):
    text = note[:note.index(b'\n\n') + 1]
    signature = secret(seed).sign(b'cosignature/v1\ntime %d\n' % time + text)
    line = base64.b64encode(key_id(name, seed) + time.to_bytes(8, 'big') + signature)
    return note + '— '.encode() + name.encode() + b' ' + line + b'\n'


class Witness(http.server.BaseHTTPRequestHandler):
    def log_message(self, *arguments):
        pass

    def do_GET(self):
        name, origin_hash, what = (self.path.split('/') + ['', '', ''])[1:4]
        folder = os.path.join(self.server.folder, os.path.basename(name))
        body, status = b'', 404
        if os.path.exists(os.path.join(folder, 'checkpoint')):
            body = open(os.path.join(folder, 'checkpoint'), 'rb').read()
            right = what == 'checkpoint' and hashlib.sha256(body[:body.index(b'\n')]).hexdigest() == origin_hash
            body, status = (body, 200) if right else (b'', 404)
        if os.path.exists(os.path.join(folder, 'status')):
            status = int(open(os.path.join(folder, 'status')).read())
        self.send_response(status)
        self.end_headers()
        try:
            self.wfile.write(body)
            while os.path.exists(os.path.join(folder, 'endless')):
                self.wfile.write(b'x' * 65536)
        except (BrokenPipeError, ConnectionResetError):
            pass


if sys.argv[1] == 'vkey':
    print(vkey(sys.argv[2], sys.argv[3]))
elif sys.argv[1] == 'cosign':
    sys.stdout.buffer.write(cosign(sys.argv[2], sys.argv[3], int(sys.argv[4]), sys.stdin.buffer.read()))
else:
    server = http.server.ThreadingHTTPServer(('127.0.0.1', 0), Witness)
    server.folder = sys.argv[2]
    with open(sys.argv[3] + '.tmp', 'w') as file:
        file.write('%d\n' % server.server_port)
    os.rename(sys.argv[3] + '.tmp', sys.argv[3])
    server.serve_forever()
