# SPDX-License-Identifier: Apache-2.0
"""What one act may look like: the form rules of SPEC 9, V9 step 6, with the table of 7.2."""
import re

from u_crypto import key_valid
from u_tables import BY_NAME, KINDS, ALWAYS, OPENING, ROLE_FACTS, ROLE_TYPES

ALLOT, REGISTER, MOVE, ANIMAL = (BY_NAME[n] for n in ("allot", "register", "move", "animal"))
SINGLE = range(1, 10)
PACKING = {BY_NAME["pack"], BY_NAME["unpack"]}
PARTING = {BY_NAME["sample"], BY_NAME["split"]}


def good_origin(text):
    return (re.fullmatch(r"[a-z0-9.\-/]{1,64}", text) is not None
            and not any(part in ("", ".", "..", "training") for part in text.split("/")))


def good_code(text):
    return re.fullmatch(r"[A-Z][A-Z0-9]{1,7}", text) is not None


def good_founding(act):
    """The entries that 6.5 asks of `found`, and the fields of the founding."""
    founding = act.get(15)
    if founding is None or not good_origin(founding[0]) or not good_code(founding[1]):
        return False
    first, founders = act.entries[0], act.entries[1:]
    if first.subject != 0 or first.facts != {0: 1}:
        return False
    for number, entry in enumerate(founders, 1):
        if entry.subject != number or set(entry.facts) != {0, 10, 11}:
            return False
        if entry.facts[0] != 2 or entry.facts[11] != 1:
            return False
    return founding[3] + 1 <= len(founders) and key_valid([-19, founding[4]])


def good_offices_and_keys(facts):
    return facts.get(11) != 0 and (10 not in facts or key_valid(facts[10])) and (14 not in facts or key_valid([-19, facts[14]]))


def good_entry(kind, entry, type_of):
    facts = set(entry.facts)
    if entry.role not in kind.roles:
        return False
    if entry.role != 0:
        return facts <= ROLE_FACTS[entry.role] and type_of(entry.subject) in ROLE_TYPES[entry.role] | {None}
    if not facts <= kind.must_facts | kind.may_facts:
        return False
    if kind.number in OPENING:
        if entry.facts.get(0) not in kind.types:
            return False
    elif type_of(entry.subject) not in kind.types | {None}:
        return False
    return kind.number > 7 or kind.must_facts <= facts or kind.number == 0


def fits_row(act):
    """Only the payload keys, roles and facts of the act's row: what an orphan may state too (7.3.17)."""
    kind = KINDS[act.kind]
    if not set(act.payload) <= ALWAYS | kind.must_keys | kind.may_keys:
        return False
    return all(e.role in kind.roles and set(e.facts) <= (ROLE_FACTS[e.role] if e.role else kind.must_facts | kind.may_facts)
               for e in act.entries)


def good_form(act, type_of):
    """V9 step 6. type_of(subject) is None for a subject without a leaf."""
    kind = KINDS[act.kind]
    keys = set(act.payload)
    if not keys <= ALWAYS | kind.must_keys | kind.may_keys:
        return False
    if (act.kind <= 7 or kind.name == "erase") and not kind.must_keys <= keys:
        return False
    if not all(good_entry(kind, entry, type_of) for entry in act.entries):
        return False
    count = {role: len(act.with_role(role)) for role in range(6)}
    if act.kind == 0 and not good_founding(act):
        return False
    if act.kind in SINGLE and len(act.entries) != 1:
        return False
    if act.kind == ALLOT:
        numbers = [entry.subject for entry in act.entries]
        if numbers != list(range(numbers[0], numbers[0] + len(numbers))):
            return False
    if act.kind == BY_NAME["same as"] and len(act.entries) != 2:
        return False
    if act.kind in PACKING and (count[2] != 1 or count[0] < 1):
        return False
    if act.kind in PARTING and (count[3] != 1 or count[4] < 1):
        return False
    if act.kind == ANIMAL and count[4] and count[0] != 1:
        return False
    if act.kind == REGISTER and (count[1] != 1 or count[0] < 1):
        return False
    if act.kind == MOVE and (count[1] != 1 or count[5] != 1):
        return False
    if act.kind in (REGISTER, MOVE):
        case = act.with_role(1)[0].subject
        if any(entry.facts.get(1, case) != case for entry in act.with_role(0)):
            return False
    return count[1] <= 1 and all(good_offices_and_keys(entry.facts) for entry in act.entries)
