# SPDX-License-Identifier: Apache-2.0
"""Which address is tried next, and when, end to end."""

from conformance.lab import namespaces, services
from conformance.lab.e2e_case import LabCase, main
from conformance.lab.namespaces import CLOUD, CLOUD_ADDRESS, CLOUD_ADDRESS_6
from conformance.lab.programs import Program

_LOGIN_SECONDS = 10  # what the client waits for a handshake or an answer
_USELESS = f"[{CLOUD_ADDRESS_6}]:443"
_GOOD = f"{CLOUD_ADDRESS}:443"


class ReconnectTest(LabCase):
    """A name with an IPv6 address, tried first, and an IPv4 one."""

    LIMIT_SECONDS = 90

    def useless(self, address: str, how: str, *head: str) -> Program:
        """Starts a server that lets nobody in."""
        pair = self.lab.authority.good()
        peer = self.lab.agent("useless_ovoc", CLOUD, address, 443, how,
                              pair.certificate, pair.key, *head)
        peer.wait_for("listening")
        return peer

    def begun_at(self, client: Program) -> list[str]:
        """The address that each attempt has begun with."""
        first = []
        for event, after in zip(client.events(), client.events()[1:]):
            if event.name == "resolved" and after.name == "connecting":
                first.append(after["address"])
        return first

    def test_the_next_attempt_starts_with_the_other_address(self) -> None:
        """Whatever the first one does after it has accepted."""
        if not namespaces.has_ipv6():
            self.skipTest("THIS KERNEL HAS NO IPV6")
        services.name_server(self.lab, CLOUD_ADDRESS, CLOUD_ADDRESS_6)
        server = self.lab.server(self.lab.authority.good())
        for how, head in (("close", ()), ("reset", ()), ("plain", ()),
                          ("silent", ()), ("mute", ()),
                          ("answer", ("HTTP/1.1 502 Bad Gateway",)),
                          ("answer", ("HTTP/1.0 404 Not Found",))):
            with self.subTest(how=how, head=head):
                peer = self.useless(CLOUD_ADDRESS_6, how, *head)
                client = self.lab.client(self.lab.settings(
                    WSTunInterface="ovoc1"))
                failed = client.wait_for("attempt_failed",
                                         _LOGIN_SECONDS + 5)
                client.wait_for("tunnel_up", 10)
                self.figure(f"{how}: {failed.text}")
                self.assertEqual(self.begun_at(client), [_USELESS, _GOOD])
                self.assertEqual(len(peer.events("asked")), 1)
                client.stop()
                peer.kill()
                server.wait_for("peer_down")

    def asked_again(self, peer: Program, client: Program,
                    told: str) -> tuple[float, float]:
        """The wait that the client drew, and the one that the server saw."""
        retry = client.wait_for("retry")
        self.assertEqual(retry["reason"], "http_status")
        self.assertEqual(retry["retry_after_s"], told)
        peer.wait_for("asked")
        peer.wait_for("asked", 20)
        times = [float(event["at"]) for event in peer.events("asked")]
        self.figure(f"told {told} s, came after {times[1] - times[0]:.2f} s")
        return int(retry["delay_ms"]) / 1000, times[1] - times[0]

    def test_a_server_that_says_when_to_come_back_is_believed(self) -> None:
        """Seconds, or a date; not before, and within the spread."""
        services.name_server(self.lab)
        for head, told in (
                ("HTTP/1.1 503 Service Unavailable|Retry-After: 3", 3),
                ("HTTP/1.1 429 Too Many Requests|Date: DATE+0|"
                 "Retry-After: DATE+4", 4),
                ("HTTP/1.1 503 Service Unavailable|Retry-After: 0", 1)):
            with self.subTest(head=head):
                peer = self.useless(CLOUD_ADDRESS, "answer", head)
                client = self.lab.client(self.lab.settings(
                    WSTunReconnectSpread=1))
                drawn, seen = self.asked_again(peer, client, str(told))
                self.assertGreaterEqual(drawn, told)
                self.assertLessEqual(drawn, told + 1)
                self.assertGreaterEqual(seen + 0.05, told)
                client.stop()
                peer.kill()

    def test_a_retry_after_that_makes_no_sense_is_ignored(self) -> None:
        """And said so, but for one with another status, which is not looked
        at."""
        services.name_server(self.lab)
        busy = "HTTP/1.1 503 Service Unavailable|Retry-After: "
        for head, said in ((busy + "-600", 1), (busy + "soon", 1),
                           (busy + "600, 600", 1),
                           (busy + "600|Retry-After: 600", 1),
                           ("HTTP/1.1 502 Bad Gateway|Retry-After: 600", 0)):
            with self.subTest(head=head):
                peer = self.useless(CLOUD_ADDRESS, "answer", head)
                client = self.lab.client(self.lab.settings())
                retry = client.wait_for("retry")
                self.assertEqual(retry["retry_after_s"], "")
                self.assertLessEqual(int(retry["delay_ms"]), 1000)
                self.assertEqual(len(client.events("retry_after_ignored")),
                                 said)
                client.stop()
                peer.kill()


if __name__ == "__main__":
    main()
