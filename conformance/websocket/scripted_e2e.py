# SPDX-License-Identifier: Apache-2.0
"""echo_client against a server by hand: each octet it answers is compared."""

import itertools
import struct
import unittest
from collections.abc import Callable

from conformance.websocket.echo_program import (AGENT, AGENT_IN_QUERY,
                                                run_client)
from conformance.websocket.scripted_server import (Client, Frame, Script,
                                                   ScriptedServer, close,
                                                   frame)

_MIB = 1 << 20


def _close(code: int) -> Frame:
    """The client's Close."""
    return 0x88, struct.pack("!H", code)


# What the server sends; the frames that must come back, the last one a Close.
EXCHANGES: dict[str, tuple[bytes, list[Frame]]] = {
    "nothing but a Close": (close(1000), [_close(1000)]),
    "Close without a code": (frame(0x88), [(0x88, b"")]),
    "Close with a reason": (close(3000, b"why"), [_close(3000)]),
    "text, binary, empty": (
        frame(0x81, b"text") + frame(0x82, b"\0\xff") + frame(0x81) +
        close(1001),
        [(0x81, b"text"), (0x82, b"\0\xff"), (0x81, b""), _close(1001)]),
    "fragments, pings between": (
        frame(0x01, b"f") + frame(0x89, b"p1") + frame(0x00, b"ra") +
        frame(0x89) + frame(0x80, b"g") + close(1000),
        [(0x8A, b"p1"), (0x8A, b""), (0x81, b"frag"), _close(1000)]),
    "lengths around the forms": (
        b"".join(frame(0x82, b"x" * n) for n in (125, 126, 127, 65535, 65536))
        + close(1000),
        [*((0x82, b"x" * n) for n in (125, 126, 127, 65535, 65536)),
         _close(1000)]),
    "65536 fragments": (
        frame(0x02, b"x") + frame(0x00, b"x") * 65534 + frame(0x80, b"x") +
        close(1000), [(0x82, b"x" * 65536), _close(1000)]),
}

# What breaks a rule, behind a text `ok`; the code the client fails with.
BROKEN: dict[str, tuple[bytes, int]] = {
    "RSV1": (b"\xc1\x00", 1002),
    "RSV2": (b"\xa2\x00", 1002),
    "RSV3 of a ping": (b"\x99\x00", 1002),
    **{f"opcode {n}": (bytes([0x80 | n, 0]), 1002)
       for n in (3, 4, 5, 6, 7, 11, 12, 13, 14, 15)},
    "a mask": (b"\x81\x81\x01\x02\x03\x04x", 1002),
    "a fragmented ping": (b"\x09\x00", 1002),
    "a ping of 126": (b"\x89\x7e\x00\x7e", 1002),
    "a Close of 126": (b"\x88\x7e\x00\x7e", 1002),
    "16 bits for 125": (b"\x82\x7e\x00\x7d", 1002),
    "64 bits for 65535": (b"\x82\x7f" + struct.pack("!Q", 65535), 1002),
    "2^63": (b"\x82\x7f" + struct.pack("!Q", 1 << 63), 1002),
    "above 16 MiB": (b"\x82\x7f" + struct.pack("!Q", 16 * _MIB + 1), 1009),
    "a continuation of nothing": (b"\x80\x00", 1002),
    "a message in another": (b"\x01\x01x\x81\x01y", 1002),
    "a Close of one octet": (b"\x88\x01\x03", 1002),
    **{f"Close {code}": (close(code), 1002)
       for code in (0, 999, 1004, 1005, 1006, 1015, 1016, 1100, 2000, 2999,
                    5000, 65535)},
    "a reason that is no UTF-8": (close(1000, b"\xff"), 1007),
    "overlong": (b"\x81\x02\xc0\x80", 1007),
    "a surrogate": (b"\x81\x03\xed\xa0\x80", 1007),
    "a character cut short": (b"\x81\x02\xe2\x82", 1007),
    # Of the last three the rest never comes.
    "the middle of a frame": (b"\x81\x7e\x10\x00valid\xf4\x90", 1007),
    "the middle of a fragment": (
        b"\x01\x03\xce\xba\xe1\x00\x7e\x10\x00\xbd\xb9\xff", 1007),
    "a frame of which one octet comes": (
        b"\x81\x7f" + struct.pack("!Q", 16 * _MIB) + b"\x80", 1007),
}

EXCHANGES |= {
    f"broken: {name}": (frame(0x81, b"ok") + octets,
                        [(0x81, b"ok"), _close(code)])
    for name, (octets, code) in BROKEN.items()}


def expect_frames(client: Client, frames: list[Frame]) -> None:
    """Reads so many frames and compares; then the stream must be quiet."""
    for number, wanted in enumerate(frames):
        found = client.read_frame()
        if found != wanted:
            raise AssertionError(f"frame {number}: {found!r:.80}, "
                                 f"wanted {wanted!r:.80}")
    client.connection.shutdown(2)


def in_one_segment(octets: bytes, frames: list[Frame]) -> Script:
    """The 101 and all behind it in one write."""
    def play(client: Client) -> None:
        client.send(client.accept() + octets)
        expect_frames(client, frames)
    return play


def octet_by_octet(octets: bytes, frames: list[Frame]) -> Script:
    """Each octet in a write of its own, without Nagle's delay."""
    def play(client: Client) -> None:
        for octet in client.accept() + octets:
            client.send(bytes([octet]))
        expect_frames(client, frames)
    return play


class ScriptedTest(unittest.TestCase):
    """One run of the client for each test."""

    def play(self, cases: dict[str, Script], *arguments: str,
             code: int = 0) -> tuple[ScriptedServer, str]:
        """Runs the cases; none may have failed. The server and the output."""
        server = ScriptedServer(list(cases.values()))
        self.addCleanup(server.close)
        done = run_client(f"--server=ws://127.0.0.1:{server.port}",
                          f"--agent={AGENT}", *arguments)
        self.assertEqual({list(cases)[number - 1]: why for number, why in
                          server.failures.items()}, {}, done.stdout)
        self.assertEqual(done.returncode, code, done.stdout + done.stderr)
        return server, done.stdout + done.stderr

    def test_each_reply_is_as_written_here(self) -> None:
        """All in the segment of the 101."""
        server, output = self.play({name: in_one_segment(*exchange)
                                    for name, exchange in EXCHANGES.items()})
        count = len(EXCHANGES)
        self.assertEqual(server.paths, [
            "/getCaseCount",
            *(f"/runCase?case={n}&agent={AGENT_IN_QUERY}"
              for n in range(1, count + 1)),
            f"/updateReports?agent={AGENT_IN_QUERY}"])
        self.assertTrue(output.startswith(f"{count} cases\n"))

    def test_each_reply_is_the_same_octet_by_octet(self) -> None:
        """TCP may cut anywhere."""
        self.play({name: octet_by_octet(*exchange)
                   for name, exchange in EXCHANGES.items()
                   if len(exchange[0]) < 2000})

    def test_the_request_offers_nothing_and_keys_and_masks_are_fresh(
            self) -> None:
        """No subprotocol, no extension."""
        keys: list[str] = []
        masks: list[bytes] = []

        def play(client: Client) -> None:
            keys.append(client.field("Sec-WebSocket-Key"))
            names = [line.split(":")[0] for line in client.head[1:]]
            if names != ["Host", "Upgrade", "Connection", "Sec-WebSocket-Key",
                         "Sec-WebSocket-Version", "User-Agent"]:
                raise AssertionError(str(names))
            client.send(client.accept() + frame(0x82, b"x") * 20 + close(1000))
            expect_frames(client, [(0x82, b"x")] * 20 + [_close(1000)])
            masks.extend(client.masks)
        self.play({"first": play, "second": play})
        self.assertEqual(len(set(keys)), 2)
        self.assertGreater(len(set(masks)), 40, "of 42")

    def test_it_reads_on_while_nobody_reads_from_it(self) -> None:
        """Two of 16 MiB are sent before the first octet is read."""
        payload = bytes(range(256)) * (16 * _MIB // 256)

        def play(client: Client) -> None:
            client.send(client.accept() + frame(0x82, payload) * 2)
            client.send(close(1000))
            expect_frames(client, [(0x82, payload)] * 2 + [_close(1000)])
        self.play({"large": play})

    def test_pongs_come_before_the_message_is_whole(self) -> None:
        """And the first part of the text is not echoed."""
        def play(client: Client) -> None:
            client.send(client.accept() + frame(0x01, b"a"))
            for payload in (b"", b"1", b"x" * 125):
                client.send(frame(0x89, payload))
                if client.read_frame() != (0x8A, payload):
                    raise AssertionError("no pong")
            client.send(frame(0x80, b"b") + close(1000))
            expect_frames(client, [(0x81, b"ab"), _close(1000)])
        self.play({"pings": play})

    def test_after_a_failure_it_waits_for_the_server_but_not_for_ever(
            self) -> None:
        """It answers nothing meanwhile; then it drops the connection."""
        def patient(client: Client) -> None:
            client.send(client.accept() + b"\xc1\x00")
            if client.read_frame() != _close(1002):
                raise AssertionError("no Close 1002")
            client.send(frame(0x89, b"p") + frame(0x81, b"x") * 1000)
            client.send(close(1002))
            client.connection.shutdown(1)
            if not client.at_end():
                raise AssertionError("an answer after the Close")

        def never_ends(client: Client) -> None:
            client.send(client.accept() + b"\xc1\x00")
            client.read_frame()
            if not client.at_end():
                raise AssertionError("an answer after the Close")
        _, output = self.play({"patient": patient, "never ends": never_ends})
        self.assertIn("the server did not end the stream within 3s", output)

    def refusals(self) -> dict[str, Callable[[Client], bytes]]:
        """Answers to the request that break a rule."""
        return {
            "found HTTP 404": lambda client:
                b"HTTP/1.1 404 Not Found\r\n\r\n",
            "digest of our key": lambda client:
                client.accept().replace(b"Accept: ", b"Accept: A"),
            "none was offered": lambda client: client.accept().replace(
                b"Upgrade\r\n", b"Upgrade\r\nSec-WebSocket-Protocol: chat\r\n",
                1),
            "Extensions must not be present": lambda client:
                client.accept().replace(
                    b"Upgrade\r\n", b"Upgrade\r\nSec-WebSocket-Extensions: "
                    b"permessage-deflate\r\n", 1),
            "RFC 9112": lambda client: b"HTTP/1.1 101\n\n",
        }

    def test_a_bad_answer_is_refused_by_name_and_the_next_case_run(
            self) -> None:
        """The exit code tells."""
        def play(answer: Callable[[Client], bytes]) -> Script:
            def run(client: Client) -> None:
                client.send(answer(client) + frame(0x81, b"x"))
                if not client.at_end():
                    raise AssertionError("a frame before the upgrade")
            return run
        refusals = self.refusals()
        _, output = self.play({why: play(answer)
                               for why, answer in refusals.items()}, code=1)
        for (why, line) in itertools.zip_longest(
                refusals, output.splitlines()[1:len(refusals) + 1]):
            self.assertIn(why, line)
        self.assertIn("5 of 5 cases were not opened", output)

    def test_a_silent_server_is_given_up(self) -> None:
        """Before and after the 101."""
        def no_head(client: Client) -> None:
            if not client.at_end():
                raise AssertionError("octets for nothing")

        def no_frame(client: Client) -> None:
            client.send(client.accept() + b"\x81\x05He")
            if not client.at_end():
                raise AssertionError("octets for nothing")
        _, output = self.play({"no head": no_head, "no frame": no_frame},
                              "--silence_limit=1", code=1)
        self.assertIn("the answer to the upgrade request was not complete "
                      "within 1s", output)
        self.assertIn("given up (nothing came or went within 1s)", output)

    def test_a_slow_server_is_given_up(self) -> None:
        """It is never silent for long."""
        def slow(client: Client) -> None:
            client.send(client.accept())
            client.connection.settimeout(0.1)
            while True:
                client.send(frame(0x8A))
                try:
                    if client.connection.recv(1) == b"":
                        return
                except TimeoutError:
                    pass
        _, output = self.play({"slow": slow}, "--case_limit=1")
        self.assertIn("given up (the case was not over within 1s)", output)


class ArgumentsTest(unittest.TestCase):
    """What the command line says."""

    def test_bad_arguments_are_named_and_end_with_2(self) -> None:
        """Nothing on stdout."""
        for arguments, message in (
                ([], "--server: is required"),
                (["--server=ws://h:1"], "--agent: is required"),
                (["--server=h:1", "--agent=x"], "--server: give ws://"),
                (["--server=ws://h:1", "--agent=x", "--nonsense"],
                 "unknown argument '--nonsense'"),
                (["--server=wss://h:1", "--agent=x", "--ca=/nowhere"],
                 "--ca: /nowhere cannot be read: No such file"),
                (["--server=wss://h:1", "--agent=x", "--ca=/dev/null"],
                 "--ca: /dev/null is not a regular file")):
            with self.subTest(arguments):
                done = run_client(*arguments)
                self.assertEqual(done.returncode, 2)
                self.assertEqual(done.stdout, "")
                self.assertIn(f"echo_client: {message}", done.stderr)

    def test_help_is_no_error(self) -> None:
        """On stdout."""
        done = run_client("--help")
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        self.assertIn("--server=ws://HOST:PORT --agent=NAME", done.stdout)

    def test_no_server_is_named_and_ends_with_1(self) -> None:
        """A port that nobody listens on."""
        server = ScriptedServer([])
        server.close()
        done = run_client(f"--server=ws://127.0.0.1:{server.port}",
                          "--agent=x")
        self.assertEqual(done.returncode, 1)
        self.assertIn("/getCaseCount: not connected", done.stderr)


if __name__ == "__main__":
    unittest.main()
