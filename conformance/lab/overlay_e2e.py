# SPDX-License-Identifier: Apache-2.0
"""What a hostile OVOC can reach on the device, end to end: the tunnel alone."""

import json
import signal
import sys
import time

from conformance.lab import namespaces
from conformance.lab.e2e_case import LabCase, main
from conformance.lab.lab import INTERFACE
from conformance.lab.namespaces import CLOUD, CLOUD_ADDRESS, DEVICE, UPLINK
from conformance.lab.programs import Program

# A loose source route through the device (RFC 791 3.1), and "fragmentation
# needed, MTU 600" (RFC 1191 4) about the flow below. To 169.254.0.2.
_SOURCE_ROUTED = ("470000280001000040119bfba9fe0001a9fe0002830704c0"
                  "0002010000011e61000c00004c535252")
_FRAGMENTATION_NEEDED = ("4500003800010000400126c5a9fe0001a9fe000203044a97"
                         "000002584500001c000100004011f6bac0000214c0000201"
                         "9c4013c400080000")

# A flow of the device's that has nothing to do with the tunnel.
_FLOW = """
import socket, time
flow = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
flow.bind(("192.0.2.20", 40000))
flow.connect(("192.0.2.1", 5060))
flow.send(b"")
print("event=flowing", flush=True)
time.sleep(60)
"""


def routes() -> list[str]:
    """The destinations that the device routes into the tunnel, sorted.

    OVOC is there twice: from the overlay address, and without a source, by the
    route that is there before the first login.
    """
    shown = namespaces.run(DEVICE, ["ip", "-4", "route", "show", "dev",
                                    INTERFACE])
    return sorted(line.split()[0] for line in shown.splitlines())


def way(destination: str) -> str:
    """How the device would send to an address; empty without a route."""
    try:
        return namespaces.run(DEVICE, ["ip", "route", "get", destination])
    except RuntimeError:
        return ""


class OverlayTest(LabCase):
    """A client whose OVOC assigns and sends what it likes."""

    LIMIT_SECONDS = 60

    def connect(self, overlay: str, prefix: int, *packets: str,
                **changes: object) -> Program:
        """Starts the hostile OVOC and a client of it."""
        hostile = self.lab.agent("hostile_ovoc", CLOUD, CLOUD_ADDRESS, 80,
                                 overlay, prefix, *packets)
        hostile.wait_for("listening")
        self.status = self.lab.status_file()
        self.settings = self.lab.settings(**self.with_defaults(changes))
        return self.lab.client(self.settings, f"--status_file={self.status}")

    @staticmethod
    def with_defaults(changes: dict[str, object]) -> dict[str, object]:
        """The settings of a client of the hostile OVOC."""
        return {"WSTunServer": CLOUD_ADDRESS, "WSTunSecured": 0,
                "DNSPriServerIP": None, **changes}

    def refused(self, overlay: str, words: str, prefix: int = 18,
                **changes: object) -> None:
        """The client does not take the address, and says why."""
        client = self.connect(overlay, prefix, **changes)
        failed = client.wait_for("attempt_failed")
        self.assertIn(words, failed.text)
        self.assertIn(overlay, failed.text)
        self.assertEqual(namespaces.overlay_addresses(INTERFACE), [])
        self.assertEqual(client.events("tunnel_up"), [])
        self.lab.stop_programs()

    def test_no_server_widens_the_one_route(self) -> None:
        """A prefix of 16 holds all link-local addresses."""
        client = self.connect("169.254.0.2", 16)
        up = client.wait_for("tunnel_up")
        self.assertEqual(up["overlay"], "169.254.0.2/32")
        self.assertEqual(namespaces.overlay_addresses(INTERFACE),
                         ["169.254.0.2/32"])
        self.assertEqual(routes(), ["169.254.0.1", "169.254.0.1"])
        self.assertIn(f"dev {INTERFACE} src 169.254.0.2", way("169.254.0.1"))
        for other in ("169.254.169.254", "169.254.20.10", "169.254.0.3"):
            self.assertNotIn(INTERFACE, way(other))

    def test_with_peers_the_range_of_the_settings_is_the_limit(self) -> None:
        """The default is a /18; a wider one has a hole where clouds are."""
        client = self.connect("169.254.0.2", 16, WSTunPeerToPeer=1)
        up = client.wait_for("tunnel_up")
        self.assertEqual(up["overlay"], "169.254.0.2/18")
        self.assertEqual(routes(), ["169.254.0.0/18", "169.254.0.1",
                                    "169.254.0.1"])
        self.lab.stop_programs()
        client = self.connect("169.254.0.2", 16, WSTunPeerToPeer=1,
                              WSTunOverlay="169.254.0.0/16")
        client.wait_for("tunnel_up")
        for inside in ("169.254.168.1", "169.254.170.1", "169.254.200.9"):
            self.assertIn(INTERFACE, way(inside))
        for other in ("169.254.169.254", "169.254.169.253"):
            self.assertNotIn(INTERFACE, way(other))

    def test_a_name_server_in_the_range_stays_outside(self) -> None:
        """As clouds and clusters have them."""
        client = self.connect("169.254.0.2", 18, WSTunPeerToPeer=1,
                              DNSPriServerIP="169.254.20.10")
        client.wait_for("tunnel_up")
        self.assertIn(INTERFACE, way("169.254.20.11"))
        self.assertNotIn(INTERFACE, way("169.254.20.10"))

    def test_a_name_server_that_a_reload_brings_stays_outside_too(
            self) -> None:
        """The routes are made with the tunnel, so it is made anew."""
        client = self.connect("169.254.0.2", 18, WSTunPeerToPeer=1)
        client.wait_for("tunnel_up")
        self.assertIn(INTERFACE, way("169.254.20.10"))
        self.lab.write_settings(self.settings, **self.with_defaults(
            {"WSTunPeerToPeer": 1, "DNSPriServerIP": "169.254.20.10"}))
        client.send(signal.SIGHUP)
        client.wait_for("reload", result="ok", tunnel="new",
                        changed="DNSPriServerIP")
        client.wait_for("tunnel_up", 20)
        self.assertNotIn(INTERFACE, way("169.254.20.10"))
        self.assertIn(INTERFACE, way("169.254.20.11"))

    def test_addresses_of_others_are_refused_by_name(self) -> None:
        """Of clouds, of a name server, of another interface."""
        self.refused("169.254.169.254", "metadata")
        self.refused("169.254.169.254", "metadata", 16,
                     WSTunOverlay="169.254.0.0/16", WSTunPeerToPeer=1)
        self.refused("169.254.20.10", "name server",
                     DNSPriServerIP="169.254.20.10")
        namespaces.run(DEVICE, ["ip", "addr", "add", "169.254.0.7/32", "dev",
                                UPLINK])
        self.refused("169.254.0.7", f"already an address of interface {UPLINK}")
        namespaces.run(DEVICE, ["ip", "addr", "del", "169.254.0.7/32", "dev",
                                UPLINK])

    def test_another_interface_with_the_range_does_not_take_ovocs_packets(
            self) -> None:
        """A host route is closer than any prefix."""
        namespaces.run(DEVICE, ["ip", "route", "add", "169.254.0.0/16", "dev",
                                UPLINK])
        self.addCleanup(namespaces.run, DEVICE,
                        ["ip", "route", "del", "169.254.0.0/16", "dev", UPLINK])
        client = self.connect("169.254.0.2", 18)
        client.wait_for("tunnel_up")
        self.assertIn(f"dev {INTERFACE}", way("169.254.0.1"))
        self.assertIn(f"dev {UPLINK}", way("169.254.0.3"))

    def test_a_flow_beside_the_tunnel_keeps_its_path_mtu(self) -> None:
        """What OVOC says of it is dropped, and counted by reason."""
        flow = self.lab.start("flow", DEVICE, [sys.executable, "-c", _FLOW])
        flow.wait_for("flowing")
        client = self.connect("169.254.0.2", 18, _SOURCE_ROUTED,
                              _FRAGMENTATION_NEEDED)
        client.wait_for("tunnel_up")
        deadline = time.monotonic() + 20
        counters: dict[str, int] = {}
        while ("dropped_in_foreign_icmp_error" not in counters
               and time.monotonic() < deadline):
            time.sleep(0.2)
            counters = json.loads(self.status.read_text())["counters"]
        self.assertEqual(counters.get("dropped_in_foreign_icmp_error"), 1)
        self.assertEqual(counters.get("dropped_in_ip_options"), 1)
        self.assertNotIn("mtu 600", way("192.0.2.1"))


if __name__ == "__main__":
    main()
