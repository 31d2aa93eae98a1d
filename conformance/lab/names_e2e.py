# SPDX-License-Identifier: Apache-2.0
"""The machine's own files of names, end to end: resolv.conf and hosts.

The enclosure has copies of both, which the tests write. The name server is
dnsmasq, which logs what it is asked.
"""

import os
from pathlib import Path

from conformance.lab import namespaces, services
from conformance.lab.e2e_case import LabCase, main
from conformance.lab.lab import HOST
from conformance.lab.namespaces import (CLOUD_ADDRESS, CLOUD_ADDRESS_6,
                                        DEVICE, ROUTER,
                                        SECOND_CLOUD_ADDRESS, SILENT_ADDRESS)
from conformance.lab.programs import Program

DONE, RESOLUTION = 0, 4
HOSTS = Path(os.path.realpath("/etc/hosts"))
RESOLV_CONF = Path(os.path.realpath("/etc/resolv.conf"))
ABSENT_ADDRESS = "198.51.100.99"  # nobody's: the router says so, after 3 s
LINK_LOCAL = "fe80::1"  # the router's, on the device's link


class NamesTest(LabCase):
    """`client --check`, and a client, with files that people edit."""

    def setUp(self) -> None:
        """Promises to leave the files as they were."""
        super().setUp()
        for path in (HOSTS, RESOLV_CONF):
            self.addCleanup(path.write_text, path.read_text())

    def serve(self, *listen: str) -> None:
        """Starts an OVOC without a TUN device at each address."""
        for address in listen or [CLOUD_ADDRESS]:
            self.lab.server(self.lab.authority.good(), listen=address, tun="")

    def connected(self, client: Program) -> str:
        """Which connection a check made, its answer being good."""
        self.assert_exit(client, DONE)
        (line,) = self.reported(client, "connected")
        self.figure(line)
        return line

    def assert_not_asked(self, name_server: Program) -> None:
        """Nothing came to the name server."""
        asked = [line for line in name_server.lines() if "query[" in line]
        self.assertEqual(asked, [])

    # resolv.conf

    def test_the_third_name_server_is_asked(self) -> None:
        """As in the C library; the fourth never is."""
        services.name_server(self.lab)
        self.serve()
        dead = [SILENT_ADDRESS, ABSENT_ADDRESS]
        write(RESOLV_CONF, *name_servers(*dead, CLOUD_ADDRESS))
        self.connected(self.check(DNSPriServerIP=None))
        write(RESOLV_CONF, *name_servers(*dead, SECOND_CLOUD_ADDRESS,
                                         CLOUD_ADDRESS))
        client = self.check(DNSPriServerIP=None)
        self.assert_exit(client, RESOLUTION)

    def test_a_name_server_on_the_link_has_a_zone(self) -> None:
        """A router announces such ones (RFC 8106, RFC 4007 11)."""
        if not namespaces.has_ipv6():
            self.skipTest("THIS KERNEL HAS NO IPV6")
        asked = self.name_server_on_the_link()
        self.serve()
        server = f"{LINK_LOCAL}%{namespaces.UPLINK}"
        write(RESOLV_CONF, *name_servers(server))
        self.connected(self.check(DNSPriServerIP=None))
        self.connected(self.check(DNSPriServerIP=server))
        self.assertIn(f"query[A] {HOST}", "\n".join(asked.lines()))
        client = self.check(DNSPriServerIP=LINK_LOCAL + "%lo")
        self.assert_exit(client, RESOLUTION)

    def name_server_on_the_link(self) -> Program:
        """dnsmasq on the router, at its address of the device's link."""
        namespaces.run(ROUTER, ["ip", "addr", "replace", LINK_LOCAL + "/64",
                                "dev", "inside", "nodad"])
        program = self.lab.start("dnsmasq", ROUTER, [
            "dnsmasq", "--no-daemon", "--conf-file=/dev/null", "--no-resolv",
            "--no-hosts", "--log-queries", "--bind-interfaces",
            "--interface=inside", "--except-interface=lo",
            f"--host-record={HOST},{CLOUD_ADDRESS}"])
        program.wait_for_text("cleared cache")
        return program

    def test_without_an_entry_this_machine_is_asked(self) -> None:
        """resolv.conf(5), as in the C library."""
        self.serve()
        write(RESOLV_CONF, "search example")
        client = self.check(DNSPriServerIP=None)
        self.assert_exit(client, RESOLUTION)
        self.assertIn("127.0.0.1 is also asked if neither", client.tail())
        asked = self.lab.start("dnsmasq", DEVICE, [
            "dnsmasq", "--no-daemon", "--conf-file=/dev/null", "--no-resolv",
            "--no-hosts", "--log-queries", "--bind-interfaces",
            "--interface=lo", f"--host-record={HOST},{CLOUD_ADDRESS}"])
        asked.wait_for_text("cleared cache")
        self.connected(self.check(DNSPriServerIP=None))

    # hosts

    def test_the_hosts_file_comes_before_dns(self) -> None:
        """Nobody is asked, even for the family that it does not have."""
        asked = services.name_server(self.lab, SILENT_ADDRESS)
        self.serve()
        write(HOSTS, "127.0.0.1 localhost", "192.0.2.1 gateway",
              f"{CLOUD_ADDRESS}\tovoc {HOST.upper()} # by hand\r")
        self.assertIn(CLOUD_ADDRESS, self.connected(self.check()))
        self.assert_not_asked(asked)

    def test_other_names_of_the_hosts_file_mean_nothing(self) -> None:
        """Neither a longer name nor a comment."""
        asked = services.name_server(self.lab)
        self.serve()
        write(HOSTS, f"{SILENT_ADDRESS} www.{HOST} {HOST}.",
              f"# {SILENT_ADDRESS} {HOST}", f"{SILENT_ADDRESS} x # {HOST}")
        self.assertIn(CLOUD_ADDRESS, self.connected(self.check()))
        self.assertIn(f"query[A] {HOST}", "\n".join(asked.lines()))

    def test_its_addresses_are_tried_in_their_order(self) -> None:
        """The first that is good; one that is not, costs no attempt."""
        self.serve(CLOUD_ADDRESS, SECOND_CLOUD_ADDRESS)
        write(HOSTS, f"{SECOND_CLOUD_ADDRESS} {HOST}",
              f"{CLOUD_ADDRESS} {HOST}")
        self.assertIn(SECOND_CLOUD_ADDRESS, self.connected(self.check()))
        write(HOSTS, f"{SILENT_ADDRESS} {HOST}", f"{CLOUD_ADDRESS} {HOST}")
        self.assertIn(CLOUD_ADDRESS, self.connected(self.check()))

    def test_it_may_have_both_families(self) -> None:
        """OVOC listens on the IPv6 address only."""
        if not namespaces.has_ipv6():
            self.skipTest("THIS KERNEL HAS NO IPV6")
        self.serve(f"[{CLOUD_ADDRESS_6}]")
        write(HOSTS, f"{CLOUD_ADDRESS} {HOST}", f"{CLOUD_ADDRESS_6} {HOST}")
        self.assertIn(CLOUD_ADDRESS_6, self.connected(self.check()))

    def test_a_change_between_attempts_is_noticed(self) -> None:
        """Of a client that runs: without a restart, without SIGHUP."""
        services.name_server(self.lab, SILENT_ADDRESS)
        write(HOSTS, f"{SECOND_CLOUD_ADDRESS} {HOST}")
        client = self.lab.client(self.lab.settings())
        client.wait_for("retry")
        self.lab.server(self.lab.authority.good())
        write(HOSTS, f"{CLOUD_ADDRESS} {HOST}")
        client.wait_for("tunnel_up", timeout=40)
        self.assert_tunnel_carries()


def name_servers(*addresses: str) -> list[str]:
    """Lines of a resolv.conf."""
    return [f"nameserver {address}" for address in addresses]


def write(path: Path, *lines: str) -> None:
    """Writes a file of the enclosure in its place: it is a mount point."""
    path.write_text("".join(line + "\n" for line in lines))


if __name__ == "__main__":
    main()
