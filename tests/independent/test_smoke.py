#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Smoke test of the independent verifier on ledgers that it builds itself, with a builder of its own: the smallest
ledger, a handover, exhibits, freshness, tags, and files that are damaged at random."""
import base64
import os
import random
import sys

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

import u_crypto as c                                                       # noqa: E402
import u_late                                                              # noqa: E402
from u_cbor import encode                                                  # noqa: E402
from u_notes import key_id                                                 # noqa: E402
from u_tables import KINDS                                                 # noqa: E402
from verify import verify                                                  # noqa: E402


def signer(name):
    return Ed25519PrivateKey.from_private_bytes(c.H(name.encode()))


def public(key):
    return key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)


def root(hashes):
    if len(hashes) == 1:
        return hashes[0]
    k = 1 << (len(hashes) - 1).bit_length() - 1
    return c.node_hash(root(hashes[:k]), root(hashes[k:]))


def audit(hashes, i):
    if len(hashes) == 1:
        return []
    k = 1 << (len(hashes) - 1).bit_length() - 1
    return audit(hashes[:k], i) + [root(hashes[k:])] if i < k else audit(hashes[k:], i - k) + [root(hashes[:k])]


def subproof(hashes, m, whole):
    if m == len(hashes):
        return [] if whole else [root(hashes)]
    k = 1 << (len(hashes) - 1).bit_length() - 1
    if m <= k:
        return subproof(hashes[:k], m, whole) + [root(hashes[k:])]
    return subproof(hashes[k:], m - k, False) + [root(hashes[:k])]


class Book:
    def __init__(self):
        self.station, self.keys, self.records, self.threads, self.time = signer("station"), {}, [], {}, 1700000000
        self.sheets, self.disclosures, self.id, self.count = {}, {}, None, 0

    def hashes(self):
        return [c.leaf_hash(r) for r in self.records]

    def act(self, kind, signers, entries, details=(), **more):
        """signers: [person, appointment, capacity]; entries: [subject, role, facts]; details: (subject, name, value)."""
        nonce = c.H(b"nonce", encode(len(self.records)))[:16]
        made = {}
        for sub, name, value in details:
            lines = made.setdefault(sub, [])
            ordinal = sum(n == name for n, _, _ in lines)
            item = encode(["unbroken/1 detail", self.id, signers[0][0], nonce, sub, name, ordinal, bytes(16), value])
            self.disclosures[c.H(item)] = item
            lines.append([name, ordinal, c.H(item)])
        for sub, lines in made.items():
            data = encode(sorted(lines))
            self.sheets[c.sheet_hash(data)] = data
            made[sub] = c.sheet_hash(data)
        payload = {2: kind, 3: nonce, 4: [self.time, 420], 6: signers,
                   7: [[s, r, f, made.get(s)] for s, r, f in sorted(entries, key=lambda e: e[0])]}
        if self.id:
            payload.update({1: self.id, 5: [len(self.records), root(self.hashes())]})
        if None in made:
            payload[14] = made[None]
        payload.update({int(k[1:]): v for k, v in more.items()})
        raw = encode(payload)
        self.id = self.id or c.ledger_id(raw)
        signatures = []
        for person, _, _ in signers:
            key = self.keys.setdefault(person, signer(f"person {person}"))
            header = encode({1: -19, 4: c.kid_of([-19, public(key)])})
            signed = encode(["Signature", b"", header, c.AAD, raw])
            signatures.append([header, {}, key.sign(signed)])
        self.append([1, 0, len(self.records), self.prev(), self.tick(), self.links(e[0] for e in payload[7]),
                     encode([b"", {}, raw, signatures])])
        return c.act_id(raw)

    def tick(self):
        self.time += 60
        return self.time

    def prev(self):
        return c.leaf_hash(self.records[-1]) if self.records else None

    def links(self, subjects):
        out = []
        for s in subjects:
            thread = self.threads.setdefault(s, [])
            out.append([s, len(thread) + 1, thread[-1] if thread else None])
            thread.append(len(self.records))
        self.count = len(self.threads)
        return out

    def append(self, record):
        self.records.append(encode(record))

    def leaves(self):
        return [encode(["heads/1", self.id, s, len(t), t[-1], c.leaf_hash(self.records[t[-1]])])
                for s, t in sorted(self.threads.items())]

    def heads(self):
        self.append([1, 1, len(self.records), self.prev(), self.tick(), self.count,
                     root([c.leaf_hash(x) for x in self.leaves()])])

    def origin(self):
        return "kh.example/" + base64.b32encode(self.id).decode().rstrip("=").lower()

    def note(self, size=None, top=None, cosign=None):
        hashes = self.hashes()[:size]
        text = f"{self.origin()}\n{len(hashes)}\n{base64.b64encode(top or root(hashes)).decode()}\n".encode()
        name = self.origin().encode()
        lines = [(name, key_id(name, 1, public(self.station)) + self.station.sign(text))]
        if cosign is not None:
            key = signer("witness")
            message = b"cosignature/v1\ntime %d\n" % cosign + text
            lines.append((b"w.example", key_id(b"w.example", 4, public(key)) + cosign.to_bytes(8, "big")
                          + key.sign(message)))
        return text + b"\n" + b"".join("— ".encode() + n + b" " + base64.b64encode(s) + b"\n" for n, s in lines)

    def policy(self, witness=False):
        def vkey(name, kind, key):
            return name + b"+" + key_id(name, kind, public(key)).hex().encode() + b"+" + base64.b64encode(
                bytes([kind]) + public(key))
        lines = [b"log " + vkey(self.origin().encode(), 1, self.station)]
        lines += [b"witness w " + vkey(b"w.example", 4, signer("witness"))] if witness else []
        return b"\n".join(lines + [b"quorum w" if witness else b"quorum none", b""])

    def bundle(self, asked, note=None, records=None, members=None, anchors=()):
        pool, hashes = [], self.hashes()
        leaves = self.leaves()
        members = sorted(self.threads) if members is None else members

        def path(nodes):
            for node in nodes:
                if node not in pool:
                    pool.append(node)
            return [pool.index(node) for node in nodes]

        kept = range(len(hashes)) if records is None else records
        out = [[self.records[i], path(audit(hashes, i))] for i in kept]
        leaf_part = [[leaves[s], path(audit([c.leaf_hash(x) for x in leaves], s))] for s in members]
        sizes = [i for i in kept if i and self.records[i][2:3] == b"\0"]
        seen = [[i, path(subproof(hashes, i, True))] for i in sizes]
        old = [[[self.note(size), []], path(subproof(hashes, size, True))] for size in anchors]
        body = ["unbroken bundle/1", [note or self.note(), []], b"", out, asked, leaf_part, seen, old, None,
                [s for _, s in sorted(self.sheets.items())], [d for _, d in sorted(self.disclosures.items())], [], []]
        body[2] = b"".join(pool)
        return sealed(body)


def sealed(body):
    raw = b"\x8e" + b"".join(map(encode, body))
    return raw + b"\x58\x20" + c.H(raw)


def founded(threshold=1):
    book = Book()
    people = range(1, threshold + 2)
    found = ["kh.example", "KHPP", False, threshold, public(book.station), None]
    book.act(0, [[p, 0, 1] for p in people],
             [[0, 0, {0: 1}]] + [[p, 0, {0: 2, 10: [-19, public(signer(f"person {p}"))], 11: 1}] for p in people],
             p15=found)
    return book


def handed_over():
    """An officer (3) and a custodian (4); case 5; item 6, sealed, released and accepted."""
    book = founded()
    for p, office in ((3, 2), (4, 3)):
        book.act(1, [[1, 1, 1], [p, 0, 0]], [[p, 0, {0: 2, 10: [-19, public(signer(f"person {p}"))], 11: office}]])
    book.act(9, [[3, 1, 2]], [[5, 0, {0: 4}]], [(5, 40, "D-1"), (5, 41, "Law 7")])
    book.act(10, [[3, 1, 2]], [[6, 0, {0: 5}]])
    book.act(13, [[3, 1, 2]], [[6, 0, {1: 5, 2: 10, 5: 5000}], [5, 1, {}]])
    book.act(17, [[3, 1, 2], [4, 1, 3]], [[6, 0, {8: ["S1"]}]])
    answers = book.act(20, [[3, 1, 2]], [[6, 0, {2: 10, 6: ["S1"]}]], p9=[4, None, None], p13=1)
    book.act(21, [[4, 1, 3]], [[6, 0, {2: 9, 6: ["S1"]}]], p10=answers, p13=2)
    book.act(38, [[4, 1, 3]], [[6, 0, {13: 1}]])
    book.heads()
    return book


CHECKS = [0]


def expect(got, status, code, **more):
    CHECKS[0] += 1
    assert (got["status"], got["code"]) == (status, code), got
    for key, value in more.items():
        assert got[key] == value, (key, got)


def main():
    book = founded()
    book.heads()
    assert len(book.records) == 2
    small = book.bundle([0])
    expect(verify(small, book.policy()), 0, "intact")
    expect(verify(book.bundle([9]), book.policy()), 1, "never-issued", place={"subject": 9})
    expect(verify(small, b"quorum none\n"), 2, "origin")
    policies(small, book.policy())
    expect(verify(small, book.policy(True)), 2, "quorum", stop=False)
    seen = book.note(cosign=1800000000)
    expect(verify(book.bundle([0], seen), book.policy(True), as_of=1800000000), 0, "intact")
    expect(verify(book.bundle([0], seen), book.policy(True), as_of=1800000001), 2, "stale")
    expect(verify(small[:-1] + b"\0", book.policy()), 2, "transport")

    book = handed_over()
    policy, n = book.policy(), len(book.records)
    full = book.bundle([6], anchors=[4, n - 2])
    got = verify(full, policy)
    expect(got, 3, "custody", breaches=[{"code": "pieces", "record": 8, "subject": 6}])
    expect(verify(book.bundle([6], records=[i for i in range(n) if i != 6]), policy), 1, "incomplete",
           place={"subject": 6})
    expect(verify(full, policy, since=book.note(4)), 3, "custody")
    expect(verify(full, policy, since=book.note(n - 1)), 2, "since-unproven")
    expect(verify(full, policy, since=book.note(4, bytes(32))), 1, "fork")
    expect(verify(full, policy, since=b"x"), 2, "since-unreadable")
    letters = base64.b32encode(book.id[:10]).decode()
    tag = f"U1/KHPP-6-{u_late.check_character('KHPP6')}/{letters}/"
    expect(verify(full, policy, tags=[tag + "1"]), 3, "custody", breaches=got["breaches"])
    assert verify(full, policy, tags=[tag.lower().replace("-", "") + "2"])["breaches"][-1]["code"] == "superseded"
    expect(verify(full, policy, tags=["U1/" + tag]), 2, "not-a-tag")
    expect(verify(full, policy, tags=[tag.replace("KHPP-6", "KHPP-7") + "1"]), 2, "check-character")
    exhibits(book, policy)
    damaged(full, policy)
    print(*sorted(random_ledgers()))
    print(f"{CHECKS[0]} passed, 0 failed")


def policies(small, good):
    """What is wrong with a policy is told in V3, after the file's own layout."""
    def line(kind, key, name=b"log"):
        return b"%s x+%s+%s\n" % (name, key_id(b"x", kind, key).hex().encode(), base64.b64encode(bytes([kind]) + key))
    honest = public(signer("another"))
    expect(verify(small, good + line(1, honest)), 0, "intact")
    expect(verify(small, good + line(4, honest, b"witness w")), 0, "intact")
    wrong_id = good.replace(b"+82dfe05b+", b"+82dfe05c+") if b"+82dfe05b+" in good else good[:-20]
    for policy in (b"", b"quorum", b"quorum none\nquorum none\n", b"quorum w\n", good + b"logs x\n", wrong_id,
                   good + line(4, honest), good + line(1, honest, b"witness w"), good + line(1, bytes(31) + b"\0"),
                   good + line(1, b"\2" + bytes(31)), good + line(1, b"\1" + bytes(31)), good + line(1, honest[:31]),
                   good + b"group g 2 w\n", good + line(4, b"\1" + bytes(31), b"witness w")):
        expect(verify(small, policy), 2, "policy")
    expect(verify(small[:-1] + b"\0", b""), 2, "transport")


def exhibits(book, policy):
    hashes, n = book.hashes(), len(book.records)
    for size in range(1, n):
        nodes = subproof(hashes, size, False)
        for top, want in ((bytes(32), (1, "fork")), (root(hashes[:size]), (2, "no-exhibit"))):
            fork = encode(["unbroken fork/1", book.note(size, top), book.note(), nodes])
            expect(verify(fork, policy), *want)
    expect(verify(encode(["unbroken fork/1", book.note(), book.note(None, bytes(32)), []]), policy), 1, "fork")
    lie = handed_over()
    lie.threads[6] = lie.threads[6][:-1]           # the last record of the item is left out of its leaf
    lie.records.pop()
    lie.heads()
    hashes, leaves = lie.hashes(), lie.leaves()
    parts = [[lie.records[-1], audit(hashes, n - 1)],
             [leaves[6], audit([c.leaf_hash(x) for x in leaves], 6)], [lie.records[n - 2], audit(hashes, n - 2)]]
    expect(verify(encode(["unbroken false-heads/1", lie.note()] + parts), policy), 1, "false-heads")
    parts[1] = None
    expect(verify(encode(["unbroken false-heads/1", lie.note()] + parts), policy), 2, "no-exhibit")
    expect(verify(lie.bundle([6]), policy), 1, "thread")


def damaged(full, policy):
    """Whatever is done to the bytes, there is a verdict, and never a good one."""
    rnd = random.Random(1)
    for _ in range(600):
        raw = bytearray(full[:-34])
        for _ in range(rnd.choice((1, 1, 1, 4))):
            raw[rnd.randrange(len(raw))] = rnd.choice((0, 1, 0x40, 0x80, 0xA0, 0xFF, rnd.randrange(256)))
        if bytes(raw) != full[:-34]:
            got = verify(bytes(raw) + b"\x58\x20" + c.H(raw), policy)
            CHECKS[0] += 1
            assert got["status"] in (1, 2), got


FACT_VALUES = {2: [0, 1, 5, 10], 3: [5000, 7000], 4: [0, 2000], 5: [0, 5000, 4950, 9000], 6: [[], ["S1"], ["S1", "S2"]],
               7: [[], ["S1"]], 8: [["S1"], ["S2"], ["S1", "S2"]], 9: [1, 2, 3, 4], 13: [1, 2, 3], 15: [[1], [1, 63]]}


def random_act(rnd, book, ids):
    kind = KINDS[rnd.choice([k for k in range(11, 45) if k != 12])]
    things, keys = rnd.sample(range(6, 14), 5), {}
    people = rnd.sample([[3, 1, 2], [4, 1, 3], [1, 1, 1], [7 + 7, 1, 7], [15, 1, 8]], 3)
    for key in kind.must_keys | {k for k in kind.may_keys if rnd.random() < .5}:
        keys[f"p{key}"] = {8: [1, None, None], 9: [rnd.choice([3, 4, None]), None, 1], 10: rnd.choice(ids or [bytes(32)]),
                           11: [len(book.records) - 1, c.leaf_hash(book.records[-1])], 12: 1, 13: rnd.choice([1, 2, 3, 4]),
                           16: [bytes(32), 1, bytes(32), None, None], 20: book.time + rnd.choice([-1, 90])}[key]

    def facts(of, extra=()):
        return {f: 5 if f == 1 else rnd.choice(FACT_VALUES[f]) for f in of | {f for f in extra if rnd.random() < .5}}

    entries = [[s, 0, facts(kind.must_facts, kind.may_facts)] for s in things[:rnd.choice((1, 1, 2))]]
    if 3 in kind.roles:
        entries = [[things[0], 3, facts({2, 3, 4, 5})], [things[1], 4, facts({2, 5})], [5, 1, {}]]
    elif 2 in kind.roles:
        entries.append([rnd.choice((12, 13)), 2, {}])
    elif kind.number in (13, 14):
        entries += [[5, 1, {}]] + ([[16, 5, {}]] if kind.number == 14 else [])
    elif kind.name == "animal" and len(entries) == 1:
        entries.append([things[3], 4, facts({2})])
    elif kind.name == "same as":
        entries = [[s, 0, {}] for s in things[:2]]
    entries = list({e[0]: e for e in entries}.values())
    details = [(None, d, "x") for d in kind.must_details]
    if rnd.random() < .1:
        keys["p19"] = True
    if kind.name != "correct" or rnd.random() < .5:
        ids.append(book.act(kind.number, people[:rnd.choice((1, 2, 3))], entries, details, **keys))


def random_ledgers():
    """Acts at random, of good form: replay has to come to an end with a verdict, and the same one from every view."""
    seen = set()
    for seed in range(25):
        rnd, book, ids = random.Random(seed), founded(), []
        enrol = [(3, 2), (4, 3)]
        for p, office in enrol:
            book.act(1, [[1, 1, 1], [p, 0, 0]], [[p, 0, {0: 2, 10: [-19, public(signer(f"person {p}"))], 11: office}]])
        book.act(9, [[3, 1, 2]], [[5, 0, {0: 4}]], [(5, 40, "D-1"), (5, 41, "Law 7")])
        book.act(10, [[3, 1, 2]], [[s, 0, {0: 6 if s > 11 else 5}] for s in range(6, 14)])
        for p, office in ((14, 7), (15, 8)):
            book.act(1, [[1, 1, 1], [p, 0, 0]], [[p, 0, {0: 2, 10: [-19, public(signer(f"person {p}"))], 11: office}]])
        book.act(9, [[3, 1, 2]], [[16, 0, {0: 4}]], [(16, 40, "D-2"), (16, 41, "Law 7")])
        for s in range(6, 14):
            book.act(13, [[3, 1, 2]], [[s, 0, {1: 5, 2: 10, 5: 5000}], [5, 1, {}]])
        for _ in range(25):
            random_act(rnd, book, ids)
        book.heads()
        got = verify(book.bundle(list(range(5, 14)) + [16]),
                     book.policy())
        CHECKS[0] += 1
        assert got["status"] in (1, 3), got
        assert got["code"] in ("custody", "answers", "malformed-act", "amends"), got
        seen |= {b["code"] for b in got["breaches"]} | {got["code"]}
    return seen


if __name__ == "__main__":
    main()
