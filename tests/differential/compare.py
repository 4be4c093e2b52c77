# SPDX-License-Identifier: Apache-2.0
"""What two verdicts on one case must have in common.

The page's and the program's JSON: everything of SPEC 16 but what it leaves free. The Python reader knows less: what
tests/independent/test_agreement.py compares.
"""
import copy

from test_agreement import compared

REFUSED = {"refused": "policy"}


def whole(said):
    """The JSON of SPEC 16 without what may differ: texts of stops and notes, byte offsets, counts after a stop."""
    if "status" not in said:
        return said
    out = copy.deepcopy(said)
    out.pop("text", None)
    if out.get("place") and "byte" in out["place"]:
        out["place"] = None
    for note in out.get("notes", ()):
        note.pop("text", None)
    if out.get("stop"):
        for count in ("records", "signatures", "details"):
            out.pop(count, None)
    for file in ("older", "newer"):
        if isinstance(out.get(file), dict):
            out[file] = whole(out[file])
    return out


def refused(other):
    """Whether a verdict agrees with the program, which refuses a malformed policy before it looks at the file: V1 and V2 come first."""
    return other.get("status") == 2 and other.get("code") in ("policy", "transport", "version", "unreadable")


def page_differs(program, page):
    """Where the page's verdict is another than the program's: a list of (member, program's, page's)."""
    if program == REFUSED:
        pair = page.get("older") or page
        return [] if refused(pair) else [("policy", "refused", page.get("code"))]
    a, b = whole(program), whole(page)
    return [(key, a.get(key), b.get(key)) for key in sorted(set(a) | set(b)) if key not in a or key not in b or a[key] != b[key]]


def reader_differs(program, reader):
    """Where the Python reader's verdict is another than the program's."""
    if program == REFUSED:
        return [] if refused(reader) else [("policy", "refused", reader.get("code"))]
    a, b = compared(program), compared(reader)
    if not program["stop"]:
        a["notes"], b["notes"] = [note["code"] for note in program["notes"]], reader["notes"]
        if len(b["notes"]) > 16:
            b["notes"] = b["notes"][:16]
    return [(key, a.get(key), b.get(key)) for key in sorted(set(a) | set(b)) if a.get(key) != b.get(key)]


def between_differs(program, reader):
    """The same of two files; reader: what u_between.silence gives."""
    status, code, misuse, answer = reader
    if program == REFUSED:
        return []
    if "misuse" in program:
        return [] if misuse == program["misuse"] else [("misuse", program["misuse"], misuse)]
    said = {str(one["subject"]): [r["record"] for r in one["records"]] for one in program["between"]} if program["answered"] else None
    mine = (program["status"], program["code"], None, said)
    return [] if mine == reader else [("between", mine, reader)]
