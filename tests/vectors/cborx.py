# SPDX-License-Identifier: Apache-2.0
"""Deterministic CBOR encoding (SPEC 2.1), with a way to put in bytes that are not deterministic.

Own code, because a forger needs wrong bytes as readily as right ones.
"""


class Raw(bytes):
    """Bytes that are put into the output as they are."""


def head(major, value, width=None):
    """The head of an item; width (0, 1, 2, 4, 8) overrides the shortest form."""
    if width is None:
        width = 0 if value < 24 else 1 if value < 1 << 8 else 2 if value < 1 << 16 else 4 if value < 1 << 32 else 8
    if width == 0:
        return bytes([major << 5 | value])
    info = {1: 24, 2: 25, 4: 26, 8: 27}[width]
    return bytes([major << 5 | info]) + value.to_bytes(width, "big")


def enc(item):
    """One deterministic CBOR item; Raw parts are left as they are."""
    if isinstance(item, Raw):
        return bytes(item)
    if item is None:
        return b"\xf6"
    if item is True:
        return b"\xf5"
    if item is False:
        return b"\xf4"
    if isinstance(item, int):
        return head(0, item) if item >= 0 else head(1, -1 - item)
    if isinstance(item, (bytes, bytearray)):
        return head(2, len(item)) + bytes(item)
    if isinstance(item, str):
        text = item.encode()
        return head(3, len(text)) + text
    if isinstance(item, (list, tuple)):
        return head(4, len(item)) + b"".join(enc(part) for part in item)
    if isinstance(item, dict):
        pairs = sorted((enc(key), enc(value)) for key, value in item.items())
        return head(5, len(pairs)) + b"".join(key + value for key, value in pairs)
    raise TypeError(type(item))


def wide(value):
    """An integer one width longer than needed: not deterministic."""
    return Raw(head(0, value, 1 if value < 24 else 2 if value < 256 else 4 if value < 65536 else 8))


def pairs(items):
    """A map with its pairs in the order given, doubles and all."""
    return Raw(head(5, len(items)) + b"".join(enc(key) + enc(value) for key, value in items))


def endless(items):
    """An array of indefinite length."""
    return Raw(b"\x9f" + b"".join(enc(item) for item in items) + b"\xff")


def nested(depth):
    """Empty arrays inside each other: an item of that depth."""
    return Raw(b"\x81" * (depth - 1) + b"\x80")
