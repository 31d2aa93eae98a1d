# SPDX-License-Identifier: Apache-2.0
"""A server that gives one prepared answer to one upgrade request.

It keeps what the client sends afterwards, unmasked, until the client hangs up.
"""

import base64
import hashlib
import re
import socket
import time
from collections.abc import Iterator
from dataclasses import dataclass, field

from conformance.handshake_suite.answers import (
    ACCEPT, SWAPPED_ACCEPT, WRONG_ACCEPT, Answer)

_GUID = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"  # RFC 6455 1.3
_KEY = re.compile(rb"\r\nSec-WebSocket-Key: ([^\r]*)\r\n")
_WAIT_SECONDS = 30


@dataclass
class Seen:
    """What the server saw of the client."""

    connections: int = 0
    frames: list[tuple[int, bytes]] = field(default_factory=list)
    complaint: str = ""  # why it could not read the client's bytes


def filled(data: bytes, request: bytes) -> bytes:
    """`data` with the Accept of the request's key in its places."""
    key = _KEY.search(request)
    if key is None:
        raise ValueError("the request has no Sec-WebSocket-Key")
    accept = base64.b64encode(hashlib.sha1(key[1] + _GUID).digest())
    wrong = (b"A" if accept[:1] != b"A" else b"B") + accept[1:]
    return (data.replace(ACCEPT, accept).replace(WRONG_ACCEPT, wrong)
            .replace(SWAPPED_ACCEPT, accept.swapcase()))


def frames_of(data: bytes) -> Iterator[tuple[int, bytes]]:
    """The client's frames, short ones only: (opcode, unmasked payload).

    Raises ValueError where RFC 6455 5.1 to 5.3 is not kept.
    """
    while data:
        if len(data) < 6 or not data[0] & 0x80 or not data[1] & 0x80:
            raise ValueError("no whole, final, masked frame")
        size = data[1] & 0x7F
        mask, payload = data[2:6], data[6:6 + size]
        if size > 125 or len(payload) < size:
            raise ValueError("no whole short frame")
        yield data[0] & 0x0F, bytes(byte ^ mask[i % 4]
                                    for i, byte in enumerate(payload))
        data = data[6 + size:]


class AnswerServer:
    """Listens on a free port of the loopback interface."""

    def __init__(self, answer: Answer) -> None:
        self._answer = answer
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._listener.settimeout(_WAIT_SECONDS)
        self.port: int = self._listener.getsockname()[1]
        self.seen = Seen()

    def serve(self) -> Seen:
        """Answers the first connection; counts any further one."""
        with self._listener:
            connection, _ = self._listener.accept()
            with connection:
                connection.settimeout(_WAIT_SECONDS)
                self._answer_on(connection)
            self.seen.connections = 1 + self._further()
        return self.seen

    def _answer_on(self, connection: socket.socket) -> None:
        request = b""
        while not request.endswith(b"\r\n\r\n"):
            request += connection.recv(4096)
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        try:
            self._send(connection, filled(self._answer.data, request))
            if not self._answer.hangs_up:
                self._read_frames(connection)
        except (BrokenPipeError, ConnectionResetError):
            pass  # it hung up with bytes of the answer unread

    def _send(self, connection: socket.socket, data: bytes) -> None:
        if not self._answer.byte_pause:
            connection.sendall(data)
            return
        for byte in data:
            connection.sendall(bytes([byte]))
            time.sleep(self._answer.byte_pause)

    def _read_frames(self, connection: socket.socket) -> None:
        received = b""
        while chunk := connection.recv(4096):
            received += chunk
        try:
            self.seen.frames.extend(frames_of(received))
        except ValueError as error:
            self.seen.complaint = str(error)

    def _further(self) -> int:
        """Connections that wait to be accepted."""
        self._listener.setblocking(False)
        count = 0
        try:
            while True:
                self._listener.accept()[0].close()
                count += 1
        except BlockingIOError:
            return count
