# SPDX-License-Identifier: Apache-2.0
"""The status file of a real run against nginx, held against openssl."""

import base64
import ipaddress
import json
import re
import time
from collections.abc import Callable
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

from conformance.lab import namespaces, proxies, services
from conformance.lab.e2e_case import LabCase, main
from conformance.lab.lab import HOST, PASSWORD, USER
from conformance.lab.namespaces import CLOUD, CLOUD_ADDRESS, DEVICE
from conformance.lab.programs import NotSeen, Program

_DEFAULT = Path("/run/ovoc-tunnel")  # /run is the enclosure's own

Status = dict[str, Any]


def read(path: Path) -> Status:
    """The status, which is there as a whole or not at all."""
    found: Status = json.loads(path.read_text())
    return found


def wait_until(path: Path, what: Callable[[Status], bool]) -> Status:
    """The first status of which that is true."""
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        if path.exists() and what(status := read(path)):
            return status
        time.sleep(0.1)
    raise NotSeen(path.read_text() if path.exists() else f"no {path}")


def instant(text: str) -> datetime:
    """A time of the status file."""
    return datetime.strptime(text, "%Y-%m-%dT%H:%M:%S.%fZ").replace(
        tzinfo=timezone.utc)


def openssls_view() -> dict[str, str]:
    """What openssl shows of the certificate that the server presents."""
    chain = namespaces.run(DEVICE, [
        "openssl", "s_client", "-connect", f"{CLOUD_ADDRESS}:443",
        "-servername", HOST], text="")
    shown = namespaces.run(DEVICE, [
        "openssl", "x509", "-noout", "-fingerprint", "-sha256", "-subject",
        "-issuer", "-nameopt", "RFC2253", "-dates", "-dateopt", "iso_8601",
        "-ext", "subjectAltName"], text=chain)
    view = dict(line.split("=", 1) for line in shown.splitlines()
                if re.match(r"\w[\w ]*=", line))
    new = re.search(r"^New, (TLSv1\.\d), Cipher is ", chain, re.MULTILINE)
    view["version"] = new.group(1) if new else "none"
    view["names"] = next(line.strip() for line in shown.splitlines()
                         if "DNS:" in line)
    return view


def names(shown: str) -> list[str]:
    """The names that openssl shows, addresses in their usual form."""
    found = []
    for each in shown.split(", "):
        kind, _, name = each.partition(":")
        found.append(str(ipaddress.ip_address(name)) if kind == "IP Address"
                     else name)
    return found


class StatusTest(LabCase):
    """A client behind nginx, and what it says of itself."""

    def setUp(self) -> None:
        """Everything but the client."""
        super().setUp()
        services.name_server(self.lab)
        proxies.stand_in(self.lab)
        self.nginx = proxies.nginx(self.lab)

    def client(self, *options: str) -> Program:
        """Starts a client that pings each second, and waits for its tunnel."""
        client = self.lab.client(self.lab.settings(
            WSTunKeepAlive=1, WSTunReconnectSpread=1), *options)
        client.wait_for("tunnel_up")
        return client

    def test_the_certificate_is_the_one_that_openssl_sees(self) -> None:
        """Its digest, names, subject, issuer and dates."""
        path = self.lab.status_file()
        self.client(f"--status_file={path}")
        status = wait_until(path, lambda s: s["state"] == "up")
        shown, view = status["certificate"], openssls_view()
        self.assertEqual(shown["sha256"].upper(),
                         view["sha256 Fingerprint"].replace(":", ""))
        self.assertEqual(shown["names"], names(view["names"]))
        self.assertEqual(shown["names_left_out"], 0)
        self.assertEqual(shown["subject"], view["subject"])
        self.assertEqual(shown["issuer"], view["issuer"])
        for ours, theirs in (("not_before", "notBefore"),
                             ("not_after", "notAfter")):
            self.assertEqual(instant(shown[ours]).strftime("%Y-%m-%d %H:%M:%SZ"),
                             view[theirs])
        self.assertIs(shown["verified"], True)
        self.assertEqual(status["tls"]["version"], view["version"])
        self.assertRegex(status["tls"]["cipher"], r"^TLS_[A-Z0-9_]+$")
        self.assertTrue(status["tls"]["group"])
        self.assertIs(status["tls"]["resumed"], False)

    def test_pings_are_measured(self) -> None:
        """Within the lab a round trip is short, and it is not nothing."""
        path = self.lab.status_file()
        self.client(f"--status_file={path}")
        status = wait_until(path, lambda s: s["round_trip"] is not None)
        trip = status["round_trip"]
        self.assertLess(0, trip["minimum_ms"])
        self.assertLessEqual(trip["minimum_ms"], trip["last_ms"])
        self.assertLess(trip["smoothed_ms"], 1000)
        self.figure(f"round trip {trip}")

    def test_an_end_is_counted_and_its_retry_announced(self) -> None:
        """And told among the events, with what came after it."""
        path = self.lab.status_file()
        client = self.client(f"--status_file={path}")
        status = wait_until(path, lambda s: s["state"] == "up")
        self.assertEqual(status["ends"], {})
        self.assertIsNone(status["next_attempt"])
        self.nginx.kill()
        down = client.wait_for("tunnel_down", 5)
        status = wait_until(path, lambda s: s["next_attempt"] is not None)
        self.assertGreaterEqual(status["ends"][down["reason"]], 1)
        wait = instant(status["next_attempt"]) - instant(status["updated"])
        self.assertLess(abs(wait.total_seconds()), 60)
        self.assertIsNone(status["round_trip"])
        proxies.nginx(self.lab)
        client.wait_for("tunnel_up", 20)
        # A word of the log is in the file at most a second later.
        status = wait_until(path, lambda s: s["events"][-1]["event"] == "tunnel_up")
        words = [event["event"] for event in status["events"]]
        self.assertIn("start", words)
        self.assertEqual(words.count("tunnel_down"), 1)
        for event in status["events"]:
            instant(event["time"])
            self.assertLessEqual(len(event["text"]), 256)

    def test_without_an_option_it_is_in_the_folder_of_run(self) -> None:
        """If that is there; the client's last word is its exit."""
        _DEFAULT.mkdir(mode=0o755)
        self.addCleanup(_DEFAULT.rmdir)
        path = _DEFAULT / "status.json"
        self.addCleanup(path.unlink)
        client = self.client()
        wait_until(path, lambda s: s["state"] == "up")
        client.stop()
        status = read(path)
        self.assertEqual(status["exit_code"], 0)
        self.assertEqual(status["events"][-1]["event"], "exit")

    def test_a_folder_that_others_may_write_into_is_not_used(self) -> None:
        """The log says so, and the tunnel comes up."""
        _DEFAULT.mkdir()
        self.addCleanup(_DEFAULT.rmdir)
        _DEFAULT.chmod(0o777)
        client = self.client()
        self.assertEqual(len(client.events("status_file_unused")), 1)
        self.assertEqual(list(_DEFAULT.iterdir()), [])


class RepeatedLoginTest(LabCase):
    """A server whose answer has the login in it, as a debugging page does."""

    def test_neither_events_nor_detail_have_it(self) -> None:
        """Although its status line is quoted otherwise."""
        services.name_server(self.lab)
        pair = self.lab.authority.good()
        login = base64.b64encode(f"{USER}:{PASSWORD}".encode()).decode()
        for shown, reason in (("because", "because"), (login, ""), (PASSWORD, "")):
            with self.subTest(shown=shown):
                ovoc = self.lab.agent("useless_ovoc", CLOUD, CLOUD_ADDRESS, 443,
                                      "answer", pair.certificate, pair.key,
                                      f"HTTP/1.1 403 {shown}")
                ovoc.wait_for("listening")
                path = self.lab.status_file()
                client = self.lab.client(self.lab.settings(),
                                         f"--status_file={path}")
                client.wait_for("retry")
                status = wait_until(path, lambda s: "retry" in [
                    event["event"] for event in s["events"]])
                self.assertEqual(status["reason"], "http_status")
                self.assertIn(reason, status["detail"])
                whole = path.read_text()
                self.assertNotIn(login.rstrip("="), whole)
                self.assertNotIn(PASSWORD, whole)
                client.stop()
                ovoc.stop()


if __name__ == "__main__":
    main()
