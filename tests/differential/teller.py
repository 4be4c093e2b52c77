# SPDX-License-Identifier: Apache-2.0
"""What every story has: people, numbers and cases, chance, and how its acts are logged."""
from codes import CONTAINER, DEVIATION, FOUND, ITEM, OFFLINE, PIECES
from custody import Desk
from forge import entry
from keys import Key

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


class Teller:
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
