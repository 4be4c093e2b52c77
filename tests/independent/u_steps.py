# SPDX-License-Identifier: Apache-2.0
"""Steps V3 to V11 of SPEC 9: checkpoint, witnesses, records, threads, acts, closure, details."""
import base64

import u_crypto as c
import u_schema as schema
from u_acts import good_form
from u_bundle import Stop, record, subject
from u_notes import Checkpoint, NoteError
from u_tables import AUTHORITY, BY_NAME, KEY_GIVING, KINDS, OPENING, numbers

CASE_ACTS = numbers("register", "move", "sample", "split")
CASE_THINGS = CASE_ACTS | {BY_NAME["animal"]}
ENROL, REKEY, REVOKE, END = (BY_NAME[n] for n in ("enrol", "rekey", "revoke", "end"))


def base32(raw):
    return base64.b32encode(raw).decode().rstrip("=").lower()


class Ledger:
    """A bundle on its way through the steps; what a step has established stays as an attribute."""

    def __init__(self, bundle, policy, verdict, options):
        self.bundle, self.policy, self.verdict, self.options = bundle, policy, verdict, options
        self.records, self.threads, self.leaves = {}, {}, {}
        self.unknown_kind, self.seen_roots, self.orphans = False, {}, {}
        self.continues = None              # the size of --since, once proven

    def acts(self):
        return [r for _, r in sorted(self.records.items()) if r.act]

    # V3
    def checkpoint(self):
        try:
            self.cp = cp = Checkpoint(self.bundle.view[0])
        except NoteError:
            raise Stop(2, "unreadable") from None
        self.n = cp.size
        if cp.size < 2:
            raise Stop(2, "unreadable")
        if self.policy is None:
            raise Stop(2, "policy")
        if not self.policy.logs_named(cp.origin):
            raise Stop(2, "origin")
        self.log_keys = self.policy.log_keys(cp)
        if self.log_keys is None:
            raise Stop(1, "checkpoint")
        if not self.log_keys:
            raise Stop(2, "unsigned")
        for position, index in ((0, 0), (-1, self.n - 1)):
            found = schema.peek(self.bundle.records[position][0])[1]
            if found is not None and found != index:
                raise Stop(2, "unreadable")

    # V4
    def witnesses(self):
        self.cosigned = self.policy.cosigners(self.cp)
        if any(time is False for time in self.cosigned.values()):
            raise Stop(1, "cosignature")
        if not self.policy.met(self.policy.quorum, self.cosigned):
            self.verdict.note("quorum")

    # V5
    def read_records(self):
        before = None
        for data, path in self.bundle.records:
            version, index = schema.peek(data)
            if version not in (None, 1):
                raise Stop(2, "version", record(index))
            try:
                rec = schema.Record(data)
            except schema.Malformed:
                raise Stop(1, "malformed", record(index)) from None
            if rec.index >= self.n or (before and rec.index <= before.index):
                raise Stop(2, "unreadable")
            rec.hash = c.leaf_hash(data)
            if c.inclusion_root(rec.hash, rec.index, self.n, path) != self.cp.root:
                raise Stop(1, "not-in-tree", record(rec.index))
            if before and before.index == rec.index - 1 and rec.prev != before.hash:
                raise Stop(1, "chain", record(rec.index))
            self.records[rec.index] = before = rec
            if rec.act:
                rec.act.id = c.act_id(rec.act.payload_bytes)
                for number in rec.links:
                    self.threads.setdefault(number, []).append(rec)

    # V6
    def foundation(self):
        first, last = self.records[0], self.records[self.n - 1]
        if first.act is None or first.act.kind != 0 or any(r.act.kind == 0 for r in self.acts() if r.index):
            raise Stop(1, "ledger-id", record(0))
        self.id = c.ledger_id(first.act.payload_bytes)
        self.founding = first.act.get(15)
        if self.founding is None:
            raise Stop(1, "ledger-id", record(0))
        training, old = self.founding[2], self.founding[5]
        if old is not None:
            self.verdict.succeeds = {"ledger_id": old[0].hex(), "size": old[1], "root": base64.b64encode(old[2]).decode(), "inside": None}
        origin = f"{self.founding[0]}/{'training/' if training else ''}{base32(self.id)}"
        if origin.encode() != self.cp.origin:
            raise Stop(1, "ledger-id", record(0))
        if training and not self.options.training:
            self.verdict.note("training")
        if last.act is not None:
            raise Stop(2, "heads", record(self.n - 1))
        self.m, self.last = last.subjects, last

    # V7
    def read_leaves(self):
        before = -1
        for data, path in self.bundle.leaves:
            try:
                leaf = schema.Leaf(data)
            except schema.Malformed:
                raise Stop(1, "malformed-leaf") from None
            if leaf.subject <= before:
                raise Stop(2, "unreadable")
            before = leaf.subject
            root = c.inclusion_root(c.leaf_hash(data), leaf.subject, self.m, path)
            if leaf.ledger != self.id or leaf.subject >= self.m or root != self.last.root:
                raise Stop(1, "leaf", subject(leaf.subject))
            self.leaves[leaf.subject] = leaf
        for number in self.bundle.asked:
            if number >= self.m:
                raise Stop(1, "never-issued", subject(number))

    # V8
    def check_threads(self):
        for rec in self.acts():
            for number in sorted(rec.links):
                if number >= self.m:
                    raise Stop(1, "thread", subject(number))
        for number, leaf in sorted(self.leaves.items()):
            thread, place = self.threads.get(number, []), subject(number)
            for position, rec in enumerate(thread, 1):
                stands, before = rec.links[number]
                if stands != position:
                    raise Stop(1, "incomplete" if stands > position else "thread", place)
                if before != (thread[position - 2].index if position > 1 else None):
                    raise Stop(1, "thread", place)
            if len(thread) < leaf.count:
                raise Stop(1, "incomplete", place)
            if len(thread) > leaf.count or not thread:
                raise Stop(1, "thread", place)
            if leaf.last != thread[-1].index or leaf.last_hash != thread[-1].hash:
                raise Stop(1, "thread", place)

    def entry(self, rec, number):
        return next((e for e in rec.act.entries if e.subject == number), None)

    def type_of(self, number):
        """Fact 0 of the subject's opening record; None without a leaf."""
        if number not in self.leaves:
            return None
        return self.entry(self.threads[number][0], number).facts.get(0, 0)

    # V9
    def check_acts(self):
        ids, given = set(), {}
        sizes = {size: path for size, path in self.bundle.seen}
        for rec in self.acts():
            self.check_act(rec, ids, given)
            if rec.index:
                self.check_seen(rec, sizes)
            if not rec.act.unknown:
                self.check_amends(rec)
        if set(sizes) - set(self.seen_roots):
            raise Stop(2, "surplus")

    def check_act(self, rec, ids, given):
        act, here = rec.act, record(rec.index)
        if act.get(1) != (self.id if rec.index else None):
            raise Stop(1, "foreign", here)
        if act.id in ids:
            raise Stop(1, "replayed", here)
        ids.add(act.id)
        if {e.subject for e in act.entries} != set(rec.links):
            raise Stop(1, "links", here)
        opened = {e.subject for e in act.with_role(0)} if act.kind in OPENING else set()
        if opened != {s for s, (number, _) in rec.links.items() if number == 1}:
            raise Stop(1, "opening", here)
        act.unknown = act.kind not in KINDS
        if act.unknown:
            self.unknown_kind = True
            self.verdict.note("unknown-kind", here)
        elif not good_form(act, self.type_of):
            raise Stop(1, "malformed-act", here)
        self.check_signers(rec)
        if not act.unknown and not all(self.office_held(rec, s) for s in act.signers):
            raise Stop(1, "office", here)
        if not self.authorised(act):
            raise Stop(1, "authority", here)
        for entry in act.entries:
            if act.kind in KEY_GIVING and 10 in entry.facts:
                if given.setdefault(c.kid_of(entry.facts[10]), entry.subject) != entry.subject:
                    raise Stop(1, "key-reused", here)

    def check_signers(self, rec):
        act, here = rec.act, record(rec.index)
        kids, persons = set(), []
        for i, signer in enumerate(act.signers):
            person = signer[0]
            if person not in self.leaves:
                raise Stop(1, "incomplete", subject(person))
            header, algorithm, kid, value = act.signatures[i]
            twice = [s for s in persons if s[0] == person]
            both = twice + [signer]
            allowed = (act.kind == REKEY and len(both) == 2 and self.entry(rec, person) is not None
                       and sorted(s[1:] == [0, 0] for s in both) == [False, True])
            if kid in kids or (twice and not allowed):
                raise Stop(1, "signers", here)
            kids.add(kid)
            persons.append(signer)
            key = self.key_of(rec, signer)
            if key is None or (key[0], c.kid_of(key)) != (algorithm, kid):
                raise Stop(1, "key", here)
            if not c.act_signature_valid(key, header, act.payload_bytes, value):
                raise Stop(1, "signature", here)

    def key_of(self, rec, signer):
        """6.3: the key that this signer of this record has to use."""
        act, person = rec.act, signer[0]
        own = self.entry(rec, person)
        if own is not None and 10 in own.facts:
            if act.kind in (0, ENROL) or (act.kind == REKEY and signer[1:] == [0, 0]):
                return own.facts[10]
        key = None
        for other in self.threads.get(person, []):
            if other.index >= rec.index:
                break
            if other.act.kind in KEY_GIVING:
                key = self.entry(other, person).facts.get(10, key)
            elif other.act.kind == REVOKE:
                key = None
        return key

    def office_held(self, rec, signer):
        """6.4."""
        act, (person, appointment, capacity) = rec.act, signer
        if appointment == 0:
            if act.kind == 0:
                return capacity == 1 and self.entry(rec, person) is not None
            return act.kind in (ENROL, REKEY) and capacity == 0 and self.entry(rec, person) is not None
        thread = self.threads[person]
        if appointment > len(thread) or thread[appointment - 1].index >= rec.index:
            return False
        giver = thread[appointment - 1]
        facts = self.entry(giver, person).facts
        if giver.act.kind not in (0, ENROL, BY_NAME["appoint"]) or facts.get(11) != capacity:
            return False
        return not any(r.act.kind == END and self.entry(r, person).facts.get(11) == capacity
                       for r in thread[appointment:] if r.index < rec.index)

    def authorised(self, act):
        """6.5."""
        if act.kind == 0:
            return [s[0] for s in act.signers] == [e.subject for e in act.entries[1:]]
        if act.kind not in AUTHORITY:
            return True
        if act.kind in (ENROL, REKEY) and [act.entries[0].subject, 0, 0] not in act.signers:
            return False
        return sum(s[2] == 1 for s in act.signers) >= self.founding[3]

    def check_seen(self, rec, sizes):
        size, root = rec.act.get(5)
        here = record(rec.index)
        if size > rec.index:
            raise Stop(1, "seen", here)
        if size not in sizes:
            raise Stop(2, "unreadable")
        if not c.consistent(size, root, self.n, self.cp.root, sizes[size]):
            raise Stop(1, "seen", here)
        self.seen_roots[size] = root

    def check_amends(self, rec):
        amends = rec.act.get(11)
        if amends is None:
            return
        index, digest = amends
        old = self.records.get(index)
        if index >= rec.index:
            raise Stop(1, "amends", record(rec.index))
        if old is None:
            raise Stop(1, "incomplete", subject(rec.act.entries[0].subject))
        if old.hash != digest or not {e.subject for e in rec.act.entries} <= set(old.links):
            raise Stop(1, "amends", record(rec.index))

    # V10
    def check_closure(self):
        self.members = closure(self)
        for number in sorted(self.members):
            if number not in self.leaves:
                raise Stop(1, "incomplete", subject(number))
        for number in sorted(self.leaves):
            if number not in self.members:
                raise Stop(2, "surplus", subject(number))
        for index, rec in sorted(self.records.items()):
            if index not in (0, self.n - 1) and not self.members & set(rec.links):
                raise Stop(2, "surplus", record(index))


def lodged_of(act):
    """The person whose orphan a `lodge` says it keeps: that of `from`, if it names one."""
    return act.get(8)[0] if act.get(8) else None


def closure(ledger):
    """SPEC 8, over the records that are in the bundle."""
    members, todo = set(), set(ledger.bundle.asked) | {0}
    asked, of_case = set(ledger.bundle.asked), set()
    while todo:
        member = todo.pop()
        members.add(member)
        for rec in ledger.threads.get(member, []):
            act, more = rec.act, {s[0] for s in rec.act.signers}
            own = ledger.entry(rec, member)

            def of(*roles):
                return {e.subject for e in act.with_role(*roles)}

            if act.kind == BY_NAME["pack"] and own.role == 0:
                more |= of(2)
            if own.role == 4:
                more |= of(0 if act.kind == BY_NAME["animal"] else 3)
            if act.kind == BY_NAME["same as"]:
                more |= of(0)
            if act.kind == BY_NAME["lodge"] and lodged_of(act) is not None:
                more.add(lodged_of(act))
            if act.kind in CASE_ACTS and own.role in (0, 3, 4):
                more |= of(1, 5)
            things = of(0, 4) if member in asked and own.role in (1, 5) and act.kind in CASE_THINGS else set()
            if member in of_case and own.role == (0 if act.kind == BY_NAME["animal"] else 3):
                things |= of(4)
            # A thing that is found to be of the case after it was looked at is looked at again.
            todo |= {number for number in things - of_case if number < ledger.m}
            of_case |= things
            todo |= {number for number in more if number < ledger.m} - members
    return members
