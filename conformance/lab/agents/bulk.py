# SPDX-License-Identifier: Apache-2.0
"""Sends or receives a lot of bytes over one TCP connection.

Usage: bulk.py send|receive listen|connect ADDRESS PORT FILE BLOCKS. The
sender sends FILE that many times over, before each its number in 8 bytes, so
that no two blocks are alike. Both print an event `done` with the SHA-256 of
all bytes; the receiver takes what comes until the end.
"""

import hashlib
import socket
import struct
import sys
import time

_BUFFER_BYTES = 1024 * 1024


def reach(how: str, address: str, port: int) -> socket.socket:
    """Connects, or listens and takes the first connection."""
    if how == "connect":
        return socket.create_connection((address, port), timeout=30)
    with socket.create_server((address, port)) as listener:
        print("event=ready", flush=True)
        return listener.accept()[0]


def send(connection: socket.socket, path: str, blocks: int) -> int:
    """Sends all blocks and waits until the other end has read them."""
    sent = 0
    with open(path, "rb") as file:
        for number in range(blocks):
            connection.sendall(struct.pack(">Q", number))
            file.seek(0)
            sent += 8 + connection.sendfile(file)
    connection.shutdown(socket.SHUT_WR)
    connection.recv(1)
    return sent


def digest_of(path: str, blocks: int) -> str:
    """The SHA-256 of what send() sends."""
    digest = hashlib.sha256()
    with open(path, "rb") as file:
        content = file.read()
    for number in range(blocks):
        digest.update(struct.pack(">Q", number))
        digest.update(content)
    return digest.hexdigest()


def receive(connection: socket.socket) -> tuple[int, str]:
    """Receives until the end; returns the count and the SHA-256."""
    digest, got = hashlib.sha256(), 0
    buffer = memoryview(bytearray(_BUFFER_BYTES))
    while count := connection.recv_into(buffer):
        digest.update(buffer[:count])
        got += count
    return got, digest.hexdigest()


def main() -> None:
    """Does what the module says."""
    role, how, address, port, path, blocks = sys.argv[1:]
    connection = reach(how, address, int(port))
    connection.settimeout(60)
    start = time.monotonic()
    if role == "send":
        count = send(connection, path, int(blocks))
        seconds = time.monotonic() - start
        digest = digest_of(path, int(blocks))
    else:
        count, digest = receive(connection)
        seconds = time.monotonic() - start
    connection.close()
    print("event=done", f"bytes={count}", f"seconds={seconds:.3f}",
          f"sha256={digest}", flush=True)


if __name__ == "__main__":
    main()
