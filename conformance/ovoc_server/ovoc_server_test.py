# SPDX-License-Identifier: Apache-2.0
"""ovoc_server as a program: what it warns of when it starts."""

import os
import socket
import subprocess
import unittest
from pathlib import Path

_SERVER = Path(os.path.abspath(__file__)).with_name("ovoc_server")
_MARK = "ovoc_server: WARNING: "


def has_ipv6() -> bool:
    """Whether an IPv6 address can be listened on."""
    try:
        with socket.create_server(("::", 0), family=socket.AF_INET6):
            return True
    except OSError:
        return False


class WarningsTest(unittest.TestCase):
    """The lines before `listening`."""

    def warnings(self, *options: str) -> list[str]:
        """Starts the server and reads until it listens."""
        with subprocess.Popen([str(_SERVER), *options], text=True,
                              stderr=subprocess.PIPE) as server:
            assert server.stderr is not None
            lines: list[str] = []
            for line in server.stderr:
                if "event=listening" in line:
                    break
                lines.append(line.rstrip("\n"))
            else:
                self.fail(f"it does not listen: {lines}")
            server.kill()
        for line in lines:
            self.assertTrue(line.startswith(_MARK), line)
        return [line.removeprefix(_MARK) for line in lines]

    def expect_both(self, listen: str) -> None:
        """With the default password and without TLS."""
        plain, usual = self.warnings(f"--listen={listen}:0")
        self.assertIn("there is no TLS", plain)
        self.assertIn("--tls_certificate", plain)
        self.assertIn("the password is OVOC's default", usual)
        self.assertIn("--password", usual)
        for warning in (plain, usual):
            self.assertIn(listen, warning)

    def test_every_ipv4_address(self) -> None:
        """0.0.0.0."""
        self.expect_both("0.0.0.0")

    def test_every_ipv6_address(self) -> None:
        """[::]."""
        if not has_ipv6():
            self.skipTest("there is no IPv6 here")
        self.expect_both("[::]")

    def test_no_warning_on_loopback(self) -> None:
        """The default."""
        self.assertEqual(self.warnings("--listen=127.0.0.1:0"), [])

    def test_a_password_of_its_own_is_not_enough_without_tls(self) -> None:
        """One warning is left."""
        warnings = self.warnings("--listen=0.0.0.0:0",
                                 "--password=no-default-42")
        self.assertEqual(len(warnings), 1)
        self.assertNotIn("no-default-42", warnings[0])

    def test_no_password_at_all(self) -> None:
        """Neither is one asked for without a name, nor by tun-ws itself."""
        for options in (("--username=", "--password="),
                        ("--quirks=legacy", "--front=direct")):
            warnings = self.warnings("--listen=0.0.0.0:0", *options)
            self.assertEqual(len(warnings), 2)
            self.assertIn("does not ask for a password", warnings[1])


if __name__ == "__main__":
    unittest.main()
