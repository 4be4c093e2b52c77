#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""A second verifier, written from SPEC.md alone, by which the tests compare the document with the programs.

verify() checks one file in memory; the command line is
    verify.py --policy POLICY FILE [--since OLD] [--as-of TIME] [--training] [--tag TEXT] [--json]
and its exit status is that of SPEC 10. RFC 3161 tokens are not judged: trust in them is by option only."""
import argparse
import datetime
import json
import os
import re
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

import u_certificate                                                       # noqa: E402
import u_late                                                              # noqa: E402
import u_paper                                                             # noqa: E402
from u_bundle import Bundle, Stop, Verdict, is_exhibit                     # noqa: E402
from u_custody import Custody                                              # noqa: E402
from u_details import Details                                              # noqa: E402
from u_notes import Policy, PolicyError                                    # noqa: E402
from u_steps import Ledger                                                 # noqa: E402


class Options:
    def __init__(self, since=None, as_of=None, training=False, tags=(), inner=False):
        self.since, self.as_of, self.training, self.tags, self.inner = since, as_of, training, tags, inner


def check_predecessor(ledger, old):
    """V15: the bundle of the ledger that this one succeeds."""
    said = ledger.founding[5]
    if said is None or said[0] != old.id:
        return
    roots = u_late.known_roots(old, said[1])
    if old.founding[2] != ledger.founding[2]:
        raise Stop(1, "succession")
    if not roots:
        ledger.verdict.note("succession")
        return
    if roots != {said[2]}:
        raise Stop(1, "succession")
    ledger.verdict.succeeds["inside"] = old.n
    if old.n > said[1]:
        ledger.verdict.finding("succeeded-later", None, None)


def verify_others(ledger, policy):
    for data in ledger.bundle.others:
        other = run(data, policy, Options(training=ledger.options.training, inner=True))
        status = other.result()[0]
        if not other.stop:
            check_predecessor(ledger, other.ledger)
        if status == 1:
            raise Stop(1, "other")
        if status == 2:
            ledger.verdict.note("other")
        elif status == 3:
            ledger.verdict.breach("other", None, None)


def steps(data, policy, options, verdict):
    said = None
    if data.startswith(b"%PDF-") and not options.inner:
        try:
            data, statement = u_paper.extract(data)
            said = u_paper.Statement(statement)
        except u_paper.PaperError:
            raise Stop(2, "unreadable") from None
    elif is_exhibit(data) and not options.inner:
        u_late.exhibit(data, policy)
    bundle = Bundle(data)
    ledger = Ledger(bundle, policy, verdict, options)
    ledger.checkpoint()
    verdict.ledger = ledger
    ledger.witnesses()
    ledger.read_records()
    ledger.foundation()
    ledger.read_leaves()
    ledger.check_threads()
    ledger.check_acts()
    ledger.check_closure()
    details = ledger.details = Details(ledger)
    details.check()
    custody = None
    if not ledger.unknown_kind:
        custody = Custody(ledger, details)
        custody.replay()
    u_late.older_views(ledger)
    u_late.freshness(ledger, options)
    if options.inner and bundle.others:
        raise Stop(2, "unreadable")
    verify_others(ledger, policy)
    if said:
        open_orphan = any(code == "orphan" for code, _ in verdict.notes)
        u_certificate.check(ledger, custody, open_orphan, said)
        verdict.number = said.number()
        if custody is not None and not open_orphan:
            verdict.lines = u_certificate.Lines(ledger, details, custody, said).all()
    for text in options.tags:
        u_late.check_tag(ledger, custody, text)
    u_late.times(ledger)
    verdict.custody = custody


def run(data, policy, options):
    verdict = Verdict()
    try:
        steps(data, policy, options, verdict)
    except Stop as stop:
        verdict.stop = stop
    return verdict


def verify(data, policy, since=None, as_of=None, training=False, tags=()):
    """The verdict on the bytes of a file, as the dict that --json prints. policy and since are bytes."""
    try:
        trusted = Policy(policy)
    except PolicyError:
        trusted = None                     # V3 stops there
    return run(data, trusted, Options(since, as_of, training, tags)).as_dict()


def read_time(text):
    if re.fullmatch("[0-9]+", text):
        return int(text)
    time = datetime.datetime.fromisoformat(text.replace("Z", "+00:00"))
    if time.tzinfo is None:
        time = time.replace(tzinfo=datetime.timezone.utc)
    return int(time.timestamp())


def read(path):
    with open(path, "rb") as file:
        return file.read()


def main():
    parser = argparse.ArgumentParser(description="Verify an evidence bundle.")
    parser.add_argument("--policy", required=True)
    parser.add_argument("--since")
    parser.add_argument("--as-of", type=read_time)
    parser.add_argument("--training", action="store_true")
    parser.add_argument("--tag", action="append", default=[])
    parser.add_argument("--json", action="store_true")
    parser.add_argument("file")
    args = parser.parse_args()
    since = read(args.since) if args.since else None
    out = verify(read(args.file), read(args.policy), since, args.as_of, args.training, args.tag)
    if args.json:
        print(json.dumps(out))
    else:
        print(out["status"], out["code"], out["place"] or "")
    return out["status"]


if __name__ == "__main__":
    sys.exit(main())
