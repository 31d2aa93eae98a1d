# SPDX-License-Identifier: Apache-2.0
"""A server at OVOC's port that lets no client in.

Usage: useless_ovoc.py ADDRESS PORT HOW [CERTIFICATE KEY [HEAD]]. HOW is

    silent   accepts and says nothing
    close    accepts and closes
    reset    accepts and resets
    plain    answers the TLS handshake with plain HTTP
    say      reads the request, answers with HEAD's bytes (in hex), closes
    mute     TLS, then nothing
    answer   TLS, then HEAD, in which each `|` is a line's end and DATE+N is
             the date in N seconds (RFC 9110 5.6.7)

Prints `event=listening`, and `event=asked at=SECONDS` for each connection.
"""

import re
import socket
import ssl
import struct
import sys
import threading
import time
from email.utils import formatdate

_HOLD_SECONDS = 60


def head_of(text: str) -> bytes:
    """The bytes of HEAD."""
    now = time.time()
    dated = re.sub(r"DATE\+(\d+)", lambda found: formatdate(
        now + int(found[1]), usegmt=True), text)
    return (dated.replace("|", "\r\n") + "\r\n\r\n").encode()


def secured(stream: socket.socket) -> ssl.SSLSocket:
    """The stream with TLS; as the certificate on the command line."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(sys.argv[4], sys.argv[5])
    return context.wrap_socket(stream, server_side=True)


def serve(stream: socket.socket, how: str) -> None:
    """Does to one client what HOW says."""
    stream.settimeout(_HOLD_SECONDS)
    try:
        if how == "reset":
            stream.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER,
                              struct.pack("ii", 1, 0))
        elif how == "plain":
            stream.sendall(b"HTTP/1.0 400 Bad Request\r\n\r\n")
        elif how == "say":
            stream.recv(4096)
            stream.sendall(bytes.fromhex(sys.argv[6]))
        elif how == "answer":
            with secured(stream) as tls:
                tls.recv(4096)
                tls.sendall(head_of(sys.argv[6]))
        elif how in ("silent", "mute"):
            held = secured(stream) if how == "mute" else stream
            while held.recv(4096):
                pass
    except OSError:
        pass  # the client has had enough
    stream.close()


def main() -> None:
    """Does what the module says."""
    address, port, how = sys.argv[1:4]
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    with socket.create_server((address, int(port)), family=family) as listener:
        print("event=listening", flush=True)
        while True:
            stream, _ = listener.accept()
            print(f"event=asked at={time.monotonic():.3f}", flush=True)
            threading.Thread(target=serve, args=(stream, how),
                             daemon=True).start()


if __name__ == "__main__":
    main()
