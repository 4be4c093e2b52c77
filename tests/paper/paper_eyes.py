# SPDX-License-Identifier: Apache-2.0
"""What the tests of paper look with: two readers of QR that know nothing of each other, and the ways in which a picture of paper goes bad."""

import io
import json
import os
import subprocess

from PIL import Image, ImageFilter

BUILD = os.path.abspath(os.environ.get("BUILD", "build"))


def zbar(path):
    """Every text that zbarimg reads; equal symbols of one picture may be told once."""
    out = subprocess.run(["zbarimg", "--nodbus", "-q", "--raw", "-Sdisable", "-Sqrcode.enable", path], stdout=subprocess.PIPE, check=False).stdout
    return sorted(out.decode().split())


def zxing(paths):
    """Every text that zxing reads in each of the pictures."""
    if not paths:
        return []
    out = subprocess.run(["node", os.path.join(BUILD, "node", "qr.mjs"), *paths], stdout=subprocess.PIPE, check=True).stdout
    return [sorted(code["text"] for code in json.loads(line)["codes"]) for line in out.decode().splitlines()]


def turn(degrees):
    return lambda image, dice: image.rotate(degrees + dice.uniform(-2, 2), expand=True, fillcolor=255, resample=Image.Resampling.BICUBIC)


def blur(image, dice):
    return image.filter(ImageFilter.GaussianBlur(dice.uniform(0.6, 1.2)))


def noise(image, dice):
    grain = Image.frombytes("L", image.size, dice.randbytes(image.size[0] * image.size[1]))
    return Image.blend(image, grain, 0.25)


def jpeg(image, dice):
    out = io.BytesIO()
    image.save(out, "JPEG", quality=dice.randint(20, 35))
    return Image.open(io.BytesIO(out.getvalue())).convert("L")


def dark(image, dice):
    return image.point(lambda dot: 40 + dot * 90 // 255)


KINDS = {"turned 7 degrees": turn(7), "turned 33 degrees": turn(33), "turned 90 degrees": turn(90), "blurred": blur, "noise": noise,
         "JPEG quality 20 to 35": jpeg, "in the dark": dark, "turned, blurred, JPEG": lambda image, dice: jpeg(blur(turn(5)(image, dice), dice), dice)}
