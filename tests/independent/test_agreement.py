#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Two verifiers, written apart from each other, must say the same of every vector: unbroken-verify and verify.py.

Status, code, place, breaches, findings, times, who vouches, withheld details, the ledger that is succeeded and a certificate's lines are compared; the place of `unreadable` is free (V2). What
expected.json says is not asked here. Breaks when the document can be read in two ways.

    BUILD=build tests/independent/test_agreement.py [folder with unbroken-verify]"""
import datetime
import json
import os
import re
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
TOP = os.path.dirname(os.path.dirname(HERE))
VECTORS = os.path.join(TOP, "tests", "vectors")
sys.path.insert(0, HERE)

from test_vectors import arguments                                         # noqa: E402
from verify import read, verify                                            # noqa: E402

KEYS = {"breaches": ("code", "record", "subject"), "findings": ("code", "record", "subject"),
        "withheld": ("record", "subject", "name", "ordinal", "erased", "under")}


def program(build):
    path = os.path.join(TOP, build, "unbroken-verify")
    if not os.access(path, os.X_OK):
        sys.exit(f"{path} is missing")
    return path


def ask_program(path, vector):
    """The verdict of unbroken-verify; its exit status has to be the status that it prints."""
    command = [path, "--json", "--policy", vector["policy"], vector["file"], *vector["options"]]
    run = subprocess.run(command, cwd=VECTORS, capture_output=True, check=False)
    if run.returncode == 2 and not run.stdout and f"error: {vector['policy']}: ".encode() in run.stderr:
        # It refuses a malformed policy before there is a verdict.
        return {"status": 2, "code": "policy", "place": None, "stop": True}
    try:
        verdict = json.loads(run.stdout.decode("utf-8"))
    except ValueError:
        return {"error": run.stderr.decode("utf-8", "replace") or "no JSON", "exit": run.returncode}
    if run.returncode != verdict["status"] or run.stderr:
        return {"error": f"exit {run.returncode} for status {verdict['status']}", "stderr": run.stderr}
    return verdict


def listed(verdict, key):
    return sorted((tuple(one.get(k) for k in KEYS[key]) for one in verdict[key]), key=str)


def certified(certificate):
    """The number and all lines. Sentences of breaches and findings are a program's own words: the record before them is compared."""
    if certificate is None:
        return None
    lines = [(line["label"], line["subject"], line["word"], re.match("(record [0-9]+: )?", line["value"]).group())
             if line["label"] in ("Breach", "Finding") else (line["label"], line["subject"]) if line["label"] == "Reason stated"
             else tuple(line[key] for key in ("label", "subject", "word", "value")) for line in certificate["lines"]]
    return certificate["number"], lines


def seconds(text):
    if text is not None and text.startswith("@"):
        return int(text[1:])               # beyond the year 9999
    return None if text is None else int(datetime.datetime.fromisoformat(text.replace("Z", "+00:00")).timestamp())


def bound(one):
    return one and (seconds(one["time"]), one["by"])


def timed(verdict):
    """Who vouches, and the times of every record, of either verifier."""
    if isinstance(verdict["times"][0], tuple):
        return {key: verdict[key] for key in ("append_only", "complete", "times")}
    out = {key: [(one["name"], one["size"], seconds(one["time"])) for one in verdict[key]] for key in ("append_only", "complete")}
    out["times"] = [(one["record"], seconds(one["claimed"]), one["offset"], seconds(one["logged"]), bound(one["not_after"]), bound(one["not_before"]))
                    for one in verdict["times"]]
    return out


def compared(verdict):
    """The parts of a verdict that both have to give; after a stop there are neither breaches nor findings."""
    if "error" in verdict:
        return verdict
    out = {key: verdict[key] for key in ("status", "code", "place")}
    if out["code"] == "unreadable":
        out["place"] = None
    if not verdict["stop"]:
        out.update({key: listed(verdict, key) for key in KEYS})
        out["succeeds"] = verdict["succeeds"]
        if verdict["times"]:
            out.update(timed(verdict))
        out["certificate"] = certified(verdict["certificate"])
        if len(set(out["breaches"])) != len(out["breaches"]):
            out["twice"] = True
    return out


def main():
    path = program(sys.argv[1] if len(sys.argv) > 1 else os.environ.get("BUILD", "build"))
    with open(os.path.join(VECTORS, "expected.json"), encoding="utf-8") as file:
        vectors = json.load(file)
    failed = 0
    for vector in vectors:
        one = compared(ask_program(path, vector))
        other = compared(verify(read(os.path.join(VECTORS, vector["file"])), read(os.path.join(VECTORS, vector["policy"])),
                                **arguments(vector["options"], VECTORS)))
        if one != other:
            failed += 1
            print(vector["file"], "--", vector["what"])
            for key in sorted(set(one) | set(other)):
                if one.get(key) != other.get(key):
                    print(f"   {key}: unbroken-verify {one.get(key)}, verify.py {other.get(key)}")
    print(f"{len(vectors) - failed} passed, {failed} failed")
    return 1 if failed or not vectors else 0


if __name__ == "__main__":
    sys.exit(main())
