# SPDX-License-Identifier: Apache-2.0
"""Certificates (SPEC 13.4 to 13.6, V17) and receipts (13.3, V14)."""
import paper
from bundle import Bundle, reseal
from cborx import Raw, enc, head, wide
from codes import TOOFFICE
from custody import Desk, seized, station
from forge import Person, attachment, entry
from keys import Key
from make import subject
from paper import BUNDLE, STATEMENT, certificate, pdf, stream
from tree import sha

INTACT = (0, "intact", None)
UNREADABLE = (2, "unreadable", None)
FALSE = (1, "certificate", None)
DARA = 4


def build(book):
    """All vectors of this file."""
    fields(book)
    told(book)
    certifiers(book)
    whole(book)
    files(book)
    malformed(book)
    receipts(book)
    older_certificates(book)


class Case:
    """A ledger at its end, a bundle of it, and who certifies."""

    def __init__(self, book, ledger, asked, who="dara", office=None, **how):
        if len(ledger.records) - 1 not in ledger.heads_at:
            ledger.heads()
        self.book, self.ledger, self.person = book, ledger, ledger.people[who]
        self.policy = book.policy(ledger)
        self.bundle = Bundle(ledger, asked, **how)
        self.signer = self.person.signer(office)

    def said(self, **other):
        """The signed statement."""
        args = {"certifier": self.signer, "key": self.person.key, **other}
        return paper.statement(self.ledger, self.bundle, self.book.files[self.policy], **args)

    def add(self, name, verdict, what, broken=(), options=(), data=None, reader=None, **other):
        """A certificate with these fields of its statement."""
        data = data or certificate(self.bundle.data(), self.said(**other))
        self.book.add(f"certificate-{name}.pdf", data, reader or self.policy, *verdict, "a certificate: " + what, broken, options)


def plain(book):
    """Nothing to find: a thing seized, registered and handed over. Its item is 6."""
    ledger = seized(search=False)
    ledger.hand("chan", "dara", ledger.items, pieces=1)
    return Case(book, ledger, [DARA, *ledger.items])


def fields(book):
    """Each field of the statement is compared."""
    case = plain(book)
    case.add("good", INTACT, "intact")
    other = book.policy(case.ledger, witnesses=[("w", "w.example", Key("w-of-another"))], name="another")
    case.add("other-policy", INTACT, "made under another policy than the reader's: told, and no failure", reader=other)
    case.add("tag-superseded", INTACT, "with a tag that is asked about", options=["--tag", case.ledger.tag(6)])
    false = {"ledger": b"x" * 32, "origin": "elsewhere.example", "training": True, "size": 5, "root": b"x" * 32, "bundle": b"x" * 32,
             "status": 3, "breaches": 1, "findings": 1, "withheld": 1, "asked_count": 3, "asked": [DARA, 7], "records": 4}
    for field, value in false.items():
        case.add("false-" + field.replace("_", "-"), FALSE, f"signed, and its {field} is another than the bundle's", **{field: value})
    line = paper.lines_of(case.bundle.note, case.ledger.origin)[0]
    case.add("false-log-id", FALSE, "signed, with the id of another log's key", log=[b"abcd", line[2]])
    case.add("false-log-signature", FALSE, "signed, with another signature of the log", log=[line[1], b"x" * 64])
    case.add("asked-fewer", INTACT, "with only the first of the subjects asked for", asked=[DARA])
    case.add("asked-not-first", FALSE, "with the second of the subjects asked for alone", asked=[6])
    wide_case = Case(book, seized(9, search=False), range(3, 15))
    wide_case.add("asked-twelve", INTACT, "twelve subjects asked for, eight named")
    for field, value in {"made": 1, "offset": 0, "template": "us-fre-902"}.items():
        signed = case.said()
        payload = case.said(**{field: value}, key=Key("nobody"), kid=case.person.key)
        case.add("altered-" + field, (1, "certifier", subject(DARA)), f"its {field} altered after it was signed",
                 data=certificate(case.bundle.data(), payload[:-64] + signed[-64:]))


def told(book):
    """Everything that the lines of 13.6 tell: agreement of two readers shows that the document says how."""
    ledger = Desk(succeeds=[b"o" * 32, 40, b"r" * 32, None, None])
    ledger.people["chan"] = Person(3, Key("chan"))
    ledger.people["chan"].appointments[2] = 1
    ledger.act("enrol", ["anna", ("chan", [3, 0, 0])], [entry(3, facts={0: 2, 10: Key("chan").cose, 11: 2},
                                                              person_name="ឡុង ចាន់", agency="Customs \\ Excise")])
    for who, office in (("dara", 3), ("rith", 4), ("phal", 7), ("count", 5)):
        ledger.enrol(who, office)
    case = ledger.case = 8
    ledger.act("open", ["chan"], [entry(case, facts={0: 4})], {"docket": "12/2016", "law": ["art. 98", "art. 101"], "court": "Phnom Penh"})
    ledger.place()                                                                  # 9
    things = ledger.allot("chan", 6)                                                # 10 to 15
    crates = ledger.crate("chan", 2)                                                # 16, 17
    spare = ledger.allot("chan", 1)                                                 # 18
    ledger.seize("chan", "dara", case)
    rows = [entry(i, facts={1: case, 2: i, 5: i * 1000001}, description=["ភ្លុក " * (40 if i == 11 else 1), "second"], species="Loxodonta")
            for i in things]
    register = ledger.act("register", ["chan"], [entry(case, 1), *rows, *(entry(i, facts={1: case, 2: 1}) for i in crates)], extra={12: 9})
    ledger.act("correct", ["chan", "dara"], [entry(10, description="corrected", species="Elephas")], {"reason": "misread"}, ledger.amends(register))
    ledger.act("identify", ["rith"], [entry(12), entry(13, identification="Loxodonta cyclotis")], {"identification": "Loxodonta africana"}, {13: 2})
    ledger.act("identify", ["rith"], [entry(14, identification="Mammuthus")], extra={13: 1})
    ledger.act("correct", ["chan", "dara"], [entry(12, species="Elephas")], {"reason": "x"}, ledger.amends(register))
    note = ledger.act("note", ["chan"], [entry(10, note="x", description="stolen name")])
    ledger.act("correct", ["chan", "dara"], [entry(10, description="stolen name")], {"reason": "x"}, ledger.amends(note))
    ledger.order("phal", 13, [4])
    ledger.seal("chan", "dara", 15, ["B-2", "A\\1"])
    ledger.pack("chan", [10, 11], 16)
    ledger.pack("chan", [16], 17)
    ledger.act("void", ["chan", "dara"], [entry(spare[0])], extra={13: 3})
    release = ledger.release("chan", [17], [None, 3, 9], pieces=1)
    ledger.accept("dara", release, [17], at=9, pieces=1)
    ledger.stocktake(["count", "dara"], 9, {14: 3})
    late = ledger.act("release", ["rith"], [entry(14, facts={2: 14})], {"reason": "no custodian there"}, {9: [4, None, None], 13: 2, 19: True})
    breaches = [("deviation", late, None), ("signers-rule", late, 14)]
    missing = len(ledger.records) - 2
    ledger.heads()
    witness = ("w.example", Key("w-of-another"), ledger.now)
    policy = book.policy(ledger, witnesses=[("w", "w.example", Key("w-of-another"))],
                         groups=[("auditors", "all", ["w"]), ("all", "all", ["auditors"])], quorum="all", name="audited")
    breaches.append(("missing", missing, 14))
    for name, asked in ("told", [0, 4, 8, 9, 18]), ("told-things", [4, 10, 16, 18]):
        case_ = Case(book, ledger, asked, note=ledger.note(witnesses=[witness]), withhold=[(register, 13, 4)])
        all_ = name == "told"
        findings = 4 if all_ else 2
        case_.add(name, (3, "custody", None) if all_ else INTACT, "of all that can be told" if all_ else "of things in containers, and a void one",
                  breaches if all_ else (), reader=policy, breaches=len(breaches) if all_ else 0, findings=findings, withheld=2 if all_ else 0)


def certifiers(book):
    """Who signs, with which key, in which office."""
    case = plain(book)
    wrong = (1, "certifier", subject(DARA))
    case.add("other-signer", wrong, "signed by another than whom it names", key=case.ledger.people["chan"].key)
    case.add("other-kid", wrong, "signed by another, with the kid of whom it names", key=Key("nobody"), kid=case.person.key)
    case.add("other-context", wrong, "signed as if it were an act", aad=b"unbroken/1 act")
    case.add("other-office", wrong, "in an office that the appointment did not give", certifier=[DARA, 1, 8])
    case.add("no-office", wrong, "in no office", certifier=[DARA, 0, 0])
    case.add("no-appointment", wrong, "by an appointment that is none", certifier=[DARA, 2, 3])
    case.add("thing-certifies", (1, "certifier", subject(6)), "by a thing", certifier=[6, 1, 3])
    case.add("not-in-bundle", (1, "certifier", subject(99)), "by a person whom the bundle does not prove", certifier=[99, 1, 3])
    case.add("registrar", INTACT, "by a founder, as registrar", certifier=[1, 1, 1], key=case.ledger.people["anna"].key)

    ledger = seized(search=False, staff=[("piv", "prosecutor")])
    Case(book, ledger, [5, *ledger.items], "piv").add("prosecutor", INTACT, "by a prosecutor who signed nothing else")
    ledger = Desk()
    ledger.enrol("piv", "officer", Key("piv", -9))
    ledger.open_case("piv")
    Case(book, ledger, [3, 4], "piv").add("esp256", INTACT, "signed with P-256")

    def changed(name, verdict, what, change, **how):
        ledger = seized(search=False)
        change(ledger)
        case = Case(book, ledger, [DARA, *ledger.items])
        case.add(name, verdict, what, **how)
    changed("revoked", wrong, "by a person whose key is revoked", lambda x: x.act("revoke", ["anna"], [entry(DARA)]))
    changed("office-ended", wrong, "in an office that has ended",
            lambda x: x.act("end", ["anna"], [entry(DARA, facts={TOOFFICE: 3})]))
    changed("office-ended-later", INTACT, "in a second office, the first has ended", lambda x: (
        x.appoint("dara", 4), x.act("end", ["anna"], [entry(DARA, facts={TOOFFICE: 3})])), certifier=[DARA, 2, 4])
    new = Key("dara-new")

    def rekeyed(ledger):
        ledger.act("rekey", ["anna", ("dara", [DARA, 0, 0], new), ("dara", [DARA, 1, 3])], [entry(DARA, facts={10: new.cose})])
    changed("old-key", wrong, "signed with a key that was replaced", rekeyed)
    changed("new-key", INTACT, "signed with a key that replaced another", rekeyed, key=new)


def whole(book):
    """Verdicts other than intact."""
    ledger = seized(search=False)
    release = ledger.release("chan", ledger.items, "dara", pieces=1)
    at = ledger.accept("dara", release, ledger.items, pieces=2)
    breach = [("pieces", at, 6)]
    case = Case(book, ledger, [DARA, 6])
    case.add("custody", (3, "custody", None), "of a thing with a breach", breach, breaches=1)
    case.add("custody-hidden", FALSE, "of a thing with a breach, which is said to be intact", breaches=0)
    case.add("custody-status-0", FALSE, "of a thing with a breach, counted and said to be intact", breaches=1, status=0)

    ledger = seized(staff=[("phal", "prosecutor")])
    ledger.act("order", ["phal"], [entry(ledger.case, facts={15: [63]}, order="Order 77/17")])
    seizure = next(i for i, step in enumerate(ledger.steps) if step["kind"] == 12)
    case = Case(book, ledger, [DARA, ledger.case], withhold=[(seizure, ledger.case, 63)])
    case.add("withheld", INTACT, "of a case, with two names withheld", withheld=2)

    ledger = seized(search=False)
    ledger.release("chan", ledger.items, "dara", pieces=1)
    Case(book, ledger, [DARA, 6]).add("finding", INTACT, "of a thing that is on its way", findings=1)

    ledger = station(training=True)
    case = Case(book, ledger, [DARA, ledger.case])
    case.add("training", (2, "training", None), "of a training ledger")
    case.add("training-accepted", INTACT, "of a training ledger, for an exercise", options=["--training"])
    case = plain(book)
    case.add("as-of", (2, "stale", None), "older than asked for", options=["--as-of", "1800000000"])
    other = seized(search=False)
    other.items = [6]
    other.hand("chan", "dara", other.items, pieces=1)
    other.simple("note", ["chan"], 6, note="another end")
    another = Case(book, other, [DARA, 6])
    case.add("of-another", FALSE, "the statement of another certificate around a good bundle",
             data=certificate(case.bundle.data(), another.said()))
    data = bytearray(case.bundle.data())
    data[300] ^= 1
    case.add("bundle-damaged", (2, "transport", None), "a bundle with a bit turned", data=certificate(bytes(data), case.said()))
    case.add("bundle-altered", (1, "checkpoint", None), "a checkpoint altered in the bundle, its whole-file check made anew",
             data=certificate(reseal(case.bundle.data().replace(b"\n%d\n" % case.bundle.size, b"\n%d\n" % (case.bundle.size + 1))), case.said()))


def files(book):
    """The PDF profile (13.5)."""
    case = plain(book)
    bundle, said = case.bundle.data(), case.said()
    good_bundle, good_said = stream(5, BUNDLE, bundle), stream(6, STATEMENT, said)

    def add(name, verdict, what, data):
        case.add("pdf-" + name, verdict, what, data=data)
    add("other-order", INTACT, "the statement before the bundle", pdf(stream(5, STATEMENT, said), stream(6, BUNDLE, bundle)))
    add("newline-before-end", INTACT, "a newline before endstream",
        pdf(stream(5, BUNDLE, bundle, end="\nendstream"), stream(6, STATEMENT, said, end="\nendstream")))
    add("appended", INTACT, "bytes behind the end of the PDF: the page is not what is checked",
        certificate(bundle, said, after=b"3 0 obj\n<< /Type /Page >>\nendobj\n"))
    words = f"(/Subtype {BUNDLE} )"
    add("words-in-title", INTACT, "the marker in the title of the document", certificate(bundle, said, info=words))
    add("words-alone", UNREADABLE, "the marker in the title, and no attachment", pdf(info=words))
    add("no-bundle", UNREADABLE, "without a bundle", pdf(good_said))
    add("no-statement", UNREADABLE, "without a statement", pdf(good_bundle))
    add("two-bundles", UNREADABLE, "with two bundles", pdf(good_bundle, good_said, stream(7, BUNDLE, bundle)))
    add("two-statements", UNREADABLE, "with two statements", pdf(good_bundle, good_said, stream(7, STATEMENT, said)))
    add("other-kind", UNREADABLE, "with a third attachment of ours",
        pdf(good_bundle, good_said, stream(7, "/application#2fvnd.unbroken.thing", said)))
    add("filter", UNREADABLE, "a bundle with a filter", pdf(stream(5, BUNDLE, bundle, " /Filter /FlateDecode"), good_said))
    add("file", UNREADABLE, "a bundle that is in another file", pdf(stream(5, BUNDLE, bundle, " /F (x)"), good_said))
    add("indirect", UNREADABLE, "a length that is another object", pdf(stream(5, BUNDLE, bundle, length=f"{len(bundle)} 0 R"), good_said))
    add("length-twice", UNREADABLE, "two lengths", pdf(stream(5, BUNDLE, bundle, " /Length 5"), good_said))
    add("length-zero-before", UNREADABLE, "a length with a zero before it", pdf(stream(5, BUNDLE, bundle, length=f"0{len(bundle)}"), good_said))
    add("length-less", UNREADABLE, "a length that is one too small", pdf(stream(5, BUNDLE, bundle, length=len(bundle) - 1), good_said))
    add("length-more", UNREADABLE, "a length that is two too large", pdf(stream(5, BUNDLE, bundle, length=len(bundle) + 2), good_said))
    add("length-huge", UNREADABLE, "a length of ten digits", pdf(stream(5, BUNDLE, bundle, length=9999999999), good_said))
    add("lines-of-two", UNREADABLE, "lines that end with CR LF", pdf(stream(5, BUNDLE, bundle, newline="\r\n"), good_said))
    add("dictionary-long", UNREADABLE, "a dictionary of more than 1,024 bytes", pdf(stream(5, BUNDLE, bundle, " /X (" + "x" * 1000 + ")"), good_said))
    add("truncated", UNREADABLE, "cut off within the bundle", certificate(bundle, said)[:len(bundle) // 2])
    add("nothing", UNREADABLE, "five bytes", b"%PDF-")
    ledger = seized(search=False)
    old = certificate(bundle, said)
    ledger.attachments[sha(old)] = old
    ledger.act("attach", ["chan"], [entry(6, attachment=attachment(old, "application/pdf"))])
    later = Case(book, ledger, [DARA, 6])
    later.add("pdf-inside", INTACT, "whose bundle has an earlier certificate attached: markers within a bundle do not count")


def malformed(book):
    """The statement by itself."""
    case = plain(book)

    def add(name, what, said):
        case.add("statement-" + name, UNREADABLE, what, data=certificate(case.bundle.data(), said))

    def payload(name, what, **other):
        add(name, what, case.said(**other))

    def raw(change):
        return lambda said: change([said[field] for field in paper.FIELDS])
    add("nothing", "an empty statement", b"")
    add("trailing", "a byte behind the statement", case.said() + b"\0")
    add("array", "a statement of five items", b"\x85" + case.said()[1:] + b"\xf6")
    add("unprotected", "an unprotected header", case.said().replace(b"\xa0\x59", b"\xa1\x04\x01\x59"))
    payload("domain", "another first item", domain="unbroken certificate/2")
    payload("status-1", "the status 1", status=1)
    payload("asked-none", "nothing asked for", asked=[])
    payload("asked-nine", "nine subjects named", asked_count=9, asked=list(range(9)))
    payload("asked-descending", "subjects that descend", asked=[6, 4])
    payload("asked-more", "more subjects named than counted", asked_count=1)
    payload("offset", "an offset beyond a day", offset=1441)
    payload("template-long", "a template with 25 characters", template="x" * 25)
    payload("template-path", "a template that is a path", template="../general")
    payload("origin-long", "an origin of 65 characters", origin="x" * 65)
    payload("capacity", "a capacity beyond 255", certifier=[4, 1, 256])
    payload("hash-short", "a hash of 31 bytes", bundle=b"x" * 31)
    payload("wide", "an integer not in its shortest form", size=wide(9))
    payload("huge", "a length beyond the input", origin=Raw(head(3, 2**40)))
    payload("payload-trailing", "a byte behind the payload", raw=raw(lambda items: enc(items) + b"\0"))
    payload("field-missing", "one item less", raw=raw(lambda items: enc(items[:-1])))
    payload("header-order", "a header with its keys the other way", header=b"\xa2\x04\x58\x20" + b"x" * 32 + b"\x01\x32")
    payload("header-algorithm", "another algorithm", header=enc({1: -7, 4: b"x" * 32}))
    payload("header-more", "a third key in the header", header=enc({1: -19, 4: case.person.key.kid, 5: 0}))
    add("long", "a statement of 501 bytes", case.said(origin=Raw(head(3, 64 + 501 - long(case)) + b"x" * (64 + 501 - long(case)))))


def long(case):
    """The length of a statement with 64 characters of origin."""
    return len(case.said(origin="x" * 64))


def receipts(book):
    """--since with a receipt. The bundle proves what it has seen: `at` records."""
    ledger = seized(search=False)
    ledger.heads()
    at = len(ledger.records)
    index = at - 2
    fork = ledger.copy()
    fork.act("note", ["chan"], [entry(6, note="another")])
    fork.heads()
    ledger.hand("chan", "dara", ledger.items, pieces=1)
    ledger.heads()
    bundle = Bundle(ledger, [6], anchors=[(at, None)])
    policy = book.policy(ledger)
    mine = paper.receipt(ledger, index, at)

    def add(name, verdict, what, *lines, data=None):
        file = book.file(f"receipt-{name}.since", data if data is not None else paper.text(*lines))
        book.add("receipts", bundle.data(), policy, *verdict, "--since with a receipt: " + what, options=["--since", file])
    unreadable = (2, "since-unreadable", None)
    three = paper.parts("U1R", mine, 3)
    add("good", INTACT, "in one part", *paper.parts("U1R", mine))
    add("three", INTACT, "in three parts", *three)
    add("address", INTACT, "behind an address", *paper.parts("U1R", mine, 2, "HTTPS://EVIDENCE.EXAMPLE/#"))
    add("addresses", INTACT, "behind an address with two #", *paper.parts("U1R", mine, 1, "HTTPS://EVIDENCE.EXAMPLE/#1#"))
    add("any-order", INTACT, "in three parts, as they were scanned: in another order, one twice, with CR LF and spaces",
        data="\r\n\r\n ".join(["", three[2] + "\t", three[0], three[2], three[1], ""]).encode())
    add("missing", unreadable, "with a part missing", three[0], three[2])
    add("contradicting", unreadable, "with two texts of one part", *three, three[1][:-1] + str((int(three[1][-1]) + 1) % 10))
    add("swapped", unreadable, "with two parts swapped", three[0].replace("U1R/1", "U1R/2"), three[1].replace("U1R/2", "U1R/1"), three[2])
    add("mixed", unreadable, "with a part of two and one of three", three[0], *paper.parts("U1R", mine, 2)[1:])
    add("kinds", unreadable, "with a part of a statement", three[0], three[1], three[2].replace("U1R", "U1C"))
    add("as-statement", unreadable, "under the mark of a statement", *paper.parts("U1C", mine))
    add("ten-parts", unreadable, "with ten parts", f"U1R/1/10/{paper.digits(mine)}")
    add("part-zero", unreadable, "with a part 0", paper.parts("U1R", mine)[0].replace("U1R/1", "U1R/0"))
    add("no-digits", unreadable, "with a part that is empty", "U1R/1/1/")
    add("letters", unreadable, "with a letter among the digits", paper.parts("U1R", mine)[0][:-1] + "O")
    add("cut", unreadable, "with the last digit cut off", paper.parts("U1R", mine)[0][:-1])
    add("group-too-big", unreadable, "with a group that is no seven bytes", "U1R/1/1/" + "9" * 17)
    add("words", unreadable, "with a line of something else", *three, "scanned by Dara")
    add("lower-case", unreadable, "in lower case", paper.parts("u1r", mine)[0])
    for name, what, edit in (
            ("record-altered", "its record another", lambda i: i[:7] + [b"x" * 32] + i[8:]),
            ("index-altered", "its record's number another", lambda i: i[:6] + [i[6] - 1] + i[7:]),
            ("size-altered", "its size another", lambda i: i[:4] + [i[4] + 1] + i[5:]),
            ("origin-altered", "its origin another", lambda i: i[:1] + ["elsewhere.example"] + i[2:]),
            ("training-altered", "said to be training", lambda i: i[:3] + [True] + i[4:]),
            ("signature-altered", "its signature another", lambda i: i[:5] + [[[None, i[5][0][1], b"x" * 64]]] + i[6:]),
            ("path-longer", "with a node too many", lambda i: i[:8] + [i[8] + [b"x" * 32]]),
            ("path-shorter", "with a node too few", lambda i: i[:8] + [i[8][:-1]]),
            ("unsigned", "without signatures", lambda i: i[:5] + [[]] + i[6:]),
            ("name-first", "with another's signature first", lambda i: i[:5] + [[["w.example", b"abcd", b"x" * 72], *i[5]]] + i[6:]),
            ("nine", "with nine signatures", lambda i: i[:5] + [i[5] * 9] + i[6:]),
            ("signature-65", "with a signature of 65 bytes", lambda i: i[:5] + [[[None, i[5][0][1], b"x" * 65]]] + i[6:]),
            ("domain", "of another version", lambda i: ["unbroken receipt/2"] + i[1:])):
        add(name, unreadable, what, *paper.parts("U1R", paper.receipt(ledger, index, at, edit=edit)))
    witness = ("w.example", Key("w-of-another"), ledger.now)
    add("cosigned", INTACT, "with a witness's cosignature",
        *paper.parts("U1R", paper.receipt(ledger, index, at, note=ledger.note(at, witnesses=[witness])), 2))
    add("unproven", (2, "since-unproven", None), "of a size that the bundle says nothing of",
        *paper.parts("U1R", paper.receipt(ledger, 2, at + 2)))
    add("fork", (1, "fork", None), "of another history, at a record that the bundle has", *paper.parts("U1R", paper.receipt(fork, at, at + 2)))
    add("fork-before", (2, "since-unproven", None), "of another history, at a record that both share",
        *paper.parts("U1R", paper.receipt(fork, index, at + 2)))
    long_fork = fork.copy()
    for _ in range(6):
        long_fork.heads()
    add("fork-longer", (1, "fork", None), "of another history, longer than the bundle's",
        *paper.parts("U1R", paper.receipt(long_fork, at)))
    newer = ledger.copy()
    newer.heads()
    add("newer", (2, "stale", None), "newer than the bundle", *paper.parts("U1R", paper.receipt(newer, index)))
    add("same-size", INTACT, "of the same checkpoint", *paper.parts("U1R", paper.receipt(ledger, index)))


def older_certificates(book):
    """--since with a certificate: its PDF, or the text of its QR."""
    case = plain(book)
    later = case.ledger.copy()
    later.simple("note", ["chan"], 6, note="later")
    later.heads()
    data = Bundle(later, [6], anchors=[(case.bundle.size, None)]).data()
    said = case.said()

    def add(name, verdict, what, file):
        file = book.file(f"certificate-{name}.since", file)
        book.add("certificate-later", data, case.policy, *verdict, "--since with " + what, options=["--since", file])
    add("pdf", INTACT, "a certificate's PDF", certificate(case.bundle.data(), said))
    add("text", INTACT, "the text of a certificate's QR", paper.text(*paper.parts("U1C", said, 1, "HTTPS://EVIDENCE.EXAMPLE/#")))
    add("text-false", (2, "since-unreadable", None), "the text of a certificate's QR, its root another",
        paper.text(*paper.parts("U1C", case.said(root=b"x" * 32))))
    add("pdf-empty", (2, "since-unreadable", None), "a PDF without a bundle", pdf())
    tag = "HTTPS://EVIDENCE.EXAMPLE/#" + case.ledger.tag(6)
    book.add("certificate-later", data, case.policy, *INTACT, "--tag with an address before it", options=["--tag", tag])
    book.add("certificate-later", data, case.policy, 2, "not-a-tag", None, "--tag with an address alone",
             options=["--tag", "HTTPS://EVIDENCE.EXAMPLE/#"])
