# SPDX-License-Identifier: Apache-2.0
"""Lodge and adopt (SPEC 7.3.17): acts that came too late, and acts that somebody invents for another person."""
from codes import ANSWERS, CODE, DOUBTED, FROM, LID, PIECES, PUBKEY, PUTON, TO
from custody import Desk, seized
from forge import entry
from keys import Key
from make import record, subject

STAFF = [("rith", "officer"), ("veha", "custodian"), ("phal", "prosecutor")]
DAY = 86400
ITEM, DARA, RITH = 9, 4, 5
# Records: 9 registered, 10 released to dara, 11 her key revoked, 12 her acceptance lodged, 13 adopted.
LODGED, ADOPTED = 12, 13
REASON = {"reason": "signed before the revocation"}


def build(book):
    """All vectors of this file."""
    honest(book)
    invented(book)
    kinds(book)
    keys(book)
    people(book)
    several(book)
    unstated(book)


def orphan(ledger, make):
    """(act-id, act bytes) of what make(ledger) logs on a copy of the ledger: signed, but never logged here."""
    offline = ledger.copy()
    offline.serial = 500
    index = make(offline)
    return offline.act_id(index), offline.steps[index]["act"]


def lodge(ledger, ident, data, who=DARA, party=None):
    """The custodian lodges an orphan of that person (None: of nobody named)."""
    party = party or ([who, None, None] if who is not None else None)
    return ledger.act("lodge", ["veha"], [entry(ITEM)], {"orphan_act": data},
                      {ANSWERS: ident, **({FROM: party} if party else {})})


def adopt(ledger, ident, signers=("rith", "veha")):
    """Two others adopt an orphan."""
    return ledger.act("adopt", list(signers), [entry(ITEM)], REASON, {ANSWERS: ident})


def revoked(make=None):
    """A ledger (12 records) with dara's late acceptance, or what make(ledger, release) logs, and her key revoked."""
    ledger = seized(search=False, staff=STAFF)
    release = ledger.release("chan", [ITEM], "dara")
    make = make or (lambda x, release: x.accept("dara", release, [ITEM]))
    ident, data = orphan(ledger, lambda x: make(x, release))
    ledger.act("revoke", ["anna"], [entry(DARA, facts={DOUBTED: 11})])
    return ledger, ident, data


def adopted(make=None, **how):
    """The same, lodged and adopted."""
    ledger, ident, data = revoked(make)
    lodge(ledger, ident, data, **how)
    adopt(ledger, ident)
    return ledger


def packed(book):
    """A weighing that comes late is kept in the thread of a thing that is packed by now; it can have no effect there."""
    ledger = seized(search=False, staff=STAFF)
    crate = ledger.crate("chan", 1)
    ledger.register("chan", ledger.case, crate)
    ident, data = orphan(ledger, lambda x: x.weigh("chan", ITEM, 1100, 100, 1000))
    ledger.pack("chan", [ITEM], crate[0])
    lodge(ledger, ident, data, who=3)
    book.good("lodged-packed", ledger, [ITEM], "an act lodged for a thing that is packed")
    index = adopt(ledger, ident)
    book.good("adopted-packed", ledger, [ITEM], "and adopted there", [("packed", index, ITEM)])


def honest(book):
    """An acceptance that came after its signer's revocation."""
    ledger, ident, data = revoked()
    lodge(ledger, ident, data)
    book.good("lodged", ledger, [ITEM], "an acceptance that came after its signer's revocation, lodged")
    book.good("adopted", adopted(), [ITEM], "the same, adopted by two others")
    ledger = adopted()
    ledger.order("phal", ITEM, [150])
    book.bad("orphan-withheld", ledger, [ITEM], (2, "orphan", record(ADOPTED)),
             "adopted, but the orphan's bytes are withheld by order", withhold=[(LODGED, None, 150)])
    ledger, ident, data = revoked()
    lodge(ledger, ident, data)
    ledger.order("phal", ITEM, [150])
    book.good("lodged-withheld", ledger, [ITEM], "lodged and not adopted, the orphan's bytes withheld by order",
              withhold=[(LODGED, None, 150)])
    packed(book)
    ledger = adopted()
    ledger.now += 60 * DAY
    ledger.act("note", ["veha"], [entry(ITEM, note="x")])
    book.good("adopted-answers", ledger, [ITEM], "adopted: nothing is unanswered two months later")
    ledger, ident, data = revoked()
    lodge(ledger, ident, data)
    ledger.now += 60 * DAY
    ledger.act("note", ["veha"], [entry(ITEM, note="x")])
    book.good("lodged-only", ledger, [ITEM], "lodged, not adopted: the release is still unanswered",
              [("unanswered", 10, ITEM)])
    ledger, ident, data = revoked()
    lodge(ledger, ident, data)
    adopt(ledger, ident, ["rith", "chan"])
    book.good("adopted-same-office", ledger, [ITEM], "adopted by two of one office",
              [("signers-rule", ADOPTED, None)])


def invented(book):
    """Orphans that must have no effect."""
    def wrong(name, what, ledger, further=(), at=ADOPTED):
        book.good("orphan-" + name, ledger, [ITEM], what, [*further, ("orphan", at, ITEM)])

    def accept(**more):
        return lambda x, release: x.accept("dara", release, [ITEM], more=more)

    def by(header, signer):
        return accept(sign=lambda signs, data: [Desk.signature(header, data, by=signer)])
    thief, dara = Key("thief"), Key("dara")
    wrong("forged-key", "an acceptance invented by two adopters, signed by a key of their own", adopted(by(thief, thief)))
    wrong("forged-signature", "an acceptance invented under the person's own key, which did not sign it",
          adopted(by(dara, thief)))
    wrong("of-another", "an acceptance lodged as that of another person than its first signer", adopted(who=RITH))
    wrong("of-nobody", "an acceptance lodged without a word whose it is", adopted(who=None),
          [("must-state", LODGED, None)])
    wrong("of-an-office", "an acceptance lodged as that of an office", adopted(party=[None, 3, None]))
    wrong("other-ledger", "an acceptance for another ledger",
          adopted(accept(edit=lambda payload: {**payload, LID: b"x" * 32})))
    ledger, ident, data = revoked()
    adopt(ledger, ident)
    wrong("not-lodged", "an acceptance adopted that nobody lodged", ledger, at=LODGED)
    ledger, ident, data = revoked()
    adopt(ledger, ident)
    lodge(ledger, ident, data)
    wrong("lodged-afterwards", "an acceptance adopted before it was lodged", ledger, at=LODGED)
    ledger, ident, data = revoked()
    _, other = orphan(ledger, lambda x: x.accept("dara", 10, [ITEM], code=3))
    lodge(ledger, ident, other)
    adopt(ledger, ident)
    wrong("other-act", "an act-id lodged with another act than its own", ledger)
    ledger, ident, data = revoked()
    lodge(ledger, ident, data + b"\0")
    adopt(ledger, ident)
    wrong("malformed", "an acceptance lodged with a byte too many", ledger)
    ledger, ident, data = revoked()
    lodge(ledger, ident, "an acceptance")
    adopt(ledger, ident)
    wrong("text", "an acceptance lodged as a text", ledger)
    ledger, ident, data = revoked()
    ledger.act("lodge", ["veha"], [entry(ITEM)], None, {ANSWERS: ident, FROM: [DARA, None, None]})
    adopt(ledger, ident)
    wrong("missing", "an acceptance lodged without its bytes", ledger, [("must-state", LODGED, ITEM)])
    wrong("kind", "an examination adopted",
          adopted(lambda x, _: x.simple("examine", ["dara"], ITEM, finding="ivory")))


def kinds(book):
    """Orphans of other kinds than acceptances."""
    def refuse(ledger, release):
        return ledger.answer("refuse", ["dara"], release, [ITEM])
    ledger = adopted(refuse)
    ledger.hand("chan", "rith", [ITEM])
    book.good("adopted-refusal", ledger, [ITEM], "a refusal adopted; the releaser then hands the thing to another")

    def seconded(ledger, release):
        def spoil(signs, _):
            return [signs[0], [signs[1][0], {}, bytes(64)]]
        return ledger.act("accept", ["dara", "rith"], ledger.things([ITEM]),
                          extra={ANSWERS: ledger.act_id(release), CODE: 1}, sign=spoil)
    book.good("adopted-second-signature", adopted(seconded), [ITEM],
              "an acceptance adopted of which only the first signature is valid")

    ledger = seized(search=False, staff=STAFF)
    ident, data = orphan(ledger, lambda x: x.release("chan", [ITEM], "dara"))
    lodge(ledger, ident, data, 3)
    index = adopt(ledger, ident, ["rith", "veha"])
    ledger.accept("dara", ident, [ITEM])
    book.good("adopted-release", ledger, [ITEM], "a release adopted, and then accepted by its act-id")
    ledger = seized(search=False, staff=STAFF)
    lodge(ledger, ident, data, 3)
    adopt(ledger, ident)
    ledger.now += 60 * DAY
    ledger.act("note", ["veha"], [entry(ITEM, note="x")])
    book.good("adopted-release-unanswered", ledger, [ITEM],
              "a release adopted and not answered: it stands at the record of the adoption",
              [("unanswered", index, ITEM)])

    ledger = seized(search=False, staff=STAFF, net=1000000)
    ident, data = orphan(ledger, lambda x: x.weigh("chan", ITEM, None, None, 900000))
    lodge(ledger, ident, data, 3)
    index = adopt(ledger, ident)
    book.good("adopted-weighing", ledger, [ITEM], "a weighing adopted, 10 % lighter and not explained",
              [("mass", index, ITEM)])
    ledger = seized(search=False, staff=STAFF, pieces=3)
    ident, data = orphan(ledger, lambda x: x.outing("handout", ["chan", "dara"], [ITEM], pieces=2))
    lodge(ledger, ident, data, 3)
    index = adopt(ledger, ident)
    ledger.outing("takeback", ["rith", "dara"], [ITEM], pieces=2)
    book.good("adopted-handout", ledger, [ITEM], "a hand out adopted with a piece fewer; taken back by one who "
              "does not hold it", [("pieces", index, ITEM), ("signers-rule", index + 1, ITEM)])


def keys(book):
    """Any key that the person was ever given before, and no later one."""
    def rekeyed(name, what, old, late, breaches=()):
        ledger = seized(search=False, staff=STAFF)
        release = ledger.release("chan", [ITEM], "dara")
        new = Key("dara-new")
        signer = ("dara", ledger.people["dara"].signer(), ledger.people["dara"].key if old else new)
        ident, data = orphan(ledger, lambda x: x.act("accept", [signer], x.things([ITEM]),
                                                     extra={ANSWERS: x.act_id(release), CODE: 1}))

        def rekey():
            ledger.act("rekey", ["anna", ("dara", [DARA, 0, 0], new)], [entry(DARA, facts={PUBKEY: new.cose})])
        if not late:
            rekey()
        lodge(ledger, ident, data)
        index = adopt(ledger, ident)
        if late:
            rekey()
        book.good(name, ledger, [ITEM], what, [(code, index, ITEM) for code in breaches])
    rekeyed("adopted-old-key", "signed by a key that was replaced before the adoption", True, False)
    rekeyed("adopted-new-key", "signed by a key that was given before the adoption", False, False)
    rekeyed("orphan-later-key", "signed by a key that was given only after the adoption", False, True, ["orphan"])


def people(book):
    """The person that a lodge names is in the closure."""
    ledger = seized(search=False, staff=[*STAFF, ("sina", "custodian")])
    sina, item = 8, 10
    release = ledger.release("chan", [item], "sina")
    ident, data = orphan(ledger, lambda x: x.accept("sina", release, [item]))
    revocation = ledger.act("revoke", ["anna"], [entry(sina)])
    named = {ANSWERS: ident, FROM: [sina, None, None]}
    ledger.act("lodge", ["veha"], [entry(item)], {"orphan_act": data}, named)
    ledger.heads()
    book.good("lodged-person", ledger, [item], "the person named by a lodge is in the closure")
    book.bad("attack-lodged-person-withheld", ledger, [item], (1, "incomplete", subject(sina)),
             "the person named by a lodge is left out", without=[sina], drop=[6, revocation])


def several(book):
    """Several lodges of one orphan, several details in one lodge, and a lodge that comes too late."""
    other = 10

    def both(ledger, release):
        return ledger.accept("dara", release, [ITEM, other])
    ledger = seized(search=False, staff=STAFF, count=2)
    release = ledger.release("chan", [ITEM, other], "dara")
    ident, data = orphan(ledger, lambda x: both(x, release))
    ledger.act("lodge", ["veha"], [entry(other)], {"orphan_act": data}, {ANSWERS: ident, FROM: [DARA, None, None]})
    lodge(ledger, ident, data)
    adopt(ledger, ident)
    ledger.hand("dara", "rith", [ITEM])
    book.good("adopted-second-lodge", ledger, [ITEM], "lodged for another thing first, then for this one: adopted, and handed on")
    ledger, ident, data = revoked()
    lodge(ledger, ident, data, RITH)
    lodge(ledger, ident, data)
    adopt(ledger, ident)
    ledger.now += 60 * DAY
    ledger.act("note", ["veha"], [entry(ITEM, note="x")])
    book.good("adopted-lodged-again", ledger, [ITEM], "lodged as another person's first, then rightly: adopted")
    for name, values, breaches in (("first", ["an acceptance", None], [("orphan", ADOPTED, ITEM)]),
                                   ("second", [None, "an acceptance"], [])):
        ledger, ident, data = revoked()
        values = [data if value is None else value for value in values]
        ledger.act("lodge", ["veha"], [entry(ITEM)], {"orphan_act": values}, {ANSWERS: ident, FROM: [DARA, None, None]})
        adopt(ledger, ident)
        book.good(f"orphan-text-{name}", ledger, [ITEM], f"two details orphan-act, the {name} a text: the first one counts",
                  breaches)
    ledger, ident, data = revoked(lambda x, release: x.release("dara", [ITEM], "rith"))
    adopt(ledger, ident)
    lodge(ledger, ident, data)
    index = ledger.accept("rith", ident, [ITEM])
    book.bad("answers-adopted-before-lodged", ledger, [ITEM], (1, "answers", record(index)),
             "an acceptance answers a release that was adopted in vain, and lodged only afterwards")


def unstated(book):
    """An orphan states what its row says: whoever adopts it cannot say it in its place."""
    whole = {TO: [DARA, None, None], CODE: 1}

    def wrong(name, what, kind, facts=None, extra=None, sealed=False):
        ledger = seized(search=False, staff=STAFF, net=1000000)
        if kind == "accept":
            ledger.release("chan", [ITEM], "dara")
        ident, data = orphan(ledger, lambda x: x.act(kind, ["dara" if kind == "accept" else "chan"], [entry(ITEM, facts=facts or {})],
                                                     extra=extra))
        if sealed:
            ledger.act("seal", ["chan", "veha"], [entry(ITEM, facts={PUTON: ["A1"]})])
        lodge(ledger, ident, data, DARA if kind == "accept" else 3)
        index = adopt(ledger, ident)
        book.good("orphan-unstated-" + name, ledger, [ITEM], what, [("must-state", index, ITEM)])
    wrong("pieces", "a release adopted that states no pieces", "release", extra=whole)
    wrong("seals", "a release adopted that states no seals, of a thing sealed since", "release", {PIECES: 1}, whole, sealed=True)
    wrong("receiver", "a release adopted that does not say to whom", "release", {PIECES: 1}, {CODE: 1})
    wrong("answers", "an acceptance adopted that answers nothing", "accept", {PIECES: 1}, {CODE: 1})
    wrong("mass", "a weighing adopted without a mass", "weigh")
