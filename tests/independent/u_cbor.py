# SPDX-License-Identifier: Apache-2.0
"""Strict reader for deterministic CBOR (SPEC 2.1), and the little encoding that signatures and kids need.

Part of the independent verifier, which was written from SPEC.md alone so that the document itself is tested."""

MAX_INT = 2 ** 53 - 1
MAX_DEPTH = 16


class Bad(Exception):
    """The bytes break a rule of SPEC 2.1; `at` is the offset of the item that breaks it."""

    def __init__(self, at, why):
        super().__init__(f"{why} at {at}")
        self.at = at


def text_allowed(text):
    for ch in text:
        c = ord(ch)
        if c <= 0x1F or 0x7F <= c <= 0x9F or c in (0x2028, 0x2029):
            return False
        if c in (0x061C, 0x200E, 0x200F) or 0x202A <= c <= 0x202E or 0x2066 <= c <= 0x2069:
            return False
    return True


class _Reader:
    def __init__(self, data):
        self.data, self.pos = data, 0
        self.top = []                      # offsets of the items of an outermost array

    def head(self):
        at, data = self.pos, self.data
        if at >= len(data):
            raise Bad(at, "input ends")
        major, info = data[at] >> 5, data[at] & 31
        self.pos += 1
        if info < 24:
            return at, major, info, info
        if info > 27:
            raise Bad(at, "indefinite or reserved length")
        width = 1 << (info - 24)
        if self.pos + width > len(data):
            raise Bad(at, "input ends in a head")
        value = int.from_bytes(data[self.pos:self.pos + width], "big")
        self.pos += width
        if value < (24, 1 << 8, 1 << 16, 1 << 32)[info - 24]:
            raise Bad(at, "head not shortest")
        return at, major, info, value

    def item(self, depth):
        if depth > MAX_DEPTH:
            raise Bad(self.pos, "too deep")
        at, major, info, n = self.head()
        left = len(self.data) - self.pos
        if major in (0, 1):
            value = n if major == 0 else -1 - n
            if abs(value) > MAX_INT:
                raise Bad(at, "integer too large")
            return value
        if major in (2, 3):
            if n > left:
                raise Bad(at, "length beyond the input")
            raw = self.data[self.pos:self.pos + n]
            self.pos += n
            if major == 2:
                return raw
            try:
                text = raw.decode("utf-8")
            except UnicodeDecodeError:
                raise Bad(at, "not UTF-8") from None
            if not text_allowed(text):
                raise Bad(at, "character not allowed")
            return text
        if major == 4:
            if n > left:
                raise Bad(at, "count beyond the input")
            out = []
            for _ in range(n):
                if depth == 1:
                    self.top.append(self.pos)
                out.append(self.item(depth + 1))
            return out
        if major == 5:
            if 2 * n > left:
                raise Bad(at, "count beyond the input")
            return self.map(n, depth)
        if major == 7 and info in (20, 21, 22):
            return (False, True, None)[info - 20]
        raise Bad(at, "tag, float or simple value")

    def map(self, n, depth):
        out, last = {}, None
        for _ in range(n):
            at = self.pos
            key = self.item(depth + 1)
            raw = self.data[at:self.pos]
            if last is not None and raw <= last:
                raise Bad(at, "keys not ascending")
            last = raw
            value = self.item(depth + 1)
            # No map of section 4 has a key that is not an integer; a placeholder keeps such a map from matching.
            out[key if type(key) is int else ("key", raw)] = value
        return out


def decode(data):
    """The one item that `data` is."""
    return decode_top(data)[0]


def decode_top(data):
    """(item, offsets of its items if it is an array)"""
    reader = _Reader(bytes(data))
    value = reader.item(1)
    if reader.pos != len(data):
        raise Bad(reader.pos, "bytes behind the item")
    return value, reader.top


def _head(major, n):
    if n < 24:
        return bytes([major << 5 | n])
    for info, width in ((24, 1), (25, 2), (26, 4), (27, 8)):
        if n < 1 << (8 * width):
            return bytes([major << 5 | info]) + n.to_bytes(width, "big")
    raise ValueError(n)


def encode(value):
    """Deterministic CBOR of what the verifier itself has to build."""
    if value is None or value is True or value is False:
        return {None: b"\xf6", True: b"\xf5", False: b"\xf4"}[value]
    if type(value) is int:
        return _head(0, value) if value >= 0 else _head(1, -1 - value)
    if isinstance(value, (bytes, bytearray)):
        return _head(2, len(value)) + bytes(value)
    if isinstance(value, str):
        raw = value.encode()
        return _head(3, len(raw)) + raw
    if isinstance(value, (list, tuple)):
        return _head(4, len(value)) + b"".join(encode(v) for v in value)
    if isinstance(value, dict):
        pairs = sorted((encode(k), encode(v)) for k, v in value.items())
        return _head(5, len(pairs)) + b"".join(k + v for k, v in pairs)
    raise TypeError(type(value))
