# SPDX-License-Identifier: Apache-2.0
"""A case of the forger's half: a ledger told anew, a bundle of it, and what is given with it; any part may be altered on the way."""
import copy

import cbor2
import mutate
import paper
from bundle import Bundle
from cborx import enc
from codes import KIND, check_character
from forger import Edits, Forger
from keys import Key, note_text, policy
from stories import WITNESSES
from verify import verify


class Case:
    """What a verifier is given. older: for --between; tags are one or none."""

    def __init__(self, file, trusted, since=None, as_of=None, training=False, tag=None, older=None, what=""):
        self.file, self.policy, self.since, self.as_of, self.training = file, trusted, since or None, as_of, training
        self.tag, self.older, self.what = tag or None, older, what


def trust(rng, logs):
    """A policy, mostly plain."""
    if rng.random() < 0.55:
        return policy(logs).encode()
    names = rng.sample(sorted(WITNESSES), rng.choice([1, 2, 3, 5]))
    witnesses = [(n, f"{n}.witness.example", WITNESSES[n]) for n in names]
    groups, free = [], list(names)
    if rng.random() < 0.5:
        some = [n for n in free if n.startswith("aud")] or free[:1]
        groups.append(("auditors", rng.choice(["all", "any", "1"]), some))
        free = [n for n in free if n not in some] + ["auditors"]
    if rng.random() < 0.5 and len(free) > 1:
        groups.append(("g", rng.choice(["all", "any", "1", "2"]), free))
        free = ["g"]
    return policy(logs, witnesses, groups, rng.choice(["none", *free, *names])).encode()


def cosigners(rng, now):
    """Arguments of witness lines."""
    return [(f"{n}.witness.example", WITNESSES[n], rng.choice([now, now + 900, now - 900, 0, 1700000000, 2**53 - 1, 2**63 - 1, 2**63]) if rng.random() < 0.3
             else now + 60, rng.random() < 0.04) for n in rng.sample(sorted(WITNESSES), rng.choice([0, 0, 1, 1, 2, 3, 5]))]


def station_of(ledger, size):
    """The key in force for a checkpoint of that size, as far as the forger knows."""
    keys = [key for index, key in getattr(ledger, "station_keys", [(0, ledger.station)]) if index < size or index == 0]
    return keys[-1]


class Drawn:
    """One case from a ledger that is told anew."""

    def __init__(self, bases, rng):
        self.bases, self.rng = bases, rng
        pool = bases.stories if rng.random() < 0.72 else bases.ledgers
        self.name, base, self.asked, self.withheld = rng.choice(pool)
        self.base = base
        self.what = [self.name]
        self.ledger = self.told(base)

    def p(self, chance):
        """True so often."""
        return self.rng.random() < chance

    # ---- the ledger

    def told(self, base):
        """The ledger, altered."""
        rng, edits = self.rng, Edits()
        order = list(range(len(base.steps)))
        acts = [i for i in order if base.steps[i]["kind"] is not None]
        if self.p(0.3):
            return base
        for _ in range(rng.choice([0, 1, 1, 1, 1, 2])):
            index = rng.choice(acts[1:] or acts) if self.p(0.97) else 0
            edits.payloads[index] = mutate.Acts(rng, base, index)
            self.what.append(f"act {index}")
        if self.p(0.08):
            index = rng.choice(order)
            edits.records[index] = mutate.record(rng, base)
            self.what.append(f"record {index}")
        if self.p(0.05):
            index = rng.choice(acts)
            edits.signatures[index] = mutate.signatures(rng)
            self.what.append(f"signatures {index}")
        if self.p(0.05):
            index = rng.choice(acts)
            edits.details[index] = mutate.details(rng)
            self.what.append(f"details {index}")
        if self.p(0.02):
            index = rng.choice(acts)
            edits.raw[index] = lambda data: mutate.octets(rng, data)
            self.what.append(f"payload bytes {index}")
        if self.p(0.06):
            heads = order[-1]
            edits.leaves[heads] = {rng.randrange(len(base.threads)): (rng.choice([0, 1, 2, 3]), rng.choice(order[:-1]))}
            self.what.append("a leaf that lies")
        edits.honest, edits.follow = self.p(0.93), self.p(0.96)
        if self.p(0.12):
            order = self.moved(order)
        return Forger(base, order, edits).out

    def moved(self, order):
        """Records dropped, doubled or moved."""
        rng, how = self.rng, self.rng.randrange(4)
        at = rng.randrange(1, max(2, len(order) - 1))
        self.what.append(f"order {how} {at}")
        if how == 0 and len(order) > 3:
            order.pop(at)
        elif how == 1:
            order.insert(rng.randrange(at, len(order)), order[at])
        elif how == 2:
            order.insert(rng.randrange(1, len(order) - 1), order.pop(at))
        else:
            order = order[:max(2, at)] + order[-1:]
        return order

    # ---- the bundle

    def subjects(self):
        """Who and what is asked for."""
        rng, l = self.rng, self.ledger
        count = len(l.threads)
        things, cases = getattr(l, "items", []) or [], getattr(l, "cases", None) or [getattr(l, "case", None) or 0]
        things = things if isinstance(things, list) else [things]
        asked = self.asked if self.asked and self.p(0.6) else rng.choice([things[:1], [rng.choice(things)] if things else [0], things, [rng.choice(cases)],
                                                                          [0], [rng.randrange(count)], [rng.randrange(count), rng.randrange(count)]])
        if self.p(0.02):
            asked = [*asked, count + 5]
        return sorted({a for a in asked if isinstance(a, int) and a >= 0}) or [0]

    def size(self):
        """Of the checkpoint: mostly the end."""
        l = self.ledger
        if l.heads_at and self.p(0.1):
            return self.rng.choice(sorted(l.heads_at)) + 1
        if self.p(0.01):
            return self.rng.randrange(2, len(l.records) + 1)
        return len(l.records)

    def withhold(self):
        """(record, subject, name) of details that are left out: what the vector leaves out, what orders name, or any."""
        l, out = self.ledger, list(self.withheld)
        names = {n for s in l.steps if s["kind"] in (KIND["order"], KIND["erase"]) for e in s["payload"][7] for n in listed(e[2].get(15))}
        everything = self.p(0.02)
        if (names and self.p(0.6)) or everything:
            for index, step in enumerate(l.steps):
                if step["kind"] is None:
                    continue
                places = [None, *[e[0] for e in step["payload"][7]]]
                out += [(index, s, n) for s in places for n in (names if not everything else range(170)) if n != 150 or self.p(0.3)]
        return out

    def built(self, size):
        """The bundle, its parts perhaps altered."""
        rng, l = self.rng, self.ledger
        how = {"witnesses": cosigners(rng, l.now), "withhold": set(self.withhold())}
        if self.p(0.05):
            how["lacking"] = set(rng.sample(sorted(l.attachments), min(1, len(l.attachments))))
        if self.p(0.04):
            how["without"], how["drop"] = {rng.randrange(len(l.threads))}, {rng.randrange(len(l.records))} if self.p(0.5) else ()
        if self.p(0.04):
            how["tokens"] = [rng.randbytes(rng.choice([0, 5, 70])) for _ in range(rng.choice([1, 2]))]
        text = note_text(l.origin, *l.tree_head(size))
        how["note"] = l.note(size, key=station_of(l, size) if self.p(0.97) else Key("thief"), witnesses=how.pop("witnesses"), text=text)
        out = Bundle(l, self.subjects(), size, **how)
        self.views(out, size)
        if self.p(0.12):
            self.what.append("parts")
            self.parts(out)
        return out

    def note(self, size, **how):
        """A checkpoint with or without witnesses."""
        l = self.ledger
        return l.note(size, key=station_of(l, size) if self.p(0.95) else l.station, witnesses=cosigners(self.rng, l.now - 500), **how)

    def views(self, out, size):
        """Older views and a later one."""
        rng, l = self.rng, self.ledger
        if self.p(0.15):
            sizes = sorted({rng.randrange(1, size + 1) for _ in range(rng.choice([1, 2]))})
            out.anchors = [out.anchor(m, self.note(m)) for m in sizes]
            self.what.append("anchors")
        if (size < len(l.records) or self.p(0.03)) and self.p(0.7):
            later = rng.randrange(size, len(l.records) + 1)
            out.vouched = out.anchor(later, self.note(later))
            self.what.append("vouched")

    def parts(self, out):
        """One part of the file altered."""
        rng = self.rng
        how = rng.randrange(15)
        lists = [out.records, out.leaves, out.seen, out.anchors]
        if how < 3:
            part = rng.choice(lists)
            if part:
                rng.choice([part.pop, lambda i: part.insert(i, copy.deepcopy(part[i])), lambda i: part.insert(0, part.pop(i))])(rng.randrange(len(part)))
        elif how == 3:
            part = rng.choice([x for x in lists if x])
            one = rng.randrange(len(part))
            path = part[one][1]
            part[one] = [part[one][0], rng.choice([path[:-1], path[::-1], [*path, bytes(32)], [bytes(32), *path[1:]]])]
        elif how == 4:
            out.asked = mutate.value(rng, out.asked)
        elif how == 5:
            part = rng.choice([out.sheets, out.disclosures])
            if part:
                part.pop(rng.choice(list(part)))
        elif how == 6:
            part = rng.choice([out.sheets, out.disclosures])
            new = mutate.octets(rng, part[rng.choice(list(part))]) if part and self.p(0.5) else enc([[1, 0, bytes(32)]])
            part[bytes([rng.randrange(256)]) * 32] = new
        elif how == 7:
            out.attachments = rng.choice([[], [*out.attachments, b"surplus"], out.attachments[1:], [a + b"x" for a in out.attachments]])
        elif how == 8:
            out.note = mutate.text(rng, out.note)
        elif how == 9:
            out.tokens = mutate.value(rng, out.tokens)
        elif how == 10:
            one = rng.randrange(len(out.records))
            out.records[one] = [mutate.octets(rng, out.records[one][0]), out.records[one][1]]
        elif how == 11 and out.leaves:
            one = rng.randrange(len(out.leaves))
            leaf = cbor2.loads(out.leaves[one][0])
            out.leaves[one] = [enc(mutate.value(rng, leaf)), out.leaves[one][1]]
        elif how == 12:
            data = rng.choice([b"", b"\x80", self.bases.vectors[rng.randrange(len(self.bases.vectors))].file])
            out.others = [data]
        else:
            out.edit = lambda parts: mutate.value(rng, parts)

    def others(self, out, logs):
        """Other ledgers' bundles inside."""
        rng = self.rng
        before = getattr(self.ledger, "before", None)
        if before is not None and self.p(0.6):
            size = rng.choice(sorted(before.heads_at)) + 1
            inner = Bundle(before, [rng.choice(before.items)], size, note=before.note(size, key=station_of(before, size)))
            if self.p(0.4):
                inner.anchors = [inner.anchor(rng.randrange(1, size + 1))]
            out.others = [inner.data()]
            logs.append((before.origin, before.station))
        elif self.p(0.03):
            _, other, _, _ = rng.choice(self.bases.stories)
            out.others = [Bundle(other, [0]).data()]
            if self.p(0.8) and other.origin != self.ledger.origin:
                logs.append((other.origin, other.station))

    # ---- the case

    def case(self):
        """All of it."""
        rng, l = self.rng, self.ledger
        size = self.size()
        built, logs = self.built(size), [(l.origin, station_of(l, size) if self.p(0.97) else self.base.station)]
        keys = getattr(l, "station_keys", [])
        if len(keys) > 1 and self.p(0.5):
            logs += [(l.origin, key) for _, key in keys if key.public != logs[0][1].public]
        self.others(built, logs)
        data, trusted = built.data(), trust(rng, logs)
        if self.p(0.03):
            trusted = mutate.text(rng, trusted)
            self.what.append("policy")
        out = Case(data, trusted, training=bool(l.training) or self.p(0.02))
        if self.p(0.05):
            out.training = not out.training
        if self.p(0.12):
            out.since = self.since(built)
            self.what.append("since")
        if self.p(0.05):
            out.as_of = l.now + rng.choice([-9000, 0, 60, 70, 86400, 10**9, 2**53])
        if self.p(0.1):
            out.tag = self.tag()
        if self.p(0.06):
            out.file = self.certificate(out, built)
            self.what.append("certificate")
        out.what = "B " + ", ".join(self.what)
        return out

    def tag(self):
        """A tag of the ledger, perhaps altered."""
        rng, l = self.rng, self.ledger
        things = getattr(l, "items", None) or [0]
        number = rng.choice([*(things if isinstance(things, list) else [0]), rng.randrange(len(l.threads) + 2)])
        code = l.code if self.p(0.95) else "VNHP"
        name = f"{code}-{number}-{check_character(code + str(number))}"
        name = rng.choice([name, name, name.lower(), name.replace("-", ""), name[:-1] + "0", f" {name} ", name.translate({48 + i: 0x17E0 + i for i in range(10)})])
        text = l.tag(number, rng.choice([0, 1, 1, 2, 3, "01", ""]), name=name, ledger=l.id if self.p(0.95) else bytes(32))
        text = rng.choice([text, text, "https://e.example/#" + text, "#" + text, text + " ", text.lower(), "U1/" + text, name])
        return mutate.octets(rng, text.encode()).decode("utf-8", "ignore").replace("\0", "") if self.p(0.15) else text

    def since(self, built):
        """An older paper."""
        rng, l = self.rng, self.ledger
        source = l if self.p(0.85) else self.base
        count = len(source.records)
        sizes = [s for s, _ in built.seen if s <= count] or [count]
        size = rng.choice([rng.choice(sizes), rng.randrange(1, count + 1), min(count, built.size)])
        note = source.note(size, key=station_of(source, size))
        how = rng.randrange(6)
        if how < 2:
            out = note
        elif how == 2 and source.heads_at:
            size = rng.choice(sorted(source.heads_at)) + 1
            out = Bundle(source, [0], size, note=source.note(size, key=station_of(source, size))).data()
        elif how < 5:
            index = rng.randrange(size)
            try:
                data = paper.receipt(source, index, size, note, (lambda items: mutate.value(rng, items)) if self.p(0.1) else None)
            except (ValueError, IndexError):
                return note
            lines = paper.parts("U1R", data, rng.choice([1, 1, 2, 3, 9]), rng.choice(["", "HTTPS://E.EXAMPLE/#"]))
            rng.shuffle(lines)
            out = paper.text(*lines).encode()
        else:
            data = paper.statement(source, built, b"x", certifier=[1, 1, 1], key=Key("anna"))
            out = paper.text(*paper.parts("U1C", data, rng.choice([1, 2]))).encode()
        if self.p(0.2):
            out = rng.choice([mutate.text, mutate.octets])(rng, out)
        return out

    def certificate(self, case, built):
        """The bundle as a certificate, its statement mostly right."""
        rng, l = self.rng, self.ledger
        said = verify(case.file, case.policy, training=True)
        count = {"breaches": sum(b["record"] is not None for b in said["breaches"]), "findings": sum(f["record"] is not None for f in said["findings"]),
                 "withheld": len(said["withheld"]), "status": 3 if said["breaches"] else 0}
        who = rng.choice(sorted(l.people))
        person = l.people[who]
        signer = person.signer() if self.p(0.95) else mutate.value(rng, person.signer())
        other = {}
        if self.p(0.25):
            field = rng.choice([f for f in paper.FIELDS if f != "certifier"])
            other[field] = mutate.value(rng, count[field]) if field in count else rng.choice([0, 1, "x", b"x" * 32, True, [0], [1, 2]])
        try:
            data = paper.statement(l, built, case.policy, certifier=signer, key=person.key, **{**count, "offset": rng.choice([420, 0, -570]), **other})
        except (IndexError, ValueError, TypeError):
            return case.file
        if self.p(0.1):
            data = mutate.octets(rng, data)
        out = paper.certificate(case.file, data)
        return mutate.octets(rng, out) if self.p(0.1) else out


def listed(x):
    """A list of numbers, or nothing."""
    return [n for n in x if isinstance(n, int)] if isinstance(x, list) else []
