#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
#
# Reads a receipt off its paper as people would: every page as a picture of 200 dots an inch, every QR by two readers that have nothing in common
# (zbarimg, zxing). Then the first copy again as a bad photograph. Prints a table; the last line is "ok" or what is wrong.
#
#   receipt_scan.py BUILD PDF TEXT COPIES [--degrade]     TEXT: the lines that the QR of each copy must say
import os, random, subprocess, sys, tempfile

from PIL import Image

os.environ['BUILD'] = os.path.abspath(sys.argv[1])  # paper_eyes looks there for the other reader
from paper_eyes import KINDS, zbar, zxing

BUILD, PDF, TEXT, COPIES = sys.argv[1:5]
DEGRADE = '--degrade' in sys.argv
FLOOR = 0.9  # of the pictures of each kind, by the better of the two readers
WANT = sorted(open(TEXT).read().split())


def fail(why):
    print(why)
    sys.exit(1)


def pages(where):
    subprocess.run(['pdftoppm', '-r', '200', '-gray', '-png', PDF, os.path.join(where, 'page')], check=True)
    return sorted(os.path.join(where, name) for name in os.listdir(where) if name.startswith('page'))


def whole(paths):
    """All QR of all pages, by both readers, are those of each copy, each once."""
    found = {'zbarimg': sorted(text for path in paths for text in zbar(path)), 'zxing': sorted(text for page in zxing(paths) for text in page)}
    for reader, texts in found.items():
        if texts != sorted(WANT * int(COPIES)):
            fail('%s reads %d QR, not the %d of the text file' % (reader, len(texts), len(WANT) * int(COPIES)))


def degraded(paths, where):
    page = next(path for path in paths if zbar(path) == WANT or zxing([path])[0] == WANT)
    image = Image.open(page).convert('L')
    dice = random.Random(4)
    times = 4
    bad = []
    print('%-24s %8s %8s %8s' % ('picture', 'zbarimg', 'zxing', 'either'))
    for kind, change in KINDS.items():
        names = []
        for i in range(times):
            names.append(os.path.join(where, 'bad-%d.png' % i))
            change(image, dice).convert('L').save(names[-1])
        a = [set(zbar(name)) for name in names]
        b = [set(texts) for texts in zxing(names)]
        if any(texts - set(WANT) for texts in a + b):
            fail('%s: a reader reads what does not stand there' % kind)
        count = len(WANT) * times
        rates = [sum(map(len, a)) / count, sum(map(len, b)) / count, sum(len(x | y) for x, y in zip(a, b)) / count]
        print('%-24s %7.0f%% %7.0f%% %7.0f%%' % (kind, *(100 * rate for rate in rates)))
        if rates[2] < FLOOR:
            bad.append(kind)
    if bad:
        fail('too few are read: ' + ', '.join(bad))


with tempfile.TemporaryDirectory() as where:
    paths = pages(where)
    whole(paths)
    if DEGRADE:
        degraded(paths, where)
print('ok')
