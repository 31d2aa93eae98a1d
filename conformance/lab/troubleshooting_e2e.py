# SPDX-License-Identifier: Apache-2.0
"""Each row of docs/troubleshooting.md, made by a real program or a small peer.

A test makes one situation, and compares what the client says with the row that
has the name of that situation.
"""

import re
import signal
import time
from pathlib import Path
from typing import ClassVar, NamedTuple

from conformance.lab import namespaces, proxies, services
from conformance.lab.certificates import KeyPair
from conformance.lab.e2e_case import LabCase, main
from conformance.lab.lab import HOST, INTERFACE, USER
from conformance.lab.namespaces import (CLOUD, CLOUD_ADDRESS, DEVICE, ROUTER,
                                        SILENT_ADDRESS, SILENT_ADDRESS_6)
from conformance.lab.programs import Program

_DOCUMENT = (Path(__file__).resolve().parents[2] / "docs" /
             "troubleshooting.md")
_ENTRY = re.compile(r"^- \*\*(.+?):\*\* (.+)$", re.MULTILINE)

# What needs more than a check and a peer, and where it is made.
_ELSEWHERE = {
    "a frame breaks a rule": "conformance/handshake_suite",
    "the interface cannot be set up": "conformance/lab/interface_e2e",
}

_PRIVATE = "10.9.9.9"
_COUNTED_SECONDS = 12  # more than two periods in which counters are told
_NARROW_BYTES = 600  # of a black hole: less than a certificate has
_RSA = ("-algorithm", "RSA", "-pkeyopt")
_OLD = ("-tls1_1", "-cipher", "ALL:@SECLEVEL=0")
_PLAIN = {"WSTunSecured": 0, "WSTunServerPort": 443}


class Row(NamedTuple):
    """A row of the table."""
    situation: str
    reason: str
    remedy: str

    def said(self, port: int = 443, path: str = "tun") -> str:
        """The remedy with the lab's values in place of the words."""
        places = {"PORT": str(port), "SERVER": HOST, "PATH": path,
                  "USER": USER, "INTERFACE": INTERFACE,
                  "PROXY": f"{CLOUD_ADDRESS}:443"}
        text = self.remedy
        for word, value in places.items():
            text = text.replace(word, value)
        return text


def rows() -> dict[str, Row]:
    """The entries, by situation; they stand under their reason."""
    text = re.sub(r"\n +", " ", _DOCUMENT.read_text())
    _, *sections = re.split(r"^### `(\w+)`$", text, flags=re.MULTILINE)
    return {situation: Row(situation, reason, remedy)
            for reason, entries in zip(sections[::2], sections[1::2])
            for situation, remedy in _ENTRY.findall(entries)}


class TroubleshootingCase(LabCase):
    """What both kinds of tests share."""

    rows: ClassVar[dict[str, Row]] = rows()

    def row(self, situation: str) -> Row:
        """The row, which has to be there."""
        self.assertIn(situation, self.rows)
        return self.rows[situation]

    def peer(self, how: str, *words: str, pair: KeyPair | None = None
             ) -> Program:
        """Starts a server at OVOC's port that lets nobody in."""
        pair = pair or self.lab.authority.good()
        peer = self.lab.agent("useless_ovoc", CLOUD, CLOUD_ADDRESS, 443, how,
                              pair.certificate, pair.key, *words)
        peer.wait_for("listening")
        return peer

    def openssl(self, pair: KeyPair, *options: object) -> Program:
        """Starts `openssl s_server`, which answers with a page."""
        server = self.lab.start("s_server", CLOUD, [
            "openssl", "s_server", "-accept", f"{CLOUD_ADDRESS}:443", "-www",
            "-cert", str(pair.certificate), "-key", str(pair.key),
            *map(str, options)])
        server.wait_for_text("ACCEPT")
        return server


class CheckTest(TroubleshootingCase):
    """The last line of `client --check`."""

    def setUp(self) -> None:
        super().setUp()
        if not self.named_otherwise():
            services.name_server(self.lab)

    def named_otherwise(self) -> bool:
        """Whether the test has a name server of its own, or none."""
        return self._testMethodName.startswith("test_name_")

    def meet(self, situation: str, path: str = "tun",
             **changes: object) -> str:
        """Checks, and compares the last line with the row; returns it."""
        row = self.row(situation)
        client = self.check(**{"WSTunServerPath": path, **changes})
        line = self.why(client, row.reason, row.said(path=path))
        self.figure(line)
        return line

    def why(self, client: Program, reason: str, remedy: str) -> str:
        """The last line: the reason, and what to do at its end."""
        line = client.lines()[-1]
        self.assertTrue(line.startswith(f"client: check failed: {reason}: "),
                        line)
        self.assertTrue(line.endswith(f"; what to do: {remedy}"),
                        f"{line}\n{remedy}")
        return line

    def serve(self, pair: KeyPair, *options: str) -> Program:
        """Starts the stand-in without a TUN device."""
        return self.lab.server(pair, *options, tun="")

    def test_each_row_is_made(self) -> None:
        """Here, or where _ELSEWHERE says."""
        source = Path(__file__).read_text()
        for situation in self.rows:
            self.assertIn(f'"{situation}"', source)

    # Names.

    def test_name_unknown(self) -> None:
        """dnsmasq says NXDOMAIN."""
        services.name_server(self.lab)
        row = self.row("DNS does not know the name")
        self.why(self.check(WSTunServer="nosuch.example.net"), row.reason,
                 row.said().replace(HOST, "nosuch.example.net"))

    def test_name_server_silent(self) -> None:
        """The router drops what is sent there."""
        self.meet("no name server answers", DNSPriServerIP=SILENT_ADDRESS)

    def test_name_server_not_running(self) -> None:
        """The machine is there, and nothing listens."""
        line = self.meet("the port of the name server is closed")
        self.assertIn(f"{CLOUD_ADDRESS} has its DNS port closed", line)

    def test_name_server_refuses(self) -> None:
        """dnsmasq knows example.net alone, and asks nobody else."""
        services.name_server(self.lab)
        row = self.row("the name server says REFUSED")
        line = self.why(self.check(WSTunServer="ovoc.example.org"), row.reason,
                        row.said().replace(HOST, "ovoc.example.org"))
        self.assertIn(f"no usable answer ({CLOUD_ADDRESS} answered REFUSED",
                      line)

    def test_name_server_fails(self) -> None:
        """As with a broken delegation or a bad signature."""
        server = self.lab.agent("failing_dns", CLOUD, CLOUD_ADDRESS)
        server.wait_for_text("ready")
        line = self.meet("the name server says SERVFAIL")
        self.assertIn(f"no usable answer ({CLOUD_ADDRESS} answered SERVFAIL",
                      line)

    def test_name_of_this_machine(self) -> None:
        """DNS says 127.0.0.1."""
        services.name_server(self.lab, "127.0.0.1")
        self.meet("the name has an address that no server can have")

    def test_name_private(self) -> None:
        """DNS says 10.9.9.9, where there is nobody."""
        services.name_server(self.lab, _PRIVATE)
        self.block(_PRIVATE)
        self.meet("the name has a private address")

    def test_name_with_two_addresses(self) -> None:
        """IPv4 refuses, and IPv6 is silent."""
        if not namespaces.has_ipv6():
            self.skipTest("THIS KERNEL HAS NO IPV6")
        services.name_server(self.lab, CLOUD_ADDRESS, SILENT_ADDRESS_6)
        self.meet("several addresses fail in different ways")

    # TCP.

    def block(self, address: str) -> None:
        """The device has no route to the address any more."""
        namespaces.run(DEVICE, ["ip", "route", "add", "unreachable",
                                f"{address}/32"])
        self.addCleanup(namespaces.run, DEVICE,
                        ["ip", "route", "del", "unreachable", f"{address}/32"])

    def drop(self, rule: str) -> None:
        """The router drops what the rule says, without a word."""
        self.filter(f"{rule} drop")

    def filter(self, rule: str) -> None:
        """The router does with what passes it as the rule says."""
        namespaces.run(ROUTER, ["nft", "-f", "-"], text=f"""
            table ip trouble {{
              chain forward {{
                type filter hook forward priority 0;
                {rule}
              }}
            }}""")
        self.addCleanup(namespaces.run, ROUTER,
                        ["nft", "delete", "table", "ip", "trouble"])

    def test_closed_port(self) -> None:
        """Nobody listens, and the kernel says so."""
        line = self.meet("the port is closed")
        self.assertIn(f"port 443: {CLOUD_ADDRESS}: connect: Connection refused",
                      line)

    def test_filtered_port(self) -> None:
        """The router drops the SYN."""
        self.drop("tcp dport 443")
        self.meet("the port is filtered")

    def test_no_route(self) -> None:
        """The kernel says so at once."""
        self.block(SILENT_ADDRESS)
        self.assert_no_way(SILENT_ADDRESS)

    def assert_no_way(self, server: str) -> None:
        """A check of that server ends with the row of a missing way."""
        row = self.row("no route, nobody there, or a firewall says so")
        self.why(self.check(WSTunServer=server), row.reason, row.said())

    def test_rejected_port(self) -> None:
        """A firewall says that its administrator forbids it."""
        self.filter("tcp dport 443 reject with icmp type admin-prohibited")
        self.assert_no_way(CLOUD_ADDRESS)

    # TLS.

    def test_no_tls(self) -> None:
        """HTTP comes where TLS was expected."""
        self.peer("plain")
        self.meet("the port speaks something else than TLS")

    def test_old_tls(self) -> None:
        """OpenSSL with TLS 1.1 alone."""
        self.openssl(self.lab.authority.good(), *_OLD)
        line = self.meet("the server is too old for TLS 1.2")
        self.assertIn("the server speaks only TLS older than 1.2", line)

    def test_client_certificate_wanted(self) -> None:
        """OpenSSL says certificate_required, or handshake_failure."""
        for version in ("-tls1_3", "-tls1_2"):
            with self.subTest(version):
                server = self.openssl(self.lab.authority.good(), version,
                                      "-Verify", 1)
                self.meet("the server wants a client certificate")
                server.kill()

    def test_client_certificate_refused(self) -> None:
        """OpenSSL does not know who signed it."""
        authority = self.lab.authority
        own = authority.self_signed()
        self.openssl(authority.good(), "-Verify", 1, "-verify_return_error",
                     "-CAfile", authority.trusted_roots)
        self.meet("the server refuses the client certificate",
                  TLSCertificate=own.certificate, TLSPrivateKey=own.key)

    def test_black_hole(self) -> None:
        """The certificate is too large for the path, and nobody says so."""
        self.serve(self.lab.authority.good())
        self.drop(f'oifname "inside" meta length > {_NARROW_BYTES}')
        self.meet("the path loses large packets")

    def test_end_in_the_handshake(self) -> None:
        """The server closes or resets."""
        for how in ("close", "reset"):
            with self.subTest(how):
                peer = self.peer(how)
                self.meet("the connection ends in the TLS handshake")
                peer.kill()

    # Certificates.

    def test_no_intermediate(self) -> None:
        """The certificate comes alone."""
        self.serve(self.lab.authority.other_ca())
        line = self.meet("the server sends no intermediate certificate")
        self.assertIn("CN=Lab other-root", line)

    def test_another_authority(self) -> None:
        """A chain to a root that is not ours, as of a firewall."""
        pair = self.lab.authority.other_ca()
        root = pair.certificate.with_name("other-root.pem")
        self.openssl(pair, "-cert_chain", root)
        line = self.meet("another authority, or TLS is intercepted")
        self.assertIn("CN=Lab other-root", line)

    def test_bad_certificates(self) -> None:
        """Each kind has a row of its own."""
        authority = self.lab.authority
        pairs = {
            "the certificate is self-signed": authority.self_signed(),
            "the certificate has expired": authority.expired(),
            "the certificate is not valid yet: a wrong clock":
                authority.of_tomorrow(),
            "the certificate is for another name": authority.wrong_name(),
            "the certificate has its name in the CN alone":
                authority.without_names(),
            "the certificate breaks another rule": authority.with_key(
                "rsa1024", *_RSA, "rsa_keygen_bits:1024"),
        }
        for situation, pair in pairs.items():
            with self.subTest(situation):
                server = self.serve(pair)
                self.meet(situation)
                server.kill()

    # Answers to the login.

    def test_login(self) -> None:
        """The stand-in refuses the password, and the path."""
        self.serve(self.lab.authority.good())
        line = self.meet("401: wrong user name or password",
                         WSTunPassword="Joshua-5")
        self.assertIn("a password of 8 characters was sent", line)
        self.assertNotIn("Joshua", line)
        self.meet("404: wrong path", path="nosuch")

    def test_statuses(self) -> None:
        """A captive portal, a firewall, a proxy, an OVOC that is busy."""
        answers = {
            "HTTP/1.1 302 Found|Location: https://portal.example/login":
                "3xx: a redirection, as to a captive portal",
            "HTTP/1.1 511 Network Authentication Required":
                "200 with a page, or 511: a login page",
            "HTTP/1.1 403 Forbidden": "403",
            "HTTP/1.1 407 Proxy Authentication Required":
                "407: a proxy wants a login",
            "HTTP/1.1 409 Too Many Peers": "409: no free address",
            "HTTP/1.1 429 Too Many Requests": "429 or 503",
            "HTTP/1.1 503 Service Unavailable": "429 or 503",
            "HTTP/1.1 504 Gateway Timeout": "502 or 504",
            "HTTP/1.1 500 Internal Server Error": "another status",
            "HTTP/1.1 101 Switching Protocols": "the answer breaks a rule",
        }
        for answer, situation in answers.items():
            with self.subTest(answer):
                peer = self.peer("answer", answer)
                line = self.meet(situation)
                if "portal" in answer:
                    self.assertIn('redirected to "https://portal.example/login"'
                                  " (not followed)", line)
                peer.kill()

    def test_page(self) -> None:
        """OpenSSL answers any request with a page."""
        self.openssl(self.lab.authority.good())
        self.meet("200 with a page, or 511: a login page")

    def test_nothing_behind_nginx(self) -> None:
        """nginx runs, and OVOC's program does not."""
        proxies.nginx(self.lab)
        self.meet("502 or 504")

    def test_nginx_wants_a_certificate(self) -> None:
        """It says so after TLS, with 400; and so it does of a stranger's."""
        authority = self.lab.authority
        own = authority.self_signed()
        proxies.nginx(self.lab, client_roots=authority.trusted_roots)
        situation = "400 with TLS: nginx wants a client certificate"
        self.meet(situation)
        self.meet(situation, TLSCertificate=own.certificate,
                  TLSPrivateKey=own.key)

    def test_no_answer(self) -> None:
        """TLS, and then nothing."""
        self.peer("mute")
        self.meet("no answer to the login")

    def test_another_overlay(self) -> None:
        """OVOC assigns 169.254.64.2, and the settings allow less."""
        self.serve(self.lab.authority.good(), "--overlay=169.254.64.1/24")
        self.meet("OVOC assigns an address of another range")

    # Without TLS, on a port that may want it.

    def test_plain_to_nginx(self) -> None:
        """nginx says 400 when HTTP comes to its port for TLS."""
        proxies.nginx(self.lab)
        self.meet("400 without TLS", **_PLAIN)

    def test_plain_redirected(self) -> None:
        """The port for HTTP sends everybody to the one for HTTPS."""
        peer = self.peer("say", (b"HTTP/1.1 301 Moved Permanently\r\nLocation:"
                                 b" https://ovoc.example.net/tun\r\n\r\n").hex())
        self.meet("3xx without TLS", **_PLAIN)
        peer.kill()

    def test_plain_answers(self) -> None:
        """What is no HTTP, or is not all of it."""
        answers = {
            b"": "WSTunSecured is 0, and the port closes at once",
            b"\x15\x03\x01\x00\x02\x02\x46":
                "WSTunSecured is 0, and the port speaks TLS",
            b"SSH-2.0-OpenSSH_9.2p1\r\n":
                "WSTunSecured is 0, and the port speaks no HTTP",
            b"HTTP/1.1 200 OK\n\n":
                "WSTunSecured is 0, and the answer breaks another rule",
        }
        for answer, situation in answers.items():
            with self.subTest(situation):
                peer = self.peer("say", answer.hex())
                self.meet(situation, **_PLAIN)
                peer.kill()


    # A proxy, which is a small peer at the address of OVOC.

    def through(self, **changes: object) -> dict[str, object]:
        """The settings for that."""
        return {"WSTunProxy": f"http://{CLOUD_ADDRESS}:443", **changes}

    def test_proxy_answers(self) -> None:
        """Each that gives no tunnel, and no answer."""
        login = f"http://user:Joshua-5@{CLOUD_ADDRESS}:443"
        answers = {
            b"HTTP/1.1 403 Forbidden\r\n\r\n": "403: the proxy forbids it",
            b"HTTP/1.1 502 Bad Gateway\r\n\r\n":
                "500, 502, 503 or 504: the proxy does not reach the server",
            b"HTTP/1.1 405 Method Not Allowed\r\n\r\n":
                "another status of the proxy",
            b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n<html>":
                "a page in place of the proxy's answer",
            b"SSH-2.0-OpenSSH_9.2p1\r\n\r\n":
                "the proxy's answer is no HTTP",
            b"HTTP/1.1 200 OK\r\n\r\nhello": "bytes behind the proxy's 200",
            b"": "the proxy closes without an answer",
            b"HTTP/1.1 407 Log In\r\n\r\n":
                "407: the proxy wants a login, and WSTunProxy has none",
        }
        for answer, situation in answers.items():
            with self.subTest(situation):
                peer = self.peer("say", answer.hex())
                self.meet(situation, **self.through())
                if answer.startswith(b"HTTP/1.1 407"):
                    line = self.meet("407: the proxy refuses the login",
                                     **self.through(WSTunProxy=login))
                    self.assertNotIn("Joshua", line)
                peer.kill()

    def test_proxy_silent(self) -> None:
        """It accepts, and that is all."""
        self.peer("silent")
        self.meet("the proxy does not answer", **self.through())

    def test_proxy_away(self) -> None:
        """Nobody listens there, and nobody knows the name."""
        self.meet("the proxy cannot be reached", **self.through())
        self.meet("the name of the proxy has no address",
                  WSTunProxy="http://nosuch.example.net:3128")

    def test_proxy_tls(self) -> None:
        """A TLS proxy of an authority that is not the proxy's, and none."""
        url = f"https://{CLOUD_ADDRESS}:443"
        server = self.lab.server(self.lab.authority.good(), tun="")
        self.meet("the certificate of an `https://` proxy does not verify",
                  WSTunProxy=url)
        server.kill()
        self.peer("say", b"HTTP/1.1 400 Bad Request\r\n\r\n".hex())
        self.meet("no TLS handshake with an `https://` proxy", WSTunProxy=url)


class TunnelTest(TroubleshootingCase):
    """The log of a client whose tunnel ends."""

    def assert_down(self, client: Program, situation: str) -> None:
        """The line of the end has the reason and the remedy of the row."""
        row = self.row(situation)
        down = client.wait_for("tunnel_down", 30)
        self.assertEqual((down["reason"], down["remedy"]),
                         (row.reason, row.said()))

    def test_closed(self) -> None:
        """OVOC is stopped in order."""
        server, client = self.tunnel()
        server.send(signal.SIGTERM)
        self.assert_down(client, "OVOC closes the tunnel")

    def test_ended(self) -> None:
        """OVOC is killed; its kernel ends the connection."""
        server, client = self.tunnel()
        server.kill()
        self.assert_down(client, "the connection ends without a Close")

    def test_debug(self) -> None:
        """The log at level debug has questions, the begin of TLS and pings;
        at level info it has none of them."""
        for level, is_there in (("debug", True), ("info", False)):
            with self.subTest(level):
                server, client = self.tunnel(
                    client_options=[f"--log_level={level}"], WSTunKeepAlive=1)
                server.wait_for("peer_up")
                deadline = time.monotonic() + _COUNTED_SECONDS
                while (time.monotonic() < deadline and not any(
                        event["counter"] == "pings_sent"
                        for event in client.events("counted"))):
                    time.sleep(0.2)
                asked = {event["name_server"]
                         for event in client.events("dns_question")}
                self.assertEqual(asked, {CLOUD_ADDRESS} if is_there else set())
                self.assertEqual(len(client.events("tls_handshake")), is_there)
                counted = {event["counter"]
                           for event in client.events("counted")}
                self.assertEqual("pings_sent" in counted, is_there, counted)
                self.lab.stop_programs()

    def test_silent(self) -> None:
        """OVOC hangs."""
        server, client = self.tunnel(WSTunKeepAlive=1, WSTunDeadAfter=5)
        server.send(signal.SIGSTOP)
        self.assert_down(client, "nothing comes any more")


if __name__ == "__main__":
    main()
