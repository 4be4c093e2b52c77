# SPDX-License-Identifier: Apache-2.0
"""The verdict under construction, and the outer layer of a bundle (SPEC 9, V1 and V2)."""
import u_cbor
import u_crypto as c
from u_schema import ascending, is_bytes, is_hash, is_list, is_num, is_nums, is_text

FORK, FALSE_HEADS, BUNDLE = "unbroken fork/1", "unbroken false-heads/1", "unbroken bundle/1"


class Stop(Exception):
    """Stop 1 or stop 2. The place is ("record", r), ("subject", s), ("byte", b) or None."""

    def __init__(self, status, code, place=None):
        super().__init__(f"{status} {code} {place}")
        self.status, self.code, self.place = status, code, place


def record(index):
    return None if index is None else ("record", index)


def subject(number):
    return ("subject", number)


class Verdict:
    def __init__(self):
        self.notes, self.breaches, self.findings, self.withheld = [], [], [], []
        self.stop, self.succeeds, self.told = None, None, set()
        self.number, self.lines = None, []
        self.ledger = self.custody = None  # the ledger behind V3, custody when nothing stopped
        self.proven, self.quoted, self.times, self.append_only, self.complete = [], [], [], [], []

    def note(self, code, place=None):
        self.notes.append((code, place))

    def breach(self, code, rec, sub):
        if (code, rec, sub) not in self.told:
            self.told.add((code, rec, sub))
            self.breaches.append((code, rec, sub))

    def finding(self, code, rec, sub, **more):
        entry = {"code": code, "record": rec, "subject": sub, **more}
        if entry not in self.findings:
            self.findings.append(entry)

    def result(self):
        if self.stop:
            return self.stop.status, self.stop.code, self.stop.place
        if self.notes:
            return 2, *self.notes[0]
        if self.breaches:
            return 3, "custody", None
        return 0, "intact", None

    def as_dict(self):
        status, code, place = self.result()
        return {"status": status, "code": code, "place": None if place is None else {place[0]: place[1]},
                "stop": self.stop is not None,
                "certificate": self.number and not self.stop and {"number": self.number, "lines": self.lines} or None, "succeeds": None if self.stop else self.succeeds, "notes": [code for code, _ in self.notes],
                "breaches": [{"code": b, "record": r, "subject": s} for b, r, s in self.breaches],
                "append_only": self.append_only, "complete": self.complete, "times": self.times,
                "findings": self.findings,
                "withheld": [{"record": r, "subject": s, "name": n, "ordinal": o, "erased": e, "under": u}
                             for r, s, n, o, e, u in self.withheld]}


def is_exhibit(data):
    return (data.startswith(b"\x84" + u_cbor.encode(FORK)) or data.startswith(b"\x85" + u_cbor.encode(FALSE_HEADS)))


def outer(data):
    """The file's item by 2.1 and its version text (V2): (item, offsets of its items)."""
    try:
        top, at = u_cbor.decode_top(data)
    except u_cbor.Bad as bad:
        raise Stop(2, "unreadable", ("byte", bad.at)) from None
    if is_list(top, 1) and is_text(top[0]) and top[0].startswith("unbroken "):
        if top[0] not in (BUNDLE, FORK, FALSE_HEADS):
            raise Stop(2, "version")
        return top, at
    raise Stop(2, "unreadable", ("byte", 0))


def transport(data):
    """V1."""
    if not 35 <= len(data) <= 2 ** 31 - 1 or data[-34:-32] != b"\x58\x20" or data[-32:] != c.H(data[:-34]):
        raise Stop(2, "transport")


def is_view(x):
    return is_list(x, 2, 2) and is_bytes(x[0]) and len(x[0]) <= 65536 and is_list(x[1]) and all(map(is_bytes, x[1]))


def is_with_path(x, test):
    return is_list(x, 2, 2) and test(x[0]) and is_nums(x[1])


def is_anchor(x):
    return is_with_path(x, is_view)


def list_of(test, low=0):
    return lambda x: is_list(x, low) and all(map(test, x))


LAYOUT = [
    lambda x: x == BUNDLE,
    is_view,
    lambda x: is_bytes(x) and len(x) % 32 == 0,
    list_of(lambda x: is_with_path(x, is_bytes), 2),
    lambda x: is_nums(x, 1) and ascending(x),
    list_of(lambda x: is_with_path(x, is_bytes), 1),
    list_of(lambda x: is_with_path(x, is_num)),
    list_of(is_anchor),
    lambda x: x is None or is_anchor(x),
    list_of(is_bytes), list_of(is_bytes), list_of(is_bytes), list_of(is_bytes),
    is_hash]


class Bundle:
    """The outer layer, with every path resolved to its nodes."""

    def __init__(self, data):
        self.data = data
        transport(data)
        top, at = outer(data)
        if len(top) != len(LAYOUT):
            raise Stop(2, "unreadable", ("byte", 0))
        for item, offset, test in zip(top, at, LAYOUT):
            if not test(item):
                raise Stop(2, "unreadable", ("byte", offset))
        (_, self.view, pool, records, self.asked, leaves, seen, anchors, vouched,
         self.sheets, self.disclosures, self.attachments, self.others, _) = top
        self.pool = [pool[i:i + 32] for i in range(0, len(pool), 32)]
        if len(set(self.pool)) != len(self.pool):
            raise Stop(2, "unreadable", ("byte", at[2]))
        self.used = 0
        self.records = self.resolve(records, at[3])
        self.leaves = self.resolve(leaves, at[5])
        self.seen = self.resolve(seen, at[6])
        self.anchors = self.resolve(anchors, at[7])
        self.vouched = self.resolve([vouched], at[8])[0] if vouched is not None else None
        if self.used != len(self.pool):
            raise Stop(2, "unreadable", ("byte", at[2]))
        if not ascending([size for size, _ in self.seen]):
            raise Stop(2, "unreadable", ("byte", at[6]))
        for items, hashed, offset in ((self.sheets, c.sheet_hash, at[9]), (self.disclosures, c.H, at[10]),
                                      (self.attachments, c.H, at[11])):
            if not ascending([hashed(item) for item in items]):
                raise Stop(2, "unreadable", ("byte", offset))

    def resolve(self, items, offset):
        out = []
        for item, path in items:
            nodes = []
            for position in path:
                if position > self.used or position >= len(self.pool):
                    raise Stop(2, "unreadable", ("byte", offset))
                self.used = max(self.used, position + 1)
                nodes.append(self.pool[position])
            out.append((item, nodes))
        return out
