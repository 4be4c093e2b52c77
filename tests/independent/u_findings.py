# SPDX-License-Identifier: Apache-2.0
"""Findings on signers and times (SPEC 7.3, 17c): they are shown and change no status."""
from u_tables import BY_NAME

DAY = 86400


def signer_findings(ledger, rec):
    for person in sorted(rec.act.persons()):
        endorsed, doubted = True, False
        for other in ledger.threads.get(person, []):
            own = ledger.entry(other, person).facts
            if other.act.kind == BY_NAME["rekey"] and other.index < rec.index:
                endorsed = any(s[0] == person and s[1:] != [0, 0] for s in other.act.signers)
            if other.act.kind in (BY_NAME["rekey"], BY_NAME["revoke"]) and 12 in own:
                doubted = doubted or own[12] <= rec.index < other.index
        if not endorsed:
            ledger.verdict.finding("key-not-endorsed", rec.index, person)
        if doubted:
            ledger.verdict.finding("key-doubted", rec.index, person)


def carries(ledger, act):
    """None: it carries nothing over from the succeeded ledger (3.9). Else whether it says so as it must."""
    said, old = act.get(16), ledger.founding[5]
    if act.kind != BY_NAME["register"] or said is None or old is None or said[0] != old[0]:
        return None
    return said[1:3] == old[1:3] and said[3] is not None and said[4] is None


def carried_findings(ledger, rec):
    if carries(ledger, rec.act) is False:
        for entry in rec.act.entries:
            if entry.role == 0 and entry.subject in ledger.members:
                ledger.verdict.finding("carried", rec.index, entry.subject)


def time_findings(ledger):
    before = None
    for index, rec in sorted(ledger.records.items()):
        if before is not None:
            late = before.index == index - 1 and rec.logged - before.logged > 31 * DAY
            clock = rec.act is not None and rec.act.kind == BY_NAME["clock"]
            if (rec.logged < before.logged or late) and not clock:
                ledger.verdict.finding("clock", index, None)
        if rec.act and abs(rec.act.get(4)[0] - rec.logged) > DAY and not rec.act.get(18):
            ledger.verdict.finding("claimed", index, None)
        before = rec
