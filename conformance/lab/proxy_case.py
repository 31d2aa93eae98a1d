# SPDX-License-Identifier: Apache-2.0
"""What holds with each proxy (WSTunProxy), whatever program it is.

The proxies are at another address of the cloud than OVOC. dnsmasq tells which
names the device has asked for: the proxy's, and OVOC's never.
"""

import json
import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import ClassVar

from conformance.lab import enclosure, services
from conformance.lab.forward_proxies import LOGIN, PORT, PROXY, PROXY_PASSWORD
from conformance.lab.lab import HOST
from conformance.lab.namespaces import CLOUD_ADDRESS, SECOND_CLOUD_ADDRESS
from conformance.lab.programs import Program

DONE, SETTINGS, CONNECTION, CERTIFICATE, LOGIN_REFUSED = 0, 3, 5, 6, 7
RECONNECT_SECONDS = 20
_DEVICE_OUTSIDE = "198.51.100.1"  # as the router shows the device
_RESOLV_CONF = Path(os.path.realpath("/etc/resolv.conf"))


class ThroughAProxy:
    """What holds with each proxy; each has a class of its own below."""

    start_proxy: ClassVar[Callable[..., Program]]
    login: ClassVar[str] = LOGIN
    scheme: ClassVar[str] = "http"
    no_server_status: ClassVar[str]
    with_squid: ClassVar[bool] = True

    def setUp(self) -> None:
        super().setUp()
        if self.with_squid and enclosure.USER_MARK in os.environ:
            self.skipTest("SQUID DOES NOT RUN WITHOUT ROOT")
        self.addCleanup(_RESOLV_CONF.write_text, _RESOLV_CONF.read_text())
        _RESOLV_CONF.write_text(f"nameserver {CLOUD_ADDRESS}\n")
        self.names = services.name_server(
            self.lab, others={PROXY: SECOND_CLOUD_ADDRESS})

    def url(self, login: str | None = None) -> str:
        """What WSTunProxy is."""
        login = self.login if login is None else login
        at = "@" if login else ""
        return f"{self.scheme}://{login}{at}{PROXY}:{PORT}"

    def through(self, login: str | None = None, **changes: object
                ) -> dict[str, object]:
        """The settings for this proxy."""
        return {"WSTunProxy": self.url(login), "WSTunReconnectSpread": 1,
                **changes}

    def ovoc(self) -> Program:
        """OVOC, with TLS of its own."""
        return self.lab.server(self.lab.authority.good())

    def start(self, **changes: object) -> Program:
        """Starts a client that goes through the proxy."""
        return self.lab.client(self.lab.settings(**self.through(**changes)))

    def asked_by_the_device(self) -> list[str]:
        """The names that the device has asked for."""
        return [line.split()[-3] for line in self.names.lines()
                if "query[A]" in line and line.endswith(_DEVICE_OUTSIDE)]

    def assert_no_secret(self, *programs: Program) -> None:
        """The proxy's password is in no log, also not encoded."""
        for program in programs:
            for word in (PROXY_PASSWORD, "b%40ck", "backdoor", "Basic "):
                self.assertNotIn(word, program.tail())

    def assert_refused(self, client: Program, reason: str, *words: str,
                       code: int = CONNECTION) -> None:
        """The check failed at the proxy, and says so."""
        self.assert_exit(client, code)
        line = client.lines()[-1]
        self.assertTrue(line.startswith(f"client: check failed: {reason}: "
                                        f"proxy {PROXY}:{PORT}: "), line)
        self.assertIn("; what to do: ", line)
        for word in words:
            self.assertIn(word, line)
        self.assertEqual(self.reported(client, "secured"), [])

    def test_the_tunnel_carries(self) -> None:
        """The proxy finds OVOC, whose certificate is verified."""
        self.ovoc()
        type(self).start_proxy(self.lab)
        client = self.start()
        up = client.wait_for("tunnel_up")
        self.assertEqual(up["server"], HOST)
        (opened,) = client.events("proxy_open")
        self.assertEqual((opened["proxy"], opened["server"], opened["port"]),
                         (f"{PROXY}:{PORT}", HOST, "443"))
        self.assertEqual(len(client.events("verified")), 1)
        self.assert_tunnel_carries()
        self.assertEqual(set(self.asked_by_the_device()), {PROXY})
        self.assert_no_secret(client)

    def test_check_goes_the_same_way(self) -> None:
        """And says which way that is."""
        self.ovoc()
        type(self).start_proxy(self.lab)
        client = self.check(**self.through())
        self.assert_exit(client, DONE)
        (line,) = self.reported(client, "proxy")
        self.assertTrue(line.startswith(
            f"{PROXY}:{PORT} made a tunnel to {HOST} port 443"), line)
        self.assertEqual(len(self.reported(client, "verified")), 1)
        self.assert_no_secret(client)

    def test_the_certificate_is_ovocs_as_ever(self) -> None:
        """A proxy changes nothing about whom the client trusts."""
        self.lab.server(self.lab.authority.self_signed(), tun="")
        type(self).start_proxy(self.lab)
        self.assert_exit(self.check(**self.through()), CERTIFICATE)

    def test_a_wrong_login_is_refused(self) -> None:
        """Exit code 7; OVOC hears nothing."""
        server = self.ovoc()
        type(self).start_proxy(self.lab)
        client = self.check(**self.through("device:Joshua-5"))
        self.assert_refused(client, "proxy_login", "WSTunProxy", code=LOGIN_REFUSED)
        self.assertNotIn("Joshua", client.tail())
        self.assertEqual(server.events("peer_up"), [])

    def test_without_a_login_the_remedy_is_another(self) -> None:
        """It says how to write one."""
        type(self).start_proxy(self.lab)
        client = self.check(**self.through(""))
        self.assert_refused(client, "proxy_login", "HTTP 407",
                            "user:password@", "NTLM", code=LOGIN_REFUSED)

    def test_a_port_that_is_not_allowed_is_403(self) -> None:
        """The proxies make tunnels to port 443 only."""
        type(self).start_proxy(self.lab)
        client = self.check(**self.through(WSTunServerPort=8443))
        self.assert_refused(client, "proxy", "HTTP 403", f"{HOST} port 8443")

    def test_without_ovoc_the_proxy_says_so(self) -> None:
        """Nobody listens at OVOC's port."""
        type(self).start_proxy(self.lab)
        client = self.check(**self.through())
        self.assert_refused(client, "proxy", self.no_server_status,
                            "does not reach")

    def test_a_name_that_the_proxy_does_not_know(self) -> None:
        """It is the proxy that has to know it."""
        type(self).start_proxy(self.lab)
        client = self.check(**self.through(WSTunServer="no.example.net"))
        self.assert_refused(client, "proxy", "does not reach")
        self.assertEqual(set(self.asked_by_the_device()), {PROXY})

    def test_a_refusal_leads_to_no_fallback(self) -> None:
        """The proxy has spoken, though OVOC could be reached directly."""
        server = self.ovoc()
        type(self).start_proxy(self.lab)
        client = self.check(**self.through("device:Joshua-5",
                                           WSTunProxyFallback=1))
        self.assert_exit(client, LOGIN_REFUSED)
        self.assertEqual(server.events("peer_up"), [])

    def test_a_proxy_that_restarts_is_found_again(self) -> None:
        """The tunnel ends with the proxy, and comes back with it."""
        self.ovoc()
        proxy = type(self).start_proxy(self.lab)
        client = self.start()
        client.wait_for("tunnel_up")
        proxy.kill()
        client.wait_for("tunnel_down", 5)
        failed = client.wait_for("attempt_failed", 5)
        self.assertEqual(failed["reason"], "proxy")
        self.restart()
        client.wait_for("tunnel_up", RECONNECT_SECONDS)
        self.assert_tunnel_carries()

    def restart(self) -> None:
        """Starts the proxy again."""
        type(self).start_proxy(self.lab)

    def test_pings_keep_a_silent_tunnel_from_being_cut(self) -> None:
        """The proxy cuts after 3 silent seconds; the client asks each."""
        path = self.lab.status_file()
        self.ovoc()
        type(self).start_proxy(self.lab, idle=3)
        client = self.lab.client(
            self.lab.settings(**self.through(WSTunKeepAlive=1)),
            f"--status_file={path}")
        client.wait_for("tunnel_up")
        start = time.monotonic()
        self.wait_for_pongs(path, 9)
        self.figure(f"alive after {time.monotonic() - start:.1f} s of"
                    " silence, cut after 3 s without pings")
        self.assertEqual(client.events("tunnel_down"), [])
        status = json.loads(path.read_text())
        self.assertEqual(status["server_address"],
                         f"{SECOND_CLOUD_ADDRESS}:{PORT}")
        self.assertNotIn(PROXY_PASSWORD, path.read_text())

    def test_without_pings_in_time_it_does_cut(self) -> None:
        """The counter-proof: the same limit, pings too seldom."""
        self.ovoc()
        type(self).start_proxy(self.lab, idle=3)
        client = self.start(WSTunKeepAlive=17)
        client.wait_for("tunnel_up")
        down = client.wait_for("tunnel_down", 15)
        self.assertEqual(down["reason"], "peer_closed")
