# SPDX-License-Identifier: Apache-2.0
"""A web server of tiles that misbehaves: hostile_tiles.py FOLDER. Prints the port it listens on.

Its URLs begin with HOW: good, or what is done for every path that contains the word behind the dot (for a slash stands a dash):
  endless.WORD   a body that never ends        long.WORD     says to be longer than it is
  short.WORD     says to be shorter            status.WORD   500
  away.WORD      302 to somewhere else         cut.WORD      closes in the middle
  junk.WORD      no HTTP at all                gone.WORD     404
"""
import http.server
import os
import sys

FOLDER = sys.argv[1]


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *arguments):
        pass

    def head(self, status, length, more=()):
        self.send_response(status)
        if length is not None:
            self.send_header("Content-Length", str(length))
        for name, value in more:
            self.send_header(name, value)
        self.end_headers()

    def misbehave(self, what, body):
        if what == "endless":
            self.head(200, None, [("Connection", "close")])
            self.close_connection = True
            try:
                for _ in range(4096):
                    self.wfile.write(b"\0" * 1048576)
            except OSError:
                pass
            sys.stderr.write("stopped\n")
        elif what == "long":
            self.head(200, len(body) + 1000)
            self.wfile.write(body)
            self.close_connection = True
        elif what == "short":
            self.head(200, max(0, len(body) - 1))
            self.wfile.write(body)
            self.close_connection = True
        elif what == "cut":
            self.head(200, len(body))
            self.wfile.write(body[: len(body) // 2])
            self.close_connection = True
        elif what == "status":
            self.head(500, 0)
        elif what == "gone":
            self.head(404, 0)
        elif what == "away":
            self.head(302, 0, [("Location", "/elsewhere" + self.path)])
        elif what == "junk":
            self.wfile.write(b"\x16\x03\x01" + os.urandom(64))
            self.close_connection = True

    def do_GET(self):
        how, _, path = self.path.replace("/elsewhere", "").lstrip("/").partition("/")
        what, _, word = how.partition(".")
        try:
            with open(os.path.join(FOLDER, path), "rb") as file:
                body = file.read()
        except OSError:
            self.head(404, 0)
            return
        if what != "good" and word in path.replace("/", "-") and not self.path.startswith("/elsewhere"):
            self.misbehave(what, body)
            return
        self.head(200, len(body))
        self.wfile.write(body)


server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
print(server.server_address[1], flush=True)
server.serve_forever()
