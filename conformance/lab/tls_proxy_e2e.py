# SPDX-License-Identifier: Apache-2.0
"""The client through https:// proxies: Squid and HAProxy, with TLS to them."""

from conformance.lab import forward_proxies, namespaces
from conformance.lab.certificates import KeyPair
from conformance.lab.e2e_case import LabCase, main
from conformance.lab.forward_proxies import LOGIN, PORT, PROXY
from conformance.lab.lab import Lab
from conformance.lab.namespaces import CLOUD_ADDRESS, SECOND_CLOUD_ADDRESS
from conformance.lab.programs import Program
from conformance.lab.proxy_case import CONNECTION, SETTINGS, ThroughAProxy


class ThroughATlsProxy(ThroughAProxy):
    """All that holds with a proxy, in TLS to it."""

    scheme = "https"

    def through(self, login: str | None = None, **changes: object
                ) -> dict[str, object]:
        """The settings for this proxy, whose root is no root of OVOC's."""
        roots = forward_proxies.authority(self.lab).trusted_roots
        return super().through(login, **{"WSTunProxyRoots": roots, **changes})

    def test_the_login_counts_as_secured(self) -> None:
        """In TLS it is no insecure setting."""
        self.ovoc()
        type(self).start_proxy(self.lab)
        client = self.start()
        client.wait_for("tunnel_up")
        self.assertEqual(client.events("insecure"), [])


def _squid(lab: Lab, **options: int) -> Program:
    """Squid with TLS, by GnuTLS."""
    return forward_proxies.squid(
        lab, pair=forward_proxies.authority(lab).good(), **options)


def _haproxy(lab: Lab, **options: int) -> Program:
    """HAProxy with TLS, by OpenSSL, in front of Squid."""
    return forward_proxies.haproxy(
        lab, pair=forward_proxies.authority(lab).good(), **options)


class TlsSquidTest(ThroughATlsProxy, LabCase):
    """Squid ends the TLS, and makes the tunnel."""

    start_proxy = staticmethod(_squid)
    no_server_status = "HTTP 503"


class TlsHaproxyTest(ThroughATlsProxy, LabCase):
    """HAProxy ends the TLS; Squid behind it makes the tunnel."""

    start_proxy = staticmethod(_haproxy)
    no_server_status = "HTTP 503"

    def restart(self) -> None:
        """HAProxy alone has died."""
        forward_proxies.haproxy_alone(
            self.lab, pair=forward_proxies.authority(self.lab).good())

    def refused(self, pair: KeyPair | None, *words: str,
                **changes: object) -> None:
        """A proxy with such a certificate is refused, and OVOC not reached."""
        server = self.ovoc()
        forward_proxies.haproxy(self.lab, pair=pair)
        client = self.check(**self.through(**changes))
        self.assert_refused(client, "proxy", *words)
        self.assertEqual(self.reported(client, "proxy"), [])
        self.assertEqual(server.events("peer_up"), [])
        self.assert_no_secret(client)

    def test_its_certificate_must_be_in_its_time(self) -> None:
        """An expired one is refused."""
        self.refused(forward_proxies.authority(self.lab).expired(),
                     "expired", "the certificate of the proxy, not of OVOC")

    def test_its_certificate_must_be_for_its_name(self) -> None:
        """By the name in the URL, which here is an address."""
        self.ovoc()
        _haproxy(self.lab)
        client = self.check(**self.through(
            WSTunProxy=f"https://{LOGIN}@{SECOND_CLOUD_ADDRESS}:{PORT}"))
        self.assert_exit(client, CONNECTION)
        self.assertIn(f"it is not valid for {SECOND_CLOUD_ADDRESS}",
                      client.lines()[-1])

    def test_the_roots_of_ovoc_are_not_the_proxys(self) -> None:
        """They are for OVOC alone."""
        self.refused(forward_proxies.authority(self.lab).good(), "Lab root",
                     "WSTunProxyRoots",
                     WSTunProxyRoots=self.lab.authority.trusted_roots)

    def test_without_roots_it_is_the_systems_bundle(self) -> None:
        """Which does not know the lab's."""
        self.refused(forward_proxies.authority(self.lab).good(), "Lab root",
                     "WSTunProxyRoots", WSTunProxyRoots=None)

    def test_it_is_verified_even_if_ovoc_is_not(self) -> None:
        """WSTunVerifyPeer and WSTunVerifyHostName are about OVOC."""
        self.refused(forward_proxies.authority(self.lab).other_ca(),
                     "Lab other-root", WSTunVerifyPeer=0,
                     WSTunVerifyHostName=0)

    def test_a_proxy_that_wants_a_certificate_is_told(self) -> None:
        """It gets none, and says so when the handshake is over for us."""
        authority = forward_proxies.authority(self.lab)
        forward_proxies.haproxy_alone(self.lab, pair=authority.good(),
                                      client_roots=authority.trusted_roots)
        client = self.check(**self.through())
        self.assert_refused(client, "proxy", "wants a client certificate",
                            "a client certificate is not supported")

    def test_a_proxy_without_tls_is_told(self) -> None:
        """https:// to a port that has none."""
        self.refused(None, "TLS handshake", "write http:// in WSTunProxy")

    def test_an_http_url_for_a_tls_port_is_told(self) -> None:
        """The reverse."""
        _haproxy(self.lab)
        client = self.check(**self.through(
            WSTunProxy=f"http://{PROXY}:{PORT}"))
        self.assert_refused(client, "proxy", "WSTunProxy", "TLS")

    def test_roots_that_cannot_be_read_are_an_error(self) -> None:
        """Exit code 3, and the setting by its name."""
        client = self.check(**self.through(WSTunProxyRoots="/nowhere.pem"))
        self.assert_exit(client, SETTINGS)
        self.assertIn("WSTunProxyRoots: '/nowhere.pem'", client.tail())

    def test_plain_http_to_ovoc_goes_through_it(self) -> None:
        """WSTunSecured = 0: the proxy's TLS is the only one."""
        self.lab.agent("useless_ovoc", namespaces.CLOUD, CLOUD_ADDRESS, 443,
                       "say", "-", "-", b"HTTP/1.1 404 No\r\n\r\n".hex()
                       ).wait_for("listening")
        _haproxy(self.lab)
        client = self.check(**self.through(WSTunSecured=0,
                                           WSTunServerPort=443))
        self.assertIn("HTTP 404", client.tail())
        self.assertEqual(len(self.reported(client, "proxy")), 1)


if __name__ == "__main__":
    main()
