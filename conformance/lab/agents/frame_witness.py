# SPDX-License-Identifier: Apache-2.0
"""An OVOC over plain HTTP that takes one client and reports its frames.

Usage: frame_witness.py ADDRESS PORT. Answers the upgrade, then prints an event
`frame` for each frame that comes, with its opcode, whether it is masked and,
of a Close, the code. Written apart from all other code of the tunnel.
"""

import base64
import hashlib
import socket
import struct
import sys
from typing import BinaryIO

_GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"  # RFC 6455 1.3
_CLOSE = 8
_ANSWER = ("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n"
           "Connection: Upgrade\r\nSec-WebSocket-Accept: {accept}\r\n"
           "X-Audc-OverlayIP: 169.254.0.2\r\nX-Audc-OverlayPrefix: 18\r\n\r\n")


def answer(stream: BinaryIO) -> bytes:
    """Reads the upgrade request and returns the answer."""
    key = ""
    while (line := stream.readline().strip()):
        name, _, value = line.decode().partition(":")
        if name.lower() == "sec-websocket-key":
            key = value.strip()
    digest = hashlib.sha1((key + _GUID).encode()).digest()
    return _ANSWER.format(accept=base64.b64encode(digest).decode()).encode()


def describe(stream: BinaryIO) -> str:
    """Reads one frame and returns its event; empty at the end."""
    head = stream.read(2)
    if len(head) < 2:
        return ""
    opcode, masked, length = head[0] & 15, head[1] >> 7, head[1] & 127
    if length == 126:
        (length,) = struct.unpack(">H", stream.read(2))
    key = stream.read(4) if masked else bytes(4)
    payload = bytes(byte ^ key[at % 4]
                    for at, byte in enumerate(stream.read(length)))
    event = f"event=frame opcode={opcode} masked={masked} bytes={length}"
    if opcode == _CLOSE and length >= 2:
        event += f" code={struct.unpack('>H', payload[:2])[0]}"
    return event


def main() -> None:
    """Does what the module says."""
    with socket.create_server((sys.argv[1], int(sys.argv[2]))) as listener:
        print("event=listening", flush=True)
        connection, _ = listener.accept()
    stream = connection.makefile("rb")
    connection.sendall(answer(stream))
    while (event := describe(stream)):
        print(event, flush=True)
    print("event=end", flush=True)


if __name__ == "__main__":
    main()
