# SPDX-License-Identifier: Apache-2.0
"""Small alterations of values, acts, records, bundles, texts and bytes; each draws what it does from `rng`.

`value` alters any CBOR value blindly; the others know what they alter, so that what comes out is mostly still of the right form.
"""
import copy

from cborx import Raw, enc, head, wide
from codes import ENTRIES, KIND, NONCE, SEEN, SHEET, SIGNERS
from keys import Key
from tree import sha

NUMBERS = [0, 1, 2, 3, 5, 9, 23, 24, 255, 256, 65535, 65536, 2**32, 2**53 - 1, 2**53, 2**63, 2**64 - 1, -1, -24, -(2**53) + 1, -(2**53), 1000, 86400]
TEXTS = ["", "x", "\u202e", "\u00e9", "e\u0301", "\u2028", "\u0085", "\x00", "x" * 64, "x" * 65, "x" * 300, "unbroken bundle/1", "unbroken bundle/2", "ខ",
         "\U0001f600", "\ufeff", "\u00ad", "\ufdd0"]
SEALS = [[], ["A1"], ["B-2"], ["A1", "B-2"], ["A1", "B-2", "C\\3"], ["B-2", "A1"], ["A1", "A1"], [f"S{i:02}" for i in range(16)],
         [f"S{i:02}" for i in range(17)]]
ROWS = [KIND[k] for k in KIND]


def chance(rng, p):
    """True so often."""
    return rng.random() < p


def number(rng, x):
    """Another number, often a near one."""
    return rng.choice([x + 1, x - 1, x + 2, x * 2, rng.choice(NUMBERS), rng.choice(NUMBERS), rng.randrange(12), rng.randrange(30)])


def blob(rng, x):
    """Other bytes."""
    how = rng.randrange(7)
    if how == 0 or not x:
        return x + b"\0"
    if how == 1:
        return x[:-1]
    if how == 2:
        return bytes(len(x))
    if how == 3:
        return b"\xff" * len(x)
    at = rng.randrange(len(x))
    if how == 4:
        return x[:at]
    return x[:at] + bytes([x[at] ^ 1 << rng.randrange(8)]) + x[at + 1:]


def scalar(rng, x):
    """Another scalar, perhaps of another type."""
    if chance(rng, 0.12):
        return rng.choice([None, True, False, 0, 1, b"", "", [], {}, Raw(b"\xf9\x3c\x00"), Raw(b"\xc0\x00"), Raw(b"\xf7"), Raw(b"\xf0"), Raw(b"\x1c"),
                           Raw(b"\x7f\x61x\xff"), Raw(b"\x62\xc3\x28"), Raw(b"\xf8\x14"), Raw(b"\xff"), Raw(head(2, 2**31)), Raw(head(4, 2**33)),
                           Raw(b"\x81" * 17 + b"\x80"), Raw(b"\xbf\xff")])
    if isinstance(x, bool) or x is None:
        return rng.choice([True, False, None, 0, 1])
    if isinstance(x, int):
        return wide(x) if 0 <= x < 2**32 and chance(rng, 0.08) else number(rng, x)
    if isinstance(x, bytes):
        return blob(rng, x)
    if isinstance(x, str):
        return rng.choice([x + "x", x[:-1], x.upper(), x[::-1], rng.choice(TEXTS), x + rng.choice(TEXTS), x[: len(x) // 2]])
    return rng.choice([None, 0, b"", []])


def value(rng, x, depth=0):
    """A copy of a CBOR value with one thing altered somewhere in it."""
    if isinstance(x, list) and x and (depth == 0 or chance(rng, 0.93)):
        out = list(x)
        how = rng.randrange(12)
        at = rng.randrange(len(out))
        if how == 0:
            out.pop(at)
        elif how == 1:
            out.insert(at, copy.deepcopy(out[rng.randrange(len(out))]))
        elif how == 2:
            other = rng.randrange(len(out))
            out[at], out[other] = out[other], out[at]
        elif how == 3 and depth > 0:
            return []
        else:
            out[at] = value(rng, out[at], depth + 1)
        return out
    if isinstance(x, dict) and x:
        out = dict(x)
        key = rng.choice(list(out))
        how = rng.randrange(8)
        if how == 0:
            out.pop(key)
        elif how == 1:
            out[number(rng, key) if isinstance(key, int) else 0] = out[key]
        elif how == 2:
            out[rng.choice(["x", -1, b"", 21, 0, False, True])] = out.pop(key)
        else:
            out[key] = value(rng, out[key], depth + 1)
        return out
    return scalar(rng, x)


# ---- acts

FACTS = {0: lambda r: r.randrange(8), 1: lambda r: r.randrange(14), 2: lambda r: r.choice([0, 1, 2, 3, 10, 2**53 - 1]),
         3: lambda r: r.choice([0, 1000, 5000000, 2**53 - 1]), 4: lambda r: r.choice([0, 10, 2**53 - 1]), 5: lambda r: r.choice([0, 900, 5000000, 5100000, 2**53 - 1]),
         6: lambda r: r.choice(SEALS), 7: lambda r: r.choice(SEALS), 8: lambda r: r.choice(SEALS), 9: lambda r: r.randrange(6),
         10: lambda r: r.choice([Key(f"spare{r.randrange(4)}").cose, Key("spare-p", -9).cose, Key("chan").cose, [-19, bytes(32)], [-9, b"\2" + b"\xff" * 32],
                                 [-19, b"\1" + bytes(31)], [-7, bytes(32)], [-19, b"\xff" * 32], [-9, b"\4" + b"\1" * 32]]),
         11: lambda r: r.randrange(11), 12: lambda r: r.randrange(20), 13: lambda r: r.randrange(5),
         14: lambda r: r.choice([Key("spare-station").public, bytes(32), b"\xff" * 32]),
         15: lambda r: r.choice([[4], [63], [1, 4, 63], [4, 1], [], [150], list(range(64)), list(range(65))])}


class Acts:
    """Alterations of payloads of one ledger that mostly leave them well-formed."""

    def __init__(self, rng, ledger, index):
        self.rng, self.ledger, self.index = rng, ledger, index
        self.count = len(ledger.threads)

    def subject(self):
        """A subject's number."""
        return self.rng.choice([self.rng.randrange(self.count)] * 9 + [self.count, self.count + 3, 2**53 - 1])

    def other(self):
        """Another act of this ledger."""
        return self.rng.choice([s for s in self.ledger.steps if s["kind"] is not None])

    def __call__(self, payload):
        how = self.rng.choices([self.fact, self.row, self.rows, self.key, self.signers, self.kind, self.borrow, self.time, self.wild, self.nothing],
                               [9, 2, 3, 7, 3, 1, 2, 3, 1, 1])[0]
        try:
            return how(payload) or payload
        except (TypeError, IndexError, KeyError, ValueError, AttributeError):
            return payload

    def nothing(self, payload):
        """As it is."""

    def fact(self, payload):
        """A fact more, less or another."""
        facts = self.rng.choice(payload[ENTRIES])[2]
        key = self.rng.choice(list(facts)) if facts and chance(self.rng, 0.7) else self.rng.randrange(16)
        if key in facts and chance(self.rng, 0.25):
            facts.pop(key)
        elif chance(self.rng, 0.1):
            facts[key] = value(self.rng, facts.get(key, 0), 1)
        else:
            facts[key] = FACTS[key](self.rng)

    def row(self, payload):
        """An entry's subject, role or sheet."""
        entries, rng = payload[ENTRIES], self.rng
        row = rng.choice(entries)
        how = rng.randrange(4)
        if how == 0:
            row[0] = self.subject()
        elif how == 1:
            row[1] = rng.choice([0, 1, 2, 3, 4, 5, 6, 15, 16])
        elif how == 2:
            row[3] = rng.choice([None, bytes(32), *(self.ledger.sheets or [None])])
        else:
            other = rng.choice(entries)
            row[3], other[3] = other[3], row[3]
        if chance(rng, 0.9):
            payload[ENTRIES] = sorted({e[0]: e for e in entries}.values(), key=lambda e: e[0])

    def rows(self, payload):
        """An entry more or less."""
        entries, rng = payload[ENTRIES], self.rng
        if chance(rng, 0.5) and len(entries) > 1:
            entries.pop(rng.randrange(len(entries)))
        else:
            entries.append([self.subject(), rng.choice([0, 0, 1, 2, 3, 4, 5]), copy.deepcopy(rng.choice([{}, entries[0][2]])), None])
        if chance(rng, 0.9):
            payload[ENTRIES] = sorted({e[0]: e for e in entries}.values(), key=lambda e: e[0])

    def key(self, payload):
        """A payload key more, less or another."""
        rng, other = self.rng, self.other()
        size = rng.randrange(1, len(self.ledger.records) + 1)
        makers = {8: lambda: [self.subject(), None, None], 9: lambda: rng.choice([[self.subject(), None, None], [None, rng.randrange(1, 9), None],
                  [None, None, self.subject()], [None, None, None], [self.subject(), 3, self.subject()]]), 10: lambda: other["id"],
                  11: lambda: rng.choice([[i := rng.randrange(len(self.ledger.records)), self.ledger.record_hash(i)], [self.index, bytes(32)]]),
                  12: self.subject, 13: lambda: rng.randrange(11), 16: lambda: [bytes(32), 5, bytes(32), 6, None], 17: lambda: [0, 2**53 - 1],
                  18: lambda: True, 19: lambda: True, 20: lambda: rng.choice([0, 1700000000, self.ledger.now - 5000, self.ledger.now + 99, 2**53 - 1]),
                  SEEN: lambda: rng.choice([self.ledger.tree_head(size), [size, bytes(32)], [self.index + 1, bytes(32)]]),
                  SHEET: lambda: rng.choice([bytes(32), *(self.ledger.sheets or [bytes(32)])]), NONCE: lambda: sha(b"n%d" % rng.randrange(9))[:16],
                  1: lambda: rng.choice([bytes(32), self.ledger.id])}
        key = rng.choice([*makers, *[k for k in payload if k in makers]])
        if key in payload and chance(rng, 0.35):
            payload.pop(key)
        else:
            payload[key] = makers[key]()
        if 15 in payload and chance(rng, 0.7):
            payload[15] = value(rng, payload[15], 1)

    def signers(self, payload):
        """Who signs, and as what."""
        rng, signers = self.rng, payload[SIGNERS]
        one = rng.choice(signers)
        how = rng.randrange(6)
        if how == 0:
            one[0] = self.subject()
        elif how == 1:
            one[1] = rng.choice([0, 1, 2, 3])
        elif how == 2:
            one[2] = rng.randrange(10)
        elif how == 3:
            signers.reverse()
        elif how == 4 and len(signers) > 1:
            signers.pop()
        else:
            signers.append(copy.deepcopy(rng.choice(self.other()["payload"][SIGNERS])))

    def kind(self, payload):
        """Another kind."""
        payload[2] = self.rng.choice([*ROWS, *ROWS, 46, 99, 255, 256])

    def borrow(self, payload):
        """The entries or signers of another act."""
        key = self.rng.choice([ENTRIES, ENTRIES, SIGNERS, NONCE])
        payload[key] = copy.deepcopy(self.other()["payload"][key])

    def time(self, payload):
        """The times claimed and due."""
        claimed = payload[4]
        claimed[self.rng.randrange(2)] = self.rng.choice([0, 420, -1440, 1440, 1441, -1441, 2**53 - 1, claimed[0] + 90000, 253402300799, 253402300800])
        if chance(self.rng, 0.3):
            payload[20] = claimed[0]

    def wild(self, payload):
        """Anything."""
        return value(self.rng, payload)


def record(rng, ledger):
    """A function that alters a record as it is logged (an act or a heads record)."""
    def alter(items):
        how = rng.randrange(13)
        if items[1] == 1 and how < 7:
            items[rng.choice([4, 5, 6])] = rng.choice([0, 5, items[5] + 1, max(0, items[5] - 1), bytes(32), items[4] + 5, items[4] - 90000])
        elif how < 5 and items[5]:
            link = rng.choice(items[5])
            at = rng.choice([0, 1, 2])
            link[at] = rng.choice([None, 0, 1, 2, 3, len(ledger.threads), link[at] + 1 if link[at] is not None else 7, items[2]])
        elif how == 5 and items[1] == 0:
            items[5].append([rng.randrange(len(ledger.threads) + 2), rng.choice([1, 2, 3]), rng.choice([None, 0, 1])])
            items[5].sort(key=lambda link: link[0])
        elif how == 6 and items[1] == 0 and len(items[5]) > 1:
            items[5].pop(rng.randrange(len(items[5])))
        elif how == 7:
            items[3] = rng.choice([None, bytes(32), items[3]])
        elif how == 8:
            items[4] = rng.choice([0, 1700000000, items[4] - 400, items[4] + 40 * 86400, items[4] + 3 * 86400, 2**53 - 1, 2**53])
        elif how == 9:
            items[0] = rng.choice([0, 2, 1, None, "1"])
        elif how == 10:
            items[2] = rng.choice([items[2] + 1, max(0, items[2] - 1), 0, 2**53 - 1])
        else:
            return value(rng, items)
        return items
    return alter


def signatures(rng):
    """A function that alters the signatures of an act."""
    def alter(signs, data):
        one = rng.choice(signs)
        how = rng.randrange(8)
        if how == 0:
            one[2] = blob(rng, one[2])
        elif how == 1:
            s = int.from_bytes(one[2][32:], "little") + 2**252 + 27742317777372353535851937790883648493
            one[2] = one[2][:32] + (s % 2**256).to_bytes(32, "little")
        elif how == 2:
            one[0] = rng.choice([enc({1: -9, 4: bytes(32)}), enc({1: -19, 4: bytes(32)}), enc({1: -7, 4: bytes(32)}), b"", enc({4: bytes(32)})])
        elif how == 3:
            one[1] = {4: b"x"}
        elif how == 4:
            signs.append(copy.deepcopy(one))
        elif how == 5:
            signs.pop()
        elif how == 6:
            n = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
            one[2] = one[2][:32] + (n - int.from_bytes(one[2][32:], "big") % n).to_bytes(32, "big")
        else:
            one[2] = rng.choice([bytes(64), one[2][:32] + bytes(32), b"\1" + bytes(31) + one[2][32:], b"\xff" * 64])
        return signs
    return alter


def details(rng):
    """A function that alters disclosures as they are made."""
    def alter(parts):
        if chance(rng, 0.4):
            at = rng.choice([8, 8, 8, 8, 1, 2, 3, 4, 5, 6, 7])
            parts[at] = value(rng, parts[at], 1)
        return parts
    return alter


# ---- texts and bytes

def text(rng, data):
    """Other bytes of a text: lines, words and letters."""
    how, lines = rng.randrange(9), data.split(b"\n")
    at = rng.randrange(len(lines))
    if how == 0:
        lines.pop(at)
    elif how == 1:
        lines.insert(at, lines[rng.randrange(len(lines))])
    elif how == 2:
        lines.insert(at, rng.choice([b"", b" ", b"# x", b"# \xff", b"# \xe2\x80\xae", "# ខ".encode(), b"\t", b"x", "\u2014 x AAAAAAAA".encode(), b"witness a b", b"quorum none"]))
    elif how == 3:
        lines[at] = lines[at].replace(b" ", rng.choice([b"  ", b"\t", b"\xc2\xa0", b""]), 1)
    elif how == 4:
        lines[at] += rng.choice([b" ", b"\r", b"=", b"A", b"\0", b"\xff", b"# \xff", b"\xe2\x80\xae", b"\xc2\x85", " ខ".encode(), b"\xe2\x80\x8b"])
    elif how == 5:
        words = lines[at].split(b" ")
        rng.shuffle(words)
        lines[at] = b" ".join(words)
    elif how == 6:
        rng.shuffle(lines)
    else:
        return octets(rng, data)
    return b"\n".join(lines)


def octets(rng, data):
    """Other bytes."""
    if not data:
        return b"\0"
    out = bytearray(data)
    for _ in range(rng.choice([1, 1, 1, 2, 4])):
        if not out:
            break
        at, how = rng.randrange(len(out)), rng.randrange(8)
        if how < 3:
            out[at] ^= 1 << rng.randrange(8)
        elif how == 3:
            out[at] = rng.choice([0, 0xFF, 0x18, 0x58, 0x9F, 0xF6, 0x20, 0x0A])
        elif how == 4:
            del out[at:at + rng.choice([1, 1, 32, 100])]
        elif how == 5:
            out[at:at] = out[at:at + rng.choice([1, 32])]
        elif how == 6:
            out[at] = (out[at] + rng.choice([1, 255])) % 256
        else:
            del out[rng.choice([at, max(0, len(out) - 1), max(0, len(out) - 34)]):]
    return bytes(out)
