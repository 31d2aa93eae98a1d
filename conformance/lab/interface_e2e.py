# SPDX-License-Identifier: Apache-2.0
"""Another program at the tunnel's interface, with the real ip(8)."""

import json
import time

from conformance.lab import namespaces
from conformance.lab.e2e_case import LabCase, main
from conformance.lab.lab import INTERFACE
from conformance.lab.namespaces import DEVICE

_SECONDS = 8  # "within seconds"


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
        self.assertEqual(client.events("tunnel_down"), [])

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
