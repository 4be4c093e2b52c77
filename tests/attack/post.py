#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""post.py URL BODY-FILE ANSWER-FILE: prints the HTTP status of the answer. post.py URL - ANSWER-FILE: GET."""
import sys
import urllib.error
import urllib.request

url, body, out = sys.argv[1:]
data = None if body == "-" else open(body, "rb").read()
try:
    answer = urllib.request.build_opener(urllib.request.ProxyHandler({})).open(urllib.request.Request(url, data), timeout=20)
except urllib.error.HTTPError as error:
    answer = error
open(out, "wb").write(answer.read())
print(answer.status if hasattr(answer, "status") else answer.code)
