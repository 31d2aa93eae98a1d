# SPDX-License-Identifier: Apache-2.0
"""Tests of what lab.py does without namespaces."""

import unittest
from pathlib import Path
from unittest import mock

from conformance.lab.lab import agent_command, binary, ini


class IniTest(unittest.TestCase):
    """The settings file of a device."""

    def test_numbers_are_bare_and_texts_quoted(self) -> None:
        """None leaves a name out."""
        text = ini({"WSTunSecured": 0, "WSTunServer": "ovoc.example.net",
                    "TLSTrustedRoots": Path("/run/x.pem"), "WSTunVrf": None})
        self.assertEqual(text.splitlines()[2:], [
            "WSTunSecured = 0",
            "WSTunServer = 'ovoc.example.net'",
            "TLSTrustedRoots = '/run/x.pem'"])


class BinaryTest(unittest.TestCase):
    """Where programs are found."""

    def test_the_environment_comes_first(self) -> None:
        """A program of another build can be tried."""
        with mock.patch.dict("os.environ", {"OVOC_X": "/bin/sh"}):
            self.assertEqual(binary("no/such", "OVOC_X"), "/bin/sh")

    def test_what_is_not_built_is_named(self) -> None:
        """The label and the variable."""
        with self.assertRaisesRegex(FileNotFoundError, "//no/such.*OVOC_X"):
            binary("no/such", "OVOC_X")

    def test_a_folder_is_no_program(self) -> None:
        """Though it has the execute bit."""
        with mock.patch.dict("os.environ", {"OVOC_X": "/"}):
            with self.assertRaises(FileNotFoundError):
                binary("no/such", "OVOC_X")


class AgentTest(unittest.TestCase):
    """The small programs of agents/."""

    def test_every_agent_is_there(self) -> None:
        """Their files travel with the tests."""
        for name in ("bulk", "unanswered_sender", "download", "frame_witness",
                     "address_taker", "truncating_dns"):
            with self.subTest(name):
                self.assertTrue(Path(agent_command(name)[2]).is_file())


if __name__ == "__main__":
    unittest.main()
