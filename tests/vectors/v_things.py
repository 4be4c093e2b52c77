# SPDX-License-Identifier: Apache-2.0
"""Rules of custody (SPEC 7): containers, masses, samples and splits, animals."""
from codes import CODE
from custody import facts, seized
from forge import entry
from v_custody import RITH, case

KG = 1000000


def build(book):
    """All vectors of this file."""
    containers(book)
    breaches(book)
    masses(book)
    parts(book)
    animals(book)
    corrections(book)


def crates(count=1, things=1, **how):
    """Things (6 …) and crates (after them) held by chan; the crates are `ledger.crates`."""
    ledger = seized(things, search=False, **how)
    ledger.crates = ledger.crate("chan", count)
    ledger.register("chan", ledger.case, ledger.crates, pieces=1)
    return ledger


def containers(book):
    """A container's life."""
    ledger = crates(things=2)
    a, b = ledger.items
    crate = ledger.crates[0]
    ledger.pack("chan", [a, b], crate)
    ledger.seal("chan", "dara", crate, ["S1", "S2"])
    release = ledger.release("chan", [crate], "dara", found=["S1", "S2"])
    ledger.accept("dara", release, [crate], code=2, found=["S1", "S2"])
    book.good("packed", ledger, [a], "packed, sealed, handed over by its crate, still inside")
    ledger.unseal("dara", "chan", crate, ["S1", "S2"])
    ledger.unpack("dara", [a], crate)
    book.good("unpacked-one", ledger, [b], "its neighbour was unpacked")
    ledger.unpack("dara", [b], crate)
    ledger.hand("dara", "chan", [a, b], pieces=1)
    book.good("unpacked", ledger, [a], "packed, sealed, handed over, unsealed, unpacked, handed over")
    book.good("crate-asked", ledger, [crate], "the crate by itself")
    book.good("crate-case-asked", ledger, [ledger.case], "the case with all of it")
    ledger.simple("note", ["dara"], crate, note="broken up")
    book.good("container-closed-noted", ledger, [crate], "a note on a closed crate")
    ledger.release("dara", [crate], "chan")
    book.good("container-closed-released", ledger, [a, crate], "a crate released after its last thing was taken out",
              [("state", len(ledger.records) - 1, crate)])

    def nest(name, count, what, inwards=False, broken=()):
        x = crates(count)
        chain = [x.items[0], *x.crates]
        steps = list(zip(chain, chain[1:]))
        for thing, around in steps[::-1] if inwards else steps:
            x.pack("chan", [thing], around)
        book.good(name, x, x.items, what, broken)
    nest("nested-4", 4, "four crates inside each other")
    nest("nested-5", 5, "five crates inside each other, the outermost first: each is packed when it is packed into",
         True, [("packed", 10, 10), ("packed", 11, 9), ("packed", 12, 8), ("packed", 13, 7), ("container", 12, 7),
                ("container", 13, 6)])
    nest("nested-5-inside-first", 5, "five crates inside each other, the innermost first",
         broken=[("container", 13, 10)])


def breaches(book):
    """What must not be done with containers. Records: 7 allot, 8 register, acts from 9 on; thing 6, crates 7, 8 …"""
    def crated(name, what, wrong, act, count=1, asked=None, **how):
        ledger = crates(count, **how)
        act(ledger)
        book.good("container-" + name, ledger, asked or ledger.items[:1], what, wrong)

    def sealed(x):
        x.seal("chan", "dara", 7, ["S1"])
        x.pack("chan", [6], 7)
    crated("packed-sealed", "packed into a sealed crate", [("container", 10, 7)], sealed)

    def unpack_sealed(x):
        x.pack("chan", [6], 7)
        x.seal("chan", "dara", 7, ["S1"])
        x.unpack("chan", [6], 7)
    crated("unpacked-sealed", "unpacked from a sealed crate", [("container", 11, 7)], unpack_sealed)
    crated("unpacked-not-in", "unpacked from a crate that it is not in", [("container", 9, 6)],
           lambda x: x.unpack("chan", [6], 7))

    crated("unpacked-not-in-asked", "the same, and the crate is asked for", [("container", 9, 6)],
           lambda x: x.unpack("chan", [6], 7), asked=[6, 7])

    def neighbour(x):
        x.pack("chan", [6], 7)
        x.unpack("chan", [6], 8)
    crated("unpacked-elsewhere", "unpacked from another crate than it is in", [("container", 10, 6)], neighbour, 2)
    def other_holder(x):
        x.hand("chan", "dara", [7])
        x.pack("chan", [6], 7)
    crated("other-holder", "packed into a crate that another holds",
           [("signers-rule", 11, 7), ("container", 11, 6)], other_holder)

    def packed(act):
        def run(x):
            x.pack("chan", [6], 7)
            act(x)
        return run
    crated("packed-released", "released while packed", [("packed", 10, 6)], packed(lambda x: x.release("chan", [6],
                                                                                                       "dara")))
    crated("packed-weighed", "weighed while packed", [("packed", 10, 6)], packed(lambda x: x.weigh("chan", 6, 9, 0, 9)))
    crated("packed-noted", "noted while packed", [], packed(lambda x: x.simple("note", ["dara"], 6, note="x")))
    crated("packed-labelled", "labelled while packed", [], packed(lambda x: x.label("chan", 6, 1)))

    def twice(x):
        x.pack("chan", [6], 7)
        x.pack("chan", [6], 8)
    crated("packed-twice", "packed into a second crate", [("packed", 10, 6)], twice, 2)

    def cycle(x):
        x.pack("chan", [7], 8)
        x.pack("chan", [8], 7)
    crated("cycle", "two crates, each inside the other", [("container", 10, 8), ("packed", 10, 7)], cycle, 2, [7])

    def closed(x):
        x.pack("chan", [6], 7)
        x.unpack("chan", [6], 7)
        x.pack("chan", [6], 7)
    crated("used-again", "a crate emptied and used again", [("container", 11, 7)], closed)

    # With a prosecutor all numbers are one higher: thing 7, crates 8 and 9; acts from 10 on.
    court = [("phal", "prosecutor")]

    def dispose(x, things):
        x.act("dispose", ["chan", "dara", "phal"], x.things(things), {"order": "x", "witness": "y"}, {CODE: 1})

    def destroyed(x):
        x.pack("chan", [7], 8)
        dispose(x, [8])
    crated("disposed-full", "a crate destroyed with a thing in it", [("container", 11, 8)], destroyed, staff=court)
    crated("disposed-full-asked", "the same, asked for the crate alone, so that what was in it is in no thread",
           [("container", 11, 8)], destroyed, asked=[8], staff=court)

    def emptied(x):
        x.pack("chan", [7], 8)
        x.unpack("chan", [7], 8)
        dispose(x, [7])
    crated("emptied-disposed", "a thing taken out of its crate and destroyed", [], emptied, asked=[7, 8], staff=court)

    def both(x):
        x.pack("chan", [7], 8)
        dispose(x, [7, 8])
    crated("disposed-with-content", "a crate and what is in it destroyed in one act", [("packed", 11, 7),
                                                                                       ("container", 11, 8)], both,
           staff=court)

    def consumed(x):
        x.pack("chan", [6], 7)
        x.act("consume", ["chan", "dara"], x.things([7]), None, {CODE: 2})
    crated("consumed-full", "a crate consumed with a thing in it", [("container", 10, 7)], consumed)


def masses(book):
    """Weighing. The act is record 7."""
    def weighed(name, what, wrong, gross, tare, net, known=None, **details):
        case(book, "weigh-" + name, what, [("mass", 7, 6)] if wrong else [],
             lambda x: x.weigh("chan", 6, gross, tare, net, **details), net=known)
    weighed("first", "weighed for the first time", False, 1100, 100, 1000)
    weighed("sum-wrong", "net is not gross less tare", True, 1100, 100, 1001)
    weighed("net-only", "net only", False, None, None, 1000)
    weighed("drift-small", "2 % lighter", False, None, None, 980 * 1000, KG)
    weighed("drift", "more than 2 % lighter, not explained", True, None, None, 979999, KG)
    weighed("drift-explained", "more than 2 % lighter, explained", False, None, None, 979999, KG,
            drift_explanation="dried out")
    weighed("drift-light-thing", "50 % lighter, by a gram", False, None, None, 1000, 2000)
    weighed("drift-heavier", "3 % heavier, not explained", True, None, None, 1030000, KG)

    def twice(x):
        x.weigh("chan", 6, None, None, 979999, drift_explanation="dried out")
        x.weigh("chan", 6, None, None, 979999)
    case(book, "weigh-new-state", "the new net mass is the one to compare with", [], twice, net=KG)
    case(book, "accept-lighter", "accepted at a lower mass", [("mass", 8, 6)],
         lambda x: x.accept("dara", x.release("chan", [6], "dara"), [6], code=3, net=900000), net=KG)


def parts(book):
    """Samples and splits: allot is record 7, the act record 8; the children are 7, 8 …"""
    def cut(name, kind, what, wrong, stated, given, asked=None, signers=("chan", "dara"), pieces=1, net=KG):
        ledger = seized(pieces=pieces, net=net, search=False)
        children = ledger.allot("chan", len(given))
        ledger.part(kind, list(signers), 6, children, ledger.case, stated, given)
        book.good(f"{kind}-{name}", ledger, asked or [6], what, wrong)
        return ledger, children
    ok = {"gross": KG, "tare": 0, "net": 990000}
    ledger, children = cut("good", "sample", "a sample whose masses add up", [], ok, [{"net": 10000, "pieces": 1}])
    book.good("sample-child", ledger, children, "the sample itself: its parent is in the closure")
    book.good("sample-case", ledger, [ledger.case], "the case, with thing and sample")
    ledger.simple("examine", ["chan"], children[0], finding="DNA")
    ledger.hand("chan", "dara", children, pieces=1)
    book.good("sample-handed-over", ledger, children, "the sample examined and handed over")
    cut("loss", "sample", "a sample with a loss stated", [], {"gross": KG, "tare": 500, "net": 989500},
        [{"net": 10000, "pieces": 1}])
    cut("lost-mass", "sample", "a sample whose masses do not add up", [("mass", 8, 6)],
        {"gross": KG, "tare": 0, "net": 980000}, [{"net": 10000, "pieces": 1}])
    cut("unlike-last", "sample", "a sample of a thing found much lighter", [("mass", 8, 6)],
        {"gross": 900000, "tare": 0, "net": 890000}, [{"net": 10000, "pieces": 1}])
    cut("no-mass", "sample", "a sample without masses, of a thing of known mass", [("must-state", 8, 6)], {},
        [{"pieces": 1}])
    cut("mass-unknown", "sample", "a sample without masses, of a thing never weighed", [], {}, [{"pieces": 1}],
        net=None)
    cut("by-custodian", "sample", "a sample by a custodian", [("signers-rule", 8, None)], ok,
        [{"net": 10000, "pieces": 1}], signers=("dara", "chan"))
    ten = {"gross": KG, "tare": 0, "net": 600000, "pieces": 6}
    ledger, children = cut("good", "split", "ten pieces split", [], ten, [{"net": 300000, "pieces": 3},
                                                                       {"net": 100000, "pieces": 1}], pieces=10)
    book.good("split-child", ledger, children[:1], "one of the parts")
    rows = [entry(i, facts=facts(n)) for i, n in zip([6, *children], (6, 3, 1))]
    ledger.accept("dara", ledger.release("chan", None, "dara", rows=rows), [6, *children])
    book.good("split-all", ledger, [6, *children], "parent and parts, handed over")
    cut("lost-piece", "split", "ten pieces split, one is lost", [("pieces", 8, 6)], ten,
        [{"net": 400000, "pieces": 3}], pieces=10)
    cut("lost-mass", "split", "ten pieces split, mass is lost", [("mass", 8, 6)], ten,
        [{"net": 300000, "pieces": 4}], pieces=10)
    cut("child-nothing", "sample", "a sample of which nothing is stated", [("must-state", 8, 6)], ok | {"net": KG},
        [{}])
    cut("child-no-pieces", "split", "a part without its pieces", [("must-state", 8, 6)],
        {"gross": KG, "tare": 0, "net": 600000, "pieces": 10}, [{"net": 400000}], pieces=10)
    ledger = seized(pieces=10)
    child = ledger.allot("chan")[0]
    ledger.register("chan", ledger.case, [child])
    ledger.part("split", ["chan"], 6, [child], ledger.case, {"pieces": 9}, [{"pieces": 1}])
    book.good("split-child-used", ledger, [6, child], "a part whose number was in use", [("state", 9, child)])


def animals(book):
    """Animals: the act is record 7, or 8 after allotting carcasses; pieces 4."""
    def live(name, what, wrong, act, asked=None):
        case(book, "animal-" + name, what, wrong, act, asked, pieces=4)
    live("condition", "its condition", [], lambda x: x.animal("chan", 6, 1, health="good"))

    def births(x):
        x.animal("chan", 6, 2, 3)
        x.hand("chan", "dara", [6], pieces=7)
    live("birth", "three births, seven handed over", [], births)

    def freed(x):
        x.animal("chan", 6, 4, 4, order="x")
        x.simple("note", ["dara"], 6, note="all free")
    live("freed", "all set free, then a note", [], freed)
    live("freed-too-many", "more set free than there were", [("pieces", 7, 6)], lambda x: x.animal("chan", 6, 4, 5, order="x"))

    def freed_hand(x):
        x.animal("chan", 6, 4, 4, order="x")
        x.label("chan", 6, 1)
    live("freed-then-labelled", "a label after all were set free", [("state", 8, 6)], freed_hand)

    live("birth-not-counted", "births without their number", [("must-state", 7, 6)],
         lambda x: x.animal("chan", 6, 2))
    live("death-not-counted", "deaths without their number", [("must-state", 7, 6)],
         lambda x: x.animal("chan", 6, 3, cause_of_death="stress"))
    live("freed-not-counted", "set free without their number", [("must-state", 7, 6)],
         lambda x: x.animal("chan", 6, 4, order="x"))
    live("freed-without-order", "one set free without an order", [("must-state", 7, 6)],
         lambda x: x.animal("chan", 6, 4, 1))

    def carcass(given):
        def act(x):
            child = x.allot("chan")
            x.animal("chan", 6, 3, 2, x.case, child, [{"pieces": given}], cause_of_death="stress")
        return act
    live("death", "two deaths with their carcasses", [], carcass(2), [6, 7])
    live("death-carcass", "the carcasses: the animals are in the closure", [], carcass(2), [7])
    live("death-carcass-missing", "two deaths, one carcass", [("pieces", 8, 6)], carcass(1), [6])

    def dead(x):
        x.animal("chan", 6, 3, 1)
        x.hand("chan", "dara", [6], pieces=4)
    live("death-stays", "a death without carcasses leaves the pieces", [], dead)

    def carer(x):
        x.enrol("care", "carer")
        x.animal("care", 6, 1)
    live("carer", "its condition by a carer who does not hold it", [], carer)
    live("custodian", "its condition by a custodian who does not hold it", [("signers-rule", 7, 6)],
         lambda x: x.animal("dara", 6, 1))


def corrections(book):
    """SPEC 7.3.16."""
    case(book, "correct-other-name", "a correction of a detail that the record has not", [("correction", 7, 6)],
         lambda x: x.correct(["chan", "dara"], 6, 6, specimen="TUS"))
    case(book, "correct-remarks", "a correction with remarks", [],
         lambda x: x.correct(["chan", "dara"], 6, 6, species="y", remarks="z"))
    case(book, "stocktake-pieces", "fewer pieces at a stock-take", [("pieces", 8, 7)],
         lambda x: x.act("stocktake", ["rith", "dara"], [entry(7, facts={**facts(1), 9: 1})], extra={12: 0}),
         pieces=3, staff=RITH)
