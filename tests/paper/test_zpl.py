#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""A label's picture in ZPL is, dot for dot, the picture that a renderer of ZPL which knows nothing of ours draws: printers
and imitators read it as we do. Breaks when the run-length coding or the label's commands mean something else to others than to us."""

import os
import random
import subprocess
import sys
import tempfile

from PIL import Image, ImageDraw

BUILD = os.environ.get("BUILD", "build")
passed = failed = 0


def check(good, text):
    global passed, failed
    passed, failed = passed + good, failed + (not good)
    if not good:
        print("FAILED:", text)


def stripes(width, height, longest, seed):
    """Runs of one colour, over the ends of rows, some rows twice."""
    rng = random.Random(seed)
    black, left, rows = False, 0, []
    for _ in range(height):
        if rows and rng.random() < 0.3:
            rows.append(rows[-1])
            continue
        row = b""
        while len(row) < width:
            if left == 0:
                left, black = rng.randint(1, longest), not black
            take = min(left, width - len(row))
            row += (b"\0" if black else b"\xff") * take
            left -= take
        rows.append(row)
    return Image.frombytes("L", (width, height), b"".join(rows)).convert("1", dither=Image.Dither.NONE)


def drawing(width, height):
    """What a label looks like: a frame, an ellipse, letters, slanted lines."""
    picture = Image.new("1", (width, height), 1)
    draw = ImageDraw.Draw(picture)
    draw.rectangle((0, 0, width - 1, height - 1), outline=0, width=3)
    draw.ellipse((width // 4, height // 4, width // 2, height - 5), fill=0)
    draw.text((10, 10), "KHPP-28-L ^XZ^XA~JR", fill=0)
    for x in range(0, width, 17):
        draw.line((x, height, width - x, 0), fill=0)
    return picture


def pictures():
    yield "white", Image.new("1", (815, 607), 1)
    yield "black", Image.new("1", (812, 200), 0)
    yield "drawing at 600 dpi", drawing(2409, 1795)  # takes as long as all others
    for width, height in ((815, 607), (815, 200), (408, 200), (496, 799), (602, 295)):
        yield f"drawing {width} x {height}", drawing(width, height)
        for longest in (1, 60, 4000):
            yield f"stripes of up to {longest}, {width} x {height}", stripes(width, height, longest, width + longest)
    for width in range(33, 49):
        yield f"{width} wide", stripes(width, 21, 13, width)


def rendered(folder, names):
    zpl = os.path.join(folder, "labels.zpl")
    with open(zpl, "wb") as out:
        subprocess.run([os.path.join(BUILD, "tests/printer/zpl_file"), *names], stdout=out, check=True)
    result = subprocess.run(["node", os.path.join(BUILD, "node/zpl.mjs"), zpl, os.path.join(folder, "label")], stdout=subprocess.PIPE, check=True)
    return result.stdout.decode().split("\n")[:-1]


def differing(name, picture):
    """How many dots differ; None when the size does."""
    with Image.open(name) as image:
        if image.size != picture.size:
            return None
        ours = picture.convert("L").tobytes()
        return sum(a != b for a, b in zip(image.convert("L").tobytes(), ours)) if image.convert("L").tobytes() != ours else 0


def main():
    with tempfile.TemporaryDirectory() as folder:
        wanted = list(pictures())
        names = []
        for index, (_, picture) in enumerate(wanted):
            names.append(os.path.join(folder, f"{index}.pbm"))
            picture.save(names[-1])
        pngs = rendered(folder, names)
        check(len(pngs) == len(wanted), f"{len(pngs)} labels, not {len(wanted)}")
        for png, (what, picture) in zip(pngs, wanted):
            wrong = differing(png, picture)
            check(wrong == 0, f"{what}: " + ("another size" if wrong is None else f"{wrong} dots differ"))
        # The comparison itself notices one dot.
        wanted[2][1].putpixel((400, 300), 0 if wanted[2][1].getpixel((400, 300)) else 1)
        check(differing(pngs[2], wanted[2][1]) == 1, "one other dot is not noticed")
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


sys.exit(main())
