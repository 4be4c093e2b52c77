# SPDX-License-Identifier: Apache-2.0
"""The two exhibits (SPEC V16): proven forks and false heads."""
from cborx import enc
from custody import station
from forge import entry
from keys import Key
from tree import consistency, inclusion, leaf_hash


def build(book):
    """All vectors of this file."""
    forks(book)
    heads(book)


def forks(book):
    """Two histories of one ledger."""
    one = station()
    two = one.copy()
    one.act("note", ["chan"], [entry(5, note="shown to the court")])
    one.heads()
    two.act("note", ["chan"], [entry(5, note="shown to the defence")])
    two.heads()
    longer = two.copy()
    longer.open_case("chan")
    longer.heads()

    def fork(name, status, code, what, a, b, nodes, first="unbroken fork/1", policy=None):
        book.add(name + ".fork", enc([first, a, b, nodes]), policy or book.policy(one), status, code, None, what)

    def path(ledger, size):
        return consistency(size, [leaf_hash(r) for r in ledger.records])
    proven, nothing = (1, "fork"), (2, "no-exhibit")
    fork("fork-same-size", *proven, "two checkpoints of one size with two roots", one.note(), two.note(), [])
    fork("fork-longer", *proven, "the second history is longer", one.note(), longer.note(), path(longer, 6))
    even, twin = station(), station()
    for number in range(3):
        even.act("note", ["chan"], [entry(5, note=f"court {number}")])
        twin.act("note", ["chan"], [entry(5, note=f"defence {number}")])
    even.heads()
    twin.heads()
    grown = twin.copy()
    grown.open_case("chan")
    grown.heads()
    fork("fork-power-of-two", *proven, "of size 8 and 10: the root at 8 that the second history has comes first",
         even.note(), grown.note(), [twin.tree_head()[1], *path(grown, 8)])
    fork("fork-power-of-two-short", *nothing, "the same without that root", even.note(), grown.note(), path(grown, 8))
    fork("fork-power-of-two-none", *nothing, "of size 8 and 10, and no fork", twin.note(), grown.note(),
         [twin.tree_head()[1], *path(grown, 8)])
    fork("fork-power-of-two-lie", *nothing, "of size 8 and 10, no fork, and another root in front", twin.note(),
         grown.note(), [even.tree_head()[1], *path(grown, 8)])
    fork("fork-none", *nothing, "the longer history contains the shorter", two.note(), longer.note(),
         path(longer, 6))
    fork("fork-same-root", *nothing, "twice the same checkpoint", one.note(), one.note(), [])
    fork("fork-wrong-path", *nothing, "a path that leads nowhere", one.note(), longer.note(),
         [b"x" * 32, *path(longer, 6)[1:]])
    fork("fork-same-size-nodes", *nothing, "nodes though the sizes are equal", one.note(), two.note(), [b"x" * 32])
    fork("fork-descending", *nothing, "the longer checkpoint first", longer.note(), one.note(),
         path(longer, 6))
    fork("fork-other-key", 2, "unreadable", "one of the checkpoints is not signed by the station",
         one.note(key=Key("thief")), longer.note(), path(longer, 6))
    other = station(salt="other")
    other.heads()
    fork("fork-two-ledgers", 2, "unreadable", "checkpoints of two ledgers", other.note(), longer.note(),
         path(longer, 5))
    fork("fork-version", 2, "transport", "an exhibit of a version to come: it is none, and has no check",
         one.note(), two.note(), [], "unbroken fork/2")


def heads(book):
    """Heads that contradict a record of the same tree."""
    def ledger(lies=None, hide=0):
        out = station()
        out.act("note", ["chan"], [entry(5, note="x")])
        if hide:
            out.threads.pop()
            out.heads()
        else:
            out.heads(lies=lies)
        return out

    def exhibit(name, status, code, what, out, leaf=True, index=4, who=5, note=None, alter=None):
        hashes = [leaf_hash(r) for r in out.records]
        at = max(out.heads_at)
        leaves = out.heads_at[at]
        tops = [leaf_hash(x) for x in leaves]
        parts = ["unbroken false-heads/1", note or out.note(), [out.records[at], inclusion(at, hashes)],
                 [leaves[who], inclusion(who, tops)] if leaf else None,
                 [out.records[index], inclusion(index, hashes)]]
        if alter:
            alter(parts)
        book.add(name + ".false-heads", enc(parts), book.policy(out), status, code, None, what)
    proven, nothing = (1, "false-heads"), (2, "no-exhibit")
    short = ledger({5: (1, 3)})
    exhibit("false-heads-count", *proven, "heads that leave out the last record of a thread", short)
    exhibit("false-heads-last", *proven, "heads with the right count, but an earlier last record",
            ledger({5: (2, 3)}))
    exhibit("false-heads-none", *nothing, "heads that are right", ledger())
    exhibit("false-heads-other-subject", *nothing, "a leaf of a subject that the record does not touch", short, who=3)
    exhibit("false-heads-subject-hidden", *proven, "heads that count one subject less", ledger(hide=1), leaf=False)
    exhibit("false-heads-null-leaf", *nothing, "no leaf, though the subject is counted", short, leaf=False)

    def junk(parts):
        parts[4][1] = [b"x" * 32, *parts[4][1][1:]]
    exhibit("false-heads-record-elsewhere", *nothing, "a record that is not in the tree", short, alter=junk)
    exhibit("false-heads-other-key", 2, "unreadable", "a checkpoint that the station did not sign", short,
            note=short.note(key=Key("thief")))
    later = ledger()
    later.act("note", ["chan"], [entry(5, note="after the heads")])
    exhibit("false-heads-record-later", *nothing, "a record after the heads record", later, index=6)
