# SPDX-License-Identifier: Apache-2.0
"""Name resolution, end to end, against dnsmasq and odd name servers."""

from conformance.lab import namespaces, services
from conformance.lab.e2e_case import LabCase, main
from conformance.lab.lab import HOST
from conformance.lab.namespaces import (CLOUD, CLOUD_ADDRESS, CLOUD_ADDRESS_6,
                                        SECOND_CLOUD_ADDRESS, SILENT_ADDRESS,
                                        SILENT_ADDRESS_6)
from conformance.lab.programs import Program

DONE, RESOLUTION = 0, 4


class ResolutionTest(LabCase):
    """`client --check` with the name of the server in several troubles."""

    def serve(self, listen: str = CLOUD_ADDRESS) -> Program:
        """Starts OVOC without a TUN device."""
        return self.lab.server(self.lab.authority.good(), listen=listen,
                               tun="")

    def resolved(self, client: Program) -> list[str]:
        """The addresses the client found last; prints how long it took."""
        lines = self.reported(client, "resolved")
        self.figure("; ".join(lines))
        return lines[-1].partition(" to ")[2].rpartition(" (")[0].split(", ")

    def connected(self, client: Program) -> str:
        """Which connection came to be; prints how long it took."""
        (line,) = self.reported(client, "connected")
        self.figure(f"{line}\n{client.tail()}")
        return line

    def need_ipv6(self) -> None:
        """Ends the test where the kernel has no IPv6."""
        if not namespaces.has_ipv6():
            self.skipTest("THIS KERNEL HAS NO IPV6")

    def test_the_second_server_helps_when_the_first_is_dead(self) -> None:
        """What is sent to the first is lost without a word."""
        services.name_server(self.lab)
        self.serve()
        client = self.check(DNSPriServerIP=SILENT_ADDRESS,
                            DNSSecServerIP=CLOUD_ADDRESS)
        self.assert_exit(client, DONE)
        self.assertEqual(self.resolved(client), [CLOUD_ADDRESS])

    def test_the_second_server_helps_when_the_first_refuses(self) -> None:
        """Nothing listens on the first server's address: ICMP says so."""
        services.name_server(self.lab)
        self.serve()
        client = self.check(DNSPriServerIP=SECOND_CLOUD_ADDRESS,
                            DNSSecServerIP=CLOUD_ADDRESS)
        self.assert_exit(client, DONE)

    def test_a_truncated_answer_is_asked_again_by_tcp(self) -> None:
        """RFC 1035 4.2: the whole answer comes over TCP."""
        server = self.lab.agent("truncating_dns", CLOUD, SECOND_CLOUD_ADDRESS,
                                CLOUD_ADDRESS)
        server.wait_for_text("ready")
        self.serve()
        client = self.check(DNSPriServerIP=SECOND_CLOUD_ADDRESS)
        self.assert_exit(client, DONE)
        self.assertEqual(self.resolved(client), [CLOUD_ADDRESS])
        self.assertIn("query over UDP", server.lines())
        self.assertIn("query over TCP", server.lines())

    def test_a_name_that_does_not_exist_is_exit_code_4(self) -> None:
        """NXDOMAIN names the name and opens no connection."""
        services.name_server(self.lab)
        client = self.check(WSTunServer="nosuch.example.net")
        self.assert_exit(client, RESOLUTION)
        self.assertIn("nosuch.example.net", client.tail())
        self.assertEqual(self.reported(client, "connecting"), [])

    def test_no_server_that_answers_is_exit_code_4(self) -> None:
        """All queries are lost; the client gives up in bounded time."""
        client = self.check(DNSPriServerIP=SILENT_ADDRESS)
        self.assert_exit(client, RESOLUTION)

    def test_both_families_of_a_real_server_are_used(self) -> None:
        """dnsmasq has A and AAAA, OVOC listens on the AAAA one only."""
        self.need_ipv6()
        server = services.name_server(self.lab, CLOUD_ADDRESS,
                                      CLOUD_ADDRESS_6)
        self.serve(f"[{CLOUD_ADDRESS_6}]")
        client = self.check()
        self.assert_exit(client, DONE)
        self.assertIn(CLOUD_ADDRESS_6, self.resolved(client))
        server.wait_for_text(f"query[A] {HOST}")
        asked = "\n".join(server.lines())
        self.assertIn(f"query[AAAA] {HOST}", asked)
        self.assertIn(CLOUD_ADDRESS_6, self.connected(client))

    def test_ipv4_wins_the_race_when_ipv6_is_lost(self) -> None:
        """RFC 8305: the IPv6 path swallows all, IPv4 is tried meanwhile."""
        self.need_ipv6()
        services.name_server(self.lab, CLOUD_ADDRESS, SILENT_ADDRESS_6)
        self.serve()
        client = self.check()
        self.assert_exit(client, DONE)
        self.assertIn(CLOUD_ADDRESS, self.connected(client))


if __name__ == "__main__":
    main(needs_tun=False)
