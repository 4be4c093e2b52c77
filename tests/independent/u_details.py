# SPDX-License-Identifier: Apache-2.0
"""Step V11 of SPEC 9: sheets, disclosures, attachments, and what an order or an erasure covers (3.7)."""
import u_crypto as c
import u_schema as schema
from u_bundle import Stop, record
from u_tables import BY_NAME, OFFICES

COVERING = {BY_NAME["order"], BY_NAME["erase"]}
MAY_ORDER = {OFFICES["prosecutor"], OFFICES["court"]}


class Details:
    """For each (record index, subject or None): the lines of the sheet there, and the disclosed values by name."""

    def __init__(self, ledger):
        self.ledger = ledger
        self.lines, self.values = {}, {}
        bundle = ledger.bundle
        self.sheets = {c.sheet_hash(sheet): sheet for sheet in bundle.sheets}
        self.disclosures = {c.H(item): item for item in bundle.disclosures}
        self.used_sheets, self.used_disclosures, self.attached = set(), set(), set()
        self.extents = {}
        for rec in ledger.acts():
            if rec.act.kind in COVERING:
                for entry in rec.act.entries if self.counts(rec.act) else ():
                    self.extents.setdefault(entry.subject, set()).update(entry.facts.get(15, ()))

    @staticmethod
    def counts(act):
        """3.7: an order is one of a prosecutor or a court; 6.5 has seen to an erasure."""
        return act.kind != BY_NAME["order"] or act.signers[0][2] in MAY_ORDER

    def check(self):
        for rec in self.ledger.acts():
            places = [(None, rec.act.get(14))]
            places += [(e.subject, e.sheet) for e in rec.act.entries if e.subject in self.ledger.members]
            for sub, digest in places:
                if digest is not None:
                    self.sheet(rec, sub, digest)
        bundle = self.ledger.bundle
        if set(self.sheets) - self.used_sheets or set(self.disclosures) - self.used_disclosures:
            raise Stop(2, "surplus")
        carried = set()
        for raw in bundle.attachments:
            carried.add((c.H(raw), len(raw)))
            if (c.H(raw), len(raw)) not in {a[:2] for a in self.attached}:
                raise Stop(2, "surplus")
        for digest, length, rec, sub in sorted(self.attached, key=lambda a: (a[2], a[3] is not None, a[3] or 0, a[0])):
            if (digest, length) not in carried:
                self.ledger.verdict.finding("attachment-absent", rec, sub)

    def sheet(self, rec, sub, digest):
        here = record(rec.index)
        if digest not in self.sheets:
            raise Stop(1, "incomplete-sheet", here)
        try:
            lines = schema.sheet_lines(self.sheets[digest])
        except schema.Malformed:
            raise Stop(1, "malformed-sheet", here) from None
        self.used_sheets.add(digest)
        self.lines[rec.index, sub] = lines
        for name, ordinal, line_digest in lines:
            if line_digest in self.disclosures:
                self.disclosure(rec, sub, name, ordinal, line_digest)
            elif self.covered(rec, sub, name):
                self.ledger.verdict.withheld.append((rec.index, name, ordinal))
            else:
                raise Stop(1, "withheld", here)

    def disclosure(self, rec, sub, name, ordinal, digest):
        act = rec.act
        try:
            item = schema.Disclosure(self.disclosures[digest])
        except schema.Malformed:
            raise Stop(1, "detail", record(rec.index)) from None
        if item.place != (act.get(1), act.signers[0][0], act.nonce, sub, name, ordinal):
            raise Stop(1, "detail", record(rec.index))
        self.used_disclosures.add(digest)
        self.values.setdefault((rec.index, sub, name), []).append(item.value)
        if schema.is_attachment(item.value):
            self.attached.add((item.value[0], item.value[1], rec.index, sub))

    def covered(self, rec, sub, name):
        subjects = rec.links if sub is None else (sub,)
        return any(name in self.extents.get(s, ()) for s in subjects)

    def names(self, rec, sub):
        """Names (with repetition) of the details for this entry: on its own sheet or that of the act."""
        return [line[0] for where in (None, sub) for line in self.lines.get((rec.index, where), ())]
