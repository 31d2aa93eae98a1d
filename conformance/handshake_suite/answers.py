# SPDX-License-Identifier: Apache-2.0
"""Answers to an upgrade request, and what the client must make of each.

An Answer holds raw bytes; ACCEPT in them stands for the Sec-WebSocket-Accept
that the client's key calls for.
"""

from dataclasses import dataclass

ACCEPT = b"{accept}"
WRONG_ACCEPT = b"{wrong_accept}"    # its first byte is another one
SWAPPED_ACCEPT = b"{swapped_accept}"  # its letters in the other case

# Exit codes of `client --check` (tunnel/command_line/exit_code.h).
DONE, LOGIN, NO_FREE_ADDRESS, PROTOCOL = 0, 7, 8, 9

PATIENCE_SECONDS = 10  # how long the client waits for a head
MAX_HEAD_BYTES = 16384
MAX_HEADER_LINES = 64

STATUS = b"HTTP/1.1 101 Switching Protocols"
FIELDS = {
    "upgrade": b"Upgrade: websocket",
    "connection": b"Connection: Upgrade",
    "accept": b"Sec-WebSocket-Accept: " + ACCEPT,
    "protocol": b"Sec-WebSocket-Protocol: ovoc.audiocodes.com",
    "ip": b"X-Audc-OverlayIP: 169.254.0.2",
    "prefix": b"X-Audc-OverlayPrefix: 18",
}

CLOSE_1000 = (8, b"\x03\xe8")  # opcode, payload
CLOSE_1002 = (8, b"\x03\xea")


@dataclass(frozen=True)
class Answer:
    """What the server does, and what must come of it."""

    name: str
    data: bytes
    exit_code: int
    words: tuple[str, ...]  # all of them are in the client's last line
    # The frames the client sends after the answer, its echo requests left
    # out: (opcode, payload).
    frames: tuple[tuple[int, bytes], ...] = ()
    hangs_up: bool = False    # the server closes right after the answer
    byte_pause: float = 0     # seconds between the bytes of `data`
    stalls: bool = False      # the rest never comes


def head(*extra: bytes, status: bytes = STATUS, without: str = "",
         **changed: bytes) -> bytes:
    """A right 101 but for what is said.

    `extra` lines come last; `without` names a field to leave out; any other
    name gives the line (or lines) that stand in that field's place.
    """
    lines = [status]
    lines += [changed.get(name, line) for name, line in FIELDS.items()
              if name != without]
    return b"\r\n".join([*lines, *extra]) + b"\r\n\r\n"


def refused(name: str, data: bytes, *words: str, hangs_up: bool = False,
            exit_code: int = PROTOCOL) -> Answer:
    """A case in which the client must not log in."""
    return Answer(name, data, exit_code, words, hangs_up=hangs_up)


def accepted(name: str, data: bytes) -> Answer:
    """A case in which the client logs in and closes with 1000."""
    return Answer(name, data, DONE, ("closed", "code 1000"), (CLOSE_1000,))


def plain(status: bytes, *lines: bytes, body: bytes = b"") -> bytes:
    """An answer that is no 101."""
    return b"\r\n".join([status, *lines]) + b"\r\n\r\n" + body
