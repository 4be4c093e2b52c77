# SPDX-License-Identifier: Apache-2.0
"""Hashes (SPEC 2.3), signatures with the strict rules of SPEC 2.4, and Merkle proofs (RFC 9162 2.1)."""
import functools
import hashlib

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature

import u_cbor

P = 2 ** 255 - 19
L = 2 ** 252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P
ROOT_M1 = pow(2, (P - 1) // 4, P)
P256_N = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
AAD = b"unbroken/1 act"


def H(*parts):
    return hashlib.sha256(b"".join(parts)).digest()


def leaf_hash(data):
    return H(b"\0", data)


def node_hash(left, right):
    return H(b"\1", left, right)


def ledger_id(payload):
    return H(b"unbroken/1 ledger\n", payload)


def act_id(payload):
    return H(b"unbroken/1 act\n", payload)


def sheet_hash(sheet):
    return H(b"unbroken/1 sheet\n", sheet)


def kid_of(key):
    return H(u_cbor.encode(key))


def decode_point(raw):
    """The affine point of a canonical encoding (RFC 8032 5.1.3), or None."""
    y = int.from_bytes(raw, "little")
    sign, y = y >> 255, y & (2 ** 255 - 1)
    if y >= P:
        return None
    u, v = (y * y - 1) % P, (D * y * y + 1) % P
    x = u * pow(v, 3, P) * pow(u * pow(v, 7, P), (P - 5) // 8, P) % P
    if v * x * x % P == (-u) % P:
        x = x * ROOT_M1 % P
    if v * x * x % P != u:
        return None
    if x == 0 and sign:
        return None
    return (P - x if x & 1 != sign else x), y


def small_order(point):
    """Whether 8·point is the neutral element: three doublings on −x² + y² = 1 + dx²y², in projective coordinates."""
    x, y, z = *point, 1
    for _ in range(3):
        xx, yy = x * x % P, y * y % P
        f = yy - xx
        j = f - 2 * z * z
        x, y, z = ((x + y) * (x + y) - xx - yy) * j % P, -f * (xx + yy) % P, f * j % P
    return x == 0 and y == z


def good_point(raw):
    point = decode_point(raw)
    return point is not None and not small_order(point)


good_key = functools.lru_cache(maxsize=4096)(good_point)


def key_valid(key):
    """Whether a public key is one that 2.4 can accept a signature of."""
    if key[0] == -19:
        return good_key(key[1])
    try:
        ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), key[1])
    except ValueError:
        return False
    return key[1][0] in (2, 3)


def ed25519_valid(key, sig, message):
    if len(key) != 32 or len(sig) != 64:
        return False
    if not good_key(key) or not good_point(sig[:32]):
        return False
    if int.from_bytes(sig[32:], "little") >= L:
        return False
    try:
        ed25519.Ed25519PublicKey.from_public_bytes(key).verify(sig, message)
    except (InvalidSignature, ValueError):
        return False
    return True


def esp256_valid(key, sig, message):
    if len(key) != 33 or key[0] not in (2, 3) or len(sig) != 64:
        return False
    r, s = int.from_bytes(sig[:32], "big"), int.from_bytes(sig[32:], "big")
    if not (0 < r < P256_N and 0 < s <= P256_N // 2):
        return False
    try:
        public = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), key)
        public.verify(encode_dss_signature(r, s), message, ec.ECDSA(hashes.SHA256()))
    except (InvalidSignature, ValueError):
        return False
    return True


def act_signature_valid(key, header, payload, value):
    message = u_cbor.encode(["Signature", b"", header, AAD, payload])
    return (ed25519_valid if key[0] == -19 else esp256_valid)(key[1], value, message)


def inclusion_root(leaf, index, size, path):
    """The root that the path leads to (RFC 9162 2.1.3.2), or None where the path does not fit."""
    if index >= size:
        return None
    fn, sn, r = index, size - 1, leaf
    for p in path:
        if sn == 0:
            return None
        if fn & 1 or fn == sn:
            r = node_hash(p, r)
            while fn and not fn & 1:
                fn, sn = fn >> 1, sn >> 1
        else:
            r = node_hash(r, p)
        fn, sn = fn >> 1, sn >> 1
    return r if sn == 0 else None


def consistency_roots(old, new, path):
    """(root of `old`, root of `new`) from a path whose first node is not left out (RFC 9162 2.1.4.2), or None."""
    if not 0 < old < new or not path:
        return None
    fn, sn = old - 1, new - 1
    while fn & 1:
        fn, sn = fn >> 1, sn >> 1
    fr = sr = path[0]
    for c in path[1:]:
        if sn == 0:
            return None
        if fn & 1 or fn == sn:
            fr, sr = node_hash(c, fr), node_hash(c, sr)
            while fn and not fn & 1:
                fn, sn = fn >> 1, sn >> 1
        else:
            sr = node_hash(sr, c)
        fn, sn = fn >> 1, sn >> 1
    return (fr, sr) if sn == 0 else None


def consistent(old, old_root, new, new_root, path):
    if old == new:
        return not path and old_root == new_root
    if old & (old - 1) == 0:
        path = [old_root] + list(path)
    return consistency_roots(old, new, path) == (old_root, new_root)
