# SPDX-License-Identifier: Apache-2.0
"""Pings one address through many interfaces at once (ICMP echo, RFC 792).

Usage: echo_all.py PREFIX NUMBER ADDRESS ROUNDS INTERVAL BYTES. The interfaces
are PREFIX0 and so on; each round sends one request of BYTES data through each,
INTERVAL seconds after the last. Prints an event `echoed`: how many interfaces
got an answer, requests, answers, and their times; before it an event `silent`
for each interface without an answer.
"""

import selectors
import socket
import statistics
import struct
import sys
import time

_ECHO_REQUEST = 8
_ECHO_REPLY = 0
_PATIENCE_SECONDS = 5.0
_PACKET_BYTES = 2048


def checksum(data: bytes | bytearray) -> int:
    """The Internet checksum (RFC 1071) of an even number of bytes."""
    total: int = sum(struct.unpack(f"!{len(data) // 2}H", data))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return ~total & 0xFFFF


def request(number: int, sequence: int, size: int) -> bytes:
    """An echo request."""
    packet = bytearray(struct.pack("!BBHHH", _ECHO_REQUEST, 0, 0, number,
                                   sequence) + bytes(size))
    struct.pack_into("!H", packet, 2, checksum(packet))
    return bytes(packet)


class Echo:
    """A socket for each interface, and what they sent and received."""

    def __init__(self, prefix: str, number: int, address: str) -> None:
        self._address = address
        self._ready = selectors.DefaultSelector()
        self._sockets: list[socket.socket] = []
        self._sent: dict[tuple[int, int], float] = {}
        self.times: dict[int, list[float]] = {}  # in ms, of each interface
        self.sent = 0
        self.received = 0
        for index in range(number):
            raw = socket.socket(socket.AF_INET, socket.SOCK_RAW,
                                socket.IPPROTO_ICMP)
            raw.setsockopt(socket.SOL_SOCKET, socket.SO_BINDTODEVICE,
                           f"{prefix}{index}".encode())
            raw.setblocking(False)
            self._sockets.append(raw)
            self._ready.register(raw, selectors.EVENT_READ, index)

    def round(self, sequence: int, size: int) -> None:
        """Sends through each; what the device does not take is no answer."""
        for index, raw in enumerate(self._sockets):
            self._sent[index, sequence] = time.monotonic()
            self.sent += 1
            try:
                raw.sendto(request(index, sequence, size), (self._address, 0))
            except OSError as error:
                print(f"event=refused interface={index} detail="
                      f'"{error.strerror}"', flush=True)

    def receive(self, until: float, enough: int = sys.maxsize) -> None:
        """Takes answers until that time, or until there are enough."""
        while (self.received < enough
               and (left := until - time.monotonic()) > 0):
            for key, _ in self._ready.select(left):
                self._take(key.data, self._sockets[key.data])

    def _take(self, index: int, raw: socket.socket) -> None:
        """One packet of a socket."""
        packet = raw.recv(_PACKET_BYTES)
        kind, _, _, number, sequence = struct.unpack_from(
            "!BBHHH", packet, 4 * (packet[0] & 15))
        if kind != _ECHO_REPLY or number != index:
            return
        begun = self._sent.pop((index, sequence), None)
        if begun is not None:
            self.received += 1
            self.times.setdefault(index, []).append(
                1000 * (time.monotonic() - begun))


def main() -> None:
    """Sends the rounds and sums up."""
    prefix, address = sys.argv[1], sys.argv[3]
    number, rounds, size = (int(sys.argv[index]) for index in (2, 4, 6))
    interval = float(sys.argv[5])
    echo = Echo(prefix, number, address)
    begun = time.monotonic()
    for sequence in range(rounds):
        echo.receive(begun + sequence * interval)
        echo.round(sequence, size)
    echo.receive(time.monotonic() + _PATIENCE_SECONDS, echo.sent)
    for index in range(number):
        if index not in echo.times:
            print(f"event=silent interface={prefix}{index}")
    every = sorted(ms for times in echo.times.values() for ms in times)
    print(f"event=echoed interfaces={len(echo.times)} sent={echo.sent}"
          f" received={echo.received}"
          f" median_ms={statistics.median(every or [0]):.2f}"
          f" worst_ms={max(every or [0]):.1f}", flush=True)


if __name__ == "__main__":
    main()
