# SPDX-License-Identifier: Apache-2.0
"""A ledger in memory (SPEC 3 to 6) that keeps no rule unless asked to, so that any forgery can be made.

The ledger holds every key, but the station's forger in a vector has only the station's: after the fact, acts are
moved and dropped as signed bytes (`relog`), and all that the station itself says is made anew around them.
"""
import base64
import copy

import cbor2

from codes import (AMENDS, CASE, CLAIMED, CONTAINER, ENTRIES, FOUNDING, ITEM, KIND, KINDKEY, LEDGER, LID, NONCE,
                   DETAIL, OFFICE, PERSON, PLACE, PUBKEY, REGISTRAR, SEEN, SHEET, SIGNERS, TOOFFICE, TYPE,
                   check_character)
from cborx import enc
from keys import Key, note_text, station_line, witness_line
from tree import leaf_hash, root, sha

START = 1700000000
AAD = b"unbroken/1 act"


def entry(subject, role=0, facts=None, **details):
    """An entry of an act; details by name, a list for several of one name."""
    return {"subject": subject, "role": role, "facts": dict(facts or {}), "details": details}


def attachment(blob, media="image/jpeg"):
    """The detail value that names an attachment."""
    return {0: sha(blob), 1: len(blob), 2: media}


class Person:
    """A person as the ledger's users know them: number, key, appointments by office."""

    def __init__(self, number, key):
        self.number, self.key, self.appointments = number, key, {}

    def signer(self, office=None):
        """[person, appointment, capacity], by default in the first office."""
        if office is None:
            office = next(iter(self.appointments))
        return [self.number, self.appointments[office], office]


class Ledger:
    """Records, threads, keys, sheets and disclosures of one ledger."""

    def __init__(self, name="dryport.customs.example/evidence", founders=("anna", "boris"), threshold=1,
                 training=False, station="station", code="KHPP", salt="", edit=None, succeeds=None, sign=None):
        self.origin_name, self.training, self.code, self.salt = name, training, code, salt
        self.station, self.threshold = Key(station), threshold
        self.id = None
        self.steps, self.records, self.threads = [], [], []
        self.heads_at, self.people = {}, {}
        self.sheets, self.disclosures, self.attachments, self.place_of = {}, {}, {}, {}
        self.now, self.serial, self.others = START, 0, []
        people = [Person(i + 1, Key(salt + who)) for i, who in enumerate(founders)]
        for who, person in zip(founders, people):
            self.people[who] = person
            person.appointments[REGISTRAR] = 1
        entries = [entry(0, facts={TYPE: LEDGER})]
        entries += [entry(p.number, facts={TYPE: PERSON, PUBKEY: p.key.cose, TOOFFICE: REGISTRAR}) for p in people]
        payload = {FOUNDING: [name, code, training, threshold, self.station.public, succeeds]}
        self.act("found", [(who, [p.number, 0, 1]) for who, p in zip(founders, people)], entries, extra=payload,
                 edit=edit, sign=sign)

    @property
    def origin(self):
        """The checkpoint's origin line."""
        text = base64.b32encode(self.id).decode().lower().rstrip("=")
        return f"{self.origin_name}/{'training/' if self.training else ''}{text}"

    def tag(self, subject, number=1, **other):
        """A tag's text (SPEC 3.2)."""
        name = other.get("name") or self.name(subject)
        ledger = other.get("ledger", self.id)
        return f"U1/{name}/{base64.b32encode(ledger).decode()[:16]}/{number}"

    def name(self, subject, code=None):
        """The printed name of a subject."""
        code = code or self.code
        return f"{code}-{subject}-{check_character(code + str(subject))}"

    # ---- acts

    def draw(self, what):
        """Sixteen bytes that come out the same each time."""
        self.serial += 1
        return sha(f"{what}:{self.salt}:{self.serial}".encode())[:16]

    def tree_head(self, size=None):
        """[size, root] of the ledger so far, or as it was."""
        size = len(self.records) if size is None else size
        return [size, root([leaf_hash(r) for r in self.records[:size]])]

    def sheet(self, details, author, nonce, subject, change=None):
        """Store a sheet and its disclosures; give the sheet's hash."""
        lines = []
        for name, values in details.items():
            number = DETAIL.get(name, name)
            for ordinal, value in enumerate(values if isinstance(values, list) else [values]):
                if isinstance(value, tuple):
                    value = list(value)
                parts = ["unbroken/1 detail", self.id, author, nonce, subject, number, ordinal,
                         self.draw("salt"), value]
                data = enc(change(parts) if change else parts)
                self.disclosures[sha(data)] = data
                lines.append([number, ordinal, sha(data)])
        data = enc(sorted(lines))
        return self.keep_sheet(data)

    def keep_sheet(self, data):
        """Keep a sheet's bytes; give its hash."""
        digest = sha(b"unbroken/1 sheet\n" + data)
        self.sheets[digest] = data
        return digest

    def signer(self, who):
        """(signer array, key) of "name", ("name", office), ("name", [array]) or ("name", [array], key)."""
        if isinstance(who, str):
            return self.people[who].signer(), self.people[who].key
        name, how = who[:2]
        person = self.people.get(name)
        key = who[2] if len(who) > 2 else person.key
        return (how if isinstance(how, list) else person.signer(how)), key

    def act(self, kind, signers, entries, d=None, extra=None, *, seen=None, at=None, edit=None, sign=None,
            change=None, nonce=None, raw=None, **log):
        """Make, sign and log an act; give its index.

        edit(payload) alters the payload before it is signed, raw(bytes) its bytes, sign(signatures, payload bytes) the
        signatures after, change(parts) the parts of each disclosure; what else is named goes to `log`.
        """
        kind = KIND.get(kind, kind)
        self.now = at or self.now + 600
        signers = [self.signer(who) for who in signers]
        nonce = nonce or self.draw("nonce")
        payload = {KINDKEY: kind, NONCE: nonce, CLAIMED: [self.now, 420], SIGNERS: [s for s, _ in signers]}
        if self.id is not None:
            payload[LID], payload[SEEN] = self.id, seen or self.tree_head()
        author = signers[0][0][0]
        payload[ENTRIES] = [
            [e["subject"], e["role"], e["facts"],
             self.sheet(e["details"], author, nonce, e["subject"], change) if e["details"] else None]
            for e in sorted(entries, key=lambda e: e["subject"])]
        if d:
            payload[SHEET] = self.sheet(d, author, nonce, None, change)
        payload.update(extra or {})
        if edit:
            payload = edit(payload) or payload
        data = raw(enc(payload)) if raw else enc(payload)
        signatures = [self.signature(key, data) for _, key in signers]
        if sign:
            signatures = sign(signatures, data) or signatures
        if self.id is None:
            self.id = sha(b"unbroken/1 ledger\n" + data)
        return self.log(enc([b"", {}, data, signatures]), payload, data, **log)

    @staticmethod
    def signature(key, data, header=None, by=None):
        """One COSE signature; `by` signs in the place of `key`."""
        header = enc(header or {1: key.alg, 4: key.kid})
        return [header, {}, (by or key).sign(enc(["Signature", b"", header, AAD, data]))]

    def log(self, act, payload, data, *, subjects=None, logged=None, record=None):
        """Append signed act bytes as a record; `subjects` overrides what it links, record(record) alters it."""
        entries = payload[ENTRIES]
        step = {"act": act, "payload": payload, "kind": payload[KINDKEY], "id": sha(b"unbroken/1 act\n" + data),
                "subjects": sorted({e[0] for e in entries}) if subjects is None else subjects,
                "logged": logged or self.now + 5, "roles": [(e[0], e[1]) for e in entries],
                "signers": [s[0] for s in payload[SIGNERS]]}
        return self.append(step, record)

    def append(self, step, edit=None):
        """Append a step: an act with links made anew, or (kind None) a heads record. edit(record) may alter it."""
        index = len(self.records)
        before = leaf_hash(self.records[-1]) if index else None
        if step["kind"] is None:
            return self.heads(edit=edit, logged=step["logged"])
        links = []
        for subject in step["subjects"]:
            while len(self.threads) <= subject:
                self.threads.append([])
            thread = self.threads[subject]
            links.append([subject, len(thread) + 1, thread[-1] if thread else None])
            thread.append(index)
        record = [1, 0, index, before, step["logged"], links, step["act"]]
        self.steps.append(step)
        self.records.append(enc(edit(record) or record if edit else record))
        return index

    def heads(self, edit=None, logged=None, lies=None):
        """Append a heads record; `lies` gives other (count, last) for some subjects."""
        index = len(self.records)
        self.now += 60
        leaves = []
        for subject, thread in enumerate(self.threads):
            count, last = (lies or {}).get(subject, (len(thread), thread[-1] if thread else 0))
            leaves.append(enc(["heads/1", self.id, subject, count, last, leaf_hash(self.records[last])]))
        self.heads_at[index] = leaves
        record = [1, 1, index, leaf_hash(self.records[-1]), logged or self.now, len(leaves),
                  root([leaf_hash(leaf) for leaf in leaves])]
        self.steps.append({"kind": None, "subjects": [], "logged": logged or self.now})
        self.records.append(enc(edit(record) or record if edit else record))
        return index

    def act_id(self, index):
        """The act-id of a record's act."""
        return self.steps[index]["id"]

    def record_hash(self, index):
        """The record's hash."""
        return leaf_hash(self.records[index])

    def copy(self):
        """Another ledger that goes on from the same state."""
        return copy.deepcopy(self)

    def relog(self, order, edit=None):
        """The forgery of a station: the same signed acts in another order or fewer, all around them made anew.

        order: old indices, or step dicts; edit(old index, record) may alter a record before it is hashed.
        """
        out = copy.copy(self)
        out.steps, out.records, out.threads, out.heads_at = [], [], [], {}
        for item in order:
            step = self.steps[item] if isinstance(item, int) else item
            out.append(step, edit and (lambda record, item=item: edit(item, record)))
        return out

    def altered(self, index, edit=None, sign=None, **other):
        """A logged step with its signed payload altered, but the signatures as they are or as sign() gives."""
        step = {**copy.deepcopy(self.steps[index]), **other}
        payload = step["payload"]
        payload = edit and edit(payload) or payload
        data = enc(payload)
        signatures = cbor2.loads(step["act"])[3]
        if sign:
            signatures = sign(signatures, data) or signatures
        entries = payload[ENTRIES]
        step.update(act=enc([b"", {}, data, signatures]), payload=payload, id=sha(b"unbroken/1 act\n" + data),
                    roles=[(e[0], e[1]) for e in entries], signers=[s[0] for s in payload[SIGNERS]])
        step.update({"subjects": sorted({e[0] for e in entries}), **other})
        return step

    # ---- checkpoints

    def note(self, size=None, key=None, origin=None, witnesses=(), text=None, bare=False):
        """A signed checkpoint; witnesses: (key name, key, time[, wrong])."""
        text = text or note_text(origin or self.origin, *self.tree_head(size))
        out = text + "\n" + ("" if bare else station_line(text, origin or self.origin, key or self.station))
        return (out + "".join(witness_line(text, *w) for w in witnesses)).encode()

    # ---- everyday acts

    def enrol(self, who, office, key=None, by=("anna",), **more):
        """Enrol a person with an office."""
        number = len(self.threads)
        person = Person(number, key or Key(self.salt + who))
        office = OFFICE.get(office, office)
        person.appointments[office] = 1
        self.people[who] = person
        facts = {TYPE: PERSON, PUBKEY: person.key.cose, TOOFFICE: office}
        return self.act("enrol", [*by, (who, [number, 0, 0])], [entry(number, facts=facts)], **more)

    def appoint(self, who, office, by=("anna",)):
        """Give a person a further office."""
        person = self.people[who]
        person.appointments[office] = len(self.threads[person.number]) + 1
        return self.act("appoint", by, [entry(person.number, facts={TOOFFICE: office})])

    def open_case(self, who):
        """Open a case; give its number."""
        number = len(self.threads)
        self.act("open", [who], [entry(number, facts={TYPE: CASE}, docket="12/2016", law="Forestry Law, art. 98")])
        return number

    def place(self, who="anna", **more):
        """Open a place; give its number."""
        number = len(self.threads)
        self.act("place", [who], [entry(number, facts={TYPE: PLACE}, place_name="Store 2")], **more)
        return number

    def allot(self, who, count=1, kind=ITEM, **more):
        """Allot things; give their numbers."""
        first = len(self.threads)
        numbers = list(range(first, first + count))
        self.act("allot", [who], [entry(n, facts={TYPE: kind}) for n in numbers], **more)
        return numbers

    def crate(self, who, count=1):
        """Allot containers."""
        return self.allot(who, count, CONTAINER)

    def amends(self, index):
        """The payload key 11 for a record."""
        return {AMENDS: [index, self.record_hash(index)]}
