# SPDX-License-Identifier: Apache-2.0
"""`client --check` after the login, end to end: what it finds of the tunnel.

Whatever that is, the exit code is 0.
"""

import json
from typing import Any

from conformance.lab import namespaces, proxies, services
from conformance.lab.e2e_case import LabCase, main
from conformance.lab.lab import FIRST_OVERLAY, HOST, OVOC, SERVER_INTERFACE
from conformance.lab.namespaces import CLOUD, DEVICE, ROUTER
from conformance.lab.programs import Program

_NARROW_BYTES = 1400  # of a path that drops what is larger
_OVERHEAD_BYTES = 82  # of a packet in a frame, a TLS record, TCP and IPv4
_OVOC_MTU = 1300
_HOURS = 2
_DAYS = 10


class CheckTest(LabCase):
    """One login, and what lies behind it."""

    def setUp(self) -> None:
        super().setUp()
        services.name_server(self.lab)

    def passed(self, **changes: object) -> Program:
        """A check that passes."""
        client = self.check(**changes)
        self.assert_exit(client, 0)
        self.assertTrue(client.lines()[-1].startswith("closed "),
                        client.tail())
        return client

    def as_json(self, **changes: object) -> dict[str, Any]:
        """What a check prints for programs; it passes."""
        client = self.lab.client(self.lab.settings(**changes), "--check",
                                 "--json")
        client.wait(40)
        self.assert_exit(client, 0)
        (line,) = client.lines()
        seen: dict[str, Any] = json.loads(line)
        return seen

    def server_of(self, seen: dict[str, Any]) -> dict[str, Any]:
        """The only server of a check that passed."""
        self.assertEqual(seen["exit_code"], 0)
        (server,) = seen["servers"]
        self.assertEqual(seen["server"], server["server"])
        found: dict[str, Any] = server
        return found

    def names(self, server: dict[str, Any]) -> list[str]:
        """Of the server's warnings."""
        return [warning["name"] for warning in server["warnings"]]

    def test_a_kernel_answers_through_the_tunnel(self) -> None:
        """OVOC's own device replies to packets of every size."""
        self.lab.server(self.lab.authority.good())
        client = self.passed()
        (echo,) = self.reported(client, "echo")
        self.assertRegex(echo, rf"^{OVOC} answers \([0-9.]+ ms\)$")
        (packets,) = self.reported(client, "packets")
        self.assertIn("up to 1500 bytes come back (WSTunMtu)", packets)
        self.assertEqual(self.reported(client, "warning"), [])

    def test_behind_nginx_the_clocks_are_compared_too(self) -> None:
        """nginx puts its Date into the 101."""
        proxies.stand_in(self.lab, tun="")
        proxies.nginx(self.lab)
        client = self.passed()
        (clock,) = self.reported(client, "clock")
        self.assertRegex(clock, r"the server's is (the same as|1 s behind) ")
        self.assertEqual(len(self.reported(client, "echo")), 1)
        self.assertEqual(self.reported(client, "warning"), [])

    def test_a_clock_that_is_off_is_a_warning(self) -> None:
        """nginx under faketime; nobody can say whose clock is wrong."""
        proxies.stand_in(self.lab, tun="")
        proxies.nginx(self.lab, clock=f"-{_HOURS}h")
        server = self.server_of(self.as_json())
        self.assertEqual(self.names(server), ["clock"])
        self.assertAlmostEqual(server["clock"]["difference_s"],
                               -_HOURS * 3600, delta=30)

    def test_an_ovoc_that_answers_no_pings_is_a_warning(self) -> None:
        """Its kernel is told to ignore them."""
        self.lab.server(self.lab.authority.good())
        self.ignore_pings(1)
        self.addCleanup(self.ignore_pings, 0)
        client = self.passed()
        (warning,) = self.reported(client, "warning")
        self.assertTrue(warning.startswith(f"{OVOC} answers no echo"), warning)
        self.assertEqual(self.reported(client, "echo"), [])

    def ignore_pings(self, value: int) -> None:
        """Of the whole cloud."""
        namespaces.run(CLOUD, [
            "sysctl", "-q", "-w", f"net.ipv4.icmp_echo_ignore_all={value}"])

    def test_a_small_mtu_behind_the_tunnel_is_found_to_the_byte(self) -> None:
        """OVOC's device takes no larger packets, so it cuts its replies."""
        self.lab.server(self.lab.authority.good())
        namespaces.run(CLOUD, ["ip", "link", "set", SERVER_INTERFACE, "mtu",
                               str(_OVOC_MTU)])
        server = self.server_of(self.as_json())
        self.assertEqual(server["echo"]["verdict"], "smaller")
        self.assertEqual(server["echo"]["largest_bytes"], _OVOC_MTU)
        self.assertEqual(self.names(server), ["packet_size"])

    def test_a_path_that_drops_large_packets_is_named(self) -> None:
        """On the way up, without a word: the stream is stuck behind one."""
        self.lab.server(self.lab.authority.good())
        namespaces.run(ROUTER, ["nft", "-f", "-"], text=f"""
            table ip narrow {{
              chain forward {{
                type filter hook forward priority 0;
                iifname "inside" meta length > {_NARROW_BYTES} drop
              }}
            }}""")
        self.addCleanup(namespaces.run, ROUTER,
                        ["nft", "delete", "table", "ip", "narrow"])
        server = self.server_of(self.as_json())
        echo = server["echo"]
        self.assertEqual(echo["verdict"], "stuck")
        self.assertEqual(echo["largest_bytes"],
                         _NARROW_BYTES - _OVERHEAD_BYTES)
        self.assertGreater(echo["lost_bytes"], echo["largest_bytes"])
        self.assertEqual(self.names(server), ["path_mtu"])

    def test_the_settings_bound_the_packets(self) -> None:
        """WSTunMtu is the largest that is tried."""
        self.lab.server(self.lab.authority.good())
        server = self.server_of(self.as_json(WSTunMtu=1400))
        self.assertEqual(server["echo"]["verdict"], "whole")
        self.assertEqual(server["echo"]["largest_bytes"], 1400)

    def test_a_certificate_that_expires_soon_is_a_warning(self) -> None:
        """In ten days; one of two months is none."""
        self.lab.server(self.lab.authority.expiring(_DAYS))
        client = self.passed()
        (warning,) = self.reported(client, "warning")
        self.assertTrue(warning.startswith(
            f"the server's certificate expires in {_DAYS} days, at 20"),
            warning)

    def test_so_is_one_above_it(self) -> None:
        """The server's own is good for two months."""
        pair, root = self.lab.authority.below_expiring_root(_DAYS)
        self.lab.server(pair)
        client = self.passed(TLSTrustedRoots=root)
        (warning,) = self.reported(client, "warning")
        self.assertTrue(warning.startswith(
            f"the issuer's certificate (CN=Lab root-{_DAYS}) expires in "
            f"{_DAYS} days, at 20"), warning)

    def test_so_is_one_of_the_client_itself(self) -> None:
        """Whether the server asks for it or not."""
        authority = self.lab.authority
        own = authority.expiring(_DAYS)
        proxies.stand_in(self.lab, tun="")
        proxies.nginx(self.lab)
        seen = self.as_json(TLSCertificate=own.certificate,
                            TLSPrivateKey=own.key)
        self.assertEqual(self.names(self.server_of(seen)), [])
        (warning,) = seen["warnings"]
        self.assertEqual(warning["name"], "client_certificate_expiry")
        self.assertIn(f" expires in {_DAYS} days, ", warning["text"])
        self.assertTrue(
            seen["client_certificate"]["subject"].startswith("CN=Lab "))

    def test_so_is_one_above_that_of_the_client(self) -> None:
        """The file of TLSCertificate has both."""
        pair, root = self.lab.authority.below_expiring_root(_DAYS)
        chain = self.lab.folder / "chain.pem"
        chain.write_text(pair.certificate.read_text() + root.read_text())
        proxies.stand_in(self.lab, tun="")
        proxies.nginx(self.lab)
        seen = self.as_json(TLSCertificate=chain, TLSPrivateKey=pair.key)
        (warning,) = seen["warnings"]
        self.assertEqual(warning["name"], "client_certificate_expiry")
        self.assertTrue(warning["text"].startswith(
            f"the issuer's certificate in TLSCertificate (CN=Lab root-{_DAYS})"
            f" expires in {_DAYS} days, "), warning)

    def test_for_programs_it_is_one_object(self) -> None:
        """Times, TLS, certificate, overlay address."""
        self.lab.server(self.lab.authority.good())
        seen = self.as_json()
        server = self.server_of(seen)
        self.assertEqual(seen["schema_version"], 1)
        self.assertEqual(server["server"], HOST)
        self.assertEqual(server["tls"]["version"], "TLSv1.3")
        self.assertTrue(server["certificate"]["verified"])
        self.assertEqual(server["certificate"]["issuer"], "CN=Lab root")
        self.assertEqual(server["overlay_address"], f"{FIRST_OVERLAY}/32")
        self.assertGreater(server["echo"]["round_trip_ms"], 0)
        for name, took in server["times"].items():
            with self.subTest(name):
                self.assertGreater(took, 0)

    def test_what_lies_in_the_overlay_already_is_a_warning(self) -> None:
        """An address and a route of another interface."""
        self.lab.server(self.lab.authority.good())
        for line in ("addr {} 169.254.3.7/32 dev lo",
                     "route {} 169.254.0.1/32 dev lo"):
            namespaces.run(DEVICE, ["ip", *line.format("add").split()])
            self.addCleanup(namespaces.run, DEVICE,
                            ["ip", *line.format("del").split()])
        seen = self.as_json()
        self.assertEqual([warning["name"] for warning in seen["warnings"]],
                         2 * ["overlay_conflict"])
        address, route = (warning["text"] for warning in seen["warnings"])
        self.assertIn("lo has the address 169.254.3.7/32", address)
        self.assertIn("a route to 169.254.0.1/32 leads to lo", route)

    def test_no_device_is_made_for_it(self) -> None:
        """The echoes are the check's own."""
        self.lab.server(self.lab.authority.good())
        before = namespaces.run(DEVICE, ["ip", "-o", "link"])
        self.passed()
        self.assertEqual(namespaces.run(DEVICE, ["ip", "-o", "link"]), before)


if __name__ == "__main__":
    main()
