#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Silence between two files (SPEC 11): unbroken-verify --between and the second verifier say of every pair of tests/vectors/between.json what stands
there. Breaks when a handover of a container is not one of what is in it, when two files that do not continue each other are answered, or when heads
that hide a record go unseen.

    BUILD=build tests/independent/test_between.py"""
import json
import os
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
TOP = os.path.dirname(os.path.dirname(HERE))
VECTORS = os.path.join(TOP, "tests", "vectors")
sys.path.insert(0, HERE)

from u_between import silence                                              # noqa: E402
from u_notes import Policy                                                 # noqa: E402
from verify import Options, read, run                                      # noqa: E402

MISUSE = {"ledgers": "of two ledgers", "order": "the other way round", "nobody": "no subject was asked for in both"}


def ask_program(pair):
    path = os.path.join(TOP, os.environ.get("BUILD", "build"), "unbroken-verify")
    done = subprocess.run([path, "--json", "--policy", pair["policy"], "--between", pair["older"], pair["newer"]], cwd=VECTORS, capture_output=True,
                          check=False)
    if not done.stdout:
        misuse = [key for key, words in MISUSE.items() if words in done.stderr.decode()]
        return done.returncode, None, misuse[0] if misuse else done.stderr, None, None
    said = json.loads(done.stdout)
    if done.returncode != said["status"] or done.stderr:
        return "exit", done.returncode, said["status"], done.stderr, None
    answer = {str(one["subject"]): [r["record"] for r in one["records"]] for one in said["between"]}
    if any(one["silent"] != (not one["records"]) for one in said["between"]):
        return "silent", None, None, None, None
    return said["status"], said["code"], None, answer if said["answered"] else None, said["witnessed"]


def ask_second(pair):
    policy, data = Policy(read(os.path.join(VECTORS, pair["policy"]))), read(os.path.join(VECTORS, pair["older"]))
    return silence(run(data, policy, Options()), run(read(os.path.join(VECTORS, pair["newer"])), policy, Options(since=data)))


def main():
    with open(os.path.join(VECTORS, "between.json"), encoding="utf-8") as file:
        pairs = json.load(file)
    failed = 0
    for pair in pairs:
        wanted = pair["status"], pair["code"], pair.get("misuse"), pair["answer"]
        one, other = ask_program(pair), ask_second(pair)
        if one[:4] != wanted or other != wanted or one[4] != pair.get("witnessed"):
            failed += 1
            print(pair["older"], pair["newer"], "--", pair["what"])
            print("   expected       ", wanted, pair.get("witnessed"))
            print("   unbroken-verify", one)
            print("   verify.py      ", other)
    print(f"{len(pairs) - failed} passed, {failed} failed")
    return 1 if failed or not pairs else 0


if __name__ == "__main__":
    sys.exit(main())
