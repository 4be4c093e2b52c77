#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""SPEC.md and the tests say the same: what the document demands is tried somewhere.

- Each MUST is cited by a file under tests/, as "SPEC" and the number of its section ("SPEC 2.1"), and so are the steps of
  section 9 ("SPEC V7") and the rules of 7.3 ("SPEC 7.3.5").
- Each status and code that sections 2 and 9 name has a vector that ends with it, and each breach of section 7 one that
  shows it.
- Nothing that SPEC.md does not have is cited or expected.

A MUST outside a numbered section would have no name to be cited by: that fails too."""
import json
import os
import re
import sys

TOP = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
CITED = re.compile(r"SPEC(?:\.md)? ((?:V?[0-9]+(?:\.[0-9]+)*[a-z]?)(?:(?:, | and )V?[0-9]+(?:\.[0-9]+)*[a-z]?\b)*)")
# Two libraries that disagree about a signature: no file brings that about. A malformed policy: there is no verdict then
# (tests/verify/test_main.sh, test_policy.c). Over a million withheld details: tests/verify/test_check_details.c.
NO_VECTOR = {(2, "libraries"), (2, "policy"), (2, "limits")}
# 6.7: a finding, and in an act that moves custody a breach. And what 7.3 quotes beside codes and names.
UNSEEN, NO_CODES = {"unseen"}, {"from"}


def sections(spec):
    """(number, text) of every numbered heading; what comes before the first one is ("", text)."""
    out, number, lines, fenced = [], "", [], False
    for line in spec.splitlines():
        fenced ^= line.startswith("```")
        heading = None if fenced else re.match(r"#+ ([0-9]+(?:\.[0-9]+)?)\.? ", line)
        if heading:
            out.append((number, "\n".join(lines)))
            number, lines = heading.group(1), []
        else:
            lines.append(line)
    return out + [(number, "\n".join(lines))]


def demands(parts):
    """What a test has to cite: {name: why}."""
    out = {}
    for number, text in parts:
        for line in text.splitlines():
            # The two lines that say what MUST means demand nothing.
            if re.search(r"\bMUST\b", line) and number not in ("", "2"):
                out.setdefault(number, line.strip())
    for number, text in parts:
        if number == "9":
            out.update({step: f"step {step}" for step in re.findall(r"^\*\*(V[0-9]+)", text, re.M)})
        if number == "7.3":
            out.update({f"7.3.{rule}": f"rule {rule}" for rule in re.findall(r"^([0-9]+[a-z]?)\. ", text, re.M)})
    return out


def homeless(parts):
    return [line.strip() for number, text in parts for line in text.splitlines()
            if re.search(r"\bMUST\b", line) and number == "" and "Where it says MUST" not in text]


def citations():
    """{name: a file that cites it}"""
    out = {}
    for folder, names, files in os.walk(os.path.join(TOP, "tests")):
        names[:] = [n for n in names if n != "__pycache__"]
        for name in files:
            if name.endswith((".c", ".h", ".py", ".sh", ".go")) and folder != os.path.dirname(os.path.abspath(__file__)):
                path = os.path.join(folder, name)
                with open(path, encoding="utf-8") as file:
                    text = re.sub(r"\s*\n\s*(?:\*|//|#)?\s*", " ", file.read())
                    for match in CITED.finditer(text):
                        for one in re.split(r", | and ", match.group(1)):
                            out.setdefault(one, os.path.relpath(path, TOP))
    return out


def exists(name, parts, wanted):
    numbers = {number for number, _ in parts} - {""}
    if name in numbers or name in wanted:
        return True
    # Numbered lines: 6.3, V9.7.
    if name.startswith("V9."):
        text = dict(parts)["9"]
        return re.search(rf"^ {name[3:]}\. ", text, re.M) is not None
    return any(re.search(rf"^{re.escape(name)}\b", text, re.M) for _, text in parts)


def quoted(text):
    return set(re.findall(r"`([a-z-]+)`", text))


def named_codes(parts):
    """({(status, code)}, {code of a breach})"""
    of = dict(parts)
    stops = {(int(status), code) for status, code in re.findall(r"(?:stop|note) ([12]) `([a-z-]+)`", of["9"])}
    stops |= {(2, code) for code in re.findall(r"\((?:status|note) 2, `([a-z-]+)`\)", of["2.4"] + of["7.3"])}
    stops |= {(1, code) for code in re.findall(r"contradiction `([a-z-]+)`", of["7.3"])}
    # A bundle inside the bundle: any status of its own.
    inside = set(re.findall(r"takes part in the precedence, as `([a-z-]+)`", of["9"]))
    stops |= {(status, code) for status in (1, 2) for code in inside}
    # What 7.3 quotes and what is no detail, act or contradiction is a breach, or a finding, which stand together in 17c.
    findings = {code for line in of["7.3"].splitlines() if line.startswith("17c.") for code in quoted(line)}
    others = set(re.findall(r"[0-9] `([a-z-]+)`", of["5.4"])) | set(re.findall(r"^\| [0-9]+ \| ([a-z ]+) \|", of["7.2"], re.M))
    breaches = quoted(of["7.3"]) - findings - others - {code for _, code in stops} - NO_CODES
    breaches |= set(re.findall(r"breach `([a-z-]+)`", of["7.3"] + of["9"]))
    return stops, breaches | inside | UNSEEN


def main():
    with open(os.path.join(TOP, "SPEC.md"), encoding="utf-8") as file:
        parts = sections(file.read())
    with open(os.path.join(TOP, "tests", "vectors", "expected.json"), encoding="utf-8") as file:
        vectors = json.load(file)
    wanted, cited = demands(parts), citations()
    stops, breaches = named_codes(parts)
    tried = {(v["status"], v["code"]) for v in vectors}
    shown = {b["code"] for v in vectors for b in v["breaches"]}
    wrong = [f"a MUST in no numbered section: {line}" for line in homeless(parts)]
    wrong += [f"no test cites SPEC {name}: {why}" for name, why in wanted.items() if name not in cited]
    wrong += [f"{where} cites SPEC {name}, which there is not" for name, where in cited.items()
              if not exists(name, parts, wanted)]
    wrong += [f"no vector ends with {status} {code}" for status, code in sorted(stops - tried - NO_VECTOR)]
    wrong += [f"a vector ends with {status} {code}, which SPEC does not name"
              for status, code in sorted(tried - stops - {(0, "intact"), (3, "custody")})]
    wrong += [f"no vector shows the breach {code}" for code in sorted(breaches - shown)]
    wrong += [f"a vector shows the breach {code}, which SPEC does not name" for code in sorted(shown - breaches)]
    for line in wrong:
        print(line)
    total = len(wanted) + len(stops) + len(breaches)
    print(f"{max(total - len(wrong), 0)} passed, {len(wrong)} failed")
    return 1 if wrong or not total else 0


if __name__ == "__main__":
    sys.exit(main())
