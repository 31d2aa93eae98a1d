# SPDX-License-Identifier: Apache-2.0
"""One client and two OVOCs, each with a name, an address and a certificate.

The first is nginx in front of a stand-in, the second a stand-in with TLS.
"""

import json
import os
import signal

from conformance.lab import namespaces, proxies, services
from conformance.lab.e2e_case import LabCase, main
from conformance.lab.lab import HOST
from conformance.lab.namespaces import (CLOUD_ADDRESS, CLOUD_ADDRESS_6,
                                        SECOND_CLOUD_ADDRESS)
from conformance.lab.programs import Program

SECOND = "ovoc2.example.net"
BOTH = f"{HOST}, {SECOND}"
_DONE, _CONNECTION = 0, 5
_SOON = 20  # seconds


class ServersTest(LabCase):
    """Which of two servers the client uses."""

    def setUp(self) -> None:
        super().setUp()
        self.names = services.name_server(
            self.lab, others={SECOND: SECOND_CLOUD_ADDRESS})
        self.settings = self.lab.settings()
        self.status_path = self.lab.status_file()

    def first(self) -> Program:
        """Starts nginx, once its stand-in is there."""
        proxies.stand_in(self.lab, tun="")
        return proxies.nginx(self.lab)

    def second(self) -> Program:
        """Starts the second OVOC; its certificate has its own name only."""
        return self.lab.server(self.lab.authority.named(SECOND),
                               listen=SECOND_CLOUD_ADDRESS)

    def lose(self, client: Program) -> None:
        """The second OVOC stays, but its tunnel is reset."""
        namespaces.reset_connections(SECOND_CLOUD_ADDRESS, 443)
        client.wait_for("tunnel_down", _SOON)

    def start(self, **changes: object) -> Program:
        """Starts a client with a status file."""
        self.lab.write_settings(self.settings, **{
            "WSTunServer": BOTH, "WSTunReconnectSpread": 1, **changes})
        return self.lab.client(self.settings,
                               f"--status_file={self.status_path}")

    def assert_up(self, client: Program, host: str) -> None:
        """The next tunnel is to this server, and the status says so."""
        up = client.wait_for("tunnel_up", _SOON)
        self.assertEqual(up["server"], host)
        status = json.loads(self.status_path.read_text())
        self.assertEqual(status["server"], host)
        self.assertEqual(status["servers"], [HOST, SECOND])

    def test_the_second_helps_at_once_while_the_first_is_down(self) -> None:
        """Nobody listens at the first: no wait, and traffic passes."""
        self.second()
        client = self.start()
        self.assert_up(client, SECOND)
        self.assertEqual(client.events("retry"), [])
        self.assertEqual([line["server"] for line in
                          client.events("next_server")], [SECOND])
        self.assert_tunnel_carries()

    def test_a_gateway_without_its_ovoc_is_passed_over_too(self) -> None:
        """nginx answers 502, as it does while OVOC restarts behind it."""
        proxies.nginx(self.lab)
        self.second()
        client = self.start()
        self.assert_up(client, SECOND)
        failed = client.events("attempt_failed")
        self.assertEqual([line["reason"] for line in failed], ["http_status"])
        self.assertIn("502", failed[0]["detail"])

    def test_without_revert_the_client_stays_with_the_second(self) -> None:
        """Also after a loss, though the first is back."""
        self.second()
        client = self.start()
        self.assert_up(client, SECOND)
        self.first()
        self.lose(client)
        self.assert_up(client, SECOND)

    def test_another_worker_stays_with_the_second_too(self) -> None:
        """The death of the sandboxed process is no fault of the server's."""
        self.second()
        client = self.start()
        self.assert_up(client, SECOND)
        self.first()
        os.kill(int(client.events("worker")[-1]["pid"]), signal.SIGKILL)
        client.wait_for("worker_died", _SOON)
        self.assert_up(client, SECOND)
        self.assert_tunnel_carries()

    def test_with_revert_a_loss_leads_back_to_the_first(self) -> None:
        """But only a loss does: the first that is back changes nothing."""
        self.second()
        client = self.start(WSTunServerRevert=1)
        self.assert_up(client, SECOND)
        self.first()
        self.assert_tunnel_carries()
        self.assertEqual(client.events("tunnel_down"), [])
        self.lose(client)
        self.assert_up(client, HOST)

    def test_a_lost_first_is_replaced_and_comes_back(self) -> None:
        """nginx dies, its port refuses, and the second takes over."""
        nginx = self.first()
        second = self.second()
        client = self.start()
        self.assert_up(client, HOST)
        nginx.kill()
        self.assert_up(client, SECOND)
        second.kill()
        proxies.nginx(self.lab)
        self.assert_up(client, HOST)

    def test_a_first_that_hangs_is_replaced(self) -> None:
        """It is stopped, and its kernel goes on to acknowledge."""
        nginx = self.first()
        self.second()
        client = self.start(WSTunKeepAlive=1, WSTunDeadAfter=5)
        self.assert_up(client, HOST)
        nginx.send(signal.SIGSTOP)
        self.addCleanup(nginx.send, signal.SIGCONT)
        down = client.wait_for("tunnel_down", _SOON)
        self.assertEqual(down["reason"], "dead_peer")
        self.assert_up(client, SECOND)
        self.assert_tunnel_carries()

    def test_all_addresses_of_the_first_are_tried(self) -> None:
        """IPv6 is refused, IPv4 is a gateway without its OVOC; no wait."""
        if not namespaces.has_ipv6():
            self.skipTest("THIS KERNEL HAS NO IPV6")
        self.names.stop()
        services.name_server(self.lab, CLOUD_ADDRESS, CLOUD_ADDRESS_6,
                             others={SECOND: SECOND_CLOUD_ADDRESS})
        proxies.nginx(self.lab)
        self.second()
        client = self.start()
        self.assert_up(client, SECOND)
        self.assertEqual([line["address"] for line in
                          client.events("connecting")],
                         [f"[{CLOUD_ADDRESS_6}]:443", f"{CLOUD_ADDRESS}:443",
                          f"{SECOND_CLOUD_ADDRESS}:443"])
        self.assertEqual(client.events("retry"), [])

    def test_a_name_without_an_address_is_passed_over(self) -> None:
        """NXDOMAIN of the first, and no wait."""
        self.second()
        client = self.start(WSTunServer=f"nosuch.example.net,{SECOND}")
        up = client.wait_for("tunnel_up", _SOON)
        self.assertEqual(up["server"], SECOND)
        failed = client.events("attempt_failed")
        self.assertEqual([line["reason"] for line in failed], ["resolution"])
        self.assertEqual(client.events("retry"), [])

    def test_each_certificate_needs_the_name_of_its_server(self) -> None:
        """The second shows the first's certificate and gets no login."""
        server = self.lab.server(self.lab.authority.named(HOST),
                                 listen=SECOND_CLOUD_ADDRESS, tun="")
        client = self.start()
        failed = client.wait_for("retry", _SOON)
        self.assertEqual(failed["reason"], "certificate")
        self.assertEqual(server.events("peer_up"), [])

    def test_after_sighup_another_list_is_used(self) -> None:
        """The first of the new list, by a new worker."""
        self.first()
        self.second()
        client = self.start()
        self.assert_up(client, HOST)
        self.lab.write_settings(self.settings,
                                WSTunServer=f"{SECOND},{HOST}",
                                WSTunReconnectSpread=1)
        client.send(signal.SIGHUP)
        reload = client.wait_for("reload", _SOON)
        self.assertEqual(reload["changed"], "WSTunServer")
        self.assertEqual(reload["tunnel"], "new")
        up = client.wait_for("tunnel_up", _SOON)
        self.assertEqual(up["server"], SECOND)
        self.lab.write_settings(self.settings, WSTunServer=f"{HOST},,{SECOND}",
                                WSTunReconnectSpread=1)
        client.send(signal.SIGHUP)
        refused = client.wait_for("reload", _SOON)
        self.assertEqual(refused["result"], "refused")
        self.assertIn("a comma without a host on each side",
                      refused["detail"])
        self.assert_tunnel_carries()

    def test_check_tries_both_and_says_which_is_used(self) -> None:
        """Exit code 0 if one works; else that of the first."""
        second = self.second()
        client = self.check(WSTunServer=BOTH)
        self.assert_exit(client, _DONE)
        self.assertEqual(self.reported(client, "server"),
                         [f"{HOST} (1 of 2)", f"{SECOND} (2 of 2)"])
        self.assertEqual(len(self.reported(client, "failed")), 1)
        self.assertEqual(len(self.reported(client, "logged in")), 1)
        self.assertEqual(self.reported(client, "in use"),
                         [f"{SECOND}, the first server that works"])
        second.stop()
        client = self.check(WSTunServer=BOTH)
        self.assert_exit(client, _CONNECTION)
        self.assertEqual(len(self.reported(client, "failed")), 2)


if __name__ == "__main__":
    main()
