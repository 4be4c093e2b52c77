# SPDX-License-Identifier: Apache-2.0
"""Rules of custody (SPEC 7): handovers, signers, states, seals, counts, dues. Records intact, rules broken or kept."""
from codes import AT, CODE, DEVIATION, DUE, OFCASE, TO
from custody import seized, station
from forge import entry

RITH = [("rith", "officer")]
DAY = 86400


def case(book, name, what, breaches, act, asked=None, **how):
    """One ledger, without its search: things (6 … without staff), acts from record 7 on (one later for each of the staff)."""
    ledger = seized(search=False, **how)
    act(ledger)
    book.good(name, ledger, asked or ledger.items, what, breaches)


def build(book):
    """All vectors of this file."""
    signers(book)
    states(book)
    musts(book)
    seals(book)
    counts(book)
    dues(book)
    unseen(book)


def signers(book):
    """The signer column of the table."""
    def rule(name, what, act, at=7, of=None, **how):
        case(book, "signers-" + name, what, [("signers-rule", at, of)], act, **how)
    rule("release-not-holder", "released by one who does not hold it", lambda x: x.release("dara", [6], "chan"), of=6)

    def self_accept(x):
        x.accept("chan", x.release("chan", [6], [None, 2, None]), [6])
    rule("accept-own-release", "the releaser accepts himself", self_accept, 8, of=6)
    rule("accept-not-named", "accepted by another than the release names",
         lambda x: x.accept("rith", x.release("chan", [7], "dara"), [7]), 9, of=7, staff=RITH)
    rule("accept-other-office", "accepted by another office than the release names",
         lambda x: x.accept("dara", x.release("chan", [6], [None, 2, None]), [6]), 8, of=6)
    rule("refuse-not-named", "refused by another than the release names",
         lambda x: x.answer("refuse", ["rith"], x.release("chan", [7], "dara"), [7]), 9, of=7, staff=RITH)
    rule("withdraw-same-office", "withdrawn by two of one office",
         lambda x: x.answer("withdraw", ["chan", "rith"], x.release("chan", [7], "dara"), [7]), 9, staff=RITH)
    rule("seal-alone", "sealed by one person", lambda x: x.act("seal", ["chan"], x.things([6], puton=["A1"])))
    rule("shelve-by-officer", "shelved by an officer",
         lambda x: x.act("shelve", ["chan"], x.things([6]), extra={AT: 0}))
    rule("identify-by-officer", "identified by an officer",
         lambda x: x.simple("identify", ["chan"], 6, 1, identification="ivory"))
    rule("void-alone", "made void by one person",
         lambda x: x.act("void", ["chan"], x.things(x.allot("chan")), extra={CODE: 1}), 8, asked=[7])
    rule("correct-by-stranger", "corrected by one who neither signed nor holds the office",
         lambda x: x.correct(["dara", "chan"], 6, 6, species="x"))
    rule("stocktake-by-holder", "counted by the holder", lambda x: x.stocktake(["chan", "dara"], 0, {6: 1}), of=6)
    rule("stocktake-no-custodian", "counted without a custodian",
         lambda x: x.stocktake(["rith"], 0, {7: 1}), 8, staff=RITH)
    rule("dispose-no-court", "disposed of without prosecutor or court",
         lambda x: x.act("dispose", ["chan", "dara"], x.things([6]), {"order": "x", "witness": "y"}, {CODE: 1}))
    rule("handout-alone", "handed out by one person", lambda x: x.outing("handout", ["chan"], [6]))
    ledger = station()
    ledger.seize("dara", "chan", ledger.case)
    book.good("signers-seize-custodian-first", ledger, [5], "the seizure record signed first by a custodian",
              [("signers-rule", 4, None)])
    ledger = station()
    ledger.open_case("dara")
    book.good("signers-case-by-custodian", ledger, [6], "a case opened by a custodian", [("signers-rule", 4, None)])
    ledger = station()
    ledger.act("place", ["chan"], [entry(6, facts={0: 3}, place_name="x")])
    book.good("signers-place-by-officer", ledger, [6], "a place opened by an officer", [("signers-rule", 4, None)])
    ledger = seized()
    second = ledger.open_case("chan")
    ledger.act("move", ["chan"], [entry(6, 0, {OFCASE: second}, order="x"), entry(second, 1), entry(5, 5)])
    book.good("signers-move-by-officer", ledger, [6], "moved to another case by an officer",
              [("signers-rule", 8, None)])
    ledger = seized(staff=[("phal", "prosecutor")])
    second = ledger.open_case("phal")
    ledger.act("move", ["phal"], [entry(7, 0, {OFCASE: second}, order="x"), entry(second, 1), entry(6, 5)])
    book.good("moved", ledger, [7], "moved to another case by the prosecutor")
    book.good("moved-new-case", ledger, [second], "the case that it was moved to")
    ledger.act("move", ["phal"], [entry(7, 0, {OFCASE: second}, order="x"), entry(second, 1), entry(6, 5)])
    book.good("moved-again", ledger, [7], "moved from a case in which it is no longer", [("state", 11, 7)])


def states(book):
    """The state column, `not-open`, deviations, closed things."""
    case(book, "state-released-twice", "released while in transit", [("state", 8, 6)],
         lambda x: [x.release("chan", [6], "dara"), x.release("chan", [6], "dara")])
    case(book, "state-weighed-in-transit", "weighed while in transit", [("state", 8, 6)],
         lambda x: [x.release("chan", [6], "dara"), x.weigh("chan", 6, 5, 0, 5)])
    case(book, "state-registered-twice", "registered twice", [("state", 7, 6)],
         lambda x: x.register("chan", 5, [6]))
    case(book, "state-taken-back-held", "taken back though it was never handed out", [("state", 7, 6)],
         lambda x: x.outing("takeback", ["chan", "dara"], [6]))

    def disposed(x):
        x.act("dispose", ["chan", "dara", "phal"], x.things([7]), {"order": "x", "witness": "y"}, {CODE: 5})
        x.act("note", ["chan"], [entry(7, note="allowed")])
    case(book, "disposed", "disposed of by order, then a note", [], disposed, staff=[("phal", "prosecutor")])

    def labelled(x):
        disposed(x)
        x.label("chan", 7, 1)
    case(book, "state-closed-labelled", "a closed thing labelled", [("state", 10, 7)], labelled,
         staff=[("phal", "prosecutor")])

    def not_open(x):
        first = x.release("chan", [6], "dara")
        x.answer("refuse", ["dara"], first, [6])
        x.release("chan", [6], "dara")
        x.accept("dara", first, [6])
    case(book, "not-open", "a refused release accepted while another is open", [("not-open", 10, 6)], not_open)
    case(book, "deviation", "a release with a deviation, and its reason", [("deviation", 7, None)],
         lambda x: x.release("chan", [6], "dara", extra={DEVIATION: True}, d={"reason": "no form at hand"}))

    def several(x):
        x.act("seal", ["chan"], x.things([6], puton=["A1"]), {"reason": "nobody there"}, {DEVIATION: True})
    case(book, "deviation-and-rule", "a deviation does not heal the rule of signers",
         [("deviation", 7, None), ("signers-rule", 7, None)], several)

    def outing(x):
        x.outing("handout", ["chan", "dara"], [6], pieces=1)
        x.outing("takeback", ["chan", "dara"], [6], pieces=1)
    case(book, "handed-out-and-taken-back", "handed out and taken back", [], outing)
    case(book, "handed-out", "still out", [], lambda x: x.outing("handout", ["chan", "dara"], [6]))

    def consumed(x):
        x.act("consume", ["chan", "dara"], x.things([6]), extra={CODE: 2})
    case(book, "consumed", "consumed in testing", [], consumed)
    case(book, "void-registered", "a registered thing made void", [("state", 7, 6)],
         lambda x: x.act("void", ["chan", "dara"], x.things([6]), extra={CODE: 4}))
    case(book, "same-as", "two things the same", [], lambda x: x.act(
        "same", ["chan", "dara"], [entry(6, reason="twice in the list"), entry(7)], {"reason": "x"}),
        asked=[6], count=2)


def musts(book):
    """The must column."""
    case(book, "must-code", "a release without its purpose", [("must-state", 7, None)],
         lambda x: x.act("release", ["chan"], x.things([6], pieces=1), extra={TO: [4, None, None]}))
    case(book, "must-answers", "an acceptance that answers nothing", [("must-state", 8, None)],
         lambda x: [x.release("chan", [6], "dara"),
                    x.act("accept", ["dara"], x.things([6]), extra={CODE: 1})])
    case(book, "must-pieces-released", "released without pieces", [("must-state", 7, 6)],
         lambda x: x.release("chan", [6], "dara", pieces=None))
    case(book, "must-detail", "an examination without a finding", [("must-state", 7, 6)],
         lambda x: x.simple("examine", ["chan"], 6, note="x"))
    case(book, "must-fact", "a label without a print number", [("must-state", 7, 6)],
         lambda x: x.act("label", ["chan"], x.things([6])))
    case(book, "must-pieces", "registered without pieces", [("must-state", 6, 6)], lambda x: None, pieces=None)
    ledger = station()
    ledger.act("open", ["chan"], [entry(6, facts={0: 4}, docket="1")])
    book.good("must-law", ledger, [6], "a case opened without the law", [("must-state", 4, 6)])
    for name, witness, good in [("one-witness", {"witness": "Sok"}, False), ("owner", {"owner": "Sok"}, True)]:
        ledger = station()
        ledger.act("seize", ["chan", "dara"], [entry(5, seizure_time="1", seizure_place="2", authority="3",
                                                     **witness)])
        book.good("seize-" + name, ledger, [5], f"a seizure record with {name}",
                  [] if good else [("must-state", 4, 5)])
    case(book, "labels", "labels printed one after another", [],
         lambda x: [x.label("chan", 6, n) for n in (1, 2, 3)])
    case(book, "print-skipped", "a print number left out", [("print", 8, 6)],
         lambda x: [x.label("chan", 6, n) for n in (1, 3)])


def seals(book):
    """Seals at every touch."""
    def life(x):
        x.seal("chan", "dara", 6, ["A1", "A2"])
        x.hand("chan", "dara", [6], found=["A1", "A2"], pieces=1)
        x.unseal("dara", "chan", 6, ["A1"], ["A1", "A2"])
        x.act("reseal", ["dara", "chan"], x.things([6], found=["A2"], removed=["A2"], puton=["B1"]), extra={CODE: 1})
        x.hand("dara", "chan", [6], found=["B1"])
    case(book, "seals", "sealed, handed over, one seal off, sealed anew, handed over", [], life)

    def sealed(x, act):
        x.seal("chan", "dara", 6, ["A1"])
        act(x)
    case(book, "seal-not-stated", "released without a word on the seal", [("must-state", 8, 6)],
         lambda x: sealed(x, lambda y: y.release("chan", [6], "dara")))
    case(book, "seal-none-found", "released with no seal found", [("seal-differs", 8, 6)],
         lambda x: sealed(x, lambda y: y.release("chan", [6], "dara", found=[])))

    def other(x):
        x.seal("chan", "dara", 6, ["A1"])
        release = x.release("chan", [6], "dara", found=["A1"])
        x.accept("dara", release, [6], code=3, found=["A7"])
        x.hand("dara", "chan", [6], found=["A7"])
    case(book, "seal-other-found", "another seal found at acceptance, and found again later",
         [("seal-differs", 9, 6)], other)
    case(book, "seal-found-unsealed", "a seal found where none was put on", [("seal-differs", 7, 6)],
         lambda x: x.release("chan", [6], "dara", found=["X1"]))
    case(book, "unseal-nothing", "unsealed without a seal taken off", [("must-state", 8, 6)],
         lambda x: sealed(x, lambda y: y.unseal("chan", "dara", 6, [], ["A1"])))
    case(book, "unseal-other", "a seal taken off that is not on", [("seal-differs", 8, 6)],
         lambda x: sealed(x, lambda y: y.unseal("chan", "dara", 6, ["A9"], ["A1"])))

    def many(x):
        x.seal("chan", "dara", 6, [f"A{i:02}" for i in range(16)])
        x.seal("chan", "dara", 6, ["B1"])
        x.hand("chan", "dara", [6], found=[f"A{i:02}" for i in range(16)])
    case(book, "seals-seventeen", "a seventeenth seal: the state stays", [("seal-differs", 8, 6)], many)

    phal = [("phal", "prosecutor")]

    def sealed_dispose(x, **stated):
        x.seal("chan", "dara", 7, ["A1"])
        x.act("dispose", ["chan", "dara", "phal"], x.things([7], **stated), {"order": "x", "witness": "y"}, {CODE: 1})
    case(book, "dispose-seal-not-stated", "disposed of without a word on the seal", [("must-state", 9, 7)],
         sealed_dispose, staff=phal)
    case(book, "dispose-sealed", "disposed of under its seal", [],
         lambda x: sealed_dispose(x, found=["A1"]), staff=phal)
    case(book, "seal-none-unsealed", "an unsealed thing released with `no seal found`", [],
         lambda x: x.release("chan", [6], "dara", found=[]))


def counts(book):
    """Pieces and stock-takes."""
    def fewer(x):
        release = x.release("chan", [6], "dara", pieces=3)
        x.accept("dara", release, [6], code=3, pieces=2)
        x.hand("dara", "chan", [6], pieces=2)
    case(book, "pieces-fewer", "one piece fewer at acceptance, then as accepted", [("pieces", 8, 6)], fewer, pieces=3)
    case(book, "pieces-at-release", "one piece more at release", [("pieces", 7, 6)],
         lambda x: x.release("chan", [6], "dara", pieces=4), pieces=3)

    def refused(x):
        release = x.release("chan", [6], "dara", pieces=3)
        x.answer("refuse", ["dara"], release, [6], 3, pieces=2)
        x.hand("chan", "dara", [6], pieces=2)
    case(book, "pieces-at-refusal", "one piece fewer at refusal, then as refused", [("pieces", 8, 6)], refused,
         pieces=3)

    def take(*outcomes):
        def act(x):
            for outcome in outcomes:
                x.stocktake(["rith", "dara"], 0, {7: outcome})
        return act
    for name, outcomes, breaches in [("found", (1,), []), ("seal-intact", (2,), []),
                                     ("not-found", (3,), [("missing", 8, 7)]), ("found-again", (3, 1), []),
                                     ("not-expected", (3, 4), []),
                                     ("lost-twice", (3, 1, 3), [("missing", 10, 7)])]:
        case(book, "stocktake-" + name, f"stock-takes with outcomes {outcomes}", breaches, take(*outcomes), staff=RITH)

    def accepted(code):
        def act(x):
            release = x.release("chan", [7], "dara")
            x.stocktake(["rith", "dara"], 0, {7: 3})
            x.accept("dara", release, [7], code=code)
        return act
    case(book, "stocktake-accepted-counted", "not found, then accepted with an inventory", [], accepted(1), staff=RITH)
    case(book, "stocktake-accepted-sealed", "not found, then accepted without an inventory", [("missing", 9, 7)],
         accepted(2), staff=RITH)


def dues(book):
    """Times due."""
    def due(delay, answered=True, wait=0, kind="release"):
        def act(x):
            limit = x.now + DAY
            if kind == "release":
                index = x.release("chan", [6], "dara", due=limit)
            else:
                x.outing("handout", ["chan", "dara"], [6], extra={DUE: limit})
            x.now = limit + delay
            if answered:
                if kind == "release":
                    x.accept("dara", index, [6])
                else:
                    x.outing("takeback", ["chan", "dara"], [6])
            x.now += wait
            x.act("note", ["chan"], [entry(6, note="x")])
        return act
    case(book, "due-kept", "accepted before it is due", [], due(-2000))
    case(book, "due-missed", "accepted after it was due", [("overdue", 8, 6)], due(10))
    case(book, "due-out-missed", "taken back after it was due", [("overdue", 8, 6)], due(10, kind="handout"))
    case(book, "due-in-transit", "in transit, and not yet due", [], due(-3000, False))
    case(book, "overdue-in-transit", "in transit after it was due", [("overdue", 7, 6)], due(10, False))
    case(book, "overdue-out", "out after it was due", [("overdue", 7, 6)], due(10, False, kind="handout"))

    def waiting(days):
        def act(x):
            x.release("chan", [6], "dara")
            x.now += days * DAY
            x.act("note", ["chan"], [entry(6, note="x")])
        return act
    case(book, "in-transit-29-days", "in transit for 29 days without a due time", [], waiting(29))
    case(book, "unanswered", "in transit for 31 days without a due time", [("unanswered", 7, 6)], waiting(31))


def unseen(book):
    """SPEC 6.7."""
    def blind(kind):
        def act(x):
            before = x.tree_head()
            x.act("note", ["dara"], [entry(6, note="unseen by chan")])
            if kind == "release":
                x.release("chan", [6], "dara", more={"seen": before})
            else:
                x.act("examine", ["chan"], [entry(6, finding="x")], seen=before)
        return act
    case(book, "unseen-release", "a release by one who had not seen the record before it", [("unseen", 8, 6)],
         blind("release"))
    case(book, "unseen-examination", "an examination by one who had not seen the record before it: a finding", [],
         blind("examine"))
