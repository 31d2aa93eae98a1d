# SPDX-License-Identifier: Apache-2.0
"""How a worker ends, and what the keeper makes of it. Needs root."""

import json
import os
import signal
from pathlib import Path

from conformance.hardening import intruder
from conformance.hardening.process_view import ProcessView
from conformance.hardening.worker_case import WorkerCase
from conformance.lab import namespaces, services
from conformance.lab.e2e_case import main
from conformance.lab.lab import INTERFACE
from conformance.lab.namespaces import DEVICE
from conformance.lab.programs import Program

_EXIT_USAGE = 2
_EXIT_SANDBOX = 11
_CRASHES = 4
_SLOW_SECONDS = 20  # four waits of the back-off: at most 1 + 2 + 4 + 8
_NO_ADDRESS = 0
_AT_FDCWD = -100
_OTHER = 5  # a descriptor of the worker's that is not its channel
_SOME_PLACE = 0x10000  # an address in memory; the filter looks at no memory


def interface_index() -> str:
    """The index of the tunnel's device: a new device has another."""
    shown = namespaces.run(DEVICE, ["ip", "-oneline", "link", "show", "dev",
                                    INTERFACE])
    return shown.partition(":")[0]


class WorkerLifeTest(WorkerCase):
    """A client whose worker dies."""

    LIMIT_SECONDS = 90

    def test_a_worker_that_crashes_is_started_again_with_back_off(
            self) -> None:
        """The device stays, the tunnel comes back; each wait has its cap."""
        _, client = self.tunnel()
        index = interface_index()
        workers = [self.worker(client)]
        for number in (signal.SIGKILL, signal.SIGSEGV, signal.SIGABRT,
                       signal.SIGBUS)[:_CRASHES]:
            os.kill(workers[-1].pid, number)
            died = client.wait_for("worker_died")
            self.assertIn(f"signal {int(number)} ", died["detail"])
            self.assertEqual(died.level, "error")
            workers.append(self.next_worker(client, _SLOW_SECONDS))
            client.wait_for("tunnel_up", _SLOW_SECONDS)
            self.assertEqual(interface_index(), index)
        self.assert_tunnel_carries()
        self.assertEqual(len({view.pid for view in workers}), _CRASHES + 1)
        delays = [int(event["delay_ms"])
                  for event in client.events("worker_died")]
        self.figure(f"waits {delays} ms")
        for delay, ceiling in zip(delays, (1000, 2000, 4000, 8000)):
            self.assertLessEqual(delay, ceiling)

    def test_the_status_file_says_that_the_worker_died(self) -> None:
        """While the keeper waits; `up` again afterwards."""
        services.name_server(self.lab)
        self.lab.server(self.lab.authority.good())
        path = self.lab.status_file()
        client = self.lab.client(self.lab.settings(),
                                 f"--status_file={path}")
        client.wait_for("tunnel_up")
        seen: dict[str, str] = {}
        for _ in range(_CRASHES):  # the random wait may be too short to see
            os.kill(self.worker(client).pid, signal.SIGSEGV)
            client.wait_for("worker_died")
            while not seen and len(client.events("worker_died")) > len(
                    client.events("tunnel_up")) - 1:
                status = json.loads(path.read_text())
                seen = status if status["reason"] == "worker_died" else {}
            client.wait_for("tunnel_up", _SLOW_SECONDS)
            if seen:
                break
        self.assertEqual(seen["state"], "waiting")
        self.assertIn("signal 11", seen["detail"])
        self.wait_until("state up", lambda: json.loads(
            path.read_text())["state"] == "up")

    def test_a_keeper_that_is_killed_takes_all_with_it(self) -> None:
        """The worker ends, and the device with it."""
        _, client = self.tunnel()
        worker = self.worker(client)
        self.assertTrue(worker.exists())
        client.kill()
        self.wait_until("the worker's end", lambda: not worker.exists())
        self.wait_until("the device's end", lambda: not namespaces.exists(
            DEVICE, INTERFACE))

    def test_sighup_starts_a_worker_with_the_new_settings(self) -> None:
        """Another process; the one before has closed its tunnel in order."""
        services.name_server(self.lab)
        server = self.lab.server(self.lab.authority.good())
        settings = self.lab.settings()
        client = self.lab.client(settings)
        before = self.next_worker(client)
        client.wait_for("tunnel_up")
        self.lab.write_settings(settings, WSTunMtu=1400)
        client.send(signal.SIGHUP)
        client.wait_for("reload", result="ok", tunnel="new",
                        changed="WSTunMtu")
        server.wait_for("peer_down", reason="close_frame")
        after = self.next_worker(client)
        client.wait_for("tunnel_up")
        self.assertNotEqual(before.pid, after.pid)
        self.assertFalse(before.exists())
        self.assertEqual(client.events("worker_died"), [])
        self.assert_tunnel_carries()

    def test_sigterm_ends_both(self) -> None:
        """No worker is left behind an orderly end."""
        _, client = self.tunnel()
        worker = self.worker(client)
        client.send(signal.SIGTERM)
        self.assertEqual(client.wait(5), 0)
        self.assertFalse(worker.exists())


class FilterTest(WorkerCase):
    """A worker in an intruder's hands is stopped, named and replaced."""

    LIMIT_SECONDS = 90

    _has_services = False

    def test_the_call_that_the_filter_stopped_is_named(self) -> None:
        """Opening a file, then a UNIX socket."""
        if not intruder.is_possible():
            self.skipTest("the intruder knows x86-64 only")
        _, client = self.tunnel()
        for name, number, arguments in (
                ("openat", intruder.OPENAT, (_AT_FDCWD, _NO_ADDRESS, 0)),
                ("socket", intruder.SOCKET,
                 (intruder.AF_UNIX, intruder.SOCK_STREAM, 0))):
            worker = self.worker(client)
            intruder.make_call(worker, number, *arguments)
            died = client.wait_for("worker_died")
            self.assertEqual(
                died["detail"],
                f"killed by the system-call filter at {name}")
            self.next_worker(client)
            client.wait_for("tunnel_up", _SLOW_SECONDS)
            self.assertNotEqual(self.worker(client).pid, worker.pid)
        self.assert_tunnel_carries()

    def test_it_makes_no_socket_and_reaches_no_other_end(self) -> None:
        """Each call that could, on every kernel; none needs Landlock."""
        if not intruder.is_possible():
            self.skipTest("the intruder knows x86-64 only")
        for name, number, arguments in (
                ("socket", intruder.SOCKET,
                 (intruder.AF_INET,
                  intruder.SOCK_STREAM | intruder.SOCK_FLAGS, 0)),
                ("socket", intruder.SOCKET,
                 (intruder.AF_INET,
                  intruder.SOCK_DGRAM | intruder.SOCK_FLAGS, 0)),
                ("connect", intruder.CONNECT, (_OTHER, _SOME_PLACE, 16)),
                ("sendto", intruder.SENDTO,
                 (_OTHER, _SOME_PLACE, 1, intruder.MSG_FASTOPEN, _SOME_PLACE,
                  16)),
                ("sendto", intruder.SENDTO,
                 (_OTHER, _SOME_PLACE, 1, 0, _SOME_PLACE, 16)),
                ("recvmsg", intruder.RECVMSG, (_OTHER, _SOME_PLACE, 0))):
            self.assert_stopped(name, number, arguments)

    def assert_stopped(self, name: str, number: int,
                       arguments: tuple[int, ...]) -> None:
        """A worker of a new client that makes the call is ended for it."""
        with self.subTest(call=name, arguments=arguments):
            if not self._has_services:
                services.name_server(self.lab)
                self.lab.server(self.lab.authority.good())
                self._has_services = True
            client = self.lab.client(self.lab.settings())
            worker = self.next_worker(client)
            client.wait_for("tunnel_up", _SLOW_SECONDS)
            intruder.make_call(worker, number, *arguments)
            self.assertEqual(
                client.wait_for("worker_died")["detail"],
                f"killed by the system-call filter at {name}")
            client.kill()
            self.wait_until("the device's end", lambda: not namespaces.exists(
                DEVICE, INTERFACE))

    def test_an_allowed_call_passes(self) -> None:
        """The intruder itself is not what ends the worker: it calls exit."""
        if not intruder.is_possible():
            self.skipTest("the intruder knows x86-64 only")
        _, client = self.tunnel()
        intruder.make_call(self.worker(client), intruder.EXIT_GROUP, 77)
        died = client.wait_for("worker_died")
        self.assertEqual(died["detail"], "exit code 77")


class RefusalTest(WorkerCase):
    """A client that cannot be confined does not run, and says why."""

    def refused(self, code: int, *words: str,
                limits: tuple[str, ...] = (), options: tuple[str, ...] = (),
                settings: Path | None = None) -> Program:
        """Runs a client that must end with `code` and all of `words`."""
        command = self.lab.client_command(settings or self.lab.settings(),
                                          *options)
        client = self.lab.start("client", DEVICE, [*limits, *command])
        self.assertEqual(client.wait(10), code, client.tail())
        for word in words:
            self.assertIn(word, client.tail())
        self.assertEqual(client.events("worker"), [])
        return client

    def test_a_user_that_cannot_be_had_is_named(self) -> None:
        """Without CAP_SETUID there is no other user; the remedy is told."""
        self.refused(_EXIT_SANDBOX, "--worker_uid", "1000",
                     options=("--worker_uid=1000",),
                     limits=without("setuid", "setgid"))

    def test_root_is_no_user_for_a_worker(self) -> None:
        """Neither by number nor by name; nor is a name that is not there."""
        for user in ("0", "root", "no-such-user"):
            with self.subTest(user=user):
                self.refused(_EXIT_USAGE, "--worker_uid", f"'{user}'",
                             options=(f"--worker_uid={user}",))

    def test_the_missing_capability_is_named(self) -> None:
        """Each one that the keeper needs, taken away by setpriv(1)."""
        for capability, code in (("sys_chroot", _EXIT_SANDBOX),
                                 ("setuid", _EXIT_SANDBOX),
                                 ("setgid", _EXIT_SANDBOX),
                                 ("net_admin", _EXIT_SANDBOX)):
            with self.subTest(capability=capability):
                self.refused(code, "CAP_" + capability.upper(),
                             limits=without(capability))

    def test_an_ordinary_user_is_told_what_is_missing(self) -> None:
        """No capability at all."""
        settings = self.lab.settings()
        settings.chmod(0o644)
        self.refused(_EXIT_SANDBOX, "CAP_", settings=settings, limits=(
            "setpriv", "--reuid=1000", "--regid=1000", "--clear-groups",
            "--inh-caps=-all", "--bounding-set=-all"))


def without(*capabilities: str) -> tuple[str, ...]:
    """A prefix that starts a program without these capabilities."""
    dropped = ",".join(f"-{name}" for name in capabilities)
    return ("setpriv", f"--inh-caps={dropped}", f"--bounding-set={dropped}")


if __name__ == "__main__":
    main()
