# SPDX-License-Identifier: Apache-2.0
"""Another device of the overlay, in hostile hands.

Usage: hostile_device.py ADDRESS PORT HOST USER PASSWORD LOAD COUNT PAUSE.
Logs in at OVOC as a client does, sends COUNT frames of a LOAD of DEVICE_LOADS
in hostile_loads.py to the device 169.254.0.2, PAUSE milliseconds behind each
12 KB, and stays. Prints events of the lab's log
form: `peer_up` with its own address, `done` with the frames sent and the
seconds they took.
"""

import base64
import os
import re
import signal
import socket
import ssl
import sys
import time

import hostile_loads

_REQUEST = ("GET /tun HTTP/1.1\r\nHost: {host}\r\nUpgrade: websocket\r\n"
            "Connection: Upgrade\r\nSec-WebSocket-Key: {key}\r\n"
            "Sec-WebSocket-Version: 13\r\n"
            "Sec-WebSocket-Protocol: ovoc.audiocodes.com\r\n"
            "Authorization: Basic {login}\r\n\r\n")
_TIMES = 10  # 12 KB: OVOC queues 256 KiB for a device and drops the rest
_ADDRESS = re.compile(rb"\r\nX-Audc-OverlayIP: ([0-9.]+)\r\n")


def log_in(stream: ssl.SSLSocket, host: str, user: str,
           password: str) -> bytes:
    """Opens the tunnel; returns the overlay address, 4 bytes."""
    stream.sendall(_REQUEST.format(
        host=host, key=base64.b64encode(os.urandom(16)).decode(),
        login=base64.b64encode(f"{user}:{password}".encode()).decode()
    ).encode())
    head = b""
    while b"\r\n\r\n" not in head:
        head += stream.recv(4096)
    found = _ADDRESS.search(head)
    assert found is not None
    return socket.inet_aton(found[1].decode())


def masked(frame: bytes) -> bytes:
    """The frame as a client must send it; a mask of zeros changes nothing."""
    head = 4 if frame[1] == 126 else 2
    return (frame[:1] + bytes([frame[1] | 0x80]) + frame[2:head] + b"\0" * 4
            + frame[head:])


def main() -> None:
    """Does what the module says."""
    address, port, host, user, password, load, count, pause = sys.argv[1:]
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    with socket.create_connection((address, int(port)), timeout=20) as plain, \
            context.wrap_socket(plain, server_hostname=host) as stream:
        own = log_in(stream, host, user, password)
        print(f"event=peer_up overlay={socket.inet_ntoa(own)}", flush=True)
        frames = [masked(frame) for frame in
                  hostile_loads.DEVICE_LOADS[load](own)]
        block = b"".join(frames) * _TIMES
        sent = 0
        begun = time.monotonic()
        while sent < int(count):
            stream.sendall(block)
            sent += len(frames) * _TIMES
            time.sleep(int(pause) / 1000)
        print(f"event=done units={sent}"
              f" seconds={time.monotonic() - begun:.2f}", flush=True)
        signal.pause()


if __name__ == "__main__":
    main()
