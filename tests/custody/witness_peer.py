# SPDX-License-Identifier: Apache-2.0
"""The other side of a witness, written from the C2SP texts alone: a log with its key, honest and forged histories, requests over HTTP, and the check
of cosignatures. witness_peer.py CASE URL ...: runs the cases of that name and prints "ok ..." or "FAIL ..." for each; test_witness.sh counts."""
import base64
import hashlib
import http.client
import json
import os
import socket
import ssl
import subprocess
import sys
import threading
import time
import urllib.parse

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

PARTING = 10  # the histories are alike before this leaf
failed = False


def say(good, what):
    global failed
    failed = failed or not good
    print("ok" if good else "FAIL", what, flush=True)


def b64(data):
    return base64.b64encode(data).decode()


# ---- trees (RFC 6962 2.1) ----

def H(data):
    return hashlib.sha256(data).digest()


class History:
    def __init__(self, forged):
        self.forged, self.cache = forged, {}

    def subtree(self, start, end):
        """MTH(D[start:end])"""
        if (start, end) not in self.cache:
            if end - start == 1:
                leaf = b"%d" % start + (b" forged" if self.forged and start >= PARTING else b"")
                self.cache[start, end] = H(b"\0" + leaf)
            else:
                k = 1
                while 2 * k < end - start:
                    k *= 2
                self.cache[start, end] = H(b"\1" + self.subtree(start, start + k) + self.subtree(start + k, end))
        return self.cache[start, end]

    def root(self, size):
        return self.subtree(0, size) if size else H(b"")

    def proof(self, old, size):
        """PROOF(old, D[size]), 2.1.2"""
        def sub(m, start, end, whole):
            if m == end - start:
                return [] if whole else [self.subtree(start, end)]
            k = 1
            while 2 * k < end - start:
                k *= 2
            if m <= k:
                return sub(m, start, start + k, whole) + [self.subtree(start + k, end)]
            return sub(m - k, start + k, end, False) + [self.subtree(start, start + k)]
        return sub(old, 0, size, True) if 0 < old < size else []


HONEST, FORGED = History(False), History(True)


# ---- notes ----

class Key:
    def __init__(self, name, seed):
        self.name = name
        self.secret = Ed25519PrivateKey.from_private_bytes(H(seed.encode()))
        self.public = self.secret.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
        self.id = H(name.encode() + b"\n\1" + self.public)[:4]

    def vkey(self):
        return f"{self.name}+{self.id.hex()}+{b64(bytes([1]) + self.public)}"

    def line(self, text):
        return f"\u2014 {self.name} {b64(self.id + self.secret.sign(text.encode()))}\n"


ORIGIN = "peer.example/log"
LOG = Key(ORIGIN, "log")
SECOND = Key(ORIGIN, "second")
STRANGER = Key(ORIGIN, "stranger")
OTHER = Key("other.example/log", "other")
HASH = hashlib.sha256(ORIGIN.encode()).hexdigest()


def text_of(size, root, origin=ORIGIN):
    return f"{origin}\n{size}\n{b64(root)}\n"


def note(size, history=HONEST, keys=(LOG,), root=None, origin=ORIGIN):
    text = text_of(size, history.root(size) if root is None else root, origin)
    return text + "\n" + "".join(key.line(text) for key in keys)


def request(old, size, history=HONEST, keys=(LOG,), proof=None):
    lines = history.proof(old, size) if proof is None else proof
    return f"old {old}\n" + "".join(b64(x) + "\n" for x in lines) + "\n" + note(size, history, keys)


class Witness:
    def __init__(self, vkey):
        name, id_hex, key = vkey.split("+", 2)
        key = base64.b64decode(key)
        assert key[0] == 4 and len(key) == 33
        self.name, self.id, self.key = name, bytes.fromhex(id_hex), Ed25519PublicKey.from_public_bytes(key[1:])
        assert self.id == H(name.encode() + b"\n" + key)[:4]

    def time_of(self, text, line):
        """tlog-cosignature: the time, or 0 for a line that is not this witness's valid one."""
        dash, name, blob = line.split(" ")
        blob = base64.b64decode(blob, validate=True)
        if dash != "\u2014" or name != self.name or blob[:4] != self.id or len(blob) != 76:
            return 0
        stamp = int.from_bytes(blob[4:12], "big")
        try:
            self.key.verify(blob[12:], f"cosignature/v1\ntime {stamp}\n{text}".encode())
        except InvalidSignature:
            return 0
        return stamp


class Peer:
    """Keeps its connection, and opens another when it is closed."""

    def __init__(self, url, cafile=None):
        parts = urllib.parse.urlsplit(url)
        if parts.scheme == "https":
            context = ssl.create_default_context(cafile=cafile)
            self.http = http.client.HTTPSConnection(parts.hostname, parts.port, timeout=60, context=context)
        else:
            self.http = http.client.HTTPConnection(parts.hostname, parts.port, timeout=60)

    def ask(self, method, path, body=None, headers=()):
        if isinstance(body, str):
            body = body.encode()
        self.http.request(method, path, body, dict(headers))
        answer = self.http.getresponse()
        return answer.status, answer.headers, answer.read().decode()

    def add(self, body):
        return self.ask("POST", "/add-checkpoint", body)

    def status(self, body):
        return self.add(body)[0]

    def latest(self):
        """(size, whole note), or (0, '')"""
        code, _, text = self.ask("GET", f"/{HASH}/checkpoint")
        return (int(text.split("\n")[1]), text) if code == 200 else (0, "")


# ---- each MUST of tlog-witness, `add-checkpoint` and the monitoring GET ----

def musts(url, vkey):
    peer, witness = Peer(url), Witness(vkey)

    say(peer.ask("GET", f"/{HASH}/checkpoint")[0] == 404,
        "If the witness has never cosigned a checkpoint for that log, it MUST respond with a 404")
    for method in "GET", "PUT", "DELETE", "HEAD":
        code, headers, _ = peer.ask(method, "/add-checkpoint", "" if method == "PUT" else None)
        say(code == 405 and headers["Allow"] == "POST", f"The request MUST be an HTTP POST: {method}")
    for method in "POST", "DELETE":
        code, headers, _ = peer.ask(method, f"/{HASH}/checkpoint", "")
        say(code == 405 and "GET" in headers["Allow"], f"The request MUST be an HTTP GET: {method}")

    good = request(0, 13)
    for bad in ("", "\n", good.replace("old 0\n", ""), good.replace("old 0\n\n", "old 0\n"), "\n" + good, good.replace("old 0", "new 0"),
                good[:good.index("\n\n") + 2], "old 0\n\n" + ORIGIN + "\n", good.replace("old 0\n\n", "\nold 0\n"), good + "\n", good + "x"):
        say(peer.status(bad) == 400, f"The request body MUST be a sequence of an old size line, ...: {bad[:30]!r}")
    for bad in (good[:-1], good.replace("\n", "\r\n"), good.replace("old 0\n", "old 0\r\n")):
        say(peer.status(bad) == 400, f"Each line MUST terminate in a newline character: {bad[:30]!r}")
    for bad in "old", "old ", "old  0", "old 00", "old 01", "old -1", "old +1", "old 0x1", "old 1 ", "Old 0", "old 9007199254740992", "old \u0661", "old 0 0":
        say(peer.status(good.replace("old 0", bad)) == 400, f"The old size line MUST consist of the string `old`, a single space, and the decimal: {bad!r}")
    say(peer.latest() == (0, ""), "nothing was cosigned of all that")

    say(peer.status(request(0, 13, keys=(STRANGER,)).replace(ORIGIN, "unknown.example/log")) == 404, "If the checkpoint origin is unknown, the witness MUST respond with a 404")
    say(peer.status(request(0, 13, keys=(STRANGER,))) == 403, "The witness MUST respond with a 403 if no signature from a trusted key for the origin is present")
    say(peer.status(request(0, 13, keys=(OTHER,))) == 403, "nor does a key that is trusted for another origin sign for this one")
    forged_line = LOG.line(text_of(14, HONEST.root(14)))
    say(peer.status(request(0, 13, keys=()) + forged_line) == 403, "... or a signature line's key name and ID match a trusted key but the signature itself fails to verify: 403")
    say(peer.status(request(0, 13, keys=(SECOND,)) + forged_line) == 403, "... though another trusted key's signature stands beside it: 403")
    say(peer.status("old 14\n\n" + note(13)) == 400, "The old size MUST be equal to or lower than the checkpoint size. Otherwise 400")
    code, headers, body = peer.add(request(5, 13))
    say((code, headers["Content-Type"], body) == (409, "text/x.tlog.size", "0\n"),
        "The witness MUST check that the old size matches ... (or zero if it never cosigned a checkpoint for that origin)")
    say(peer.status("old 0\n\n" + note(0, root=HONEST.root(1))) == 422, "A checkpoint of size zero MUST have the root hash of the empty tree. Otherwise 422")
    say(peer.status(request(0, 13, proof=[H(b"x")])) == 422, "If the old size is zero, the consistency proof MUST be empty; 422 if it is not")
    say(peer.latest() == (0, ""), "nothing was cosigned of all that either")

    code, headers, body = peer.add(request(0, 13, keys=(STRANGER, LOG, OTHER)))
    text = text_of(13, HONEST.root(13))
    lines = body.split("\n")
    say(code == 200, "it MUST ignore signatures from unknown keys")
    say(code == 200 and lines[-1] == "" and len(lines) == 2 and lines[0].startswith("\u2014 "),
        "The response body MUST be a sequence of one or more note signature lines, each starting with the em dash and ending with a newline")
    stamp = witness.time_of(text, lines[0])
    say(stamp > 0, "The signatures MUST be cosignatures from the witness key(s) on the checkpoint")
    say(abs(stamp - time.time()) < 3600, "The cosignature MUST NOT omit the timestamp, i.e. the timestamp MUST NOT be zero")
    size, latest = peer.latest()
    say(size == 13 and latest.startswith(text + "\n") and lines[0] + "\n" in latest,
        "The response body MUST be a checkpoint, and it MUST include the cosignature(s) that were returned from add-checkpoint")
    say(LOG.line(text) in latest and STRANGER.line(text) not in latest, "... and the cosignature from the log key(s) that the witness verified")
    say(peer.ask("GET", f"/{HASH.upper()}/checkpoint")[0] == 404, "The origin hash is hex encoded, in lowercase")
    say(peer.ask("HEAD", f"/{HASH}/checkpoint")[0] == 200, "HEAD says what GET would")

    say(peer.status(request(13, 14)) == 200, "If all the checks above pass, the witness MUST update its record and respond with a 200")
    for old in 0, 5, 13, 15:
        code, headers, body = peer.add(request(old, 20))
        say((code, headers["Content-Type"], body) == (409, "text/x.tlog.size", "14\n"),
            f"If it doesn't match, 409; the body MUST consist of the tree size and a newline, and have a Content-Type of text/x.tlog.size: old {old}")
    proof = HONEST.proof(14, 20)
    say(len(proof) > 2, "a proof to be damaged")
    for bad in (proof[1:], proof[:-1], proof + [proof[0]], [], proof[::-1], [proof[0], H(b"x")] + proof[2:], [H(b"x")] * 63):
        say(peer.status(request(14, 20, proof=bad)) == 422, f"If a Merkle Consistency Proof doesn't verify, the witness MUST respond with a 422: {len(bad)} lines")
    for line in (b64(proof[0][:31]), b64(proof[0] + b"x"), b64(proof[0])[:-1], b64(proof[0]) + " ", proof[0].hex(), "=" * 44, b64(proof[0])[:-2] + "B="):
        say(peer.status(f"old 14\n{line}\n\n" + note(20)) == 400, f"Each consistency proof line MUST encode a single hash in base64: {line[:50]!r}")
    say(peer.status(request(14, 20, proof=[H(b"x")] * 64)) == 400, "The client MUST NOT send more than 63 consistency proof lines")
    say(peer.status(request(14, 14, FORGED)) == 422, "If the old size matches the checkpoint size, the root hashes MUST be identical; 422")
    say(peer.status(request(14, 20, FORGED)) == 422, "a proof in a history that forks before the last checkpoint is no proof")
    say(peer.latest()[0] == 14, "it MUST NOT cosign the checkpoint")
    say(peer.status(request(14, 20, keys=(LOG, SECOND))) == 200, "The submitted checkpoint MAY include multiple signatures")
    latest = peer.latest()[1]
    say(LOG.line(text_of(20, HONEST.root(20))) in latest and SECOND.line(text_of(20, HONEST.root(20))) in latest, "both keys are trusted for the origin, and both lines are kept")
    say(peer.status(request(20, 21, keys=(SECOND,))) == 200, "the log's key may change")
    say(peer.status(request(13, 14)) == 409 and peer.latest()[0] == 21, "an old request that is replayed is a conflict")
    say(peer.status(request(21, 21)) == 200, "the same again is signed again")


# ---- hostile ----

def hostile(url):
    parts = urllib.parse.urlsplit(url)
    peer = Peer(url)
    before = peer.latest()
    code, _, _ = peer.ask("POST", "/add-checkpoint", b"x" * 70000)
    say(code == 413, "a body that is longer than any request is 413")
    raw = socket.create_connection((parts.hostname, parts.port), timeout=60)
    raw.sendall(b"POST /add-checkpoint HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n")
    sent = 0
    try:
        while sent < 1 << 28:
            raw.sendall(b"8000\r\n" + b"x" * 0x8000 + b"\r\n")
            sent += 0x8000
    except OSError:
        pass
    say(sent < 1 << 26, "a body without end is cut off")
    many = [socket.create_connection((parts.hostname, parts.port), timeout=60) for _ in range(40)]
    ended = 0
    for one in many:
        one.settimeout(0.5)
        try:
            ended += one.recv(1) == b""
        except socket.timeout:
            pass
        except OSError:
            ended += 1
        one.close()
    say(0 < ended < 40, "one address has so many connections and no more")
    for path in "/", "/add-checkpoint/", "/../witness.key", f"/{HASH}/../../witness.key", "/%2e%2e/witness.key", f"/{HASH}/checkpoints/13", "/" + "a" * 5000, "//checkpoint":
        for _ in range(200):  # until the places of the many are free
            try:
                code = Peer(url).ask("GET", path)[0]
                break
            except (OSError, http.client.HTTPException):
                time.sleep(0.05)
        say(code in (404, 405, 414, 431), f"there is nothing at {path[:40]}")
    say(Peer(url).latest() == before, "and nothing has changed")


# ---- races ----

def add_at(url, old, size, history, results, barrier):
    peer = Peer(url)
    barrier.wait()
    code, _, body = peer.add(request(old, size, history))
    results.append((code, size, history.forged, body))


def race(url, vkey, sign):
    """Threads over HTTP, and other processes that sign from a file: at each old size one history wins."""
    witness, peer = Witness(vkey), Peer(url)
    rounds = 12
    size, _ = peer.latest()
    if size < PARTING:
        say(peer.status(request(size, PARTING)) == 200, "they begin where they part")
    winner = None
    for turn in range(rounds):
        old = peer.latest()[0]
        results, threads, barrier = [], [], threading.Barrier(12)
        for i in range(12):
            history = FORGED if i % 2 else HONEST
            threads.append(threading.Thread(target=add_at, args=(url, old, old + 1 + i // 2, history, results, barrier)))
            threads[-1].start()
        files = []
        for i in range(2):
            name = f"race-{turn}-{i}"
            with open(name, "w") as out:
                out.write(request(old, old + 7, (HONEST, FORGED)[i]))
            files.append((name, i == 1, subprocess.Popen(sign + ["--file", name, "-o", name + ".answer"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)))
        for thread in threads:
            thread.join()
        won = [(new, forged) for code, new, forged, _ in results if code == 200]
        for name, forged, child in files:
            if child.wait() == 0:
                won.append((old + 7, forged))
                line = open(name + ".answer").read().strip()
                if not witness.time_of(text_of(old + 7, (FORGED if forged else HONEST).root(old + 7)), line):
                    say(False, f"round {turn}: the answer of {name} does not hold")
        for code, new, forged, body in results:
            if code == 200 and not witness.time_of(text_of(new, (FORGED if forged else HONEST).root(new)), body.strip()):
                say(False, f"round {turn}: a cosignature does not hold")
        sides = {forged for _, forged in won}
        if winner is not None:
            sides.add(winner)
        if len(won) != 1 or len(sides) != 1 or peer.latest()[0] != won[0][0]:
            say(False, f"round {turn}: {won}, then {peer.latest()[0]}, before {winner}")
            return
        winner = won[0][1]
    say(True, f"of {rounds * 14} requests, two histories at once, one won at each size, and always of one history")


# ---- killed in the middle ----

def killed(directory, vkey, program):
    """kill -9 while requests are under way: whatever was answered is known afterwards, and nothing else is cosigned."""
    witness = Witness(vkey)
    given = {}  # size -> line
    old, turns = 0, 25
    for turn in range(turns):
        child = subprocess.Popen(program, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        url = child.stdout.readline().split()[-1]
        peer = Peer(url)
        size, latest = peer.latest()
        if size not in (old, old + 1) or (size in given and given[size] not in latest and not witness.time_of(text_of(size, HONEST.root(size)), latest.rstrip("\n").split("\n")[-1])):
            say(False, f"turn {turn}: the witness has {size}, {old} was answered")
            child.kill()
            return
        old = size
        timer = threading.Timer(0.002 * (turn + 1), child.kill)
        timer.start()
        try:
            while True:
                code, _, body = peer.add(request(old, old + 1))
                if code != 200:
                    say(False, f"turn {turn}: {code} {body}")
                    break
                old += 1
                given[old] = body.strip()
        except (OSError, http.client.HTTPException):
            pass
        timer.join()
        child.wait()
    kept = {int(name) for name in os.listdir(os.path.join(directory, HASH, "checkpoints")) if not name.endswith(".tmp")} if old else set()
    say(old > 0 and set(given) - {old} <= kept, f"{len(given)} cosignatures were given between {turns} kills, and all of them are kept")


# ---- offline ----

def digits(data):
    width = {7: 17, 1: 3, 2: 5, 3: 8, 4: 10, 5: 13, 6: 15}
    return "".join(str(int.from_bytes(data[i:i + 7], "big")).zfill(width[len(data[i:i + 7])]) for i in range(0, len(data), 7))


def undigits(text):
    width = {17: 7, 3: 1, 5: 2, 8: 3, 10: 4, 13: 5, 15: 6}
    return b"".join(int(text[i:i + 17]).to_bytes(width[len(text[i:i + 17])], "big") for i in range(0, len(text), 17))


def parts_of(body, kind="W", count=3):
    data = body.encode()
    step = -(-len(data) // count)
    return "".join(f"U1{kind}/{i + 1}/{count}/{digits(data[i * step:(i + 1) * step])}\n" for i in range(count))


def joined(text, kind):
    parts = {}
    for line in text.split():
        mark, number, _, rest = line.split("/")
        assert mark == "U1" + kind
        parts[int(number)] = undigits(rest)
    return b"".join(parts[i] for i in sorted(parts)).decode()


def main():
    case, *rest = sys.argv[1:]
    if case == "policy":
        print("".join(f"log {key.vkey()}\n" for key in (LOG, SECOND, OTHER)) + "quorum none")
    elif case == "hash":
        print(HASH)
    elif case == "request":
        sys.stdout.write(request(int(rest[0]), int(rest[1]), FORGED if rest[2:] == ["forged"] else HONEST))
    elif case == "parts":
        sys.stdout.write(parts_of(sys.stdin.read(), *rest))
    elif case == "joined":
        sys.stdout.write(joined(sys.stdin.read(), rest[0]))
    elif case == "cosigned":  # VKEY SIZE, the lines on standard input
        stamp = Witness(rest[0]).time_of(text_of(int(rest[1]), HONEST.root(int(rest[1]))), sys.stdin.read().strip())
        print(stamp)
        sys.exit(stamp == 0)
    elif case == "get":
        print(Peer(rest[0], *rest[1:]).ask("GET", f"/{HASH}/checkpoint")[0])
    elif case == "musts":
        musts(*rest)
    elif case == "hostile":
        hostile(*rest)
    elif case == "race":
        race(rest[0], rest[1], rest[2:])
    elif case == "killed":
        killed(rest[0], rest[1], rest[2:])
    else:
        sys.exit(f"no case {case}")
    sys.exit(1 if failed else 0)


main()
