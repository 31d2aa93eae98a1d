# SPDX-License-Identifier: Apache-2.0
"""The router forgets the connection: silent loss of the path, end to end.

The old connection is dropped both ways without a word, new ones pass. The
tunnel must be mended within 40 s when idle, 25 s with traffic, also with a
server that never answers pings.
"""

import re
import time
from collections.abc import Callable
from pathlib import Path

from conformance.lab import namespaces
from conformance.lab.e2e_case import LabCase, main
from conformance.lab.lab import OVOC
from conformance.lab.namespaces import DEVICE, ROUTER

_GUARD = Path(__file__).resolve().parents[2] / "tunnel" / "guard"

IDLE_SECONDS = 40.0
TRAFFIC_SECONDS = 25.0
_GRACE_SECONDS = 30.0  # waited beyond the limit, to learn the figure
_NARROW_BYTES = 1300   # of a path that drops what is larger
_STUCK_SECONDS = 10    # how long it is shown that nothing comes through
_PROBED_SECONDS = 15   # TCP probes after some time-outs
_SILENT_PORT = 9       # the device sends there; OVOC never answers


class PathTest(LabCase):
    """The path is lost once; how long until a ping passes again."""

    LIMIT_SECONDS = 110

    def test_idle_is_mended(self) -> None:
        """Nothing is sent but the client's own keep-alive."""
        self.mend(IDLE_SECONDS)

    def test_idle_is_mended_when_the_server_answers_no_pings(self) -> None:
        """Old servers never send a pong."""
        self.mend(IDLE_SECONDS, "--pongs=0")

    def test_with_traffic_it_is_mended(self) -> None:
        """The device pings OVOC twice a second."""
        self.mend(TRAFFIC_SECONDS, traffic=self.both_ways)

    def test_with_traffic_and_no_pongs_it_is_mended(self) -> None:
        """The same with a server that never sends a pong."""
        self.mend(TRAFFIC_SECONDS, "--pongs=0", traffic=self.both_ways)

    def test_while_the_device_keeps_sending_it_is_mended(self) -> None:
        """Traffic one way: AudioCodes' own client never notices then."""
        self.mend(TRAFFIC_SECONDS, traffic=self.one_way)

    def test_while_the_device_sends_and_no_pongs_it_is_mended(self) -> None:
        """Traffic one way and a server that never sends a pong."""
        self.mend(TRAFFIC_SECONDS, "--pongs=0", traffic=self.one_way)

    def test_while_the_device_only_receives_it_is_mended(self) -> None:
        """Traffic down only: nothing that is sent could go unacknowledged."""
        self.mend(TRAFFIC_SECONDS, traffic=self.downward)

    def test_a_path_that_drops_large_packets(self) -> None:
        """On the way up, without a word: TCP needs the guard's sysctl."""
        namespaces.run(ROUTER, ["nft", "-f", "-"], text=f"""
            table ip narrow {{
              chain forward {{
                type filter hook forward priority 0;
                iifname "inside" meta length > {_NARROW_BYTES} drop
              }}
            }}""")
        self.addCleanup(namespaces.run, ROUTER,
                        ["nft", "delete", "table", "ip", "narrow"])
        guard = (_GUARD / "60-ovoc-tunnel.conf").read_text()
        value = re.search(r"^net\.ipv4\.tcp_mtu_probing = (\d)$", guard,
                          re.MULTILINE)
        assert value is not None
        _, client = self.tunnel()
        self.assertEqual(self.large_ping(_STUCK_SECONDS), "")
        client.stop()
        namespaces.probe_path_mtu(int(value[1]))
        self.addCleanup(namespaces.probe_path_mtu, 0)
        client = self.lab.client(self.lab.settings())
        client.wait_for("tunnel_up")
        self.assertNotEqual(self.large_ping(_PROBED_SECONDS), "")

    def large_ping(self, seconds: int) -> str:
        """One ping of a full packet; its line if it came back in time."""
        try:
            return namespaces.run(DEVICE, ["ping", "-n", "-c", "1", "-s",
                                           "1372", "-W", str(seconds), OVOC])
        except RuntimeError:
            return ""

    def mend(self, limit: float, *server_options: str,
             traffic: Callable[[], None] | None = None) -> None:
        """Loses the path and measures until the tunnel carries again."""
        _, client = self.tunnel(*server_options)
        self.assert_tunnel_carries()
        if traffic is not None:
            traffic()
        time.sleep(3)
        client.skip()
        lost = namespaces.forget_connections()
        self.assertEqual(len(lost), 1, "the tunnel is one TCP connection")
        start = time.monotonic()
        client.wait_for("tunnel_up", limit + _GRACE_SECONDS)
        seconds = time.monotonic() - start
        self.figure(f"mended after {seconds:.1f} s, limit {limit:.0f} s")
        self.assertLessEqual(seconds, limit)
        self.assert_tunnel_carries()
        (down,) = client.events("tunnel_down")
        self.figure(f"reason={down['reason']} {down['detail']}")

    def both_ways(self) -> None:
        """Starts a ping that runs on."""
        self.lab.start("ping", DEVICE, ["ping", "-n", "-i", "0.5", OVOC])

    def one_way(self) -> None:
        """Starts datagrams that nobody answers, not even by ICMP."""
        namespaces.run(namespaces.CLOUD, ["nft", "-f", "-"], text=f"""
            table ip quiet {{
              chain input {{
                type filter hook input priority 0;
                udp dport {_SILENT_PORT} drop
              }}
            }}""")
        self.addCleanup(namespaces.run, namespaces.CLOUD,
                        ["nft", "delete", "table", "ip", "quiet"])
        self.lab.agent("unanswered_sender", DEVICE, OVOC, _SILENT_PORT, 0.5)

    def downward(self) -> None:
        """Starts datagrams of OVOC that the device takes without a word."""
        namespaces.run(DEVICE, ["nft", "-f", "-"], text=f"""
            table ip quiet {{
              chain input {{
                type filter hook input priority 0;
                udp dport {_SILENT_PORT} drop
              }}
            }}""")
        self.addCleanup(namespaces.run, DEVICE,
                        ["nft", "delete", "table", "ip", "quiet"])
        self.lab.agent("unanswered_sender", namespaces.CLOUD, "169.254.0.2",
                       _SILENT_PORT, 0.5)


if __name__ == "__main__":
    main()
