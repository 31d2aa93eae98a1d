# SPDX-License-Identifier: Apache-2.0
"""OVOC in hostile hands: accepts a client, then sends a load at full speed.

Usage: hostile_peer.py ADDRESS PORT CERTIFICATE KEY LOAD COUNT. LOAD is a name
of _LOADS in hostile_loads.py; COUNT of its units are sent once SIGUSR1 comes.
Between them go pings whose pongs are timed. Prints events of the lab's log
form: `listening`, `peer_up`, `begun`, `done` with the units sent, the seconds
they took, the pongs and the worst wait for one, `end` when the client went.
"""

import base64
import hashlib
import re
import select
import signal
import socket
import ssl
import sys
import time

import hostile_loads

_GUID = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"  # RFC 6455 1.3
_PERIOD_SECONDS = 0.02  # between two timed pings
_SEND_BYTES = 1 << 16
_SEND_BUFFER_BYTES = 1 << 17
_LAST_PONG_SECONDS = 3.0
_MASKED_HEAD_BYTES = 6
_RUN_OF_PONGS = re.compile(rb"(?:\x8a\x80.{4})*", re.DOTALL)


def say(name: str, **fields: object) -> None:
    """Logs an event."""
    print(f"event={name}", *(f"{k}={v}" for k, v in fields.items()),
          flush=True)


class Gone(Exception):
    """The client closed the connection."""


class Connection:
    """A client's connection, read and written without waiting."""

    def __init__(self, stream: ssl.SSLSocket, reads: bool) -> None:
        self._stream = stream
        self._reads = reads
        self._input = b""
        self._pings = 0
        self._sent_at: dict[bytes, float] = {}
        self.waits: list[float] = []
        self.empty_pongs = 0

    def send(self, data: bytes | memoryview) -> None:
        """Sends all of it and reads meanwhile."""
        view = memoryview(data)
        while view:
            try:
                view = view[self._stream.send(view[:_SEND_BYTES]):]
            except (ssl.SSLWantWriteError, ssl.SSLWantReadError):
                select.select([self._stream] if self._reads else [],
                              [self._stream], [], 0.02)
            except OSError as error:
                raise Gone(str(error)) from None
            self.read()

    def ping(self) -> None:
        """Sends a ping whose pong is timed from its last byte on."""
        mark = f"mark-{self._pings:06}".encode()
        self._pings += 1
        self._sent_at[mark] = time.monotonic()  # sending reads pongs too
        self.send(b"\x89" + bytes([len(mark)]) + mark)
        if mark in self._sent_at:
            self._sent_at[mark] = time.monotonic()

    def settle(self) -> None:
        """Waits for the pongs that are missing."""
        deadline = time.monotonic() + _LAST_PONG_SECONDS
        while self._sent_at:
            if time.monotonic() > deadline:
                return
            select.select([self._stream], [], [], 0.02)
            self.read()

    def read(self) -> None:
        """Takes what has come."""
        if not self._reads:
            return
        try:
            data = self._stream.recv(1 << 16)
        except (ssl.SSLWantReadError, ssl.SSLWantWriteError):
            return
        except OSError as error:
            raise Gone(str(error)) from None
        if not data:
            raise Gone("end of stream")
        self._input += data
        self._take_frames()

    def _take_frames(self) -> None:
        """Reads the whole frames; each is short and masked."""
        while True:
            run = _RUN_OF_PONGS.match(self._input)
            assert run is not None
            self.empty_pongs += run.end() // _MASKED_HEAD_BYTES
            self._input = self._input[run.end():]
            if len(self._input) < _MASKED_HEAD_BYTES:
                return
            size, skip = self._input[1] & 0x7F, 2
            if size == 126:
                size, skip = int.from_bytes(self._input[2:4], "big"), 4
            whole = skip + 4 + size
            if len(self._input) < whole:
                return
            if self._input[0] == 0x8A:
                self._take_pong(self._input[2:6], self._input[6:whole])
            self._input = self._input[whole:]

    def _take_pong(self, mask: bytes, masked: bytes) -> None:
        """Notes how long the timed pings up to this one have waited."""
        mark = bytes(byte ^ mask[i % 4] for i, byte in enumerate(masked))
        if mark not in self._sent_at:
            return
        # RFC 6455 5.5.3: of pings that came together the last is answered.
        answered = [sent for sent in self._sent_at if sent <= mark]
        now = time.monotonic()
        self.waits += [now - self._sent_at.pop(sent) for sent in answered]

    @property
    def worst_ms(self) -> int:
        """The longest wait; one that never came counts as its deadline."""
        waits = [*self.waits, *([_LAST_PONG_SECONDS] if self._sent_at else [])]
        return round(max(waits, default=0.0) * 1000)


def head(key: bytes) -> bytes:
    """The answer to an upgrade request."""
    accept = base64.b64encode(hashlib.sha1(key + _GUID).digest())
    return (b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n"
            b"Connection: Upgrade\r\nSec-WebSocket-Accept: " + accept
            + b"\r\nSec-WebSocket-Protocol: ovoc.audiocodes.com\r\n"
            b"X-Audc-OverlayIP: 169.254.0.2\r\nX-Audc-OverlayPrefix: 18\r\n"
            b"\r\n")


def accept_client(listener: socket.socket, context: ssl.SSLContext,
                  load: hostile_loads.Load) -> ssl.SSLSocket:
    """Takes a connection up to the 101, whose bytes go as the load says."""
    plain, _ = listener.accept()
    plain.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    plain.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, _SEND_BUFFER_BYTES)
    stream = context.wrap_socket(plain, server_side=True)
    request = b""
    while not request.endswith(b"\r\n\r\n"):
        request += stream.recv(4096)
    key = re.search(rb"\r\nSec-WebSocket-Key: ([^\r]*)\r\n", request)
    assert key is not None
    say("asked")
    begun = time.monotonic()
    try:
        for byte in head(key[1]) if load.head_pause else ():
            stream.sendall(bytes([byte]))
            time.sleep(load.head_pause)
    except OSError:
        say("end", seconds=f"{time.monotonic() - begun:.1f}")
        sys.exit(0)
    if not load.head_pause:
        stream.sendall(head(key[1]))
    stream.setblocking(False)
    return stream


def send_load(connection: Connection, load: hostile_loads.Load,
              count: int) -> None:
    """Sends the load, a timed ping each _PERIOD_SECONDS if it can be."""
    next_ping = 0.0
    sent = 0
    begun = time.monotonic()
    connection.send(load.first)
    try:
        while sent < count:
            if load.timed and time.monotonic() >= next_ping:
                connection.ping()
                next_ping = time.monotonic() + _PERIOD_SECONDS
            piece = load.block
            if load.one_byte:
                for byte in piece:
                    connection.send(bytes([byte]))
            else:
                connection.send(piece)
            sent += load.block_units
        spent = time.monotonic() - begun
        connection.settle()
    except Gone as gone:
        say("end", units=sent, why=f'"{gone}"',
            seconds=f"{time.monotonic() - begun:.1f}")
        return
    say("done", units=sent, seconds=f"{spent:.2f}",
        pongs=len(connection.waits), empty_pongs=connection.empty_pongs,
        worst_ms=connection.worst_ms)


def main() -> None:
    """Does what the module says."""
    address, port, certificate, key, name, count = sys.argv[1:]
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGUSR1})
    load = hostile_loads.LOADS[name]
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    with socket.create_server((address, int(port))) as listener:
        say("listening")
        stream = accept_client(listener, context, load)
        say("peer_up")
        signal.sigwait({signal.SIGUSR1})
        say("begun")
        send_load(Connection(stream, load.reads), load, int(count))
        signal.pause()


if __name__ == "__main__":
    main()
