# SPDX-License-Identifier: Apache-2.0
"""Write the test vectors and `expected.json` into this folder. Run it with no arguments; see README.md."""
import json
import os
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, HERE)

from bundle import Bundle  # noqa: E402
from keys import policy  # noqa: E402

MODULES = ["v_basic", "v_attack", "v_note", "v_record", "v_custody", "v_things", "v_strict", "v_exhibit",
           "v_more", "v_late", "v_paper", "v_form", "v_hidden", "v_parts", "v_certificate", "v_time", "v_between", "v_read"]


class Book:
    """The vectors of one run: files by name and what a verifier must say of them."""

    def __init__(self):
        self.files, self.cases, self.policies, self.pairs = {}, [], {}, []

    def file(self, name, data):
        """A file that is not judged by itself (--since); give its name."""
        data = data.encode() if isinstance(data, str) else data
        if self.files.setdefault(name, data) != data:
            raise ValueError(f"two files named {name}")
        return name

    def policy(self, ledger, origin=None, key=None, name=None, **how):
        """The file name of a policy that trusts a ledger; one file for each content."""
        text = policy([(origin or ledger.origin, key or ledger.station)], **how)
        if text not in self.policies:
            self.policies[text] = self.file(f"{name or 'p%02d' % len(self.policies)}.policy", text)
        return self.policies[text]

    def add(self, file, data, policy_file, status, code, place, what, breaches=(), options=()):
        """A file with what a verifier must say."""
        file = file if "." in file else file + ".bundle"
        self.file(file, data)
        self.cases.append({
            "file": file, "policy": policy_file, "options": list(options), "status": status, "code": code,
            "place": place, "breaches": [dict(zip(("code", "record", "subject"), b)) for b in breaches],
            "what": what})

    def says(self, **what):
        """What the verdict on the last vector says besides: findings, not_after and not_before by record, append_only and complete by name."""
        self.cases[-1].update(what)

    def pair(self, older, newer, policy_file, status, code, answer, what, **more):
        """Two files for --between: answer is None, or the records in between by subject."""
        self.pairs.append({"older": older, "newer": newer, "policy": policy_file, "status": status, "code": code, "answer": answer, "what": what, **more})

    def good(self, name, ledger, asked, what, breaches=(), options=(), policy_file=None, **how):
        """A bundle with all its rules of form kept: intact, or custody broken if there are breaches."""
        if len(ledger.records) - 1 not in ledger.heads_at:
            ledger.heads()
        bundle = how.pop("bundle", None) or Bundle(ledger, asked, **how)
        self.add(name, bundle.data(), policy_file or self.policy(ledger), 3 if breaches else 0,
                 "custody" if breaches else "intact", None, what, breaches, options)

    def bad(self, name, ledger, asked, verdict, what, policy_file=None, options=(), **how):
        """A bundle that is stopped; verdict: (status, code, place as {} or None)."""
        if len(ledger.records) - 1 not in ledger.heads_at and not how.pop("headless", False):
            ledger.heads()
        bundle = how.pop("bundle", None) or Bundle(ledger, asked, **how)
        data = bundle if isinstance(bundle, bytes) else bundle.data()
        self.add(name, data, policy_file or self.policy(ledger), *verdict, what, options=options)


def record(number):
    """A place: a record."""
    return {"record": number}


def subject(number):
    """A place: a subject."""
    return {"subject": number}


def main():
    """Build all vectors, then write: nothing is written if one fails."""
    book = Book()
    for name in MODULES:
        if os.path.exists(os.path.join(HERE, name + ".py")):
            __import__(name).build(book)
    for old in os.listdir(HERE):
        if old.endswith((".bundle", ".since", ".fork", ".false-heads", ".policy", ".pdf")):
            os.unlink(os.path.join(HERE, old))
    for name, data in book.files.items():
        with open(os.path.join(HERE, name), "wb") as out:
            out.write(data)
    with open(os.path.join(HERE, "expected.json"), "w", encoding="utf-8") as out:
        out.write("[\n" + ",\n".join(json.dumps(case, ensure_ascii=False) for case in book.cases) + "\n]\n")
    with open(os.path.join(HERE, "between.json"), "w", encoding="utf-8") as out:
        out.write("[\n" + ",\n".join(json.dumps(pair, ensure_ascii=False) for pair in book.pairs) + "\n]\n")
    print(f"{len(book.cases)} vectors, {len(book.pairs)} pairs, {sum(map(len, book.files.values()))} bytes")


if __name__ == "__main__":
    main()
