#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""proxy.py LISTEN TARGET LOG: stands on the way to a witness. Prints "listening on URL". Each answer of the witness is written down before it is
passed on: LOG gets a line of JSON with its path, HTTP status, and the request and the answer in base64. TARGET: a file that holds the address."""
import base64
import http.client
import http.server
import json
import os
import socketserver
import sys
import threading

listen, target, log = sys.argv[1:]
host, port = listen.rsplit(":", 1)
lock = threading.Lock()


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def pass_on(self, body):
        status, kind, answer = 502, "text/plain", b""
        try:
            peer = http.client.HTTPConnection(open(target).read().strip().split("//")[1], timeout=30)
            peer.request(self.command, self.path, body)
            got = peer.getresponse()
            answer = got.read()
            status, kind = got.status, got.getheader("Content-Type", kind)
            peer.close()
        except (OSError, http.client.HTTPException):
            pass
        line = {"path": self.path, "status": status, "request": base64.b64encode(body or b"").decode(), "answer": base64.b64encode(answer).decode()}
        with lock, open(log, "a") as file:
            file.write(json.dumps(line) + "\n")
            file.flush()
            os.fsync(file.fileno())
        try:
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)
        except OSError:
            pass

    def do_GET(self):
        self.pass_on(None)

    def do_POST(self):
        self.pass_on(self.rfile.read(int(self.headers["Content-Length"])))

    def log_message(self, *_):
        pass


class Server(socketserver.ThreadingMixIn, http.server.HTTPServer):
    daemon_threads = True
    allow_reuse_address = True


server = Server((host, int(port)), Handler)
print("listening on http://%s:%d" % server.server_address, flush=True)
server.serve_forever()
