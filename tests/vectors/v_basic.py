# SPDX-License-Identifier: Apache-2.0
"""Vectors that a verifier accepts: the ordinary life of a ledger."""
from bundle import Bundle
from codes import CLOCK, DOUBTED, OFFLINE, PUBKEY, STATIONKEY, TOOFFICE
from custody import Desk, seized, station
from forge import attachment, entry
from keys import Key, policy
from tree import sha


def build(book):
    """All vectors of this file."""
    smallest(book)
    handovers(book)
    persons(book)
    station_keys(book)
    times(book)
    details(book)


def smallest(book):
    """Founders only."""
    ledger = Desk()
    book.good("smallest", ledger, [0], "founders and one heads record, asked for the ledger itself",
              policy_file=book.policy(ledger, name="station"))
    book.good("smallest-founder", ledger, [1, 2], "the same ledger asked for its founders")
    ledger = Desk(founders=["anna", "boris", "clara"], threshold=2)
    book.good("three-founders", ledger, [0], "threshold 2 and three founders")
    ledger = station(training=True)
    trained = book.policy(ledger)
    book.good("training-asked", ledger, [ledger.case], "a training ledger, with --training", options=["--training"],
              policy_file=trained)
    book.bad("training-not-asked", ledger, [ledger.case], (2, "training", None),
             "a training ledger without --training", policy_file=trained)


def handovers(book):
    """Three things handed over, refused, withdrawn."""
    ledger = seized(3)
    items = ledger.items
    store = ledger.place()
    ledger.hand("chan", "dara", items, at=store, pieces=1)
    book.good("case-three-items", ledger, [ledger.case], "a case with three things handed over to the store")
    book.good("item-of-three", ledger, [items[1]], "one of the three things")
    book.good("two-asked", ledger, [items[0], items[2]], "two of the three things")
    book.good("place-asked", ledger, [store], "a place")

    ledger = seized(2)
    items = ledger.items
    first = ledger.release("chan", items, "dara", pieces=1)
    ledger.answer("refuse", ["dara"], first, items, code=3)
    second = ledger.release("chan", items, [None, 3, None], pieces=1)
    ledger.accept("dara", second, items, pieces=1)
    book.good("refused-then-accepted", ledger, items, "a release refused, released again to an office, accepted")

    ledger = seized()
    items = ledger.items
    release = ledger.release("chan", items, "dara")
    ledger.answer("withdraw", ["chan", "dara"], release, items, code=1)
    book.good("withdrawn", ledger, items, "a release withdrawn by the holder and another office")

    ledger = seized()
    release = ledger.release("chan", ledger.items, [None, None, ledger.place()])
    ledger.accept("dara", release, ledger.items)
    book.good("released-to-place", ledger, ledger.items, "released to a place: any custodian may accept")

    ledger = seized()
    root = ledger.tree_head()
    release = ledger.release("chan", ledger.items, "dara")
    offline = ledger.accept("dara", release, ledger.items, extra={OFFLINE: True}, more={"seen": root})
    assert offline
    book.good("offline-acceptance", ledger, ledger.items,
              "an acceptance signed offline, which pins a ledger from before the release, and says so")

    ledger = seized()
    registered = 6
    ledger.correct(["chan", "dara"], registered, ledger.items[0], species="Loxodonta cyclotis")
    book.good("corrected", ledger, ledger.items, "a detail corrected by its author and another office")
    ledger.enrol("rith", "officer")
    ledger.correct(["rith", "dara"], 7, ledger.items[0], species="Loxodonta africana")
    book.good("correction-corrected", ledger, ledger.items, "the correction corrected by another officer (supervisor)")


def persons(book):
    """Enrolment, keys, offices."""
    ledger = Desk()
    ledger.enrol("piv", "officer", Key("piv", -9))
    ledger.open_case("piv")
    book.good("esp256", ledger, [4], "an officer who signs with P-256")

    ledger = station()
    old, new = ledger.people["chan"], Key("chan-new")
    ledger.act("rekey", ["anna", ("chan", [3, 0, 0], new), ("chan", old.signer())],
               [entry(3, facts={PUBKEY: new.cose})])
    old.key = new
    ledger.open_case("chan")
    book.good("rekey-endorsed", ledger, [6], "a new key, endorsed by the old one")

    ledger = station()
    new = Key("chan-new")
    ledger.act("rekey", ["anna", ("chan", [3, 0, 0], new)], [entry(3, facts={PUBKEY: new.cose, DOUBTED: 3})])
    ledger.people["chan"].key = new
    ledger.open_case("chan")
    book.good("rekey-not-endorsed", ledger, [6], "a new key that the old one did not endorse: a finding, no stop")

    ledger = station()
    ledger.act("revoke", ["anna"], [entry(3, facts={DOUBTED: 3})])
    book.good("revoked-later", ledger, [ledger.case], "the opener of a case is revoked later: a finding, no stop")
    new = Key("chan-new")
    ledger.act("rekey", ["anna", ("chan", [3, 0, 0], new)], [entry(3, facts={PUBKEY: new.cose})])
    ledger.people["chan"].key = new
    ledger.open_case("chan")
    book.good("revoked-then-rekeyed", ledger, [6], "revoked, given a new key, signs again")

    ledger = station()
    for round_, doubted in (1, 5), (2, 9):
        for _ in range(3 if round_ == 2 else 2):
            ledger.act("note", ["chan"], [entry(ledger.case, note="x")])
        new = Key(f"chan-{round_}")
        ledger.act("rekey", ["anna", ("chan", [3, 0, 0], new)], [entry(3, facts={PUBKEY: new.cose, DOUBTED: doubted})])
        ledger.people["chan"].key = new
    book.good("doubted-twice", ledger, [ledger.case], "two keys stolen one after the other: the signatures of 5 and 9 are doubted, "
              "those between are not")

    ledger = station()
    ledger.appoint("chan", 4)
    ledger.appoint("chan", 4)
    ledger.act("note", [("chan", 4)], [entry(ledger.case, note="x")])
    ledger.act("end", ["anna"], [entry(3, facts={TOOFFICE: 4})])
    ledger.act("note", [("chan", 2)], [entry(ledger.case, note="y")])
    ledger.appoint("chan", 4)
    ledger.act("note", [("chan", 4)], [entry(ledger.case, note="z")])
    book.good("appointed-twice", ledger, [ledger.case], "appointed twice, ended, appointed again")

    ledger = Desk(founders=["anna", "boris", "clara"], threshold=2)
    ledger.enrol("chan", "officer", by=("anna", "clara"))
    book.good("threshold-two", ledger, [4], "threshold 2: two registrars enrol")


def rotate(ledger):
    """The station gets a new key."""
    new = Key("station-new")
    ledger.act("station", ["anna"], [entry(0, facts={STATIONKEY: new.public})])
    ledger.heads()
    ledger.station = new


def station_keys(book):
    """The station's key changes; older views."""
    ledger = station()
    ledger.heads()
    size, old = len(ledger.records), ledger.station
    note = ledger.note()
    rotate(ledger)
    bundle = Bundle(ledger, [ledger.case])
    bundle.anchors = [bundle.anchor(size, note)]
    book.good("station-key-changed", ledger, None, "the station's key changed; an anchor under the old key",
              bundle=bundle)
    bundle = Bundle(ledger, [ledger.case], note=ledger.note(key=old))
    bundle.anchors = [bundle.anchor(size, note)]
    book.bad("station-key-old", ledger, None, (1, "station-key", None),
             "the checkpoint is signed with the station key that the ledger has replaced, and only the policy still trusts",
             bundle=bundle, policy_file=book.policy(ledger, key=old))
    both = policy([(ledger.origin, old), (ledger.origin, ledger.station)])
    book.good("station-key-both", ledger, [ledger.case], "a policy with the old and the new key of the station",
              policy_file=book.file("both-keys.policy", both))

    ledger = station()
    ledger.heads()
    ledger.open_case("chan")
    ledger.heads()
    ledger.open_case("chan")
    ledger.heads()
    book.good("anchors", ledger, [5], "two older views as anchors, and one of the bundle's own size",
              anchors=[(5, None), (7, None), (9, None)])


def times(book):
    """Clock acts and odd clocks."""
    ledger = station()
    ledger.act("clock", ["anna"], [entry(0)], extra={CLOCK: [ledger.now, 4000000000]})
    ledger.now = 4000000000
    ledger.open_case("chan")
    book.good("clock", ledger, [ledger.case], "a clock act, and a jump of the clock after it")
    ledger = station()
    ledger.act("note", ["chan"], [entry(ledger.case, note="x")], logged=ledger.now + 10 * 86400)
    book.good("claimed-long-before", ledger, [ledger.case], "claimed ten days before it was logged: a finding, no stop")
    ledger = station()
    ledger.act("note", ["chan"], [entry(ledger.case, note="late")], logged=1600000000)
    book.good("logged-backwards", ledger, [ledger.case], "logged time steps back: a finding, no stop")


def details(book):
    """Details given, withheld, erased; attachments."""
    blob = b"\xff\xd8\xff photograph of a tusk"
    ledger = seized()
    ledger.attachments[sha(blob)] = blob
    ledger.act("attach", ["chan"], [entry(ledger.items[0], attachment=attachment(blob))])
    book.good("attachment", ledger, ledger.items, "an attachment with its bytes")
    book.good("attachment-absent", ledger, ledger.items, "an attachment without its bytes: a finding, no stop",
              lacking=[sha(blob)])

    ledger = seized(staff=[("phal", "prosecutor")])
    case = ledger.case
    row = next(i for i, s in enumerate(ledger.steps) if s["kind"] == 12)
    hidden = [(row, case, 63)]
    ledger.order("phal", case, [63])
    book.good("withheld-by-order", ledger, [case], "the witnesses' names withheld under a recorded order",
              withhold=hidden)
    book.good("order-not-used", ledger, [case], "the order stands, but the names are given")
    ledger.act("erase", ["anna"], [entry(case, facts={15: [50, 51]}, order="Order 78/17")],
               extra=ledger.amends(row))
    book.good("erased", ledger, [case], "details erased by the registrars", withhold=[*hidden, (row, case, 50),
                                                                                  (row, case, 51)])
    ledger.act("note", ["chan"], [entry(case)], {"note": "of the act as a whole"})
    last = len(ledger.records) - 1
    ledger.order("phal", case, [1])
    book.good("withheld-of-the-act", ledger, [case], "a detail of the act as a whole, withheld under an order",
              withhold=[(last, None, 1)])

    ledger = seized()
    ledger.act("note", ["chan"], [entry(ledger.items[0], note=["a", 7, b"bytes", ("a", 1)])],
               {"remarks": "of the act", "suspect": ["x", "y"]})
    book.good("values", ledger, ledger.items, "every kind of detail value, several ordinals, a sheet of the act")

    ledger = seized(staff=[("phal", "prosecutor")])
    ledger.simple("disclose", ["phal"], ledger.items[0], recipient="The defence", disclosed="bundle of 3 May")
    ledger.label("dara", ledger.items[0], 1)
    book.good("disclosed-and-labelled", ledger, ledger.items, "a disclosure and a label")
