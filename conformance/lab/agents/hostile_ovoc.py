# SPDX-License-Identifier: Apache-2.0
"""OVOC in the wrong hands: it assigns what it likes and sends what it likes.

Usage: hostile_ovoc.py ADDRESS PORT OVERLAY_IP PREFIX [PACKET_IN_HEX...], plain
HTTP, one client after the other. The packets go out as soon as a client is in.
Prints events of the lab's log form: `listening`, `login`, `sent`, and `packet`
for each packet of the client, with its addresses and protocol.
"""

import socket
import struct
import sys

from hasty_ovoc import accept_key, read_request


def frame(payload: bytes) -> bytes:
    """A binary message (RFC 6455 5.2)."""
    length = (bytes([len(payload)]) if len(payload) < 126
              else b"\x7e" + struct.pack(">H", len(payload)))
    return b"\x82" + length + payload


def answer(key: bytes, overlay: str, prefix: str) -> bytes:
    """The 101."""
    return (b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n"
            b"Connection: Upgrade\r\nSec-WebSocket-Accept: " + accept_key(key)
            + f"\r\nX-Audc-OverlayIP: {overlay}\r\n"
              f"X-Audc-OverlayPrefix: {prefix}\r\n\r\n".encode())


def show(payload: bytes) -> None:
    """Logs a packet of the client."""
    if len(payload) >= 20:
        print("event=packet", f"source={socket.inet_ntoa(payload[12:16])}",
              f"destination={socket.inet_ntoa(payload[16:20])}",
              f"protocol={payload[9]}", flush=True)


def serve(stream: socket.socket) -> None:
    """Reads the client's frames to the end of the stream."""
    pending = b""
    while data := stream.recv(65536):
        pending += data
        while len(pending) >= 6:
            size, head = pending[1] & 127, 2
            if size == 126:
                if len(pending) < 4:
                    break
                size, head = struct.unpack(">H", pending[2:4])[0], 4
            if len(pending) < head + 4 + size:
                break
            mask = pending[head:head + 4]
            payload = bytes(byte ^ mask[i % 4] for i, byte in
                            enumerate(pending[head + 4:head + 4 + size]))
            if pending[0] & 15 == 9:
                stream.sendall(bytes([0x8A, len(payload)]) + payload)
            if pending[0] & 15 == 2:
                show(payload)
            pending = pending[head + 4 + size:]


def main() -> None:
    """Does what the module says."""
    address, port, overlay, prefix = sys.argv[1:5]
    packets = [bytes.fromhex(text) for text in sys.argv[5:]]
    with socket.create_server((address, int(port))) as listener:
        print("event=listening", flush=True)
        while True:
            stream, _ = listener.accept()
            with stream:
                try:
                    key = read_request(stream)
                    stream.sendall(answer(key, overlay, prefix))
                    print("event=login", flush=True)
                    for packet in packets:
                        stream.sendall(frame(packet))
                    print("event=sent", flush=True)
                    serve(stream)
                except OSError:
                    pass


if __name__ == "__main__":
    main()
