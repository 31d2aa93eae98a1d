# SPDX-License-Identifier: Apache-2.0
"""Another program at the tunnel's interface, with the real ip(8)."""

import json
import re
import signal
import sys
import time
from pathlib import Path

from conformance.lab import namespaces, services
from conformance.lab.e2e_case import LabCase, main
from conformance.lab.lab import INTERFACE, OVOC
from conformance.lab.namespaces import DEVICE, ROUTER, UPLINK
from conformance.lab.programs import Program

_GUARD = (Path(__file__).resolve().parents[2] / "tunnel" / "guard"
          / "ovoc-tunnel.nft")
_SECONDS = 8  # "within seconds"

# What leaves the device for OVOC in clear, as its router sees it.
_COUNTER = f"""
table ip seen {{
  chain prerouting {{
    type filter hook prerouting priority -300;
    iifname "inside" ip daddr {OVOC} counter
  }}
}}
"""

# Some datagrams to OVOC, such as Syslog's and SNMP's. The kernel may refuse.
_SENDER = f"""
import socket
for _ in range(5):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
        try:
            sender.sendto(b"secret", ("{OVOC}", 514))
        except OSError as error:
            print(error)
"""


def has_carrier() -> bool:
    """Whether the device shows a line behind it."""
    shown = namespaces.run(DEVICE, ["ip", "-oneline", "link", "show",
                                    INTERFACE])
    return "NO-CARRIER" not in shown


class InterfaceTest(LabCase):
    """A client with its tunnel, and somebody who meddles."""

    LIMIT_SECONDS = 90

    def meddle(self, *command: str) -> None:
        """Runs ip(8) on the device."""
        namespaces.run(DEVICE, ["ip", *command])

    def rename(self, old: str, new: str) -> None:
        """At once: before Linux 6.2 the device has to be down meanwhile."""
        namespaces.run(DEVICE, ["ip", "-batch", "-"], text=(
            f"link set {old} down\nlink set {old} name {new}\n"
            f"link set {new} up\n"))

    def wait_for(self, what: str, condition) -> None:
        """Waits until it is so."""
        deadline = time.monotonic() + _SECONDS
        while not condition():
            self.assertLess(time.monotonic(), deadline, what)
            time.sleep(0.1)

    def test_what_another_program_does_is_mended(self) -> None:
        """Each change is noticed, named, and undone."""
        _, client = self.tunnel()
        changes = [
            (["addr", "flush", "dev", INTERFACE], "lost its address"),
            (["link", "set", INTERFACE, "down"], "is down"),
            (["route", "del", "169.254.0.1", "dev", INTERFACE],
             "lost its route"),
            (["link", "set", INTERFACE, "mtu", "600"], "MTU 600"),
            (["addr", "add", "10.9.9.9/24", "dev", INTERFACE], "10.9.9.9"),
        ]
        for number, (command, words) in enumerate(changes, 1):
            with self.subTest(words):
                start = time.monotonic()
                self.meddle(*command)
                self.wait_for(
                    words,
                    lambda: len(client.events("interface_changed")) >= number)
                changed = client.events("interface_changed")[-1]
                self.figure(f"{words}: {time.monotonic() - start:.1f} s")
                self.assertIn(words, changed.text)
                self.assertEqual(changed["mended"], "yes")
                self.assert_tunnel_carries()
                self.assertEqual(namespaces.overlay_addresses(INTERFACE),
                                 ["169.254.0.2/32"])
                self.assert_no_ipv6()
        self.assertEqual(client.events("tunnel_down"), [])

    def test_a_route_that_another_interface_has_taken_is_taken_back(
            self) -> None:
        """`ip route replace`, of which the kernel tells one half."""
        _, client = self.tunnel()
        self.meddle("route", "replace", OVOC, "dev", UPLINK)
        self.addCleanup(namespaces.run, DEVICE,
                        ["ip", "route", "del", OVOC, "dev", UPLINK])
        changed = client.wait_for("interface_changed", _SECONDS)
        self.assertIn(f"lost its route to {OVOC}", changed["detail"])
        self.assertEqual(changed["mended"], "yes")
        self.assert_tunnel_carries()

    def assert_no_ipv6(self) -> None:
        """The kernel begins anew with IPv6 where an MTU was below 1280."""
        shown = namespaces.run(DEVICE, ["ip", "-6", "-oneline", "addr", "show",
                                        "dev", INTERFACE])
        self.assertEqual(shown, "")
        if namespaces.has_ipv6():
            path = f"/proc/sys/net/ipv6/conf/{INTERFACE}/disable_ipv6"
            self.assertEqual(namespaces.run(DEVICE, ["cat", path]), "1\n")

    def test_a_renamed_interface_is_shown_until_it_has_its_name_again(
            self) -> None:
        """Another device that has taken the name is left alone."""
        path = self.lab.status_file()
        _, client = self.tunnel(client_options=[f"--status_file={path}"])

        def shown() -> dict[str, str]:
            return json.loads(path.read_text())

        self.rename(INTERFACE, "ovoc9")
        self.addCleanup(namespaces.run, DEVICE,
                        ["sh", "-c", "ip link delete other 2>&1 || true"])
        self.meddle("link", "add", INTERFACE, "type", "veth", "peer", "name",
                    "other")
        self.wait_for("shown", lambda: shown()["state"] == "waiting")
        self.assertEqual(shown()["reason"], "interface")
        self.assertIn(f"{INTERFACE} was renamed to ovoc9", shown()["detail"])
        time.sleep(1)
        self.assertEqual(namespaces.overlay_addresses(INTERFACE), [])
        self.assertNotIn(",UP", namespaces.run(
            DEVICE, ["ip", "-oneline", "link", "show", INTERFACE]))
        self.meddle("link", "delete", INTERFACE)
        self.rename("ovoc9", INTERFACE)
        self.wait_for("up again", lambda: shown()["state"] == "up")
        self.assert_tunnel_carries()
        self.assertIsNone(client.exit_code())

    def test_an_interface_in_another_namespace_is_shown_until_it_is_back(
            self) -> None:
        """It is set up again then: the move has taken all it had."""
        path = self.lab.status_file()
        _, client = self.tunnel(client_options=[f"--status_file={path}"])

        def shown() -> dict[str, str]:
            return json.loads(path.read_text())

        self.meddle("link", "set", INTERFACE, "netns", ROUTER)
        self.wait_for("shown", lambda: shown()["state"] == "waiting")
        self.assertEqual(shown()["reason"], "interface")
        self.assertIn(f"{INTERFACE} is in another network namespace",
                      shown()["detail"])
        client.wait_for("interface_changed", mended="no")
        namespaces.run(ROUTER, ["ip", "link", "set", INTERFACE, "netns",
                                DEVICE])
        self.wait_for("up again", lambda: shown()["state"] == "up")
        self.assert_tunnel_carries()
        self.assertIsNone(client.exit_code())

    def test_a_deleted_interface_is_told_and_ends_the_client(self) -> None:
        """One line says who did it and what follows."""
        path = self.lab.status_file()
        _, client = self.tunnel(client_options=[f"--status_file={path}"])
        self.meddle("link", "delete", INTERFACE)
        self.assertEqual(client.wait(_SECONDS), 10)
        self.assertEqual([event["interface"] for event
                          in client.events("interface_deleted")], [INTERFACE])
        self.assertEqual(client.events("carrier_failed"), [])
        ended = json.loads(path.read_text())
        self.assertEqual((ended["state"], ended["reason"]),
                         ("stopped", "interface"))
        self.assertIn("somebody deleted it", ended["detail"])

    def leaked(self) -> int:
        """How many packets for OVOC have left by the uplink so far."""
        chain = namespaces.run(ROUTER, ["nft", "list", "table", "ip", "seen"])
        found = re.search(r"packets (\d+)", chain)
        assert found is not None
        return int(found[1])

    def send_to_ovoc(self) -> None:
        """Sends datagrams from the device, whatever becomes of them."""
        namespaces.run(DEVICE, [sys.executable, "-c", _SENDER])

    def assert_nothing_leaks(self, when: str) -> None:
        """What is sent to OVOC does not leave by the uplink."""
        before = self.leaked()
        self.send_to_ovoc()
        time.sleep(0.2)
        self.assertEqual(self.leaked(), before, when)

    def waiting_client(self) -> Program:
        """A client whose OVOC does not answer."""
        services.name_server(self.lab)
        client = self.lab.client(self.lab.settings())
        client.wait_for("worker")
        return client

    def test_nothing_for_ovoc_leaves_elsewhere_while_there_is_no_tunnel(
            self) -> None:
        """Before the first login, after the tunnel, after a worker."""
        namespaces.run(ROUTER, ["nft", "-f", "-"], text=_COUNTER)
        self.addCleanup(namespaces.run, ROUTER,
                        ["nft", "delete", "table", "ip", "seen"])
        self.send_to_ovoc()
        self.assertGreater(self.leaked(), 0, "the counter counts")
        client = self.waiting_client()
        self.assert_nothing_leaks("before the login")
        client.wait_for("retry")
        self.assert_nothing_leaks("while it waits")
        self.meddle("link", "set", INTERFACE, "down")
        client.wait_for("interface_changed", mended="yes")
        self.assert_nothing_leaks("after somebody turned the device off")
        server = self.lab.server(self.lab.authority.good())
        client.wait_for("tunnel_up", 40)
        self.assert_nothing_leaks("with the tunnel")
        self.assert_tunnel_carries()
        server.kill()
        client.wait_for("tunnel_down", 10)
        self.assert_nothing_leaks("after the tunnel")
        client.send(signal.SIGKILL)
        client.wait(5)
        self.wait_for("gone", lambda: OVOC not in namespaces.run(
            DEVICE, ["ip", "route", "show", "table", "all"]))

    def test_a_machine_that_passes_over_such_routes_is_told_so(self) -> None:
        """The one setting that the client cannot make for its device alone."""
        name = "net.ipv4.conf.all.ignore_routes_with_linkdown"
        path = "/proc/sys/" + name.replace(".", "/")
        namespaces.run(DEVICE, ["tee", path], text="1\n")
        self.addCleanup(namespaces.run, DEVICE, ["tee", path], text="0\n")
        client = self.waiting_client()
        warning = client.wait_for("insecure", setting=name)
        self.assertEqual((warning.level, warning["value"]), ("warning", "1"))

    def test_the_guard_holds_for_a_client_that_is_stopped(self) -> None:
        """Its nftables file drops what would leave by another interface."""
        namespaces.run(ROUTER, ["nft", "-f", "-"], text=_COUNTER)
        self.addCleanup(namespaces.run, ROUTER,
                        ["nft", "delete", "table", "ip", "seen"])
        namespaces.run(DEVICE, ["nft", "-f", str(_GUARD)])
        self.addCleanup(namespaces.run, DEVICE,
                        ["nft", "delete", "table", "inet", "ovoc_tunnel"])
        self.assert_nothing_leaks("without a client")
        self.tunnel()
        self.assert_tunnel_carries()
        self.assert_nothing_leaks("with a tunnel")

    def test_a_fight_is_shown_and_does_not_spin(self) -> None:
        """Whoever takes the interface down again and again."""
        path = self.lab.status_file()
        _, client = self.tunnel(client_options=[f"--status_file={path}"])
        states = set()
        end = time.monotonic() + 10
        while time.monotonic() < end:
            self.meddle("link", "set", INTERFACE, "down")
            time.sleep(0.2)
            states.add(json.loads(path.read_text())["state"])
        self.assertIn("waiting", states)
        self.assertLess(len(client.events("interface_changed")), 12)

    def test_the_carrier_is_on_while_the_tunnel_is_up(self) -> None:
        """Off when the server is gone, on when it is back."""
        server, client = self.tunnel()
        self.wait_for("on", has_carrier)
        server.kill()
        client.wait_for("tunnel_down", 10)
        self.wait_for("off", lambda: not has_carrier())
        self.assertEqual(namespaces.overlay_addresses(INTERFACE),
                         ["169.254.0.2/32"])
        self.lab.server(self.lab.authority.good())
        client.wait_for("tunnel_up", 40)
        self.wait_for("on", has_carrier)
        self.assert_tunnel_carries()


if __name__ == "__main__":
    main()
