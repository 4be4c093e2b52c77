# SPDX-License-Identifier: Apache-2.0
"""Keys from names, signatures that come out the same each time, C2SP notes, cosignatures and policies.

Anybody can make these keys again: they are for test vectors only.
"""
import base64
import functools
import hmac

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from cborx import enc
from tree import sha

P = 2**256 - 2**224 + 2**192 + 2**96 - 1
N = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
G = (0x6B17D1F2E12C4247F8BCE6E563A440F277037D812DEB33A0F4A13945D898C296,
     0x4FE342E2FE1A7F9B8EE7EB4A7C0F9E162BCE33576B315ECECBB6406837BF51F5)
L = 2**252 + 27742317777372353535851937790883648493


def _add(a, b):
    """Addition on P-256, affine; None is the neutral point."""
    if a is None or b is None:
        return a or b
    if a[0] == b[0]:
        if (a[1] + b[1]) % P == 0:
            return None
        slope = 3 * (a[0] * a[0] - 1) * pow(2 * a[1], -1, P)
    else:
        slope = (b[1] - a[1]) * pow(b[0] - a[0], -1, P)
    x = (slope * slope - a[0] - b[0]) % P
    return x, (slope * (a[0] - x) - a[1]) % P


def _times(k, point):
    out = None
    while k:
        if k & 1:
            out = _add(out, point)
        point = _add(point, point)
        k >>= 1
    return out


def _p256_sign(d, message):
    """ECDSA with SHA-256, the nonce of RFC 6979, low s."""
    digest = sha(message)
    z = int.from_bytes(digest, "big")
    seed = d.to_bytes(32, "big") + (z % N).to_bytes(32, "big")
    v, k = b"\1" * 32, b"\0" * 32
    for mark in (b"\0", b"\1"):
        k = hmac.digest(k, v + mark + seed, "sha256")
        v = hmac.digest(k, v, "sha256")
    v = hmac.digest(k, v, "sha256")
    nonce = int.from_bytes(v, "big")
    assert 0 < nonce < N
    r = _times(nonce, G)[0] % N
    s = pow(nonce, -1, N) * (z + r * d) % N
    return r.to_bytes(32, "big") + min(s, N - s).to_bytes(32, "big")


class Key:
    """A key pair made from its name; alg -19 is Ed25519, -9 is ESP256."""

    def __init__(self, name, alg=-19):
        self.name, self.alg = name, alg
        self.seed = sha(b"key:" + name.encode())

    @functools.cached_property
    def public(self):
        """The public key, 32 or 33 bytes."""
        if self.alg == -9:
            x, y = _times(self._scalar(), G)
            return bytes([2 + (y & 1)]) + x.to_bytes(32, "big")
        return self._ed().public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)

    def _scalar(self):
        return int.from_bytes(self.seed, "big") % (N - 1) + 1

    def _ed(self):
        return Ed25519PrivateKey.from_private_bytes(self.seed)

    @property
    def cose(self):
        """The public-key array of SPEC 4."""
        return [self.alg, self.public]

    @property
    def kid(self):
        """H(public-key)."""
        return sha(enc(self.cose))

    def sign(self, message):
        """64 bytes."""
        return _p256_sign(self._scalar(), message) if self.alg == -9 else self._ed().sign(message)


def key_id(name, kind, public):
    """The four bytes that C2SP signed-note puts before a signature."""
    return sha(name.encode() + b"\n" + bytes([kind]) + public)[:4]


def vkey(name, key, kind=1):
    """A verifier key in the text form of C2SP signed-note."""
    ident = key_id(name, kind, key.public).hex()
    return f"{name}+{ident}+{base64.b64encode(bytes([kind]) + key.public).decode()}"


def note_text(origin, size, root):
    """The three lines of a tlog-checkpoint."""
    return f"{origin}\n{size}\n{base64.b64encode(root).decode()}\n"


def line(name, blob):
    """One signature line."""
    return f"\u2014 {name} {base64.b64encode(blob).decode()}\n"


def station_line(text, origin, key):
    """The log's own signature line."""
    return line(origin, key_id(origin, 1, key.public) + key.sign(text.encode()))


def witness_line(text, name, key, time, wrong=False):
    """A cosignature/v1 line; `wrong` signs another text."""
    message = f"cosignature/v1\ntime {time}\n{text}{'x' if wrong else ''}".encode()
    return line(name, key_id(name, 4, key.public) + time.to_bytes(8, "big") + key.sign(message))


def policy(logs, witnesses=(), groups=(), quorum="none"):
    """A C2SP tlog-policy. logs: (name, key); witnesses: (short name, key name, key); groups: (name, k, members)."""
    out = [f"log {vkey(name, key)}" for name, key in logs]
    out += [f"witness {short} {vkey(name, key, 4)}" for short, name, key in witnesses]
    out += [f"group {name} {k} {' '.join(members)}" for name, k, members in groups]
    return "\n".join(out + [f"quorum {quorum}"]) + "\n"
