# SPDX-License-Identifier: Apache-2.0
"""Starts a tunnel's client and tells when the first ping comes back.

Usage: first_reply.py ADDRESS SECONDS PROGRAM ARGUMENT... Sends an ICMP echo
request (RFC 792) every half millisecond from the program's start on, prints
an event `first_reply` with the milliseconds until a reply, at most SECONDS,
and ends the program.
"""

import os
import signal
import socket
import struct
import sys
import time

_PAUSE_SECONDS = 0.0005
_REQUEST = 8
_REPLY = 0
_IP_HEADER_BYTES = 20
_IDENTIFIER = slice(24, 26)  # of the ICMP header behind it
_END_SECONDS = 5


def checksum(data: bytes) -> int:
    """The Internet checksum of an even number of bytes (RFC 1071)."""
    total: int = sum(struct.unpack(f"!{len(data) // 2}H", data))
    while total >> 16:
        total = (total & 0xffff) + (total >> 16)
    return ~total & 0xffff


def request(identifier: int) -> bytes:
    """An echo request without data."""
    bare = struct.pack("!BBHHH", _REQUEST, 0, 0, identifier, 1)
    return struct.pack("!BBHHH", _REQUEST, 0, checksum(bare), identifier, 1)


def is_reply(packet: bytes, identifier: int) -> bool:
    """Whether an IPv4 packet of a raw socket answers our request."""
    if len(packet) < _IP_HEADER_BYTES + 8:
        return False
    return (packet[_IP_HEADER_BYTES] == _REPLY
            and packet[_IDENTIFIER] == identifier.to_bytes(2, "big"))


def wait_for_reply(address: str, seconds: float) -> bool:
    """Pings until something answers."""
    identifier = os.getpid() & 0xffff
    packet = request(identifier)
    late = time.monotonic() + seconds
    with socket.socket(socket.AF_INET, socket.SOCK_RAW,
                       socket.IPPROTO_ICMP) as raw:
        raw.settimeout(_PAUSE_SECONDS)
        while time.monotonic() < late:
            try:
                raw.sendto(packet, (address, 0))
            except OSError:  # there is no way to it yet
                time.sleep(_PAUSE_SECONDS)
                continue
            try:
                while not is_reply(raw.recv(1500), identifier):
                    pass
                return True
            except TimeoutError:
                continue
    return False


def end(pid: int) -> None:
    """Ends the program, at last by force."""
    os.kill(pid, signal.SIGTERM)
    late = time.monotonic() + _END_SECONDS
    while os.waitpid(pid, os.WNOHANG) == (0, 0):
        if time.monotonic() > late:
            os.kill(pid, signal.SIGKILL)
        time.sleep(0.01)


def main() -> int:
    """Does what the module says."""
    address, seconds, *command = sys.argv[1:]
    start = time.monotonic()
    pid = os.posix_spawn(command[0], command, os.environ)
    came = wait_for_reply(address, float(seconds))
    took = time.monotonic() - start
    end(pid)
    if came:
        print(f"event=first_reply ms={took * 1000:.2f}", flush=True)
    return 0 if came else 1


if __name__ == "__main__":
    sys.exit(main())
