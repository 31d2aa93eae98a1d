# SPDX-License-Identifier: Apache-2.0
"""Tests of certificates.py against `openssl verify`; needs no namespaces."""

import subprocess
import tempfile
import time
import unittest
from pathlib import Path

from conformance.lab.certificates import Authority, KeyPair

_HOST = "ovoc.example.net"


class AuthorityTest(unittest.TestCase):
    """Each variant is wrong in the one way its name says."""

    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self._authority = Authority(Path(folder.name) / "pki", _HOST,
                                    ["198.51.100.10", "2001:db8:2::10"])

    def complaint(self, pair: KeyPair, *options: str) -> str:
        """What openssl has against a certificate; empty when nothing."""
        done = subprocess.run(
            ["openssl", "verify", "-no-CApath", "-no-CAstore", "-CAfile",
             str(self._authority.trusted_roots), "-purpose", "sslserver",
             "-x509_strict", *options, str(pair.certificate)],
            text=True, capture_output=True, timeout=30, check=False)
        return "" if done.returncode == 0 else done.stdout + done.stderr

    def test_the_good_one_passes_by_name_and_by_address(self) -> None:
        """Chain, time, purpose, names."""
        good = self._authority.good()
        for options in (["-verify_hostname", _HOST],
                        ["-verify_ip", "198.51.100.10"],
                        ["-verify_ip", "2001:db8:2::10"]):
            with self.subTest(options):
                self.assertEqual(self.complaint(good, *options), "")

    def test_a_certificate_is_made_once(self) -> None:
        """The server may be started again with the same one."""
        self.assertEqual(self._authority.good(), self._authority.good())

    def test_an_expiring_one_passes_until_then(self) -> None:
        """For ten more days, and not for eleven."""
        pair = self._authority.expiring(10)
        day = 24 * 60 * 60
        for days, valid in ((0, True), (10, True), (11, False)):
            at = int(time.time()) + days * day
            with self.subTest(days=days):
                self.assertEqual(
                    self.complaint(pair, "-attime", str(at)) == "", valid)

    def test_the_others_fail_for_their_own_reason(self) -> None:
        """And for no other: without that check each passes."""
        authority = self._authority
        self.assertIn("expired", self.complaint(authority.expired()))
        self.assertEqual(
            self.complaint(authority.expired(), "-no_check_time"), "")
        self.assertIn("unable to get local issuer",
                      self.complaint(authority.other_ca()))
        self.assertIn("self-signed", self.complaint(authority.self_signed()))
        self.assertIn("ostname mismatch", self.complaint(
            authority.wrong_name(), "-verify_hostname", _HOST))
        self.assertEqual(self.complaint(authority.wrong_name()), "")


if __name__ == "__main__":
    unittest.main()
