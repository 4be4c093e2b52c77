#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""chain.py TILES LOG...: every checkpoint that a witness cosigned, as the proxies wrote down (proxy.py), must have the root that the ledger's records
have at that size (TILES: its exported tiles): so each is continued by all later ones. Prints how many there were, and how many sizes."""
import base64
import glob
import hashlib
import json
import sys


def leaves(folder):
    """Of the widest partial tile, or whole ones, of level 0; below 65,536 records."""
    hashes = b""
    for tile in sorted(glob.glob(folder + "/tile/0/[0-9][0-9][0-9]")):
        hashes += open(tile, "rb").read()
    partial = sorted(glob.glob(folder + "/tile/0/*.p/*"), key=lambda path: (path.split("/")[-2], int(path.split("/")[-1])))
    if partial and int(partial[-1].split("/")[-2][:3]) * 256 == len(hashes) // 32:
        hashes += open(partial[-1], "rb").read()
    return [hashes[i : i + 32] for i in range(0, len(hashes), 32)]


def root(hashes):
    if len(hashes) == 1:
        return hashes[0]
    split = 1
    while split * 2 < len(hashes):
        split *= 2
    return hashlib.sha256(b"\x01" + root(hashes[:split]) + root(hashes[split:])).digest()


tree = leaves(sys.argv[1])
count, sizes = 0, set()
for log in sys.argv[2:]:
    for line in open(log):
        line = json.loads(line)
        if line["path"] != "/add-checkpoint" or line["status"] != 200:
            continue
        note = base64.b64decode(line["request"]).decode().split("\n\n", 1)[1].split("\n")
        size = int(note[1])
        assert 0 < size <= len(tree), f"a checkpoint of {size} records was cosigned; the ledger has {len(tree)}"
        assert base64.b64decode(note[2]) == root(tree[:size]), f"the checkpoint of {size} records that was cosigned is not of this history"
        count += 1
        sizes.add(size)
assert count > 0
print(count, len(sizes))
