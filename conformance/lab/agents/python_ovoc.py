# SPDX-License-Identifier: Apache-2.0
"""OVOC played by Python's `websockets` library, over TLS.

Usage: python_ovoc.py ADDRESS PORT CERTIFICATE KEY USER PASSWORD. Answers ICMP
echo requests in three fragments with a ping between them; the first connection
is closed with 1001 and a reason after three answers. Prints events of the
lab's log form: `listening`, `peer_up`, `frame` for each frame that came,
`answered`, `pong`, `peer_down`.
"""

import asyncio
import ssl
import sys
from collections.abc import AsyncIterator

import websockets
from websockets.legacy.auth import BasicAuthWebSocketServerProtocol
from websockets.legacy.framing import Frame

_SUBPROTOCOL = "ovoc.audiocodes.com"
_HEADERS = {"X-Audc-OverlayIP": "169.254.0.2", "X-Audc-OverlayPrefix": "18"}
_ANSWERS = 3      # on the first connection
_ECHO_REQUEST = 8  # RFC 792
_ICMP = 1


def say(name: str, **fields: object) -> None:
    """Logs an event."""
    print(f"event={name}", *(f"{k}={v}" for k, v in fields.items()),
          flush=True)


class Peer(BasicAuthWebSocketServerProtocol):
    """A connection that logs the frames; the library insists on masks."""

    async def read_frame(self, max_size: int | None) -> Frame:
        """Logs what the library read."""
        frame = await super().read_frame(max_size)
        say("frame", opcode=int(frame.opcode), fin=int(frame.fin),
            bytes=len(frame.data))
        return frame


def echo_reply(packet: bytes) -> bytes | None:
    """The reply to an ICMP echo request; None for any other packet."""
    start = (packet[0] & 0x0F) * 4
    if packet[9] != _ICMP or packet[start] != _ECHO_REQUEST:
        return None
    message = b"\0\0\0\0" + packet[start + 4:]
    padded = message + b"\0" * (len(message) % 2)
    total = sum(int.from_bytes(padded[i:i + 2], "big")
                for i in range(0, len(padded), 2))
    total = (total & 0xFFFF) + (total >> 16)
    total = ~((total & 0xFFFF) + (total >> 16)) & 0xFFFF
    return (packet[:12] + packet[16:20] + packet[12:16] + packet[20:start]
            + message[:2] + total.to_bytes(2, "big") + message[4:])


class Server:
    """Counts connections and answers."""

    def __init__(self) -> None:
        self._connections = 0

    async def serve(self, peer: Peer) -> None:
        """One connection, to its end."""
        self._connections += 1
        first = self._connections == 1
        say("peer_up", subprotocol=peer.subprotocol)
        answered = 0
        try:
            async for message in peer:
                reply = echo_reply(message)
                if reply is None:
                    continue
                await self._answer(peer, reply, answered)
                answered += 1
                if first and answered == _ANSWERS:
                    await peer.close(1001, "moving to another machine")
        except websockets.ConnectionClosed:
            pass
        say("peer_down", code=peer.close_code, answered=answered)

    async def _answer(self, peer: Peer, reply: bytes, number: int) -> None:
        """Sends the reply in fragments, a ping between two of them."""
        payload = f"ping {number}".encode()
        waiters = []

        async def fragments() -> AsyncIterator[bytes]:
            yield reply[:1]
            waiters.append(await peer.ping(payload))
            yield reply[1:30]
            yield reply[30:]

        await peer.send(fragments())
        say("answered", bytes=len(reply))
        # The library takes only a pong that has the ping's payload.
        await asyncio.wait_for(waiters[0], 5)
        say("pong", number=number)


async def run(address: str, port: int, certificate: str, key: str,
              user: str, password: str) -> None:
    """Serves for ever."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    create = websockets.basic_auth_protocol_factory(
        realm="OVOC", credentials=(user, password), create_protocol=Peer)
    async with websockets.serve(
            Server().serve, address, port, ssl=context, create_protocol=create,
            subprotocols=[_SUBPROTOCOL], extra_headers=_HEADERS,
            compression=None, ping_interval=None):
        say("listening")
        await asyncio.Future()


def main() -> None:
    """Does what the module says."""
    address, port, *others = sys.argv[1:]
    asyncio.run(run(address, int(port), *others))


if __name__ == "__main__":
    main()
