#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Run the independent verifier over the vectors and compare with tests/vectors/expected.json.

Status, code, place and breaches (code, record, subject) have to agree, and what else a vector says (times, findings, who vouches). The place of `unreadable` is free, as V2 says."""
import json
import os
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, HERE)

from verify import read, read_time, verify                                 # noqa: E402


def arguments(options, folder):
    out, words = {}, list(options)
    while words:
        word = words.pop(0)
        if word == "--training":
            out["training"] = True
        elif word == "--since":
            out["since"] = read(os.path.join(folder, words.pop(0)))
        elif word == "--as-of":
            out["as_of"] = read_time(words.pop(0))
        elif word == "--tag":
            out.setdefault("tags", []).append(words.pop(0))
        else:
            raise ValueError(word)
    return out


def compared(result, full):
    # After a stop, breaches are not compared: what was met on the way to it is no verdict.
    breaches = {tuple(b[k] for k in ("code", "record", "subject")[:3 if full else 2])
                for b in result["breaches"] if result["status"] == 3}
    free = result["code"] == "unreadable"
    return result["status"], result["code"], None if free else result["place"], sorted(breaches, key=str)


def besides(result, vector):
    """Where make.py says it (`Book.says`): findings, times, who vouches. The names as in the keys' names."""
    wrong = []
    if "findings" in vector:
        got = sorted(([f["code"], f["record"], f["subject"]] for f in result["findings"]), key=str)
        wrong += [("findings", got)] if got != sorted(vector["findings"], key=str) else []
    for key, place in (("not_after", 4), ("not_before", 5)):
        got = {str(line[0]): line[place] and line[place][0] for line in result["times"]}
        wrong += [(key, got)] if any(got.get(r) != time for r, time in vector.get(key, {}).items()) else []
    for key in ("append_only", "complete"):
        got = [name for name, *_ in result[key]]
        wrong += [(key, got)] if vector.get(key, got) != got else []
    return wrong


def main():
    folder = sys.argv[1] if len(sys.argv) > 1 else os.path.join(HERE, "..", "vectors")
    bad, count = 0, 0
    with open(os.path.join(folder, "expected.json"), encoding="utf-8") as file:
        vectors = json.load(file)
    for vector in vectors:
        count += 1
        full = all("subject" in b for b in vector["breaches"])
        got = verify(read(os.path.join(folder, vector["file"])), read(os.path.join(folder, vector["policy"])),
                     **arguments(vector["options"], folder))
        if compared(got, full) != compared(vector, full) or besides(got, vector):
            bad += 1
            print(vector["file"], vector["what"])
            print("   expected", vector["status"], vector["code"], vector["place"], vector["breaches"])
            print("   got     ", got["status"], got["code"], got["place"], got["breaches"], got["notes"], besides(got, vector))
    print(f"{count - bad} passed, {bad} failed")
    return 1 if bad or not count else 0


if __name__ == "__main__":
    sys.exit(main())
