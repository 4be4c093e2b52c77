# SPDX-License-Identifier: Apache-2.0
"""Random lives of evidence: ledgers of `custody.Desk` in which most acts keep the rules and some do not.

A story knows roughly what state its things are in, so that handovers are mostly answered by whom they name, seals mostly stated as they are,
masses mostly right. It judges nothing: what a verifier has to say of it is for the verifiers to agree on.
"""
from codes import (ANSWERS, AT, CODE, CONTAINER, DUE, FOREIGN, FOUND, FROM, GROSS, NET, OFCASE, OFFICE, OUTCOME, PIECES, PUTON, REMOVED,
                   TARE, TO)
from custody import facts
from forge import attachment, entry
from paperwork import Paperwork
from teller import DAY, WITNESSES
from tree import sha

__all__ = ["Story", "WITNESSES"]


class Story(Paperwork):
    """One ledger, told act by act."""

    # ---- handlings

    def register(self):
        """Things into a case."""
        unused = [t for t in self.things.values() if t.state == "unused"] or list(self.things.values())
        some = self.rng.sample(unused, min(len(unused), self.pick([1, 2, 3])))
        case, who = self.pick(self.cases), self.who("officer")
        rows = [entry(case, 1)]
        for t in some:
            t.state, t.holder, t.case = "held", who, case
            t.pieces = self.pick([1, 1, 3, 10]) if self.p(0.95) else None
            t.net = self.pick([None, None, 5000000, 123456, 0])
            own = {"description": [self.word()] * self.pick([1, 1, 2])} if self.p(0.6) else {}
            if self.p(0.3):
                own["species"] = self.word()
            rows.append(entry(t.number, facts={OFCASE: case, **facts(t.pieces, t.net)}, **own))
        extra = {AT: self.pick(self.places)} if self.places and self.p(0.6) else {}
        if self.before is not None and self.p(0.6):
            extra[FOREIGN] = [self.before.id, *(self.head if self.p(0.8) else self.before.tree_head(1)),
                              self.pick([5, 6, 7, 8]) if self.p(0.9) else None, None if self.p(0.9) else b"a" * 32]
        d = {"description": self.word()} if self.p(0.1) else None
        self.registers.append((self.act("register", [who], rows, d, extra), [t.number for t in some]))

    def place(self):
        """A place."""
        self.places.append(self.l.place(self.registrars[0]))

    def seize(self):
        """Search and seizure."""
        who, case = self.who("officer"), self.pick(self.cases)
        details = {"seizure_time": "2016-12-16", "seizure_place": "port", "authority": "Order 4/16",
                   "witness": ["a", "b"] if self.p(0.85) else "a"}
        if self.p(0.1):
            details.pop(self.pick(list(details)))
        if self.p(0.1):
            details["owner"] = self.word()
        self.act("seize", [who, self.second(who)], [entry(case, **details)], None, {AT: self.pick(self.places)} if self.places else None)

    def several(self, first, *states):
        """That thing and perhaps another with the same holder."""
        more = [t for t in self.things.values() if t is not first and t.state == first.state and t.holder == first.holder and t.inside is None]
        return [first, self.pick(more)] if more and self.p(0.3) else [first]

    def release(self):
        """On its way to somebody."""
        first = self.thing("held")
        things, who = self.several(first), self.holder(first)
        named = self.who(other=who)
        to = self.pick([[self.l.people[named].number, None, None]] * 3 + [[None, OFFICE[self.staff[named]], None],
                       [None, None, self.pick(self.places or [0])], [None, OFFICE[self.staff[named]], self.pick(self.places or [0])]])
        extra = {TO: to, CODE: self.pick([1, 2, 6, 9, 77])}
        if self.p(0.4):
            extra[DUE] = self.l.now + self.pick([10, 5000, DAY, 9 * DAY])
        if self.p(0.1):
            extra[FROM] = [self.l.people[who].number, None, None]
        if self.p(0.04):
            extra.pop(self.pick(list(extra)))
        index = self.act("release", [who], [entry(t.number, facts=self.stated(t)) for t in things], None, extra)
        for t in things:
            t.state, t.open, t.named = "in transit", index, named if to[0] or to[1] else "dara"
        if self.p(0.12):
            self.late(things, index)

    def late(self, things, release):
        """An acceptance that is signed and does not come in time."""
        offline, who = self.l.copy(), things[0].named
        offline.serial = 500 + self.l.serial
        rows = [entry(t.number, facts=self.stated(t)) for t in things]
        kind = self.pick(["accept", "accept", "refuse", "shelve", "weigh"])
        extra = {ANSWERS: offline.act_id(release), CODE: 1} if kind in ("accept", "refuse") else {AT: 0} if kind == "shelve" else None
        if kind == "weigh":
            rows = [entry(t.number, facts={NET: self.number(t.net or 5)}) for t in things]
        if kind == "shelve":
            rows = [entry(t.number) for t in things]
        index = offline.act(kind, [who], rows, None, extra)
        self.orphans.append((offline.act_id(index), offline.steps[index]["act"], who, things))

    def answer(self):
        """Accept, refuse or withdraw."""
        first = self.thing("in transit")
        if first.open is None:
            return
        things = [t for t in self.things.values() if t.open == first.open] if self.p(0.8) else [first]
        kind = self.pick(["accept"] * 4 + ["refuse", "withdraw"])
        extra = {ANSWERS: self.l.act_id(first.open), CODE: self.pick([1, 1, 2, 3, 50])}
        if kind == "accept" and self.places and self.p(0.5):
            extra[AT] = self.pick(self.places)
        if self.p(0.03):
            extra.pop(self.pick(list(extra)))
        who = first.named or "dara"
        rows = [entry(t.number, facts=self.stated(t)) for t in things]
        if kind == "accept" and self.p(0.2):
            net = self.number(things[0].net or 700)
            rows[0]["facts"].update({NET: net} if self.p(0.5) else {GROSS: net + 10, TARE: self.number(10), NET: net})
            things[0].net = net
        if kind == "withdraw":
            rows, signers = [entry(t.number) for t in things], [self.holder(first), self.second(first.holder)]
        else:
            signers = [who if self.p(0.95) else self.who()]
        self.act(kind, signers, rows, None, extra)
        for t in things:
            t.state, t.open = "held", None
            if kind == "accept":
                t.holder = signers[0]

    def again(self):
        """An answer to what was answered before."""
        for t in list(self.things.values()):
            if t.state == "held" and t.case is not None:
                releases = [i for i, s in enumerate(self.l.steps) if s["kind"] == 20 and t.number in s["subjects"]]
                if releases:
                    self.act("accept", [self.who("custodian")], [entry(t.number, facts=self.stated(t))], None,
                             {ANSWERS: self.l.act_id(self.pick(releases)), CODE: 1})
                    return

    def pack(self):
        """Into a container."""
        crates = [t for t in self.things.values() if t.kind == CONTAINER and t.state in ("held", "unused")]
        if not crates:
            return self.allot()
        crate = self.pick(crates)
        things = [t for t in self.several(self.thing("held")) if t is not crate]
        if not things:
            return None
        who = self.holder(things[0])
        if crate.state == "held" and crate.holder and self.p(0.9) and crate.holder != who:
            return None
        self.act("pack", [who], [entry(t.number) for t in things] + [entry(crate.number, 2)])
        for t in things:
            if self.outer(crate) is not t:
                t.inside = crate
        crate.content += len(things)
        if crate.state == "unused":
            crate.state, crate.holder = "held", who
        return None

    def unpack(self):
        """Out of one."""
        packed = [t for t in self.things.values() if t.inside is not None]
        if not packed:
            return
        crate = self.pick(packed).inside
        things = [t for t in packed if t.inside is crate]
        things = things if self.p(0.5) else things[:1]
        if self.p(0.06):
            things = things + [self.thing("held")]
        things = [t for t in things if t is not crate]
        self.act("unpack", [self.holder(crate)], [entry(t.number) for t in things] + [entry(crate.number, 2)])
        for t in things:
            t.inside, t.holder = None, self.outer(crate).holder or t.holder
        crate.content -= len(things)

    def sealing(self):
        """Seal, unseal, reseal."""
        t = self.thing("held")
        who = self.holder(t)
        if not t.seals or self.p(0.15):
            new = sorted({self.seal(), self.seal()})
            self.act("seal", [who, self.second(who)], [entry(t.number, facts={PUTON: new, **({FOUND: sorted(t.seals)} if self.p(0.3) else {})})])
            t.seals = sorted({*t.seals, *new})
            return
        kind, off = self.pick(["unseal", "reseal"]), t.seals[:self.pick([1, 2])] if self.p(0.9) else [self.seal()]
        new = [self.seal()] if kind == "reseal" else []
        own = {FOUND: sorted(t.seals) if self.p(0.9) else [self.seal()], REMOVED: sorted(off)}
        if kind == "reseal":
            own[PUTON] = new
        if self.p(0.08):
            own.pop(self.pick(list(own)))
        self.act(kind, [who, self.second(who)], [entry(t.number, facts=own)], None, {CODE: self.pick([1, 4, 8])} if self.p(0.95) else None)
        t.seals = sorted({*(s for s in t.seals if s not in off), *new})

    def outing(self):
        """Hand out and take back."""
        t = self.thing("held", "out")
        who = self.holder(t)
        kind = "handout" if t.state != "out" else "takeback"
        blob = f"receipt {self.rng.random()}".encode()
        self.l.attachments[sha(blob)] = blob
        d = {"counterparty": self.word(), "receipt": attachment(blob, self.pick(["application/pdf", "image/jpeg"]))}
        if self.p(0.06):
            d.pop(self.pick(list(d)))
        extra = {CODE: 2, **({DUE: self.l.now + self.pick([10, 9 * DAY])} if self.p(0.4) else {})} if kind == "handout" else {}
        self.act(kind, [who, self.second(who)], [entry(t.number, facts=self.stated(t))], d, extra)
        t.state = "out" if kind == "handout" else "held"

    def weigh(self):
        """On a scale."""
        t = self.thing("held")
        net = self.number(t.net if t.net is not None else self.pick([5000000, 900]), 0.3)
        own = {NET: net}
        if self.p(0.5):
            tare = self.pick([0, 10])
            own.update({GROSS: min(2**53 - 1, net + tare), TARE: self.number(tare)})
        details = {"scale": "S-7"} if self.p(0.95) else {}
        if self.p(0.2):
            details["drift_explanation"] = "dried"
        self.act("weigh", [self.holder(t)], [entry(t.number, facts=own, **details)])
        t.net = net

    def part(self):
        """Sample or split."""
        parent = self.thing("held")
        children = [t for t in self.things.values() if t.state == "unused" and t is not parent][:self.pick([1, 2])]
        if not children:
            return self.allot()
        kind = self.pick(["sample", "split"])
        who = self.holder(parent)
        own, given = {}, [{} for _ in children]
        if parent.net is not None or self.p(0.2):
            net = parent.net or 1000
            each = net // 10
            for g in given:
                g[NET] = each
            own = {GROSS: self.number(net), TARE: self.number(0), NET: max(0, net - each * len(children))}
            if self.p(0.1):
                own.pop(self.pick(list(own)))
            parent.net = own.get(NET, parent.net)
        if kind == "split" or self.p(0.3):
            pieces = parent.pieces or 3
            for g in given:
                g[PIECES] = 1
            if kind == "split":
                own[PIECES] = self.number(max(0, pieces - len(children)))
                parent.pieces = own[PIECES]
        if self.p(0.05):
            given[0].clear()
        rows = [entry(parent.number, 3, own)] + [entry(c.number, 4, g) for c, g in zip(children, given)]
        if parent.case is not None and self.p(0.7):
            rows.append(entry(parent.case if self.p(0.9) else self.pick(self.cases), 1))
        self.act(kind, [who, self.second(who)], rows)
        for c, g in zip(children, given):
            c.state, c.holder, c.case, c.pieces, c.net = "held", self.outer(parent).holder, parent.case, g.get(PIECES), g.get(NET)
        return None

    def animal(self):
        """Condition, birth, death, freed."""
        t = self.thing("held")
        who, code, count = self.holder(t), self.pick([1, 2, 3, 3, 4]), self.pick([None, 1, 1, 2, 2**53 - 1])
        if "kim" in self.staff and self.p(0.5):
            who = "kim"
        rows = [entry(t.number, facts=facts(count if self.p(0.9) else None), **({"order": "x"} if code == 4 and self.p(0.8) else {}))]
        children = [c for c in self.things.values() if c.state == "unused" and c is not t][:1] if code == 3 else []
        rows += [entry(c.number, 4, facts(self.number(count or 1))) for c in children]
        if t.case is not None and self.p(0.3):
            rows.append(entry(t.case, 1))
        self.act("animal", [who], rows, None, {CODE: code})
        for c in children:
            c.state, c.holder, c.case, c.pieces = "held", t.holder, t.case, count
        if code == 2 and t.pieces is not None:
            t.pieces = min(2**53 - 1, t.pieces + (count or 0))

    def end(self):
        """Consume, dispose, void."""
        kind = self.pick(["consume", "dispose", "void"])
        t = self.thing("unused" if kind == "void" else "held")
        who = self.holder(t) if kind != "void" else "chan"
        signers = [who, self.second(who)] + [n for n, o in self.staff.items() if o in ("prosecutor", "court") and kind == "dispose"][:1]
        d = {"order": "x", "witness": "y"} if kind == "dispose" and self.p(0.9) else None
        rows = [entry(t.number, facts=self.stated(t) if kind == "dispose" else {})]
        self.act(kind, signers, rows, d, {CODE: self.pick([1, 2, 30])})
        t.state = "closed"

    def stocktake(self):
        """Counting."""
        some = self.rng.sample(list(self.things.values()), min(len(self.things), self.pick([1, 2, 3])))
        first = self.pick([n for n in self.staff if n not in [t.holder for t in some]] or list(self.staff))
        rows = []
        for t in some:
            own = {OUTCOME: self.pick([1, 1, 2, 3, 4, 5]), **self.stated(t, 0.2, 0.2)}
            rows.append(entry(t.number, facts=own if self.p(0.96) else {}))
        self.act("stocktake", [first, self.who("custodian", first)], rows, None, {AT: self.pick(self.places or [0])})

    STEPS = [("release", 9), ("answer", 14), ("pack", 5), ("unpack", 4), ("sealing", 6), ("outing", 4), ("weigh", 4), ("part", 4), ("animal", 4),
             ("end", 3), ("stocktake", 4), ("paper", 10), ("correction", 5), ("adopt", 5), ("office", 4), ("quote", 2), ("register", 4),
             ("allot", 3), ("place", 2), ("seize", 2), ("open_case", 1), ("again", 1)]

    def tell(self, length):
        """So many turns; give the ledger, ended with a heads record."""
        names, weights = zip(*self.STEPS)
        for name in self.rng.choices(names, weights, k=length):
            getattr(self, name)()
        if self.p(0.3):
            self.l.now += self.pick([DAY, 31 * DAY, 60 * DAY])
        self.l.heads()
        self.l.items, self.l.case = sorted(self.things), self.cases[0]
        self.l.cases, self.l.before = list(self.cases), self.before
        return self.l
