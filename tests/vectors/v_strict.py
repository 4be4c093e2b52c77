# SPDX-License-Identifier: Apache-2.0
"""Bytes that are not deterministic CBOR (SPEC 2.1), and layouts that section 4 does not allow, in each layer.

The whole-file check is always right, and inside the ledger the persons signed the wrong bytes themselves.
"""
import cbor2

from bundle import Bundle, seal
from codes import CLAIMED, ENTRIES, FOUND, NONCE
from cborx import Raw, enc, endless, head, nested, pairs, wide
from custody import seized, station
from forge import entry
from make import record
from tree import sha


def build(book):
    """All vectors of this file."""
    outer(book)
    lists(book)
    payloads(book)
    headers(book)
    records(book)
    small(book)


def plain():
    """A ledger with a note on its case in record 4 and heads in record 5."""
    ledger = station()
    ledger.act("note", ["chan"], [entry(5, note="x")])
    ledger.heads()
    return ledger


def outer(book):
    """The outer layer."""
    ledger = plain()
    good = Bundle(ledger, [5]).data()

    def stop(name, what, data, code="unreadable"):
        book.bad("outer-" + name, ledger, None, (2, code, None), what + " in the outer layer", bundle=data)

    def part(name, what, index, value, code="unreadable"):
        bundle = Bundle(ledger, [5])
        bundle.edit = lambda parts: [*parts[:index], value, *parts[index + 1:]]
        stop(name, what, bundle.data(), code)
    part("overlong", "an overlong integer", 4, [wide(5)])
    part("indefinite", "an array of indefinite length", 4, endless([5]))
    part("tag", "a tag", 4, Raw(b"\xc1" + enc([5])))
    part("float", "a float", 4, [Raw(b"\xf9\x45\x00")])
    part("undefined", "the value `undefined`", 8, Raw(b"\xf7"))
    part("simple", "a simple value", 8, Raw(b"\xf0"))
    part("null-two-bytes", "a null of two bytes", 8, Raw(b"\xf8\x16"))
    part("depth-17", "17 layers of arrays", 4, nested(16))
    part("huge-count", "an array that says it has 2^32 items", 4, Raw(head(4, 1 << 32)))
    part("huge-length", "a byte string longer than the file", 2, Raw(head(2, 1 << 40)))
    part("huge-integer", "an integer of 2^53", 4, [1 << 53])
    part("negative", "a negative number", 4, [-5])
    part("map-duplicate", "a map with a key twice", 4, pairs([(1, 1), (1, 2)]))
    part("bidi", "a bidirectional control", 0, "unbroken bundle/\u202e1")
    part("version", "a version to come", 0, "unbroken bundle/2", "version")
    part("domain", "another domain text", 0, "broken bundle/1")
    stop("trailing", "a byte behind the array", seal(good[:-34] + b"\x00"))
    stop("thirteen-items", "an item too few", seal(b"\x8d" + good[1:-34]))
    stop("nothing", "nothing but the check", seal(b""), "transport")
    stop("empty", "an empty array", seal(b"\x80"))
    stop("too-short", "34 bytes", seal(b"")[-34:][:33], "transport")
    stop("no-check-head", "no byte string head before the last 32 bytes",
         good[:-34] + b"\x59\x00\x20" + sha(good[:-34]), "transport")


def lists(book):
    """Orders named in section 4."""
    ledger = seized(2, search=False)
    a, b = ledger.items
    ledger.hand("chan", "dara", [a, b])
    ledger.heads()

    def stop(name, what, alter):
        bundle = Bundle(ledger, [a, b])
        alter(bundle)
        book.bad("list-" + name, ledger, None, (2, "unreadable", None), what, bundle=bundle)

    def part(name, what, index, change):
        stop(name, what, lambda x: setattr(x, "edit", lambda p: [*p[:index], change(p[index]), *p[index + 1:]]))
    stop("asked-descending", "asked is not ascending", lambda x: x.asked.reverse())
    stop("asked-twice", "asked has a number twice", lambda x: x.asked.append(b))
    stop("asked-empty", "nothing is asked", lambda x: x.asked.clear())
    stop("leaves-descending", "leaves are not ascending", lambda x: x.leaves.reverse())
    stop("seen-descending", "seen sizes are not ascending", lambda x: x.seen.reverse())
    stop("seen-twice", "a seen size stands twice", lambda x: x.seen.append(x.seen[-1]))
    stop("record-twice", "a record stands twice", lambda x: x.records.insert(1, x.records[0]))
    stop("anchors-descending", "anchors are not ascending",
         lambda x: setattr(x, "anchors", [x.anchor(7), x.anchor(5)]))
    part("sheets-descending", "sheets are not ascending", 9, lambda v: v[::-1])
    part("sheets-twice", "a sheet stands twice", 9, lambda v: [v[0], *v])
    part("disclosures-descending", "disclosures are not ascending", 10, lambda v: v[::-1])
    part("attachments-descending", "attachments are not ascending", 11,
         lambda v: sorted([b"one", b"two"], key=sha)[::-1])
    part("pool-unused", "a node that no path uses", 2, lambda v: v + b"x" * 32)
    part("pool-short", "a pool of 31 bytes too many", 2, lambda v: v + b"x" * 31)
    part("pool-missing", "a pool that lacks its last node", 2, lambda v: v[:-32])

    def doubled(bundle):
        def edit(parts):
            pool, path = parts[2], parts[3][-1][1]
            parts[2] = pool + pool[32 * path[-1]:32 * path[-1] + 32]
            parts[7] = [[[bundle.ledger.note(5), []], [len(pool) // 32]]]
            return parts
        bundle.edit = edit
    stop("pool-double", "a node that stands twice in the pool", doubled)

    def swapped(parts):
        pool = parts[2]
        one, two = parts[3][0][1][0], parts[3][0][1][1]
        parts[2] = pool[32:64] + pool[:32] + pool[64:]
        turn = {one: two, two: one}
        for rows in parts[3], parts[5], parts[6]:
            for row in rows:
                row[1] = [turn.get(p, p) for p in row[1]]
        return parts
    stop("pool-order", "a pool not in order of first use", lambda x: setattr(x, "edit", swapped))


def payloads(book):
    """The payload, signed as it is."""
    def bad(name, what, alter, keys=None):
        ledger = station()
        ledger.act("note", ["chan"], [entry(5, note="x")], extra=keys, raw=alter)
        book.bad("payload-" + name, ledger, [5], (1, "malformed", record(4)), what + " in a payload")

    def swap(index, value):
        def alter(data):
            items = cbor2.loads(data)
            items[index] = value
            return enc(items)
        return alter

    def keyed(change):
        return lambda data: pairs(change(list(cbor2.loads(data).items())))
    bad("overlong", "an overlong integer", swap(CLAIMED, [1700003000, wide(7)]))
    bad("indefinite", "an indefinite array", swap(CLAIMED, endless([1700003000, 420])))
    bad("unsorted", "keys not ascending", keyed(lambda items: items[::-1]))
    bad("duplicate", "a key twice", keyed(lambda items: [items[0], *items]))
    bad("trailing", "a byte too many", lambda data: data + b"\x00")
    bad("tag", "a tag", swap(CLAIMED, Raw(b"\xc1" + enc([1700003000, 420]))))
    bad("float", "a float", swap(CLAIMED, [Raw(b"\xfb" + b"\x41\xd9\x54\xfc\x40\x00\x00\x00"), 420]))
    bad("depth-17", "17 layers", swap(CLAIMED, nested(16)))
    bad("unknown-key", "a key that is not known", lambda data: enc({**cbor2.loads(data), 21: 1}))
    bad("nonce-short", "a nonce of 15 bytes", swap(NONCE, b"x" * 15))
    bad("offset", "an offset of 1441 minutes", swap(CLAIMED, [1700003000, 1441]))
    bad("false-flag", "`signed offline` false", None, {18: False})
    bad("entries-empty", "no entries", swap(ENTRIES, []))
    bad("party-empty", "a party that is nobody", None, {9: [None, None, None]})
    bad("integer-too-big", "an integer of 2^53", None, {13: 1 << 53})
    for name, text in [("bidi", "A\u202e1"), ("line", "A\u2028"), ("control", "A\x07"),
                       ("not-utf8", Raw(b"\x62\xc3\x28")), ("surrogate", Raw(b"\x63\xed\xa0\x80")), ("long", "A" * 65)]:
        ledger = seized(search=False)
        release = ledger.release("chan", [6], "dara")
        ledger.accept("dara", release, [6], rows=[entry(6, facts={FOUND: [text]})])
        book.bad("seal-text-" + name, ledger, [6], (1, "malformed", record(8)), f"a seal's text: {name}")
    for name, found in [("descending", ["B", "A"]), ("twice", ["A", "A"]), ("17", [f"A{i:02}" for i in range(17)])]:
        ledger = seized(search=False)
        ledger.release("chan", [6], "dara", found=found)
        book.bad("seals-" + name, ledger, [6], (1, "malformed", record(7)), f"seals {name}")
    ledger = seized(2, search=False)
    ledger.act("note", ["chan"], ledger.things([6, 7]), {"note": "x"}, edit=lambda p: p[ENTRIES].reverse())
    book.bad("entries-descending", ledger, [6], (1, "malformed", record(7)), "entries not ascending")


def headers(book):
    """Signature headers and the act around the payload."""
    def bad(name, what, header=None, unprotected=None, value=None):
        def sign(signs, _):
            own = cbor2.loads(signs[0][0])
            signs[0] = [enc(header(own)) if header else signs[0][0], unprotected or {}, value or signs[0][2]]
        ledger = station()
        ledger.act("note", ["chan"], [entry(5, note="x")], sign=sign)
        book.bad("header-" + name, ledger, [5], (1, "malformed", record(4)), what)
    bad("unsorted", "a header with keys not ascending", lambda h: pairs([(4, h[4]), (1, h[1])]))
    bad("other-algorithm", "a header with algorithm -8", lambda h: {**h, 1: -8})
    bad("further-key", "a header with a content type", lambda h: {**h, 3: 0})
    bad("no-kid", "a header without kid", lambda h: {1: h[1]})
    bad("unprotected", "an unprotected header", unprotected={4: b"x"})
    bad("value-short", "a signature of 63 bytes", value=b"x" * 63)

    def act(name, what, change):
        ledger = station()
        ledger.act("note", ["chan"], [entry(5, note="x")], record=lambda r: [*r[:6], change(r[6])])
        book.bad("act-layer-" + name, ledger, [5], (1, "malformed", record(4)), what)
    act("tagged", "an act with COSE's tag 98", lambda data: b"\xd8\x62" + data)
    act("trailing", "an act with a byte too many", lambda data: data + b"\x00")
    act("protected", "a protected header for the act as a whole",
        lambda data: data[:1] + enc(enc({1: -19})) + data[2:])
    act("indefinite", "an act of indefinite length", lambda data: b"\x9f" + data[1:] + b"\xff")


def records(book):
    """The record's own layer."""
    def bad(name, what, change, place=None):
        ledger = station()
        ledger.act("note", ["chan"], [entry(5, note="x")])
        ledger.records[4] = change(ledger.records[4])
        book.bad("record-layer-" + name, ledger, [5], (1, "malformed", place), what)
    bad("trailing", "a record with a byte too many", lambda data: data + b"\x00")
    bad("overlong", "a record with an overlong index",
        lambda data: data[:3] + bytes(wide(4)) + data[4:])
    bad("indefinite", "a record of indefinite length", lambda data: b"\x9f" + data[1:] + b"\xff")
    bad("tag", "a record with a tag", lambda data: b"\xc1" + data)


def small(book):
    """Leaves, sheets, disclosures."""
    ledger = plain()
    bundle = Bundle(ledger, [5])
    bundle.leaves[-1][0] = b"\x9f" + bundle.leaves[-1][0][1:] + b"\xff"
    book.bad("leaf-layer-indefinite", ledger, None, (1, "malformed-leaf", None), "a leaf of indefinite length",
             bundle=bundle)
    layers = [("overlong", lambda d: d[:-1] + bytes(wide(5))), ("trailing", lambda d: d + b"\0"),
              ("indefinite", lambda d: b"\x9f" + d[1:] + b"\xff")]
    for name, change in layers:
        ledger = station()

        def put(payload, ledger=ledger, change=change):
            payload[ENTRIES][0][3] = ledger.keep_sheet(change(enc([[1, 0, b"x" * 32]])))
        if name != "overlong":
            ledger.act("note", ["chan"], [entry(5)], edit=put)
            book.bad("sheet-layer-" + name, ledger, [5], (1, "malformed-sheet", record(4)), f"a sheet: {name}")
    values = [("bidi", "A\u202e1"), ("float", Raw(b"\xf9\x3c\x00")), ("map", {1: 2}), ("null", None),
              ("empty-list", Raw(b"\x80")), ("list-in-list", Raw(b"\x81\x80")), ("overlong", wide(7)),
              ("65-items", tuple(range(65)))]
    for name, value in values:
        ledger = station()
        ledger.act("note", ["chan"], [entry(5, note=value)])
        book.bad("disclosure-" + name, ledger, [5], (1, "detail", record(4)), f"a detail's value: {name}")
    ledger = station()
    ledger.act("note", ["chan"], [entry(5, note="x")], change=lambda parts: Raw(enc(parts) + b"\0"))
    book.bad("disclosure-trailing", ledger, [5], (1, "detail", record(4)), "a disclosure with a byte too many")
