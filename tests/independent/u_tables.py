# SPDX-License-Identifier: Apache-2.0
"""The table of acts of SPEC 7.2, read from the rows as they stand there, and the codes of section 5."""
import re

ROWS = """\
| 0 | found | the founders | 0 | ledger person |  | p15 f0 | f10 f11 |  |
| 1 | enrol | threshold registrars and the person | 0 | person |  | f0 f10 f11 |  |  |
| 2 | appoint | threshold registrars | 0 | person |  | f11 |  |  |
| 3 | end | threshold registrars | 0 | person |  | f11 |  |  |
| 4 | rekey | threshold registrars and the person | 0 | person |  | f10 | f12 |  |
| 5 | revoke | threshold registrars | 0 | person |  |  | f12 |  |
| 6 | station key | threshold registrars | 0 | ledger |  | f14 |  |  |
| 7 | clock | threshold registrars | 0 | ledger |  | p17 |  |  |
| 8 | place | registrar or custodian | 0 | place |  | f0 d `place-name` | p12 |  |
| 9 | open case | officer or prosecutor | 0 | case |  | f0 d `docket` d `law` | p16 |  |
| 10 | allot | officer or custodian | 0 | item container |  → unused | f0 |  |  |
| 11 | void | officer or custodian; any: other | 0 | item container | unused → closed | p13 |  |  |
| 12 | seize | officer; any: another | 0 | case |  | d `seizure-time` d `seizure-place` d `authority` | p12 |  |
| 13 | register | officer | 0 1 | item container | unused → held | f1 | p12 p16 f2 f5 |  |
| 14 | move | prosecutor | 0 1 5 | item container | held, in transit, out → same | f1 d `order` |  |  |
| 15 | pack | any: holder | 0 2 | item container | held → same |  |  | M |
| 16 | unpack | any: holder | 0 2 | item container | held → same |  |  | M |
| 17 | seal | any: holder; any: another | 0 | item container | held → same | f8 | f6 |  |
| 18 | unseal | any: holder; any: another | 0 | item container | held → same | p13 f6 f7 |  |  |
| 19 | reseal | any: holder; any: another | 0 | item container | held → same | p13 f6 f7 f8 |  |  |
| 20 | release | any: holder | 0 | item container | held → in transit | p9 p13 | p8 p16 p20 f2 f6 | M |
| 21 | accept | any: receiver | 0 | item container | in transit → held | p10 p13 | p8 p12 p16 f2 f3 f4 f5 f6 | M |
| 22 | refuse | any: receiver | 0 | item container | in transit → held | p10 p13 | f2 f6 | M |
| 23 | withdraw | any: holder; any: other | 0 | item container | in transit → held | p10 p13 |  | M |
| 24 | hand out | any: holder; any: another | 0 | item container | held → out | p13 d `counterparty` d `receipt` | p9 p16 p20 f2 f6 | M |
| 25 | take back | any: holder; any: another | 0 | item container | out → held | d `counterparty` d `receipt` | p8 p12 p16 f2 f6 | M |
| 26 | shelve | custodian: holder | 0 | item container | held → same | p12 |  |  |
| 27 | stocktake | any: outside; custodian | 0 | item container | unused, held, in transit, out, closed → same | p12 f9 | f2 f6 |  |
| 28 | weigh | any: holder | 0 | item container | held → same | f5 d `scale` | f3 f4 |  |
| 29 | examine | any: holder | 0 | item container | held → same | d `finding` |  |  |
| 30 | identify | expert | 0 | item container | unused, held, in transit, out, closed → same | p13 d `identification` |  |  |
| 31 | sample | officer or expert: holder; any: another | 1 3 4 |  | held → same |  |  | M |
| 32 | split | any: holder | 1 3 4 |  | held → same |  |  | M |
| 33 | animal | any: carer or holder | 0 1 4 | item container | held → same | p13 | f2 |  |
| 34 | consume | any: holder; any: other | 0 1 | item container | held → closed | p13 |  | M |
| 35 | dispose | any: holder; any: other; prosecutor or court | 0 1 | item container | held → closed | p13 d `order` d `witness` | f2 f6 | M |
| 36 | attach | any | 0 | ledger person place case item container | unused, held, in transit, out, closed → same | d `attachment` | p16 |  |
| 37 | note | any | 0 | ledger person place case item container | unused, held, in transit, out, closed → same | d `note` | p16 |  |
| 38 | label | any | 0 | item container | unused, held, in transit, out → same | f13 |  |  |
| 39 | disclose | any | 0 | ledger person place case item container | unused, held, in transit, out, closed → same | d `recipient` d `disclosed` |  |  |
| 40 | correct | any: author; any: other | 0 | ledger person place case item container | unused, held, in transit, out, closed → same | p11 d `reason` |  |  |
| 41 | same as | any; any: other | 0 | item container | unused, held, in transit, out, closed → same | d `reason` |  |  |
| 42 | lodge | custodian | 0 | item container | unused, held, in transit, out, closed → same | p8 p10 d `orphan-act` |  |  |
| 43 | adopt | any; any: other | 0 | item container | unused, held, in transit, out → same | p10 d `reason` |  |  |
| 44 | order | prosecutor or court | 0 | ledger person place case item container | unused, held, in transit, out, closed → same | f15 d `order` |  |  |
| 45 | erase | threshold registrars | 0 | ledger person place case item container | unused, held, in transit, out, closed → same | p11 f15 d `order` |  |  |
"""

OFFICES = {"registrar": 1, "officer": 2, "custodian": 3, "expert": 4, "carer": 5, "carrier": 6, "prosecutor": 7,
           "court": 8}
TYPES = {"ledger": 1, "person": 2, "place": 3, "case": 4, "item": 5, "container": 6}
ROLE_TYPES = {1: {4}, 2: {6}, 3: {5, 6}, 4: {5, 6}, 5: {4}}
ROLE_FACTS = {1: set(), 2: set(), 3: {2, 3, 4, 5}, 4: {2, 5}, 5: set()}
ALWAYS = {1, 2, 3, 4, 5, 6, 7, 14, 18, 19}
NAMES = {"note": 1, "remarks": 2, "reason": 3, "attachment": 5, "receipt": 8, "authority": 9, "order": 10, "place-name": 30,
         "docket": 40, "law": 41, "seizure-time": 50, "seizure-place": 51, "owner": 62, "witness": 63, "scale": 90,
         "drift-explanation": 92, "counterparty": 100, "finding": 110, "identification": 112, "recipient": 140,
         "disclosed": 141, "orphan-act": 150}


class Slot:
    """One slot of the column "signers": offices (None: any) and relations, of which one has to hold."""

    def __init__(self, text):
        offices, _, relation = (part.strip() for part in text.partition(":"))
        self.offices = None if offices == "any" else {OFFICES[o] for o in offices.split(" or ")}
        self.relations = relation.split(" or ") if relation else []


class Kind:
    def __init__(self, row):
        cells = [cell.strip() for cell in row.strip().strip("|").split("|")]
        number, self.name, signers, roles, types, states, must, may, moves = cells
        self.number, self.moves = int(number), moves == "M"
        self.slots = [] if re.match("the founders|threshold", signers) else [Slot(s) for s in signers.split(";")]
        self.roles = {int(r) for r in roles.split()}
        self.types = {TYPES[t] for t in types.split()}
        before, _, after = states.partition("→")
        self.before = {s.strip() for s in before.split(",") if s.strip()}
        self.after = after.strip() if after.strip() not in ("", "same") else None
        self.must_keys, self.must_facts = self._numbers(must, "p"), self._numbers(must, "f")
        self.may_keys, self.may_facts = self._numbers(may, "p"), self._numbers(may, "f")
        self.must_details = [NAMES[d] for d in re.findall(r"`([a-z-]+)`", must)]

    @staticmethod
    def _numbers(text, letter):
        return {int(n) for n in re.findall(rf"\b{letter}(\d+)\b", text)}


KINDS = {kind.number: kind for kind in map(Kind, ROWS.strip().split("\n"))}
BY_NAME = {kind.name: kind.number for kind in KINDS.values()}


def numbers(*names):
    return {BY_NAME[name] for name in names}


OPENING = numbers("found", "enrol", "place", "open case", "allot")
KEY_GIVING = numbers("found", "enrol", "rekey")
AUTHORITY = numbers("enrol", "appoint", "end", "rekey", "revoke", "station key", "clock", "erase")
