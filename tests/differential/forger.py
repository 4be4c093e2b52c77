# SPDX-License-Identifier: Apache-2.0
"""The forger with every key: a ledger of `forge` told anew with altered acts, and everything behind them made right again.

Act-ids, record hashes, seen heads, indices and the ledger-id in later acts follow the alterations, details are made for the acts that they
are in, and what was signed is signed again by the same people's keys; so a mutation reaches the rule that it breaks, and not the first hash
behind it. Whoever calls may ask for less honesty.
"""
import copy

import cbor2

from cborx import enc
from codes import AMENDS, ANSWERS, ENTRIES, FROM, FOUNDING, KINDKEY, LID, NONCE, SEEN, SHEET, SIGNERS
from forge import AAD
from keys import Key
from tree import leaf_hash, sha

KEYS = {}                                  # kid: Key, of every key that was made
_made = Key.__init__


def _remember(self, *args, **how):
    _made(self, *args, **how)
    NEW.append(self)


NEW = []
Key.__init__ = _remember


def key_of(kid):
    """The key with that kid, or None."""
    while NEW:
        key = NEW.pop()
        try:
            KEYS.setdefault(key.kid, key)
        except TypeError:                  # a key that is none
            pass
    return KEYS.get(kid)


def is_number(x):
    """What can be counted with."""
    return type(x) is int and 0 <= x < 2**53


def good_entries(entries):
    """The entries that can be followed: [subject, role, facts, sheet]."""
    if not isinstance(entries, list):
        return []
    return [e for e in entries if isinstance(e, list) and len(e) == 4 and is_number(e[0]) and is_number(e[1]) and isinstance(e[2], dict)
            and (e[3] is None or type(e[3]) is bytes)]


def readable(payload, old):
    """The payload as the closure can follow it: what is not of its form is as it was."""
    out = {}
    tests = {SEEN: lambda x: isinstance(x, list) and len(x) == 2 and is_number(x[0]), FROM: lambda x: isinstance(x, list) and len(x) == 3,
             SIGNERS: lambda x: isinstance(x, list) and all(isinstance(s, list) and s and is_number(s[0]) for s in x),
             SHEET: lambda x: type(x) is bytes, KINDKEY: is_number, FOUNDING: lambda x: True, ENTRIES: lambda x: True}
    for key, test in tests.items():
        if key in payload and test(payload[key]):
            out[key] = payload[key]
        elif key in old and key in (SIGNERS, KINDKEY):
            out[key] = old[key]
    out[ENTRIES] = good_entries(payload.get(ENTRIES))
    return out


class Edits:
    """What is altered. Each function gets the thing and may alter it in place or give another."""

    def __init__(self):
        self.payloads, self.records, self.signatures, self.details, self.leaves = {}, {}, {}, {}, {}
        self.raw = {}
        self.honest = True                 # acts are signed anew
        self.follow = True                 # later acts follow what is before them


class Forger:
    """One ledger told anew."""

    def __init__(self, ledger, order, edits):
        self.old, self.edits = ledger, edits
        self.out = out = copy.copy(ledger)
        out.steps, out.records, out.threads, out.heads_at = [], [], [], {}
        out.sheets, out.disclosures = dict(ledger.sheets), dict(ledger.disclosures)
        self.ids, self.hashes, self.index_of = {}, {}, {}
        self.roots = {}
        for index in order:
            step = index if isinstance(index, dict) else ledger.steps[index]
            at = len(out.records)
            self.step(None if isinstance(index, dict) else index, step)
            if not isinstance(index, dict):
                self.index_of.setdefault(index, at)
                self.hashes[leaf_hash(ledger.records[index])] = leaf_hash(out.records[at])

    def root_was(self, size):
        """The old ledger's root at a size."""
        if size not in self.roots:
            self.roots[size] = self.old.tree_head(size)[1] if 0 < size <= len(self.old.records) else None
        return self.roots[size]

    def step(self, index, step):
        """Log it again."""
        edit, out = self.edits.records.get(index), self.out
        if step["kind"] is None:
            out.heads(edit=edit, logged=step["logged"], lies=self.edits.leaves.get(index))
            return
        payload = copy.deepcopy(step["payload"])
        if self.edits.follow:
            self.follow(payload)
        if index in self.edits.payloads:
            payload = self.edits.payloads[index](payload) or payload
        self.details(index, step["payload"], payload)
        if payload != step["payload"] or index in self.edits.signatures or index in self.edits.raw:
            step = self.signed(index, step, payload)
        out.append(dict(step), edit)

    def follow(self, payload):
        """Later acts know what is before them now."""
        if payload.get(ANSWERS) in self.ids:
            payload[ANSWERS] = self.ids[payload[ANSWERS]]
        if AMENDS in payload and payload[AMENDS][1] in self.hashes:
            payload[AMENDS] = [self.index_of.get(payload[AMENDS][0], payload[AMENDS][0]), self.hashes[payload[AMENDS][1]]]
        if SEEN in payload and payload[SEEN][1] == self.root_was(payload[SEEN][0]):
            size = payload[SEEN][0]
            size = min(len(self.out.records), self.index_of.get(size - 1, size - 1) + 1)
            payload[SEEN] = self.out.tree_head(size)
        if payload.get(LID) == self.old.id:
            payload[LID] = self.out.id

    def details(self, index, before, payload):
        """Sheets and disclosures for the act as it is now."""
        def place(p):
            signers = p.get(SIGNERS)
            author = signers[0][0] if isinstance(signers, list) and signers and isinstance(signers[0], list) and signers[0] else None
            return p.get(LID), author, p.get(NONCE)
        ledger, author, nonce = place(payload)
        change = self.edits.details.get(index)
        if (place(before) == (ledger, author, nonce) and change is None) or not is_number(author) or type(nonce) is not bytes or len(nonce) != 16:
            return
        if type(payload.get(SHEET)) is bytes:
            payload[SHEET] = self.sheet(payload[SHEET], ledger, author, nonce, change)
        for row in good_entries(payload.get(ENTRIES)):
            row[3] = self.sheet(row[3], ledger, author, nonce, change)

    def sheet(self, digest, ledger, author, nonce, change):
        """One sheet for another act: the same details, or as change(parts) makes them."""
        data = self.out.sheets.get(digest)
        if data is None:
            return digest
        try:
            lines = cbor2.loads(data)
            for line in lines:
                item = self.out.disclosures.get(line[2])
                parts = cbor2.loads(item) if item is not None else None
                if parts is not None:
                    parts[1:4] = ledger, author, nonce
                    parts = (change and change(parts)) or parts
                    item = enc(parts)
                    line[2] = sha(item)
                    self.out.disclosures[line[2]] = item
            return self.out.keep_sheet(enc(lines))
        except (ValueError, TypeError, IndexError, KeyError, AttributeError, cbor2.CBORDecodeError):
            return digest

    def signed(self, index, step, payload):
        """The step with another payload, signed again by whoever signed it."""
        data = enc(payload)
        if index in self.edits.raw:
            data = self.edits.raw[index](data)
        signatures = cbor2.loads(step["act"])[3]
        if self.edits.honest:
            signatures = [self.again(signature, data) for signature in signatures]
        if index in self.edits.signatures:
            signatures = self.edits.signatures[index](signatures, data) or signatures
        ident = sha(b"unbroken/1 act\n" + data)
        self.ids[step["id"]] = ident
        if index == 0:
            self.out.id = sha(b"unbroken/1 ledger\n" + data)
        seen = readable(payload, step["payload"])
        limit = len(self.out.threads) + 40
        return {**step, "act": enc([b"", {}, data, signatures]), "payload": seen, "kind": seen[KINDKEY], "id": ident,
                "subjects": sorted({e[0] for e in seen[ENTRIES] if e[0] < limit}), "roles": [(e[0], e[1]) for e in seen[ENTRIES]],
                "signers": [s[0] for s in seen.get(SIGNERS, [])]}

    @staticmethod
    def again(signature, data):
        """By the same key, if it is known."""
        try:
            key = key_of(cbor2.loads(signature[0])[4])
        except (ValueError, TypeError, KeyError, IndexError, cbor2.CBORDecodeError):
            key = None
        if key is None:
            return signature
        return [signature[0], signature[1], key.sign(enc(["Signature", b"", signature[0], AAD, data]))]
