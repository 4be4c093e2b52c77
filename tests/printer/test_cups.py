#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""A CUPS of the test's own, on loopback, under a configuration in a temporary directory, passes on the very bytes that were sent to it by ipp and by
ipps to a queue without a driver; and what it says against a job is told. Breaks when our IPP is not what CUPS understands, when bytes change on the
way, when a stopped queue, a wrong address or a certificate that nobody trusts goes unnoticed.

The queue's device is a listener of the test; its backend is our own sender in CUPS's clothes, so that no further package is needed. Runs as root
and as an ordinary user; leaves nothing running."""

import os
import pwd
import grp
import random
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import time

BUILD = os.path.abspath(os.environ.get("BUILD", "build"))
SENDER = os.path.join(BUILD, "tests/printer/send_file")
CUPSD = shutil.which("cupsd", path="/usr/sbin:/usr/local/sbin:" + os.environ.get("PATH", ""))
ZPL = "application/vnd.zebra-zpl"
passed = failed = 0


def check(good, text):
    global passed, failed
    passed, failed = passed + bool(good), failed + (not good)
    if not good:
        print("FAILED:", text)


class Device(threading.Thread):
    """What stands behind the queue: keeps what each connection brought."""

    def __init__(self):
        super().__init__(daemon=True)
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.port = self.socket.getsockname()[1]
        self.jobs = []
        self.changed = threading.Condition()

    def run(self):
        while True:
            connection, _ = self.socket.accept()
            job = b""
            while part := connection.recv(65536):
                job += part
            connection.close()
            with self.changed:
                self.jobs.append(job)
                self.changed.notify()

    def wait_for(self, count):
        with self.changed:
            self.changed.wait_for(lambda: len(self.jobs) >= count, 30)
            return self.jobs[count - 1] if len(self.jobs) >= count else None


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return probe.getsockname()[1]


def write(path, text, mode=0o644):
    with open(path, "w", encoding="ascii") as out:
        out.write(text)
    os.chmod(path, mode)


def certificate(folder):
    """One that is its own authority, of the name localhost."""
    subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2", "-subj", "/CN=localhost",
                    "-addext", "subjectAltName=DNS:localhost", "-keyout", f"{folder}/ssl/localhost.key", "-out", f"{folder}/ssl/localhost.crt"],
                   check=True, capture_output=True)


class Cups:
    """cupsd in the foreground, with a queue `labels` for the device and one `stopped`."""

    def __init__(self, folder, device):
        self.folder, self.port, self.tls_port = folder, free_port(), free_port()
        os.chmod(folder, 0o755)
        for name in ("root", "cache", "spool", "state", "tmp", "ssl", "bin", "bin/backend", "bin/daemon", "bin/filter"):
            os.mkdir(f"{folder}/{name}", 0o755)
        certificate(folder)
        self.configure(device)
        shutil.copy(SENDER, f"{folder}/bin/send_file")
        os.chmod(f"{folder}/bin/send_file", 0o755)
        write(f"{folder}/bin/backend/socket", f'#!/bin/sh\nexec {folder}/bin/send_file "$DEVICE_URI" application/octet-stream "${{6:--}}" >&2\n', 0o755)
        os.symlink("/usr/lib/cups/daemon/cups-exec", f"{folder}/bin/daemon/cups-exec")
        environment = {key: value for key, value in os.environ.items() if not key.startswith("CUPS")}
        self.process = subprocess.Popen([CUPSD, "-f", "-c", f"{folder}/root/cupsd.conf", "-s", f"{folder}/root/cups-files.conf"], env=environment,
                                        stdin=subprocess.DEVNULL, stdout=open(f"{folder}/out", "wb"), stderr=subprocess.STDOUT)

    def configure(self, device):
        folder = self.folder
        if os.getuid() == 0:
            whose = "User lp\nGroup lp\nSystemGroup root\n"
        else:
            whose = f"User {pwd.getpwuid(os.getuid()).pw_name}\nGroup {grp.getgrgid(os.getgid()).gr_name}\nSystemGroup root\n"
        write(f"{folder}/root/cups-files.conf", f"""{whose}ServerRoot {folder}/root
ServerBin {folder}/bin
DataDir /usr/share/cups
CacheDir {folder}/cache
RequestRoot {folder}/spool
StateDir {folder}/state
TempDir {folder}/tmp
ServerKeychain {folder}/ssl
CreateSelfSignedCerts no
AccessLog {folder}/access_log
ErrorLog {folder}/error_log
PageLog {folder}/page_log
LogFilePerm 0644
FatalErrors none
""", 0o640)
        write(f"{folder}/root/cupsd.conf", f"""Listen 127.0.0.1:{self.port}
SSLListen 127.0.0.1:{self.tls_port}
ServerName localhost
ServerAlias *
Browsing No
WebInterface No
LogLevel debug
PreserveJobHistory Yes
<Location />
Order allow,deny
Allow from 127.0.0.1
</Location>
<Policy default>
<Limit All>
Order deny,allow
</Limit>
</Policy>
""", 0o640)
        queue = "DeviceURI socket://127.0.0.1:{port}\nState {state}\nAccepting {accepting}\nShared No\nJobSheets none none\nErrorPolicy abort-job\n"
        write(f"{folder}/root/printers.conf", "".join(
            f"<Printer {name}>\n{queue.format(port=port, state=state, accepting=accepting)}</Printer>\n" for name, port, state, accepting in (
                ("labels", device.port, "Idle", "Yes"), ("stopped", device.port, "Stopped", "Yes"), ("closed", device.port, "Idle", "No"),
                ("nobody", free_port(), "Idle", "Yes"))), 0o600)

    def stop(self):
        self.process.terminate()
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


def send(address, data=None, media_type=ZPL, trusted=None):
    """Exit code and what was said."""
    environment = dict(os.environ)
    environment.pop("SSL_CERT_FILE", None)
    if trusted is not None:
        environment["SSL_CERT_FILE"] = trusted
    result = subprocess.run([SENDER, address, media_type] + (["-"] if data is not None else []), input=data or b"", env=environment, timeout=60,
                            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)
    return result.returncode, result.stdout.decode()


def wait_until_up(cups):
    code, said = 1, ""
    for _ in range(100):
        if cups.process.poll() is not None:
            break
        code, said = send(f"ipp://127.0.0.1:{cups.port}/printers/labels")
        if code == 0:
            break
        time.sleep(0.1)
    check(code == 0, f"cupsd does not come up: {said}")
    return code == 0


def refused(address, words, **more):
    code, said = send(address, b"^XA^XZ", **more)
    check(code == 1 and words in said, f"{address}: no '{words}' but {code}: {said}")


def deliveries(cups, device):
    labels, secure = f"ipp://127.0.0.1:{cups.port}/printers/labels", f"ipps://localhost:{cups.tls_port}/printers/labels"
    trusted = f"{cups.folder}/ssl/localhost.crt"
    rng = random.Random(1)
    jobs = [(labels, b"^XA^PW8^LL1^FO0,0^GFA,1,1,1,80^FS^PQ1^XZ\n", None), (labels, rng.randbytes(3_000_000), None), (labels, b"%PDF-1.7\n" + rng.randbytes(5000), None),
            (secure, rng.randbytes(700_001), trusted)]
    for index, (address, data, authority) in enumerate(jobs):
        code, said = send(address, data, trusted=authority)
        check(code == 0 and f"{len(data)} bytes: job {index + 1} is " in said, f"{address}: {code}: {said}")
        check(device.wait_for(index + 1) == data, f"{address}: other bytes than were sent")


def refusals(cups):
    plain, secure = f"ipp://127.0.0.1:{cups.port}", f"ipps://localhost:{cups.tls_port}"
    refused(f"{plain}/printers/stopped", "it is stopped")
    refused(f"{plain}/printers/closed", "it accepts no jobs")
    refused(f"{plain}/printers/none", "client-error-not-found (The printer or class does not exist.); nothing was sent")
    refused(f"{plain}/printers/labels", "it does not take application/x-nobody-knows, but ", media_type="application/x-nobody-knows")
    refused(f"{secure}/printers/labels", "untrusted: printer")
    refused(f"{secure}/printers/labels", "its certificate is not trusted: self-signed certificate")
    refused(f"ipps://127.0.0.1:{cups.tls_port}/printers/labels", "its certificate is not trusted: IP address mismatch", trusted=f"{cups.folder}/ssl/localhost.crt")
    refused(f"ipps://127.0.0.1:{cups.port}/printers/labels", "; nothing was sent")
    # A queue whose device nobody can reach: CUPS gives the job up, and we say so.
    refused(f"{plain}/printers/nobody", "job 5 is aborted")


def main():
    if CUPSD is None or not os.path.exists(SENDER):
        check(False, "no cupsd, or no send_file: make deps-test check-build")
    else:
        with tempfile.TemporaryDirectory() as folder:
            device = Device()
            device.start()
            cups = Cups(folder, device)
            try:
                if wait_until_up(cups):
                    deliveries(cups, device)
                    refusals(cups)
            finally:
                cups.stop()
                if failed:
                    for name in ("out", "error_log"):
                        if os.path.exists(f"{folder}/{name}"):
                            print(f"---- {name}")
                            print(open(f"{folder}/{name}", encoding="utf-8", errors="replace").read()[-int(os.environ.get("LOG", "3000")):])
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


sys.exit(main())
