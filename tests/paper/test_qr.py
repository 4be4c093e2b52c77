#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Our QR symbols are read alike by two readers that know nothing of each other, zbar and zxing (tests/paper/qr.mjs), straight, turned, grey and on one
picture with others; qr.mjs says where each stands. Breaks when a symbol's level or modules are wrong, or when the reader of the paper tests
overlooks one: then the tests of every paper would be worth nothing."""

import json
import os
import subprocess
import sys
import tempfile

from PIL import Image, ImageFilter

BUILD = os.environ.get("BUILD", "build")
TAG = "U1/KHPP-1042-4/ABCDEFGHIJKLMNOP/1"
WEB = "HTTPS://EVIDENCE.EXAMPLE/#U1/KHPP-28-L/ABCDEFGHIJKLMNOP/12"
RECEIPT = "HTTPS://EVIDENCE.EXAMPLE/#U1R/1/2/" + "31415926535897932" * 60
passed = failed = 0


def check(good, text):
    global passed, failed
    passed, failed = passed + bool(good), failed + (not good)
    if not good:
        print("FAILED:", text)


def symbol(folder, dots, level, text):
    name = os.path.join(folder, "symbol.pbm")
    with open(name, "wb") as out:
        subprocess.run([os.path.join(BUILD, "tests/printer/qr_file"), str(dots), level, text], stdout=out, check=True)
    with Image.open(name) as picture:
        return picture.convert("L")


def zxing(names):
    result = subprocess.run(["node", os.path.join(BUILD, "node/qr.mjs"), *names], stdout=subprocess.PIPE, check=True)
    return [json.loads(line) for line in result.stdout.decode().splitlines()]


def zbar(name):
    result = subprocess.run(["zbarimg", "--nodbus", "-q", "--raw", "-Sdisable", "-Sqrcode.enable", name], stdout=subprocess.PIPE, check=False)
    return sorted(result.stdout.decode().splitlines())


def near(corner, x, y, within):
    return abs(corner[0] - x) <= within and abs(corner[1] - y) <= within


def main():
    with tempfile.TemporaryDirectory() as folder:
        wanted, names = [], []

        def page(name, picture, texts):
            names.append(os.path.join(folder, f"{name}.png"))
            picture.save(names[-1])
            wanted.append(sorted(texts))

        for level in "MQH":
            page(f"tag-{level}", symbol(folder, 4, level, TAG), [TAG])
        page("receipt", symbol(folder, 3, "M", RECEIPT), [RECEIPT])
        tag, web = symbol(folder, 4, "Q", TAG), symbol(folder, 4, "H", WEB)
        both = Image.new("L", (900, 500), 255)
        both.paste(tag, (40, 60))
        both.paste(web, (500, 200))
        both.paste(tag, (300, 300))
        page("three", both, [TAG, TAG, WEB])
        page("turned", both.rotate(33, expand=True, fillcolor=255, resample=Image.Resampling.BICUBIC), [TAG, TAG, WEB])
        page("upside-down", both.rotate(180), [TAG, TAG, WEB])
        page("blurred", both.filter(ImageFilter.GaussianBlur(1.2)), [TAG, TAG, WEB])
        page("grey", both.point(lambda dot: 90 + dot // 4), [TAG, TAG, WEB])
        page("empty", Image.new("L", (300, 300), 255), [])

        listed = os.path.join(folder, "list")
        with open(listed, "w", encoding="utf-8") as out:
            out.write("\n".join(names) + "\n")
        found = zxing(["@" + listed])
        check([line["file"] for line in found] == names, "not one line for each picture, in order")
        for line, name, texts in zip(found, names, wanted):
            what = os.path.basename(name)
            check(sorted(code["text"] for code in line["codes"]) == texts, f"{what}: zxing reads {[code['text'] for code in line['codes']]}")
            # zbar tells equal symbols of one picture once.
            check(sorted(set(zbar(name))) == sorted(set(texts)), f"{what}: zbar reads {zbar(name)}")
        for line, level in zip(found, "MQH"):
            check(line["codes"][0]["level"] == level, f"level {line['codes'][0]['level']}, not {level}")
        # From top to bottom, each where it was put: the quiet zone is 4 modules of 4 dots.
        corners = [code["corners"] for code in found[4]["codes"]]
        side, web_side = tag.size[0], web.size[0]
        check(len(corners) == 3 and near(corners[0][0], 56, 76, 3) and near(corners[0][2], 40 + side - 16, 60 + side - 16, 3)
              and near(corners[1][0], 516, 216, 3) and near(corners[1][2], 500 + web_side - 16, 200 + web_side - 16, 3), f"corners {corners}")
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


sys.exit(main())
