# SPDX-License-Identifier: Apache-2.0
"""The client's life, end to end: restarts, reload, readiness, the end."""

import json
import signal
import socket
import time
from pathlib import Path

from conformance.lab import namespaces, services
from conformance.lab.e2e_case import LabCase, main
from conformance.lab.lab import INTERFACE, Lab
from conformance.lab.programs import Program

_RECONNECT_SECONDS = 20


class NotifySocket:
    """The other end of sd_notify, as the service manager has it."""

    def __init__(self, lab: Lab) -> None:
        self.path = lab.folder / "notify"
        self.path.unlink(missing_ok=True)
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._socket.bind(str(self.path))
        self._lines: list[str] = []

    def received(self, word: str, timeout: float) -> bool:
        """Whether the line `word` came, waiting at most so many seconds."""
        deadline = time.monotonic() + timeout
        while word not in self._lines:
            left = deadline - time.monotonic()
            self._socket.settimeout(max(left, 0.001))
            try:
                self._lines += self._socket.recv(4096).decode().splitlines()
            except TimeoutError:
                return False
        return True

    def all(self) -> list[str]:
        """The lines that came so far and were not forgotten."""
        self.received("", 0)
        return list(self._lines)

    def forget(self) -> None:
        """Forgets what came so far."""
        self._lines.clear()

    def close(self) -> None:
        """Closes the socket."""
        self._socket.close()


class LifecycleTest(LabCase):
    """A client with its tunnel through the events of a long life."""

    LIMIT_SECONDS = 90

    def start_server(self, *options: str) -> Program:
        """Starts OVOC again."""
        return self.lab.server(self.lab.authority.good(), *options)

    def test_a_server_restart_is_outlived(self) -> None:
        """Stopped in order, then killed: the client comes back each time."""
        server, client = self.tunnel(WSTunReconnectSpread=1)
        for end in (Program.stop, Program.kill):
            end(server)
            down = client.wait_for("tunnel_down", 5)
            self.figure(f"reason={down['reason']}")
            client.wait_for("retry", 5)
            self.assertTrue(namespaces.exists(namespaces.DEVICE, INTERFACE),
                            "the device stays while the tunnel is down")
            time.sleep(1)
            start = time.monotonic()
            server = self.start_server()
            client.wait_for("tunnel_up", _RECONNECT_SECONDS)
            self.figure(f"back after {time.monotonic() - start:.1f} s")
            self.assert_tunnel_carries()

    def test_a_hung_server_is_noticed_and_mended(self) -> None:
        """A stopped server still acknowledges TCP, but answers no ping."""
        server, client = self.tunnel(WSTunKeepAlive=2, WSTunDeadAfter=6)
        server.send(signal.SIGSTOP)
        start = time.monotonic()
        client.wait_for("tunnel_down", 20, reason="dead_peer")
        self.figure(f"noticed after {time.monotonic() - start:.1f} s")
        server.send(signal.SIGCONT)
        client.wait_for("tunnel_up", 40)
        self.figure(f"mended after {time.monotonic() - start:.1f} s")
        self.assertEqual([event["resumed"]
                          for event in client.events("verified")],
                         ["0", "1"], "the session ticket is used")
        self.assert_tunnel_carries()

    def test_a_new_overlay_address_replaces_the_old(self) -> None:
        """After a restart OVOC begins 39 behind its own address."""
        server, client = self.tunnel(WSTunReconnectSpread=1)
        self.assertEqual(namespaces.overlay_addresses(INTERFACE),
                         ["169.254.0.2/32"])
        server.kill()
        self.start_server("--overlay_first=39")
        up = client.wait_for("tunnel_up", _RECONNECT_SECONDS)
        self.assertEqual(up["overlay"], "169.254.0.40/32")
        self.assertEqual(namespaces.overlay_addresses(INTERFACE),
                         ["169.254.0.40/32"])
        self.assert_tunnel_carries()

    def test_plain_http_carries_the_tunnel_and_is_a_warning(self) -> None:
        """WSTunSecured=0 is announced at start, as loudly as a log can."""
        services.name_server(self.lab)
        self.lab.server(None)
        client = self.lab.client(self.lab.settings(WSTunSecured=0))
        warning = client.wait_for("insecure")
        self.assertEqual(warning.level, "warning")
        self.assertIn("WSTunSecured", warning["setting"])
        client.wait_for("tunnel_up")
        self.assert_tunnel_carries()

    def test_failures_that_need_a_hand_are_named_and_retried_slowly(
            self) -> None:
        """A wrong password: straight to the slow end of the back-off."""
        services.name_server(self.lab)
        self.start_server()
        client = self.lab.client(self.lab.settings(WSTunPassword="nope"))
        retry = client.wait_for("retry")
        self.assertEqual(retry["reason"], "unauthorized")
        self.assertGreaterEqual(int(retry["delay_ms"]), 30_000)
        self.assertEqual(client.events("tunnel_up"), [])

    def test_good_settings_are_taken_over_by_sighup(self) -> None:
        """The server moved to another port; the client follows."""
        services.name_server(self.lab)
        self.start_server()
        settings = self.lab.settings()
        client = self.lab.client(settings)
        client.wait_for("tunnel_up")
        other = self.lab.server(
            self.lab.authority.good(), "--overlay=169.254.0.1/18", tun="",
            listen=namespaces.SECOND_CLOUD_ADDRESS)
        self.lab.write_settings(
            settings, WSTunServer=namespaces.SECOND_CLOUD_ADDRESS,
            WSTunVerifyHostName=0)
        client.send(signal.SIGHUP)
        client.wait_for("reload", result="ok", tunnel="new",
                        changed="WSTunServer,WSTunVerifyHostName")
        client.wait_for("tunnel_up", _RECONNECT_SECONDS)
        (down,) = client.events("tunnel_down")
        self.assertEqual((down["reason"], down["detail"]), (
            "closed", "the client closed it: it has other settings (SIGHUP)"))
        other.wait_for("peer_up")
        self.assert_tunnel_carries()

    def test_sighup_closes_the_tunnel_only_if_it_must(self) -> None:
        """Unchanged, or what the next login, lookup or ping can take over."""
        services.name_server(self.lab)
        server = self.start_server()
        roots = self.lab.folder / "own_roots.pem"
        roots.write_text(Path(self.lab.authority.trusted_roots).read_text())
        settings = self.lab.settings(TLSTrustedRoots=roots)
        client = self.lab.client(settings)
        client.wait_for("tunnel_up")
        known: dict[str, object] = {"TLSTrustedRoots": roots}
        for changed, more in (
                ("nothing", {}),
                ("WSTunKeepAlive", {"WSTunKeepAlive": 1}),
                ("WSTunPassword", {"WSTunPassword": "another-one-42"}),
                ("DNSSecServerIP",
                 {"DNSSecServerIP": namespaces.SECOND_CLOUD_ADDRESS}),
                ("WSTunDeadAfter,WSTunReconnectSpread",
                 {"WSTunDeadAfter": 30, "WSTunReconnectSpread": 1})):
            known.update(more)
            self.lab.write_settings(settings, **known)
            client.send(signal.SIGHUP)
            reload = client.wait_for("reload", result="ok", tunnel="kept")
            self.assertEqual(reload["changed"], changed)
            self.assertEqual(reload["at_next_login"], changed
                             if changed == "WSTunPassword" else "")
            self.assertEqual(reload["at_next_lookup"], changed
                             if changed == "DNSSecServerIP" else "")
            self.assertNotIn("another-one", reload.text)
        self.assert_tunnel_carries()
        self.assertEqual(client.events("tunnel_down"), [])
        self.assertEqual(len(client.events("worker")), 1)
        roots.write_text(roots.read_text() + "\n# renewed\n")
        client.send(signal.SIGHUP)
        client.wait_for("reload", result="ok", tunnel="new",
                        changed="TLSTrustedRoots")
        server.wait_for("peer_down", reason="close_frame")
        retry = client.wait_for("retry")  # with the password of before last
        self.assertEqual(retry["reason"], "unauthorized")

    def test_bad_settings_are_refused_and_the_tunnel_stays(self) -> None:
        """The running settings are kept; nothing of the tunnel ends."""
        services.name_server(self.lab)
        self.start_server()
        settings = self.lab.settings()
        path = self.lab.status_file()
        client = self.lab.client(settings, f"--status_file={path}")
        client.wait_for("tunnel_up")
        self.lab.write_settings(settings, WSTunKeepAlive="often",
                                WSTunMtu="large")
        client.send(signal.SIGHUP)
        refused = client.wait_for("reload", result="refused")
        self.assertIn("WSTunKeepAlive", refused.text)
        client.wait_for_text("WSTunMtu")
        self.assertEqual(len(client.events("settings_error")), 2)
        self.assert_tunnel_carries()
        status = json.loads(path.read_text())
        self.assertEqual(status["state"], "up")
        self.assertEqual(status["reload_refused"], refused["detail"])
        self.assertEqual(client.events("tunnel_down"), [])
        self.assertIsNone(client.exit_code())
        self.lab.write_settings(settings)
        client.send(signal.SIGHUP)
        client.wait_for("reload", result="ok")
        time.sleep(0.2)
        self.assertIsNone(json.loads(path.read_text())["reload_refused"])

    def test_a_client_certificate_that_ends_soon_is_told_of(self) -> None:
        """At the start and at each SIGHUP, by log and status file."""
        own = self.lab.authority.expiring(10)
        settings = self.lab.settings(TLSCertificate=own.certificate,
                                     TLSPrivateKey=own.key)
        path = self.lab.status_file()
        client = self.lab.client(settings, f"--status_file={path}")
        warning = client.wait_for("settings_warning")
        self.assertIn("the certificate of TLSCertificate expires in 10 days",
                      warning["detail"])
        told = json.loads(path.read_text())["client_certificate"]
        self.assertEqual(told["issuer"], "CN=Lab root")
        client.send(signal.SIGHUP)
        client.wait_for("reload", result="ok")
        client.wait_for("settings_warning")
        good = self.lab.authority.good()
        self.lab.write_settings(settings, TLSCertificate=good.certificate,
                                TLSPrivateKey=good.key)
        client.send(signal.SIGHUP)
        client.wait_for("reload", result="ok")
        time.sleep(0.2)
        self.assertEqual(len(client.events("settings_warning")), 2)
        status = json.loads(path.read_text())
        self.assertNotEqual(status["client_certificate"], told)

    def test_nobody_hears_up_between_the_old_tunnel_and_the_new(
            self) -> None:
        """The service manager hears each step, "up" last."""
        services.name_server(self.lab)
        self.start_server()
        notify = NotifySocket(self.lab)
        self.addCleanup(notify.close)
        settings = self.lab.settings()
        client = self.lab.client(settings, environment={
            "NOTIFY_SOCKET": str(notify.path)})
        client.wait_for("tunnel_up")
        up = ("STATUS=the tunnel is up, with the overlay address"
              " 169.254.0.2/32")
        self.assertTrue(notify.received(up, 3))
        notify.forget()
        self.lab.write_settings(settings, WSTunMtu=1400)
        client.send(signal.SIGHUP)
        client.wait_for("reload", result="ok", tunnel="new")
        client.wait_for("tunnel_up", _RECONNECT_SECONDS)
        self.assertTrue(notify.received(up, 3))
        steps = [line for line in notify.all() if line.startswith("STATUS=")]
        self.assertEqual([step for step in steps if "is up" in step], [up])
        self.assertEqual(steps[-1], up)

    def test_sigterm_closes_in_order_and_removes_the_device(self) -> None:
        """Close 1000 reaches OVOC; exit code 0."""
        server, client = self.tunnel()
        self.assertTrue(namespaces.exists(namespaces.DEVICE, INTERFACE))
        client.send(signal.SIGTERM)
        self.assertEqual(client.wait(5), 0)
        server.wait_for("peer_down", 5, reason="close_frame")
        client.wait_for("stop", reason="SIGTERM")
        (down,) = client.events("tunnel_down")
        self.assertEqual((down["reason"], down["detail"]), (
            "closed", "the client closed it: received SIGTERM"))
        self.assertFalse(namespaces.exists(namespaces.DEVICE, INTERFACE))

    def test_sigquit_ends_in_order_and_other_signals_end_nothing(
            self) -> None:
        """Every end says why, so no signal ends the client unheard."""
        path = self.lab.status_file()
        server, client = self.tunnel(
            client_options=[f"--status_file={path}"])
        for number in (signal.SIGUSR1, signal.SIGUSR2, signal.SIGALRM,
                       signal.SIGPROF, signal.SIGIO, signal.SIGRTMIN):
            client.send(number)
        self.assert_tunnel_carries()
        self.assertIsNone(client.exit_code())
        client.send(signal.SIGQUIT)
        self.assertEqual(client.wait(5), 0)
        server.wait_for("peer_down", 5, reason="close_frame")
        client.wait_for("stop", reason="SIGQUIT")
        self.assertEqual(json.loads(path.read_text())["exit_code"], 0)

    def test_the_last_frame_is_close_1000_and_each_is_masked(self) -> None:
        """As an implementation of its own sees it, over plain HTTP."""
        services.name_server(self.lab)
        witness = self.lab.agent("frame_witness", namespaces.CLOUD,
                                 namespaces.CLOUD_ADDRESS, 80)
        witness.wait_for("listening")
        client = self.lab.client(self.lab.settings(WSTunSecured=0,
                                                   WSTunKeepAlive=1))
        client.wait_for("tunnel_up")
        witness.wait_for("frame", opcode="9")
        client.send(signal.SIGTERM)
        self.assertEqual(client.wait(5), 0)
        witness.wait_for("end", 5)
        frames = witness.events("frame")
        self.assertEqual({frame["masked"] for frame in frames}, {"1"})
        self.assertEqual([frame["code"] for frame in frames
                          if frame["opcode"] == "8"], ["1000"])
        self.assertEqual(frames[-1]["opcode"], "8")

    def test_sigterm_ends_a_client_without_tunnel_too(self) -> None:
        """While it waits for the next attempt."""
        services.name_server(self.lab)
        client = self.lab.client(self.lab.settings())
        client.wait_for("retry")
        client.send(signal.SIGTERM)
        self.assertEqual(client.wait(5), 0)
        self.assertFalse(namespaces.exists(namespaces.DEVICE, INTERFACE))

    def test_ready_is_told_when_the_client_runs_whatever_ovoc_does(
            self) -> None:
        """sd_notify: READY=1 without OVOC; STATUS= says what is missing."""
        services.name_server(self.lab)
        notify = NotifySocket(self.lab)
        self.addCleanup(notify.close)
        client = self.lab.client(self.lab.settings(), environment={
            "NOTIFY_SOCKET": str(notify.path), "WATCHDOG_USEC": "2000000"})
        client.wait_for("worker")
        self.assertTrue(notify.received("READY=1", 3))
        client.wait_for("retry")
        self.assertTrue(notify.received(
            "STATUS=the tunnel is down: the connection to the server failed;"
            " waiting for the next attempt", 3))
        self.start_server()
        client.wait_for("tunnel_up", _RECONNECT_SECONDS)
        self.assertTrue(notify.received(
            "STATUS=the tunnel is up, with the overlay address"
            " 169.254.0.2/32", 3))
        notify.forget()
        self.assertTrue(notify.received("WATCHDOG=1", 3))
        notify.forget()
        self.assertTrue(notify.received("WATCHDOG=1", 3))
        client.send(signal.SIGTERM)
        self.assertTrue(notify.received("STOPPING=1", 3))
        self.assertTrue(notify.received("EXTEND_TIMEOUT_USEC=10000000", 3))
        self.assertTrue(notify.received("STATUS=stopped: received SIGTERM",
                                        5))

    def test_the_status_file_follows_the_tunnel(self) -> None:
        """Up with its address; waiting with the reason."""
        services.name_server(self.lab)
        server = self.start_server()
        path = self.lab.status_file()
        client = self.lab.client(self.lab.settings(WSTunVerifyHostName=0),
                                 f"--status_file={path}")
        client.wait_for("tunnel_up")
        time.sleep(0.5)
        status = json.loads(path.read_text())
        self.assertEqual(status["state"], "up")
        self.assertIn("169.254.0.2", status["overlay_address"])
        self.assertEqual(status["insecure"], ["WSTunVerifyHostName=0"])
        server.kill()
        client.wait_for("retry")
        time.sleep(0.5)
        self.assertNotEqual(json.loads(path.read_text())["state"], "up")

    def test_the_status_file_takes_no_other_files_place(self) -> None:
        """Neither at the start nor after a reload that names it."""
        roots = self.lab.folder / "own_roots.pem"
        roots.write_text(Path(self.lab.authority.trusted_roots).read_text())
        kept = roots.read_text()
        settings = self.lab.settings(TLSTrustedRoots=roots)
        for path, what in ((settings, "the settings file"),
                           (roots, "the file of TLSTrustedRoots")):
            before = path.read_text()
            client = self.lab.client(settings, f"--status_file={path}")
            self.assertEqual(client.wait(5), 2)
            client.wait_for_text(f"is {what}; choose another path")
            self.assertEqual(path.read_text(), before)
        services.name_server(self.lab)
        self.start_server()
        path = self.lab.status_file()
        client = self.lab.client(settings, f"--status_file={path}")
        client.wait_for("tunnel_up")
        self.lab.write_settings(settings, TLSTrustedRoots=path)
        client.send(signal.SIGHUP)
        refused = client.wait_for("reload", result="refused")
        self.assertIn("is the file of TLSTrustedRoots", refused.text)
        self.assertEqual(roots.read_text(), kept)
        self.assert_tunnel_carries()


if __name__ == "__main__":
    main()
