# SPDX-License-Identifier: Apache-2.0
"""Cases of the differential test: what is given to a verifier, drawn from a seed and a number.

Half of them are files with bytes or structure damaged, mostly under a right whole-file check. The other half are ledgers told anew by the
forger with every key (forger.py), from the vectors and from stories (stories.py), with any part altered on the way to the file.
"""
import copy
import os
import random
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
TESTS = os.path.dirname(HERE)
sys.path[:0] = [os.path.join(TESTS, "vectors"), os.path.join(TESTS, "independent"), HERE]

import forger                              # noqa: E402  before any key is made
import cbor2                               # noqa: E402
import make                                # noqa: E402
import mutate                              # noqa: E402
import stories                             # noqa: E402
from bundle import Bundle, seal            # noqa: E402
from cborx import enc                      # noqa: E402
from drawn import Case, Drawn, cosigners, station_of, trust  # noqa: E402
from forger import Edits, Forger           # noqa: E402
from test_vectors import arguments         # noqa: E402
from tree import consistency, inclusion, leaf_hash  # noqa: E402

STORIES = 160


class Catch(make.Book):
    """The vectors, with the ledgers that they were made from."""

    def __init__(self):
        super().__init__()
        self.ledgers = []

    def good(self, name, ledger, asked, *args, **how):
        super().good(name, ledger, asked, *args, **how)
        self.keep(name, ledger, asked, how)

    def bad(self, name, ledger, asked, *args, **how):
        super().bad(name, ledger, asked, *args, **how)
        self.keep(name, ledger, asked, how)

    def keep(self, name, ledger, asked, how):
        """Those that a forger can tell anew."""
        if asked and any(step["kind"] is None for step in ledger.steps):
            self.ledgers.append((name, copy.copy(ledger), list(asked), how.get("withhold", ())))
            self.ledgers[-1][1].steps, self.ledgers[-1][1].records = list(ledger.steps), list(ledger.records)


class Bases:
    """All that cases are made from; the same for one seed."""

    def __init__(self, seed):
        book = Catch()
        for name in make.MODULES:
            __import__(name).build(book)
        self.vectors = []
        for case in book.cases:
            args = arguments([o if o not in book.files else "@" for o in case["options"]], "") if "--since" not in case["options"] else {}
            options = case["options"]
            if "--since" in options:
                at = options.index("--since")
                args = arguments(options[:at] + options[at + 2:], "")
                args["since"] = book.files[options[at + 1]]
            tags = args.pop("tags", [None])
            self.vectors.append(Case(book.files[case["file"]], book.files[case["policy"]], tag=tags[0], what=case["file"], **args))
        self.pairs = [(book.files[p["older"]], book.files[p["newer"]], book.files[p["policy"]]) for p in book.pairs]
        self.ledgers = book.ledgers
        self.stories = []
        for i in range(STORIES):
            rng = random.Random(f"story:{seed}:{i}")
            before = rng.choice(self.stories)[1] if self.stories and rng.random() < 0.12 else None
            name = f"story{seed}.{i}"
            ledger = stories.Story(rng, name, before).tell(rng.choice([2, 4, 7, 11, 16]))
            self.stories.append((name, ledger, [], ()))


# ---- damage

def damaged(rng, case):
    """A case with its file damaged, mostly under a right whole-file check."""
    out = copy.copy(case)
    data, how = case.file, rng.randrange(10)
    bundle = data[:1] == b"\x8e"
    out.what = f"A{how} {case.what}"
    if rng.random() < 0.06:
        if out.since and rng.random() < 0.5:
            out.since = rng.choice([mutate.text, mutate.octets])(rng, out.since) or None
        else:
            out.policy = mutate.text(rng, out.policy)
        return out
    if not bundle or how < 1:
        out.file = mutate.octets(rng, data)
        return out
    if how < 3:
        out.file = seal(mutate.octets(rng, data[:-34]))
        return out
    try:
        parts = cbor2.loads(data)[:-1]
        for _ in range(rng.choice([1, 1, 2])):
            parts = inside(rng, parts)
        out.file = seal(b"\x8e" + b"".join(enc(part) for part in parts)) if isinstance(parts, list) else seal(enc(parts))
    except (ValueError, TypeError, IndexError, cbor2.CBORDecodeError, RecursionError, OverflowError, MemoryError):
        out.file = seal(mutate.octets(rng, data[:-34]))
    return out


def inside(rng, parts):
    """One part of a bundle altered, or something inside a layer of it."""
    parts = list(parts)
    at = rng.randrange(1, len(parts))
    if rng.random() < 0.25 or not parts[at]:
        at = rng.choice([at, at, at, 0])
        parts[at] = mutate.value(rng, parts[at], 1)
        return parts
    if at == 2:
        pool = [parts[2][i:i + 32] for i in range(0, len(parts[2]), 32)]
        parts[2] = b"".join(mutate.value(rng, pool)) if rng.random() < 0.3 else b"".join(rng.sample(pool, len(pool)))
    elif at in (3, 5):
        items = list(parts[at])
        one = rng.randrange(len(items))
        layer = mutate.value(rng, cbor2.loads(items[one][0]))
        items[one] = [enc(layer), items[one][1]]
        parts[at] = items
    elif at in (9, 10):
        items = list(parts[at])
        one = rng.randrange(len(items))
        items[one] = enc(mutate.value(rng, cbor2.loads(items[one])))
        parts[at] = items
    elif at == 1:
        parts[1] = [mutate.text(rng, parts[1][0]), parts[1][1]]
    else:
        parts[at] = mutate.value(rng, parts[at], 1)
    return parts


# ---- exhibits

def exhibit(rng, bases):
    """A fork or false heads of a story, true or not."""
    name, base, _, _ = rng.choice(bases.stories)
    acts = [i for i, s in enumerate(base.steps) if s["kind"] is not None]
    edits = Edits()
    index = rng.choice(acts[1:])
    edits.payloads[index] = mutate.Acts(rng, base, index)
    if rng.random() < 0.5:
        edits.leaves[len(base.steps) - 1] = {rng.randrange(len(base.threads)): (rng.choice([0, 1, 2]), rng.choice(acts))}
    other = Forger(base, range(len(base.steps)), edits).out
    trusted = trust(rng, [(base.origin, base.station)])
    hashes = [leaf_hash(r) for r in other.records]
    if rng.random() < 0.5:
        a, b = sorted((rng.randrange(1, len(base.records) + 1), rng.randrange(1, len(hashes) + 1)))
        b = len(hashes) if b > len(hashes) else b
        first = rng.choice([base, base, other])
        nodes = consistency(a, hashes[:b]) if a < b else []
        if a < b and a & (a - 1) == 0:
            nodes = [other.tree_head(a)[1], *nodes]
        parts = ["unbroken fork/1", first.note(a), other.note(b), nodes]
    else:
        at = rng.choice(sorted(other.heads_at))
        tops = [leaf_hash(x) for x in other.heads_at[at]]
        act, who = rng.choice(acts), rng.randrange(len(tops))
        links = [s for s in other.steps[act]["subjects"] if s < len(tops)] if act < len(other.steps) and other.steps[act]["kind"] is not None else []
        who = rng.choice(links) if links and rng.random() < 0.8 else who
        leaf = [other.heads_at[at][who], inclusion(who, tops)] if rng.random() < 0.85 else None
        act = min(act, len(hashes) - 1)
        parts = ["unbroken false-heads/1", other.note(), [other.records[at], inclusion(at, hashes)], leaf, [other.records[act], inclusion(act, hashes)]]
    data = enc(mutate.value(rng, parts) if rng.random() < 0.4 else parts)
    if rng.random() < 0.1:
        data = mutate.octets(rng, data)
    return Case(data, trusted, what=f"exhibit of {name}")


# ---- pairs

def pair(rng, bases):
    """Two files for --between."""
    if rng.random() < 0.2:
        older, newer, trusted = rng.choice(bases.pairs)
        return Case(newer, trusted, older=older, what="a pair of the vectors")
    drawn = Drawn(bases, rng)
    l = drawn.ledger
    sizes = sorted(l.heads_at)
    if not sizes:
        return drawn.case()
    size, old = sizes[-1] + 1, rng.choice(sizes) + 1
    asked = drawn.subjects()
    new = Bundle(l, asked, size, withhold=set(drawn.withhold()), note=l.note(size, key=station_of(l, size), witnesses=cosigners(rng, l.now)))
    if rng.random() < 0.7:
        new.anchors = [new.anchor(old, l.note(old, key=station_of(l, old)))]
    source = l if rng.random() < 0.9 else drawn.base
    old = min(old, len(source.records))
    older = Bundle(source, asked if rng.random() < 0.7 else drawn.subjects(), old, note=source.note(old, key=station_of(source, old)))
    files = [older.data(), new.data()]
    if rng.random() < 0.05:
        files.reverse()
    return Case(files[1], trust(rng, [(l.origin, station_of(l, size))]), older=files[0], training=bool(l.training),
                what="pair, " + ", ".join(drawn.what))


def draw(bases, seed, number):
    """Case `number` of a seed."""
    rng = random.Random(f"case:{seed}:{number}")
    for _ in range(20):
        try:
            how = rng.random()
            if how < 0.34:
                return damaged(rng, rng.choice(bases.vectors))
            if how < 0.38:
                return rng.choice(bases.vectors)
            if how < 0.41:
                return exhibit(rng, bases)
            if how < 0.44:
                return pair(rng, bases)
            drawn = Drawn(bases, rng).case()
            return damaged(rng, drawn) if how > 0.94 else drawn
        except (TypeError, ValueError, IndexError, KeyError, AttributeError, OverflowError, RecursionError, MemoryError) as error:
            draw.failed = getattr(draw, "failed", 0) + 1
            draw.last = error
    raise RuntimeError(f"case {number} of seed {seed} cannot be drawn")


assert forger
