# SPDX-License-Identifier: Apache-2.0
"""What stands on paper (SPEC 13): digits in parts, receipts, certified statements, and a PDF as small as it can be."""
import base64

from cborx import Raw, enc
from tree import inclusion, leaf_hash, sha

AAD = b"unbroken/1 certificate"
DIGITS = {0: 0, 1: 3, 2: 5, 3: 8, 4: 10, 5: 13, 6: 15, 7: 17}
BUNDLE, STATEMENT = "/application#2fvnd.unbroken.bundle", "/application#2fvnd.unbroken.statement"


def digits(data):
    """Bytes as decimal digits."""
    groups = [data[i:i + 7] for i in range(0, len(data), 7)]
    return "".join(str(int.from_bytes(g, "big")).zfill(DIGITS[len(g)]) for g in groups)


def parts(mark, data, count=1, prefix=""):
    """The texts of a paper: mark is U1R or U1C."""
    size = -(-len(data) // count)
    chunks = [data[i:i + size] for i in range(0, len(data), size)]
    return [f"{prefix}{mark}/{i}/{len(chunks)}/{digits(chunk)}" for i, chunk in enumerate(chunks, 1)]


def text(*lines):
    """A text file."""
    return "".join(line + "\n" for line in lines)


def lines_of(note, origin):
    """The signature lines of a note, as a receipt holds them."""
    out = []
    for line in note.decode().split("\n\n", 1)[1].splitlines():
        _, name, blob = line.split(" ")
        raw = base64.b64decode(blob)
        out.append([None if name == origin else name, raw[:4], raw[4:]])
    return out


def receipt(ledger, index, size=None, note=None, edit=None):
    """The receipt of a record; edit(items) may alter the items."""
    size = size or len(ledger.records)
    hashes = [leaf_hash(r) for r in ledger.records[:size]]
    items = ["unbroken receipt/1", ledger.origin_name, ledger.id, ledger.training, size,
             lines_of(note or ledger.note(size), ledger.origin), index, hashes[index], inclusion(index, hashes)]
    return enc(edit(items) or items if edit else items)


FIELDS = ["domain", "ledger", "origin", "training", "size", "root", "log", "bundle", "policy", "status", "breaches", "findings",
          "withheld", "asked_count", "asked", "records", "made", "offset", "template", "certifier"]


def statement(source, built, text_of_policy, /, certifier, key=None, kid=None, aad=AAD, header=None, raw=None, **other):
    """The signed statement about a Bundle of a ledger. certifier: [person, appointment, capacity]; key signs; other overrides fields."""
    data = built.data()
    line = lines_of(built.note, source.origin)[0]
    size, root = source.tree_head(built.size)
    said = {"domain": "unbroken certificate/1", "ledger": source.id, "origin": source.origin_name,
            "training": source.training, "size": size, "root": root, "log": line[1:], "bundle": data[-32:],
            "policy": sha(text_of_policy), "status": 3 if other.get("breaches") else 0, "breaches": 0, "findings": 0, "withheld": 0,
            "asked_count": len(built.asked), "asked": built.asked[:8], "records": len(built.records), "made": source.now + 900,
            "offset": 420, "template": "general", "certifier": certifier, **other}
    payload = raw(said) if raw else enc([said[field] for field in FIELDS])
    head = header if header is not None else enc({1: key.alg, 4: (kid or key).kid})
    return enc([head, {}, payload, key.sign(enc(["Signature1", head, aad, payload]))])


def stream(number, name, data, keys="", length=None, newline="\n", end="endstream"):
    """An embedded file as qpdf writes it; the other arguments spoil it."""
    size = len(data) if length is None else length
    return (f"{number} 0 obj\n<< /Params << /Size {len(data)} >> /Subtype {name} /Type /EmbeddedFile{keys} /Length {size} >>"
            f"{newline}stream{newline}").encode() + bytes(data) + f"{end}\nendobj\n".encode()


def pdf(*streams, info="(Certificate)", before=b"", after=b""):
    """A PDF with one empty page and these objects."""
    out = b"%PDF-1.5\n%\xbf\xf7\xa2\xfe\n" + before
    places = []
    for number, body in enumerate(("<< /Pages 2 0 R /Type /Catalog >>", "<< /Count 1 /Kids [ 3 0 R ] /Type /Pages >>",
                                   "<< /MediaBox [ 0 0 100 100 ] /Parent 2 0 R /Type /Page >>", f"<< /Title {info} >>"), 1):
        places.append(len(out))
        out += f"{number} 0 obj\n{body}\nendobj\n".encode()
    for one in streams:
        places.append(len(out))
        out += one
    start = len(out)
    out += f"xref\n0 {len(places) + 1}\n0000000000 65535 f \n".encode() + b"".join(b"%010d 00000 n \n" % at for at in places)
    out += f"trailer << /Info 4 0 R /Root 1 0 R /Size {len(places) + 1} >>\nstartxref\n{start}\n%%EOF\n".encode()
    return out + after


def certificate(bundle, said, **how):
    """The PDF with both parts."""
    return pdf(stream(5, BUNDLE, bundle), stream(6, STATEMENT, said), **how)


__all__ = ["BUNDLE", "STATEMENT", "Raw", "certificate", "digits", "parts", "pdf", "receipt", "statement", "stream", "text"]
