# SPDX-License-Identifier: Apache-2.0
"""Which TLS each build speaks, with OpenSSL at the other end."""

import platform
import re
import sys
import unittest
from collections.abc import Sequence
from dataclasses import dataclass

from conformance.policy.runs import (
    CERTIFIED, COMPAT, EXIT_CERTIFICATE, EXIT_CONNECTION, EXIT_PROTOCOL,
    POLICIES, Ran, Runs)

_RSA = ("-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048")
_SIGNS = "digitalSignature"
_DECRYPTS = "keyEncipherment"
_WRONG_USAGE = "its key usage does not allow what the TLS cipher suite needs"
_OLD = "@SECLEVEL=0"  # or OpenSSL itself refuses
_BOTH = frozenset(POLICIES)
_COMPAT_ONLY = frozenset([COMPAT])
_NEITHER: frozenset[str] = frozenset()
# Bits 57 and 33 of OPENSSL_ia32cap are AES and PCLMULQDQ.
_NO_AES = {"OPENSSL_ia32cap": "~0x0200000200000000"}


@dataclass(frozen=True)
class Case:
    """A server that does one thing only, and who talks to it."""

    options: str  # of s_server
    taken_by: frozenset[str]
    secured: str = ""  # what --check then says
    key: tuple[str, ...] = ()  # of the certificate; EC P-256 when empty
    found: str = ""  # what a build that refuses says it found
    usage: str = _SIGNS  # of the certificate's key, where `key` is given


_TLS13 = [
    Case("-tls1_3 -ciphersuites TLS_AES_128_GCM_SHA256 -groups P-256", _BOTH,
         "TLSv1.3 TLS_AES_128_GCM_SHA256"),
    Case("-tls1_3 -ciphersuites TLS_AES_256_GCM_SHA384 -groups P-256", _BOTH,
         "TLSv1.3 TLS_AES_256_GCM_SHA384"),
    Case("-tls1_3 -ciphersuites TLS_AES_128_GCM_SHA256 -groups P-384", _BOTH,
         "TLSv1.3 TLS_AES_128_GCM_SHA256"),
    Case("-tls1_3 -ciphersuites TLS_AES_256_GCM_SHA384 -groups P-384", _BOTH,
         "TLSv1.3 TLS_AES_256_GCM_SHA384", _RSA),
    Case("-tls1_3 -ciphersuites TLS_CHACHA20_POLY1305_SHA256", _COMPAT_ONLY,
         "TLSv1.3 TLS_CHACHA20_POLY1305_SHA256",
         found="TLS cipher suite: TLS_CHACHA20_POLY1305_SHA256 is not"),
    Case("-tls1_3 -ciphersuites TLS_AES_128_CCM_SHA256", _NEITHER),
    Case("-tls1_3 -ciphersuites TLS_AES_128_CCM_8_SHA256", _NEITHER),
    Case("-tls1_3 -groups X25519", _COMPAT_ONLY,
         "TLSv1.3 TLS_AES_128_GCM_SHA256"),
    Case("-tls1_3 -groups P-521", _NEITHER),
    Case("-tls1_3 -groups X448", _NEITHER),
]
_TLS12 = [
    Case("-tls1_2 -cipher ECDHE-ECDSA-AES128-GCM-SHA256", _BOTH,
         "TLSv1.2 TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256"),
    Case("-tls1_2 -cipher ECDHE-ECDSA-AES256-GCM-SHA384 -groups P-384", _BOTH,
         "TLSv1.2 TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384"),
    Case("-tls1_2 -cipher ECDHE-RSA-AES128-GCM-SHA256", _BOTH,
         "TLSv1.2 TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256", _RSA),
    Case("-tls1_2 -cipher ECDHE-RSA-AES256-GCM-SHA384", _BOTH,
         "TLSv1.2 TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384", _RSA),
    Case("-tls1_2 -cipher ECDHE-ECDSA-CHACHA20-POLY1305", _COMPAT_ONLY,
         "TLSv1.2 TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256"),
    Case("-tls1_2 -cipher ECDHE-RSA-CHACHA20-POLY1305", _COMPAT_ONLY,
         "TLSv1.2 TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256", _RSA),
    Case("-tls1_2 -cipher ECDHE-ECDSA-AES128-SHA", _COMPAT_ONLY,
         "TLSv1.2 TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA"),
    Case("-tls1_2 -cipher ECDHE-RSA-AES256-SHA", _COMPAT_ONLY,
         "TLSv1.2 TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA", _RSA),
    Case("-tls1_2 -cipher ECDHE-RSA-AES256-SHA384", _NEITHER, key=_RSA),
    Case("-tls1_2 -cipher AES128-GCM-SHA256", _COMPAT_ONLY,
         "TLSv1.2 TLS_RSA_WITH_AES_128_GCM_SHA256", _RSA,
         usage=f"{_SIGNS}, {_DECRYPTS}"),
    Case("-tls1_2 -cipher AES256-SHA", _COMPAT_ONLY,
         "TLSv1.2 TLS_RSA_WITH_AES_256_CBC_SHA", _RSA, usage=_DECRYPTS),
    Case("-tls1_2 -cipher DHE-RSA-AES256-GCM-SHA384", _NEITHER, key=_RSA),
    Case("-tls1_2 -cipher ECDHE-ECDSA-AES128-CCM", _NEITHER),
    Case("-tls1_2 -cipher ECDHE-ECDSA-AES128-GCM-SHA256 -groups X25519",
         _COMPAT_ONLY, "TLSv1.2 TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256"),
]
_OLDER = [
    Case(f"-tls1_1 -cipher ALL{_OLD}", _NEITHER),
    Case(f"-tls1 -cipher ALL{_OLD}", _NEITHER),
]
_SIGNATURES = [
    Case("-tls1_2 -cipher ECDHE-RSA-AES128-GCM-SHA256 -sigalgs "
         "rsa_pss_rsae_sha256", _BOTH,
         "TLSv1.2 TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256", _RSA),
    Case(f"-tls1_2 -cipher ECDHE-RSA-AES128-GCM-SHA256{_OLD} -sigalgs "
         "RSA+SHA1", _COMPAT_ONLY,
         "TLSv1.2 TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256", _RSA),
    Case(f"-tls1_2 -cipher ECDHE-ECDSA-AES128-GCM-SHA256{_OLD} -sigalgs "
         "ECDSA+SHA1", _NEITHER),
    Case("-tls1_3", _NEITHER, key=("-algorithm", "ED25519")),
    Case("-tls1_3", _NEITHER, key=(
        "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-521")),
]
_WEAK_KEYS = [
    Case(f"-cipher ALL{_OLD}", _NEITHER, key=(
        "-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:1024"),
         found="RSA key of 1024 bits"),
]
# RFC 5246 7.4.2 and RFC 8446 4.4.2.2: what the key is used for.
_KEY_USAGES = [
    Case("-tls1_2 -cipher ECDHE-RSA-AES128-GCM-SHA256", _NEITHER, key=_RSA,
         found=_WRONG_USAGE, usage=_DECRYPTS),
    Case("-tls1_3", _NEITHER, key=_RSA, found=_WRONG_USAGE, usage=_DECRYPTS),
]
_KEY_USAGES_OF_COMPAT = [
    Case(f"-tls1_2 -cipher {suite}", _NEITHER, key=_RSA, found=_WRONG_USAGE)
    for suite in ("AES128-GCM-SHA256", "AES256-SHA")
]


class Tls(unittest.TestCase):
    """Servers of one choice."""

    def setUp(self) -> None:
        self.runs = Runs()
        self.addCleanup(self.runs.close)

    def serve(self, case: Case):
        """Starts the server of a case."""
        # A file's name and a common name, of which 64 characters fit.
        name = "-".join([*case.key[1::2],
                         *(word[0] for word in case.usage.split(", "))])
        pair = (self.runs.authority.with_key(
            name.replace(":", "-"), *case.key, usage=case.usage)
                if case.key else self.runs.authority.good())
        return self.runs.openssl_server(pair, *case.options.split())

    def expect_taken(self, case: Case, ran: Ran) -> None:
        """TLS came up; the page is then no answer to the upgrade."""
        self.assertEqual(ran.exit_code, EXIT_PROTOCOL, ran.output)
        self.assertRegex(ran.output, rf"(?m)^secured +{case.secured} \(")
        self.assertRegex(ran.output, "(?m)^verified ")

    def play(self, cases: list[Case], refusal: int = EXIT_CONNECTION,
             policies: Sequence[str] = POLICIES) -> None:
        """Runs the builds against each server."""
        for case in cases:
            port, _ = self.serve(case)
            for policy in policies:
                with self.subTest(case.options, key=case.key, policy=policy):
                    ran = self.runs.check(policy, port)
                    if policy in case.taken_by:
                        self.expect_taken(case, ran)
                        continue
                    self.assertEqual(ran.exit_code, refusal, ran.output)
                    self.assertNotRegex(ran.output, "(?m)^secured ")
                    self.assertIn(case.found, ran.last_line)
            self.runs.stop_servers()

    def test_tls_1_3(self) -> None:
        """Suites and groups."""
        self.play(_TLS13)

    def test_tls_1_2(self) -> None:
        """Key exchanges, suites and groups."""
        self.play(_TLS12)

    def test_nothing_older(self) -> None:
        """TLS 1.0 and 1.1."""
        self.play(_OLDER)

    def test_signatures(self) -> None:
        """What the server may prove its key with, and which key."""
        self.play(_SIGNATURES)

    def test_weak_keys(self) -> None:
        """auth/certificate_strength holds for both."""
        self.play(_WEAK_KEYS, EXIT_CERTIFICATE)

    def test_key_usages(self) -> None:
        """The reason is ours whichever BoringSSL was built: only some check
        RSA keys by themselves."""
        self.play(_KEY_USAGES, EXIT_CERTIFICATE)
        self.play(_KEY_USAGES_OF_COMPAT, EXIT_CERTIFICATE, [COMPAT])

    def test_the_suite_is_refused_before_anything_is_sent(self) -> None:
        """Of the client's messages OpenSSL sees the hello and an alert: no
        certificate, no Finished, no data."""
        case = Case("-tls1_3 -ciphersuites TLS_CHACHA20_POLY1305_SHA256",
                    _COMPAT_ONLY)
        port, server = self.serve(case)
        self.runs.check(CERTIFIED, port)
        server.wait_for_text("fatal handshake_failure")
        read = [line for line in server.lines() if line.startswith("<<< ")
                and "RecordHeader" not in line and "Inner" not in line]
        self.assertRegex(read[0], "ClientHello")
        self.assertRegex(read[-1], "Alert .*fatal handshake_failure")
        self.assertFalse([line for line in read[1:-1]
                          if "ChangeCipherSpec" not in line], read)

    @unittest.skipUnless(platform.machine() == "x86_64",
                         "OPENSSL_ia32cap hides AES on x86 only")
    def test_without_aes_instructions(self) -> None:
        """There BoringSSL puts ChaCha20 first, and OpenSSL takes the first: a
        certified build keeps to TLS 1.2, where it need not offer it."""
        port, _ = self.runs.openssl_server(self.runs.authority.good())
        if self.sees_aes(port):
            self.skipTest("this BoringSSL first looks at the processor when "
                          "the client has put its environment away")
        for policy, secured in [
                (COMPAT, "TLSv1.3 TLS_CHACHA20_POLY1305_SHA256"),
                (CERTIFIED, "TLSv1.2 TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384"),
        ]:
            with self.subTest(policy):
                self.expect_taken(
                    Case("", _BOTH, secured),
                    self.runs.check(policy, port, environment=_NO_AES))

    def sees_aes(self, port: int) -> bool:
        """Whether the variable that hides AES is without effect."""
        hidden = self.runs.check(COMPAT, port, environment=_NO_AES).output
        return re.search(r"(?m)^secured +TLSv1.3 TLS_AES_", hidden) is not None


if __name__ == "__main__":
    sys.exit(unittest.main())
