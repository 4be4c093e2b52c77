#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Labels as their users see them: on every stock, as PDF, picture and ZPL, every QR is found by two readers and says the tag and no fact of the case;
the printer's language draws the same picture; every field stands on the label in each language; and bad pictures are read all the same, or nearly: the
rates for each stock stand in a table. Breaks when a module is no whole number of dots, when a QR is too small, or when a text is lost."""

import os
import random
import re
import subprocess
import sys
import tempfile

from PIL import Image, ImageChops

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from paper_eyes import KINDS, zbar, zxing  # noqa: E402

BUILD = os.path.abspath(os.environ.get("BUILD", "build"))
os.environ["BUILD"] = BUILD
U = os.path.join(BUILD, "unbroken")
QRS = {"evidence": 2, "shelf": 2, "asset": 1, "roll": 2, "a4-21": 2, "a4-10": 2}
LABEL = ["evidence", "shelf", "asset", "roll"]  # that a label printer takes
DPIS = [203, 300, 600]
FLOOR = 0.9  # of the labels of each kind, by any of both readers on any of its QR
TIMES = 2
SHEETS = {"a4-21": (7.25, 15.15, 63.5, 38.1), "a4-10": (4.65, 6, 99.1, 57)}  # the first label, mm
SECRETS = ["214", "tusk", "ivory", "Dara", "customs", "41001"]
NOW = ["--now", "2018-12-13T10:00:00+07:00", "--passphrase-file", "pass"]
passed = failed = 0


def check(good, text):
    global passed, failed
    passed, failed = passed + bool(good), failed + (not good)
    if not good:
        print("FAILED:", text)


def run(*words):
    done = subprocess.run([U, *words], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)
    text = done.stdout.decode()
    if done.returncode != 0:
        sys.exit(f"unbroken {' '.join(words)}: {text}\n1 passed, 1 failed")
    return text


def make_ledger():
    with open("pass", "w", encoding="ascii") as out:
        out.write("a passphrase\n")
    for key in ("r1", "r2", "off", "off2"):
        run("key", "new", f"{key}.key", *NOW[2:])
    run("ledger", "init", "led", "--origin", "kh-pp.example/custody", "--code", "KHPP", "--threshold", "1", "--registrar", "r1.key,name=One", "--registrar",
        "r2.key,name=Two", "--training", *NOW)
    os.environ["UNBROKEN_LEDGER"] = "led"
    run("person", "enrol", "--name", "Sok Dara", "--agency", "Customs, Phnom Penh port", "--office", "officer", "--key", "r1.key", "--key", "off.key", *NOW)
    run("person", "enrol", "--name", "Chea Vanna", "--office", "officer", "--key", "r1.key", "--key", "off2.key", *NOW)
    case = re.search(r"KHPP-\d+-\w", run("case", "open", "--docket", "PP 214/2018", "--law", "Law", "--key", "off.key", *NOW))[0]
    names = re.search(r"(KHPP-\d+-\w)\.\.", run("allot", "2", "--key", "off.key", *NOW))[1]
    with open("list.csv", "w", encoding="utf-8") as out:
        out.write("ref,description,species,specimen,quantity,unit,weight_g\nT-1,Tusk ភ្លុក ngà voi,Loxodonta africana,IVP,1,piece,1850\n")
    run("register", case, "--items", "list.csv", "--key", "off.key", *NOW)
    run("seal", names, "--put-on", "KH-41001", "--key", "off.key", "--key", "off2.key", *NOW)
    return names


def pictures(thing, stock):
    """The stock's labels as pictures: (what, path, how many tags). PDF at 300 dpi and PNG at each of DPIS, each a print of its own."""
    run("label", thing, "--pdf", "l.pdf", "--force", "--stock", stock, "--initials", "SD", "--key", "off.key", *NOW)
    subprocess.run(["pdftoppm", "-r", "300", "-gray", "-png", "-singlefile", "l.pdf", f"{stock}-pdf"], check=True)
    if stock in SHEETS:
        left, top, width, height = (round(mm / 25.4 * 300) for mm in SHEETS[stock])
        with Image.open(f"{stock}-pdf.png") as sheet:
            sheet.crop((left, top, left + width, top + height)).save(f"{stock}-pdf.png")
    yield f"{stock} PDF", f"{stock}-pdf.png"
    for dpi in DPIS:
        said = run("label", thing, "--png", "pics", "--stock", stock, "--dpi", str(dpi), "--key", "off.key", *NOW)
        newest = max(os.listdir("pics"), key=lambda name: int(re.search(r"print-(\d+)", name)[1]))
        check("1 label" in said, said)
        os.replace(os.path.join("pics", newest), f"{stock}-{dpi}.png")
        yield f"{stock} PNG at {dpi}", f"{stock}-{dpi}.png"


def whole(thing, stock):
    tag = re.compile(rf"U1/{thing}/[A-Z2-7]{{16}}/\d+$")
    shown = list(pictures(thing, stock))
    for (what, path), by_zxing in zip(shown, zxing([path for _, path in shown])):
        by_zbar = zbar(path)
        check(len(by_zxing) == QRS[stock] and len(set(by_zxing)) == 1, f"{what}: zxing finds {by_zxing}")
        check(set(by_zbar) == set(by_zxing), f"{what}: zbar finds {by_zbar}, zxing {by_zxing}")
        check(all(tag.match(text) for text in by_zxing), f"{what}: {by_zxing} is no tag")
        check(not any(secret.lower() in text.lower() for text in by_zxing for secret in SECRETS), f"{what}: a fact of the case in {by_zxing}")
    return shown[0][1]


def same_dots(thing, stock):
    """ZPL, drawn by a stranger, is the picture that the PNG of the next print is, but for the print's number and its QR."""
    run("label", thing, "--zpl", "l.zpl", "--force", "--stock", stock, "--key", "off.key", *NOW)
    name = subprocess.run(["node", os.path.join(BUILD, "node", "zpl.mjs"), "l.zpl", "zpl"], stdout=subprocess.PIPE, check=True).stdout.decode().split()[0]
    with open("l.zpl", encoding="latin-1") as file:
        text = file.read()
    check(not re.search(r"\^(FD|A[0-9A-Z@]|B[0-9A-Z])", text), f"{stock}: ZPL with text or barcodes of the printer's own")
    found = zxing([name])[0]
    check(len(found) == QRS[stock] and thing in found[0], f"{stock} ZPL: {found}")
    run("label", thing, "--png", "pics", "--stock", stock, "--key", "off.key", *NOW)
    newest = max(os.listdir("pics"), key=lambda file: int(re.search(r"print-(\d+)", file)[1]))
    with Image.open(name) as a, Image.open(os.path.join("pics", newest)) as b:
        check(a.size == b.size, f"{stock}: ZPL {a.size}, PNG {b.size}")
        box = ImageChops.difference(a.convert("L"), b.convert("L")).getbbox()
        check(box is not None, f"{stock}: two prints are the same")
        right = QRS[stock] == 1 or stock == "roll"
        # What is not QR and not the line of the print is the same, dot for dot: the name, above all.
        name_box = (a.size[0] * 4 // 10, 0, a.size[0] * 6 // 10, a.size[1] * 3 // 10) if not right else (0, 0, 1, 1)
        check(ImageChops.difference(a.convert("L").crop(name_box), b.convert("L").crop(name_box)).getbbox() is None, f"{stock}: ZPL and PNG differ")


def rates(stock, path):
    dice = random.Random(7)
    line = f"{stock:<10}"
    with Image.open(path) as file:
        image = file.convert("L")
    right = set(zxing([path])[0])
    for kind, change in KINDS.items():
        names = []
        for i in range(TIMES):
            names.append(f"bad-{i}.png")
            change(image, dice).convert("L").save(names[-1])
        found = [set(zbar(name)) | set(texts) for name, texts in zip(names, zxing(names))]
        check(all(texts <= right for texts in found), f"{stock}, {kind}: a reader reads what does not stand there: {found}")
        rate = sum(texts == right for texts in found) / TIMES
        check(rate >= FLOOR, f"{stock}, {kind}: {rate:.0%} of the labels are read")
        line += f" {rate:>6.0%}"
    # Dirt over a finder pattern of the upper or left QR: the other one answers, where there is another.
    if QRS[stock] > 1:
        dirty = image.copy()
        width, height = image.size
        dirty.paste(0, (0, 0, width // 6, height // 6) if stock != "roll" else (0, 0, width, height // 8))
        dirty.save("dirty.png")
        found = set(zbar("dirty.png")) | set(zxing(["dirty.png"])[0])
        check(found == right, f"{stock}: with dirt on one QR nothing is read")
        line += f" {float(found == right):>6.0%}"
    print(line)


def fields(thing):
    captions = {"en": ["item 1 of 1", "Seal: KH-41001", "REPRINT"], "km": ["KH-41001", "ភ្លុក"], "vi": ["KH-41001", "ngà voi"]}
    for language, words in captions.items():
        run("label", thing, "--pdf", "f.pdf", "--force", "--language", language, "--initials", "SD", "--key", "off.key", *NOW)
        text = subprocess.run(["pdftotext", "-raw", "f.pdf", "-"], stdout=subprocess.PIPE, check=True).stdout.decode().replace("\u200b", "")
        for word in [thing, "PP 214/2018", "Customs, Phnom Penh port", "2018-12-13 10:00", "SD", *words]:
            check(word in text, f"{language}: no {word!r} in {text!r}")
        fonts = subprocess.run(["pdffonts", "f.pdf"], stdout=subprocess.PIPE, check=True).stdout.decode().splitlines()[2:]
        check(fonts and all(re.search(r"^[A-Z]{6}\+NotoSans.* yes yes yes ", line) for line in fonts), f"{language}: fonts {fonts}")
        checked = subprocess.run(["qpdf", "--check", "f.pdf"], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)
        check(checked.returncode == 0, checked.stdout.decode())


def main():
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        thing = make_ledger()
        print(f"{'read of':<10} " + "; ".join(KINDS) + "; dirt on one QR")
        for stock in QRS:
            rates(stock, whole(thing, stock))
        for stock in LABEL:
            same_dots(thing, stock)
        fields(thing)
        os.chdir("/")
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


sys.exit(main())
