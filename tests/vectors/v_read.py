# SPDX-License-Identifier: Apache-2.0
"""What three readers once read differently: limits of notes and policies, tags as they are typed, whose answer is late, who is told of a correction."""
from bundle import Bundle
from cborx import enc
from codes import ANSWERS, CODE, DUE, PIECES
from custody import Desk, seized, station
from forge import entry
from keys import Key, vkey
from make import record
from tree import inclusion, leaf_hash
from v_basic import rotate
from v_note import cosign, trust


def build(book):
    """All vectors of this file."""
    notes(book)
    founders(book)
    tags(book)
    ends(book)
    answers(book)
    corrections(book)
    older(book)
    exhibits(book)


def notes(book):
    """Limits of SPEC 3.6."""
    ledger = station()
    ledger.heads()
    trusted = trust(book, ledger, "none", names=["w1"])
    late = (1, "cosignature", None)
    book.bad("cosignature-time-huge", ledger, [5], late, "a witness's cosignature, right but for its time of 2^53 seconds", policy_file=trusted,
             witnesses=cosign("w1", time=2**53))
    book.good("cosignature-time-most", ledger, [5], "a witness's cosignature of the latest second that there is", policy_file=trusted,
              witnesses=cosign("w1", time=2**53 - 1))
    note = ledger.note().decode()
    lines = "".join(f"\u2014 other{i}.example AAAAAAA=\n" for i in range(64))
    book.bad("note-lines-65", ledger, [5], (2, "unreadable", None), "a checkpoint with 65 signature lines", note=(note + lines).encode())
    book.good("note-lines-64", ledger, [5], "a checkpoint with 64 signature lines", note=(note + "".join(lines.splitlines(True)[1:])).encode())
    text = book.files[book.policy(ledger)].decode()
    book.bad("policy-no-newline", ledger, [5], (2, "policy", None), "a policy whose last line does not end",
             policy_file=book.file("no-newline.policy", text.rstrip("\n")))
    both = text + f"witness w {vkey('w.example', ledger.station, 4)}\n"
    book.bad("policy-log-witnesses", ledger, [5], (2, "policy", None), "a policy in which the log's key is a witness's too",
             policy_file=book.file("log-witnesses.policy", both))


def founders(book):
    """SPEC 6.5: all founders sign, in order of their numbers; who does not is a matter of authority, not of form."""
    turned = Desk(sign=lambda signs, data: signs[::-1], edit=lambda payload: payload[6].reverse())
    book.bad("found-signers-turned", turned, [0], (1, "authority", record(0)), "founders who sign in another order than that of their numbers")
    fact = Desk(edit=lambda payload: payload[7][0][2].update({11: 1}))
    book.bad("found-ledger-fact", fact, [0], (1, "malformed-act", record(0)), "a founding whose entry of the ledger has a second fact")


def tags(book):
    """SPEC 3.2: what a scanner and a hand add."""
    ledger = seized()
    item = ledger.items[0]
    ledger.label("chan", item, 1)
    ledger.heads()
    data, policy = Bundle(ledger, [item]).data(), book.policy(ledger)
    tag, intact = ledger.tag(item, 1), (0, "intact", None)
    zeros = ledger.name(item).replace("-6-", "-06-")
    for text, verdict, what in [(tag.lower(), intact, "all in lower case"), (f"\t{tag}\r\n", intact, "with the Enter of a scanner"),
                                (ledger.name(item), intact, "a name alone"), (f" {ledger.name(item).lower()}\u200b", intact, "a name alone, as it is typed"),
                                (ledger.name(item).replace("-", "", 1), intact, "a name with one of its hyphens"),
                                (tag.rpartition("/")[0] + "/\u17e1", intact, "a print number in Khmer digits"),
                                (tag.rpartition("/")[0] + "/01", (2, "not-a-tag", None), "a print number with a leading zero"),
                                (tag[:-3] + "1/1", (2, "not-a-tag", None), "a ledger part with a letter that base32 does not have"),
                                (zeros, (2, "check-character", None), "a name with a leading zero, and a check character that does not fit it"),
                                (ledger.name(item, "VNHP"), (1, "other-ledger", None), "a name of another code, alone")]:
        book.add("tag-plain", data, policy, *verdict, "--tag: " + what, options=["--tag", text])


def ends(book):
    """V3 looks at the ends of a bundle before V4 looks at witnesses, and at no record that cannot be read."""
    ledger = station()
    ledger.heads()
    trusted = trust(book, ledger, "none", names=["w1"])
    book.bad("end-missing-cosignature", ledger, [5], (2, "unreadable", None), "the last record left out, and a cosignature that fails", drop=[4],
             policy_file=trusted, witnesses=cosign("w1", wrong=["w1"]))


def answers(book):
    """7.3.4 and 7.3.15: an acceptance answers a release, and no hand out; its due time is that of what it answers."""
    ledger = seized(search=False)
    release = ledger.release("chan", [6], "dara", pieces=1)
    out = ledger.outing("handout", ["chan", "dara"], [6], extra={DUE: ledger.now + 5}, pieces=1)
    again = ledger.register("chan", ledger.case, [6], 1)
    accept = ledger.act("accept", ["dara"], [entry(6, facts={PIECES: 1})], extra={ANSWERS: ledger.act_id(release), CODE: 1})
    book.good("accepted-after-handout", ledger, [6], "released, handed out with a due time, registered again and accepted: late for nothing that it answers",
              [("state", out, 6), ("state", again, 6), ("state", accept, 6), ("not-open", accept, 6)])


def corrections(book):
    """7.3.17c: a correction of two things is found of both, and two corrections are two findings."""
    ledger = seized(2, search=False)
    at = len(ledger.records) - 1
    for words in "y", "z":
        ledger.act("correct", ["chan", "dara"], [entry(i, species=words) for i in ledger.items], {"reason": "misread"}, ledger.amends(at))
    book.good("corrected-twice", ledger, ledger.items, "two things of one record, corrected twice")
    book.says(findings=[["corrected", at, i] for i in sorted(ledger.items * 2)])


def older(book):
    """V14: an older paper under a key that came only later."""
    ledger = station()
    ledger.heads()
    size = len(ledger.records)
    rotate(ledger)
    bundle = Bundle(ledger, [5])
    bundle.anchors = [bundle.anchor(size, ledger.note(size, key=Key("station")))]
    book.file("key-came-later.since", ledger.note(size))
    book.add("since-key-later", bundle.data(), book.policy(ledger), 2, "since-unreadable", None,
             "--since: a paper of a size at which its key was not yet the station's", options=["--since", "key-came-later.since"])


def exhibits(book):
    """V16: the records of an exhibit are of their form, down to the act."""
    ledger = station()
    ledger.act("note", ["chan"], [entry(5, note="x")])
    ledger.heads(lies={5: (1, 3)})
    bad = ledger.relog(range(4), None)
    bad.append({**ledger.steps[4], "act": b"no act"})
    bad.heads(lies={5: (1, 3)})
    hashes, tops = [leaf_hash(r) for r in bad.records], [leaf_hash(x) for x in bad.heads_at[5]]
    parts = ["unbroken false-heads/1", bad.note(), [bad.records[5], inclusion(5, hashes)], [bad.heads_at[5][5], inclusion(5, tops)],
             [bad.records[4], inclusion(4, hashes)]]
    book.add("false-heads-act-malformed.false-heads", enc(parts), book.policy(bad), 2, "unreadable", None, "heads that hide a record whose act is none")
