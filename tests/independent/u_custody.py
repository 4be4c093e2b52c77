# SPDX-License-Identifier: Apache-2.0
"""Step V12 of SPEC 9: who signs what in which state (7.2), before the effects of the act (u_effects.py)."""
from itertools import permutations

import u_schema as schema
from u_effects import BIRTH, DEATH, FREED, Effects, Thing
from u_findings import signer_findings, time_findings
from u_tables import BY_NAME, KINDS, NAMES, OFFICES, numbers

THINGS = (schema.ITEM, schema.CONTAINER)
ON_PACKED = numbers("note", "attach", "correct", "identify", "unpack", "stocktake", "disclose", "order", "erase",
                    "same as", "lodge")
ON_CLOSED = numbers("note", "attach", "correct", "identify", "disclose", "order", "erase", "same as", "lodge",
                    "stocktake")
HANDLING = numbers("register", "release", "accept", "hand out", "take back", "shelve")
DAYS_30 = 2592000


class Custody:
    def __init__(self, ledger, details):
        self.ledger, self.details, self.verdict = ledger, details, ledger.verdict
        self.things = {}
        self.effects = Effects(self)

    def replay(self):
        for rec in self.ledger.acts():
            known = [e for e in rec.act.entries if e.subject in self.ledger.members]
            if known:
                self.act(rec, known)
            signer_findings(self.ledger, rec)
        time_findings(self.ledger)
        self.at_the_end()

    def things_of(self, known, *roles):
        return [(e, self.things[e.subject]) for e in known if e.role in roles and e.subject in self.things]

    def act(self, rec, known):
        kind = KINDS[rec.act.kind]
        if kind.number == BY_NAME["allot"]:
            for entry in known:
                self.things[entry.subject] = Thing(entry.subject, entry.facts[0])
        if rec.act.get(19):
            self.verdict.breach("deviation", rec.index, None)
        self.unseen(rec, kind, known)
        if not self.signers_fit(rec, kind, known):
            self.verdict.breach("signers-rule", rec.index, None)
        self.states(rec, kind, known)
        self.musts(rec, kind, known)
        self.effects.apply(rec, kind, known)

    def unseen(self, rec, kind, known):
        """6.7."""
        if rec.act.get(5) is None:
            return
        size = rec.act.get(5)[0]
        persons = rec.act.persons()
        for _, thing in self.things_of(known, 0, 2, 3, 4):
            for old in self.ledger.threads[thing.subject]:
                if size <= old.index < rec.index and persons - old.act.persons():
                    if kind.moves and not rec.act.get(18):
                        self.verdict.breach("unseen", rec.index, thing.subject)
                    else:
                        self.verdict.finding("unseen", rec.index, thing.subject)

    # 7.2, signers

    def signers_fit(self, rec, kind, known):
        signers = rec.act.signers
        if not kind.slots:
            return True
        rest = signers[1:]
        if not self.fits(rec, known, kind.slots[0], signers[0]):
            return False
        further = kind.slots[1:]
        return any(all(self.fits(rec, known, slot, signer) for slot, signer in zip(further, chosen))
                   for chosen in permutations(rest, len(further)))

    def fits(self, rec, known, slot, signer):
        if slot.offices is not None and signer[2] not in slot.offices:
            return False
        return not slot.relations or any(self.related(rec, known, name, signer) for name in slot.relations)

    def related(self, rec, known, relation, signer):
        person, _, capacity = signer
        first = rec.act.signers[0]
        if relation in OFFICES:
            return capacity == OFFICES[relation]
        if relation == "other":
            return capacity != first[2]
        if relation == "another":
            return person != first[0]
        if relation == "holder":
            outer = [self.effects.outermost(t) for _, t in self.things_of(known, 0, 2, 3)]
            return all(t.holder == person for t in outer if t.state != "unused")
        if relation == "receiver":
            return all(self.receives(t.release, person, capacity) for _, t in self.things_of(known, 0) if t.release)
        if relation == "outside":
            return not any(self.handled(t, person, rec.index) for _, t in self.things_of(known, 0))
        assert relation == "author", relation
        return self.author(rec, person, capacity)

    @staticmethod
    def receives(release, person, capacity):
        if person == release.releaser:
            return False
        named, office, _ = release.to or (None, None, None)
        if named is not None:
            return person == named
        return capacity == (office if office is not None else OFFICES["custodian"])

    def handled(self, thing, person, before):
        if self.effects.outermost(thing).holder == person:
            return True
        return any(r.act.kind in HANDLING and person in r.act.persons()
                   for r in self.ledger.threads[thing.subject] if r.index < before)

    def author(self, rec, person, capacity):
        amends = rec.act.get(11)
        old = self.ledger.records.get(amends[0]) if amends else None
        if old is None or old.act is None:
            return False
        return person in old.act.persons() or capacity == old.act.signers[0][2]

    # 7.2, states and musts

    def states(self, rec, kind, known):
        parting = kind.number in numbers("sample", "split")
        for entry, thing in self.things_of(known, 0, 2, 3, 4):
            outer = self.effects.outermost(thing)
            state, number = outer.state, thing.subject
            if entry.role == 4 and state != "unused":
                self.verdict.breach("state", rec.index, number)
            if thing.inside is not None and kind.number not in ON_PACKED:
                self.verdict.breach("packed", rec.index, number)
            if entry.role == 0 or (parting and entry.role == 3):
                wrong = bool(kind.before) and state not in kind.before
                if wrong or (thing.state == "closed" and kind.number not in ON_CLOSED):
                    self.verdict.breach("state", rec.index, number)

    def musts(self, rec, kind, known):
        if kind.number <= 7:
            return
        if not kind.must_keys <= set(rec.act.payload):
            self.verdict.breach("must-state", rec.index, None)
        for entry in known:
            if entry.role != 0:
                continue
            names = self.details.names(rec, entry.subject)
            missing = not kind.must_facts <= set(entry.facts) or not set(kind.must_details) <= set(names)
            if kind.name == "seize" and names.count(NAMES["witness"]) < 2 and NAMES["owner"] not in names:
                missing = True
            if kind.name == "animal" and rec.act.get(13) in (BIRTH, DEATH, FREED):
                order = rec.act.get(13) != FREED or NAMES["order"] in names
                missing = missing or 2 not in entry.facts or not order
            if missing:
                self.verdict.breach("must-state", rec.index, entry.subject)

    def at_the_end(self):
        now = self.ledger.last.logged
        for number, thing in sorted(self.things.items()):
            if thing.missing is not None:
                self.verdict.breach("missing", thing.missing, number)
            if thing.state == "in transit":
                self.verdict.finding("in-transit", thing.release.record if thing.release else None, number)
            release = {"in transit": thing.release, "out": thing.handed}.get(thing.state)
            if release is None:
                continue
            if release.due is not None:
                if release.due < now:
                    self.verdict.breach("overdue", release.record, number)
            elif thing.state == "in transit" and now - release.logged > DAYS_30:
                self.verdict.breach("unanswered", release.record, number)
