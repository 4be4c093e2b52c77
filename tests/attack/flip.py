# SPDX-License-Identifier: Apache-2.0
"""
Single bits flipped in led/data.mdb, one at a time: does `ledger fsck` find each, or was it in a place that nothing reads? Called by
station.sh with the program; prints "NAME holds" or "NAME FAILS" for each group of places. A reader that LMDB crashes on a damaged page
counts as "crashed": not overlooked, but not told either.
"""
import subprocess
import sys

U, path = sys.argv[1], 'led/data.mdb'
good, whole = open(path, 'rb').read(), open('whole.bundle', 'rb').read()
PAGE, BRANCH = 4096, 1


def run(*arguments):
    return subprocess.run([U, *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=60)


def flip(offset):
    """How fsck ends, and whether the ledger gives what it gave."""
    bad = bytearray(good)
    bad[offset] ^= 1 << offset % 8
    with open(path, 'wb') as file:
        file.write(bad)
    fsck = run('ledger', 'fsck')
    if fsck.returncode == 0:
        bundle = run('bundle', '--all', '-o', 'now.bundle', '--force', '--now', '2018-12-13T10:00:00+07:00')
        if bundle.returncode != 0 or open('now.bundle', 'rb').read() != whole:
            return 'MISSED ' + bundle.stderr.decode(errors='replace').replace('\n', ' ')
        return 'unused'
    return 'found' if fsck.returncode == 1 and fsck.stderr.strip() else 'crashed'


def used(page):
    """The bytes of an LMDB page that are its header, its list of nodes or its nodes."""
    at = page * PAGE
    lower, upper = (int.from_bytes(good[at + i:at + i + 2], 'little') for i in (12, 14))
    return [*range(at, at + lower), *range(at + upper, at + PAGE)]


def count(name, offsets, must):
    answers = {}
    for offset in offsets:
        answer = flip(offset)
        answers[answer.split()[0]] = answers.get(answer.split()[0], 0) + 1
        if answer.startswith('MISSED'):
            print(name, offset, answer)
    print(name, answers)
    held = 'MISSED' not in answers and (not must or set(answers) == {'found'})
    print(name, 'holds' if held else 'FAILS')


def places(text):
    at = good.find(text)
    assert at >= 0, text
    return range(at, at + len(text), 5)


branches = [page for page in range(2, len(good) // PAGE)
            if int.from_bytes(good[page * PAGE + 10:page * PAGE + 12], 'little') == BRANCH]
count('detail', places(b'a crack at the tip'), True)
count('attachment', places(b'a photograph'), True)
count('checkpoint', places(open('new.checkpoint', 'rb').read()), True)
count('record', places(b'kh-pp.example/custodydKHPP'), True)  # the founding: origin and code
assert branches
count('branches', [offset for page in branches for offset in used(page)], False)
count('everywhere', range(2 * PAGE, len(good), 211), False)
with open(path, 'wb') as file:
    file.write(good)
