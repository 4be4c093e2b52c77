# SPDX-License-Identifier: Apache-2.0
"""The independent reader as a companion of the walks: judges DIR/0.bundle ... DIR/COUNT-1.bundle by DIR/policy and prints, for each,
"breach CODE RECORD SUBJECT" for every breach ("-" for none) and then "verdict STATUS CODE PLACE".

    python3 tests/walk/judge.py DIR COUNT"""
import os
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(os.path.dirname(HERE), "independent"))

from verify import read, verify                                            # noqa: E402


def word(value):
    return "-" if value is None else value


def main():
    folder, count = sys.argv[1], int(sys.argv[2])
    policy = read(os.path.join(folder, "policy"))
    for number in range(count):
        verdict = verify(read(os.path.join(folder, f"{number}.bundle")), policy)
        for breach in verdict["breaches"]:
            print("breach", breach["code"], word(breach["record"]), word(breach["subject"]))
        print("verdict", verdict["status"], verdict["code"], word(verdict["place"]), flush=True)


if __name__ == "__main__":
    main()
