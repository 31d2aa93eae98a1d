# SPDX-License-Identifier: Apache-2.0
"""Python's `websockets` as a fuzzing server.

Usage: python_fuzzing_server.py [CERTIFICATE KEY]. What it prints is said in
echo_program.py. The verdicts are its own: it compares what came back, and
`websockets` itself judges frames, masks and Close codes.
"""

import asyncio
import json
import ssl
import sys
import urllib.parse
from collections.abc import Awaitable, Callable

from websockets.exceptions import ConnectionClosed
from websockets.frames import OP_BINARY, OP_CONT, OP_TEXT
from websockets.legacy.server import WebSocketServerProtocol, serve

_SIZES = [0, 1, 125, 126, 127, 65535, 65536, 1 << 20, 1 << 24]
_CASE_SECONDS = 60

Judge = Callable[[WebSocketServerProtocol], Awaitable[None]]
CASES: list[tuple[str, Judge]] = []
REPORT: dict[str, str] = {}
VERDICTS: list[asyncio.Task[None]] = []  # a case may outlive its connection


def expect(what: str, found: object, wanted: object) -> None:
    """Raises when the two differ."""
    if found != wanted:
        raise AssertionError(f"{what}: found {found!r:.60}, "
                             f"wanted {wanted!r:.60}")


def add(name: str) -> Callable[[Judge], Judge]:
    """Makes a case of the function below."""
    def keep(judge: Judge) -> Judge:
        CASES.append((name, judge))
        return judge
    return keep


async def send_raw(client: WebSocketServerProtocol, text: str) -> None:
    """Sends bytes, given in hex, that the library would not send."""
    client.transport.write(bytes.fromhex(text))


async def expect_close(client: WebSocketServerProtocol, code: int) -> None:
    """Waits for the client's Close and compares its code."""
    await client.wait_closed()
    expect("code", client.close_code, code)
    expect("reason", client.close_reason, "")


def size_case(size: int, binary: bool) -> None:
    """A message of so many octets comes back."""
    @add(f"{'binary' if binary else 'text'} of {size}")
    async def judge(client: WebSocketServerProtocol) -> None:
        payload: str | bytes
        payload = (bytes(i * 31 & 0xFF for i in range(256)) * (size // 256 + 1)
                   )[:size]
        if not binary:
            payload = ("µ" * (size // 2)) + "x" * (size % 2)
        await client.send(payload)
        found = await client.recv()
        if found != payload:
            raise AssertionError(f"{type(found)} of {len(found)} octets "
                                 "that are not the same")


for each in _SIZES:
    size_case(each, False)
    size_case(each, True)


@add("1000 messages at once")
async def many(client: WebSocketServerProtocol) -> None:
    """In order, though none is read before all are sent."""
    for i in range(1000):
        await client.send(str(i))
    for i in range(1000):
        expect("order", await client.recv(), str(i))


@add("fragments")
async def fragments(client: WebSocketServerProtocol) -> None:
    """The library's own way of sending them."""
    await client.send([b"frag", b"", b"ments"])
    expect("binary", await client.recv(), b"fragments")
    await client.send(["κό", "σμε"])
    expect("text", await client.recv(), "κόσμε")


@add("characters over fragments, pings between")
async def characters(client: WebSocketServerProtocol) -> None:
    """One octet a frame."""
    payload = "µ@ßöäüàá 🜁 κόσμε".encode()
    pongs = []
    for i, octet in enumerate(payload):
        await client.write_frame(i + 1 == len(payload),
                                 OP_CONT if i else OP_TEXT, bytes([octet]))
        if i % 8 == 0:
            pongs.append(await client.ping(f"ping {i}"))
    expect("text", await client.recv(), payload.decode())
    await asyncio.gather(*pongs)


@add("octets of a frame one by one")
async def octets(client: WebSocketServerProtocol) -> None:
    """Each in a segment of its own, as far as the kernel obliges."""
    for octet in b"\x01\x03Hel\x89\x02hi\x80\x02lo":
        await send_raw(client, f"{octet:02x}")
        await asyncio.sleep(0)
    expect("text", await client.recv(), "Hello")


@add("pings")
async def pings(client: WebSocketServerProtocol) -> None:
    """The library matches a pong to its ping by the payload."""
    for payload in (b"", b"\xff" * 125, b"x"):
        await (await client.ping(payload))


@add("a pong is no question")
async def pong(client: WebSocketServerProtocol) -> None:
    """It is ignored."""
    await client.pong(b"unasked")
    await client.send("x")
    expect("text", await client.recv(), "x")


@add("empty frames of all kinds")
async def empty(client: WebSocketServerProtocol) -> None:
    """One message of nothing."""
    await client.write_frame(False, OP_BINARY, b"")
    await client.write_frame(False, OP_CONT, b"")
    await client.write_frame(True, OP_CONT, b"")
    expect("binary", await client.recv(), b"")


def close_case(code: int, reason: str) -> None:
    """Our Close is answered with its own code."""
    @add(f"close {code}")
    async def judge(client: WebSocketServerProtocol) -> None:
        await client.close(code, reason)
        await expect_close(client, code)


for case in ((1000, ""), (1001, "going away"), (1011, "é"),
             (3000, "x" * 123), (4999, "")):
    close_case(*case)


def failure_case(name: str, text: str, code: int) -> None:
    """The client fails the connection, after what came before."""
    @add(f"we are failed for {name}")
    async def judge(client: WebSocketServerProtocol) -> None:
        await send_raw(client, "81026f6b" + text)
        expect("message in front", await client.recv(), "ok")
        await expect_close(client, code)


for failure in (("RSV2", "a100", 1002), ("a mask", "818000000000", 1002),
                ("opcode 11", "8b00", 1002),
                ("a fragmented ping", "0900", 1002),
                ("a lone continuation", "8000", 1002),
                ("a message in another", "01008100", 1002),
                ("a length of 2^63", "827f8000000000000000", 1002),
                ("a Close of one octet", "880103", 1002),
                ("no UTF-8 in a Close", "880303e8ff", 1007),
                ("no UTF-8 in the middle of a text",
                 "817f0000000000100000f490", 1007),
                ("16 MiB and 1", "827f0000000001000001", 1009)):
    failure_case(*failure)


async def judge_case(client: WebSocketServerProtocol, number: int) -> None:
    """Runs a case, ends it in order and keeps the verdict."""
    name, judge = CASES[number - 1]
    try:
        await asyncio.wait_for(judge(client), _CASE_SECONDS)
        if client.open:
            await client.close(1000)
            await expect_close(client, 1000)
        REPORT[name] = "ok"
    except (AssertionError, ConnectionClosed, TimeoutError) as error:
        REPORT[name] = f"{type(error).__name__}: {error}"


async def on_client(client: WebSocketServerProtocol) -> None:
    """Serves one connection."""
    url = urllib.parse.urlsplit(client.path)
    query = urllib.parse.parse_qs(url.query)
    if url.path == "/getCaseCount":
        await client.send(str(len(CASES)))
    elif url.path == "/runCase":
        VERDICTS.append(asyncio.create_task(
            judge_case(client, int(query["case"][0]))))
        await VERDICTS[-1]
    elif url.path == "/updateReports":
        await asyncio.gather(*VERDICTS)
        REPORT["agent"] = query["agent"][0]
        print(json.dumps(REPORT), flush=True)


async def main(arguments: list[str]) -> None:
    """Listens until the standard input ends."""
    context = None
    if arguments:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(*arguments)
    async with serve(on_client, "127.0.0.1", 0, ssl=context, max_size=None,
                     compression=None, ping_interval=None) as server:
        print(server.sockets[0].getsockname()[1], flush=True)
        loop = asyncio.get_running_loop()
        await loop.run_in_executor(None, sys.stdin.read)


asyncio.run(main(sys.argv[1:]))
