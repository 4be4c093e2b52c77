# SPDX-License-Identifier: Apache-2.0
"""Pairs of files for --between (SPEC 11, silence): what was recorded of a thing between two checkpoints."""
from bundle import Bundle
from custody import seized
from forge import START, entry
from keys import policy
from v_note import cosign, trust

LATE = START + 90000


def build(book):
    """All pairs of this file."""
    things(book)
    containers(book)
    misuse(book)


def file(book, name, bundle):
    """Write it; give its name."""
    return book.file(name + ".bundle", bundle.data())


def newer(ledger, asked, size, anchored=True, **how):
    """A bundle that proves that it continues a checkpoint of that size."""
    if len(ledger.records) - 1 not in ledger.heads_at:
        ledger.heads()
    bundle = Bundle(ledger, asked, **how)
    if anchored:
        bundle.anchors = [bundle.anchor(size)]
    return bundle


def things(book):
    """Two things: one is handed over, of the other nothing is recorded."""
    ledger = seized(count=2)
    ledger.heads()
    size = len(ledger.records)
    moved, still = ledger.items
    case = ledger.case
    trusted = trust(book, ledger, "two", [("two", 2, ["w1", "w2"])], names=["w1", "w2"])
    signed = cosign("w1", "w2", time=LATE)
    older = file(book, "between-older", Bundle(ledger, [case, moved, still], witnesses=signed))
    later = ledger.copy()
    release = later.release("chan", [moved], "dara")
    accept = later.accept("dara", release, [moved])
    new = file(book, "between-newer", newer(later, [case, moved, still], size, witnesses=signed))
    answer = {str(case): [release, accept], str(moved): [release, accept], str(still): []}
    book.pair(older, new, trusted, 0, "intact", answer, "one thing was handed over, the other is silent, their case is not", witnessed=True)
    book.pair(older, older, trusted, 0, "intact", {str(case): [], str(moved): [], str(still): []}, "the same file twice", witnessed=True)
    alone = file(book, "between-alone", newer(later, [still], size, witnesses=signed))
    book.pair(older, alone, trusted, 0, "intact", {str(still): []}, "the newer file is of the silent thing alone", witnessed=True)
    plain = book.policy(ledger)
    book.pair(older, new, plain, 0, "intact", answer, "a policy without witnesses: on the station's own word", witnessed=False)
    one = file(book, "between-one-witness", newer(later, [still], size, witnesses=cosign("w1", time=LATE)))
    book.pair(older, one, trusted, 2, "quorum", {str(still): []}, "too few witnesses on the newer checkpoint", witnessed=False)
    unproven = file(book, "between-unproven", newer(later, [still], size, False, witnesses=signed))
    if size in [s[0] for s in Bundle(later, [still]).seen]:
        raise ValueError("proven after all")
    book.pair(older, unproven, trusted, 2, "since-unproven", None, "the newer file does not prove that it continues the older", witnessed=True)
    seen = ledger.relog(range(size), lambda i, rec: [*rec[:4], rec[4] + 1, *rec[5:]] if i == size - 1 else rec)
    third = seen.copy()
    third.release("chan", [moved], "dara", more={"seen": seen.tree_head()})
    book.pair(older, file(book, "between-fork-proven", newer(third, [moved], size, False, witnesses=signed)), trusted, 1, "fork", None,
              "another history of that size", witnessed=False)
    broken = ledger.copy()
    broken.act("note", ["chan"], [entry(moved, note="x", reason="y")], extra={19: True})
    at = len(broken.records) - 1
    book.pair(older, file(book, "between-broken", newer(broken, [moved], size, witnesses=signed)), trusted, 3, "custody", {str(moved): [at]},
              "custody was broken in between", witnessed=True)
    hidden = seized(count=2)
    hidden.simple("examine", ["chan"], moved, finding="ivory")
    examined = len(hidden.records) - 1
    hidden.heads(lies={moved: (len(hidden.threads[moved]) - 1, hidden.threads[moved][-2])})
    cut = len(hidden.records)
    lying = Bundle(hidden, [moved], drop=[examined])
    lying.seen = [s for s in lying.seen if s[0] != examined]
    lie = file(book, "between-false-heads-older", lying)
    truth = hidden.copy()
    truth.heads()
    told = file(book, "between-false-heads-newer", newer(truth, [moved], cut))
    book.pair(lie, told, book.policy(hidden), 1, "between", None, "the older file's heads hide a record that the newer file has", witnessed=False)


def containers(book):
    """What is in a container moves with it."""
    ledger = seized(count=2)
    inner, outer = ledger.crate("chan", 2)
    thing, loose = ledger.items
    ledger.register("chan", ledger.case, [inner, outer])
    ledger.pack("chan", [thing], inner)
    ledger.pack("chan", [inner], outer)
    ledger.heads()
    size = len(ledger.records)
    older = file(book, "between-packed-older", Bundle(ledger, [thing, loose]))
    plain = book.policy(ledger)
    later = ledger.copy()
    release = later.release("chan", [outer], "dara")
    accept = later.accept("dara", release, [outer])
    new = file(book, "between-packed-newer", newer(later, [thing, loose], size))
    book.pair(older, new, plain, 0, "intact", {str(thing): [release, accept], str(loose): []},
              "the pallet around a crate was handed over: that moves the thing in it", witnessed=False)
    out = ledger.copy()
    first = out.unpack("chan", [inner], outer)
    second = out.unpack("chan", [thing], inner)
    out.act("note", ["chan"], [entry(inner, note="empty now")])
    out.act("note", ["chan"], [entry(outer, note="empty too")])
    book.pair(older, file(book, "between-unpacked", newer(out, [thing, loose], size)), plain, 0, "intact",
              {str(thing): [first, second], str(loose): []}, "taken out; what is recorded of the crate afterwards is not of the thing", witnessed=False)
    quiet = ledger.copy()
    quiet.open_case("chan")
    book.pair(older, file(book, "between-packed-silent", newer(quiet, [thing, loose], size)), plain, 0, "intact", {str(thing): [], str(loose): []},
              "packed all the time, and nothing was recorded of what it was in", witnessed=False)


def misuse(book):
    """What the two files cannot be asked."""
    ledger = seized(count=2)
    ledger.heads()
    size = len(ledger.records)
    moved, still = ledger.items
    later = ledger.copy()
    later.open_case("chan")
    older = file(book, "between-misuse-older", Bundle(ledger, [moved]))
    new = file(book, "between-misuse-newer", newer(later, [moved], size))
    plain = book.policy(ledger)
    book.pair(new, older, plain, 2, None, None, "the wrong way round", misuse="order")
    apart = file(book, "between-misuse-apart", newer(later, [still], size))
    book.pair(older, apart, plain, 2, None, None, "nothing was asked for in both", misuse="nobody")
    other = seized(salt="other", station="station2", count=2)
    other.heads()
    trusted = book.file("between-two-ledgers.policy", policy([(ledger.origin, ledger.station), (other.origin, other.station)]))
    book.pair(older, file(book, "between-misuse-other", Bundle(other, [moved])), trusted, 2, None, None, "two ledgers", misuse="ledgers")
