#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""peers.py HOST:PORT PID: hostile peers of a server, from many addresses of loopback at once. Ends with the server's greatest memory (VmHWM, kB), as it
was before and after."""
import resource
import select
import socket
import sys
import threading
import time

host, port = sys.argv[1].rsplit(":", 1)
pid = int(sys.argv[2])
wrong = []
# As many as this machine lets one process have, 3,000 at most.
_, most = resource.getrlimit(resource.RLIMIT_NOFILE)
most = 3100 if most == resource.RLIM_INFINITY else min(most, 3100)
resource.setrlimit(resource.RLIMIT_NOFILE, (most, resource.getrlimit(resource.RLIMIT_NOFILE)[1]))
PEERS = most - 100


def memory():
    return int(next(line for line in open(f"/proc/{pid}/status") if line.startswith("VmHWM")).split()[1])


def begin(i):
    """A connection from an address of its own, on its way: a server that has enough lets the others wait."""
    peer = socket.socket()
    peer.bind((f"127.{1 + i // 250 % 250}.{i % 250}.9", 0))
    peer.setblocking(False)
    peer.connect_ex((host, int(port)))
    return peer


def connect(i):
    peer = begin(i)
    if not ready(peer, select.POLLOUT, 60000):
        raise TimeoutError
    peer.settimeout(30)
    return peer


def ready(peer, what, ms):
    """select(2) knows no more than 1,024 descriptors."""
    poll = select.poll()
    poll.register(peer, what)
    return bool(poll.poll(ms))


def closed(peer):
    """Whether the server has closed it."""
    try:
        return ready(peer, select.POLLIN, 0) and peer.recv(1, socket.MSG_PEEK) == b""
    except OSError:
        return True


def many():
    """Thousands of connections that say nothing."""
    peers = [begin(i) for i in range(PEERS)]
    end = time.monotonic() + 30
    while time.monotonic() < end and not any(closed(peer) for peer in peers):
        time.sleep(0.2)
    if not any(closed(peer) for peer in peers):
        wrong.append("silent connections are not closed")
    for peer in peers:
        peer.close()


def slow(i):
    """A byte now and then: of the request, of its headers, of its body."""
    heads = [b"POST /add-checkpoint HTTP/1.1\r\nHost: a\r\nContent-Length: 60000\r\n\r\n", b"GET / HTTP/1.1\r\nX: ", b""]
    try:
        peer = connect(5000 + i)
        peer.sendall(heads[i % 3])
        end = time.monotonic() + 90
        while time.monotonic() < end:
            if closed(peer):
                return
            peer.sendall(b"x")
            time.sleep(0.5)
        wrong.append(f"slow bytes of kind {i % 3} kept a connection for more than 90 s")
    except OSError:
        pass


def huge(i):
    """Headers without end, in one line or in many; bodies that say a length and send more; chunks without end."""
    forms = [(b"GET / HTTP/1.1\r\nX: ", b"x" * 65536), (b"GET / HTTP/1.1\r\n", b"X: y\r\n" * 10000),
             (b"POST /add-checkpoint HTTP/1.1\r\nHost: a\r\nContent-Length: 999999999999\r\n\r\n", b"x" * 65536),
             (b"POST /add-checkpoint HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n", b"8000\r\n" + b"x" * 0x8000 + b"\r\n"),
             (b"", b"\0" * 65536)]
    try:
        peer = connect(7000 + i)
        peer.sendall(forms[i % 5][0])
        for _ in range(1600):  # 100 MB
            peer.sendall(forms[i % 5][1])
        wrong.append(f"100 MB of kind {i % 5} were taken")
    except OSError:
        pass


before = memory()
many()
threads = [threading.Thread(target=work, args=(i,)) for work in (slow, huge) for i in range(30)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
print(before, memory())
sys.exit("\n".join(wrong) if wrong else 0)
