# SPDX-License-Identifier: Apache-2.0
"""Where the password is, and where it is not. Needs root.

Looked for are pieces of it, as it is and in base64 in each of the three
positions it can have there: a copy whose first bytes something else was
written over is found too.
"""

import base64
import json
import os
import signal
import subprocess
from collections.abc import Iterable
from pathlib import Path

from conformance.hardening.process_view import ProcessView
from conformance.hardening.worker_case import WorkerCase
from conformance.lab import (forward_proxies, namespaces, proxies,
                             services)
from conformance.lab.e2e_case import main
from conformance.lab.lab import HOST, INTERFACE, USER, ini
from conformance.lab.namespaces import DEVICE
from conformance.lab.programs import Program

_PASSWORD = "q7ZkXw3vTn9bRfL2hYd6mJcP8sGaE4uKxW5tNzB1"
_PIECE_BYTES = 10  # of 62^10 none is met by chance
_PIECE_STEP = 5
_BACK_SECONDS = 30
# A test build is linked dynamically. Binding a function at its first call, the
# loader saves the vector registers on the stack, and with them what memcpy
# moved last. The release build is static and has no such loader.
_STATIC_LIKE = {"LD_BIND_NOW": "1"}


def pieces(text: bytes) -> list[bytes]:
    """Overlapping pieces: whoever has 15 bytes of the text has one of them."""
    last = len(text) - _PIECE_BYTES
    starts = [*range(0, last, _PIECE_STEP), last]
    return [text[start:start + _PIECE_BYTES] for start in starts]


def in_base64(secret: bytes, before: int) -> bytes:
    """Its base64 behind `before` bytes, without what those bytes change."""
    encoded = base64.b64encode(b"\0" * before + secret)
    first = -(-before * 8 // 6)
    last = (before + len(secret)) * 8 // 6
    return encoded[first:last]


def needles(password: str = _PASSWORD) -> list[bytes]:
    """All that must not be found."""
    secret = password.encode()
    forms = [secret, *(in_base64(secret, before) for before in range(3))]
    return [piece for form in forms for piece in pieces(form)]


def numbers(der: bytes) -> list[bytes]:
    """The contents of a SEQUENCE's INTEGERs and OCTET STRINGs (X.690 8.1)."""
    def head(at: int) -> tuple[int, int, int]:
        size, at = der[at + 1], at + 2
        if size >= 0x80:
            length = size & 0x7f
            size, at = int.from_bytes(der[at:at + length], "big"), at + length
        return at, size, at + size

    found = []
    position, _, end = head(0)
    while position < end:
        kind = der[position]
        start, size, position = head(position)
        if kind in (2, 4):
            found.append(der[start:start + size].lstrip(b"\0"))
    return found


def key_needles(key: Path) -> list[bytes]:
    """What is secret of a key: d, p, q and what follows from them (RFC 8017
    A.1.2), or the scalar (RFC 5915 3); in both orders of bytes, and the lines
    of the file."""
    der = subprocess.run(["openssl", "pkey", "-in", key, "-traditional",
                          "-outform", "DER"], check=True,
                         capture_output=True).stdout
    found = numbers(der)
    secret = found[3:] if len(found) > 2 else found[1:]
    lines = [line.encode() for line in key.read_text().splitlines()
             if not line.startswith("-----")]
    # The first lines of an RSA key hold the public modulus as well.
    lines = lines[len(lines) // 2:-1] or lines
    return [*lines, *(part[:16] for part in secret),
            *(part[::-1][:16] for part in secret)]


class NeedlesTest(WorkerCase):
    """What is looked for is what would be there."""

    def test_the_header_field_holds_needles(self) -> None:
        """With user names of each length modulo 3."""
        for user in ("VPN", "VPN4", "VPN45"):
            value = base64.b64encode(f"{user}:{_PASSWORD}".encode())
            found = [needle for needle in needles() if needle in value]
            self.assertGreaterEqual(len(found), 9, user)


class SecretsTest(WorkerCase):
    """A client whose password is long and like no other bytes."""

    LIMIT_SECONDS = 90

    def start(self, **changes: object) -> tuple[Program, Program, Path, Path]:
        """Server, client with the most talkative log, settings, status."""
        services.name_server(self.lab)
        server = self.start_server()
        settings = self.lab.settings(WSTunPassword=_PASSWORD,
                                     WSTunReconnectSpread=1, **changes)
        status = self.lab.status_file()
        client = self.lab.client(settings, "--log_level=debug",
                                 f"--status_file={status}",
                                 environment=_STATIC_LIKE)
        client.wait_for("tunnel_up")
        return server, client, settings, status

    def start_server(self) -> Program:
        """OVOC that knows the password."""
        return self.lab.server(self.lab.authority.good(),
                               f"--password={_PASSWORD}")

    def assert_absent(self, places: Iterable[tuple[str, bytes]]) -> None:
        """None of the named texts holds a needle."""
        for place, text in places:
            found = [needle for needle in needles() if needle in text]
            self.assertEqual(found, [], place)

    def assert_not_in_worker(self, client: Program) -> None:
        """The worker's memory holds no piece of the password."""
        worker = self.worker(client)
        found = worker.holds([*needles(), HOST.encode()])
        self.assertIn(HOST.encode(), found, "the search finds nothing at all")
        found.pop(HOST.encode())
        self.assertEqual(found, {}, "the password is in the worker's memory")

    def assert_not_shown(self, client: Program, status: Path) -> None:
        """Neither /proc nor log nor status file hold a piece of it."""
        for view in (ProcessView(client.pid), self.worker(client)):
            self.assert_absent((f"/proc/{view.pid}/{name}",
                                view.text(name).encode())
                               for name in ("cmdline", "environ", "comm"))
        self.assert_absent([("log", client.log.read_bytes()),
                            ("status file", status.read_bytes())])

    def test_the_search_finds_what_is_there(self) -> None:
        """The keeper needs the password; it is in its memory."""
        _, client, _, _ = self.start()
        keeper = ProcessView(client.pid).holds(needles())
        self.assertGreaterEqual(len(keeper), 5)
        self.figure(f"in the keeper: {sorted(set(sum(keeper.values(), [])))}")
        self.assertIn(USER.encode(), ProcessView(client.pid).holds(
            [USER.encode()]))

    def test_after_login_the_worker_has_forgotten_it(self) -> None:
        """And after a reload, a reconnection and a crash."""
        server, client, settings, status = self.start()
        self.assert_not_in_worker(client)
        self.assert_not_shown(client, status)

        self.lab.write_settings(settings, WSTunPassword=_PASSWORD,
                                WSTunMtu=1400)
        client.send(signal.SIGHUP)
        client.wait_for("reload", result="ok")
        client.wait_for("tunnel_up", _BACK_SECONDS)
        self.assert_not_in_worker(client)

        server.kill()
        client.wait_for("retry", 10)
        server = self.start_server()
        client.wait_for("tunnel_up", _BACK_SECONDS)
        self.assert_not_in_worker(client)

        os.kill(self.worker(client).pid, signal.SIGABRT)
        client.wait_for("worker_died")
        client.wait_for("tunnel_up", _BACK_SECONDS)
        self.assert_not_in_worker(client)
        self.assert_not_shown(client, status)
        self.assert_tunnel_carries()

    def test_plain_http_leaves_nothing_either(self) -> None:
        """Without TLS the request goes from another buffer."""
        services.name_server(self.lab)
        self.lab.server(None, f"--password={_PASSWORD}")
        client = self.lab.client(self.lab.settings(
            WSTunPassword=_PASSWORD, WSTunSecured=0), "--log_level=debug",
            environment=_STATIC_LIKE)
        client.wait_for("tunnel_up")
        self.assert_not_in_worker(client)

    def through_a_proxy(self, **environment: str) -> Program:
        """A client whose proxy has the password, and OVOC another one."""
        url = f"http://device:{_PASSWORD}@{forward_proxies.PROXY}:3128"
        services.name_server(self.lab, others={
            forward_proxies.PROXY: namespaces.SECOND_CLOUD_ADDRESS})
        resolv_conf = Path(os.path.realpath("/etc/resolv.conf"))
        self.addCleanup(resolv_conf.write_text, resolv_conf.read_text())
        resolv_conf.write_text(f"nameserver {namespaces.CLOUD_ADDRESS}\n")
        self.lab.server(self.lab.authority.good())
        forward_proxies.tinyproxy(self.lab, password=_PASSWORD)
        named = {name: url for name in environment}
        status = self.lab.status_file()
        client = self.lab.client(
            self.lab.settings(WSTunProxy="environment" if named else url),
            "--log_level=debug", f"--status_file={status}",
            environment={**os.environ, **_STATIC_LIKE, **named})
        client.wait_for("tunnel_up")
        self.assertEqual(len(client.events("proxy_open")), 1)
        self.assert_not_in_worker(client)
        self.assert_not_shown(client, status)
        return client

    def test_a_proxys_password_leaves_nothing_either(self) -> None:
        """Nor does it in a worker that follows."""
        client = self.through_a_proxy()
        os.kill(self.worker(client).pid, signal.SIGABRT)
        client.wait_for("worker_died")
        client.wait_for("tunnel_up", _BACK_SECONDS)
        self.assert_not_in_worker(client)

    def test_a_proxy_of_the_environment_leaves_nothing_either(self) -> None:
        """The kernel keeps the environment where it has put it."""
        self.through_a_proxy(HTTPS_PROXY="")

    def test_a_password_file_leaves_nothing_either(self) -> None:
        """WSTunPasswordFile instead of WSTunPassword."""
        services.name_server(self.lab)
        self.start_server()
        secret = self.lab.folder / "password"
        secret.touch(mode=0o600)
        secret.write_text(_PASSWORD + "\n")
        client = self.lab.client(self.lab.settings(
            WSTunPassword=None, WSTunPasswordFile=secret),
            environment=_STATIC_LIKE)
        client.wait_for("tunnel_up")
        self.assert_not_in_worker(client)

    def test_the_private_key_stays_in_the_keeper(self) -> None:
        """TLSPrivateKey, RSA and ECDSA, before a server that has it proved:
        in PEM, DER and BoringSSL's form."""
        services.name_server(self.lab)
        proxies.stand_in(self.lab)
        for kind in ("rsa:2048", "ec"):
            with self.subTest(kind=kind):
                certificate, key = self.make_identity(kind)
                nginx = proxies.nginx(self.lab, client_roots=certificate)
                client = self.lab.client(self.lab.settings(
                    TLSCertificate=certificate, TLSPrivateKey=key),
                    environment=_STATIC_LIKE)
                client.wait_for("tunnel_up")
                looked_for = key_needles(key)
                self.assertNotEqual(ProcessView(client.pid).holds(looked_for),
                                    {}, "the search finds nothing at all")
                self.assertEqual(self.worker(client).holds(looked_for), {})
                client.kill()
                nginx.kill()
                self.wait_until("the device's end",
                                lambda: not namespaces.exists(DEVICE,
                                                              INTERFACE))

    def make_identity(self, kind: str) -> tuple[Path, Path]:
        """A certificate of the device's own and its key."""
        certificate = self.lab.folder / f"{kind[:2]}.crt"
        key = self.lab.folder / f"{kind[:2]}.key"
        curve = (["-pkeyopt", "ec_paramgen_curve:P-256"] if kind == "ec"
                 else [])
        key.touch(mode=0o600)
        subprocess.run(["openssl", "req", "-x509", "-newkey", kind, *curve,
                        "-nodes", "-days", "30", "-subj", "/CN=device",
                        "-keyout", key, "-out", certificate], check=True,
                       capture_output=True)
        return certificate, key

    def test_a_refused_login_does_not_show_it(self) -> None:
        """401: log, status, and a worker that waits for its next attempt."""
        services.name_server(self.lab)
        self.lab.server(self.lab.authority.good())  # of another password
        status = self.lab.status_file()
        client = self.lab.client(
            self.lab.settings(WSTunPassword=_PASSWORD), "--log_level=debug",
            f"--status_file={status}", environment=_STATIC_LIKE)
        client.wait_for("retry", reason="unauthorized")
        self.wait_until("the status says so", lambda: json.loads(
            status.read_text())["reason"] == "unauthorized")
        self.assert_not_in_worker(client)
        self.assert_not_shown(client, status)
        check = self.lab.client(self.lab.settings(WSTunPassword=_PASSWORD),
                                "--check", "--log_level=debug")
        self.assertEqual(check.wait(20), 7)
        self.assert_absent([("--check", check.log.read_bytes())])

    def test_no_error_of_the_settings_shows_it(self) -> None:
        """Slips of the hand around a password, at start and at --check."""
        good = {"WSTunServer": HOST, "WSTunPassword": _PASSWORD}
        slips = {
            "a quote too few": f"WSTunPassword = '{_PASSWORD}\n",
            "a misspelled name": f"WSTunPasword = '{_PASSWORD}'\n",
            "twice": f"WSTunPassword = '{_PASSWORD}'\n" * 2,
            "in the user name": f"WSTunUsername = 'VPN:{_PASSWORD}'\n",
            "in a URL": f"WSTunServer = 'https://VPN:{_PASSWORD}@a.example'\n",
            "no equals sign": f"WSTunPassword {_PASSWORD}\n",
            "too long": f"WSTunPassword = '{_PASSWORD * 7}'\n",
            "a control character": f"WSTunPassword = '{_PASSWORD}\x01'\n",
            "another setting is bad": f"{ini(good)}WSTunMtu = 'big'\n",
        }
        for name, text in slips.items():
            path = self.lab.folder / f"{name.replace(' ', '-')}.ini"
            path.touch(mode=0o600)
            path.write_text(text)
            for options in ((), ("--check",)):
                with self.subTest(slip=name, options=options):
                    client = self.lab.client(path, "--log_level=debug",
                                             *options)
                    self.assertEqual(client.wait(10), 3, client.tail())
                    self.assert_absent([(name, client.log.read_bytes())])

    def test_no_core_is_written(self) -> None:
        """SIGABRT, with a limit of the core file that allowed one before."""
        services.name_server(self.lab)
        self.start_server()
        command = self.lab.client_command(
            self.lab.settings(WSTunPassword=_PASSWORD))
        client = self.lab.start("client", DEVICE, [
            "prlimit", "--core=unlimited", *command])
        client.wait_for("tunnel_up")
        for view in (self.worker(client), ProcessView(client.pid)):
            self.assertEqual(view.limits()["Max core file size"], "0")
        os.kill(self.worker(client).pid, signal.SIGABRT)
        client.wait_for("worker_died")
        client.send(signal.SIGABRT)
        self.wait_until("the keeper's end",
                        lambda: client.exit_code() is not None)
        self.assertEqual(client.exit_code(), -signal.SIGABRT)


if __name__ == "__main__":
    main()
