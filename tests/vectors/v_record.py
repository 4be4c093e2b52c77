# SPDX-License-Identifier: Apache-2.0
"""Records, leaves, threads, acts, details that break a rule of form (SPEC 9, V5 to V11), signed by those concerned."""
import hashlib

import cbor2

from bundle import Bundle
from cborx import enc
from codes import AMENDS, ENTRIES, LID, OFCASE, PIECES, PUBKEY, SEEN, SIGNERS, TOOFFICE, TYPE
from custody import Desk, seized, station
from forge import entry
from keys import L, Key, N
from make import record, subject
from tree import inclusion, leaf_hash, sha


def build(book):
    """All vectors of this file."""
    layers(book)
    leaves(book)
    opening(book)
    signatures(book)
    pins(book)
    surplus(book)
    details(book)
    unknown(book)


def noted(count=1, **how):
    """A station with a signed note on its case, as record 4, made with the given hooks."""
    ledger = station()
    for _ in range(count):
        ledger.act("note", ["chan"], [entry(ledger.case, note="x")], **how)
    return ledger


def change(index, value):
    """A hook that puts another value into a record."""
    def edit(rec):
        rec[index] = value
    return edit


def layers(book):
    """V5: records."""
    here = record(4)
    cases = [
        ("record-version", (2, "version", here), "a record of version 2", {"record": change(0, 2)}),
        ("record-index", (2, "unreadable", None), "a record whose index is beyond the ledger's end",
         {"record": change(2, 77)}),
        ("record-index-text", (1, "malformed", None), "a record whose index is a text", {"record": change(2, "4")}),
        ("record-type-index", (1, "malformed", record(77)), "a record of type 2 that gives a false index",
         {"record": lambda rec: [1, 2, 77, *rec[3:]]}),
        ("record-type", (1, "malformed", here), "a record of type 2", {"record": change(1, 2)}),
        ("record-prev-null", (1, "malformed", here), "a record that is not the first and has no `prev`",
         {"record": change(3, None)}),
        ("record-links-empty", (1, "malformed", here), "a record without links", {"record": change(5, [])}),
        ("record-link-before-later", (1, "malformed", here), "a link to a record that is not before it",
         {"record": change(5, [[5, 2, 4]])}),
        ("record-link-first-with-before", (1, "malformed", here), "a link with number 1 and a record before",
         {"record": change(5, [[5, 1, 3]])}),
        ("record-links-double", (1, "malformed", here), "the same link twice",
         {"record": change(5, [[5, 2, 3], [5, 2, 3]])})]
    for name, verdict, what, how in cases:
        book.bad(name, noted(**how), [5], verdict, what)
    ledger = station()
    items = ledger.allot("chan", 512)
    book.good("entries-512", ledger, [items[511]], "512 things allotted in one act: the last of them")
    ledger = station()
    items = ledger.allot("chan", 513)
    book.bad("entries-513", ledger, [items[0]], (1, "malformed", here), "513 things in one act")
    ledger = station()
    ledger.act("note", ["chan"], [entry(ledger.case, note="x")],
               sign=lambda s, d: s * 17, edit=lambda p: {**p, SIGNERS: p[SIGNERS] * 17})
    book.bad("signers-17", ledger, [5], (1, "malformed", here), "seventeen signers")


def leaves(book):
    """V7, V8: leaves and threads."""
    ledger = noted()
    ledger.heads()
    tops = [leaf_hash(leaf) for leaf in ledger.heads_at[5]]

    def with_leaf(who, data, path=None):
        bundle = Bundle(ledger, [5])
        bundle.leaves[bundle.members.index(who)] = [data, path or inclusion(who, tops)]
        return bundle
    good = cbor2.loads(ledger.heads_at[5][5])
    book.bad("leaf-other-ledger", ledger, None, (1, "leaf", subject(5)), "a leaf of another ledger",
             bundle=with_leaf(5, enc([good[0], b"x" * 32, *good[2:]])))
    book.bad("leaf-malformed", ledger, None, (1, "malformed-leaf", None), "a leaf with a further field",
             bundle=with_leaf(5, enc([*good, 1])))
    book.bad("leaf-path-short", ledger, None, (1, "leaf", subject(5)), "a leaf whose path lacks a node",
             bundle=with_leaf(5, ledger.heads_at[5][5], inclusion(5, tops)[:-1]))

    def lying(name, verdict, what, lie):
        liar = noted(2)
        liar.heads(lies={5: lie})
        book.bad(name, liar, [5], verdict, what)
    lying("leaf-count-above", (1, "incomplete", subject(5)), "a leaf that counts one record more than there are",
          (4, 5))
    lying("leaf-count-below", (1, "thread", subject(5)), "a leaf that counts one record less", (2, 4))
    lying("leaf-last-wrong", (1, "thread", subject(5)), "a leaf with another last record", (3, 4))

    def threaded(name, verdict, what, links):
        book.bad(name, noted(2, record=lambda rec: change(5, links)(rec) if rec[2] == 5 else None), [5],
                 verdict, what)
    threaded("thread-number-twice", (1, "thread", subject(5)), "two records of one number", [[5, 2, 3]])
    threaded("thread-number-skipped", (1, "incomplete", subject(5)), "a number left out", [[5, 4, 4]])
    threaded("thread-before-wrong", (1, "thread", subject(5)), "a link to the record before the last",
             [[5, 3, 3]])


def opening(book):
    """V9.3, V9.4, V9.6."""
    ledger = station()
    ledger.act("note", ["chan"], [entry(5, note="x")], subjects=[3, 5])
    book.bad("links-one-more", ledger, [5], (1, "links", record(4)), "a record linked to a thread that its act "
             "does not name")
    ledger = seized(2)
    ledger.act("note", ["chan"], ledger.things(ledger.items), {"note": "x"}, subjects=ledger.items[:1])
    book.bad("links-one-less", ledger, ledger.items[:1], (1, "links", record(7)),
             "a record not linked to a thread that its act names")
    ledger = station()
    ledger.act("note", ["chan"], [entry(6, note="x")])
    book.bad("opening-by-note", ledger, [6], (1, "opening", record(4)), "a note that opens a subject")
    ledger = station()
    ledger.act("open", ["chan"], [entry(5, facts={TYPE: 4}, docket="1", law="2")])
    book.bad("opening-again", ledger, [5], (1, "opening", record(4)), "a case opened that is open")

    bad = lambda name, what, *args, **how: malformed(book, name, what, *args, **how)  # noqa: E731
    bad("act-key-not-allowed", "a note with a due time", "note", ["chan"], [entry(5, note="x")], extra={20: 1})
    bad("act-fact-not-allowed", "a note that states pieces", "note", ["chan"], [entry(5, 0, {PIECES: 1}, note="x")])
    bad("act-role-not-listed", "a note with a thing in the role of a parent", "note", ["chan"], [entry(5, 3, note="x")])
    bad("act-type-wrong", "a case released", "release", ["chan"], [entry(5)], extra={9: [4, None, None], 13: 1})
    bad("act-must-missing", "an appointment without an office", "appoint", ["anna"], [entry(3)], who=3)
    bad("act-key-must-missing", "a clock act without its times", "clock", ["anna"], [entry(0)], who=0)
    bad("act-type-missing", "an allotment without a type", "allot", ["chan"], [entry(6)], who=6)
    bad("act-type-given-again", "a note that gives a type", "note", ["chan"], [entry(5, 0, {TYPE: 4}, note="x")])
    bad("act-type-of-other-act", "an allotment of a case", "allot", ["chan"], [entry(6, 0, {TYPE: 4})], who=6)
    bad("act-enrol-two", "two persons enrolled in one act", "enrol",
        ["anna", ("dara", [6, 0, 0], Key("x")), ("dara", [7, 0, 0], Key("y"))],
        [entry(6, 0, {TYPE: 2, PUBKEY: Key("x").cose, TOOFFICE: 2}),
         entry(7, 0, {TYPE: 2, PUBKEY: Key("y").cose, TOOFFICE: 2})], who=6)
    ledger = seized(3)
    a, b, c = ledger.items
    for name, what, kind, signers, entries, keys in [
            ("act-same-as-three", "three things the same", "same", ["chan", "dara"],
             [entry(i, reason="x") for i in ledger.items], {}),
            ("act-pack-no-container", "packed into nothing", "pack", ["chan"], [entry(a)], {}),
            ("act-split-two-parents", "two parents split", "split", ["chan"], [entry(a, 3), entry(b, 3), entry(c, 4)],
             {}),
            ("act-register-no-case", "registered without the case's entry", "register", ["chan"],
             [entry(a, 0, {OFCASE: ledger.case, PIECES: 1})], {}),
            ("act-register-other-case", "registered in a case other than the entry's", "register", ["chan"],
             [entry(ledger.case, 1), entry(a, 0, {OFCASE: 99, PIECES: 1})], {})]:
        copy = ledger.copy()
        copy.act(kind, signers, entries, extra=keys)
        book.bad(name, copy, [a], (1, "malformed-act", record(7)), what)
    ledger = Desk(founders=["anna", "boris"], threshold=2)
    book.bad("found-too-few", ledger, [0], (1, "malformed-act", record(0)), "two founders with threshold 2")
    for name, text in [("upper", "Dryport"), ("empty", "dryport//x"), ("dots", "a/../b"), ("training", "a/training"),
                       ("long", "a" * 65)]:
        ledger = Desk(name=text)
        book.bad(f"found-origin-{name}", ledger, [0], (1, "malformed-act", record(0)), f"the origin {text}")
    ledger = Desk(code="1KH")
    book.bad("found-code", ledger, [0], (1, "malformed-act", record(0)), "a code that begins with a digit")


def malformed(book, name, what, kind, signers, entries, who=5, **how):
    """One act too many in a station's ledger."""
    ledger = station()
    ledger.act(kind, signers, entries, **how)
    book.bad(name, ledger, [who], (1, "malformed-act", record(4)), what)


def signatures(book):
    """V9.7: signatures that good libraries disagree about."""
    def plus_l(signs, _):
        value = signs[0][2]
        signs[0][2] = value[:32] + (int.from_bytes(value[32:], "little") + L).to_bytes(32, "little")
    book.bad("signature-s-plus-l", noted(sign=plus_l), [5], (1, "signature", record(4)),
             "Ed25519 with S not below the group's order")

    def zero_nonce(signs, data):
        key = Key("chan")
        one = b"\1" + bytes(31)
        message = enc(["Signature", b"", signs[0][0], b"unbroken/1 act", data])
        wide = hashlib.sha512(key.seed).digest()
        a = int.from_bytes(wide[:32], "little") & (1 << 254) - 8 | 1 << 254
        k = int.from_bytes(hashlib.sha512(one + key.public + message).digest(), "little")
        signs[0][2] = one + (k * a % L).to_bytes(32, "little")
    book.bad("signature-small-r", noted(sign=zero_nonce), [5], (1, "signature", record(4)),
             "Ed25519 with R the neutral point: the equation holds")
    for name, public in [("small-key", b"\1" + bytes(31)), ("key-not-canonical", b"\xee" + b"\xff" * 30 + b"\x7f"),
                         ("key-no-point", b"\2" + bytes(31))]:
        class Fake(Key):
            """A public key without a private one, for which one signature fits all messages."""
            def sign(self, message):
                helper = Key("helper")
                wide = hashlib.sha512(helper.seed).digest()
                a = int.from_bytes(wide[:32], "little") & (1 << 254) - 8 | 1 << 254
                return helper.public + (a % L).to_bytes(32, "little")
        fake = Fake("fake")
        fake.__dict__["public"] = public
        ledger = station()
        ledger.enrol("ghost", "officer", key=fake)
        book.bad(f"signature-{name}", ledger, [6], (1, "malformed-act", record(4)),
                 f"a person enrolled with a bad Ed25519 key ({name}), for which any message is signed")
    ledger = Desk()
    ledger.enrol("piv", "officer", Key("piv", -9))

    def high(signs, _):
        value = signs[0][2]
        signs[0][2] = value[:32] + (N - int.from_bytes(value[32:], "big")).to_bytes(32, "big")
    ledger.act("open", ["piv"], [entry(4, facts={TYPE: 4}, docket="1", law="2")], sign=high)
    book.bad("signature-high-s", ledger, [4], (1, "signature", record(2)), "ESP256 with s above n/2")
    ledger = noted(sign=lambda s, d: [[enc({1: -9, 4: Key("chan").kid}), {}, s[0][2]]])
    book.bad("signature-other-algorithm", ledger, [5], (1, "key", record(4)),
             "a header that names another algorithm than the key's")
    ledger = station()
    new, old = Key("chan-new"), ledger.people["chan"]
    ledger.act("rekey", ["anna", ("chan", [3, 0, 0], new)], [entry(3, facts={PUBKEY: new.cose})])
    ledger.act("note", [("chan", old.signer())], [entry(5, note="x")])
    book.bad("key-replaced", ledger, [5], (1, "key", record(5)), "a signature by the key that was replaced")
    ledger = station()
    ledger.act("rekey", ["anna", ("chan", [3, 0, 0], Key("chan"))], [entry(3, facts={PUBKEY: Key("dara").cose})])
    book.bad("rekey-without-possession", ledger, [3], (1, "key", record(4)),
             "a rekey whose new key did not sign")
    ledger = station()
    ledger.act("note", [("chan", [3, 0, 0])], [entry(5, note="x")])
    book.bad("capacity-zero", ledger, [5], (1, "office", record(4)), "a signer in no capacity, in a note")


def pins(book):
    """V9.10, V9.11, and `answers`."""
    book.bad("seen-above-index", noted(seen=[5, b"x" * 32]), [5], (1, "seen", record(4)),
             "a signer who saw more records than there were")
    book.bad("seen-other-root", noted(seen=[4, b"x" * 32]), [5], (1, "seen", record(4)),
             "a signer who saw another history")
    ledger = noted()
    ledger.heads()
    bundle = Bundle(ledger, [5])
    bundle.seen.pop()
    book.bad("seen-path-missing", ledger, None, (2, "unreadable", None), "no path for a size that was seen",
             bundle=bundle)
    ledger = seized(2, search=False)
    a, b = ledger.items
    ledger.act("note", ["chan"], [entry(b, note="x")])
    for name, verdict, what, who, amended, kind in [
            ("amends-wrong-hash", (1, "amends", record(8)), "a correction with another hash than the record's", a,
             [6, b"x" * 32], "correct"),
            ("amends-later", (1, "amends", record(8)), "a correction of a record to come", a, [8, b"x" * 32],
             "correct"),
            ("amends-unrelated", (1, "amends", record(8)), "a correction of a record of another thread", a,
             [1, ledger.record_hash(1)], "correct")]:
        copy = ledger.copy()
        copy.act(kind, ["chan", "dara"], [entry(who, species="x")], {"reason": "misread"}, {AMENDS: amended})
        book.bad(name, copy, [who], verdict, what)
    ledger.act("correct", ["chan", "dara"], [entry(a, note="x"), entry(b, note="x")], {"reason": "misread"},
               {AMENDS: [7, ledger.record_hash(7)]})
    book.bad("amended-record-absent", ledger, [a], (1, "incomplete", subject(a)),
             "a correction of a record that is not in the file")
    ledger = seized(2, search=False)
    a, b = ledger.items
    ledger.release("chan", [a], "dara")
    other = ledger.release("chan", [b], "dara")
    ledger.accept("dara", other, [a])
    book.bad("answers-other-thread", ledger, [a], (1, "answers", record(9)),
             "an acceptance that answers the release of another thing")


def surplus(book):
    """V9.10, V10, V11: what should not be in the file."""
    ledger = seized(2)
    a, b = ledger.items
    ledger.act("note", ["chan"], [entry(b, note="not asked")])
    ledger.heads()
    tops = [leaf_hash(leaf) for leaf in ledger.heads_at[8]]
    stop = (2, "surplus", None)

    def extra(name, what, alter, verdict=stop):
        bundle = Bundle(ledger, [a])
        alter(bundle)
        book.bad("surplus-" + name, ledger, None, verdict, what, bundle=bundle)

    def with_b(bundle):
        whole = Bundle(ledger, [a, b])
        bundle.records, bundle.seen = whole.records, whole.seen
        return whole

    def leaf_of_b(bundle):
        with_b(bundle)
        bundle.leaves = [*bundle.leaves, [ledger.heads_at[8][b], inclusion(b, tops)]]
        whole = Bundle(ledger, [a, b])
        bundle.sheets, bundle.disclosures = whole.sheets, whole.disclosures
    extra("leaf", "a leaf that is not in the closure", leaf_of_b, (2, "surplus", subject(b)))
    extra("record", "a record that touches nobody asked for", with_b, (2, "surplus", record(7)))
    extra("sheet", "a sheet that no act names",
          lambda x: x.sheets.update({sha(b"unbroken/1 sheet\n" + enc([[1, 0, b"x" * 32]])): enc([[1, 0, b"x" * 32]])}))
    extra("disclosure", "the disclosure of a thing not asked for",
          lambda x: x.disclosures.update(Bundle(ledger, [b]).disclosures))
    extra("attachment", "an attachment that no detail names", lambda x: x.attachments.append(b"not named"))
    extra("seen", "the path of a size that nobody saw",
          lambda x: x.seen.append([8, Bundle(ledger, [a]).anchor(8)[1]]))


def details(book):
    """V11: sheets and disclosures made wrong by their signer."""
    names = {0: "domain", 1: "ledger", 2: "author", 3: "nonce", 4: "subject", 5: "name", 6: "ordinal"}
    values = {0: "unbroken/2 detail", 1: b"x" * 32, 2: 4, 3: b"x" * 16, 4: 3, 5: 2, 6: 1}
    for index, name in names.items():
        def alter(parts, index=index):
            parts[index] = values[index]
            return parts
        book.bad(f"detail-other-{name}", noted(change=alter), [5], (1, "detail", record(4)),
                 f"a detail whose disclosure is bound to another {name}")
    for name, sheet in [("double", [[1, 0, b"a" * 32], [1, 0, b"b" * 32]]), ("descending", [[2, 0, b"a" * 32],
                                                                                        [1, 0, b"b" * 32]]),
                        ("ordinal-gap", [[1, 1, b"a" * 32]]), ("empty", [])]:
        ledger = station()

        def put(payload, ledger=ledger, sheet=sheet):
            payload[ENTRIES][0][3] = ledger.keep_sheet(enc(sheet))
        ledger.act("note", ["chan"], [entry(5)], edit=put)
        book.bad("sheet-" + name, ledger, [5], (1, "malformed-sheet", record(4)), f"a sheet that is {name}")
    ledger = noted()
    blob = b"short"
    ledger.attachments[sha(blob)] = blob
    ledger.act("attach", ["chan"], [entry(5, attachment={0: sha(blob), 1: 6, 2: "text/plain"})])
    book.bad("attachment-length", ledger, [5], (2, "surplus", None), "an attachment of another length than stated")


def unknown(book):
    """V9.5."""
    ledger = station()
    ledger.act(99, ["chan"], [entry(5, note="x")])
    book.bad("kind-unknown", ledger, [5], (2, "unknown-kind", record(4)), "an act of a kind that is not known")
    ledger = station()
    ledger.act(99, ["chan"], [entry(5, note="x")], sign=lambda s, d: [[s[0][0], {}, bytes(64)]])
    book.bad("kind-unknown-forged", ledger, [5], (1, "signature", record(4)),
             "an act of a kind that is not known, with a false signature")
    ledger = station()
    ledger.act("found", ["chan"], [entry(5)], edit=lambda p: {k: v for k, v in p.items() if k not in (LID, SEEN)})
    book.bad("found-again", ledger, [5], (1, "ledger-id", record(0)), "a second founding act")
