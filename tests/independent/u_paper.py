# SPDX-License-Identifier: Apache-2.0
"""What stands on paper (SPEC 13.1 to 13.5): digits in parts, receipts, certified statements, and the PDF around both."""
import base64
import re

import u_cbor
import u_crypto as c
from u_notes import MAX_NOTE
from u_schema import ascending, is_bytes, is_hash, is_list, is_num, is_nums, is_text

DIGITS = {3: 1, 5: 2, 8: 3, 10: 4, 13: 5, 15: 6, 17: 7}
PART = re.compile(rb"U1([RC])/([1-9])/([1-9])/([0-9]+)")
MARKER = b"/Subtype /application#2fvnd.unbroken."
HEAD = re.compile(rb"\n[0-9]{1,10} 0 obj\n<<")


class PaperError(Exception):
    """The paper is unreadable."""


def need(condition):
    if not condition:
        raise PaperError


def behind(text):
    """13.1: what stands behind the last '#'; of text or bytes."""
    return text.rpartition("#" if isinstance(text, str) else b"#")[2]


# 13.2

def undigits(text):
    out = b""
    for at in range(0, len(text), 17):
        group = text[at:at + 17]
        need(len(group) in DIGITS)
        value, size = int(group), DIGITS[len(group)]
        need(value < 1 << 8 * size)
        out += value.to_bytes(size, "big")
    return out


def lines_of(data):
    return [behind(line.strip(b" \t\r")) for line in data.split(b"\n")]


def is_paper(data):
    first = next((line for line in lines_of(data[:65536]) if line), b"")
    return first.startswith((b"U1R/", b"U1C/"))


def read_paper(data):
    """("R" or "C", the joined bytes)"""
    need(len(data) <= 65536)
    parts, whole = {}, None
    for line in filter(None, lines_of(data)):
        match = PART.fullmatch(line)
        need(match)
        kind, part, count, digits = match.groups()
        need(int(part) <= int(count) and whole in (None, (kind, count)))
        whole = kind, count
        need(parts.setdefault(int(part), digits) == digits)
    need(whole and len(parts) == int(whole[1]))
    joined = b"".join(undigits(parts[i]) for i in sorted(parts))
    need(len(joined) <= 8192)
    return whole[0].decode(), joined


def layer(data):
    try:
        return u_cbor.decode(data)
    except u_cbor.Bad:
        raise PaperError from None


def origin_line(origin, training, ledger):
    return f"{origin}/{'training/' if training else ''}{base64.b32encode(ledger).decode().rstrip('=').lower()}"


def note(origin, size, root, lines):
    """A signed note from its parts; lines: (name, blob)."""
    out = f"{origin}\n{size}\n{base64.b64encode(root).decode()}\n\n"
    out += "".join(f"\u2014 {name} {base64.b64encode(blob).decode()}\n" for name, blob in lines)
    return out.encode()


# 13.3

class Receipt:
    def __init__(self, data):
        top = layer(data)
        need(is_list(top, 9, 9) and top[0] == "unbroken receipt/1" and is_text(top[1], 1, 64) and is_hash(top[2]))
        need(type(top[3]) is bool and is_num(top[4]) and is_list(top[5], 1, 8) and is_num(top[6]) and is_hash(top[7]))
        need(is_list(top[8], 0, 64) and all(map(is_hash, top[8])))
        for line in top[5]:
            need(is_list(line, 3, 3) and (line[0] is None or is_text(line[0], 1, 255)) and is_bytes(line[1], 4))
            need(is_bytes(line[2], 64) or is_bytes(line[2], 72))
        need(top[5][0][0] is None)
        self.index, self.record = top[6], top[7]
        root = c.inclusion_root(self.record, self.index, top[4], top[8])
        need(root is not None)
        origin = origin_line(top[1], top[3], top[2])
        self.note = note(origin, top[4], root, [(origin if name is None else name, kid + value) for name, kid, value in top[5]])


# 13.4

def seconds_of_a_day(x):
    return type(x) is int and -1440 <= x <= 1440


class Statement:
    def __init__(self, data):
        need(len(data) <= 500)
        self.data, top = data, layer(data)
        need(is_list(top, 4, 4) and is_bytes(top[0]) and type(top[1]) is dict and not top[1] and is_bytes(top[2]) and is_bytes(top[3], 64))
        self.header, _, self.payload, self.signature = top
        head = layer(self.header)
        need(type(head) is dict and set(head) == {1, 4} and type(head[1]) is int and head[1] in (-19, -9) and is_hash(head[4]))
        self.algorithm, self.kid = head[1], head[4]
        items = layer(self.payload)
        need(is_list(items, 20, 20) and items[0] == "unbroken certificate/1")
        (_, self.ledger, self.origin, self.training, self.size, self.root, self.log, self.bundle, self.policy, self.status, self.breaches,
         self.findings, self.withheld, self.asked_count, self.asked, self.records, self.made, self.offset, self.template,
         self.certifier) = items
        need(all(map(is_hash, (self.ledger, self.root, self.bundle, self.policy))) and is_text(self.origin, 1, 64))
        need(type(self.training) is bool and is_nums([self.size, self.breaches, self.findings, self.withheld, self.asked_count,
                                                      self.records, self.made, self.status]) and self.status in (0, 3))
        need(is_list(self.log, 2, 2) and is_bytes(self.log[0], 4) and is_bytes(self.log[1], 64))
        need(is_nums(self.asked, 1, 8) and ascending(self.asked) and len(self.asked) <= self.asked_count)
        need(seconds_of_a_day(self.offset) and is_text(self.template, 1, 24) and re.fullmatch("[a-z0-9-]+", self.template))
        need(is_nums(self.certifier, 3, 3) and self.certifier[2] <= 255)

    def number(self):
        text = base64.b32encode(c.H(self.data)[:10]).decode()
        return "-".join(text[i:i + 4] for i in range(0, 16, 4))

    def note(self):
        origin = origin_line(self.origin, self.training, self.ledger)
        return note(origin, self.size, self.root, [(origin, self.log[0] + self.log[1])])

    def valid(self, key):
        """Signed with that key (2.4)?"""
        if key is None or (key[0], c.kid_of(key)) != (self.algorithm, self.kid):
            return False
        message = u_cbor.encode(["Signature1", self.header, b"unbroken/1 certificate", self.payload])
        return (c.ed25519_valid if key[0] == -19 else c.esp256_valid)(key[1], self.signature, message)


# 13.5

def extract(pdf):
    """(bundle, statement)"""
    found, start, at = {}, 0, 0
    while True:
        at = pdf.find(MARKER, at)
        stream = pdf.find(b">>\nstream\n", at)
        if at < 0 or stream < 0:
            break
        heads = [match.end() - 2 for match in HEAD.finditer(pdf, max(start - 1, at - 2048), at)]
        at += 1
        dictionary = heads[-1] if heads else 0
        if not heads or stream - dictionary > 1024 or b"endobj" in pdf[dictionary:stream]:
            continue
        text = pdf[dictionary:stream]
        kind = re.search(re.escape(MARKER) + b"(bundle|statement) ", text)
        length = re.search(rb"/Length (0|[1-9][0-9]{0,9}) [/>]", pdf[dictionary:stream + 2])
        need(kind and kind.group(1) not in found and text.count(MARKER) == 1)
        need(length and text.count(b"/Length ") == 1 and b"/F" not in text and b"/DecodeParms" not in text)
        first, end = stream + 10, stream + 10 + int(length.group(1))
        need(end <= len(pdf) and (pdf.startswith(b"endstream", end) or pdf.startswith(b"\nendstream", end)))
        found[kind.group(1)] = pdf[first:end]
        start = at = end
    need(len(found) == 2)
    return found[b"bundle"], found[b"statement"]


# V14

def shown(data, open_bundle):
    """(note, None or a receipt) of an older paper or file; open_bundle gives a bundle's note."""
    if data.startswith(b"%PDF-"):
        return open_bundle(extract(data)[0]), None
    if data[:1] and data[0] >> 5 == 4:
        return open_bundle(data), None
    if is_paper(data):
        kind, joined = read_paper(data)
        if kind == "R":
            receipt = Receipt(joined)
            return receipt.note, receipt
        return Statement(joined).note(), None
    need(len(data) <= MAX_NOTE)
    return data, None
