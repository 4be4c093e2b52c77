# SPDX-License-Identifier: Apache-2.0
"""Acts about papers: who may order, what may be amended, what is done to packed and closed things, keys and offices."""
from codes import AMENDS, ANSWERS, CODE, FROM, NAMES, PUBKEY, TOOFFICE
from custody import Desk, seized, station
from forge import entry
from keys import Key
from make import record, subject

PHAL = [("phal", "prosecutor")]
COURT = [("mony", "court")]


def build(book):
    """All vectors of this file."""
    orders(book)
    amendments(book)
    erasures(book)
    packed(book)
    closed(book)
    keys(book)
    offices(book)


def orders(book):
    """SPEC 3.7: whose orders count. The seizure is record 6."""
    def ordered(name, what, signers, counts, breaches=(), staff=(*PHAL, *COURT)):
        ledger = seized(staff=staff)
        seizure = next(i for i, step in enumerate(ledger.steps) if step["kind"] == 12)
        who = signers(ledger)
        at = ledger.act("order", who, [entry(ledger.case, facts={NAMES: [63]}, order="Order 77/17")])
        hidden = [(seizure, ledger.case, 63)]
        if counts:
            book.good(name, ledger, [ledger.case], what, [(code, at, None) for code in breaches], withhold=hidden)
        else:
            book.bad(name, ledger, [ledger.case], (1, "withheld", record(seizure)), what, withhold=hidden)
    ordered("order-by-court", "names withheld under a court's order", lambda x: ["mony"], True)
    ordered("order-and-officer", "names withheld under a prosecutor's order that an officer signs too",
            lambda x: ["phal", "chan"], True)
    ordered("attack-order-officer-first", "names withheld under an officer's order that a prosecutor signs too",
            lambda x: ["chan", "phal"], False)

    def as_officer(ledger):
        ledger.appoint("phal", 2)
        return [("phal", 2)]
    ordered("attack-order-as-officer", "names withheld under the order of a prosecutor who signs as officer",
            as_officer, False)


def amendments(book):
    """V9.11. Records: 4 allotted, 6 registered (both), 7 a note on the second."""
    ledger = seized(2, search=False)
    a, b = ledger.items
    ledger.act("note", ["chan"], [entry(b, note="x")])

    def corrected(subjects, index, **details):
        copy = ledger.copy()
        copy.act("correct", ["chan", "dara"], [entry(i, **details) for i in subjects], {"reason": "misread"},
                 copy.amends(index))
        return copy
    here = (1, "amends", record(8))
    book.good("corrected-two", corrected([a, b], 6, species="y"), [a], "a correction of two things of one record")
    book.bad("amends-partly", corrected([a, b], 7, note="y"), [a, b], here,
             "a correction of two things, of which the amended record touches one")
    book.bad("amends-other-thread", corrected([a], 7, note="y"), [a, b], here,
             "a correction of a record of another thing, which is in the file")
    book.bad("amended-record-not-asked", corrected([a], 7, note="y"), [a], (1, "incomplete", subject(a)),
             "a correction of a record of another thing, which is not in the file")
    copy = ledger.copy()
    copy.act("correct", ["chan", "dara"], [entry(a, note="y")], {"reason": "misread"}, {AMENDS: [9, b"x" * 32]})
    book.bad("amends-beyond", copy, [a], here, "a correction of a record after its own")
    copy = ledger.copy()
    copy.heads()
    index = copy.act("correct", ["chan", "dara"], [entry(a, note="y")], {"reason": "misread"}, copy.amends(8))
    assert index == 9
    book.bad("amends-heads", copy, [a], (1, "incomplete", subject(a)), "a correction of a heads record")


def erasures(book):
    """V9.11 for `erase`. Records: 3 case opened, 6 registered."""
    def erased(name, verdict, what, who, index, asked, digest=None):
        ledger = seized(2, search=False)
        ledger.act("erase", ["anna"], [entry(who, facts={NAMES: [70]}, order="x")],
                   extra={AMENDS: [index, digest or ledger.record_hash(index)]})
        if verdict is None:
            book.good(name, ledger, asked, what, withhold=[(6, who, 70)])
        else:
            book.bad(name, ledger, asked, verdict, what)
    erased("erased-of-thing", None, "a reference erased from a registration", 6, 6, [6])
    erased("erase-amends-unrelated", (1, "amends", record(7)), "an erasure that amends a record of the case only", 6, 3,
           [6])
    erased("erase-amends-wrong-hash", (1, "amends", record(7)), "an erasure with another hash than the record's", 6, 6,
           [6], b"x" * 32)
    extents_of_erasures(book)


def extents_of_erasures(book):
    """SPEC 3.7: an erasure is of one record. Records: 6 registered, 7 and 8 notes on both things, of each and of the act."""
    ledger = seized(2, search=False, staff=PHAL)
    a, b = ledger.items
    first, second = (ledger.act("note", ["chan"], [entry(a, remarks="x"), entry(b, remarks="y")], {"note": "of both"})
                     for _ in range(2))

    def erase(on, names, index, done=ledger):
        done = done.copy()
        at = done.act("erase", ["anna"], [entry(who, facts={NAMES: names}, order="x") for who in on], extra=done.amends(index))
        assert at > index
        return done
    book.good("erased-of-the-act", erase([a, b], [1, 2], first), [a, b],
              "a detail of the act as a whole, erased for each thing that it concerns",
              withhold=[(first, None, 1), (first, a, 2), (first, b, 2)])
    book.good("erased-of-the-act-other-asked", erase([a, b], [1], first), [b], "the same, one thing asked",
              withhold=[(first, None, 1)])
    book.bad("attack-erased-of-the-act-in-part", erase([a], [1], first), [a, b], (1, "withheld", record(first)),
             "a detail of the act as a whole left out, erased for one of the two things that it concerns",
             withhold=[(first, None, 1)])
    book.bad("attack-erased-elsewhere", erase([a, b], [1, 2], first), [a, b], (1, "withheld", record(second)),
             "details erased from one record are left out of another", withhold=[(first, a, 2), (second, a, 2)])
    book.bad("attack-erased-earlier", erase([a, b], [1, 2], second), [a, b], (1, "withheld", record(first)),
             "details erased from one record are left out of the one before", withhold=[(first, None, 1)])
    book.bad("attack-erased-other-thing", erase([a], [2], first), [a, b], (1, "withheld", record(first)),
             "a detail erased of one thing is left out of another", withhold=[(first, b, 2)])
    twice = erase([b], [1], first, erase([a], [1], first))
    book.bad("attack-erased-in-two-parts", twice, [a, b], (1, "withheld", record(first)),
             "a detail of the act as a whole left out, erased for one thing by one act and for the other by another",
             withhold=[(first, None, 1)])
    both = ledger.copy()
    both.order("phal", b, [1, 2])
    both.order("phal", a, [1, 2])
    both = erase([b], [2], first, erase([b], [2], first, both))
    book.good("withheld-and-erased", both, [a, b], "orders and erasures that cover the same: the first erasure, else the first "
              "order, is named", withhold=[(first, None, 1), (first, a, 2), (first, b, 2), (second, b, 2)])
    lone = ledger.copy()
    at = lone.act("lodge", ["dara"], [entry(a)], {"orphan_act": b"not an act"}, {8: [3, None, None], 10: b"x" * 32})
    lone = erase([a], [150], at, lone)
    book.bad("attack-erased-orphan", lone, [a, b], (1, "withheld", record(at)), "the bytes of a lodged act left out under an erasure",
             withhold=[(at, None, 150)])


def packed(book):
    """Papers about packed things. Records: 10 packed (one later for each of the staff)."""
    ledger = seized(2, search=False, staff=PHAL)
    a, b = ledger.items
    crates = ledger.crate("chan", 2)
    ledger.register("chan", ledger.case, crates)
    ledger.pack("chan", [a], crates[0])
    inner = ledger.copy()
    ledger.simple("disclose", ["phal"], a, recipient="The defence", disclosed="bundle of 3 May")
    ledger.order("phal", a, [1])
    ledger.act("erase", ["anna"], [entry(a, facts={NAMES: [70]}, order="x")], extra=ledger.amends(7))
    ledger.act("same", ["chan", "dara"], [entry(a, reason="x"), entry(b)], {"reason": "x"})
    book.good("container-packed-papers", ledger, [a], "disclosed, ordered, erased, said to be the same while packed")
    inner.pack("chan", [crates[0]], crates[1])
    inner.simple("note", ["dara"], crates[0], note="x")
    inner.label("chan", crates[0], 1)
    book.good("container-inside-labelled", inner, [crates[0]], "a crate noted and labelled inside another crate", [])


def closed(book):
    """What may still be done about a closed thing."""
    ledger = seized(2, search=False, staff=[("rith", "officer"), ("veha", "custodian"), *PHAL, ("eng", "expert")])
    a, b = ledger.items
    ledger.act("consume", ["chan", "dara"], ledger.things([a]), extra={CODE: 2})
    end = ledger.copy()
    ledger.simple("disclose", ["phal"], a, recipient="The defence", disclosed="bundle of 3 May")
    ledger.order("phal", a, [1])
    ledger.act("erase", ["anna"], [entry(a, facts={NAMES: [70]}, order="x")], extra=ledger.amends(10))
    ledger.act("same", ["chan", "dara"], [entry(a, reason="x"), entry(b)], {"reason": "x"})
    ledger.simple("identify", ["eng"], a, 2, identification="Loxodonta cyclotis")
    ledger.correct(["chan", "dara"], 10, a, species="Loxodonta cyclotis")
    book.good("state-closed-papers", ledger, [a], "disclosed, ordered, erased, said to be the same, identified and "
              "corrected after its end")
    ledger = end.copy()
    ledger.stocktake(["rith", "veha"], 0, {a: 3})
    ledger.stocktake(["rith", "veha"], 0, {a: 4})
    offline = end.copy()
    offline.serial = 500
    late = offline.act("weigh", ["chan"], [entry(a, facts={5: 7}, scale="S-7")])
    ledger.act("lodge", ["veha"], [entry(a)], {"orphan_act": offline.steps[late]["act"]},
               {ANSWERS: offline.act_id(late), FROM: [3, None, None]})
    book.good("state-closed-counted-and-lodged", ledger, [a], "counted, and a late act lodged, after its end")
    index = ledger.weigh("chan", a, None, None, 7)
    book.good("state-closed-weighed", ledger, [a], "weighed after its end", [("state", index, a)])


def keys(book):
    """6.5: a new key has to sign for itself."""
    def rekey(name, verdict, what, signers, **how):
        ledger = station(**how)
        new = Key("chan-new")
        ledger.act("rekey", signers(ledger, new), [entry(3, facts={PUBKEY: new.cose})])
        book.bad(name, ledger, [3], verdict, what)
    refused = (1, "authority", record(4))
    rekey("attack-rekey-not-possessed", refused, "a new key that has not signed, endorsed by the old one",
          lambda x, new: ["anna", "chan"])
    rekey("attack-rekey-by-registrar-alone", refused, "a new key given by a registrar alone", lambda x, new: ["anna"])
    rekey("rekey-for-another", (1, "office", record(4)), "a new key for which another person signs",
          lambda x, new: ["anna", ("dara", [4, 0, 0])])
    rekey("rekey-twice-new", (1, "signers", record(4)), "a person who signs a rekey twice with the new key",
          lambda x, new: ["anna", ("chan", [3, 0, 0], new), ("chan", [3, 0, 0], new)])
    ledger = Desk(founders=["anna", "boris", "clara"], threshold=2)
    ledger.enrol("chan", "officer", by=("anna", "boris"))
    new = Key("chan-new")
    ledger.act("rekey", ["anna", ("chan", [4, 0, 0], new), ("chan", [4, 1, 2])],
               [entry(4, facts={PUBKEY: new.cose})])
    book.bad("rekey-one-registrar", ledger, [4], (1, "authority", record(2)),
             "a new key given by one registrar where the threshold is two")


def offices(book):
    """6.5: no act gives or ends the office 0."""
    ledger = station()
    ledger.enrol("ghost", 0)
    book.bad("office-zero-enrolled", ledger, [6], (1, "malformed-act", record(4)), "a person enrolled in no office")
    for kind in "appoint", "end":
        ledger = station()
        ledger.act(kind, ["anna"], [entry(3, facts={TOOFFICE: 0})])
        book.bad(f"office-zero-{kind}", ledger, [3], (1, "malformed-act", record(4)), f"{kind}: the office 0")
