# SPDX-License-Identifier: Apache-2.0
"""echo_client against Node's `ws` and Python's `websockets` as servers.

The verdicts are those of the servers; over plain TCP and over TLS.
"""

import tempfile
import unittest
from pathlib import Path

from conformance.lab.certificates import Authority, KeyPair
from conformance.websocket.echo_program import AGENT, PeerServer, run_client

_NODE = (["/usr/bin/node"], "node_fuzzing_server.js")
_PYTHON = (["/usr/bin/python3"], "python_fuzzing_server.py")
_FEWEST_CASES = 40


class FuzzingServersTest(unittest.TestCase):
    """A whole run for each server and each transport."""

    authority: Authority

    @classmethod
    def setUpClass(cls) -> None:
        folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(folder.cleanup)
        cls.authority = Authority(Path(folder.name) / "pki", "localhost",
                                  ["127.0.0.1"])

    def peer(self, kind: tuple[list[str], str],
             pair: KeyPair | None = None) -> PeerServer:
        """Starts a server, with TLS when there is a certificate."""
        files = [] if pair is None else [str(pair.certificate), str(pair.key)]
        server = PeerServer(*kind, *files)
        self.addCleanup(server.close)
        return server

    def check(self, server: PeerServer, url: str, *arguments: str) -> None:
        """Runs all of the server's cases: each verdict must be `ok`."""
        done = run_client(f"--server={url}", f"--agent={AGENT}", *arguments)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        report = server.report()
        self.assertEqual(report.pop("agent"), AGENT)
        self.assertEqual({name: verdict for name, verdict in report.items()
                          if verdict != "ok"}, {}, done.stdout)
        self.assertGreaterEqual(len(report), _FEWEST_CASES)
        self.assertIn(f"{len(report)} cases\n", done.stdout)

    def check_plain(self, kind: tuple[list[str], str]) -> None:
        """Over TCP."""
        server = self.peer(kind)
        self.check(server, f"ws://127.0.0.1:{server.port}")

    def check_tls(self, kind: tuple[list[str], str]) -> None:
        """Over TLS, by name, with the root that signed."""
        server = self.peer(kind, self.authority.good())
        self.check(server, f"wss://localhost:{server.port}",
                   f"--ca={self.authority.trusted_roots}")

    def test_ws_of_node_finds_nothing_wrong(self) -> None:
        """Plain."""
        self.check_plain(_NODE)

    def test_ws_of_node_finds_nothing_wrong_over_tls(self) -> None:
        """TLS 1.3 by OpenSSL in Node."""
        self.check_tls(_NODE)

    def test_websockets_of_python_finds_nothing_wrong(self) -> None:
        """Plain."""
        self.check_plain(_PYTHON)

    def test_websockets_of_python_finds_nothing_wrong_over_tls(self) -> None:
        """TLS 1.3 by OpenSSL in Python."""
        self.check_tls(_PYTHON)

    def refusal(self, pair: KeyPair, *arguments: str) -> str:
        """What the client says of a server with this certificate."""
        server = self.peer(_NODE, pair)
        done = run_client(f"--server=wss://127.0.0.1:{server.port}",
                          f"--agent={AGENT}", *arguments)
        self.assertEqual(done.returncode, 1, done.stderr)
        self.assertIn("not connected", done.stderr)
        return done.stderr

    def test_a_certificate_that_does_not_verify_is_refused(self) -> None:
        """By name, by root, by time; the system's roots do not know it."""
        roots = f"--ca={self.authority.trusted_roots}"
        good = self.authority.good()
        self.assertIn("name", self.refusal(self.authority.wrong_name(), roots))
        self.assertIn("expired", self.refusal(self.authority.expired(), roots))
        self.refusal(self.authority.other_ca(), roots)
        self.refusal(good)


if __name__ == "__main__":
    unittest.main()
