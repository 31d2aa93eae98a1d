# SPDX-License-Identifier: Apache-2.0
"""Asks for an upgrade over TLS and prints the head of the answer as it came.

Usage: raw_answer.py ADDRESS PORT HOST USER PASSWORD. The certificate is not
looked at: that is the client's test.
"""

import base64
import os
import socket
import ssl
import sys

_REQUEST = ("GET /tun HTTP/1.1\r\nHost: {host}\r\nUpgrade: websocket\r\n"
            "Connection: Upgrade\r\nSec-WebSocket-Key: {key}\r\n"
            "Sec-WebSocket-Version: 13\r\n"
            "Sec-WebSocket-Protocol: ovoc.audiocodes.com\r\n"
            "Authorization: Basic {login}\r\n\r\n")


def main() -> None:
    """Does what the module says."""
    address, port, host, user, password = sys.argv[1:]
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    with socket.create_connection((address, int(port)), timeout=5) as plain, \
            context.wrap_socket(plain, server_hostname=host) as connection:
        connection.sendall(_REQUEST.format(
            host=host, key=base64.b64encode(os.urandom(16)).decode(),
            login=base64.b64encode(f"{user}:{password}".encode()).decode()
        ).encode())
        head = b""
        while b"\r\n\r\n" not in head:
            head += connection.recv(4096) or b"\r\n\r\n"
    sys.stdout.write(head.partition(b"\r\n\r\n")[0].decode("latin-1"))


if __name__ == "__main__":
    main()
