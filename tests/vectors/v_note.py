# SPDX-License-Identifier: Apache-2.0
"""Checkpoints, witnesses, auditors, older and newer views, freshness, tags, other ledgers' bundles."""
from bundle import Bundle, seal
from cborx import enc
from codes import CODE, DEVIATION
from custody import seized, station
from forge import entry
from keys import Key, note_text, policy
from make import record, subject
from v_attack import stored

NAMES = ["w1", "w2", "w3", "aud1", "aud2"]
KEYS = {name: Key(name) for name in NAMES}
LONG = {name: f"{name}.witness.example" for name in NAMES}


def cosign(*names, time=1700100000, wrong=()):
    """Arguments for the cosignature lines of a note."""
    return [(LONG[n], KEYS[n], time, n in wrong) for n in names]


def build(book):
    """All vectors of this file."""
    notes(book)
    witnesses(book)
    auditors(book)
    anchors(book)
    since(book)
    as_of(book)
    tags(book)
    others(book)


def trust(book, ledger, quorum="none", groups=(), names=NAMES):
    """A policy with witnesses."""
    text = policy([(ledger.origin, ledger.station)], [(n, LONG[n], KEYS[n]) for n in names], groups, quorum)
    if text not in book.policies:
        book.policies[text] = book.file(f"witnesses{len(book.policies):02}.policy", text)
    return book.policies[text]


def notes(book):
    """The checkpoint itself."""
    ledger = station()
    ledger.heads()
    text = note_text(ledger.origin, *ledger.tree_head())
    stop = (2, "unreadable", None)
    for name, what, note in [
            ("note-extension-line", "an extension line", ledger.note(text=text + "extension\n")),
            ("note-two-lines", "no root line", ledger.note(text="\n".join(text.split("\n")[:2]) + "\n")),
            ("note-leading-zero", "a size with a leading zero", ledger.note(text=text.replace("\n5\n", "\n05\n"))),
            ("note-no-blank-line", "no blank line before the signatures",
             ledger.note().replace(b"\n\n", b"\n")),
            ("note-root-short", "a root of 31 bytes",
             ledger.note(text=note_text(ledger.origin, 5, ledger.tree_head()[1][:31]))),
            ("note-no-newline", "no newline at the end", ledger.note()[:-1])]:
        book.bad(name, ledger, [5], stop, what + " in the checkpoint", note=note)
    book.bad("note-unsigned", ledger, [5], (2, "unreadable", None), "a checkpoint without a signature line",
             note=ledger.note(bare=True))
    line = ledger.note().split(b"\n\n")[1]
    book.bad("note-signed-twice", ledger, [5], (1, "checkpoint", None), "the station's line stands twice",
             note=ledger.note() + line)
    book.bad("note-origin-unknown", ledger, [5], (2, "origin", None), "another origin line",
             note=ledger.note(origin=ledger.origin_name))
    book.bad("note-size-one", ledger, [5], stop, "a checkpoint of size 1", note=ledger.note(1))
    book.bad("first-record-missing", ledger, [5], stop, "record 0 is not in the file", drop=[0])
    book.bad("last-record-missing", ledger, [5], stop, "the heads record is not in the file", drop=[4])
    longer = ledger.copy()
    longer.open_case("chan")
    bundle = Bundle(longer, [5])
    bundle.leaves = Bundle(ledger, [5]).leaves
    book.bad("heads-missing", longer, None, (2, "heads", record(5)), "the last record is an act, not a heads record",
             bundle=bundle, headless=True)
    other = ledger.relog(range(5))
    other.records[-1] = other.records[-1][:-1] + bytes([other.records[-1][-1] ^ 1])
    book.bad("heads-root-wrong", other, [5], (1, "leaf", subject(0)), "a heads record with another root",
             bundle=Bundle(other, [5]))


def witnesses(book):
    """Quorums."""
    ledger = station()
    ledger.heads()
    two = [("two", 2, ["w1", "w2", "w3"])]
    trusted = trust(book, ledger, "two", two)
    book.good("quorum-met", ledger, [5], "two of three witnesses", policy_file=trusted,
              witnesses=cosign("w1", "w3"))
    book.bad("quorum-not-met", ledger, [5], (2, "quorum", None), "one of three witnesses where two are wanted",
             policy_file=trusted, witnesses=cosign("w2"))
    book.bad("cosignature-wrong", ledger, [5], (1, "cosignature", None),
             "a third cosignature that does not verify, though two do", policy_file=trusted,
             witnesses=cosign("w1", "w2", "w3", wrong=["w3"]))
    book.good("cosignature-unknown", ledger, [5], "a cosignature of a witness unknown to the policy, not valid",
              policy_file=trust(book, ledger, "w1", names=["w1"]), witnesses=cosign("w1", "w2", wrong=["w2"]))
    nested = [("inner", 1, ["w1", "w2"]), ("outer", "all", ["inner", "w3"])]
    book.good("quorum-nested", ledger, [5], "a group in a group", policy_file=trust(book, ledger, "outer", nested),
              witnesses=cosign("w2", "w3"))
    book.bad("cosignature-twice", ledger, [5], (1, "cosignature", None), "one witness twice",
             policy_file=trusted, witnesses=cosign("w1") + cosign("w1", time=1700100001))


def auditors(book):
    """The group `auditors`, and later views."""
    ledger = station()
    ledger.heads()
    size = len(ledger.records)
    groups = [("auditors", "any", ["aud1", "aud2"]), ("all", "all", ["w1"])]
    trusted = trust(book, ledger, "all", groups)
    w1 = cosign("w1")
    book.good("auditors-signed", ledger, [5], "an auditor's cosignature on the checkpoint", policy_file=trusted,
              witnesses=w1 + cosign("aud2"))
    book.bad("auditors-missing", ledger, [5], (2, "auditors", None), "no auditor's cosignature",
             policy_file=trusted, witnesses=w1)
    later = ledger.copy()
    later.open_case("chan")
    later.heads()

    def vouch(note, ledger=later, **how):
        bundle = Bundle(ledger, [5], size, witnesses=w1, **how)
        bundle.vouched = bundle.anchor(len(later.records), note)
        return bundle
    book.good("vouched", later, None, "a later view, cosigned by an auditor", policy_file=trusted,
              bundle=vouch(later.note(witnesses=cosign("w1", "aud1"))))
    book.bad("vouched-without-auditor", later, None, (2, "auditors", None), "a later view, cosigned by no auditor",
             policy_file=trusted, bundle=vouch(later.note(witnesses=w1)))
    fork = ledger.relog([0, 1, 2, 3, 3, 3, 4])
    book.bad("vouched-fork", later, None, (1, "vouched", None), "the auditor vouched for another history",
             policy_file=trusted, bundle=vouch(fork.note(witnesses=cosign("aud1"))))
    book.bad("vouched-other-key", later, None, (1, "vouched", None), "a later view not signed by the station",
             policy_file=trusted, bundle=vouch(later.note(key=Key("thief"), witnesses=cosign("aud1"))))
    early = Bundle(later, [5], witnesses=w1)
    early.vouched = early.anchor(size, ledger.note(witnesses=cosign("aud1")))
    book.bad("vouched-older", later, None, (1, "vouched", None), "the audited view is older than the bundle",
             policy_file=trusted, bundle=early)


def anchors(book):
    """Older views that are wrong."""
    ledger = station()
    ledger.heads()
    size = len(ledger.records)
    ledger.open_case("chan")
    ledger.heads()
    fork = ledger.relog([0, 1, 3, 4])
    other = station(salt="other")
    other.heads()
    cases = [("anchor-other-history", (1, "anchor", None), "an older view of another history",
              ledger.note(text=note_text(ledger.origin, size, fork.tree_head()[1]))),
             ("anchor-other-key", (1, "anchor", None), "an older view that the station did not sign",
              ledger.note(size, key=Key("thief"))),
             ("anchor-other-origin", (2, "unreadable", None), "an older view of another ledger",
              other.note())]
    for name, verdict, what, note in cases:
        bundle = Bundle(ledger, [5])
        bundle.anchors = [bundle.anchor(size, note)]
        book.bad(name, ledger, None, verdict, what, bundle=bundle)
    bundle = Bundle(ledger, [5], size)
    bundle.anchors = [bundle.anchor(7, ledger.note())]
    book.bad("anchor-later", ledger, None, (2, "unreadable", None), "an anchor above the bundle's size", bundle=bundle)


def since(book):
    """--since in each outcome. Few bundles, many papers."""
    ledger = stored()
    ledger.heads()
    old = Bundle(ledger, ledger.items)
    new = ledger.copy()
    new.hand("dara", "chan", new.items)
    new.heads()

    def case(name, verdict, what, file, data, bundle):
        book.file(file, data)
        book.add(name, bundle.data(), book.policy(ledger), *verdict, what, options=["--since", file])
    intact, items = (0, "intact", None), ledger.items
    size = len(ledger.records)
    latest = Bundle(new, items)
    case("since", intact, "an older checkpoint that a signer has seen", "proven.since", ledger.note(), latest)
    case("since", intact, "the checkpoint itself", "same.since", new.note(), latest)
    case("since", intact, "an older bundle", "older-bundle.since", old.data(), latest)
    anchored = Bundle(new, items)
    missing = next(m for m in range(2, size) if m not in [s[0] for s in latest.seen])
    anchored.anchors = [anchored.anchor(missing)]
    case("since-anchored", intact, "an older checkpoint that stands as an anchor", "unproven.since",
         new.note(missing), anchored)
    case("since", (2, "since-unproven", None), "an older checkpoint that nothing proves",
         "unproven.since", new.note(missing), latest)
    case("since-old", (2, "stale", None), "the paper is newer than the bundle: an end cut off, or stale",
         "newer.since", new.note(), old)
    changed = new.relog(range(size), lambda i, rec: [*rec[:4], rec[4] + 1, *rec[5:]] if i == 10 else rec)
    case("since-old", (1, "fork", None), "a paper of this size with another root: a backup restored",
         "fork-same.since", changed.note(), old)
    case("since", (1, "fork", None), "an older paper with another root than the signers saw",
         "fork-older.since", changed.note(), latest)
    case("since", (2, "since-unreadable", None), "the paper of another ledger", "other.since",
         station(salt="other").note(), latest)
    case("since", (2, "since-unreadable", None), "a paper that the station did not sign",
         "unsigned.since", ledger.note(key=Key("thief")), latest)
    case("since", (2, "since-unreadable", None), "not a checkpoint", "garbage.since", b"no checkpoint\n",
         latest)


def as_of(book):
    """--as-of in each outcome."""
    ledger = station()
    ledger.heads()
    trusted = trust(book, ledger, "w1", names=["w1", "w2"])
    logged = ledger.steps[-1]["logged"]
    for time, stale, names in [(logged, False, ()), (logged + 1, True, ()), (1700100000, False, ("w1",)),
                               (1700100001, True, ("w1",))]:
        book.add("as-of-witnessed" if names else "as-of-logged",
                 Bundle(ledger, [5], witnesses=cosign(*names)).data(),
                 trusted if names else book.policy(ledger), 2 if stale else 0, "stale" if stale else "intact", None,
                 f"--as-of {'a second after' if stale else 'exactly'} the time of the "
                 + ("cosignature" if names else "last record"), options=["--as-of", str(time)])


def tags(book):
    """--tag in each outcome, of one bundle."""
    ledger = seized()
    item = ledger.items[0]
    spare, idle = ledger.allot("chan", 2)
    ledger.act("void", ["chan", "dara"], ledger.things([spare]), extra={CODE: 3})
    ledger.label("chan", item, 1)
    ledger.label("chan", item, 2)
    ledger.heads()
    asked = [item, spare]
    good = ledger.name(item)
    flat = good.replace("-", "").lower()
    khmer = "".join(chr(0x17E0 + int(c)) if c.isdigit() else c for c in good)
    wrong = good[:-1] + ("0" if good[-1] != "0" else "1")
    intact = (0, "intact", None)
    cases = [
        (ledger.tag(item, 2), intact, "the latest print of a label"),
        (ledger.tag(item, 2, name=flat), intact, "a name in lower case without hyphens"),
        (ledger.tag(item, 2, name=khmer), intact, "Khmer digits"),
        ("https://example.com/", (2, "not-a-tag", None), "not a tag"),
        ("U2" + ledger.tag(item, 2)[2:], (2, "not-a-tag", None), "a tag of a version to come"),
        (ledger.tag(item, ""), (2, "not-a-tag", None), "no print number"),
        (ledger.tag(item, 2, ledger=b"x" * 32, name=wrong), (2, "check-character", None),
         "another ledger, and a wrong check character"),
        (ledger.tag(item, 2, name=wrong), (2, "check-character", None),
         "a wrong check character"),
        (ledger.tag(item, 2, ledger=b"x" * 32), (1, "other-ledger", None), "another ledger"),
        (ledger.tag(item, 2, name=ledger.name(item, "VNHP")), (1, "other-ledger", None),
         "another code"),
        (ledger.tag(99), (1, "never-issued", subject(99)), "a number that was never given"),
        (ledger.tag(idle), (2, "not-in-bundle", subject(idle)), "a thing not in the file")]
    fresh = seized()
    fresh.heads()
    book.add("tag-no-print-recorded", Bundle(fresh, [item]).data(), book.policy(fresh), *intact,
             "--tag: a label whose printing was not recorded", options=["--tag", fresh.tag(item, 7)])
    data = Bundle(ledger, asked).data()
    for tag, verdict, what in cases:
        book.add("tag", data, book.policy(ledger), *verdict, "--tag: " + what, options=["--tag", tag])
    for tag, code, who in [(ledger.tag(spare), "void", spare),
                           (ledger.tag(item, 1), "superseded", item)]:
        book.add("tag", data, book.policy(ledger), 3, "custody", None, f"--tag: {code}", [(code, None, who)],
                 options=["--tag", tag])


def others(book):
    """Bundles of other ledgers inside."""
    ledger, second = station(), station(salt="other", station="station2")
    ledger.heads()
    broken = second.copy()
    broken.act("note", ["chan"], [entry(5, note="x", reason="y")], extra={DEVIATION: True})
    broken.heads()
    second.heads()
    trusted = book.file("two-ledgers.policy", policy([(ledger.origin, ledger.station),
                                                      (second.origin, second.station)]))
    inside = Bundle(second, [5]).data()
    book.good("other-good", ledger, [5], "another ledger's bundle inside", policy_file=trusted, others=[inside])
    flipped = bytearray(inside)
    flipped[-40] ^= 1
    forged = Bundle(second, [5], drop=[3]).data()
    book.bad("other-transport", ledger, [5], (2, "other", None), "a damaged bundle inside", policy_file=trusted,
             others=[bytes(flipped)])
    book.bad("other-incomplete", ledger, [5], (1, "other", None), "an incomplete bundle inside",
             policy_file=trusted, others=[forged])
    book.good("other-custody", ledger, [5], "a bundle inside whose custody is broken", [("other", None, None)],
              policy_file=trusted, others=[Bundle(broken, [5]).data()])
    nested = Bundle(second, [5], others=[inside]).data()
    book.bad("other-in-other", ledger, [5], (2, "other", None), "a bundle in a bundle in a bundle",
             policy_file=trusted, others=[nested])
    book.bad("other-no-bundle", ledger, [5], (2, "other", None), "others with something that is no bundle",
             policy_file=trusted, others=[seal(enc(["unbroken", b"x" * 40]))])
