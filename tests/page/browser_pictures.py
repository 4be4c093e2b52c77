#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""browser_pictures: photographs of papers as people take them, and a film of one for the browser's fake camera. Not a test itself.

  browser_pictures.py DIR      DIR of browser_papers.sh; writes DIR/photos/PAPER-KIND.jpg and DIR/film.y4m, and prints what it made
"""

import json
import os
import random
import re
import subprocess
import sys
import tempfile

from PIL import Image, ImageChops, ImageDraw, ImageFilter, ImageOps

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "paper"))
from paper_eyes import BUILD, zbar  # noqa: E402

TABLE = 96  # the grey of the table under the paper
FILM = (1280, 720)
FRAMES = 24
RATE = 10
OUT_OF_FOCUS = 5  # frames of the film that no reader reads


def coefficients(into, out_of):
    """The eight numbers by which PIL takes the point into[i] of the new picture from the point out_of[i] of the old one."""
    rows = []
    for (x, y), (u, v) in zip(into, out_of):
        rows.append([x, y, 1, 0, 0, 0, -u * x, -u * y, u])
        rows.append([0, 0, 0, x, y, 1, -v * x, -v * y, v])
    for i in range(8):
        pivot = max(range(i, 8), key=lambda row: abs(rows[row][i]))
        rows[i], rows[pivot] = rows[pivot], rows[i]
        rows[i] = [value / rows[i][i] for value in rows[i]]
        for j in range(8):
            if j != i:
                rows[j] = [a - rows[j][i] * b for a, b in zip(rows[j], rows[i])]
    return [row[8] for row in rows]


def seen_from(paper, size, corners):
    """The paper with its corners at these points of a picture of that size, on a table."""
    width, height = paper.size
    numbers = coefficients(corners, [(0, 0), (width, 0), (width, height), (0, height)])
    shown = paper.transform(size, Image.Transform.PERSPECTIVE, numbers, Image.Resampling.BICUBIC)
    where = Image.new("L", paper.size, 255).transform(size, Image.Transform.PERSPECTIVE, numbers)
    return Image.composite(shown, Image.new("L", size, TABLE), where)


def lit(image, low, turn=0):
    """Light from one side: what is farthest from it has this part of 255 left."""
    gradient = Image.linear_gradient("L").rotate(turn).resize(image.size)
    return ImageChops.multiply(image, gradient.point(lambda dot: int(low + dot * (255 - low) / 255)))


def shadowed(image):
    """The shadow of a hand and of the telephone over the lower half."""
    width, height = image.size
    shadow = Image.new("L", image.size, 255)
    ImageDraw.Draw(shadow).polygon([(0, height * 0.35), (width * 0.55, height * 0.5), (width * 0.8, height), (0, height)], fill=120)
    return ImageChops.multiply(image, shadow.filter(ImageFilter.GaussianBlur(width // 80)))


def grainy(image, dice, much):
    return Image.blend(image, Image.frombytes("L", image.size, dice.randbytes(image.size[0] * image.size[1])), much)


def tilted(image, amount):
    """Taken from the side and from below."""
    width, height = image.size
    far = int(width * amount)
    return seen_from(image, image.size, [(far, far // 2), (width - far // 3, 0), (width, height), (0, height - far // 2)])


def turned(image, degrees):
    return image.rotate(degrees, expand=True, fillcolor=TABLE, resample=Image.Resampling.BICUBIC)


KINDS = {
    "straight": (lambda image, dice: image, 85),
    "turned-9": (lambda image, dice: turned(image, 9), 70),
    "turned-38": (lambda image, dice: turned(image, 38), 70),
    "sideways": (lambda image, dice: turned(image, 90), 70),
    "upside-down": (lambda image, dice: turned(image, 180), 70),
    "tilted": (lambda image, dice: tilted(image, 0.12), 70),
    "strongly-tilted": (lambda image, dice: tilted(image, 0.22), 80),
    "shadow": (lambda image, dice: shadowed(image), 70),
    "one-lamp": (lambda image, dice: lit(image, 40, 90), 70),
    "dark": (lambda image, dice: grainy(image.point(lambda dot: 20 + dot * 60 // 255), dice, 0.03), 80),
    "blurred": (lambda image, dice: image.filter(ImageFilter.GaussianBlur(1.3)), 70),
    "noise": (lambda image, dice: grainy(image, dice, 0.2), 60),
    "jpeg": (lambda image, dice: image, 15),
    "inverted": (lambda image, dice: ImageOps.invert(image), 70),
    "all-at-once": (lambda image, dice: grainy(shadowed(tilted(turned(image, 6), 0.07)).filter(ImageFilter.GaussianBlur(0.8)), dice, 0.06), 45),
}


def pages_with_qr(pdf, dpi, where):
    subprocess.run(["pdftoppm", "-r", str(dpi), "-gray", "-png", pdf, os.path.join(where, "page")], check=True)
    names = sorted(os.path.join(where, name) for name in os.listdir(where) if name.startswith("page"))
    pages = []
    for name in names:
        if zbar(name):
            with Image.open(name) as file:
                pages.append(file.convert("L"))
        os.remove(name)
    return pages


def label(path):
    """A label lies on a table, photographed from a hand's breadth."""
    with Image.open(path) as file:
        image = file.convert("L")
    table = Image.new("L", (image.size[0] + 500, image.size[1] + 400), TABLE)
    table.paste(image, (250, 200))
    return table


def photographs(papers, folder):
    dice = random.Random(6)
    os.makedirs(folder, exist_ok=True)
    for paper, image in papers.items():
        for kind, (change, quality) in KINDS.items():
            change(image, dice).convert("L").save(os.path.join(folder, f"{paper}-{kind}.jpg"), "JPEG", quality=quality)


def around_qr(page, scratch):
    """The part of the page that somebody who wants its QR read holds before a camera."""
    name = os.path.join(scratch, "film.png")
    page.save(name)
    told = subprocess.run(["node", os.path.join(BUILD, "node", "qr.mjs"), name], stdout=subprocess.PIPE, check=True).stdout
    points = json.loads(told)["codes"][0]["corners"]
    left, top, right, bottom = (int(pick(point[i] for point in points)) for pick, i in ((min, 0), (min, 1), (max, 0), (max, 1)))
    size = right - left
    return page.crop((max(0, left - size), max(0, top - size // 3), right + size, bottom + size // 3))


def film(page, path):
    """A hand holds the certificate's QR before the camera: it comes nearer, turns, sways and shakes, under one lamp. At first it is out of focus."""
    dice = random.Random(8)
    with open(path, "wb") as out:
        out.write(b"YUV4MPEG2 W%d H%d F%d:1 Ip A1:1 C420jpeg\n" % (*FILM, RATE))
        for i in range(FRAMES):
            turn = page.rotate(-14 + 28 * i / FRAMES, expand=True, fillcolor=TABLE, resample=Image.Resampling.BICUBIC)
            scale = (0.8 + 0.3 * i / FRAMES) * FILM[0] / turn.size[0]
            sway = [dice.uniform(-18, 18) for _ in range(8)]
            left, top = (FILM[0] - turn.size[0] * scale) / 2 + 60 - 5 * i, (FILM[1] - turn.size[1] * scale) / 2
            right, bottom = left + turn.size[0] * scale, top + turn.size[1] * scale
            corners = [(left + sway[0] + 60, top + sway[1]), (right + sway[2], top + sway[3]), (right + sway[4], bottom + sway[5]), (left + sway[6], bottom + sway[7])]
            frame = seen_from(turn, FILM, corners).filter(ImageFilter.GaussianBlur(4 if i < OUT_OF_FOCUS else dice.choice([0.3, 0.7, 1.2])))
            frame = grainy(lit(frame, 90, 60), dice, 0.05)
            out.write(b"FRAME\n" + frame.tobytes() + b"\x80" * (FILM[0] * FILM[1] // 2))


def main(where):
    with tempfile.TemporaryDirectory() as scratch:
        page = {name: pages_with_qr(os.path.join(where, pdf), dpi, scratch) for name, pdf, dpi in
                (("certificate", "certificate-en.pdf", 150), ("receipt", "receipt.pdf", 170), ("film", "certificate-km.pdf", 200))}
        film(around_qr(page["film"][-1], scratch), os.path.join(where, "film.y4m"))
    photographs({"certificate": page["certificate"][-1], "receipt": page["receipt"][0], "label": label(os.path.join(where, "label-2.png"))},
                os.path.join(where, "photos"))
    print(len(os.listdir(os.path.join(where, "photos"))), "photographs and a film")


main(sys.argv[1])
