# SPDX-License-Identifier: Apache-2.0
"""The attacks that a bundle alone must betray. The attacker has the station's key and disk, not the persons' keys."""
from bundle import Bundle, reseal
from codes import AT, ENTRIES, LID, PUBKEY, TOOFFICE
from cborx import enc
from custody import Desk, seized, station
from forge import entry
from keys import Key, key_id, line, note_text
from make import record, subject
from tree import inclusion, leaf_hash, sha


def stored():
    """A thing seized (5), registered (6), released (8), accepted (9), put on a shelf (10)."""
    ledger = seized()
    place = ledger.place()
    ledger.hand("chan", "dara", ledger.items, at=place)
    ledger.act("shelve", ["dara"], ledger.things(ledger.items), extra={AT: place})
    return ledger


REGISTERED, PLACED, RELEASED, ACCEPTED, SHELVED = range(6, 11)


def build(book):
    """All vectors of this file."""
    bits(book)
    records(book)
    threads(book)
    details(book)
    people(book)
    ledgers(book)


def bits(book):
    """Changed bits."""
    ledger = stored()
    ledger.heads()
    good = Bundle(ledger, ledger.items)
    data = bytearray(good.data())
    where = bytes(data).index(ledger.records[RELEASED]) + len(ledger.records[RELEASED]) - 5
    data[where] ^= 1
    book.bad("attack-bit-flipped", ledger, None, (2, "transport", None),
             "one bit of a signature changed on the way", bundle=bytes(data))
    book.bad("attack-bit-flipped-resealed", ledger, None, (1, "not-in-tree", record(RELEASED)),
             "one bit of a signature changed and the whole-file check made anew", bundle=reseal(bytes(data)))
    book.bad("attack-cut-short", ledger, None, (2, "transport", None), "the last byte is missing",
             bundle=good.data()[:-1])
    wrong = ledger.station.sign(b"another text")
    text = note_text(ledger.origin, *ledger.tree_head())
    note = text + "\n" + line(ledger.origin, key_id(ledger.origin, 1, ledger.station.public) + wrong)
    book.bad("attack-checkpoint-signature", ledger, ledger.items, (1, "checkpoint", None),
             "the checkpoint with the station's signature of another text", note=note.encode())
    thief = Key("thief")
    book.bad("attack-checkpoint-other-key", ledger, ledger.items, (2, "unsigned", None),
             "the checkpoint signed by another key under the station's name", note=ledger.note(key=thief))


def records(book):
    """Records altered, removed, moved, replayed; everything after them hashed and signed anew."""
    ledger = stored()
    everything = list(range(len(ledger.records)))

    def pieces(payload):
        payload[ENTRIES][-1][2][2] = 5
    forged = ledger.relog(everything[:6] + [ledger.altered(REGISTERED, pieces)] + everything[7:])
    book.bad("attack-record-altered", forged, forged.items, (1, "signature", record(REGISTERED)),
             "the pieces of a registration rewritten, all records after it hashed anew")

    def backdate(old, rec):
        if old == REGISTERED:
            rec[4] -= 86400
        return rec
    forged = ledger.relog(everything, backdate)
    book.bad("attack-backdated", forged, forged.items, (1, "seen", record(RELEASED)),
             "the logged time of a registration moved back a day, all records after it hashed anew")
    forged = ledger.relog(everything[:RELEASED] + [SHELVED])
    book.bad("attack-handover-removed", forged, forged.items, (1, "seen", record(RELEASED)),
             "release and acceptance taken out of the middle, what follows closed up")
    filler = {"kind": None, "subjects": [], "logged": ledger.now}
    forged = ledger.relog(everything[:RELEASED] + [filler, filler, SHELVED])
    book.bad("attack-handover-replaced", forged, forged.items, (1, "seen", record(SHELVED)),
             "release and acceptance replaced by heads records, so that all indices stay")
    forged = ledger.relog(everything[:PLACED] + [RELEASED, PLACED, ACCEPTED, SHELVED])
    book.bad("attack-reordered", forged, forged.items, (1, "seen", record(7)),
             "the release moved before the record that it had seen")
    forged = ledger.relog(everything[:RELEASED] + [ACCEPTED, RELEASED, SHELVED])
    book.bad("attack-acceptance-first", forged, forged.items, (1, "seen", record(RELEASED)),
             "acceptance and release change places")
    forged = ledger.relog([*everything, RELEASED, ACCEPTED])
    book.bad("attack-replayed", forged, forged.items, (1, "replayed", record(11)),
             "a signed release and its acceptance logged a second time")
    rest = ledger.copy()
    rest.heads()
    wrong = Bundle(rest, rest.items)
    wrong.records[3], wrong.records[4] = wrong.records[4], wrong.records[3]
    book.bad("attack-bundle-order", rest, None, (2, "unreadable", None), "two records of the file change places",
             bundle=wrong)
    spliced = ledger.relog(everything, lambda old, rec: [*rec[:3], leaf_hash(b"x"), *rec[4:]]
                           if old == ACCEPTED else rec)
    book.bad("attack-chain", spliced, spliced.items, (1, "chain", record(ACCEPTED)),
             "a record that names another one before it, in the tree as it is")


def threads(book):
    """Pieces of threads kept back."""
    ledger = stored()
    item = ledger.items[0]
    ledger.heads()
    last = len(ledger.records) - 1
    book.bad("attack-record-withheld", ledger, [item], (1, "incomplete", subject(item)),
             "the acceptance is left out of the file", drop=[ACCEPTED])
    book.bad("attack-thread-tail-withheld", ledger, [item], (1, "incomplete", subject(item)),
             "the thread's last record is left out of the file", drop=[SHELVED])
    tops = [leaf_hash(leaf) for leaf in ledger.heads_at[last]]

    def shorter(bundle, who, count, index):
        at = bundle.members.index(who)
        bundle.leaves[at] = [enc(["heads/1", ledger.id, who, count, index, ledger.record_hash(index)]),
                             inclusion(who, tops)]
        return bundle
    book.bad("attack-thread-tail-false-leaf", ledger, None, (1, "leaf", subject(item)),
             "the thread's last record is left out, and the leaf says so, against the tree of heads",
             bundle=shorter(Bundle(ledger, [item], drop=[SHELVED]), item, 4, ACCEPTED))

    liar = stored()
    liar.heads(lies={item: (4, ACCEPTED)})
    book.bad("attack-false-heads-shown", liar, [item], (1, "thread", subject(item)),
             "the heads record itself leaves out the last record, which is in the file")
    bundle = Bundle(liar, [item], drop=[SHELVED])
    book.good("attack-false-heads-hidden", liar, None, "false heads, and the last record hidden: no bundle alone "
              "betrays this; auditors and the exhibit of false heads do", bundle=bundle)

    ledger = seized()
    ledger.act("revoke", ["anna"], [entry(3)])
    ledger.act("note", ["chan"], [entry(ledger.items[0], note="stolen key")])
    ledger.heads()
    book.bad("attack-revoked-key", ledger, ledger.items, (1, "key", record(8)), "a signature by a key revoked before")
    book.bad("attack-revocation-withheld", ledger, ledger.items, (1, "incomplete", subject(3)),
             "the signer's revocation is left out of the file", drop=[7])
    tops[:] = [leaf_hash(leaf) for leaf in ledger.heads_at[9]]
    bundle = shorter(Bundle(ledger, ledger.items, drop=[7]), 3, 1, 1)
    book.bad("attack-revocation-false-leaf", ledger, None, (1, "leaf", subject(3)),
             "the signer's revocation is left out, and the leaf says so", bundle=bundle)
    book.bad("attack-signer-leaf-withheld", ledger, ledger.items, (1, "incomplete", subject(3)),
             "the signer's leaf and revocation are left out", drop=[7], without=[3])

    ledger = seized()
    crate = ledger.crate("chan")
    ledger.register("chan", ledger.case, crate, pieces=None)
    ledger.pack("chan", ledger.items, crate[0])
    ledger.release("chan", crate, "dara")
    ledger.heads()
    book.bad("attack-container-withheld", ledger, ledger.items, (1, "incomplete", subject(crate[0])),
             "the crate that the thing was packed into, and its release, are left out", without=crate, drop=[7, 10])
    book.bad("attack-case-withheld", ledger, ledger.items, (1, "incomplete", subject(ledger.case)),
             "the case's leaf and its search and seizure record are left out", without=[ledger.case], drop=[3, 5])


def details(book):
    """Details and sheets."""
    ledger = stored()
    case = ledger.case
    ledger.heads()
    sheet_hash = ledger.steps[5]["payload"][ENTRIES][0][3]
    digest = next(k for k, v in ledger.disclosures.items() if b"Sok Srey" in v)
    rewritten = ledger.disclosures[digest].replace(b"Sok Srey", b"Ros Vuth")
    new_sheet = ledger.sheets[sheet_hash].replace(digest, sha(rewritten))

    def bundle(sheet=False, disclose=True):
        out = Bundle(ledger, [case])
        del out.disclosures[digest]
        if disclose:
            out.disclosures[sha(rewritten)] = rewritten
        if sheet:
            del out.sheets[sheet_hash]
            out.sheets[sha(b"unbroken/1 sheet\n" + new_sheet)] = new_sheet
        return out
    book.bad("attack-detail-rewritten", ledger, None, (1, "withheld", record(5)),
             "a witness's name rewritten in its disclosure", bundle=bundle())
    book.bad("attack-detail-and-sheet-rewritten", ledger, None, (1, "incomplete-sheet", record(5)),
             "a witness's name rewritten, and the sheet to fit", bundle=bundle(sheet=True))
    book.bad("attack-detail-withheld", ledger, None, (1, "withheld", record(5)),
             "a witness's name withheld without an order", bundle=bundle(disclose=False))
    hidden = Bundle(ledger, [case])
    del hidden.sheets[sheet_hash]
    book.bad("attack-sheet-withheld", ledger, None, (1, "incomplete-sheet", record(5)),
             "a sheet withheld, its disclosures given", bundle=hidden)

    def swap(payload):
        payload[ENTRIES][0][3] = ledger.keep_sheet(new_sheet)
    forged = ledger.relog([*range(5), ledger.altered(5, swap), *range(6, 11)])
    forged.disclosures = {**ledger.disclosures, sha(rewritten): rewritten}
    book.bad("attack-detail-rewritten-throughout", forged, [case], (1, "signature", record(5)),
             "a witness's name rewritten, with sheet, act, and all records after it hashed anew")
    extra = seized(staff=[("phal", "prosecutor")])
    extra.order("phal", extra.case, [61])
    book.bad("attack-withheld-beyond-order", extra, [extra.case], (1, "withheld", record(6)),
             "an order covers the suspects' names; the witnesses' are withheld", withhold=[(6, extra.case, 63)])
    extra = seized()
    extra.order("chan", extra.case, [63])
    book.bad("attack-order-by-officer", extra, [extra.case], (1, "withheld", record(5)),
             "names withheld under an officer's own order", withhold=[(5, extra.case, 63)])


def people(book):
    """Ghosts, swapped keys, offices."""
    def forged_enrol(name, what, verdict, header_key, by, who=("anna",)):
        ledger = station()
        thief = Key("thief")

        def sign(signatures, data):
            return [Desk.signature(header_key or ledger.people["anna"].key, data, by=by or thief), *signatures[1:]]
        ledger.enrol("ghost", "officer", by=who, sign=sign)
        ledger.open_case("ghost")
        book.bad(name, ledger, [6], (1, *verdict), what)
    forged_enrol("attack-ghost-officer", "an officer enrolled with a forged signature of the registrar",
                 ("signature", record(4)), None, None)
    forged_enrol("attack-ghost-officer-other-kid", "an officer enrolled with a key that is not the registrar's",
                 ("key", record(4)), Key("thief"), Key("thief"))
    ledger = station()
    ledger.enrol("ghost", "officer", by=("chan",))
    ledger.open_case("ghost")
    book.bad("attack-ghost-officer-by-officer", ledger, [6], (1, "authority", record(4)),
             "an officer enrolled by an officer")
    ledger = station()
    ledger.enrol("ghost", "officer", by=())
    ledger.open_case("ghost")
    book.bad("attack-ghost-officer-by-himself", ledger, [6], (1, "authority", record(4)),
             "an officer who enrols himself alone")
    ledger = station()
    ledger.act("note", [("ghost", [9, 1, 2], Key("ghost"))], [entry(ledger.case, note="x")])
    book.bad("attack-ghost-never-enrolled", ledger, [ledger.case], (1, "incomplete", subject(9)),
             "a signer whose number was never given")
    ledger = station()
    ledger.act("note", [("ghost", [ledger.case, 1, 2], Key("ghost"))], [entry(ledger.case, note="x")])
    book.bad("attack-ghost-is-a-case", ledger, [ledger.case], (1, "key", record(4)),
             "a signer whose number is that of the case")

    ledger = seized()
    thief = Key("thief")

    def swap(payload):
        payload[ENTRIES][0][2][PUBKEY] = thief.cose

    def resign(signatures, data):
        return [signatures[0], Desk.signature(thief, data)]
    forged = ledger.relog([0, ledger.altered(1, swap, resign), *range(2, 7)])
    book.bad("attack-swapped-key", forged, forged.items, (1, "signature", record(1)),
             "an officer's key swapped at enrolment, his proof of possession made anew")

    def as_officer(name, what, signer, ledger):
        ledger.act("note", [("dara", signer)], [entry(ledger.items[0], note="x")])
        book.bad(name, ledger, ledger.items, (1, "office", record(len(ledger.records) - 1)), what)
    as_officer("attack-signer-without-office", "a custodian signs as officer", [4, 1, 2], seized())
    as_officer("attack-appointment-of-another", "a custodian cites an appointment that she has not", [4, 2, 2],
               seized())
    as_officer("attack-appointment-zero", "a custodian cites no appointment", [4, 0, 3], seized())
    ledger = seized()
    ledger.act("end", ["anna"], [entry(4, facts={TOOFFICE: 3})])
    as_officer("attack-office-ended", "a custodian signs after her office ended", [4, 1, 3], ledger)
    ledger = Desk(founders=["anna", "boris", "clara"], threshold=2)
    ledger.enrol("chan", "officer", by=("anna",))
    book.bad("attack-one-registrar", ledger, [4], (1, "authority", record(1)),
             "one registrar enrols where the threshold is two")
    ledger = Desk(founders=["anna", "boris", "clara"], threshold=2)
    ledger.enrol("chan", "officer", by=("anna", "anna"))
    book.bad("attack-one-registrar-twice", ledger, [4], (1, "signers", record(1)),
             "one registrar signs twice where the threshold is two")
    ledger = station()
    ledger.enrol("eng", "expert", key=Key("chan"))
    book.bad("attack-key-shared", ledger, [5, 6], (1, "key-reused", record(4)), "one key for two persons")
    ledger = seized()
    ledger.hand("chan", "dara", ledger.items)

    def strip(payload):
        payload[6] = payload[6][:1]
    forged = ledger.relog([*range(5), ledger.altered(5, strip, lambda s, d: s[:1]), 6, 7, 8])
    book.bad("attack-signer-stripped", forged, forged.items, (1, "signature", record(5)),
             "the second signer taken out of an act, with his signature")
    forged = ledger.relog([*range(5), ledger.altered(5, None, lambda s, d: s[:1]), 6, 7, 8])
    book.bad("attack-signature-stripped", forged, forged.items, (1, "malformed", record(5)),
             "the second signature taken out of an act")
    forged = ledger.relog([*range(5), ledger.altered(5, None, lambda s, d: s[::-1]), 6, 7, 8])
    book.bad("attack-signatures-exchanged", forged, forged.items, (1, "key", record(5)),
             "the two signatures of an act change places")


def ledgers(book):
    """Other ledgers passed off as this one."""
    ledger, other = seized(), seized(salt="other")
    for each in (ledger, other):
        each.hand("chan", "dara", each.items)
    forged = ledger.relog([*range(8), other.steps[8]])
    forged.sheets.update(other.sheets)
    book.bad("attack-acceptance-foreign-ledger", forged, forged.items, (1, "foreign", record(8)),
             "the acceptance is one from another ledger")

    def rename(payload):
        payload[LID] = ledger.id
    forged = ledger.relog([*range(8), other.altered(8, rename)])
    book.bad("attack-acceptance-renamed-ledger", forged, forged.items, (1, "key", record(8)),
             "the acceptance from another ledger, its ledger field rewritten")
    again = seized(salt="again")
    book.bad("attack-refounded", again, again.items, (2, "origin", None),
             "the ledger founded anew under the same name and key by other founders", policy_file=book.policy(ledger))
    again.heads()
    book.bad("attack-refounded-same-line", again, again.items, (1, "ledger-id", record(0)),
             "the same, under the old ledger's origin line", policy_file=book.policy(ledger),
             note=again.note(origin=ledger.origin))
    training = seized(training=True)
    training.heads()
    real = training.origin.replace("training/", "")
    book.bad("attack-training-as-real", training, training.items, (1, "ledger-id", record(0)),
             "a training ledger under an origin line without `training`", note=training.note(origin=real),
             policy_file=book.policy(training, origin=real))
    book.bad("attack-never-issued", ledger, [*ledger.items, 99], (1, "never-issued", subject(99)),
             "the file claims to be about a number that was never given")
