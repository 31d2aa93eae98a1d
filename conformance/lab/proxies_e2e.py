# SPDX-License-Identifier: Apache-2.0
"""The client through real nginx and HAProxy to the stand-in, end to end."""

import hashlib
import os
import time
from collections.abc import Callable
from typing import ClassVar

from conformance.lab import namespaces, proxies, services
from conformance.lab.e2e_case import LabCase, main
from conformance.lab.lab import (FIRST_OVERLAY, HOST, OVOC, PASSWORD, USER,
                                 Lab, agent_command)
from conformance.lab.namespaces import CLOUD, CLOUD_ADDRESS, DEVICE
from conformance.lab.programs import Program

_DONE, _LOGIN, _NO_FREE_ADDRESS, _PROTOCOL = 0, 7, 8, 9
_RECONNECT_SECONDS = 20
_FILE_BYTES = 1_000_000


class BehindAProxy:
    """What holds behind either proxy; each has a class of its own below."""

    start_proxy: ClassVar[Callable[[Lab], Program]]
    server_down_status: ClassVar[str]

    def setUp(self) -> None:
        super().setUp()
        services.name_server(self.lab)

    def tunnel_through(self, **changes: object) -> tuple[Program, Program]:
        """Starts stand-in, proxy and client; waits for the tunnel."""
        server = proxies.stand_in(self.lab)
        type(self).start_proxy(self.lab)
        client = self.lab.client(self.lab.settings(**changes))
        client.wait_for("tunnel_up")
        return server, client

    def test_the_tunnel_carries_ping_snmp_and_a_download(self) -> None:
        """Management traffic both ways, through TLS and the proxy."""
        server, client = self.tunnel_through()
        self.assert_tunnel_carries()
        services.snmp_agent(self.lab, "behind-a-proxy")
        self.assertEqual(services.snmp_get(self.lab, FIRST_OVERLAY),
                         "behind-a-proxy")
        folder = self.lab.folder / "web"
        folder.mkdir(exist_ok=True)
        content = os.urandom(_FILE_BYTES)
        (folder / "firmware").write_bytes(content)
        services.web_server(self.lab, folder)
        download = self.lab.agent("download", DEVICE, OVOC, "/firmware")
        got = download.wait_for("downloaded", 30)
        self.assertEqual(got["sha256"], hashlib.sha256(content).hexdigest())
        self.figure(f"{_FILE_BYTES} bytes in {got['seconds']} s")
        self.assertEqual(client.events("tunnel_down"), [])
        client.stop()
        server.wait_for("peer_down")

    def test_a_wrong_password_is_the_proxys_401(self) -> None:
        """Exit code 7; OVOC hears nothing of it."""
        server = proxies.stand_in(self.lab)
        type(self).start_proxy(self.lab)
        client = self.check(WSTunPassword="Joshua-5")
        self.assert_exit(client, _LOGIN)
        self.assertIn("HTTP 401", client.tail())
        self.assertEqual(server.events("peer_up"), [])

    def test_a_wrong_path_is_the_proxys_404(self) -> None:
        """Exit code 9."""
        proxies.stand_in(self.lab)
        type(self).start_proxy(self.lab)
        client = self.check(WSTunServerPath="nosuch")
        self.assert_exit(client, _PROTOCOL)
        self.assertIn("HTTP 404", client.tail())

    def test_without_ovoc_the_proxy_says_so(self) -> None:
        """502 of nginx, 503 of HAProxy; exit code 9."""
        type(self).start_proxy(self.lab)
        client = self.check()
        self.assert_exit(client, _PROTOCOL)
        self.assertIn(self.server_down_status, client.tail())

    def test_an_exhausted_pool_is_409_through_the_proxy(self) -> None:
        """Exit code 8, whatever the proxy makes of an `HTTP/1.0 409`."""
        proxies.stand_in(self.lab, "--overlay=169.254.0.1/30")
        type(self).start_proxy(self.lab)
        self.lab.agent("address_taker", CLOUD, proxies.BEHIND, 80, USER,
                       PASSWORD, 4).wait_for_text("full")
        client = self.check()
        self.assert_exit(client, _NO_FREE_ADDRESS)
        self.assertIn("HTTP 409", client.tail())

    def test_a_restarted_server_is_found_again(self) -> None:
        """The proxy stays; it refuses meanwhile, then passes again."""
        server, client = self.tunnel_through(WSTunReconnectSpread=1)
        self.assert_tunnel_carries()
        server.kill()
        client.wait_for("tunnel_down", 5)
        client.wait_for("retry", 5)
        proxies.stand_in(self.lab)
        client.wait_for("tunnel_up", _RECONNECT_SECONDS)
        self.assert_tunnel_carries()

    def raw_head(self) -> str:
        """The proxy's answer to an upgrade, byte for byte."""
        return namespaces.run(DEVICE, agent_command(
            "raw_answer", CLOUD_ADDRESS, 443, HOST, USER, PASSWORD))


class NginxTest(BehindAProxy, LabCase):
    """nginx: auth_basic, TLS, proxy_pass with an upgrade."""

    start_proxy = staticmethod(proxies.nginx)
    server_down_status = "HTTP 502"

    def test_the_answer_is_nginxs_own(self) -> None:
        """What the client took came from nginx, not from the stand-in."""
        proxies.stand_in(self.lab)
        proxies.nginx(self.lab)
        head = self.raw_head()
        self.assertIn("HTTP/1.1 101 ", head)
        self.assertIn("\nServer: nginx", head)

    def test_pings_keep_a_silent_tunnel_from_being_cut(self) -> None:
        """nginx cuts after 3 silent seconds; the client asks each second."""
        path = self.lab.status_file()
        proxies.stand_in(self.lab)
        proxies.nginx(self.lab, read_timeout=3)
        client = self.lab.client(self.lab.settings(WSTunKeepAlive=1),
                                 f"--status_file={path}")
        client.wait_for("tunnel_up")
        start = time.monotonic()
        self.wait_for_pongs(path, 9)
        self.figure(f"alive after {time.monotonic() - start:.1f} s of"
                    " silence, cut after 3 s without pings")
        self.assertEqual(client.events("tunnel_down"), [])
        self.assert_tunnel_carries()

    def test_without_pings_in_time_nginx_does_cut(self) -> None:
        """The counter-proof: the same time-out, pings too seldom."""
        proxies.stand_in(self.lab)
        proxies.nginx(self.lab, read_timeout=3)
        client = self.lab.client(self.lab.settings(WSTunKeepAlive=17))
        client.wait_for("tunnel_up")
        down = client.wait_for("tunnel_down", 15)
        self.assertEqual(down["reason"], "peer_closed")

    def test_a_restarted_nginx_is_found_again(self) -> None:
        """Every connection is gone at once."""
        proxies.stand_in(self.lab)
        nginx = proxies.nginx(self.lab)
        client = self.lab.client(self.lab.settings(WSTunReconnectSpread=1))
        client.wait_for("tunnel_up")
        nginx.kill()
        client.wait_for("tunnel_down", 5)
        proxies.nginx(self.lab)
        client.wait_for("tunnel_up", _RECONNECT_SECONDS)
        self.assert_tunnel_carries()


class HaproxyTest(BehindAProxy, LabCase):
    """HAProxy: TLS ends there, http mode."""

    start_proxy = staticmethod(proxies.haproxy)
    server_down_status = "HTTP 503"

    def test_header_names_arrive_in_lower_case(self) -> None:
        """And the client takes them: RFC 9110 5.1."""
        proxies.stand_in(self.lab)
        proxies.haproxy(self.lab)
        head = self.raw_head()
        self.assertIn("HTTP/1.1 101 ", head)
        for name in ("upgrade", "connection", "sec-websocket-accept",
                     "sec-websocket-protocol", "x-audc-overlayip",
                     "x-audc-overlayprefix"):
            self.assertIn(f"\n{name}: ", head)
        self.assert_exit(self.check(), _DONE)


if __name__ == "__main__":
    main()
