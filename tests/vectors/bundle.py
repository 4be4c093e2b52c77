# SPDX-License-Identifier: Apache-2.0
"""Bundles and exhibits (SPEC 4, 8) from a ledger of `forge`, open to any alteration before they become bytes."""
from cborx import enc
from codes import ENTRIES, FROM, KIND, SHEET
from tree import consistency, inclusion, leaf_hash, sha
import cbor2

CASED = [KIND[name] for name in ("register", "move", "sample", "split")]


def closure(ledger, asked, size):
    """The members and the records of a bundle (SPEC 8)."""
    steps = [(i, s) for i, s in enumerate(ledger.steps[:size]) if s["kind"] is not None]
    members, of_case = set(asked) | {0}, set()
    cases = {s["roles"][0][0] for _, s in steps if s["kind"] == KIND["open"]}
    while True:
        before = len(members) + len(of_case)
        for _, step in steps:
            if not members & set(step["subjects"]):
                continue
            members |= set(step["signers"])
            if step["kind"] == KIND["lodge"] and FROM in step["payload"]:
                members |= {step["payload"][FROM][0]} - {None}
            role = {}
            for subject, number in step["roles"]:
                role.setdefault(number, []).append(subject)
            inside = members.intersection(role.get(0, []))
            kind = step["kind"]
            if kind == KIND["pack"] and inside:
                members |= set(role.get(2, []))
            if members.intersection(role.get(4, [])):
                members |= set(role.get(0 if kind == KIND["animal"] else 3, []))
            if kind == KIND["same"] and inside:
                members |= set(role.get(0, []))
            things = set(role.get(0, [])) | set(role.get(4, []))
            if kind in CASED and members & (things | set(role.get(3, []))):
                members |= set(role.get(1, [])) | set(role.get(5, []))
            if kind in (*CASED, KIND["animal"]) and cases & set(asked) & set(step["subjects"]):
                of_case |= things
            if of_case.intersection(role.get(0 if kind == KIND["animal"] else 3, [])):
                of_case |= set(role.get(4, []))
        members |= of_case
        members = {m for m in members if m < len(ledger.threads)}
        of_case &= members
        if len(members) + len(of_case) == before:
            break
    records = [i for i, s in steps if members & set(s["subjects"])]
    return sorted(members), sorted({0, size - 1, *records})


class Bundle:
    """The parts of a bundle, paths as lists of hashes; `data()` makes the file."""

    def __init__(self, ledger, asked, size=None, note=None, anchors=(), vouched=None, withhold=(), drop=(),
                 without=(), tokens=(), witnesses=(), others=(), lacking=(), first="unbroken bundle/1"):
        """withhold: (record, subject or None, name); drop: record indices; without: members that get no leaf;
        lacking: attachments (by hash) that are not given."""
        self.ledger, self.first, self.asked = ledger, first, list(asked)
        self.size = size = size or len(ledger.records)
        self.hashes = [leaf_hash(r) for r in ledger.records]
        members, records = closure(ledger, asked, size)
        self.members = [m for m in members if m not in without]
        self.records = [[ledger.records[i], inclusion(i, self.hashes[:size])] for i in records if i not in drop]
        leaves = ledger.heads_at.get(size - 1, [])
        tops = [leaf_hash(leaf) for leaf in leaves]
        self.leaves = [[leaves[m], inclusion(m, tops)] for m in self.members if m < len(leaves)]
        kept = [i for i in records if i not in drop and ledger.steps[i]["kind"] is not None]
        sizes = {ledger.steps[i]["payload"].get(5, [0])[0] for i in kept}
        self.seen = [[m, consistency(m, self.hashes[:size])] for m in sorted(sizes) if 1 <= m <= size]
        self.note = note or ledger.note(size, witnesses=witnesses)
        self.tokens = list(tokens)
        self.anchors = [self.anchor(m, given) for m, given in anchors]
        self.vouched = vouched
        self.sheets, self.disclosures = {}, {}
        for index in kept:
            self._details(index, withhold)
        self.attachments = self._attachments(lacking)
        self.others = list(others)
        self.edit = None

    def anchor(self, size, note=None):
        """An older or later view with its consistency path."""
        small, large = sorted((size, self.size))
        return [[note or self.ledger.note(size), []], consistency(small, self.hashes[:large])]

    def _details(self, index, withhold):
        payload = self.ledger.steps[index]["payload"]
        wanted = [(e[0], e[3]) for e in payload[ENTRIES] if e[0] in self.members]
        for subject, digest in [(None, payload.get(SHEET))] + wanted:
            if digest not in self.ledger.sheets:
                continue
            data = self.ledger.sheets[digest]
            self.sheets[digest] = data
            try:
                lines = cbor2.loads(data)
                for name, _, detail in lines:
                    if (index, subject, name) not in withhold and detail in self.ledger.disclosures:
                        self.disclosures[detail] = self.ledger.disclosures[detail]
            except (ValueError, TypeError, cbor2.CBORDecodeError):
                pass

    def _attachments(self, lacking):
        out = []
        for data in self.disclosures.values():
            try:
                value = cbor2.loads(data)[8]
            except (ValueError, IndexError, cbor2.CBORDecodeError):
                continue
            if isinstance(value, dict) and value.get(0) in self.ledger.attachments and value[0] not in lacking:
                out.append(self.ledger.attachments[value[0]])
        return out

    def parts(self):
        """The items of the outer array before `check`."""
        pool, where = [], {}

        def path(nodes):
            for node in nodes:
                if node not in where:
                    where[node] = len(pool)
                    pool.append(node)
            return [where[node] for node in nodes]
        records = [[data, path(nodes)] for data, nodes in self.records]
        leaves = [[data, path(nodes)] for data, nodes in self.leaves]
        seen = [[size, path(nodes)] for size, nodes in self.seen]
        anchors = [[view, path(nodes)] for view, nodes in self.anchors]
        vouched = self.vouched and [self.vouched[0], path(self.vouched[1])]
        return [self.first, [self.note, self.tokens], b"".join(pool), records, self.asked, leaves, seen, anchors,
                vouched, [self.sheets[k] for k in sorted(self.sheets)],
                [self.disclosures[k] for k in sorted(self.disclosures)],
                sorted(set(self.attachments), key=sha), self.others]

    def data(self):
        """The file."""
        parts = self.parts()
        if self.edit:
            parts = self.edit(parts) or parts
        return seal(b"\x8e" + b"".join(enc(part) for part in parts))


def seal(body):
    """Put the right whole-file check behind a body."""
    return body + b"\x58\x20" + sha(body)


def reseal(data):
    """Make the check of an altered file right again."""
    return seal(data[:-34])
