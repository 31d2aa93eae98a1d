# SPDX-License-Identifier: Apache-2.0
"""A fuzzing server by hand: raw sockets, frames as bytes, nothing of ours."""

import base64
import hashlib
import socket
import struct
import threading
import urllib.parse
from collections.abc import Callable, Sequence

_GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"  # RFC 6455 1.3
_SOCKET_SECONDS = 20

Frame = tuple[int, bytes]  # first octet, payload unmasked


def frame(first: int, payload: bytes = b"") -> bytes:
    """A server's frame with the shortest length."""
    if len(payload) < 126:
        head = struct.pack("!BB", first, len(payload))
    elif len(payload) < 65536:
        head = struct.pack("!BBH", first, 126, len(payload))
    else:
        head = struct.pack("!BBQ", first, 127, len(payload))
    return head + payload


def close(code: int, reason: bytes = b"") -> bytes:
    """A server's Close."""
    return frame(0x88, struct.pack("!H", code) + reason)


class Client:
    """The client's end of one connection, as the server sees it."""

    def __init__(self, connection: socket.socket) -> None:
        self.connection = connection
        connection.settimeout(_SOCKET_SECONDS)
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.head = self._head()
        self.masks: list[bytes] = []

    def _head(self) -> list[str]:
        """The lines of the request."""
        text = b""
        while not text.endswith(b"\r\n\r\n"):
            octet = self.connection.recv(1)
            if not octet:
                raise EOFError("no whole request")
            text += octet
        return text.decode("ascii").split("\r\n")[:-2]

    def field(self, name: str) -> str:
        """The value of a field that is there once."""
        values = [line.split(": ", 1)[1] for line in self.head[1:]
                  if line.lower().startswith(name.lower() + ":")]
        if len(values) != 1:
            raise AssertionError(f"{name}: {len(values)} times")
        return values[0]

    def accept(self) -> bytes:
        """The 101 for the client's key."""
        key = self.field("Sec-WebSocket-Key") + _GUID
        digest = base64.b64encode(hashlib.sha1(key.encode()).digest())
        return (b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n"
                b"Connection: Upgrade\r\nSec-WebSocket-Accept: " + digest +
                b"\r\n\r\n")

    def send(self, octets: bytes) -> None:
        """Sends all."""
        self.connection.sendall(octets)

    def read(self, count: int) -> bytes:
        """Exactly so many octets."""
        octets = b""
        while len(octets) < count:
            more = self.connection.recv(count - len(octets))
            if not more:
                raise EOFError(f"{len(octets)} of {count} octets")
            octets += more
        return octets

    def read_frame(self) -> Frame:
        """One frame; its mask and its length are judged."""
        first, second = self.read(2)
        length = second & 0x7F
        if length == 126:
            length, = struct.unpack("!H", self.read(2))
            minimal = length > 125
        elif length == 127:
            length, = struct.unpack("!Q", self.read(8))
            minimal = length > 65535
        else:
            minimal = True
        if not second & 0x80 or not minimal:
            raise AssertionError("no mask, or a length that is too long")
        mask = self.read(4)
        self.masks.append(mask)
        key = int.from_bytes(mask * (length // 4 + 1), "big")
        octets = self.read(length)
        plain = int.from_bytes(octets + b"\0" * (4 - length % 4), "big") ^ key
        return first, plain.to_bytes(length + 4 - length % 4, "big")[:length]

    def at_end(self) -> bool:
        """Waits; true when the stream ends and nothing more came."""
        try:
            return self.connection.recv(1) == b""
        except ConnectionResetError:
            return True


Script = Callable[[Client], None]


class ScriptedServer:
    """Plays /getCaseCount, each case and /updateReports on 127.0.0.1."""

    def __init__(self, cases: Sequence[Script]) -> None:
        self._cases = cases
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._listener.settimeout(_SOCKET_SECONDS)
        self.port = self._listener.getsockname()[1]
        self.paths: list[str] = []
        self.failures: dict[int, str] = {}  # by the number of the case
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Ends the server."""
        self._listener.close()
        self._thread.join()

    def _run(self) -> None:
        """Serves one connection after the other."""
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            with connection:
                self._serve(connection)
            if self.paths[-1].startswith("/updateReports"):
                return

    def _serve(self, connection: socket.socket) -> None:
        """Plays what the path asks for."""
        client = Client(connection)
        path = client.head[0].split(" ")[1]
        self.paths.append(path)
        query = urllib.parse.parse_qs(urllib.parse.urlsplit(path).query)
        if path.startswith("/runCase"):
            number = int(query["case"][0])
            try:
                self._cases[number - 1](client)
            except (AssertionError, EOFError, OSError) as error:
                self.failures[number] = f"{type(error).__name__}: {error}"
            return
        client.send(client.accept())
        if path == "/getCaseCount":
            client.send(frame(0x81, str(len(self._cases)).encode()))
        client.send(close(1000))
        client.read_frame()
