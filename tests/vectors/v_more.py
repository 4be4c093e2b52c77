# SPDX-License-Identifier: Apache-2.0
"""Further attacks and edges: consent, appointments to come, parents and former cases withheld, orders and time."""
from codes import ANSWERS, CODE, FOUND, NAMES, OFCASE, OUTCOME, PUBKEY, TOOFFICE, TYPE
from custody import Desk, seized, station
from forge import entry
from keys import Key
from make import record, subject
from v_custody import RITH, case


def build(book):
    """All vectors of this file."""
    consent(book)
    withheld(book)
    edges(book)


def consent(book):
    """Keys and offices."""
    ledger = station()
    ledger.act("enrol", ["anna"], [entry(6, facts={TYPE: 2, PUBKEY: Key("ghost").cose, TOOFFICE: 2})])
    book.bad("attack-enrolled-without-consent", ledger, [6], (1, "authority", record(4)),
             "a person enrolled who did not sign: no proof that the key is his")
    ledger = station()
    ledger.act("note", [("chan", [3, 2, 4])], [entry(5, note="x")])
    ledger.appoint("chan", 4)
    book.bad("attack-appointed-afterwards", ledger, [5], (1, "office", record(4)),
             "a signer cites an appointment that is made only later")
    ledger = station()
    new = Key("thief")
    ledger.act("rekey", [("chan", [3, 0, 0], new), ("chan", ledger.people["chan"].signer())],
               [entry(3, facts={PUBKEY: new.cose})])
    book.bad("attack-rekey-without-registrar", ledger, [3], (1, "authority", record(4)),
             "a new key without a registrar")
    ledger = station()
    ledger.act("station", ["chan"], [entry(0, facts={14: Key("thief").public})])
    book.bad("attack-station-key-by-officer", ledger, [0], (1, "authority", record(4)),
             "an officer gives the station another key")
    ledger = station()
    row = 3
    ledger.act("erase", ["chan"], [entry(5, facts={NAMES: [40]}, order="x")], extra=ledger.amends(row))
    book.bad("attack-erased-by-officer", ledger, [5], (1, "authority", record(4)), "an officer erases details",
             withhold=[(row, 5, 40)])
    ledger = station()
    old, new = ledger.people["chan"].key, Key("chan-new")
    for key in new, old:
        ledger.act("rekey", ["anna", ("chan", [3, 0, 0], key)], [entry(3, facts={PUBKEY: key.cose})])
    ledger.open_case("chan")
    book.good("rekey-back", ledger, [6], "a new key, then the former one again: his own, so not reused")
    fake = Key("fake", -9)
    fake.__dict__["public"] = b"\2" + b"\xff" * 32
    ledger = station()
    ledger.enrol("ghost", "officer", key=fake)
    book.bad("key-off-curve", ledger, [6], (1, "malformed-act", record(4)), "a P-256 key that is no point")
    ledger = Desk(succeeds=[b"s" * 32, 77, b"r" * 32, None, None])
    book.good("succeeds", ledger, [0], "a ledger that succeeds another")
    ledger = Desk(sign=lambda signs, data: signs[:1])
    book.bad("found-one-signature", ledger, [0], (1, "malformed", record(0)), "a founder who did not sign")


def withheld(book):
    """What the closure must bring in."""
    ledger = seized(pieces=4)
    child = ledger.allot("chan")
    ledger.part("split", ["chan"], 6, child, ledger.case, {"pieces": 3}, [{"pieces": 1}])
    ledger.simple("note", ["chan"], 6, note="what the parent's thread says")
    ledger.heads()
    book.bad("attack-parent-withheld", ledger, child, (1, "incomplete", subject(6)),
             "the thing that a part was split from is left out", without=[6], drop=[4, 9])
    ledger = seized(2)
    ledger.act("same", ["chan", "dara"], [entry(6, reason="x"), entry(7)])
    ledger.simple("note", ["chan"], 7, note="x")
    ledger.heads()
    book.bad("attack-same-as-withheld", ledger, [6], (1, "incomplete", subject(7)),
             "the thing said to be the same is left out", without=[7], drop=[8])
    ledger = seized(staff=[("phal", "prosecutor")])
    second = ledger.open_case("phal")
    ledger.act("move", ["phal"], [entry(7, 0, {OFCASE: second}, order="x"), entry(second, 1), entry(6, 5)])
    ledger.heads()
    book.bad("attack-former-case-withheld", ledger, [second], (1, "incomplete", subject(6)),
             "the case that a thing was moved from is left out", without=[6], drop=[4, 6])
    book.bad("attack-item-of-case-withheld", ledger, [6], (1, "incomplete", subject(7)),
             "the case is asked for, a thing of it is left out", without=[7], drop=[5])


def edges(book):
    """Rules at their edges."""
    ledger = seized(staff=[("phal", "prosecutor")])
    ledger.order("phal", 6, [1])
    late = ledger.simple("note", ["chan"], 6, note="a protected name")
    book.good("order-before", ledger, [6], "an order covers a later record", withhold=[(late, 6, 1)])

    def own(x):
        before = x.tree_head()
        x.act("note", ["chan"], [entry(6, note="his own")])
        x.release("chan", [6], "dara", more={"seen": before})
    case(book, "unseen-own", "a release that had not seen the releaser's own note: he signed it", [], own)

    def sealed_count(x):
        x.seal("chan", "dara", 7, ["A1"])
        x.act("stocktake", ["rith", "dara"], [entry(7, facts={OUTCOME: 1, FOUND: ["A2"]})], extra={12: 0})
    case(book, "stocktake-seal", "another seal found at a stock-take", [("seal-differs", 9, 7)], sealed_count,
         staff=RITH)

    def many(x):
        release = x.release("chan", x.items, "dara", pieces=1)
        rows = [entry(i, facts={2: 1 if i != 8 else 0}) for i in x.items]
        x.accept("dara", release, x.items, code=3, rows=rows)
    case(book, "one-of-three-missing", "three things handed over, one has no pieces on arrival", [("pieces", 8, 8)],
         many, count=3)
    ledger = seized(2)
    first = ledger.release("chan", [6, 7], "dara")
    ledger.accept("dara", first, [6])
    ledger.answer("refuse", ["dara"], first, [7])
    book.good("accepted-in-part", ledger, [6, 7], "one thing of a release accepted, the other refused")
    ledger.act("accept", ["dara"], ledger.things([6, 7]), extra={ANSWERS: ledger.act_id(first), CODE: 1})
    index = len(ledger.records) - 1
    book.good("answered-already", ledger, [7], "an acceptance of what was refused",
              [("not-open", index, 7), ("state", index, 7)])
