# SPDX-License-Identifier: Apache-2.0
"""What may be configured with each build of the client."""

import base64
import json
import sys
import unittest

from conformance.lab.programs import parse_event
from conformance.policy.runs import (
    CERTIFIED, COMPAT, EXIT_DONE, EXIT_INTERFACE, EXIT_SETTINGS, PASSWORD,
    POLICIES, Runs)

_NOT_CERTIFIED = " is not allowed in a certified build"
_PASSWORDS = "use a password of at least 12 characters"
# The line, the setting that must be named, what is not allowed, what to do.
_REFUSED = [
    ("WSTunSecured = 0", "WSTunSecured", "'0'", "use 1"),
    ("WSTunVerifyPeer = 0", "WSTunVerifyPeer", "'0'", "use 1"),
    ("WSTunVerifyHostName = 0", "WSTunVerifyHostName", "'0'", "use 1"),
    ("WSTunPeerToPeer = 1", "WSTunPeerToPeer", "'1'", "use 0"),
    ("WSTunProxy = 'http://u:p@proxy:3128'", "WSTunProxy",
     "a login to a proxy without TLS",
     "use an https:// proxy, or one that wants no login"),
    ("WSTunPassword = 123456", "WSTunPassword",
     "OVOC's documented default password", _PASSWORDS),
    ("WSTunPassword = 'elevenbytes'", "WSTunPassword",
     "a password of 11 characters", _PASSWORDS),
    ("WSTunPassword = 'x'", "WSTunPassword", "a password of 1 character",
     _PASSWORDS),
]
_PASSWORD_FILES = [
    ("123456", "OVOC's documented default password"),
    ("elevenbytes", "a password of 11 characters"),
]


def _spellings(password: str) -> list[str]:
    """The password, and as HTTP Basic sends it."""
    pair = f"VPN:{password}".encode()
    return [password, base64.b64encode(pair).decode()]


class Settings(unittest.TestCase):
    """Settings files, with both builds."""

    def setUp(self) -> None:
        self.runs = Runs()
        self.addCleanup(self.runs.close)

    def expect_refused(self, lines: str, name: str, value: str,
                       remedy: str, password: str) -> None:
        """A certified build ends with one line of exactly these parts.

        Where it has a log, that says the same before.
        """
        for action in ("--check", "--log=stderr"):
            ran = self.runs.client(
                CERTIFIED, f"--settings={self.runs.settings(9, lines)}", action)
            self.assertEqual(ran.exit_code, EXIT_SETTINGS, ran.output)
            *logged, last = ran.output.splitlines()
            self.assertRegex(last, rf"\Aclient: \S+device.ini:\d+: {name}: ")
            self.assertEqual(len(logged), 0 if action == "--check" else 1)
            for line in logged:
                self.assertIn("Z error event=exit code=3 reason=settings ", line)
            self.assertTrue(ran.output.endswith(
                f" {name}: {value}{_NOT_CERTIFIED}; {remedy}\n"),
                ran.output)
            if len(password) > 1:
                for secret in _spellings(password):
                    self.assertNotIn(secret, ran.output)

    def test_a_certified_build_takes_nothing_insecure(self) -> None:
        """Each such setting ends it with exit code 3 and one line."""
        for line, name, value, remedy in _REFUSED:
            password = (line.split("=")[1].strip(" '")
                        if name == "WSTunPassword" else PASSWORD)
            with self.subTest(line):
                self.expect_refused(line + "\n", name, value, remedy, password)

    def test_a_certified_build_looks_into_the_password_file(self) -> None:
        """The setting named is the one that gave the password."""
        for password, value in _PASSWORD_FILES:
            path = self.runs.folder / "password"
            path.touch(mode=0o600)
            path.write_text(password + "\n")
            with self.subTest(value):
                self.expect_refused(f"WSTunPasswordFile = {path}\n",
                                    "WSTunPasswordFile", value, _PASSWORDS,
                                    password)

    def test_a_compat_build_takes_them_all(self) -> None:
        """No such setting is an error; the port is closed, so that they end
        with another exit code."""
        for line, *_ in _REFUSED:
            with self.subTest(line):
                ran = self.runs.check(COMPAT, 9, line + "\n")
                self.assertNotEqual(ran.exit_code, EXIT_SETTINGS, ran.output)
                self.assertIn("check failed: ", ran.last_line)

    def test_twelve_characters_are_enough(self) -> None:
        """The bound itself; a character of two bytes is one."""
        ran = self.runs.check(CERTIFIED, 9, "WSTunPassword = 'éééééé'")
        self.assertEqual(ran.exit_code, EXIT_SETTINGS, ran.output)
        for password in ("twelve bytes", "éééééé twelv"):
            ran = self.runs.check(CERTIFIED, 9, f"WSTunPassword = '{password}'")
            self.assertNotEqual(ran.exit_code, EXIT_SETTINGS, ran.output)

    def test_both_log_in_with_good_settings(self) -> None:
        """The stand-in over TLS, chain and name verified."""
        port = self.runs.ovoc_server(self.runs.authority.good())
        for policy in POLICIES:
            with self.subTest(policy):
                ran = self.runs.check(policy, port)
                self.assertEqual(ran.exit_code, EXIT_DONE, ran.output)
                for step in ("secured ", "verified ", "logged in ", "closed "):
                    self.assertRegex(ran.output, f"(?m)^{step}")
                self.assertNotIn("INSECURE", ran.output)


class Word(unittest.TestCase):
    """The binary says which policy it is."""

    def setUp(self) -> None:
        self.runs = Runs()
        self.addCleanup(self.runs.close)

    def test_version_names_the_policy_and_the_library(self) -> None:
        """--version: a version of third_party/sources.lock with the commit
        that it was made of, or that it is another copy."""
        for policy in POLICIES:
            ran = self.runs.client(policy, "--version")
            self.assertEqual(ran.exit_code, EXIT_DONE)
            self.assertRegex(
                ran.output,
                rf"\Aovoc-tunnel client \S+, policy {policy}, BoringSSL "
                r"(\d\S+ \(revision [0-9a-f]{40}\)|"
                r"of another origin \(API \d+\))\n\Z")

    def test_status_and_start_line_name_the_policy(self) -> None:
        """A run that ends for want of a device, which needs no privilege: lo
        is there, and no TUN device."""
        for policy in POLICIES:
            status = self.runs.folder / f"{policy}.json"
            settings = self.runs.settings(9, "WSTunInterface = lo\n")
            ran = self.runs.client(policy, f"--settings={settings}",
                                   f"--status_file={status}")
            self.assertEqual(ran.exit_code, EXIT_INTERFACE, ran.output)
            events = [parse_event(line) for line in ran.output.splitlines()]
            starts = [event for event in events
                      if event is not None and event.name == "start"]
            self.assertEqual([event["policy"] for event in starts], [policy])
            self.assertEqual(json.loads(status.read_text())["policy"], policy)


if __name__ == "__main__":
    sys.exit(unittest.main())
