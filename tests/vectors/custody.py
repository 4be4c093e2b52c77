# SPDX-License-Identifier: Apache-2.0
"""The handlings of SPEC 7 as methods, each of them keeping the rules unless told otherwise."""
from codes import (AMENDS, ANSWERS, AT, CODE, DUE, FOUND, GROSS, ITEM, NET, NAMES, OFCASE, OUTCOME, PIECES, PRINT,
                   PUTON, REMOVED, TARE, TO)
from forge import Ledger, attachment, entry
from tree import sha


def facts(pieces=None, net=None, found=None, gross=None, tare=None, removed=None, puton=None):
    """The facts that are stated."""
    pairs = {PIECES: pieces, NET: net, FOUND: found, GROSS: gross, TARE: tare, REMOVED: removed, PUTON: puton}
    return {key: value for key, value in pairs.items() if value is not None}


class Desk(Ledger):
    """A ledger with the handlings of evidence."""

    pieces = 1

    def things(self, items, *args, **kw):
        """One role-0 entry for each thing, all with the same facts."""
        return [entry(i, facts=facts(*args, **kw)) for i in items]

    def seize(self, who, other, case, **more):
        """The search and seizure record."""
        details = {"seizure_time": "2016-12-16 09:30", "seizure_place": "Phnom Penh Autonomous Port",
                   "authority": "Order 4/16", "witness": ["Sok Srey", "Chea Vuth"], **more}
        return self.act("seize", [who, other], [entry(case, **details)])

    def register(self, who, case, items, pieces=1, net=None, extra=None, **more):
        """Register things in a case."""
        rows = [entry(i, facts={OFCASE: case, **facts(pieces, net)}, ref=f"T-{i:04}", species="Loxodonta africana")
                for i in items]
        return self.act("register", [who], [entry(case, 1), *rows], extra=extra, **more)

    def release(self, who, items, to, due=None, code=1, more=None, d=None, extra=None, rows=None, **stated):
        """Release to a person's name, or to [person, office, place]; it states the pieces that were registered."""
        stated.setdefault("pieces", self.pieces)
        to = [self.people[to].number, None, None] if isinstance(to, str) else to
        keys = {TO: to, CODE: code, **({DUE: due} if due else {}), **(extra or {})}
        return self.act("release", [who], rows or self.things(items, **stated), d, keys, **(more or {}))

    def accept(self, who, release, items, code=1, at=None, more=None, extra=None, d=None, rows=None, **stated):
        """Accept what a release (record index, or act-id) released."""
        ident = self.act_id(release) if isinstance(release, int) else release
        keys = {ANSWERS: ident, CODE: code, **({AT: at} if at else {}), **(extra or {})}
        return self.act("accept", [who], rows or self.things(items, **stated), d, keys, **(more or {}))

    def answer(self, kind, signers, release, items, code=2, more=None, extra=None, **stated):
        """Refuse or withdraw."""
        keys = {ANSWERS: self.act_id(release), CODE: code, **(extra or {})}
        return self.act(kind, signers, self.things(items, **stated), None, keys, **(more or {}))

    def hand(self, who, to, items, at=None, **stated):
        """A whole handover."""
        release = self.release(who, items, to, **stated)
        return self.accept(to, release, items, at=at, **stated)

    def pack(self, who, items, crate, **more):
        """Put things into a container."""
        return self.act("pack", [who], [*self.things(items), entry(crate, 2)], **more)

    def unpack(self, who, items, crate, **more):
        """Take things out of a container."""
        return self.act("unpack", [who], [*self.things(items), entry(crate, 2)], **more)

    def seal(self, who, other, thing, numbers, **more):
        """Seal a thing."""
        return self.act("seal", [who, other], self.things([thing], puton=sorted(numbers)), **more)

    def unseal(self, who, other, thing, numbers, found=None, **more):
        """Take seals off."""
        found = sorted(numbers) if found is None else found
        return self.act("unseal", [who, other], self.things([thing], found=found, removed=sorted(numbers)),
                        extra={CODE: 1}, **more)

    def weigh(self, who, thing, gross, tare, net, **more):
        """Weigh a thing."""
        return self.act("weigh", [who], [entry(thing, facts=facts(net=net, gross=gross, tare=tare), scale="S-7",
                                               **more)])

    def part(self, kind, signers, parent, children, case, stated, given, extra=None):
        """Sample or split: stated are the parent's facts, given each child's."""
        rows = [entry(parent, 3, facts(**stated)), entry(case, 1)]
        rows += [entry(child, 4, facts(**g)) for child, g in zip(children, given)]
        return self.act(kind, signers, rows, extra=extra)

    def stocktake(self, signers, place, outcomes, **more):
        """Count things: outcomes by subject."""
        return self.act("stocktake", signers, [entry(s, facts={OUTCOME: o}) for s, o in outcomes.items()],
                        extra={AT: place}, **more)

    def outing(self, kind, signers, items, extra=None, **stated):
        """Hand out or take back."""
        blob = f"receipt {kind} {items}".encode()
        self.attachments[sha(blob)] = blob
        keys = {CODE: 2, **(extra or {})} if kind == "handout" else extra
        return self.act(kind, signers, self.things(items, **stated),
                        {"counterparty": "Institute of Zoology", "receipt": attachment(blob, "application/pdf")}, keys)

    def animal(self, who, thing, code, count=None, case=None, children=(), given=(), **more):
        """Condition, birth, death or freed."""
        rows = [entry(thing, facts=facts(count), **more)] + [entry(case, 1)] * bool(case)
        rows += [entry(child, 4, facts(**g)) for child, g in zip(children, given)]
        return self.act("animal", [who], rows, extra={CODE: code})

    def label(self, who, thing, number):
        """Print a label."""
        return self.act("label", [who], [entry(thing, facts={PRINT: number})])

    def order(self, who, subject, names, **more):
        """Order that details be withheld."""
        return self.act("order", [who], [entry(subject, facts={NAMES: names}, order="Order 77/17")], **more)

    def correct(self, signers, index, subject, **details):
        """Correct details of a record."""
        return self.act("correct", signers, [entry(subject, **details)], {"reason": "misread"},
                        {AMENDS: [index, self.record_hash(index)]})

    def simple(self, kind, signers, subject, code=None, d=None, **details):
        """An act on one thing with details only."""
        return self.act(kind, signers, [entry(subject, **details)], d, {CODE: code} if code is not None else None)


def station(**how):
    """A ledger with an officer (3), a custodian (4) and a case (5)."""
    ledger = Desk(**how)
    ledger.enrol("chan", "officer")
    ledger.enrol("dara", "custodian")
    ledger.case = ledger.open_case("chan")
    return ledger


def seized(count=1, pieces=1, net=None, staff=(), kind=ITEM, search=True, **how):
    """A ledger with things seized and registered, held by chan: `ledger.items`; staff: (name, office).

    Without the search a heads record has the place of its record, and the bundles are a fifth smaller.
    """
    ledger = Desk(**how)
    ledger.enrol("chan", "officer")
    ledger.enrol("dara", "custodian")
    for who, office in staff:
        ledger.enrol(who, office)
    ledger.case = ledger.open_case("chan")
    ledger.items = ledger.allot("chan", count, kind)
    if search:
        ledger.seize("chan", "dara", ledger.case)
    else:
        ledger.heads()
    ledger.pieces = pieces
    ledger.register("chan", ledger.case, ledger.items, pieces, net)
    return ledger
