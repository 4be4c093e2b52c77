# SPDX-License-Identifier: Apache-2.0
"""Section 4 of SPEC.md, layer by layer: each function takes bytes and returns what they say, or raises Malformed."""
import u_cbor

PERSON, PLACE, CASE, ITEM, CONTAINER = 2, 3, 4, 5, 6


class Malformed(Exception):
    pass


def need(condition):
    if not condition:
        raise Malformed


def layer(data):
    try:
        return u_cbor.decode(data)
    except u_cbor.Bad:
        raise Malformed from None


def is_num(x):
    return type(x) is int and x >= 0


def is_bytes(x, size=None):
    return type(x) is bytes and (size is None or len(x) == size)


def is_hash(x):
    return is_bytes(x, 32)


def is_list(x, low=0, high=None):
    return type(x) is list and low <= len(x) and (high is None or len(x) <= high)


def is_text(x, low=0, high=None):
    return type(x) is str and low <= len(x.encode()) and (high is None or len(x.encode()) <= high)


def ascending(items):
    return all(a < b for a, b in zip(items, items[1:]))


def or_null(test):
    return lambda x: x is None or test(x)


def is_nums(x, low=0, high=None):
    return is_list(x, low, high) and all(is_num(v) for v in x)


def is_public_key(x):
    return is_list(x, 2, 2) and ((x[0] == -19 and type(x[0]) is int and is_bytes(x[1], 32))
                                 or (x[0] == -9 and type(x[0]) is int and is_bytes(x[1], 33)))


def is_party(x):
    return is_list(x, 3, 3) and all(v is None or is_num(v) for v in x) and any(v is not None for v in x)


def is_foreign(x):
    return (is_list(x, 5, 5) and is_hash(x[0]) and is_num(x[1]) and is_hash(x[2])
            and or_null(is_num)(x[3]) and or_null(is_hash)(x[4]))


def is_founding(x):
    return (is_list(x, 6, 6) and is_text(x[0]) and is_text(x[1]) and type(x[2]) is bool
            and is_num(x[3]) and 1 <= x[3] <= 15 and is_hash(x[4]) and or_null(is_foreign)(x[5]))


def is_seals(x):
    return is_list(x, 0, 16) and all(is_text(v, 1, 64) for v in x) and ascending([v.encode() for v in x])


FACTS = {
    0: lambda x: is_num(x) and 1 <= x <= 15, 1: is_num, 2: is_num, 3: is_num, 4: is_num, 5: is_num,
    6: is_seals, 7: is_seals, 8: is_seals, 9: is_num, 10: is_public_key, 11: is_num, 12: is_num, 13: is_num,
    14: is_hash, 15: lambda x: is_nums(x, 1, 64) and ascending(x)}


def is_map_of(x, fields):
    return type(x) is dict and all(k in fields and fields[k](v) for k, v in x.items())


def is_entry(x):
    return (is_list(x, 4, 4) and is_num(x[0]) and is_num(x[1]) and x[1] <= 15
            and is_map_of(x[2], FACTS) and or_null(is_hash)(x[3]))


def is_entries(x):
    return is_list(x, 1, 512) and all(is_entry(e) for e in x) and ascending([e[0] for e in x])


PAYLOAD = {
    1: is_hash,
    2: lambda x: is_num(x) and x <= 255,
    3: lambda x: is_bytes(x, 16),
    4: lambda x: is_list(x, 2, 2) and is_num(x[0]) and type(x[1]) is int and -1440 <= x[1] <= 1440,
    5: lambda x: is_list(x, 2, 2) and is_num(x[0]) and x[0] >= 1 and is_hash(x[1]),
    6: lambda x: is_list(x, 1, 16) and all(is_nums(s, 3, 3) for s in x),
    7: is_entries, 8: is_party, 9: is_party, 10: is_hash,
    11: lambda x: is_list(x, 2, 2) and is_num(x[0]) and is_hash(x[1]),
    12: is_num, 13: is_num, 14: is_hash, 15: is_founding, 16: is_foreign,
    17: lambda x: is_nums(x, 2, 2),
    18: lambda x: x is True, 19: lambda x: x is True, 20: is_num}


class Entry:
    def __init__(self, item):
        self.subject, self.role, self.facts, self.sheet = item


class Act:
    """An act: payload, signers, signatures; `data` is its bytes."""

    def __init__(self, data):
        self.data = data
        top = layer(data)
        need(is_list(top, 4, 4) and top[0] == b"" and type(top[0]) is bytes and top[1] == {} and type(top[1]) is dict)
        need(is_bytes(top[2]) and is_list(top[3], 1, 16))
        self.payload_bytes = top[2]
        self.signatures = []               # (header bytes, algorithm, kid, value)
        for sig in top[3]:
            need(is_list(sig, 3, 3) and is_bytes(sig[0]) and type(sig[1]) is dict and not sig[1])
            need(is_bytes(sig[2], 64))
            header = layer(sig[0])
            need(type(header) is dict and set(header) == {1, 4} and type(header[1]) is int)
            need(header[1] in (-19, -9) and is_hash(header[4]))
            self.signatures.append((sig[0], header[1], header[4], sig[2]))
        payload = layer(self.payload_bytes)
        need(is_map_of(payload, PAYLOAD) and all(k in payload for k in (2, 3, 4, 6, 7)))
        found = payload[2] == 0
        need((1 in payload) != found and (5 in payload) != found)
        self.payload, self.kind, self.nonce = payload, payload[2], payload[3]
        self.signers = payload[6]
        need(len(self.signers) == len(self.signatures))
        self.entries = [Entry(e) for e in payload[7]]

    def get(self, key):
        return self.payload.get(key)

    def with_role(self, *roles):
        return [e for e in self.entries if e.role in roles]

    def persons(self):
        return {s[0] for s in self.signers}


class Record:
    """A record of either type; heads records have no links and no act."""

    def __init__(self, data):
        top = layer(data)
        need(len(data) <= 65535 and is_list(top, 5) and type(top[0]) is int and top[0] == 1)
        need(type(top[1]) is int and is_num(top[2]) and or_null(is_hash)(top[3]) and is_num(top[4]))
        self.data, self.index, self.prev, self.logged = data, top[2], top[3], top[4]
        self.links, self.act, self.subjects, self.root = {}, None, None, None
        need((self.prev is None) == (self.index == 0))
        if top[1] == 1:
            need(len(top) == 7 and self.prev is not None and is_num(top[5]) and is_hash(top[6]))
            self.subjects, self.root = top[5], top[6]
            return
        need(top[1] == 0 and len(top) == 7 and is_list(top[5], 1, 512) and is_bytes(top[6]))
        for link in top[5]:
            need(is_list(link, 3, 3) and is_num(link[0]) and is_num(link[1]) and link[1] >= 1)
            need((link[2] is None) == (link[1] == 1))
            need(link[2] is None or (is_num(link[2]) and link[2] < self.index))
            self.links[link[0]] = (link[1], link[2])
        need(ascending([link[0] for link in top[5]]))
        self.act = Act(top[6])


def peek(data):
    """(version, index) of a record as far as they can be read, None for what cannot."""
    try:
        top = u_cbor.decode(data)
    except u_cbor.Bad:
        return None, None
    if not is_list(top, 1):
        return None, None
    version = top[0] if type(top[0]) is int else None
    return version, top[2] if len(top) > 2 and is_num(top[2]) else None


class Leaf:
    def __init__(self, data):
        top = layer(data)
        need(is_list(top, 6, 6) and top[0] == "heads/1" and is_hash(top[1]) and is_nums(top[2:5]) and is_hash(top[5]))
        self.data = data
        _, self.ledger, self.subject, self.count, self.last, self.last_hash = top


def sheet_lines(data):
    """The (name, ordinal, digest) of a sheet, by section 4 and 3.7."""
    need(len(data) <= 262144)
    top = layer(data)
    need(is_list(top, 1, 4096))
    for line in top:
        need(is_list(line, 3, 3) and is_num(line[0]) and is_num(line[1]) and is_hash(line[2]))
    need(ascending([(n, o) for n, o, _ in top]))
    before = None
    for name, ordinal, _ in top:
        need(ordinal == (before[1] + 1 if before and before[0] == name else 0))
        before = (name, ordinal)
    return [tuple(line) for line in top]


def is_attachment(x):
    return (type(x) is dict and set(x) == {0, 1, 2} and is_hash(x[0]) and is_num(x[1]) and is_text(x[2], 1, 128))


def is_value(x):
    if type(x) in (str, int, bytes) or is_attachment(x):
        return True
    return is_list(x, 1, 64) and all(type(v) in (str, int) for v in x)


class Disclosure:
    def __init__(self, data):
        need(len(data) <= 65535)
        top = layer(data)
        need(is_list(top, 9, 9) and top[0] == "unbroken/1 detail")
        need(or_null(is_hash)(top[1]) and is_num(top[2]) and is_bytes(top[3], 16) and or_null(is_num)(top[4]))
        need(is_nums(top[5:7]) and is_bytes(top[7], 16) and is_value(top[8]))
        self.place = tuple(top[1:7])       # ledger, author, nonce, subject, name, ordinal
        self.value = top[8]
