#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
#
# Reads a receipt off its paper as people would: every page as a picture of 200 dots an inch, every QR by two readers that have nothing in common
# (zbarimg, zxing). Then the first copy again as a bad photograph. Prints a table; the last line is "ok" or what is wrong.
#
#   receipt_scan.py BUILD PDF TEXT COPIES [--degrade]     TEXT: the lines that the QR of each copy must say
import json, os, random, subprocess, sys, tempfile

BUILD, PDF, TEXT, COPIES = sys.argv[1:5]
DEGRADE = '--degrade' in sys.argv
FLOOR = 0.9  # of the pictures of each kind, by the better of the two readers
WANT = sorted(open(TEXT).read().split())


def zbar(path):
    out = subprocess.run(['zbarimg', '--nodbus', '-q', '--raw', '-Sdisable', '-Sqrcode.enable', path], capture_output=True, text=True).stdout
    return sorted(out.split())


def zxing(paths):
    out = subprocess.run(['node', os.path.join(BUILD, 'node', 'qr.mjs'), *paths], capture_output=True, text=True, check=True).stdout
    return [sorted(code['text'] for code in json.loads(line)['codes']) for line in out.splitlines()]


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


def kinds():
    from PIL import Image, ImageFilter
    import io

    def turn(degrees):
        return lambda image, dice: image.rotate(degrees + dice.uniform(-2, 2), expand=True, fillcolor=255, resample=Image.BICUBIC)

    def blur(image, dice):
        return image.filter(ImageFilter.GaussianBlur(dice.uniform(0.6, 1.2)))

    def noise(image, dice):
        grain = Image.frombytes('L', image.size, dice.randbytes(image.size[0] * image.size[1]))
        return Image.blend(image, grain, 0.25)

    def jpeg(image, dice):
        out = io.BytesIO()
        image.save(out, 'JPEG', quality=dice.randint(20, 35))
        return Image.open(io.BytesIO(out.getvalue()))

    def dark(image, dice):
        return image.point(lambda v: 40 + v * 90 // 255)

    return {'turned 7 degrees': turn(7), 'turned 33 degrees': turn(33), 'turned 90 degrees': turn(90), 'blurred': blur, 'noise': noise,
            'JPEG quality 20 to 35': jpeg, 'in the dark': dark, 'turned, blurred, JPEG': lambda image, dice: jpeg(blur(turn(5)(image, dice), dice), dice)}


def degraded(paths, where):
    from PIL import Image
    page = next(path for path in paths if zbar(path) == WANT or zxing([path])[0] == WANT)
    image = Image.open(page).convert('L')
    dice = random.Random(4)
    times = 4
    bad = []
    print('%-24s %8s %8s %8s' % ('picture', 'zbarimg', 'zxing', 'either'))
    for kind, change in kinds().items():
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
