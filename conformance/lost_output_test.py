# SPDX-License-Identifier: Apache-2.0
"""No program reports success when nobody got its report.

Standard output is /dev/full, where each write fails as on a full disk, or a
pipe that nobody reads.
"""

import os
import subprocess
import tempfile
import unittest
from pathlib import Path

_ROOT = Path(os.path.abspath(__file__)).parents[1]
_LOST = "cannot write to standard output, so the output is lost"
_DNS_MESSAGE = bytes.fromhex(  # a query for "a", type A
    "0007010000010000000000000161000001" "0001")


def program(path: str) -> str:
    """The program: beside the test, or in bazel-bin."""
    for place in (Path.cwd() / path, _ROOT / "bazel-bin" / path):
        if place.is_file():
            return str(place)
    raise FileNotFoundError(f"//{path} is not built")


class LostOutputTest(unittest.TestCase):
    """Runs each program whose report is on standard output."""

    def setUp(self) -> None:
        """A folder for files."""
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)
        (self.folder / "message").write_bytes(_DNS_MESSAGE)
        settings = self.folder / "settings.ini"
        settings.touch(mode=0o600)
        settings.write_text(  # port 1: refused
            "WSTunServer = 127.0.0.1\nWSTunServerPort = 1\n"
            "WSTunPassword = x\nWSTunSecured = 0\n")

    def lost(self, path: str, *arguments: str,
             code: int, also: str = "") -> None:
        """Its exit code and its last words when the output is lost."""
        with self.subTest(program=path, arguments=arguments), \
                open("/dev/full", "wb") as full:
            done = subprocess.run([program(path), *arguments], stdout=full,
                                  stderr=subprocess.PIPE, cwd=self.folder,
                                  timeout=60, check=False)
            errors = done.stderr.decode()
            self.assertIn(_LOST, errors)
            self.assertIn(also, errors)
            self.assertEqual(done.returncode, code, errors)

    def test_of_the_client(self) -> None:
        """Exit code 12; a check that failed says both, and its own code."""
        self.lost("tunnel/client", "--version", code=12)
        self.lost("tunnel/client", "--help", code=12)
        if "ASAN_OPTIONS" in os.environ:
            self.skipTest("AddressSanitizer needs more memory than the limits "
                          "of a check allow")
        self.lost("tunnel/client", "--settings=settings.ini", "--check",
                  code=5, also="check failed: ")

    def test_of_the_drivers(self) -> None:
        """The code that their --help has for it."""
        self.lost("conformance/x509/verify_chain", "--help", code=3)
        self.lost("conformance/x509/verify_chain", "--roots=a", "--chain=a",
                  "--name=a.example", "--time=1", "--crl=a", code=89)
        self.lost("conformance/dns/resolve", "--help", code=14)
        self.lost("conformance/dns/dns_decode", "--help", code=3)
        self.lost("conformance/dns/dns_decode", "message", code=3)
        self.lost("conformance/websocket/echo_client", "--help", code=1)

    def test_a_pipe_that_nobody_reads(self) -> None:
        """The client takes no SIGPIPE: it says what is wrong."""
        reader, writer = os.pipe()
        os.close(reader)
        with os.fdopen(writer, "wb") as pipe:
            done = subprocess.run([program("tunnel/client"), "--version"],
                                  stdout=pipe, stderr=subprocess.PIPE,
                                  timeout=60, check=False)
        self.assertIn(_LOST, done.stderr.decode())
        self.assertEqual(done.returncode, 12)


if __name__ == "__main__":
    unittest.main()
