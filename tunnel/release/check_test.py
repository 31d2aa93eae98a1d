# SPDX-License-Identifier: Apache-2.0
"""The released client's --check against the stand-in, over TLS and without.

The aarch64 one runs under qemu's user emulation; the stand-in is native.
"""

import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

from conformance.lab.certificates import Authority
from conformance.lab.programs import Program

_CLIENT, _SERVER = (Path(sys.argv.pop(1)).absolute() for _ in range(2))
_EMULATOR = ["qemu-aarch64-static"] if "aarch64" in _CLIENT.name else []
_PASSWORD = "no-default-42"
_SETTINGS = """[OVOC]
WSTunServer = '127.0.0.1'
WSTunServerPort = {port}
WSTunPassword = '{password}'
"""
_MACHINE_AT, _AARCH64 = 18, 183


class CheckTest(unittest.TestCase):

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)

    def start_server(self, *options):
        server = Program("ovoc_server", [
            str(_SERVER), "--listen=127.0.0.1:0", f"--password={_PASSWORD}",
            *options], self.folder / "server.log")
        self.addCleanup(server.stop)
        return server.wait_for("listening")["address"].rpartition(":")[2]

    def check(self, port, more):
        settings = self.folder / "device.ini"
        settings.touch(mode=0o600)
        settings.write_text(_SETTINGS.format(port=port, password=_PASSWORD)
                            + more)
        return subprocess.run(
            [*_EMULATOR, str(_CLIENT), f"--settings={settings}", "--check"],
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
            timeout=60, check=False)

    def test_the_client_is_for_the_processor_it_names(self):
        head = _CLIENT.read_bytes()[:64]
        is_aarch64 = int.from_bytes(
            head[_MACHINE_AT:_MACHINE_AT + 2], "little") == _AARCH64
        self.assertEqual(is_aarch64, bool(_EMULATOR))

    def test_it_logs_in_without_tls(self):
        done = self.check(self.start_server(), "WSTunSecured = 0\n")
        self.assertEqual(done.returncode, 0, done.stdout)
        self.assertIn("logged in", done.stdout)

    def test_it_verifies_and_logs_in_over_tls(self):
        authority = Authority(self.folder / "ca", "ovoc.example", ["127.0.0.1"])
        pair = authority.good()
        port = self.start_server(f"--tls_certificate={pair.certificate}",
                                 f"--tls_private_key={pair.key}")
        done = self.check(port,
                          f"TLSTrustedRoots = '{authority.trusted_roots}'\n")
        self.assertEqual(done.returncode, 0, done.stdout)
        self.assertIn("logged in", done.stdout)

    def test_it_refuses_a_certificate_of_another_root(self):
        authority = Authority(self.folder / "ca", "ovoc.example", ["127.0.0.1"])
        pair = authority.other_ca()
        port = self.start_server(f"--tls_certificate={pair.certificate}",
                                 f"--tls_private_key={pair.key}")
        done = self.check(port,
                          f"TLSTrustedRoots = '{authority.trusted_roots}'\n")
        self.assertNotEqual(done.returncode, 0, done.stdout)
        self.assertNotIn("logged in", done.stdout)


if __name__ == "__main__":
    unittest.main()
