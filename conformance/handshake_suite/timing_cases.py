# SPDX-License-Identifier: Apache-2.0
"""Heads that come too slowly, and frames that come in the 101's segment."""

from conformance.handshake_suite.answers import (
    CLOSE_1000, CLOSE_1002, DONE, PATIENCE_SECONDS, PROTOCOL, Answer, head)

_SLOW = ("timeout: the answer to the upgrade request was not complete "
         "within 10s", "our limit")
_CLOSED = ("closed", "code 1000")

_PING = b"\x89\x05right"
_LONG_PING = b"\x89\x7d" + b"p" * 125
_PACKET = bytes.fromhex(  # an ICMP echo request, OVOC to 169.254.0.2
    "821c 4500001c 00010000 4001e676 a9fe0001 a9fe0002 0800f6fd 00010101")


def _slow(name: str, data: bytes, byte_pause: float = 0) -> Answer:
    return Answer(name, data, PROTOCOL, _SLOW, byte_pause=byte_pause,
                  stalls=True)


SLOW_CASES = [
    _slow("nothing comes", b""),
    _slow("half a status line", b"HTTP/1.1 1"),
    _slow("all but the last byte", head()[:-1]),
    # 230 bytes at 50 ms are 11.5 s: drop by drop does not extend the time.
    _slow("a right head, drip-fed", head(),
          byte_pause=1.15 * PATIENCE_SECONDS / len(head())),
]

CASES = [
    Answer("a right head, byte by byte", head(), DONE, _CLOSED,
           (CLOSE_1000,), byte_pause=0.001),
    Answer("a ping behind the head is answered with its payload",
           head() + _PING, DONE, _CLOSED, ((10, b"right"), CLOSE_1000)),
    Answer("so is the longest",
           head() + _LONG_PING, DONE, _CLOSED,
           ((10, b"p" * 125), CLOSE_1000)),
    Answer("a packet and then a ping", head() + _PACKET + _PING, DONE,
           _CLOSED, ((10, b"right"), CLOSE_1000)),
    Answer("a Close behind the head is answered", head() + b"\x88\x02\x03\xe9",
           PROTOCOL, ("closed_by_peer", "Close 1001"), ((8, b"\x03\xe9"),)),
    Answer("a bad frame behind the head fails with 1002",
           head() + b"\x83\x00", PROTOCOL,
           ("protocol_error", "RFC 6455 5.2"), (CLOSE_1002,)),
    Answer("a masked frame behind the head fails with 1002",
           head() + b"\x89\x80abcd", PROTOCOL,
           ("protocol_error", "RFC 6455 5.1"), (CLOSE_1002,)),
    Answer("half a frame behind the head is no error", head() + b"\x82",
           DONE, _CLOSED, (CLOSE_1000,)),
]
