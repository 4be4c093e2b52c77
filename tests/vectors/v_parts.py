# SPDX-License-Identifier: Apache-2.0
"""Bundles of parts of one ledger say the same of the same record; and what an orphan may not state, an erasure may not lack."""
from codes import AT, CODE, DUE, FOUND, NAMES, NET, PIECES, PUTON, TO
from custody import seized
from forge import entry
from v_late import ITEM, STAFF, adopt, lodge, orphan

PEOPLE = [("rith", "officer"), ("veha", "custodian"), ("phal", "prosecutor")]


def build(book):
    contents(book)
    relations(book)
    orphans(book)
    one_at_a_time(book)


def crated(crates=1, things=1):
    ledger = seized(things, search=False, staff=PEOPLE)
    boxes = ledger.crate("chan", crates)
    ledger.register("chan", ledger.case, boxes, pieces=1)
    return ledger, boxes, ledger.items


def contents(book):
    """7.3.9: what is in a container is counted by its own thread."""
    ledger, (box,), (a, b) = crated(1, 2)
    ledger.pack("chan", [a], box)
    out = ledger.unpack("chan", [b], box)
    release = out + 1
    ledger.hand("chan", "dara", [box])
    closed = [("state", release, box)]
    book.good("contents-of-the-box", ledger, [box], "one thing in, another one out: by its own acts the crate is empty", closed)
    book.good("contents-of-the-thing", ledger, [a], "the same, asked for the thing that went in", closed)
    book.good("contents-of-the-case", ledger, [ledger.case], "the same, asked for the case",
              [("container", out, b), *closed])
    ledger, (box,), (a,) = crated()
    ledger.pack("chan", [a], box)
    again = ledger.pack("chan", [a], box)
    ledger.unpack("chan", [a], box)
    ledger.hand("chan", "dara", [box], pieces=1)
    book.good("contents-twice-box", ledger, [box], "packed twice and taken out once: by its own acts one is still in it")
    book.good("contents-twice-case", ledger, [ledger.case], "the same, asked for the case", [("packed", again, a)])
    ledger, (first, second), (a,) = crated(2)
    ledger.pack("chan", [a], first)
    anew = ledger.pack("chan", [a], second)
    gone = ledger.act("consume", ["chan", "dara"], [entry(first)], extra={CODE: 1})
    book.good("contents-anew-box", ledger, [first], "packed anew elsewhere: nothing says that the first crate is empty",
              [("container", gone, first)])
    book.good("contents-anew-case", ledger, [ledger.case], "the same, asked for the case",
              [("packed", anew, a), ("container", gone, first)])


def relations(book):
    """7.3.17b: what one thing lacks is not held against the other."""
    ledger = seized(2, search=False, staff=PEOPLE)
    a, b = ledger.items
    ledger.hand("chan", "dara", [b])
    index = ledger.release("chan", [a, b], "dara")
    book.good("relation-of-one", ledger, [a], "released with a thing that another holds: asked for his own alone")
    book.good("relation-of-the-other", ledger, [b], "the same, asked for the other", [("signers-rule", index, b)])
    book.good("relation-of-both", ledger, [a, b], "the same, asked for both", [("signers-rule", index, b)])


def orphans(book):
    """7.3.17: an orphan states what its row allows, or it has no effect."""
    def case(name, what, kind, facts, extra=None, before=None, **how):
        ledger = seized(search=False, staff=STAFF, **how)
        if before:
            before(ledger)
        ident, data = orphan(ledger, lambda x: x.act(kind, ["chan"], [entry(ITEM, facts=facts)], extra=extra))
        lodge(ledger, ident, data, 3)
        book.good("orphan-surplus-" + name, ledger, [ITEM], what, [("orphan", adopt(ledger, ident), ITEM)])
    case("shelve", "adopted: shelved, with seals found", "shelve", {FOUND: ["A1"]}, {AT: 0})
    case("weigh", "adopted: weighed, with seals found", "weigh", {NET: 1000, FOUND: ["A1"]})
    case("release", "adopted: released, with a seal put on", "release", {PIECES: 1, PUTON: ["A1"]}, {TO: [4, None, None], CODE: 1})
    case("takeback", "adopted: taken back, with a weight", "takeback", {NET: 5000}, net=1000000,
         before=lambda x: x.outing("handout", ["chan", "dara"], [ITEM], pieces=1))
    ledger = seized(search=False, staff=STAFF)
    index = ledger.act("erase", ["anna"], [entry(ITEM, facts={NAMES: [70]}, order="O")])
    book.bad("erase-amends-nothing", ledger, [ITEM], (1, "malformed-act", {"record": index}), "an erasure that does not say of which record")


def one_at_a_time(book):
    """7.1: one release or hand out is open at a time; a birth stays below 2^53."""
    ledger = seized(search=False, staff=STAFF)
    release = ledger.release("chan", [ITEM], "dara")
    out = ledger.outing("handout", ["chan", "dara"], [ITEM], pieces=1)
    accept = ledger.accept("dara", release, [ITEM])
    book.good("open-handout-ends-release", ledger, [ITEM], "released, handed out, accepted: the hand out ended the release",
              [("state", out, ITEM), ("state", accept, ITEM), ("not-open", accept, ITEM)])
    ledger = seized(search=False, staff=STAFF)
    ledger.outing("handout", ["chan", "dara"], [ITEM], pieces=1, extra={DUE: ledger.now + 100})
    release = ledger.release("chan", [ITEM], "dara")
    ledger.now += 86400
    back = ledger.outing("takeback", ["chan", "dara"], [ITEM], pieces=1)
    book.good("open-release-ends-handout", ledger, [ITEM], "handed out, released, taken back: the release ended the hand out",
              [("state", release, ITEM), ("state", back, ITEM)])
