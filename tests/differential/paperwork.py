# SPDX-License-Identifier: Apache-2.0
"""The turns of a story that move nothing: notes and labels, corrections and orders, late acts, offices and keys, quotes."""
from codes import ANSWERS, AT, CLOCK, CODE, DOUBTED, FROM, NAMES, OFCASE, OFFICE, PRINT, PUBKEY, STATIONKEY, TOOFFICE
from forge import attachment, entry
from keys import Key, note_text
from teller import DAY, WITNESSES, Teller
from tree import sha


class Paperwork(Teller):
    """Acts about papers and people."""

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
