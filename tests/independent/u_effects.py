# SPDX-License-Identifier: Apache-2.0
"""The state of things and the effects and checks of SPEC 7.3, numbered as there."""
import u_crypto as c
import u_schema as schema
from u_acts import fits_row
from u_bundle import Stop, record
from u_steps import lodged_of
from u_tables import BY_NAME, KEY_GIVING, KINDS, NAMES, numbers

K = BY_NAME
ANSWERING = numbers("accept", "refuse", "withdraw")
SEALS_STATED = numbers("release", "accept", "hand out", "take back", "dispose")
SEALS_CHANGED = numbers("seal", "unseal", "reseal")
PIECES_STATED = numbers("release", "accept", "refuse", "hand out", "take back", "stocktake", "dispose")
ADOPTABLE = numbers("release", "accept", "refuse", "withdraw", "hand out", "take back", "shelve", "weigh")
BIRTH, DEATH, FREED = 2, 3, 4
DEPTH, MOST_SEALS = 4, 16


class Thing:
    def __init__(self, subject, kind):
        self.subject, self.kind, self.state = subject, kind, "unused"
        self.holder = self.place = self.case = self.pieces = self.net = None
        self.seals, self.inside, self.content = set(), None, 0
        self.open = None                   # a release, or the hand out of what is out
        self.releases = set()              # act-ids of every release in the thread so far
        self.prints, self.missing, self.void = 0, None, False
        self.levels = 1 if kind == schema.CONTAINER else 0


class Release:
    """An open release or hand out."""

    def __init__(self, event):
        self.id, self.releaser, self.to, self.handed_out = event.id, event.person, event.get(9), event.kind == K["hand out"]
        self.due, self.logged, self.record = event.get(20), event.rec.logged, event.rec.index


class Event:
    """An act in its record; for an adopted orphan its payload in the record of the adoption."""

    def __init__(self, rec, act, act_id, names):
        self.rec, self.act, self.id, self.names = rec, act, act_id, names
        self.kind, self.person, self.get = act.kind, act.signers[0][0], act.get


class Effects:
    def __init__(self, custody):
        self.custody, self.ledger, self.details = custody, custody.ledger, custody.details
        self.verdict, self.things = custody.verdict, custody.things

    def outermost(self, thing):
        while thing.inside in self.things:
            thing = self.things[thing.inside]
        return thing

    def breach(self, event, code, thing):
        self.verdict.breach(code, event.rec.index, thing.subject)

    def apply(self, rec, kind, known):
        event = Event(rec, rec.act, rec.act.id, lambda sub: self.details.names(rec, sub))
        for entry, thing in self.custody.things_of(known, 0):
            self.one(event, entry.facts, thing)
        if kind.number in (K["sample"], K["split"]):
            self.part(event, known)
        elif kind.number == K["pack"]:
            self.pack(event, known)
        elif kind.number == K["unpack"]:
            self.unpack(event, known)
        elif kind.number == K["animal"]:
            self.animal(event, known)
        elif kind.number == K["correct"]:
            self.correct(event, known)
        elif kind.number == K["adopt"]:
            self.adopt(event, known)

    def one(self, event, facts, thing):
        """What an act does to one thing of role 0, other than the acts that join or part things."""
        kind, name = event.kind, KINDS[event.kind].name
        self.seals(event, facts, thing)
        if kind in PIECES_STATED and 2 in facts:
            if thing.pieces is not None and thing.pieces != facts[2]:
                self.breach(event, "pieces", thing)
            thing.pieces = facts[2]
        if name in ("weigh", "accept", "register") and 5 in facts:
            self.weigh(event, facts, thing)
        if name == "register":
            thing.holder, thing.place, thing.case = event.person, event.get(12), facts.get(1)
            thing.pieces = facts.get(2)
            if thing.kind == schema.ITEM and facts.get(2, 0) < 1:
                self.breach(event, "must-state", thing)
        elif name == "release":
            if thing.kind == schema.ITEM and 2 not in facts:
                self.breach(event, "must-state", thing)
            thing.open = Release(event)
            thing.releases.add(event.id)
        elif kind in ANSWERING:
            self.answer(event, thing)
        elif name == "hand out":
            thing.open = Release(event)
        elif name == "take back":
            self.due(event, thing.open if thing.open and thing.open.handed_out else None, thing)
            thing.holder, thing.open = event.person, None
            thing.place = event.get(12)
        elif name == "shelve":
            thing.place = event.get(12)
        elif name == "move":
            if thing.case != event.act.with_role(5)[0].subject:
                self.breach(event, "state", thing)
            thing.case = event.act.with_role(1)[0].subject
        elif name == "stocktake" and 9 in facts:
            if facts[9] == 3:
                thing.missing = event.rec.index
            elif facts[9] in (1, 2, 4):
                thing.missing = None
        elif name == "label" and 13 in facts:
            if facts[13] != thing.prints + 1:
                self.breach(event, "print", thing)
            thing.prints = facts[13]
        elif name == "void":
            thing.void = True
        if KINDS[kind].after == "closed":
            self.close(event, thing)
        elif KINDS[kind].after and kind != K["allot"]:
            thing.state = KINDS[kind].after

    def close(self, event, thing, answers=True):
        """13. What is still in a container that ends is not accounted for. An animal freed to zero answers no release (7.1)."""
        if thing.content:
            self.breach(event, "container", thing)
        thing.state, thing.open = "closed", None if answers else thing.open

    def answer(self, event, thing):
        """4."""
        answers, release = event.get(10), thing.open if thing.open and not thing.open.handed_out else None
        if answers is not None:
            if answers not in thing.releases and event.act is event.rec.act:
                raise Stop(1, "answers", record(event.rec.index))
            if release is None or release.id != answers:
                self.breach(event, "not-open", thing)
        if event.kind == K["accept"]:
            self.due(event, release if release and answers in (None, release.id) else None, thing)
            thing.holder = event.person
            to_place = release.to[2] if release and release.to else None
            thing.place = event.get(12) if event.get(12) is not None else to_place
            if event.get(13) == 1:
                thing.missing = None
        thing.open = None

    def due(self, event, release, thing):
        """15."""
        if release and release.due is not None and event.rec.logged > release.due:
            self.breach(event, "overdue", thing)

    def seals(self, event, facts, thing):
        """5."""
        if thing.seals and event.kind in SEALS_STATED and 6 not in facts:
            self.breach(event, "must-state", thing)
        if 6 in facts:
            if set(facts[6]) != thing.seals:
                self.breach(event, "seal-differs", thing)
            thing.seals = set(facts[6])
        if event.kind in SEALS_CHANGED:
            removed, after = set(facts.get(7, ())), thing.seals - set(facts.get(7, ())) | set(facts.get(8, ()))
            if event.kind == K["unseal"] and not removed:
                self.breach(event, "must-state", thing)
            if removed - thing.seals or len(after) > MOST_SEALS:
                self.breach(event, "seal-differs", thing)
            if len(after) <= MOST_SEALS:
                thing.seals = after

    def weigh(self, event, facts, thing):
        """7."""
        if 3 in facts and 4 in facts and facts[5] != facts[3] - facts[4]:
            self.breach(event, "mass", thing)
        self.drift(event, thing, facts[5])
        thing.net = facts[5]

    def drift(self, event, thing, mass):
        if thing.net is None or mass == thing.net:
            return
        self.verdict.finding("drift", event.rec.index, thing.subject, before=thing.net, after=mass)
        apart = abs(mass - thing.net)
        if apart * 50 > thing.net and apart > 1000 and NAMES["drift-explanation"] not in event.names(thing.subject):
            self.breach(event, "mass", thing)

    def part(self, event, known):
        """8."""
        children = event.act.with_role(4)
        split = event.kind != K["sample"]
        counted = all(({2} if split else {2, 5}) & set(child.facts) for child in children)
        for entry, parent in self.custody.things_of(known, 3):
            facts, masses = entry.facts, {3, 4, 5} & set(entry.facts)
            if any(case.subject != parent.case for case in event.act.with_role(1)):
                self.breach(event, "state", parent)
            if not counted or (split and 2 not in facts):
                self.breach(event, "must-state", parent)
            elif split:
                total = facts[2] + sum(e.facts[2] for e in children)
                if parent.pieces is not None and parent.pieces != total:
                    self.breach(event, "pieces", parent)
                parent.pieces = facts[2]
            if len(masses) == 3:
                self.drift(event, parent, facts[3])
                if facts[3] != facts[5] + facts[4] + sum(e.facts.get(5, 0) for e in children):
                    self.breach(event, "mass", parent)
                parent.net = facts[5]
            elif masses or parent.net is not None or any(5 in e.facts for e in children):
                self.breach(event, "must-state", parent)
            self.children(known, parent)

    def children(self, known, parent):
        for entry, child in self.custody.things_of(known, 4):
            child.state, child.holder = "held", self.outermost(parent).holder
            child.case, child.place = parent.case, parent.place
            child.pieces, child.net = entry.facts.get(2), entry.facts.get(5)

    def depth(self, thing):
        count = 0
        while thing.inside in self.things:
            thing, count = self.things[thing.inside], count + 1
        return count

    def box(self, event, known):
        """The container of a pack or unpack, if its thread is known; sealed or not held it is at fault itself."""
        for _, box in self.custody.things_of(known, 2):
            if box.seals or self.outermost(box).state != "held":
                self.breach(event, "container", box)
            return box
        return None

    def pack(self, event, known):
        """9."""
        box = self.box(event, known)
        for _, thing in self.custody.things_of(known, 0) if box else ():
            cycle, up = False, box
            while up is not None:
                cycle = cycle or up is thing
                up = self.things.get(up.inside)
            holder = self.outermost(box).holder
            other = holder is not None and self.outermost(thing).holder != holder
            if cycle or other or 1 + self.depth(box) + thing.levels > DEPTH:
                self.breach(event, "container", thing)
            if not cycle:
                thing.inside = box.subject
                box.levels = max(box.levels, thing.levels + 1)
        if box:
            box.content += len(event.act.with_role(0))

    def unpack(self, event, known):
        number, box = event.act.with_role(2)[0].subject, self.box(event, known)
        for _, thing in self.custody.things_of(known, 0):
            if thing.inside != number:
                self.breach(event, "container", thing)
            elif box:
                outer = self.outermost(box)
                thing.inside, thing.holder, thing.place = None, outer.holder, outer.place
        if box:
            box.content = max(0, box.content - len(event.act.with_role(0)))
            if not box.content:
                box.state = "closed"

    def animal(self, event, known):
        """12."""
        children = event.act.with_role(4)
        entries, code = self.custody.things_of(known, 0), event.get(13)
        if code == DEATH and children and entries:
            dead = sum(e.facts.get(2, 0) for e in event.act.with_role(0))
            if sum(e.facts.get(2, 0) for e in children) != dead:
                self.breach(event, "pieces", entries[0][1])
        for entry, thing in entries:
            number, pieces = entry.facts.get(2, 0), thing.pieces or 0
            if code == BIRTH and pieces + number >= 1 << 53:
                self.breach(event, "pieces", thing)
            elif code == BIRTH:
                thing.pieces = pieces + number
            elif code == FREED or (code == DEATH and children):
                if number > pieces:
                    self.breach(event, "pieces", thing)
                thing.pieces = max(0, pieces - number)
                if code == FREED and thing.pieces == 0:
                    self.close(event, thing, answers=False)
        if entries:
            self.children(known, entries[0][1])

    def correct(self, event, known):
        """16."""
        amends = event.get(11)
        old = self.ledger.records.get(amends[0]) if amends else None
        if old is None:
            return
        for entry in known:
            own = {n for n, _, _ in self.details.lines.get((event.rec.index, entry.subject), ())}
            amended = {n for n, _, _ in self.details.lines.get((old.index, entry.subject), ())}
            if entry.subject not in old.links or not own or own - {NAMES["reason"], NAMES["remarks"]} - amended:
                self.verdict.breach("correction", event.rec.index, entry.subject)
            self.verdict.finding("corrected", old.index, entry.subject, by=event.rec.index)

    def orphan_in(self, rec, before):
        """The act that a `lodge` keeps, where an adoption at index `before` may use it; None where it may not, False where
        its bytes are withheld."""
        lines = self.details.lines.get((rec.index, None), ())
        digest = next((line[2] for line in lines if line[0] == NAMES["orphan-act"]), None)
        if digest is None:
            return None
        if digest not in self.details.disclosures:
            return False
        value = schema.Disclosure(self.details.disclosures[digest]).value
        try:
            act = schema.Act(value) if type(value) is bytes else None
        except schema.Malformed:
            act = None
        if act is None or act.kind not in ADOPTABLE or act.get(1) != self.ledger.id or not fits_row(act):
            return None
        first = act.signers[0][0]
        if c.act_id(act.payload_bytes) != rec.act.get(10) or first != lodged_of(rec.act):
            return None
        header, algorithm, kid, value = act.signatures[0]
        for key in self.keys_given(first, before):
            if (key[0], c.kid_of(key)) == (algorithm, kid) and c.act_signature_valid(key, header, act.payload_bytes, value):
                return act
        return None

    def keys_given(self, person, before):
        """Every key that a person was ever given before that record, revoked since or not."""
        thread = [r for r in self.ledger.threads.get(person, []) if r.index < before and r.act.kind in KEY_GIVING]
        facts = [self.ledger.entry(r, person).facts for r in thread]
        return [own[10] for own in facts if 10 in own]

    def adopt(self, event, known):
        """17. What an adoption with no `answers` lacks is told as a must."""
        index, answers = event.rec.index, event.get(10)
        if answers is None:
            return
        for _, thing in self.custody.things_of(known, 0):
            kept = [self.orphan_in(r, index) for r in self.ledger.threads.get(thing.subject, [])
                    if r.index < index and r.act.kind == K["lodge"] and r.act.get(10) == answers]
            act = next((one for one in kept if one), None)
            if act is None and False in kept:
                self.verdict.note("orphan", record(index))
                return
            entry = next((e for e in act.entries if e.subject == thing.subject and e.role == 0), None) if act else None
            if entry is None:
                self.breach(event, "orphan", thing)
                continue
            if not KINDS[act.kind].must_keys <= set(act.payload) or not KINDS[act.kind].must_facts <= set(entry.facts):
                self.breach(event, "must-state", thing)
            if self.outermost(thing).state not in KINDS[act.kind].before:
                self.breach(event, "state", thing)
            self.one(Event(event.rec, act, answers, event.names), entry.facts, thing)
