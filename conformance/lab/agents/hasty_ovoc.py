# SPDX-License-Identifier: Apache-2.0
"""OVOC that is in a hurry: its first packet is in the segment of the 101.

Usage: hasty_ovoc.py ADDRESS PORT, plain HTTP. Behind the head, in one write,
come a ping and an ICMP echo request to the device. Prints events of the lab's
log form: `listening`, `sent` and `frame` for each frame of the client, with
its opcode and, of an ICMP packet, the type.
"""

import base64
import hashlib
import re
import socket
import sys

_GUID = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"  # RFC 6455 1.3
_ECHO_REQUEST = bytes.fromhex(  # 169.254.0.1 to 169.254.0.2, type 8, RFC 792
    "4500001c 00010000 400166d5 a9fe0001 a9fe0002 0800f6fd 00010101")
_PING = b"\x89\x05hasty"


def header_checksum(header: bytes) -> bytes:
    """The header with its checksum filled in (RFC 791 3.1)."""
    clean = header[:10] + b"\0\0" + header[12:]
    total = sum(int.from_bytes(clean[i:i + 2], "big")
                for i in range(0, len(clean), 2))
    total = (total & 0xFFFF) + (total >> 16)
    return (clean[:10] + (~total & 0xFFFF).to_bytes(2, "big") + clean[12:])


def accept_key(key: bytes) -> bytes:
    """What Sec-WebSocket-Accept has to be (RFC 6455 4.2.2)."""
    return base64.b64encode(hashlib.sha1(key + _GUID).digest())


def read_request(stream: socket.SocketType) -> bytes:
    """Reads an upgrade request; returns its Sec-WebSocket-Key."""
    request = b""
    while not request.endswith(b"\r\n\r\n"):
        data = stream.recv(4096)
        if not data:
            raise ConnectionError("the end instead of a request")
        request += data
    key = re.search(rb"\r\nSec-WebSocket-Key: ([^\r]*)\r\n", request)
    assert key is not None
    return key[1]


def answer(key: bytes) -> bytes:
    """The 101 and the frames behind it."""
    accept = accept_key(key)
    packet = header_checksum(_ECHO_REQUEST[:20]) + _ECHO_REQUEST[20:]
    return (b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n"
            b"Connection: Upgrade\r\nSec-WebSocket-Accept: " + accept
            + b"\r\nSec-WebSocket-Protocol: ovoc.audiocodes.com\r\n"
            b"X-Audc-OverlayIP: 169.254.0.2\r\nX-Audc-OverlayPrefix: 18\r\n"
            b"\r\n" + _PING + bytes([0x82, len(packet)]) + packet)


def take(stream: socket.SocketType, size: int) -> bytes:
    """Exactly `size` bytes; ends the program when there are no more."""
    data = b""
    while len(data) < size:
        chunk = stream.recv(size - len(data))
        if not chunk:
            print("event=end", flush=True)
            sys.exit(0)
        data += chunk
    return data


def show_frame(stream: socket.SocketType) -> None:
    """Reads one masked, short frame and logs it."""
    first, second = take(stream, 2)
    mask = take(stream, 4)
    payload = bytes(byte ^ mask[i % 4] for i, byte in
                    enumerate(take(stream, second & 0x7F)))
    opcode = first & 0x0F
    words = [f"opcode={opcode}", f"masked={second >> 7}"]
    if opcode == 2 and payload[0] == 0x45 and payload[9] == 1:
        words.append(f"icmp_type={payload[20]}")
    if opcode == 10:
        words.append(f"payload={payload.decode()}")
    print("event=frame", *words, flush=True)


def main() -> None:
    """Does what the module says."""
    address, port = sys.argv[1:]
    with socket.create_server((address, int(port))) as listener:
        print("event=listening", flush=True)
        stream, _ = listener.accept()
        stream.sendall(answer(read_request(stream)))
        print("event=sent", flush=True)
        while True:
            show_frame(stream)


if __name__ == "__main__":
    main()
