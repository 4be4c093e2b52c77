# SPDX-License-Identifier: Apache-2.0
"""Step V11 of SPEC 9: sheets, disclosures, attachments, and what an order or an erasure covers (3.7)."""
import u_crypto as c
import u_schema as schema
from u_bundle import Stop, record
from u_tables import BY_NAME, NAMES, OFFICES

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
        self.ordered, self.erased = {}, {}
        for rec in ledger.acts():
            if rec.act.kind == BY_NAME["order"] and rec.act.signers[0][2] in MAY_ORDER:
                for entry in rec.act.entries:
                    for name in entry.facts.get(15, ()):
                        self.ordered.setdefault((entry.subject, name), rec.index)
            elif rec.act.kind == BY_NAME["erase"]:
                self.note_erasure(rec)

    def note_erasure(self, rec):
        """3.7: an erasure covers one record; a detail of its act as a whole where every subject's entry lists the name."""
        amended = rec.act.get(11)[0]
        lists = {entry.subject: set(entry.facts.get(15, ())) - {NAMES["orphan-act"]} for entry in rec.act.entries}
        for sub, names in lists.items():
            for name in names:
                self.erased.setdefault((amended, sub, name), rec.index)
        if set(lists) == set(self.ledger.records[amended].links):
            for name in set.intersection(*lists.values()):
                self.erased.setdefault((amended, None, name), rec.index)

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
            else:
                erased, under = self.cover(rec, sub, name)
                if under is None:
                    raise Stop(1, "withheld", here)
                self.ledger.verdict.withheld.append((rec.index, sub, name, ordinal, erased, under))

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

    @staticmethod
    def value_of(data):
        return schema.Disclosure(data).value

    def sheet_lines(self, digest):
        return schema.sheet_lines(self.sheets[digest]) if digest is not None else []

    def cover(self, rec, sub, name):
        """(erased?, the record of the first erasure or else order that covers the detail, or None)."""
        if (rec.index, sub, name) in self.erased:
            return True, self.erased[rec.index, sub, name]
        subjects = rec.links if sub is None else (sub,)
        return False, min((self.ordered[s, name] for s in subjects if (s, name) in self.ordered), default=None)

    def names(self, rec, sub):
        """Names (with repetition) of the details for this entry: on its own sheet or that of the act."""
        return [line[0] for where in (None, sub) for line in self.lines.get((rec.index, where), ())]
