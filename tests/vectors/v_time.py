# SPDX-License-Identifier: Apache-2.0
"""Times that others prove, who vouches, the station's key in time (SPEC 2.2, V13), and what a successor's file must fit (3.9, V15)."""
from bundle import Bundle
from codes import FOREIGN, OFCASE, PIECES
from custody import Desk, seized, station
from forge import START, entry
from keys import Key, note_text, policy
from make import record
from v_basic import rotate
from v_note import cosign, trust

EARLY, MIDDLE, LATE = START + 3000, START + 50000, START + 100000
AUDITED = [("auditors", "any", ["aud1", "aud2"]), ("both", "all", ["w1", "auditors"])]


def build(book):
    """All vectors of this file."""
    not_after(book)
    vouching(book)
    quotes(book)
    false_quotes(book)
    keys(book)
    succession(book)
    carried(book)


def quote(ledger, note, **more):
    """A note on the ledger itself that quotes a checkpoint; give its index."""
    return ledger.act("note", ["chan"], [entry(0, note="a checkpoint that others signed", cosigned_checkpoint=note)], **more)


def grown(again=True):
    """A ledger with a heads record at 4 and, later, one more case and heads: (ledger, the older size)."""
    ledger = station()
    ledger.heads()
    size = len(ledger.records)
    if again:
        ledger.open_case("chan")
        ledger.heads()
    return ledger, size


def not_after(book):
    """The earliest word of others counts, whatever it stands on."""
    ledger, size = grown()
    trusted = trust(book, ledger, "w1", names=["w1", "w2"])
    bundle = Bundle(ledger, [5, 6], witnesses=cosign("w1", time=LATE))
    bundle.anchors = [bundle.anchor(size, ledger.note(size, witnesses=cosign("w2", time=MIDDLE)))]
    book.good("time-anchor", ledger, None, "the first records were witnessed earlier, as an anchor shows", policy_file=trusted, bundle=bundle)
    book.says(not_after={0: MIDDLE, size - 2: MIDDLE, size: LATE, size + 1: LATE}, findings=[])
    bundle = Bundle(ledger, [5], size, witnesses=cosign("w1", time=LATE))
    bundle.vouched = bundle.anchor(len(ledger.records), ledger.note(witnesses=cosign("w2", time=MIDDLE)))
    book.good("time-vouched", ledger, None, "the checkpoint was witnessed late, a later one before that", policy_file=trusted, bundle=bundle)
    book.says(not_after={0: MIDDLE, size - 1: MIDDLE}, append_only=["w1", "w2"], complete=[])
    book.good("time-nobody", ledger, [5], "no witness: the station's word alone", policy_file=trust(book, ledger, names=["w1"]),
              witnesses=cosign("w2", time=MIDDLE))
    book.says(not_after={0: None, size: None}, append_only=[], complete=[])
    early = ledger.steps[size]["logged"]
    for name, time, found in [("time-logged-ahead", early - 301, [["logged", None, None]]), ("time-logged-slack", early - 300, [])]:
        bundle = Bundle(ledger, [5], witnesses=cosign("w1", time=time + 60))
        bundle.note = ledger.note(witnesses=cosign("w1", time=ledger.steps[-1]["logged"] - (301 if found else 300)))
        book.good(name, ledger, None, "witnessed before the logged time" + ("" if found else ", by as much as clocks may differ"),
                  policy_file=trusted, bundle=bundle)
        book.says(findings=found)
    wrong = Bundle(ledger, [5], witnesses=cosign("w1"))
    wrong.anchors = [wrong.anchor(size, ledger.note(size, witnesses=cosign("w2", wrong=["w2"])))]
    book.bad("time-anchor-wrong", ledger, None, (1, "anchor", None), "an anchor with a witness's line that fails", policy_file=trusted, bundle=wrong)
    wrong = Bundle(ledger, [5], size, witnesses=cosign("w1"))
    wrong.vouched = wrong.anchor(len(ledger.records), ledger.note(witnesses=cosign("w2", wrong=["w2"])))
    book.bad("time-vouched-wrong", ledger, None, (1, "vouched", None), "a later view with a witness's line that fails", policy_file=trusted,
             bundle=wrong)


def vouching(book):
    """Who says that it was only added to, and who that it is complete."""
    ledger, size = grown()
    book.good("vouch-auditor", ledger, [5], "an auditor's cosignature on the checkpoint",
              policy_file=trust(book, ledger, "both", AUDITED, names=["w1", "aud1", "aud2"]), witnesses=cosign("w1", "aud1"))
    book.says(append_only=["w1", "aud1"], complete=["aud1"])
    two = [("auditors", "all", ["aud1", "aud2"])]
    bundle = Bundle(ledger, [5], size, witnesses=cosign("w1", "aud1"))
    bundle.vouched = bundle.anchor(len(ledger.records), ledger.note(witnesses=cosign("aud1", "aud2", "w1")))
    book.good("vouch-auditors-later", ledger, None, "one of two auditors on the checkpoint, both on a later view",
              policy_file=trust(book, ledger, "w1", two, names=["w1", "aud1", "aud2"]), bundle=bundle)
    book.says(append_only=["w1", "aud1", "w1", "aud1", "aud2"], complete=["aud1", "aud2"])
    bundle = Bundle(ledger, [5], size, witnesses=cosign("w1", "aud1"))
    bundle.vouched = bundle.anchor(len(ledger.records), ledger.note(witnesses=cosign("aud2")))
    book.bad("vouch-auditors-apart", ledger, None, (2, "auditors", None), "each of two auditors on another view, where the policy asks for both",
             policy_file=trust(book, ledger, "w1", two, names=["w1", "aud1", "aud2"]), bundle=bundle)
    book.says(complete=[])
    book.good("vouch-own-word", ledger, [5], "two witnesses, and no auditor in the policy: complete on the station's own word",
              policy_file=trust(book, ledger, "two", [("two", 2, ["w1", "w2", "w3"])]), witnesses=cosign("w1", "w2"))
    book.says(append_only=["w1", "w2"], complete=[])


def quotes(book):
    """Not before what they quote."""
    ledger, size = grown()
    trusted = trust(book, ledger, "none", names=["w1", "w2"])
    at = quote(ledger, ledger.note(size, witnesses=cosign("w1", time=EARLY) + cosign("w2", "w3", time=EARLY + 100)))
    ledger.open_case("chan")
    book.good("quote", ledger, [5], "a record quotes a checkpoint that two witnesses have signed, and a stranger", policy_file=trusted)
    book.says(not_before={0: None, at - 1: None, at: EARLY + 100, at + 2: EARLY + 100}, findings=[])
    second = quote(ledger, ledger.note(at, witnesses=cosign("w1", time=EARLY + 50)))
    ledger.heads()
    book.good("quote-two", ledger, [5], "a second quote, of an earlier time: the latest so far counts", policy_file=trusted)
    book.says(not_before={at: EARLY + 100, second: EARLY + 100}, findings=[])
    ledger, size = grown()
    note = ledger.note(size, witnesses=cosign("w1", time=EARLY) + cosign("w2", time=EARLY + 100, wrong=["w2"]))
    at = ledger.act("note", ["chan"], [entry(0), entry(5)], {"note": "on the sheet of the act", "cosigned_checkpoint": [note, note]})
    book.good("quote-of-the-act", ledger, [5], "quoted on the act's own sheet, twice; one witness's line fails and gives no time",
              policy_file=trust(book, ledger, "none", names=["w1", "w2"]))
    book.says(not_before={at - 1: None, at: EARLY}, findings=[])
    ledger, size = grown()
    far = ledger.now + 3600
    at = quote(ledger, ledger.note(size, witnesses=cosign("w1", time=far)))
    ledger.heads()
    book.good("quote-ahead", ledger, [5], "logged an hour before the quoted cosignature was made", policy_file=trust(book, ledger, "none", names=["w1"]))
    book.says(not_before={at: far}, findings=[["logged", None, None]])
    ledger, size = grown()
    at = ledger.act("note", ["chan"], [entry(5, note="of a case", cosigned_checkpoint=ledger.note(size, witnesses=cosign("w1", time=EARLY)))])
    ledger.act("note", ["chan"], [entry(0, note="a beacon", beacon="NIST pulse 2:1:1477 at 2023-11-14T22:20:00Z: 5D8E...")])
    book.good("quote-elsewhere", ledger, [5], "quoted in the thread of a case, and a beacon: neither proves a time",
              policy_file=trust(book, ledger, "none", names=["w1"]))
    book.says(not_before={at: None, at + 1: None}, findings=[])


def false_quotes(book):
    """Quotes that prove nothing, or misconduct."""
    def wrong(name, what, note_of, found=True, verdict=None, change=None):
        ledger, size = grown()
        if change:
            change(ledger)
        given = note_of(ledger, size)
        at = quote(ledger, given)
        trusted = trust(book, ledger, "none", names=["w1"])
        if verdict:
            book.bad("quote-" + name, ledger, [5], (*verdict, record(at)), what, policy_file=trusted)
        else:
            book.good("quote-" + name, ledger, [5], what, policy_file=trusted)
            book.says(not_before={at: None}, findings=[["quote", at, 0]] if found else [])
    w1 = cosign("w1", time=EARLY)
    wrong("text", "the quote is a text", lambda x, size: "a checkpoint of size 5")
    wrong("malformed", "the quote has no blank line", lambda x, size: x.note(size, witnesses=w1).replace(b"\n\n", b"\n"))
    wrong("other-ledger", "a checkpoint of another ledger", lambda x, size: station(salt="other").note(witnesses=w1))
    wrong("later-size", "a checkpoint that covers more records than stand before it",
          lambda x, size: x.note(text=note_text(x.origin, len(x.records) + 1, b"r" * 32), witnesses=w1))
    wrong("not-signed", "a checkpoint that the station did not sign", lambda x, size: x.note(size, key=Key("thief"), witnesses=w1))
    old = station().station
    wrong("replaced-key", "a checkpoint signed with the key that was replaced before its size", lambda x, size: x.note(key=old, witnesses=w1), change=rotate)
    wrong("no-witness", "a checkpoint that only strangers have signed proves no time", lambda x, size: x.note(size, witnesses=cosign("w2")), found=False)
    wrong("fork", "a checkpoint of another history, of a size that this one proves",
          lambda x, size: x.note(text=note_text(x.origin, len(x.records), b"r" * 32), witnesses=w1), verdict=(1, "fork"))
    ledger, size = grown()
    given = ledger.note(text=note_text(ledger.origin, 2, b"r" * 32), witnesses=w1)
    at = quote(ledger, given)
    ledger.heads()
    bundle = Bundle(ledger, [5])
    if 2 in [size for size, _ in bundle.seen]:
        raise ValueError("size 2 is proven")
    book.good("quote-unproven", ledger, None, "a checkpoint of another history, of a size that nothing here proves: its time counts",
              policy_file=trust(book, ledger, "none", names=["w1"]), bundle=bundle)
    book.says(not_before={at: EARLY}, findings=[])


def keys(book):
    """Checkpoints under keys of other times."""
    ledger = station()
    ledger.heads()
    size, old = len(ledger.records), ledger.station
    note = ledger.note()
    rotate(ledger)
    both = policy([(ledger.origin, old), (ledger.origin, ledger.station)])
    both = book.policies.setdefault(both, "both-keys.policy")
    text = note_text(ledger.origin, *ledger.tree_head())
    book.bad("station-key-replaced", ledger, [ledger.case], (1, "station-key", None),
             "the thief of the old key signs past the act that replaced it; the policy names both keys", policy_file=both, note=ledger.note(key=old))
    two = ledger.note(text=text) + ledger.note(text=text, key=old).split(b"\n\n")[1]
    book.good("station-key-two-lines", ledger, [ledger.case], "one checkpoint with a line of each key, for whoever has the old policy",
              policy_file=book.policy(ledger, key=old), note=two)
    book.bad("station-key-behind", ledger, [ledger.case], (2, "unsigned", None), "an honest policy that is out of date: only the old key",
             policy_file=book.policy(ledger, key=old))
    book.bad("station-key-unknown", ledger, [ledger.case], (2, "station-key", None), "the policy names a key that the ledger does not know",
             policy_file=book.policy(ledger, key=Key("thief")), note=ledger.note(key=Key("thief")))
    bundle = Bundle(ledger, [ledger.case])
    bundle.anchors = [bundle.anchor(size, ledger.note(size))]
    book.bad("station-key-anchor-early", ledger, None, (1, "anchor", None), "an anchor under the new key from before the act that gave it",
             policy_file=both, bundle=bundle)
    good = Bundle(ledger, [ledger.case])
    good.anchors = [good.anchor(size, note)]
    longer = ledger.copy()
    longer.open_case("chan")
    longer.heads()
    for name, verdict, what, paper in [
            ("since-old-key", (0, "intact", None), "an older paper under the old key, from before the act", note),
            ("since-replaced-key", (2, "since-unreadable", None), "a paper of this very size by the thief of the old key", ledger.note(key=old)),
            ("since-replaced-later", (2, "since-unreadable", None), "a larger paper by the thief of the old key: no file is behind it",
             longer.note(key=old)),
            ("since-new-later", (2, "stale", None), "a larger paper under the new key", longer.note())]:
        book.file(f"{name}.since", paper)
        book.add("station-key-since", good.data(), both, *verdict, what, options=["--since", f"{name}.since"])
    later = Bundle(ledger, [ledger.case])
    later.vouched = [[longer.note(key=old), []], Bundle(longer, [ledger.case]).anchor(len(ledger.records))[1]]
    book.bad("vouched-replaced-key", ledger, None, (1, "vouched", None), "a later view signed with the key that was replaced", policy_file=both,
             bundle=later)
    later = Bundle(ledger, [ledger.case])
    later.vouched = [[longer.note(), []], Bundle(longer, [ledger.case]).anchor(len(ledger.records))[1]]
    book.good("vouched-new-key", ledger, None, "a later view signed with the key in force", policy_file=both, bundle=later)
    fork = ledger.relog([*range(size), *range(size, len(ledger.records)), 3])
    fork.heads()
    book.file("vouched-fork.since", fork.note())
    later.vouched = [[longer.note(), []], Bundle(longer, [ledger.case]).anchor(len(ledger.records))[1]]
    book.add("vouched-new-key", later.data(), both, 1, "fork", None, "a larger paper with another root than the later view of its size",
             options=["--since", "vouched-fork.since"])


# --- succession ---

def successor(old, size=None, root=None, **more):
    """The ledger that was founded after `old`."""
    named = old.tree_head(size)
    return Desk(salt="new", station="station-new", code="KHPQ", succeeds=[old.id, named[0], root or named[1], None, None], **more)


def both_logs(book, new, old, name):
    """A policy that trusts the two."""
    return book.file(name, policy([(new.origin, new.station), (old.origin, old.station)]))


def succession(book):
    """The old ledger's bundle inside."""
    old = seized()
    old.heads()
    head = len(old.records)
    later = old.copy()
    later.hand("chan", "dara", later.items)
    later.heads()

    def case(name, verdict, what, new, inside, found=(), how=None):
        new.heads()
        trusted = both_logs(book, new, old, name + ".policy")
        if verdict:
            book.bad(name, new, [0], verdict, what, policy_file=trusted, others=[inside], **(how or {}))
        else:
            book.good(name, new, [0], what, policy_file=trusted, others=[inside], **(how or {}))
            book.says(findings=[list(one) for one in found])
    inside = Bundle(old, old.items).data()
    goes_on = [("succeeded-later", None, None)]
    case("succession-good", None, "the predecessor's bundle is of the head that the founders named", successor(old), inside)
    case("succession-later", None, "the predecessor went on after the head that the founders named", successor(old), Bundle(later, old.items).data(),
         goes_on)
    anchored = Bundle(later, old.items)
    unseen = next(size for size in range(3, head) if size not in [s[0] for s in anchored.seen])
    case("succession-unproven", (2, "succession", None), "the predecessor's bundle does not prove the size that the founders named",
         successor(old, unseen), anchored.data())
    anchored.anchors = [anchored.anchor(unseen)]
    case("succession-anchor", None, "an anchor proves the size that the founders named", successor(old, unseen), anchored.data(), goes_on)
    case("succession-other-root", (1, "succession", None), "the founders named another root", successor(old, root=b"r" * 32), inside)
    case("succession-later-other-root", (1, "succession", None), "the founders named another root of a size that the predecessor has passed",
         successor(old, root=b"r" * 32), Bundle(later, old.items).data())
    case("succession-older", (2, "succession", None), "the predecessor's bundle is older than the head that the founders named",
         successor(later), inside)
    vouched = Bundle(later, old.items, head)
    vouched.vouched = vouched.anchor(len(later.records))
    case("succession-vouched", None, "the predecessor's bundle is older, and carries the head that the founders named", successor(later), vouched.data())
    new = successor(old, training=True)
    new.heads()
    book.bad("succession-training-other", new, [0], (1, "succession", None), "a training ledger that succeeds one that is none",
             policy_file=both_logs(book, new, old, "succession-training-other.policy"), others=[inside], options=["--training"])
    stranger = station(salt="other", station="station2")
    stranger.heads()
    new = successor(old)
    new.heads()
    book.good("succession-stranger", new, [0], "a bundle of a third ledger inside says nothing of the predecessor",
              policy_file=both_logs(book, new, stranger, "succession-stranger.policy"), others=[Bundle(stranger, [5]).data()])


def carried(book):
    """Things that were carried over."""
    old = seized(count=3)
    old.heads()
    head = old.tree_head()

    def case(name, what, found, foreign, inside=True, first=0):
        new = successor(old)
        new.enrol("chan", "officer")
        new.case = new.open_case("chan")
        things = new.allot("chan", 2)
        rows = [entry(thing, facts={OFCASE: new.case, PIECES: 1}) for thing in things]
        at = new.act("register", ["chan"], [entry(new.case, 1), *rows], extra={FOREIGN: foreign(first)})
        new.heads()
        book.good(name, new, [things[1]], what, policy_file=both_logs(book, new, old, name + ".policy"),
                  others=[Bundle(old, [old.items[2]]).data()] if inside else [])
        book.says(findings=[["carried", at, things[1]]] if found else [])
    case("carried", "two things carried over, asked for the second", False, lambda _: [old.id, *head, old.items[1], None])
    case("carried-alone", "carried over, and the old ledger's bundle is not inside", False, lambda _: [old.id, *head, old.items[1], None], False)
    case("carried-other-root", "carried over from another head than the founders named", True, lambda _: [old.id, head[0], b"r" * 32, old.items[1], None])
    case("carried-no-subject", "carried over from nowhere", True, lambda _: [old.id, *head, None, None])
    case("carried-act", "carried over with an act", True, lambda _: [old.id, *head, old.items[1], b"a" * 32])
    case("carried-elsewhere", "registered with a word on a third ledger", False, lambda _: [b"l" * 32, *head, old.items[1], None])
