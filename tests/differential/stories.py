# SPDX-License-Identifier: Apache-2.0
"""Random lives of evidence: ledgers of `custody.Desk` in which most acts keep the rules and some do not.

A story knows roughly what state its things are in, so that handovers are mostly answered by whom they name, seals mostly stated as they are,
masses mostly right. It judges nothing: what a verifier has to say of it is for the verifiers to agree on.
"""
from codes import (AMENDS, ANSWERS, AT, CLOCK, CODE, CONTAINER, DETAIL, DEVIATION, DOUBTED, DUE, FOREIGN, FOUND, FROM, GROSS, ITEM, NAMES, NET,
                   OFCASE, OFFICE, OFFLINE, OUTCOME, PIECES, PRINT, PUBKEY, PUTON, REMOVED, STATIONKEY, TARE, TO, TOOFFICE)
from custody import Desk, facts
from forge import START, attachment, entry
from keys import Key, note_text
from tree import sha

DAY = 86400
STAFF = [("rith", "officer"), ("veha", "custodian"), ("srey", "expert"), ("kim", "carer"), ("tola", "carrier"), ("phal", "prosecutor"),
         ("mony", "court")]
WITNESSES = {name: Key(name) for name in ("w1", "w2", "w3", "aud1", "aud2")}
WORDS = ["x", "12/2016", "ភ្លុក ១២", "ngà voi, số 7", "a \\ b", "back\\x5cslash", "été — “quoted”", "x" * 401, "ភ្" * 140, "\u00ad soft", "<b>", "0"]


class Thing:
    """What the story believes of a thing."""

    def __init__(self, number, kind):
        self.number, self.kind, self.state, self.holder = number, kind, "unused", None
        self.seals, self.pieces, self.net, self.inside, self.open, self.prints, self.case = [], None, None, None, None, 0, None
        self.named, self.content = None, 0


class Story:
    """One ledger, told act by act."""

    def __init__(self, rng, name, before=None):
        self.rng, self.things, self.cases, self.places, self.orphans, self.registers = rng, {}, [], [], [], []
        self.dead, self.witnessed = set(), []
        how = {"threshold": 2 if rng.random() < 0.1 else 1, "training": rng.random() < 0.05, "salt": name,
               "founders": ("anna", "boris", "cham")[:3 if rng.random() < 0.2 else 2]}
        how["threshold"] = min(how["threshold"], len(how["founders"]) - 1)
        self.before = before
        if before is not None:
            size = rng.choice([len(before.records), rng.choice(sorted(before.heads_at)) + 1])
            head = before.tree_head(size)
            how.update(succeeds=[before.id, *head, None, None], training=before.training, code="KHSR",
                       name="second.customs.example/evidence")
            self.head = head
        self.l = Desk(**how)
        self.registrars = list(how["founders"])
        self.staff = {}
        self.enrol("chan", "officer")
        self.enrol("dara", "custodian")
        for who, office in rng.sample(STAFF, rng.choice([0, 0, 1, 1, 2, 2, 3, 5])):
            self.enrol(who, office)
        self.open_case()
        self.allot()
        self.register()

    # ---- chance

    def p(self, chance):
        """True so often."""
        return self.rng.random() < chance

    def pick(self, items):
        """One of them."""
        return self.rng.choice(list(items))

    def word(self):
        """A text."""
        return "x" if self.p(0.6) else self.pick(WORDS)

    def who(self, office=None, other=None):
        """A person's name, mostly of that office; other: not this one, mostly."""
        names = [n for n, o in self.staff.items() if (office is None or o == office) and (n != other or self.p(0.05))]
        if not names or self.p(0.04):
            names = list(self.staff)
        return self.pick(names)

    def second(self, first):
        """Another person, mostly of another office."""
        names = [n for n, o in self.staff.items() if n != first and o != self.staff.get(first)]
        return self.pick(names) if names and self.p(0.9) else self.who(other=first)

    def holder(self, thing):
        """Who holds it."""
        thing = self.outer(thing)
        return thing.holder if thing.holder and self.p(0.95) else self.who()

    def outer(self, thing):
        """The outermost container."""
        for _ in range(6):
            if thing.inside is None:
                break
            thing = thing.inside
        return thing

    def thing(self, *states, kind=None):
        """A thing in one of these states, mostly, or None."""
        fit = [t for t in self.things.values() if (not states or t.state in states) and (kind is None or t.kind == kind)
               and (t.inside is None or self.p(0.1))]
        if not fit or self.p(0.05):
            fit = list(self.things.values())
        return self.pick(fit)

    def number(self, right, chance=0.1):
        """Mostly the right number."""
        if right is None or not self.p(chance):
            return right
        return self.pick([right + 1, max(0, right - 1), 0, right * 2, right * 1000 + 1, 2**53 - 1, right + 999])

    # ---- how acts are logged

    def how(self):
        """Keywords for `Ledger.act`: mostly none."""
        out, l = {}, self.l
        if self.p(0.12):
            out["at"] = l.now + self.pick([1, DAY, 2 * DAY, 12 * DAY, 33 * DAY, 40 * DAY])
        if self.p(0.05):
            out["seen"] = l.tree_head(self.rng.randint(1, len(l.records)))
        if self.p(0.03):
            out["logged"] = l.now + self.pick([-5000, DAY + 9000, 3 * DAY, 600 + 40 * DAY])
        return out

    def act(self, kind, signers, rows, d=None, extra=None):
        """One act, with or without what may stand in any act."""
        extra, d = dict(extra or {}), dict(d or {})
        if self.p(0.06):
            extra[DEVIATION] = True
            if self.p(0.7):
                d["reason"] = [self.word() for _ in range(self.pick([1, 1, 2, 5]))]
        if self.p(0.05):
            extra[OFFLINE] = True
        if self.p(0.06):
            d["remarks"] = self.pick([self.word(), [self.word(), "y"], (self.word(), 7, "z"), 12, -5])
        if self.p(0.04):
            signers = self.pick([signers[:1], signers + [self.who()], signers[::-1], [self.who()]])
        seen, unique = set(), []
        for who in signers:
            name = who if isinstance(who, str) else who[0]
            if name not in seen:
                seen.add(name)
                unique.append(who)
        rows = list({row["subject"]: row for row in rows}.values())
        if self.p(0.1):
            self.l.heads()
        return self.l.act(kind, unique, rows, d, extra, **self.how())

    def enrol(self, who, office):
        """Enrol one of the staff."""
        key = Key(self.l.salt + who, -9) if self.p(0.08) else None
        self.l.enrol(who, office, key, by=self.registrars[:self.l.threshold])
        self.staff[who] = office
        if self.p(0.3):
            return
        number = self.l.people[who].number
        if self.p(0.15):
            self.act("note", [who], [entry(number, note=self.word(), person_name=self.word(), agency="Customs")])

    def open_case(self):
        """A case."""
        number = len(self.l.threads)
        who = self.pick([n for n, o in self.staff.items() if o in ("officer", "prosecutor")])
        details = {"docket": self.word(), "law": [self.word()] * self.pick([1, 1, 2])}
        if self.p(0.2):
            details["court"] = self.word()
        rows = [entry(number, facts={0: 4}, **(details if self.p(0.7) else {}))]
        self.l.act("open", [who], rows, {} if rows[0]["details"] else details)
        self.cases.append(number)

    def allot(self):
        """Numbers."""
        kind, count = (CONTAINER if self.p(0.4) else ITEM), self.pick([1, 1, 2, 3])
        for number in self.l.allot(self.pick(["chan", "dara"]), count, kind):
            self.things[number] = Thing(number, kind)

    def seal(self):
        """A seal number."""
        return self.pick(["A1", "B-2", "C\\3", "D4", "ខ្មែរ5"])

    def stated(self, thing, pieces=0.9, seals=0.5):
        """Facts 2 and 6 of a handling."""
        out = {}
        if self.p(pieces) and thing.pieces is not None:
            out[PIECES] = self.number(thing.pieces)
        if (thing.seals and self.p(0.9)) or self.p(seals * 0.2):
            out[FOUND] = sorted(thing.seals) if self.p(0.9) else sorted({self.seal(), self.seal()})
        return out

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

    def paper(self):
        """Notes, files, labels, examinations and the like."""
        t, kind = self.thing(), self.pick(["note", "attach", "label", "label", "examine", "identify", "disclose", "same", "shelve", "move"])
        subject = t.number if self.p(0.7) else self.rng.randrange(len(self.l.threads))
        if kind == "note":
            self.act(kind, [self.who()], [entry(subject, **({"note": self.word(), "description": self.word()} if self.p(0.9) else {}))])
        elif kind == "attach":
            blob = f"file {self.rng.random()}".encode()
            self.l.attachments[sha(blob)] = blob
            self.act(kind, [self.who()], [entry(subject, attachment=attachment(blob))])
        elif kind == "label":
            t.prints = self.number(t.prints + 1)
            self.act(kind, [self.who()], [entry(t.number, facts={PRINT: t.prints} if self.p(0.95) else {})])
        elif kind == "examine":
            self.act(kind, [self.holder(t)], [entry(t.number, **({"finding": "x"} if self.p(0.9) else {}))])
        elif kind == "identify":
            self.act(kind, [self.who("expert")], [entry(t.number, identification=self.word())], None, {CODE: self.pick([1, 2, 9])})
        elif kind == "disclose":
            self.act(kind, [self.who()], [entry(subject)], {"recipient": "court", "disclosed": "all"})
        elif kind == "same" and len(self.things) > 1:
            who, two = self.who(), self.rng.sample(list(self.things), 2)
            self.act(kind, [who, self.second(who)], [entry(n) for n in two], {"reason": self.word()} if self.p(0.9) else None)
        elif kind == "shelve":
            self.act(kind, [self.holder(t)], [entry(t.number)], None, {AT: self.pick(self.places or [0])})
        elif kind == "move":
            self.open_case()
            new, old = self.cases[-1], t.case if t.case and self.p(0.9) else self.cases[0]
            self.act(kind, [self.who("prosecutor")], [entry(t.number, facts={OFCASE: new}), entry(new, 1), entry(old, 5)], {"order": "x"})
            t.case = new

    def correction(self):
        """Correct, order, erase."""
        index, numbers = self.pick(self.registers)
        number, kind = self.pick(numbers), self.pick(["correct", "correct", "order", "erase"])
        l = self.l
        if kind == "correct":
            older = [i for i, s in enumerate(l.steps) if s["kind"] == 40]
            if older and self.p(0.3):
                index = self.pick(older)
                number = self.pick(l.steps[index]["subjects"])
            who = self.who("officer")
            details = {self.pick(["description", "species", "docket"]): self.word() for _ in range(self.pick([1, 2]))}
            self.act(kind, [who, self.second(who)], [entry(number, **details)], {"reason": "misread"}, l.amends(index))
        elif kind == "order":
            names = sorted(self.rng.sample([3, 4, 8, 63, 72, 100, 150, 1], self.pick([1, 2, 3])))
            self.act(kind, [self.who(self.pick(["prosecutor", "court"]))], [entry(self.pick([number, self.cases[0]]), facts={NAMES: names}, order="x")])
        else:
            names = sorted(self.rng.sample([3, 4, 63, 72, 150], self.pick([1, 2])))
            index = self.pick([index, self.rng.choice([i for i, s in enumerate(l.steps) if s["kind"]])])
            rows = [entry(s, facts={NAMES: names}, order="x") for s in l.steps[index]["subjects"]]
            if self.p(0.4):
                rows = rows[:1]
            self.act(kind, self.registrars[:l.threshold], rows, None, l.amends(index))

    def adopt(self):
        """Lodge and adopt what came too late."""
        custodians = [n for n, o in self.staff.items() if o == "custodian"]
        if not self.orphans or not custodians:
            return
        ident, data, who, things = self.orphans.pop()
        if self.p(0.1):
            data = data[:-1] + bytes([data[-1] ^ 1])
        rows = [entry(t.number) for t in things]
        party = [self.l.people[who if self.p(0.95) else self.who()].number, None, None]
        self.act("lodge", [self.pick(custodians)], rows, {"orphan_act": data}, {ANSWERS: ident, FROM: party})
        if self.p(0.9):
            first = self.who()
            self.act("adopt", [first, self.second(first)], rows, {"reason": self.word()} if self.p(0.9) else None, {ANSWERS: ident})
            for t in things:
                t.state, t.open, t.holder = "held", None, who

    def office(self):
        """Appointments, keys, the station's key, the clock."""
        l, by = self.l, self.registrars[:self.l.threshold]
        who = self.pick([n for n in self.staff if n not in self.dead] or ["chan"])
        kind = self.pick(["appoint", "end", "rekey", "rekey", "revoke", "clock", "station"])
        person = l.people[who]
        if kind == "appoint":
            l.appoint(who, self.pick(list(OFFICE.values())), by)
        elif kind == "end" and self.p(0.5):
            office = self.pick(list(person.appointments))
            l.act("end", by, [entry(person.number, facts={TOOFFICE: office})])
            if len(person.appointments) > 1:
                person.appointments.pop(office)
            else:
                person.appointments[office] = len(l.threads[person.number]) + 1
                l.act("appoint", by, [entry(person.number, facts={TOOFFICE: office})])
        elif kind == "rekey":
            new = Key(f"{l.salt}{who}{len(l.records)}")
            signers = [*by, (who, [person.number, 0, 0], new)]
            if self.p(0.6):
                signers.append((who, person.signer()))
            doubt = {DOUBTED: self.rng.randrange(len(l.records))} if self.p(0.4) else {}
            l.act("rekey", signers, [entry(person.number, facts={PUBKEY: new.cose, **doubt})])
            person.key = new
        elif kind == "revoke" and len(self.staff) > 3 and who not in ("chan", "dara"):
            l.act("revoke", by, [entry(person.number, facts={DOUBTED: self.rng.randrange(len(l.records))} if self.p(0.5) else {})])
            self.dead.add(who)
            self.staff.pop(who)
        elif kind == "clock":
            l.now += self.pick([0, 40 * DAY])
            l.act("clock", by, [entry(0)], None, {CLOCK: [l.now, l.now + 9]})
        elif kind == "station" and self.p(0.4):
            new = Key(f"{l.salt}station{len(l.records)}")
            l.act("station", by, [entry(0, facts={STATIONKEY: new.public})])
            l.station_keys = [*getattr(l, "station_keys", [(0, l.station)]), (len(l.records), new)]
            l.station = new

    def quote(self):
        """A note on the ledger that quotes a cosigned checkpoint, or a beacon."""
        l = self.l
        if self.p(0.3):
            self.act("note", [self.who()], [entry(0, note="x", beacon=f"2018-12-13T00:00:00Z {self.word()}")])
            return
        size = self.rng.randint(1, len(l.records))
        text = note_text(l.origin, *l.tree_head(size))
        witnesses = [(f"{n}.witness.example", WITNESSES[n], l.now + self.pick([-900, 0, 900]), self.p(0.05))
                     for n in self.rng.sample(sorted(WITNESSES), self.pick([0, 1, 2]))]
        value = l.note(size, key=Key("thief") if self.p(0.05) else None, witnesses=witnesses, text=text if self.p(0.97) else text + "x\n")
        where = {"cosigned_checkpoint": value if self.p(0.95) else "text"}
        if self.p(0.5):
            self.act("note", [self.who()], [entry(0, note="x", **where)])
        else:
            self.act("note", [self.who()], [entry(0, note="x")], where)

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


assert AMENDS and DETAIL and START
