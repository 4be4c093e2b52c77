#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""race.py URL ROUNDS A B: two checkpoints of one size, each continuing the same older one, are sent to a witness at the same time, many times
over. Prints "A yes, B no" counts; fails where both were cosigned."""
import sys
import threading
import urllib.error
import urllib.request

url, rounds, a, b = sys.argv[1], int(sys.argv[2]), sys.argv[3], sys.argv[4]
bodies = [open(a, "rb").read(), open(b, "rb").read()]
won = [0, 0]
statuses = set()
start = threading.Barrier(2 * rounds)
lock = threading.Lock()


def ask(which):
    start.wait()
    try:
        with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(urllib.request.Request(url, bodies[which]), timeout=60) as answer:
            status = answer.status
    except urllib.error.HTTPError as error:
        status = error.code
    with lock:
        statuses.add(status)
        won[which] += status == 200


threads = [threading.Thread(target=ask, args=(i % 2,)) for i in range(2 * rounds)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
print(won, sorted(statuses))
sys.exit(0 if (won[0] == 0) != (won[1] == 0) and not statuses - {200, 409, 422} else 1)
