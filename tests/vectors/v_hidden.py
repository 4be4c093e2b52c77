# SPDX-License-Identifier: Apache-2.0
"""What a forger would have a verifier overlook: subjects that the heads do not count, parts that no case names, the order of
numbers, keys of the payload that are not there, and stops behind findings."""
from bundle import Bundle
from codes import ANSWERS, FROM, KIND
from custody import Desk, facts, seized, station
from forge import entry
from keys import Key
from make import record, subject
from tree import consistency, inclusion
from v_late import RITH, adopt, lodge, revoked

ITEM = 6


def build(book):
    """All vectors of this file."""
    uncounted(book)
    parts(book)
    order_of_numbers(book)
    unknown(book)
    absent(book)
    stopped(book)
    signers(book)
    things(book)


def uncounted(book):
    """A heads record that says M too small: what it does not count would be in no closure."""
    ledger = seized(count=2)
    hidden = ledger.threads.pop()
    ledger.heads()
    book.bad("attack-subjects-uncounted", ledger, [ledger.case], (1, "thread", subject(7)),
             "a heads record that does not count the last item, which the records of its case name")
    ledger.threads.append(hidden)


def parts(book):
    """Things of an asked case that only their parents' records name."""
    def cut(kind="split", **how):
        ledger = seized(pieces=4, search=False, **how)
        child, grandchild = ledger.allot("chan", 2)
        if kind == "split":
            ledger.act("split", ["chan"], [entry(ITEM, 3, facts(1)), entry(child, 4, facts(3))])
            ledger.act("split", ["chan"], [entry(child, 3, facts(1)), entry(grandchild, 4, facts(2))])
        else:
            ledger.animal("chan", ITEM, 3, 2, children=[child], given=[{"pieces": 2}])
        ledger.heads()
        return ledger, child, grandchild
    ledger, child, grandchild = cut()
    book.good("split-case-not-named", ledger, [ledger.case],
              "an item split, and split again, by acts that do not name its case: the parts are of the case")
    book.good("split-case-not-named-item", ledger, [ITEM], "the same, asked for the item: its parts are other things")
    book.bad("attack-part-withheld", ledger, [ledger.case], (1, "incomplete", subject(child)),
             "the same, both parts left out", without=[child, grandchild], drop=[9])
    book.bad("attack-part-of-part-withheld", ledger, [ledger.case], (1, "incomplete", subject(grandchild)),
             "the same, the part of the part left out", without=[grandchild])
    ledger.act("note", ["chan"], [entry(child)])
    book.good("case-part-broken", ledger, [ledger.case], "the same; a rule is broken that concerns the part",
              [("must-state", len(ledger.records) - 1, child)])
    ledger, child, _ = cut("animal")
    book.bad("attack-carcass-withheld", ledger, [ledger.case], (1, "incomplete", subject(child)),
             "the carcass of an animal of the case left out, whose record does not name the case", without=[child])


def order_of_numbers(book):
    """A container that was allotted before what is put into it."""
    ledger = station()
    crate, item = ledger.crate("chan")[0], ledger.allot("chan")[0]
    ledger.register("chan", ledger.case, [crate])
    ledger.register("chan", ledger.case, [item])
    ledger.pack("chan", [item], crate)
    ledger.unpack("chan", [item], crate)
    book.good("container-lower-number", ledger, [crate, item], "emptied, a container of a lower number than its contents is closed")


def unknown(book):
    """Acts of kinds that are not known."""
    ledger = seized(search=False)
    ledger.accept("dara", b"x" * 32, [ITEM])
    ledger.act(200, ["chan"], [entry(ITEM)])
    book.bad("kind-unknown-after-answers", ledger, [ITEM], (2, "unknown-kind", record(8)),
             "an acceptance of nothing, and then an act of an unknown kind: custody is not judged")
    ledger = seized(search=False)
    ledger.act(200, ["chan"], [entry(ITEM), entry(7)])
    book.bad("kind-unknown-opens", ledger, [ITEM], (1, "opening", record(7)), "an act of an unknown kind opens a subject")


def absent(book):
    """Payload keys that are not there must not be read from another act."""
    staff = [("rith", "officer"), ("veha", "custodian")]
    ledger = seized(search=False, staff=staff)
    item, ident = ledger.items[0], b"y" * 32
    ledger.act("lodge", ["veha"], [entry(item)], {"orphan_act": b"none"}, {ANSWERS: ident, FROM: [3, None, None]})
    ledger.act("adopt", ["rith", "veha"], [entry(item)], {"reason": "late"})
    ledger.accept("dara", ident, [item])
    book.bad("answers-lodged-nothing", ledger, [item], (1, "answers", record(11)),
             "an acceptance answers what was lodged; an adoption that answers nothing stands between")
    ledger = seized(search=False, pieces=3)
    release = ledger.release("chan", [ITEM], "dara")
    ledger.accept("dara", release, [ITEM])
    place = ledger.place("dara")
    ledger.stocktake(["anna", "dara"], place, {ITEM: 3})
    second = ledger.release("dara", [ITEM], "chan")
    third = ledger.act("accept", ["chan"], [entry(ITEM)], None, {ANSWERS: ledger.act_id(second)})
    book.good("accept-no-mode", ledger, [ITEM], "an acceptance without a mode finds nothing that a stock-take missed",
              [("must-state", third, None), ("missing", last_of(ledger, "stocktake"), ITEM)])
    ledger = seized(search=False)
    ledger.act("correct", ["chan", "dara"], [entry(ITEM, remarks="x")], {"reason": "misread"})
    book.good("correct-amends-nothing", ledger, [ITEM], "a correction that does not say what it corrects",
              [("must-state", 7, None), ("signers-rule", 7, None)])


def last_of(ledger, kind):
    """The last record of that kind."""
    return max(i for i, step in enumerate(ledger.steps) if step["kind"] == KIND[kind])


def stopped(book):
    """Stops behind breaches and withheld details."""
    ledger = Desk()
    ledger.act("note", ["anna"], [entry(1)])
    ledger.heads()
    book.bad("attack-ledger-withheld", ledger, [1], (1, "incomplete", subject(0)),
             "the ledger's own thread left out; a rule is broken as well", without=[0])
    ledger.enrol("chan", "officer")
    ledger.act("note", ["chan"], [entry(1, note="x")])
    ledger.heads()
    book.bad("attack-ledger-withheld-enrolled", ledger, [1], (1, "incomplete", subject(0)),
             "the same, with a person enrolled by the ledger's threshold", without=[0])
    ledger = seized(search=False, staff=[("phal", "prosecutor")])
    item = ledger.items[0]
    ledger.order("phal", item, [72])
    ledger.act("note", ["chan"], [entry(item, note="x")])
    ledger.heads()
    book.bad("withheld-by-order-and-without", ledger, [item], (1, "withheld", record(9)),
             "one detail withheld by order, and a later one without", withhold=[(7, item, 72), (9, item, 1)])


def signers(book):
    """Signers whose thread is there and says nothing yet, and one whose thread is not."""
    ledger = seized(search=False)
    late = Key("late")
    ledger.act("note", [("late", [len(ledger.threads), 1, 2], late)], [entry(ITEM, note="x")])
    ledger.enrol("late", "officer", key=late)
    ledger.heads()
    book.bad("attack-signed-before-enrolment", ledger, [ITEM], (1, "key", record(7)),
             "a note signed by a person who is enrolled only after it")
    ledger = Desk()
    ledger.enrol("chan", "officer")
    ledger.act("note", ["anna"], [entry(3, note="x")])
    ledger.heads()
    book.bad("attack-enrolled-withheld", ledger, [0], (1, "incomplete", subject(3)),
             "the thread of a person left out, and not the record of the enrolment",
             bundle=with_record(ledger, [0], [1, 2]))
    ledger = Desk()
    ledger.enrol("chan", 300)
    ledger.enrol("dara", 300)
    ledger.act("note", ["chan"], [entry(0, note="x")])
    ledger.act("end", ["anna"], [entry(3, facts={11: 300})])
    ledger.act("note", ["dara"], [entry(0, note="x")])
    book.good("office-300", ledger, [0], "offices that this version does not name, given, signed in and ended")
    ledger.act("note", [("dara", [4, 1, 255])], [entry(0, note="x")])
    ledger.heads()
    book.bad("office-300-as-255", ledger, [0], (1, "office", record(7)), "such an office, signed in as another that is not named")
    ledger = Desk()
    ledger.act("enrol", ["anna", ("chan", [3, 1, 2], Key("chan"))],
               [entry(3, facts={0: 2, 10: Key("chan").cose, 11: 2})])
    ledger.heads()
    book.bad("enrolled-in-his-office", ledger, [3], (1, "office", record(1)),
             "the person enrolled signs in the office that the act gives him")


def with_record(ledger, asked, further):
    """A bundle with records that touch no member."""
    bundle = Bundle(ledger, asked)
    kept = sorted({0, len(ledger.records) - 1, *further, *[
        i for i, step in enumerate(ledger.steps) if set(step["subjects"]) & set(bundle.members)]})
    bundle.records = [[ledger.records[i], inclusion(i, bundle.hashes)] for i in kept]
    sizes = {ledger.steps[i]["payload"].get(5, [0])[0] for i in kept if ledger.steps[i]["kind"] is not None}
    bundle.seen = [[m, consistency(m, bundle.hashes)] for m in sorted(sizes) if m]
    return bundle


def things(book):
    """States that were never stated, and acts that have no effect."""
    ledger = seized(search=False, net=1000000, staff=[("exo", "expert")])
    child = ledger.allot("chan")[0]
    ledger.part("sample", ["chan", "dara"], ledger.items[0], [child], ledger.case, {"gross": 1000000, "tare": 0, "net": 995000},
                [{"net": 5000}])
    ledger.release("chan", [child], "exo", pieces=1)
    book.good("sample-mass-alone-released", ledger, [child],
              "a sample that states its mass alone is released as one piece: no piece was stated before")
    ledger = seized(search=False)
    ledger.hand("chan", "dara", [ITEM])
    crate = ledger.crate("dara")[0]
    index = ledger.unpack("chan", [ITEM], crate)
    ledger.simple("examine", ["dara"], ITEM, finding="ivory")
    book.good("container-unpacked-keeps-holder", ledger, [ITEM, crate],
              "an officer who does not hold it unpacks a thing from a container that it was not in: its holder stays",
              [("container", index, ITEM), ("container", index, crate), ("signers-rule", index, ITEM)])
    ledger = station()
    item = ledger.allot("chan")[0]
    out = ledger.outing("handout", ["chan", "dara"], [item])
    back = ledger.outing("takeback", ["dara", "chan"], [item])
    book.good("handout-unused", ledger, [item], "a thing that nobody holds is handed out; nobody can take it back as its holder",
              [("state", out, item), ("signers-rule", back, item)])
    ledger = seized()
    index = last_of(ledger, "seize")
    ledger.correct(["chan", "dara"], index, ledger.case, owner="nobody")
    book.good("correct-case-other-name", ledger, [ledger.case], "a correction of the seizure names a detail that it does not have",
              [("correction", len(ledger.records) - 1, ledger.case)])
    ledger, ident, data = revoked(lambda x, release: x.release("dara", [9], "rith"))
    lodge(ledger, ident, data, RITH)
    adopt(ledger, ident)
    ledger.accept("rith", ident, [9])
    book.bad("answers-adopted-in-vain", ledger, [9], (1, "answers", record(14)),
             "an acceptance answers a release whose adoption had no effect, for it is not that of the person named")

