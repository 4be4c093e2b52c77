# SPDX-License-Identifier: Apache-2.0
"""Rules of form that no other vector breaks: foundings, entries, P-256 signatures, lines of notes, exhibits."""
from cborx import enc
from codes import AMENDS, ENTRIES, OFCASE, PIECES, TOOFFICE, TYPE
from custody import Desk, seized, station
from forge import entry
from keys import Key, note_text
from make import record


def build(book):
    """All vectors of this file."""
    foundings(book)
    entries(book)
    p256(book)
    notes(book)
    exhibits(book)


def foundings(book):
    """6.5: the entries of `found`."""
    def found(name, what, change):
        def edit(payload):
            change(payload[ENTRIES])
        ledger = Desk(edit=edit)
        book.bad("found-" + name, ledger, [0], (1, "malformed-act", record(0)), what)
    found("ledger-as-person", "a founding whose ledger is a person", lambda rows: rows[0][2].update({TYPE: 2}))
    found("founder-no-office", "a founder without an office", lambda rows: rows[1][2].pop(TOOFFICE))
    found("founder-officer", "a founder who is an officer", lambda rows: rows[2][2].update({TOOFFICE: 2}))
    ledger = Desk(threshold=16, founders=[f"f{i}" for i in range(2)])
    book.bad("found-threshold-16", ledger, [0], (1, "malformed", record(0)), "a threshold of 16")


def entries(book):
    """V9.6."""
    ledger = station()
    ledger.act("allot", ["chan"], [entry(6, facts={TYPE: 5}), entry(8, facts={TYPE: 5})])
    book.bad("act-allot-gap", ledger, [6], (1, "malformed-act", record(4)), "an allotment that leaves out a number")
    ledger = seized(3, search=False, staff=[("phal", "prosecutor")])
    a, b, c = ledger.items
    here = (1, "malformed-act", record(8))
    for name, what, kind, who, rows, keys in [
            ("act-move-no-former-case", "a move from no case", "move", "phal",
             [entry(ledger.case, 1), entry(a, 0, {OFCASE: ledger.case}, order="x")], {}),
            ("act-animal-two", "carcasses of two entries", "animal", "chan",
             [entry(a, 0, {PIECES: 1}), entry(b, 0, {PIECES: 1}), entry(c, 4, {PIECES: 2})],
             {13: 3}),
            ("act-amends-in-note", "a note that amends a record", "note", "chan", [entry(a, note="x")],
             {AMENDS: [7, ledger.record_hash(7)]})]:
        copy = ledger.copy()
        copy.act(kind, [who], rows, extra=keys)
        book.bad(name, copy, [a], here, what)


def p256(book):
    """2.4: ESP256."""
    def signed(name, what, change):
        ledger = Desk()
        ledger.enrol("piv", "officer", Key("piv", -9))

        def sign(signs, data):
            signs[0][2] = change(signs[0][2])
        ledger.act("open", ["piv"], [entry(4, facts={TYPE: 4}, docket="1", law="2")], sign=sign)
        book.bad("esp256-" + name, ledger, [4], (1, "signature", record(2)), what)
    signed("wrong", "a P-256 signature with a changed bit", lambda value: bytes([value[0] ^ 1]) + value[1:])
    signed("r-zero", "a P-256 signature with r = 0", lambda value: bytes(32) + value[32:])
    signed("s-zero", "a P-256 signature with s = 0", lambda value: value[:32] + bytes(32))


def notes(book):
    """3.6: what a note must not look like."""
    ledger = Desk()
    ledger.heads()
    text, good = note_text(ledger.origin, *ledger.tree_head()), ledger.note()
    for name, what, note in [
            ("root-not-canonical", "a root with bits behind its end", ledger.note(text=text[:-3] + "t=\n")),
            ("line-hyphen", "a signature line that begins with a hyphen", good.replace("\u2014".encode(), b"-")),
            ("line-three-words", "a signature line of three words", good[:-1] + b" x\n"),
            ("line-short", "a signature of four bytes", good + "\u2014 w AAAAAA==\n".encode()),
            ("control-character", "a control character", good + "\u2014 w\t AAAAAAAA\n".encode()),
            ("not-utf8", "bytes that are not UTF-8", good + b"\xe2\x80\x94 \xff AAAAAAAA\n"),
            ("size-too-large", "a size of 2^53", ledger.note(text=text.replace("\n2\n", f"\n{1 << 53}\n")))]:
        book.bad("note-" + name, ledger, [0], (2, "unreadable", None), what + " in the checkpoint", note=note)


def exhibits(book):
    """V16: what is no exhibit of either form."""
    ledger = Desk()
    ledger.heads()
    note, trusted = ledger.note(), book.policy(ledger)
    for name, what, parts in [
            ("fork-node-short", "a node of 31 bytes", ["unbroken fork/1", note, note, [b"x" * 31]]),
            ("fork-note-text", "a note as a text", ["unbroken fork/1", note.decode(), note, []]),
            ("fork-garbage", "a note that is none", ["unbroken fork/1", b"x", note, []])]:
        book.add(name + ".fork", enc(parts), trusted, 2, "unreadable", None, what)
    heads = [ledger.records[1], []]
    for name, what, parts in [
            ("false-heads-proof-short", "a record without its path", [note, heads, None, [ledger.records[0]]]),
            ("false-heads-number", "a number in the place of the heads", [note, 7, None, heads])]:
        book.add(name + ".false-heads", enc(["unbroken false-heads/1", *parts]), trusted, 2, "unreadable", None, what)
