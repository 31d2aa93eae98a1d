# SPDX-License-Identifier: Apache-2.0
"""record and replay, as an owner of an OVOC would use them, over loopback.

The client talks to a recorder, that one to a second recorder, and that one to
the stand-in: TLS on both sides of a recorder is tried without any other
certificate than the recorders' own.
"""

import base64
import os
import re
import signal
import socket
import ssl
import tempfile
import threading
import unittest
from pathlib import Path

from conformance.lab.programs import Program

_ROOT = Path(os.path.abspath(__file__)).parents[2]
_USER, _PASSWORD = "VPN", "no-default-42"
_LOGIN = base64.b64encode(f"{_USER}:{_PASSWORD}".encode())
_CLIENT_BYTES = re.compile(r"^C \S+ ((?:[0-9a-f]{2})+)$", re.MULTILINE)
_SETTINGS = """[OVOC]
WSTunServer = '127.0.0.1'
WSTunServerPort = {port}
WSTunPassword = '{password}'
TLSTrustedRoots = '{roots}'
"""


def program(path: str) -> str:
    """A program of this repository: of the test's files or of bazel-bin."""
    for place in (_ROOT / path, _ROOT / "bazel-bin" / path):
        if place.is_file():
            return str(place)
    raise FileNotFoundError(f"//{path} is not built")


def port_of(started: Program) -> int:
    """The port that a program says it listens on."""
    return int(started.wait_for("listening")["address"].rpartition(":")[2])


class Sink:
    """A plain server that keeps what one client sends, and answers 401."""

    def __init__(self) -> None:
        self.received = b""
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self._thread = threading.Thread(target=self._serve)
        self._thread.start()

    def _serve(self) -> None:
        with self._listener:
            connection, _ = self._listener.accept()
        with connection:
            connection.settimeout(20)
            while not self.received.endswith(b"END\r\n\r\n"):
                self.received += connection.recv(4096)
            connection.sendall(b"HTTP/1.1 401 Unauthorized\r\n\r\n")

    def all_received(self) -> bytes:
        """Everything, once the client has sent END and the empty line."""
        self._thread.join()
        return self.received


class RecordingTest(unittest.TestCase):
    """Recorders, the client and the stand-in."""

    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)
        self._count = 0

    def start(self, name: str, *arguments: object) -> Program:
        """Starts a program; it ends with the test."""
        self._count += 1
        started = Program(name, [program(name), *map(str, arguments)],
                          self.folder / f"{self._count}.log")
        self.addCleanup(started.stop)
        return started

    def recorder(self, upstream: int, out: str, *options: str) -> Program:
        """Starts a recorder before 127.0.0.1:`upstream`."""
        return self.start(
            "conformance/recording/record", "--listen=127.0.0.1:0",
            f"--upstream=127.0.0.1:{upstream}", f"--out={self.folder / out}",
            *options)

    def client(self, port: int, roots: Path, password: str) -> Program:
        """Runs `client --check` to its end."""
        settings = self.folder / "device.ini"
        settings.touch(mode=0o600)
        settings.write_text(_SETTINGS.format(port=port, password=password,
                                             roots=roots))
        client = self.start("tunnel/client", f"--settings={settings}",
                            "--check")
        client.wait(30)
        return client

    def replay(self, file: Path) -> str:
        """What replay shows of a recording."""
        shown = self.start("conformance/recording/replay", file)
        self.assertEqual(shown.wait(20), 0, shown.tail())
        return "\n".join(shown.lines())

    def assert_no_credentials(self, text: str) -> None:
        """Neither as they are, nor in base64, nor in the hex of either."""
        for secret in (_PASSWORD.encode(), _LOGIN, _LOGIN[:12], _LOGIN[-12:]):
            self.assertNotIn(secret.decode(), text)
            self.assertNotIn(secret.hex(), text)

    def test_a_login_and_a_refusal_are_recorded_and_replayed(self) -> None:
        """Through two recorders; TLS is verified at each step."""
        standin = self.start("conformance/ovoc_server/ovoc_server",
                             "--listen=127.0.0.1:0", f"--username={_USER}",
                             f"--password={_PASSWORD}")
        near = self.recorder(port_of(standin), "near.rec", "--plain_upstream",
                             "--connections=2",
                             f"--ca_out={self.folder / 'near.pem'}")
        far = self.recorder(port_of(near), "far.rec", "--connections=2",
                            f"--ca={self.folder / 'near.pem'}",
                            f"--ca_out={self.folder / 'far.pem'}",
                            "--peer=stand-in", "--scenario=login")
        port = port_of(far)
        roots = self.folder / "far.pem"
        self.assertEqual(self.client(port, roots, _PASSWORD).exit_code(), 0)
        self.assertEqual(self.client(port, roots, "wrong").exit_code(), 7)
        self.assertEqual(far.wait(10), 0, far.tail())
        self.assertEqual(near.wait(10), 0, near.tail())
        for name in ("near.rec", "near-2.rec", "far.rec", "far-2.rec"):
            path = self.folder / name
            self.assert_no_credentials(path.read_text())
            self.assertIn("the recorder replaced the values of", path.read_text())
            self.assertEqual(path.stat().st_mode & 0o777, 0o600)
        shown = self.replay(self.folder / "far.rec")
        self.assert_no_credentials(shown)
        for words in ("peer:      stand-in", "scenario:  login",
                      "C  Authorization: (not shown)",
                      "S  HTTP/1.1 101 Switching Protocols",
                      "C  binary FIN masked, 84 bytes: 169.254.0.2 >"
                      " 169.254.0.1 ICMP echo request",
                      "S  binary FIN, 1500 bytes: 169.254.0.1 >"
                      " 169.254.0.2 ICMP echo reply",
                      "C  close FIN masked, 2 bytes: code 1000",
                      "session:   open 169.254.0.2/32 packets_in=7"
                      " packets_out=7 end closed",
                      "exit code: 0 "):
            self.assertIn(words, shown)
        refused = self.replay(self.folder / "far-2.rec")
        self.assertIn("session:   end unauthorized", refused)
        self.assertIn("exit code: 7 ", refused)

    def test_odd_credentials_are_replaced_and_reach_the_peer_untouched(
            self) -> None:
        """Byte by byte over TLS: folded, repeated, in any case."""
        request = (b"GET /tun HTTP/1.1\r\nHost: x\r\n"
                   b"aUTHORIZATION:Basic " + _LOGIN + b"\r\n"
                   b"Authorization: Basic\r\n  " + _LOGIN + b"\r\n"
                   b"Authorization \t: " + _LOGIN + b"\r\n"
                   b"Proxy-Authorization: Bearer " + _LOGIN + b"\r\n"
                   b"X-Last: END\r\n\r\n")
        sink = Sink()
        recorder = self.recorder(sink.port, "odd.rec", "--plain_upstream",
                                 "--connections=1")
        context = ssl.create_default_context()
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
        with socket.create_connection(
                ("127.0.0.1", port_of(recorder))) as plain, \
                context.wrap_socket(plain) as stream:
            for i in range(len(request)):
                stream.sendall(request[i:i + 1])
            self.assertTrue(stream.recv(4096).startswith(b"HTTP/1.1 401"))
        self.assertEqual(sink.all_received(), request)
        self.assertEqual(recorder.wait(10), 0, recorder.tail())
        text = (self.folder / "odd.rec").read_text()
        sent = b"".join(map(bytes.fromhex, _CLIENT_BYTES.findall(text)))
        self.assertNotIn(_LOGIN, sent)
        self.assertEqual(sent.count(b"cmVwbGFjZWQ6cmVwbGFjZWQ="), 4)
        self.assertTrue(sent.endswith(b"X-Last: END\r\n\r\n"))
        self.assertIn("session:   end unauthorized",
                      self.replay(self.folder / "odd.rec"))

    def test_a_killed_recorder_leaves_what_it_has_seen(self) -> None:
        """Nothing waits in a buffer of the program."""
        sink = Sink()
        recorder = self.recorder(sink.port, "killed.rec", "--plain_upstream",
                                 "--plain_device")
        with socket.create_connection(
                ("127.0.0.1", port_of(recorder))) as stream:
            stream.sendall(b"GET / HTTP/1.1\r\nX: END\r\n\r\n")
            self.assertTrue(stream.recv(4096))
            recorder.send(signal.SIGKILL)
            recorder.wait(10)
        shown = self.replay(self.folder / "killed.rec")
        self.assertIn("C  GET / HTTP/1.1", shown)
        self.assertIn("S  HTTP/1.1 401 Unauthorized", shown)

    def test_an_upstream_that_does_not_verify_is_not_recorded(self) -> None:
        """The throw-away root of another run."""
        sink_side = self.recorder(1, "x.rec", "--plain_upstream")
        other = self.recorder(1, "y.rec", "--plain_upstream",
                              f"--ca_out={self.folder / 'other.pem'}")
        port_of(other)
        far = self.recorder(port_of(sink_side), "far.rec",
                            f"--ca={self.folder / 'other.pem'}",
                            f"--ca_out={self.folder / 'far.pem'}")
        client = self.client(port_of(far), self.folder / "far.pem", _PASSWORD)
        self.assertNotEqual(client.exit_code(), 0)
        ended = far.wait_for("not_recorded")
        self.assertIn("OVOC: ", ended["detail"])
        self.assertFalse((self.folder / "far.rec").exists())

    def test_bad_command_lines_and_files_have_exit_codes(self) -> None:
        """2 for flags, 3 for a file that is no recording."""
        self.assertEqual(self.start("conformance/recording/record").wait(), 2)
        self.assertEqual(self.start("conformance/recording/replay").wait(), 2)
        self.assertEqual(
            self.start("conformance/recording/replay",
                       "/nonexistent").wait(), 3)
        bad = self.folder / "bad.rec"
        bad.write_text("# no recording\n")
        self.assertEqual(
            self.start("conformance/recording/replay", bad).wait(), 3)

    def test_every_recording_of_the_repository_is_replayed(self) -> None:
        """No credentials are shown of any."""
        files = sorted((_ROOT / "testdata/handshakes").glob("*.rec"))
        self.assertGreaterEqual(len(files), 29)
        for file in files:
            with self.subTest(file.name):
                shown = self.replay(file)
                self.assertIn("\nsession:   ", shown)
                self.assertNotIn("VlBOOjEyMzQ1Ng", shown)
                self.assertNotIn("VlBOOndyb25n", shown)


if __name__ == "__main__":
    unittest.main(verbosity=2)
