# SPDX-License-Identifier: Apache-2.0
"""The client through Squid, tinyproxy and HAProxy (WSTunProxy), end to end."""

import os
import signal

from conformance.lab import forward_proxies, namespaces
from conformance.lab.e2e_case import LabCase, main
from conformance.lab.forward_proxies import PORT, PROXY
from conformance.lab.namespaces import CLOUD_ADDRESS
from conformance.lab.programs import Program
from conformance.lab.proxy_case import (CONNECTION, DONE, RECONNECT_SECONDS,
                                        SETTINGS, ThroughAProxy)


class SquidTest(ThroughAProxy, LabCase):
    """Squid, with a login of all kinds of characters."""

    start_proxy = staticmethod(forward_proxies.squid)
    no_server_status = "HTTP 503"

    def test_plain_http_goes_through_it_too(self) -> None:
        """WSTunSecured = 0; OVOC listens at 443 without TLS."""
        self.lab.agent("useless_ovoc", namespaces.CLOUD, CLOUD_ADDRESS, 443,
                       "say", "-", "-", b"HTTP/1.1 404 No\r\n\r\n".hex()
                       ).wait_for("listening")
        forward_proxies.squid(self.lab)
        client = self.check(**self.through(WSTunSecured=0,
                                           WSTunServerPort=443))
        self.assertIn("HTTP 404", client.tail())
        self.assertEqual(len(self.reported(client, "proxy")), 1)

    def test_with_a_fallback_a_dead_proxy_is_passed_by(self) -> None:
        """Directly while it is away; the log says so."""
        self.ovoc()
        client = self.start(WSTunProxyFallback=1)
        client.wait_for("tunnel_up")
        (passed,) = client.events("proxy_unreached")
        self.assertIn("refused", passed["detail"])
        self.assertEqual(client.events("proxy_open"), [])
        self.assert_tunnel_carries()
        check = self.check(**self.through(WSTunProxyFallback=1))
        self.assert_exit(check, DONE)
        self.assertIn("is tried directly", check.tail())

    def test_without_a_fallback_a_dead_proxy_is_the_end(self) -> None:
        """OVOC could be reached, and is not."""
        server = self.ovoc()
        client = self.check(**self.through())
        self.assert_refused(client, "proxy", "refused", "whether the proxy")
        self.assertEqual(server.events("peer_up"), [])

    def test_a_proxys_name_without_an_address(self) -> None:
        """That is the proxy's fault, not OVOC's."""
        client = self.check(WSTunProxy="http://nosuch.example.net:3128")
        self.assert_exit(client, CONNECTION)
        self.assertIn("correct the host in WSTunProxy", client.lines()[-1])

    def check_in(self, environment: dict[str, str]) -> Program:
        """A check with WSTunProxy = environment in this environment."""
        client = self.lab.client(self.lab.settings(WSTunProxy="environment"),
                                 "--check",
                                 environment={**os.environ, **environment})
        client.wait(40)
        return client

    def test_the_environment_names_the_proxy(self) -> None:
        """As it does for curl; small letters win."""
        self.ovoc()
        forward_proxies.squid(self.lab)
        url = self.url()
        for environment in (
                {"HTTPS_PROXY": url},
                {"https_proxy": url, "HTTPS_PROXY": "http://nosuch:1"},
                {"https_proxy": url.removeprefix("http://")}):
            with self.subTest(sorted(environment)):
                client = self.check_in(environment)
                self.assert_exit(client, DONE)
                self.assertEqual(len(self.reported(client, "proxy")), 1)
                self.assert_no_secret(client)

    def test_the_environment_exempts_ovoc(self) -> None:
        """NO_PROXY, or no variable at all: directly."""
        self.ovoc()
        url = f"http://{PROXY}:{PORT}"
        for environment in ({}, {"HTTPS_PROXY": url, "NO_PROXY": "*"},
                            {"HTTPS_PROXY": url, "no_proxy": "a,.example.net"}):
            with self.subTest(environment):
                client = self.check_in(environment)
                self.assert_exit(client, DONE)
                self.assertEqual(self.reported(client, "proxy"), [])

    def test_a_run_takes_it_from_the_environment_too(self) -> None:
        """Also after SIGHUP, when the environment is long gone."""
        self.ovoc()
        forward_proxies.squid(self.lab)
        settings = self.lab.settings(WSTunProxy="environment",
                                     WSTunReconnectSpread=1)
        client = self.lab.client(settings, environment={
            **os.environ, "HTTPS_PROXY": self.url()})
        client.wait_for("tunnel_up")
        self.lab.write_settings(settings, WSTunProxy="environment",
                                WSTunReconnectSpread=1, WSTunMtu=1400)
        client.send(signal.SIGHUP)
        client.wait_for("reload", RECONNECT_SECONDS)
        client.wait_for("tunnel_up", RECONNECT_SECONDS)
        self.assertEqual(len(client.events("proxy_open")), 2)
        self.assert_no_secret(client)

    def test_a_bad_url_is_one_line_without_the_password(self) -> None:
        """Exit code 3."""
        client = self.check(WSTunProxy="http://u:Joshua-5@proxy")
        self.assert_exit(client, SETTINGS)
        self.assertIn("WSTunProxy: a value of 23 bytes has no port",
                      client.tail())
        self.assertNotIn("Joshua", client.tail())


class TinyproxyTest(ThroughAProxy, LabCase):
    """tinyproxy, which answers with HTTP/1.0, and 401 to a wrong login."""

    start_proxy = staticmethod(forward_proxies.tinyproxy)
    login = "device:backdoor"
    with_squid = False
    no_server_status = "HTTP 500"


class HaproxyTest(ThroughAProxy, LabCase):
    """HAProxy in front of Squid, with all header names in lower case."""

    start_proxy = staticmethod(forward_proxies.haproxy)
    no_server_status = "HTTP 503"

    def restart(self) -> None:
        """HAProxy alone has died."""
        forward_proxies.haproxy_alone(self.lab)


if __name__ == "__main__":
    main()
