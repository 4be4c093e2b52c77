# SPDX-License-Identifier: Apache-2.0
"""Steps V13 to V15 of SPEC 9: older and later views, freshness, tags; and the exhibits of V16."""
import base64
import re

import u_crypto as c
import u_paper
import u_schema as schema
from u_bundle import FORK, Bundle, Stop, is_view, outer, record, subject
from u_notes import Checkpoint, Key, NoteError, shown
from u_schema import is_bytes, is_hash, is_list
from u_tables import BY_NAME, KINDS

PLAIN = {**{0x17E0 + i: str(i) for i in range(10)}, **{ord("a") + i: chr(ord("A") + i) for i in range(26)}}
ENDS = " \t\r\n\u200b"
ALNUM = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"


# V13

def station_key(ledger, size):
    """The station key in force for a checkpoint of that size."""
    key = ledger.founding[4]
    for rec in ledger.threads[0]:
        if rec.index < size and rec.act.kind == BY_NAME["station key"]:
            key = ledger.entry(rec, 0).facts[14]
    return Key(ledger.cp.origin, 1, key)


def parsed(note):
    try:
        return Checkpoint(note)
    except NoteError:
        raise Stop(2, "unreadable") from None


def station_keys(ledger):
    """Every key that the station has had."""
    given = [ledger.entry(rec, 0).facts[14] for rec in ledger.threads[0] if rec.act.kind == BY_NAME["station key"]]
    return {ledger.founding[4], *given}


def speaks(ledger, note):
    """Who signed it: "station" (the key in force), else "replaced" (another of its keys) or "policy", or None."""
    if note.log_line(station_key(ledger, note.size)):
        return "station"
    valid = {key.key for key in ledger.policy.logs_named(note.origin) if note.log_line(key)}
    if valid & station_keys(ledger):
        return "replaced"
    return "policy" if valid else None


def keep_times(ledger, note, cosigners):
    ledger.verdict.proven += [(note.size, time, shown(name)) for name, time in cosigners.items() if time is not None]


def older_views(ledger):
    bundle, verdict = ledger.bundle, ledger.verdict
    ledger.view_roots, before = {ledger.n: ledger.cp.root}, -1
    keep_times(ledger, ledger.cp, ledger.cosigned)
    for (view, _), path in ((a[0], a[1]) for a in bundle.anchors):
        old = parsed(view)
        if old.origin != ledger.cp.origin or old.size > ledger.n or old.size <= before:
            raise Stop(2, "unreadable")
        before = old.size
        if not old.log_line(station_key(ledger, old.size)):
            raise Stop(1, "anchor")
        if not c.consistent(old.size, old.root, ledger.n, ledger.cp.root, path):
            raise Stop(1, "anchor")
        cosigners = ledger.policy.cosigners(old)
        if any(time is False for time in cosigners.values()):
            raise Stop(1, "anchor")
        keep_times(ledger, old, cosigners)
        ledger.view_roots[old.size] = old.root
    signer = speaks(ledger, ledger.cp)
    if signer == "replaced":
        raise Stop(1, "station-key")
    if signer != "station":
        verdict.note("station-key")
    views = [(ledger.cp, ledger.cosigned)]
    if bundle.vouched is not None:
        (note, _), path = bundle.vouched
        try:
            later = Checkpoint(note)
        except NoteError:
            raise Stop(1, "vouched") from None
        if later.origin != ledger.cp.origin or later.size < ledger.n or ledger.policy.log_keys(later) is None:
            raise Stop(1, "vouched")
        if speaks(ledger, later) not in ("station", "policy"):
            raise Stop(1, "vouched")
        if not c.consistent(ledger.n, ledger.cp.root, later.size, later.root, path):
            raise Stop(1, "vouched")
        cosigners = ledger.policy.cosigners(later)
        if any(time is False for time in cosigners.values()):
            raise Stop(1, "vouched")
        keep_times(ledger, later, cosigners)
        ledger.view_roots[later.size] = later.root
        views.append((later, cosigners))
    who_vouches(ledger, views)
    quotes(ledger)


def who_vouches(ledger, views):
    verdict, group = ledger.verdict, b"auditors"
    verdict.append_only = [(shown(name), view.size, time) for view, names in views for name, time in names.items()]
    if group not in ledger.policy.groups:
        return
    for view, names in views:
        if ledger.policy.met(group, names):
            auditors = ledger.policy.inside(group)
            verdict.complete = [(shown(name), view.size, time) for name, time in names.items() if name in auditors]
            return
    verdict.note("auditors")


def quotes(ledger):
    """The checkpoints that notes on the ledger quote."""
    told = set()
    for rec in ledger.acts():
        own = [e.sheet for e in rec.act.entries if e.subject == 0]
        if KINDS.get(rec.act.kind) is None or rec.act.kind != BY_NAME["note"] or not own:
            continue
        for digest in [rec.act.get(14), *own]:
            for name, _, line in ledger.details.sheet_lines(digest):
                if name == 160 and line in ledger.details.disclosures and line not in told:
                    told.add(line)
                    quote(ledger, rec, ledger.details.value_of(ledger.details.disclosures[line]))


def quote(ledger, rec, value):
    try:
        old = Checkpoint(value) if is_bytes(value) else None
    except NoteError:
        old = None
    if not old or old.origin != ledger.cp.origin or not 1 <= old.size <= rec.index or speaks(ledger, old) != "station":
        ledger.verdict.finding("quote", rec.index, 0)
        return
    if known_roots(ledger, old.size) - {old.root}:
        raise Stop(1, "fork", record(rec.index))
    times = [(time, shown(name)) for name, time in ledger.policy.cosigners(old).items() if time is not False]
    if times:
        ledger.verdict.quoted.append((rec.index, *max(times, key=lambda t: t[0])))


def known_roots(ledger, size):
    return {roots[size] for roots in (ledger.view_roots, ledger.seen_roots) if size in roots}


def times(ledger):
    """2.2: for every record, between which moments others prove it; and 7.3.17c, `logged`."""
    verdict, wrong = ledger.verdict, False
    for index, rec in sorted(ledger.records.items()):
        after = min(((t, who) for size, t, who in verdict.proven if size > index), key=lambda t: t[0], default=None)
        before = max(((t, who) for at, t, who in verdict.quoted if at <= index), key=lambda t: t[0], default=None)
        wrong |= bool(after and rec.logged > after[0] + 300) or bool(before and rec.logged + 300 < before[0])
        claimed = rec.act.get(4) if rec.act else [None, None]
        verdict.times.append((index, *claimed, rec.logged, after, before))
    if wrong:
        verdict.finding("logged", None, None)


# V14

def since(ledger, data):
    try:
        note, receipt = u_paper.shown(data, lambda file: Bundle(file).view[0])
        old = Checkpoint(note)
    except (NoteError, Stop, u_paper.PaperError):
        raise Stop(2, "since-unreadable") from None
    if old.origin != ledger.cp.origin:
        raise Stop(2, "since-unreadable")
    if speaks(ledger, old) not in ("station", "policy"):
        raise Stop(2, "since-unreadable")
    if receipt and receipt.index in ledger.records and ledger.records[receipt.index].hash != receipt.record:
        raise Stop(1, "fork")
    known = known_roots(ledger, old.size)
    if known - {old.root}:
        raise Stop(1, "fork")
    if old.size > ledger.n:
        ledger.verdict.note("stale")
    elif not known:
        ledger.verdict.note("since-unproven")
    else:
        ledger.continues = old.size


def freshness(ledger, options):
    if options.since is not None:
        since(ledger, options.since)
    if options.as_of is not None:
        latest = max(ledger.cosigned.values()) if ledger.cosigned else ledger.last.logged
        if latest < options.as_of:
            ledger.verdict.note("stale")


# V15

def check_character(text):
    p = 36
    for ch in text:
        p = (p + ALNUM.index(ch)) % 36 or 36
        p = p * 2 % 37
    return ALNUM[(37 - p) % 36]


def read_tag(text, own_code):
    """(code, number, check character, 16 letters or None, print number or None), or None."""
    text = u_paper.behind(text).strip(ENDS).translate(PLAIN)
    if not text.startswith("U1/"):
        name = read_name(text, own_code)
        return name and (*name, None, None)
    parts = text.split("/")
    if len(parts) != 4 or not re.fullmatch("[A-Z2-7]{16}", parts[2]):
        return None
    if not re.fullmatch("0|[1-9][0-9]{0,15}", parts[3]) or int(parts[3]) >= 2 ** 53:
        return None
    name = read_name(parts[1], own_code)
    return name and (*name, parts[2], int(parts[3]))


def read_name(text, own_code):
    """(code, number, check character), or None."""
    text = text.strip(ENDS)
    for code in (re.escape(own_code), "[A-Z][A-Z0-9]{1,7}?"):
        found = re.fullmatch(f"({code})-?([0-9]{{1,16}})-?([0-9A-Z])", text)
        if found:
            code, number, check = found.groups()
            right = check_character(code + number) == check
            if int(number) >= 2 ** 53 or (right and number != str(int(number))):
                return None
            return code, number, check
    return None


def check_tag(ledger, custody, text):
    verdict, code = ledger.verdict, ledger.founding[1]
    tag = read_tag(text, code)
    if tag is None:
        verdict.note("not-a-tag")
        return
    their_code, number, check, letters, prints = tag
    if check_character(their_code + number) != check:
        verdict.note("check-character")
        return
    number = int(number)
    if their_code != code or letters not in (None, base64.b32encode(ledger.id[:10]).decode()):
        raise Stop(1, "other-ledger")
    if number >= ledger.m:
        raise Stop(1, "never-issued", subject(number))
    if number not in ledger.members:
        verdict.note("not-in-bundle", subject(number))
        return
    if custody is None or number not in custody.things:
        return
    thing = custody.things[number]
    if thing.void:
        verdict.breach("void", None, number)
    if thing.prints and prints not in (None, thing.prints):
        verdict.breach("superseded", None, number)


# V16

def signed_note(note, policy):
    checkpoint = parsed(note)
    if policy is None:
        raise Stop(2, "policy")
    if not policy.log_keys(checkpoint):
        raise Stop(2, "unreadable")
    return checkpoint


def exhibit(data, policy):
    top, at = outer(data)
    if top[0] == FORK:
        if len(top) != 4 or not all(is_view([x, []]) for x in top[1:3]):
            raise Stop(2, "unreadable", ("byte", 0))
        if not is_list(top[3]) or not all(map(is_hash, top[3])):
            raise Stop(2, "unreadable", ("byte", at[3]))
        fork(*top[1:], policy)
    false_heads(top, policy)


def fork(note_a, note_b, nodes, policy):
    a, b = signed_note(note_a, policy), signed_note(note_b, policy)
    if a.origin != b.origin:
        raise Stop(2, "unreadable")
    if a.size == b.size:
        proven = not nodes and a.root != b.root
    else:
        # The path is b's own: for a size that is a power of two it begins with b's node, which a proof to a reader
        # who trusts root(a) would leave out.
        roots = c.consistency_roots(a.size, b.size, nodes) if a.size < b.size else None
        proven = roots is not None and roots[1] == b.root and roots[0] != a.root
    raise Stop(1, "fork") if proven else Stop(2, "no-exhibit")


def proof(x):
    return is_list(x, 2, 2) and is_bytes(x[0]) and is_list(x[1]) and all(map(is_hash, x[1]))


def false_heads(top, policy):
    unreadable, none = Stop(2, "unreadable", ("byte", 0)), Stop(2, "no-exhibit")
    if len(top) != 5 or not is_view([top[1], []]) or not proof(top[2]) or not proof(top[4]):
        raise unreadable
    if top[3] is not None and not proof(top[3]):
        raise unreadable
    try:
        heads, rec = schema.Record(top[2][0]), schema.Record(top[4][0])
        leaf = schema.Leaf(top[3][0]) if top[3] else None
    except schema.Malformed:
        raise unreadable from None
    if heads.act is not None or rec.act is None:
        raise unreadable
    note = signed_note(top[1], policy)
    for item, path in ((heads, top[2][1]), (rec, top[4][1])):
        if c.inclusion_root(c.leaf_hash(item.data), item.index, note.size, path) != note.root:
            raise none
    if heads.index <= rec.index:
        raise none
    if leaf is None:
        proven = max(rec.links) >= heads.subjects
    else:
        root = c.inclusion_root(c.leaf_hash(leaf.data), leaf.subject, heads.subjects, top[3][1])
        ledger = base64.b32encode(leaf.ledger).decode().rstrip("=").lower().encode()
        proven = (root == heads.root and note.origin.split(b"/")[-1] == ledger and leaf.subject in rec.links
                  and (leaf.count < rec.links[leaf.subject][0] or leaf.last < rec.index))
    raise Stop(1, "false-heads") if proven else none
