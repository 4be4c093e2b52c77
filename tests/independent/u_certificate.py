# SPDX-License-Identifier: Apache-2.0
"""Step V17 of SPEC 9, and the lines of 13.6."""
import base64
import datetime

from u_bundle import Stop, subject
from u_notes import shown
from u_tables import BY_NAME, KINDS, OFFICES, TYPES

TOLD = {"person": [20, 21], "place": [30], "case": [40, 41, 45], "thing": [4, 72]}
IDENTIFICATION = 112
DESCRIBING = {BY_NAME[n] for n in ("found", "enrol", "place", "open case", "register", "sample", "split", "animal", "identify")}
TYPE_WORDS = {number: word for word, number in TYPES.items()}
OFFICE_WORDS = {0: "none", **{number: word for word, number in OFFICES.items()}}
CODES = {}
for names, words in {
        ("release", "hand out"): "1 storage, 2 laboratory, 3 court, 4 return, 5 disposal, 6 transport, 7 care, 8 examination, 9 other",
        ("accept",): "1 inventoried, 2 sealed, 3 discrepant",
        ("refuse", "withdraw"): "1 not present, 2 seal differs, 3 count differs, 4 damaged, 5 wrong receiver, 6 misread, 9 other",
        ("unseal", "reseal"): "1 inspection, 2 examination, 3 weighing, 4 sampling, 5 repacking, 6 court, 7 damaged on arrival, 9 other",
        ("void",): "1 damaged, 2 lost, 3 misprinted, 4 not needed, 9 other", ("identify",): "1 presumptive, 2 confirmed",
        ("animal",): "1 condition, 2 birth, 3 death, 4 freed",
        ("consume", "dispose"): "1 destroyed, 2 consumed in testing, 3 forfeited, 4 returned to owner, 5 buried, 9 other"}.items():
    table = {int(w.split(" ", 1)[0]): w.split(" ", 1)[1] for w in words.split(", ")}
    CODES.update({BY_NAME[name]: table for name in names})


class AtTheEnd:
    """A record that is not there: what is in force for it is in force at the end."""

    def __init__(self, index):
        self.index, self.act = index, self
        self.kind, self.entries = None, []


def counted(things):
    return sum(1 for place in things if place is not None)


def check(ledger, custody, orphan_open, said):
    """V17, behind V1 to V15."""
    bundle, verdict = ledger.bundle, ledger.verdict
    false = Stop(1, "certificate")
    line = (ledger.cp.origin, *said.log)
    same = (said.ledger == ledger.id and said.origin == ledger.founding[0] and said.training == ledger.founding[2]
            and said.size == ledger.n and said.root == ledger.cp.root and line in ledger.cp.lines and said.bundle == bundle.data[-32:]
            and said.asked_count == len(bundle.asked) and said.asked == bundle.asked[:len(said.asked)]
            and said.records == len(bundle.records) and said.withheld == len(verdict.withheld))
    if not same:
        raise false
    if custody is not None and not orphan_open:
        breaches = counted(b[1] for b in verdict.breaches)
        if said.breaches != breaches or said.findings != counted(f["record"] for f in verdict.findings):
            raise false
        status = 3 if breaches or any(b[0] == "other" for b in verdict.breaches) else 0
        if said.status != status and not (said.status == 3 and any(code == "other" for code, _ in verdict.notes)):
            raise false
    person, appointment, capacity = said.certifier
    wrong, end = Stop(1, "certifier", subject(person)), AtTheEnd(ledger.n)
    if ledger.type_of(person) != TYPES["person"] or not appointment or not capacity:
        raise wrong
    end.entry = None
    if not ledger.office_held(end, said.certifier) or not said.valid(ledger.key_of(end, said.certifier)):
        raise wrong


LAST = 253402300799                        # of the year 9999


def utc(time):
    if time > LAST:
        return f"@{time}"
    return (datetime.datetime(1970, 1, 1) + datetime.timedelta(seconds=time)).strftime("%Y-%m-%dT%H:%M:%SZ")


def local(time, minutes):
    if max(time, time + 60 * minutes) > LAST:
        return f"@{time}"
    sign, size = "-" if minutes < 0 else "+", abs(minutes)
    return utc(time + 60 * minutes)[:-1] + f"{sign}{size // 60:02}:{size % 60:02}"


def check_character(text):
    digits = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    p = 36
    for ch in text:
        p = (p + digits.index(ch)) % 36 or 36
        p = p * 2 % 37
    return digits[(37 - p) % 36]


def shown_value(value):
    if isinstance(value, list):
        return "; ".join(str(v) for v in value)
    return value.hex() if isinstance(value, bytes) else str(value)


def cut(text):
    raw = text.replace("\\", "\\x5c").encode()
    return raw.decode() if len(raw) <= 400 else raw[:400].decode("utf-8", "ignore") + "…"


class Text:
    def __init__(self, values):
        """values: disclosed values in order, None for one that is not shown."""
        self.hidden, self.text = any(v is None for v in values), ""
        for value in values:
            if value is not None:
                said = shown_value(value)
                self.text += ("; " if self.text and said else "") + said
        self.text = cut(self.text)

    def word(self, otherwise):
        return "withheld or erased" if self.hidden else otherwise if self.text else "not stated"


class Lines:
    def __init__(self, ledger, details, custody, said):
        self.ledger, self.details, self.custody, self.said = ledger, details, custody, said
        self.out, self.texts, self.identified, self.counting = [], {}, {}, set()
        for rec in ledger.acts():
            self.hear(rec)

    def line(self, about, label, value="", word=None):
        self.out.append({"label": label, "value": str(value), "word": word, "subject": about})

    # the texts

    def type_of(self, number):
        return {2: "person", 3: "place", 4: "case", 5: "thing", 6: "thing"}.get(self.ledger.type_of(number))

    def hear(self, rec):
        kind = rec.act.kind
        if kind == BY_NAME["correct"]:
            if rec.act.get(11)[0] not in self.counting:
                return
        elif kind not in DESCRIBING:
            return
        self.counting.add(rec.index)
        for entry in rec.act.entries:
            if entry.role not in (0, 4) or entry.subject not in self.ledger.members:
                continue
            if kind == BY_NAME["identify"]:
                self.sheet(rec, None, entry.subject, {IDENTIFICATION})
            elif len(rec.act.entries) == 1 and kind != BY_NAME["correct"]:
                self.sheet(rec, None, entry.subject)
            self.sheet(rec, entry.subject, entry.subject)

    def sheet(self, rec, where, number, only=None):
        kind, values = rec.act.kind, {}
        for name, _, digest in self.details.lines.get((rec.index, where), ()):
            item = self.details.disclosures.get(digest)
            values.setdefault(name, []).append(None if item is None else self.details.value_of(item))
        thing = self.type_of(number) == "thing"
        for name, list_ in values.items():
            if only and name not in only:
                continue
            if thing and name == 72 and (kind == BY_NAME["identify"] or self.identified.get(number, "presumed") != "presumed"):
                continue
            slot = 72 if thing and name == IDENTIFICATION else name
            if slot not in TOLD.get(self.type_of(number), ()):
                continue
            self.texts[number, slot] = Text(list_)
            if slot == 72 and kind == BY_NAME["identify"]:
                self.identified[number] = CODES[kind].get(rec.act.get(13), "unknown")
            elif slot == 72:
                self.identified.setdefault(number, "presumed")

    def text(self, about, label, number, name, word=None):
        told = self.texts.get((number, name), Text([]))
        self.line(about, label, told.text, told.word(word))

    # names

    def name(self, number):
        code = self.ledger.founding[1]
        return f"{code}-{number}-{check_character(code + str(number))}"

    def called(self, number):
        first = TOLD.get(self.type_of(number), [None])[0]
        told = self.texts.get((number, first))
        return self.name(number) + (f" ({told.text})" if told and told.text else "")

    def subject(self, about, label, number):
        if number is None:
            self.line(about, label, word="not stated")
        else:
            self.line(about, label, self.called(number))

    # the lines

    def all(self):
        self.certifier()
        self.of_ledger()
        self.result()
        asked = self.ledger.bundle.asked
        for number in asked:
            if self.type_of(number) != "thing":
                self.other(number)
        for number, thing in sorted(self.custody.things.items()):
            if number in asked or thing.case in asked:
                self.thing(number, thing)
        for rec in self.ledger.acts():
            if rec.act.kind >= 8:
                self.record(rec)
        return self.out

    def certifier(self):
        said = self.said
        person = said.certifier[0]
        self.line(None, "Certificate", said.number())
        self.line(person, "Certified by", self.called(person))
        self.line(person, "Office", word=OFFICE_WORDS.get(said.certifier[2], "unknown"))
        self.text(person, "Agency", person, 21)
        self.line(None, "Certified at", local(said.made, said.offset))
        self.line(None, "Form", said.template)

    def of_ledger(self):
        ledger, said = self.ledger, self.said
        origin, code, training, _, _, old = ledger.founding
        self.line(None, "Ledger", ledger.cp.origin.decode(), "training ledger, not evidence" if training else None)
        self.line(None, "Ledger id", ledger.id.hex())
        self.line(None, "Code of names", code)
        if old is not None:
            self.line(None, "Succeeds", f"{old[0].hex()}, {old[1]}, {base64.b64encode(old[2]).decode()}")
        self.line(None, "Records in the ledger", ledger.n)
        self.line(None, "Root", base64.b64encode(ledger.cp.root).decode())
        self.line(None, "Last record logged", utc(ledger.last.logged))
        for name, key in ledger.policy.witnesses.items():
            if name in ledger.cosigned:
                auditor = self.is_auditor(name, b"auditors")
                self.line(None, "Witnessed by", f"{shown(name)}, {utc(ledger.cosigned[name])}", "auditor" if auditor else None)
        if not ledger.cosigned:
            self.line(None, "Witnessed by", word="no witness of the policy")
        self.line(None, "Bundle", said.bundle.hex())
        self.line(None, "Records in the bundle", said.records)
        self.line(None, "Policy", said.policy.hex())

    def is_auditor(self, name, group):
        _, members = self.ledger.policy.groups.get(group, (0, ()))
        return any(m == name or self.is_auditor(name, m) for m in members)

    def result(self):
        said, verdict = self.said, self.ledger.verdict
        self.line(None, "Result", word="intact, and custody unbroken" if said.status == 0 else "intact, but a rule of custody is broken")
        self.line(None, "Breaches", said.breaches)
        self.line(None, "Findings", said.findings)
        self.line(None, "Details withheld or erased", said.withheld)
        last = float("inf")
        for label, told in (("Breach", verdict.breaches), ("Finding", [(f["code"], f["record"], f["subject"]) for f in verdict.findings])):
            told = [t for t in told if t[1] is not None or t[0] == "other"]
            for code, rec, sub in sorted(told, key=lambda t: (last if t[1] is None else t[1], last if t[2] is None else t[2], t[0])):
                self.line(sub, label, "" if rec is None else f"record {rec}: ", code)
                if label == "Breach" and code == "deviation":
                    self.line(None, "Reason stated")

    def other(self, number):
        kind = self.type_of(number)
        if kind == "case":
            self.line(number, "Case", self.name(number))
            for label, name in (("Docket", 40), ("Law", 41), ("Court", 45)):
                self.text(number, label, number, name)
        elif kind == "person":
            self.line(number, "Person", self.called(number))
            self.text(number, "Agency", number, 21)
        elif kind == "place":
            self.line(number, "Place", self.called(number))
        else:
            self.line(number, "Asked for", word="the ledger itself")
        self.line(number, "Records in its thread", len(self.ledger.threads[number]))

    def thing(self, number, thing):
        outer = self.custody.effects.outermost(thing)
        self.line(number, "Thing", self.name(number), TYPE_WORDS[thing.kind])
        self.text(number, "Description", number, 4)
        self.text(number, "Species", number, 72, self.identified.get(number))
        for label, value in (("Pieces", thing.pieces), ("Net mass", thing.net)):
            shown = value if label == "Pieces" or value is None else f"{value // 10**6}.{value % 10**6:06} kg"
            self.line(number, label, "" if value is None else shown, "not stated" if value is None else None)
        seals = sorted(thing.seals, key=lambda s: s.encode())
        self.line(number, "Seals", ", ".join(s.replace("\\", "\\x5c") for s in seals), None if seals else "none")
        self.line(number, "State", word="void" if thing.void else outer.state)
        if thing.missing is not None:
            self.line(number, "Not found at the stock-take of", f"record {thing.missing}")
        self.subject(number, "Holder", outer.holder)
        if thing.inside is not None:
            self.subject(number, "Packed in", thing.inside)
        self.subject(number, "Place", outer.place)
        self.subject(number, "Case", thing.case)
        self.line(number, "Records in its thread", len(self.ledger.threads[number]))

    def record(self, rec):
        act = rec.act
        out = [f"{rec.index}, {utc(rec.logged)}"]
        word = CODES.get(act.kind, {}).get(act.get(13))
        out += [f", {word}"] * bool(word) + [", deviation"] * bool(act.get(19))
        signers = "; ".join(f"{self.called(s[0])}, {OFFICE_WORDS.get(s[2], 'unknown')}" for s in act.signers)
        out.append(f", by {signers}")
        to = act.get(9) or [None, None, None]
        if to[0] is not None:
            out.append(f"; to {self.called(to[0])}")
        elif to[1] is not None:
            out.append(f"; to any {OFFICE_WORDS.get(to[1], 'unknown')}")
        runs = []
        for number in (e.subject for e in act.entries if e.subject in self.custody.things):
            if runs and runs[-1][1] == number - 1:
                runs[-1][1] = number
            else:
                runs.append([number, number])
        if runs:
            out.append("; " + ", ".join(self.name(a) if a == b else f"{self.name(a)}..{self.name(b)}" for a, b in runs))
        self.line(None, "Record", "".join(out), KINDS[act.kind].name)
