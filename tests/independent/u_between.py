# SPDX-License-Identifier: Apache-2.0
"""Silence (SPEC 11): what was recorded of a subject between two files of one ledger."""
from u_bundle import Stop, subject
from u_tables import BY_NAME

PACK, UNPACK = BY_NAME["pack"], BY_NAME["unpack"]
RANK = {0: 0, 3: 1, 2: 2, 1: 3}


def around(inside, thing):
    """The thing and all that is around it."""
    out = []
    while thing is not None and thing not in out:
        out.append(thing)
        thing = inside.get(thing)
    return set(out)


def passage(ledger, things):
    """The records of these subjects' threads, and of the containers' that they were in, while they were in them."""
    inside, out = {}, []
    for rec in ledger.acts():
        before = set().union(*(around(inside, thing) for thing in things))
        if rec.act.kind in (PACK, UNPACK):
            container = next(entry.subject for entry in rec.act.entries if entry.role == 2)
            for thing in (entry.subject for entry in rec.act.entries if entry.role == 0):
                if rec.act.kind == PACK and thing not in around(inside, container):
                    inside[thing] = container
                elif rec.act.kind == UNPACK and inside.get(thing) == container:
                    del inside[thing]
        after = set().union(*(around(inside, thing) for thing in things))
        if set(rec.links) & (before | after):
            out.append(rec.index)
    return out


def of_case(ledger, verdict, asked):
    """The asked subject, and if it is a case the things whose case it is at the end; all things, where custody could not be judged."""
    custody = verdict.custody
    if ledger.type_of(asked) != 4:
        return [asked]
    if any(code in ("orphan", "unknown-kind") for code, _ in verdict.notes):
        return [asked, *(number for number in ledger.leaves if ledger.type_of(number) in (5, 6))]
    return [asked, *(number for number, thing in custody.things.items() if thing.case == asked)]


def compare_threads(older, newer):
    for number, leaf in sorted(older.leaves.items()):
        if number in newer.leaves:
            known = [rec.index for rec in newer.threads.get(number, []) if rec.index < older.n]
            if len(known) != leaf.count or known[-1:] != [leaf.last]:
                raise Stop(1, "between", subject(number))


def silence(older, newer):
    """(status, code, misuse or None, {subject: records} or None) of two verdicts, the second with the first file as --since."""
    a, b = older.ledger, newer.ledger
    if a and b and a.cp.origin != b.cp.origin:
        return 2, None, "ledgers", None
    if a and b and a.n > b.n:
        return 2, None, "order", None
    status, code = max((older.result()[:2], newer.result()[:2]), key=lambda r: RANK[r[0]])
    if newer.stop or older.stop or b.continues != a.n:
        return status, code, None, None
    try:
        compare_threads(a, b)
    except Stop as stop:
        return stop.status, stop.code, None, None
    both = [number for number in a.bundle.asked if number in b.bundle.asked]
    if not both:
        return 2, None, "nobody", None
    answer = {str(s): [i for i in passage(b, of_case(b, newer, s)) if i >= a.n] for s in both}
    return status, code, None, answer
