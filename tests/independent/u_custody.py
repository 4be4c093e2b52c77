# SPDX-License-Identifier: Apache-2.0
"""Step V12 of SPEC 9: who signs what in which state (7.2), before the effects of the act (u_effects.py)."""
from itertools import permutations

import u_schema as schema
from u_effects import BIRTH, DEATH, FREED, Effects, Thing
from u_findings import carried_findings, signer_findings, time_findings
from u_tables import BY_NAME, KINDS, NAMES, OFFICES, numbers

THINGS = (schema.ITEM, schema.CONTAINER)
ON_PACKED = numbers("note", "attach", "correct", "identify", "unpack", "stocktake", "disclose", "order", "erase",
                    "same as", "lodge", "label")
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
            carried_findings(self.ledger, rec)
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
        for subject in self.signers_amiss(rec, kind, known):
            self.verdict.breach("signers-rule", rec.index, subject)
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

    def signers_amiss(self, rec, kind, known):
        """None for the act as a whole, and each thing to which the first signer has not the relation of slot 1 (7.3.17b)."""
        if not kind.slots:
            return set()
        first, rest, further = rec.act.signers[0], rec.act.signers[1:], kind.slots[1:]
        to_things = set(kind.slots[0].relations) & {"holder", "receiver", "outside"}
        if not self.fits(rec, kind.slots[0], first, to_things):
            return {None}
        filled = any(all(self.fits(rec, slot, signer, ()) for slot, signer in zip(further, chosen))
                     for chosen in permutations(rest, len(further)))
        amiss = set() if filled else {None}
        others = set(kind.slots[0].relations) - to_things
        if to_things and not any(self.related(rec, name, first) for name in others):
            roles = (0, 2, 3) if "holder" in to_things else (0,)
            amiss |= {t.subject for _, t in self.things_of(known, *roles)
                      if not all(self.related_to(t, rec, name, first) for name in to_things)}
        return amiss

    def fits(self, rec, slot, signer, to_things):
        """As far as the act as a whole says."""
        if slot.offices is not None and signer[2] not in slot.offices:
            return False
        return not slot.relations or bool(to_things) or any(self.related(rec, name, signer) for name in slot.relations)

    def related_to(self, thing, rec, relation, signer):
        person, _, capacity = signer
        if relation == "holder":
            outer = self.effects.outermost(thing)
            return outer.state == "unused" or outer.holder == person
        if relation == "receiver":
            return thing.open is None or thing.open.handed_out or self.receives(thing.open, person, capacity)
        return not self.handled(thing, person, rec.index)

    def related(self, rec, relation, signer):
        person, _, capacity = signer
        first = rec.act.signers[0]
        if relation in OFFICES:
            return capacity == OFFICES[relation]
        if relation == "other":
            return capacity != first[2]
        if relation == "another":
            return person != first[0]
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
            release = thing.open if thing.state in ("in transit", "out") else None
            if release is None:
                continue
            if release.due is not None:
                code = "overdue" if release.due < now else None
            else:
                code = "unanswered" if thing.state == "in transit" and now - release.logged > DAYS_30 else None
            if code:
                self.verdict.breach(code, release.record, number)
            else:
                self.verdict.finding("in-transit", release.record, number)
