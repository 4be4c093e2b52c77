#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""browser_cases: some cases of the differential test, as lines of JSON that a page in a browser can be given, and the verdict of our C program on each. Not a test itself.

  BUILD=build browser_cases.py SEED COUNT OUT
"""
import base64
import json
import os
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "differential"))

import cases  # noqa: E402
from differ import frame  # noqa: E402

VERDICTS = os.path.join(os.environ.get("BUILD", "build"), "tests", "differential", "verdicts")


def text(part):
    return base64.b64encode(part).decode() if part else None


def main(seed, count, path):
    bases = cases.Bases(seed)
    drawn = [case for case in (cases.draw(bases, seed, number) for number in range(count)) if not case.older]
    said = subprocess.run([VERDICTS], input=b"".join(map(frame, drawn)), stdout=subprocess.PIPE, check=True).stdout.decode().splitlines()
    with open(path, "w", encoding="utf-8") as out:
        for case, verdict in zip(drawn, said, strict=True):
            given = {"file": text(case.file), "policy": text(case.policy), "since": text(case.since), "tags": [case.tag] if case.tag else [], "asOf": case.as_of, "training": case.training}
            out.write(json.dumps({"given": given, "what": case.what, "verdict": json.loads(verdict)}) + "\n")
    print(len(drawn), "cases of seed", seed)


main(int(sys.argv[1]), int(sys.argv[2]), sys.argv[3])
