# SPDX-License-Identifier: Apache-2.0
"""The way to the tunnel, end to end: TLS, certificates, login, refusals."""

from conformance.lab import namespaces, services
from conformance.lab.certificates import KeyPair
from conformance.lab.e2e_case import LabCase, main
from conformance.lab.lab import (FIRST_OVERLAY, HOST, INTERFACE,
                                 PASSWORD, USER)
from conformance.lab.namespaces import CLOUD, CLOUD_ADDRESS, CLOUD_ADDRESS_6
from conformance.lab.programs import Program

DONE, USAGE, SETTINGS, CONNECTION, CERTIFICATE = 0, 2, 3, 5, 6
LOGIN, NO_FREE_ADDRESS, PROTOCOL = 7, 8, 9

_NO_PRIVILEGE = ["setpriv", "--no-new-privs", "--inh-caps=-all",
                 "--ambient-caps=-all", "--bounding-set=-all", "--"]


class HandshakeTest(LabCase):
    """`client --check` against OVOC; no TUN device on either side."""

    def setUp(self) -> None:
        super().setUp()
        services.name_server(self.lab)

    def serve(self, pair: KeyPair | None, *options: str) -> Program:
        """Starts OVOC without a TUN device."""
        return self.lab.server(pair, *options, tun="")

    def assert_insecure(self, client: Program, setting: str) -> None:
        """The client announced, first of all, the setting and no other."""
        (announced,) = self.reported(client, "INSECURE")
        self.assertTrue(announced.startswith(f"{setting}=0"), announced)
        self.assertTrue(client.lines()[0].startswith("INSECURE"))

    def test_tls_is_verified_and_the_login_accepted(self) -> None:
        """Each step is reported with what was seen."""
        server = self.serve(self.lab.authority.good())
        client = self.check()
        self.assert_exit(client, DONE)
        (resolved,) = self.reported(client, "resolved")
        self.assertIn(f"{HOST} to {CLOUD_ADDRESS} ", resolved)
        (secured,) = self.reported(client, "secured")
        self.assertRegex(secured, r"^TLSv1\.3 \w+ \([0-9.]+ ms\)$")
        (verified,) = self.reported(client, "verified")
        self.assertIn("subject CN=Lab good server", verified)
        self.assertIn("issuer CN=Lab root", verified)
        self.assertIn("expires 20", verified)
        (logged_in,) = self.reported(client, "logged in")
        self.assertIn(f"{FIRST_OVERLAY}/32", logged_in)
        self.assertEqual(self.reported(client, "INSECURE"), [])
        server.wait_for("peer_down", reason="close_frame")

    def test_check_needs_no_privilege_and_makes_no_device(self) -> None:
        """Without any capability the check passes all the same."""
        caps = namespaces.run(namespaces.DEVICE, [
            *_NO_PRIVILEGE, "grep", "-E", "Cap(Prm|Eff|Bnd)",
            "/proc/self/status"])
        self.assertEqual([int(line.split()[1], 16)
                          for line in caps.splitlines()], [0, 0, 0])
        self.serve(self.lab.authority.good())
        command = self.lab.client_command(self.lab.settings(), "--check")
        client = self.lab.start("client", namespaces.DEVICE,
                                [*_NO_PRIVILEGE, *command])
        client.wait(20)
        self.assert_exit(client, DONE)
        self.assertFalse(namespaces.exists(namespaces.DEVICE, INTERFACE))

    def test_plain_http_works_and_is_announced_loudly(self) -> None:
        """WSTunSecured=0 is a warning at start."""
        self.serve(None)
        client = self.check(WSTunSecured=0)
        self.assert_exit(client, DONE)
        self.assert_insecure(client, "WSTunSecured")
        self.assertEqual(self.reported(client, "secured"), [])
        self.assertEqual(self.reported(client, "verified"), [])

    def test_the_address_in_place_of_a_name_is_verified_too(self) -> None:
        """An IP address is looked for among the certificate's IP SANs."""
        self.serve(self.lab.authority.good())
        client = self.check(WSTunServer=CLOUD_ADDRESS)
        self.assert_exit(client, DONE)
        self.assertEqual(len(self.reported(client, "verified")), 1)

    def test_ipv6_carries_the_tunnel(self) -> None:
        """An IPv6 address as server, in the settings and in the SANs."""
        if not namespaces.has_ipv6():
            self.skipTest("THIS KERNEL HAS NO IPV6")
        self.lab.server(self.lab.authority.good(), tun="",
                        listen=f"[{CLOUD_ADDRESS_6}]")
        client = self.check(WSTunServer=CLOUD_ADDRESS_6)
        self.assert_exit(client, DONE)

    def test_a_bad_certificate_ends_before_the_login(self) -> None:
        """Each kind is exit code 6, and OVOC never sees credentials."""
        authority = self.lab.authority
        pairs = {"expired": authority.expired(),
                 "other CA": authority.other_ca(),
                 "self-signed": authority.self_signed(),
                 "wrong name": authority.wrong_name()}
        for name, pair in pairs.items():
            with self.subTest(name):
                server = self.serve(pair)
                client = self.check()
                self.assert_exit(client, CERTIFICATE)
                self.assertEqual(self.reported(client, "logged in"), [])
                self.assertEqual(server.events("peer_up"), [])
                self.figure(f"{name}: {client.lines()[-1]}")
                server.stop()

    def test_wrong_name_passes_only_when_the_name_check_is_off(self) -> None:
        """WSTunVerifyHostName=0 is announced."""
        self.serve(self.lab.authority.wrong_name())
        client = self.check(WSTunVerifyHostName=0)
        self.assert_exit(client, DONE)
        self.assert_insecure(client, "WSTunVerifyHostName")

    def test_unknown_issuer_passes_only_when_verification_is_off(self) -> None:
        """WSTunVerifyPeer=0 is announced."""
        self.serve(self.lab.authority.other_ca())
        client = self.check(WSTunVerifyPeer=0)
        self.assert_exit(client, DONE)
        self.assert_insecure(client, "WSTunVerifyPeer")
        self.assertEqual(len(self.reported(client, "NOT VERIFIED")), 1)

    def test_a_wrong_password_is_exit_code_7(self) -> None:
        """401 is named as a matter of the login."""
        self.serve(self.lab.authority.good())
        client = self.check(WSTunPassword="Joshua-5")
        self.assert_exit(client, LOGIN)
        self.assertNotIn("Joshua-5", "\n".join(client.lines()))

    def test_a_wrong_path_is_exit_code_9(self) -> None:
        """404 is named."""
        self.serve(self.lab.authority.good())
        client = self.check(WSTunServerPath="nosuch")
        self.assert_exit(client, PROTOCOL)
        self.assertIn("404", client.tail())

    def test_an_exhausted_pool_is_exit_code_8(self) -> None:
        """409 is named."""
        self.serve(None, "--overlay=169.254.0.1/30")
        self.lab.agent("address_taker", CLOUD, CLOUD_ADDRESS, 80, USER,
                       PASSWORD, 4).wait_for_text("full")
        client = self.check(WSTunSecured=0)
        self.assert_exit(client, NO_FREE_ADDRESS)

    def test_no_listener_is_exit_code_5(self) -> None:
        """A refused TCP connection."""
        self.assert_exit(self.check(), CONNECTION)

    def test_plain_http_where_tls_is_meant_is_exit_code_5(self) -> None:
        """A TLS handshake that fails for another reason than trust."""
        self.serve(None)
        self.assert_exit(self.check(WSTunServerPort=80), CONNECTION)

    def test_bad_settings_are_one_line_with_file_line_and_name(self) -> None:
        """Exit code 3; the name that was meant is offered."""
        client = self.check(WSTunSecure=1)
        self.assert_exit(client, SETTINGS)
        said = [line for line in client.lines() if "WSTunSecure" in line]
        self.assertEqual(len(said), 1, client.tail())
        self.assertIn("WSTunSecured", said[0])
        self.assertIn("-device.ini:", said[0])

    def test_an_unknown_option_is_exit_code_2(self) -> None:
        """The command line is wrong."""
        client = self.lab.client(self.lab.settings(), "--nosuch")
        client.wait(10)
        self.assert_exit(client, USAGE)


if __name__ == "__main__":
    main(needs_tun=False)
