#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Three verifiers, one verdict: cases drawn from a seed (cases.py) are given to libverify (verdicts.c), to the judge's page's verifier under
Node (verdicts.mjs) and to the Python reader (tests/independent), and what they say is compared (compare.py).

    BUILD=build /usr/bin/python3 tests/differential/differ.py [--seed N] [--count N] [--only K] [--without page] [--plant]

--json-lines FILE writes the cases instead, one a line, with what libverify says of them: {"file", "policy", "since", "older" (base64 or null), "tag", "asOf",
"training", "what", "verdict"}, for a verifier elsewhere (the built page in a browser). --plant alters one verdict in a hundred: the test must fail then.

A case that differs, and one at which a verifier crashes, throws or takes more than ten seconds, is kept as a file in the log folder, with one line
of how to have it again. The last line is "N passed, N failed". Breaks when SPEC.md can be read in two ways, or one of the three does not keep it."""
import argparse
import base64
import collections
import json
import os
import select
import signal
import subprocess
import sys
import tempfile
import time
import traceback

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

import cases                                                               # noqa: E402
from compare import between_differs, page_differs, reader_differs          # noqa: E402
from u_between import silence                                              # noqa: E402
from u_notes import Policy, PolicyError                                    # noqa: E402
from verify import Options, run, verify                                    # noqa: E402

TOP = cases.TESTS.rsplit("/", 1)[0]
BUILD = os.environ.get("BUILD", "build")
CORE = os.path.join(TOP, "build", "page", "core.mjs")
LOGS = os.path.join(os.environ.get("LOGS", os.path.join(TOP, BUILD, "test-logs")), "differential")
SECONDS = 10


class Slow(Exception):
    """A verifier takes too long."""


class Broken(Exception):
    """A verifier has crashed, or says what is no verdict."""


def frame(case):
    """A case as verdicts.c and verdicts.mjs read it."""
    parts = [case.file, case.policy, case.since or b"", (case.tag or "").encode(), case.older or b""]
    numbers = [*map(len, parts), -1 if case.as_of is None else case.as_of, int(case.training)]
    return " ".join(map(str, numbers)).encode() + b"\n" + b"".join(parts)


class Asked:
    """A process that answers each case with a line."""

    def __init__(self, name, command):
        self.name, self.command, self.process = name, command, None

    def start(self):
        """Start it, or start it again."""
        self.waiting = b""
        self.process = subprocess.Popen(self.command, cwd=TOP, stdin=subprocess.PIPE, stdout=subprocess.PIPE, bufsize=0)

    def stop(self):
        """End it."""
        if self.process:
            self.process.kill()
            self.process.stdin.close()
            self.process.stdout.close()
            self.process.wait()
            self.process = None

    def send(self, data):
        """Give it a case."""
        if self.process is None:
            self.start()
        try:
            while data:
                data = data[os.write(self.process.stdin.fileno(), data[:1 << 16]):]
        except OSError:
            pass                           # it has ended: `receive` tells

    def receive(self):
        """Its verdict."""
        until = time.monotonic() + SECONDS
        while b"\n" not in self.waiting:
            ready, _, _ = select.select([self.process.stdout], [], [], max(0, until - time.monotonic()))
            if not ready:
                self.stop()
                raise Slow(self.name)
            chunk = os.read(self.process.stdout.fileno(), 1 << 16)
            if not chunk:
                code = self.process.wait()
                self.stop()
                raise Broken(f"{self.name} ended with {code}")
            self.waiting += chunk
        line, self.waiting = self.waiting.split(b"\n", 1)
        out = json.loads(line.decode("utf-8"))
        if "thrown" in out:
            raise Broken(f"{self.name} threw {out['thrown']}")
        return out


def ask_reader(case):
    """The Python reader's verdict: of two files, what u_between gives."""
    def late(*_):
        raise Slow("the reader")
    signal.signal(signal.SIGALRM, late)
    signal.setitimer(signal.ITIMER_REAL, SECONDS)
    try:
        if case.older is None:
            return verify(case.file, case.policy, case.since, case.as_of, case.training, [case.tag] if case.tag else [])
        try:
            trusted = Policy(case.policy)
        except PolicyError:
            return None
        newer = Options(since=case.older, as_of=case.as_of, training=case.training)
        return silence(run(case.older, trusted, Options(training=case.training)), run(case.file, trusted, newer))
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)


class Judges:
    """All three."""

    def __init__(self, without=()):
        self.program = Asked("libverify", [os.path.join(BUILD, "tests", "differential", "verdicts")])
        self.page = None if "page" in without else Asked("the page", ["node", os.path.join(cases.HERE, "verdicts.mjs"), CORE])

    def differ(self, case, plant=None):
        """(list of differences, the program's verdict); plant(verdict) spoils what the program said."""
        data, wrong, said = frame(case), [], {}
        for judge in (self.program, self.page):
            if judge:
                judge.send(data)
        try:
            reader = ask_reader(case)
        except Exception as error:         # whatever the reader throws is a failure of it
            reader = None
            wrong.append(("the reader threw", None, repr(error)))
        for judge in (self.program, self.page):
            try:
                said[judge] = judge.receive() if judge else None
            except (Slow, Broken, ValueError) as error:
                wrong.append((judge.name, type(error).__name__, str(error)))
        program, page = said.get(self.program), said.get(self.page)
        if program and plant:
            program = plant(program)
        if program and reader is not None:
            check = reader_differs if case.older is None else between_differs
            wrong += [(f"the reader: {key}", a, b) for key, a, b in check(program, reader)]
        if program and page:
            wrong += [(f"the page: {key}", a, b) for key, a, b in page_differs(program, page)]
        return wrong, program

    def stop(self):
        """End them."""
        for judge in (self.program, self.page):
            if judge:
                judge.stop()


class Count:
    """What was reached, and what failed."""

    def __init__(self):
        self.verdicts, self.breaches, self.findings, self.passed, self.failed = (*(collections.Counter() for _ in range(3)), 0, [])

    def take(self, said):
        """One verdict of the program."""
        if said and "status" in said and "findings" in said:
            self.verdicts[f"{said['status']} {said['code']}"] += 1
            self.breaches.update({b["code"] for b in said["breaches"]})
            self.findings.update({f["code"] for f in said["findings"]})
        elif said:
            self.verdicts[f"{said.get('status', 2)} {said.get('refused') or said.get('misuse') or 'pair ' + said['code']}"] += 1

    def add(self, other):
        """Another count."""
        for key in ("verdicts", "breaches", "findings"):
            getattr(self, key).update(other[key])
        self.passed += other["passed"]
        self.failed += other["failed"]


def short(thing):
    """On one line, not too long."""
    text = json.dumps(thing, ensure_ascii=False, default=str)
    return text if len(text) < 300 else text[:300] + " …"


def keep(case, seed, number, wrong):
    """Keep a case that differs; the lines to print."""
    os.makedirs(LOGS, exist_ok=True)
    path = os.path.join(LOGS, f"{seed}-{number}.case")
    with open(path, "wb") as out:
        out.write(frame(case))
    lines = [f"case {number} of seed {seed} ({case.what}): {os.path.relpath(path, TOP)}",
             f"   again: BUILD={BUILD} /usr/bin/python3 tests/differential/differ.py --seed {seed} --only {number}"]
    return lines + [f"   {key}: {short(a)}, {short(b)}" for key, a, b in wrong[:8]]


def work(bases, args, numbers, out):
    """Some cases; what came out goes to a file."""
    judges, count, seed = Judges(args.without), Count(), args.seed
    for number in numbers:
        case = cases.draw(bases, seed, number)
        wrong, said = judges.differ(case, (lambda verdict, number=number: planted(verdict, number)) if args.plant else None)
        count.take(said)
        if wrong:
            count.failed.append(keep(case, seed, number, wrong))
        else:
            count.passed += 1
    judges.stop()
    with open(out, "w", encoding="utf-8") as file:
        json.dump(count.__dict__, file)


def write_lines(args, bases):
    """The cases and the program's verdicts, one a line."""
    def text(data):
        return data and base64.b64encode(data).decode()
    judges = Judges(["page"])
    with open(args.json_lines, "w", encoding="utf-8") as out:
        for number in range(args.count):
            case = cases.draw(bases, args.seed, number)
            judges.program.send(frame(case))
            line = {"file": text(case.file), "policy": text(case.policy), "since": text(case.since), "older": text(case.older), "tag": case.tag,
                    "asOf": case.as_of, "training": case.training, "what": f"case {number} of seed {args.seed}: {case.what}",
                    "verdict": judges.program.receive()}
            out.write(json.dumps(line) + "\n")
    judges.stop()
    print(f"{args.count} cases of seed {args.seed} written to {args.json_lines}")
    return 0


def planted(said, number):
    """Another verdict than was given, for every hundredth case."""
    if number % 100 == 7 and "code" in said:
        said = {**said, "code": said["code"] + "-planted"}
    return said


def spread(args, bases):
    """All cases, by as many processes as asked for."""
    total, files = Count(), []
    with tempfile.TemporaryDirectory() as folder:
        children = {}
        for job in range(args.jobs):
            files.append(os.path.join(folder, str(job)))
            child = os.fork()
            if child == 0:
                code = 1
                try:
                    work(bases, args, range(job, args.count, args.jobs), files[-1])
                    code = 0
                except Exception:
                    traceback.print_exc()
                finally:
                    sys.stdout.flush()
                    os._exit(code)
            children[child] = files[-1]
        for child, file in children.items():
            if os.waitpid(child, 0)[1] != 0 or not os.path.exists(file):
                total.failed.append(["a process of the test itself has failed"])
                continue
            with open(file, encoding="utf-8") as said:
                total.add(json.load(said))
    return total


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--count", type=int, default=1000)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--only", type=int)
    parser.add_argument("--without", action="append", default=[])
    parser.add_argument("--plant", action="store_true")
    parser.add_argument("--json-lines")
    args = parser.parse_args()
    began = time.monotonic()
    bases = cases.Bases(args.seed)
    print(f"seed {args.seed}: bases made in {time.monotonic() - began:.1f} s", flush=True)
    if args.only is not None:
        case = cases.draw(bases, args.seed, args.only)
        judges = Judges(args.without)
        wrong, said = judges.differ(case)
        judges.stop()
        print(json.dumps(said, ensure_ascii=False))
        print("\n".join(keep(case, args.seed, args.only, wrong)) if wrong else f"all agree ({case.what})")
        return 1 if wrong else 0
    if args.json_lines:
        return write_lines(args, bases)
    count = spread(args, bases)
    for lines in count.failed[:40]:
        print("\n".join(lines))
    for name in ("verdicts", "breaches", "findings"):
        got = getattr(count, name)
        print(f"{name} ({len(got)}): " + ", ".join(f"{key} {n}" for key, n in sorted(got.items(), key=lambda x: (-x[1], x[0]))))
    print(f"{time.monotonic() - began:.0f} s")
    print(f"{count.passed} passed, {len(count.failed)} failed")
    return 1 if count.failed or not count.passed else 0


if __name__ == "__main__":
    sys.exit(main())
