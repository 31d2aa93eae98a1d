# SPDX-License-Identifier: Apache-2.0
"""The client in an environment that does it no good. Needs root."""

import errno
import fcntl
import json
import os
import platform
import signal
import socket
import subprocess
import sys
import termios
import time
from collections.abc import Sequence
from datetime import datetime, timezone
from pathlib import Path

from conformance.hardening.worker_case import WorkerCase
from conformance.lab import namespaces, services
from conformance.lab.e2e_case import main
from conformance.lab.namespaces import DEVICE
from conformance.lab.programs import Program

_STARTER = str(Path(__file__).with_name("odd_start.py"))
_PIPE_BYTES = 4096
# The same numbers on every architecture of the last ten years.
_OPENAT2 = 437
_LANDLOCK_CREATE_RULESET = 444
_LANDLOCK_RESTRICT_SELF = 446
_SLOW_SECONDS = 30
# The C library's fork(2).
_CLONE = {"x86_64": 56, "aarch64": 220}


def _no_fork(error: int) -> list[str]:
    """The kinds of odd start with which no process can be started."""
    return [f"refuse={_CLONE[platform.machine()]}:{error}"]



class OddCase(WorkerCase):
    """A client whose standard error may be unread: its status is a file."""

    LIMIT_SECONDS = 90

    def setUp(self) -> None:
        """A new status file, a name server, an OVOC."""
        super().setUp()
        self.path = self.lab.status_file()
        services.name_server(self.lab)

    def ovoc(self) -> None:
        """Starts OVOC."""
        self.lab.server(self.lab.authority.good())

    def odd(self, *kinds: str, settings: Path | None = None) -> Program:
        """Starts a client oddly."""
        command = self.lab.client_command(settings or self.lab.settings(),
                                          f"--status_file={self.path}")
        return self.lab.start("client", DEVICE, [
            sys.executable, _STARTER, *kinds, "--", *command])

    def status(self) -> dict[str, object]:
        """What the status file says; empty before there is one."""
        if not self.path.exists():
            return {}
        found = json.loads(self.path.read_text())
        assert isinstance(found, dict)
        return found

    def wait_for_state(self, state: str,
                       timeout: float = _SLOW_SECONDS) -> dict[str, object]:
        """Waits until the status file says so."""
        self.wait_until(f"state {state}",
                        lambda: self.status().get("state") == state, timeout)
        return self.status()

    def assert_ended(self, client: Program, code: int, reason: str,
                     *words: str) -> None:
        """Exit code, log and status agree on the end, and on its reason."""
        self.assertEqual(client.wait(20), code, client.tail())
        status = self.status()
        self.assertEqual((status["state"], status["reason"],
                          status["exit_code"]), ("stopped", reason, code))
        exits = client.events("exit")
        self.assertEqual([(event["code"], event["reason"])
                          for event in exits], [(str(code), reason)])
        for word in words:
            self.assertIn(word, str(status["detail"]))
            self.assertIn(word, exits[0]["detail"])


class OddStartTest(OddCase):
    """What is inherited at the start."""

    def test_a_worker_is_buried_whatever_was_ignored_at_the_start(
            self) -> None:
        """SIGCHLD ignored, as some supervisors leave it."""
        self.ovoc()
        client = self.odd("ignored")
        client.wait_for("tunnel_up", _SLOW_SECONDS)
        os.kill(self.worker(client).pid, signal.SIGKILL)
        died = client.wait_for("worker_died", 5)
        self.assertIn("signal 9 ", died["detail"])
        client.wait_for("tunnel_up", _SLOW_SECONDS)
        self.assert_tunnel_carries()
        client.send(signal.SIGHUP)
        client.wait_for("reload", result="ok")
        client.send(signal.SIGTERM)
        self.assertEqual(client.wait(10), 0)

    def test_nothing_that_is_inherited_keeps_the_tunnel_down(self) -> None:
        """All at once; no log, as standard error is closed."""
        self.ovoc()
        client = self.odd("limits", "ignored", "blocked", "mask", "alarm",
                          "closed")
        self.wait_for_state("up")
        time.sleep(3)  # the alarm would have come
        self.assertEqual(self.status()["state"], "up")
        self.assertEqual(self.path.stat().st_mode & 0o777, 0o644)
        self.assert_tunnel_carries()
        client.send(signal.SIGTERM)
        self.assertEqual(client.wait(10), 0)

    def test_the_mark_tells_the_workers_lines_from_the_keepers(self) -> None:
        """Each line comes from whom it says."""
        self.ovoc()
        client = self.odd()
        client.wait_for("tunnel_up", _SLOW_SECONDS)
        client.send(signal.SIGTERM)
        client.wait(10)
        for event in client.events():
            self.assertEqual(event.from_worker, event.name not in (
                "start", "worker", "stop", "exit", "insecure",
                "settings_warning"), event.text)


class UnreadErrorsTest(OddCase):
    """Standard error that nobody reads."""

    def start(self, errors: int) -> "subprocess.Popen[bytes]":
        """Starts a client with this standard error."""
        command = self.lab.client_command(
            self.lab.settings(), f"--status_file={self.path}",
            "--log_level=debug")
        client = subprocess.Popen(namespaces.inside(DEVICE, command),
                                  stdin=subprocess.DEVNULL, stderr=errors)
        self.addCleanup(client.wait, 10)
        self.addCleanup(client.kill)
        return client

    def assert_lives(self, client: "subprocess.Popen[bytes]") -> None:
        """The tunnel comes up, the lost lines are counted."""
        self.wait_for_state("up")
        self.assert_tunnel_carries()
        self.wait_until("lost lines", lambda: self.counter() > 0, 10)
        self.assertIsNone(client.poll())

    def counter(self) -> int:
        """How many lines were lost, by the status."""
        counters = self.status()["counters"]
        assert isinstance(counters, dict)
        return int(counters["log_lines_dropped"])

    def assert_ends(self, client: "subprocess.Popen[bytes]") -> None:
        """SIGTERM is followed."""
        client.send_signal(signal.SIGTERM)
        self.assertEqual(client.wait(10), 0)

    def test_a_pipe(self) -> None:
        """Full; then read again: what was lost is said."""
        self.ovoc()
        reader, writer = os.pipe()
        self.addCleanup(os.close, reader)
        fcntl.fcntl(writer, fcntl.F_SETPIPE_SZ, _PIPE_BYTES)
        os.write(writer, b"x" * _PIPE_BYTES)
        client = self.start(writer)
        self.assertEqual(fcntl.fcntl(writer, fcntl.F_GETFL) & os.O_NONBLOCK,
                         0, "what others share stays as it is")
        os.close(writer)
        self.assert_lives(client)
        os.set_blocking(reader, False)
        os.read(reader, _PIPE_BYTES)
        said = b""
        deadline = time.monotonic() + 15
        while b"event=log_dropped lines=" not in said:
            self.assertLess(time.monotonic(), deadline, said)
            time.sleep(0.1)
            try:
                said += os.read(reader, _PIPE_BYTES)
            except BlockingIOError:
                pass
        self.assert_ends(client)

    def test_a_wrong_command_line(self) -> None:
        """It ends with its code, whoever reads why."""
        reader, writer = os.pipe()
        self.addCleanup(os.close, reader)
        fcntl.fcntl(writer, fcntl.F_SETPIPE_SZ, _PIPE_BYTES)
        os.write(writer, b"x" * _PIPE_BYTES)
        client = subprocess.Popen(
            [*self.lab.client_command(self.lab.settings()), "--wrong"],
            stdin=subprocess.DEVNULL, stderr=writer)
        self.addCleanup(client.kill)
        os.close(writer)
        self.assertEqual(client.wait(10), 2)

    def test_a_socket(self) -> None:
        """As a journal that hangs."""
        self.ovoc()
        journal, errors = socket.socketpair()
        self.addCleanup(journal.close)
        errors.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 1)
        errors.setblocking(False)
        try:
            while True:
                errors.send(b"x" * 256)
        except BlockingIOError:
            errors.setblocking(True)
        client = self.start(errors.fileno())
        errors.close()
        self.assert_lives(client)
        self.assert_ends(client)

    def test_a_terminal(self) -> None:
        """As after Ctrl-S."""
        self.ovoc()
        screen, terminal = os.openpty()
        self.addCleanup(os.close, screen)
        termios.tcflow(terminal, termios.TCOOFF)
        client = self.start(terminal)
        os.close(terminal)
        self.assert_lives(client)
        self.assert_ends(client)


    def test_a_check_whose_report_nobody_reads_ends_when_asked(self) -> None:
        """Its report is for a person and waits for one; SIGTERM is heard."""
        self.ovoc()
        reader, writer = os.pipe()
        self.addCleanup(os.close, reader)
        fcntl.fcntl(writer, fcntl.F_SETPIPE_SZ, _PIPE_BYTES)
        os.write(writer, b"x" * _PIPE_BYTES)
        command = self.lab.client_command(self.lab.settings(), "--check")
        check = subprocess.Popen(
            namespaces.inside(DEVICE, [sys.executable, _STARTER, "ignored",
                                       "blocked", "--", *command]),
            stdin=subprocess.DEVNULL, stdout=writer)
        self.addCleanup(check.wait, 10)
        self.addCleanup(check.kill)
        os.close(writer)
        time.sleep(3)
        self.assertIsNone(check.poll(), "it waits for its reader")
        check.terminate()
        self.assertEqual(check.wait(5), -signal.SIGTERM)


class EndTest(OddCase):
    """Every end leaves its reason."""

    def test_settings(self) -> None:
        """Exit code 3, over the status of a process before."""
        self.path.write_text('{"state":"up"}\n')
        client = self.odd(settings=self.lab.settings(WSTunKeepAlive="often"))
        self.assert_ended(client, 3, "settings", "WSTunKeepAlive")

    def test_command_line(self) -> None:
        """Exit code 2, in the status file that the rest of it names."""
        client = self.lab.client(self.lab.settings(), "--bogus",
                                 f"--status_file={self.path}")
        self.assert_ended(client, 2, "command_line", "--bogus")

    def test_interface(self) -> None:
        """Exit code 10: the device is another client's."""
        self.ovoc()
        first = self.lab.client(self.lab.settings())
        first.wait_for("tunnel_up")
        client = self.odd()
        self.assert_ended(client, 10, "interface")

    def test_a_limit_that_allows_no_worker(self) -> None:
        """Exit code 11. root is exempt from RLIMIT_NPROC on some machines, so
        fork(2) is made to fail as the limit makes it."""
        client = self.odd("processes=0", *_no_fork(errno.EAGAIN))
        self.assert_ended(client, 11, "sandbox", "RLIMIT_NPROC is 0")

    def test_a_limit_that_allows_too_little_memory(self) -> None:
        """Exit code 11 as well, before an allocation fails."""
        client = self.odd("data=2000000")
        self.assert_ended(client, 11, "sandbox", "RLIMIT_DATA is 2000000")

    def test_processes_that_are_used_up_are_waited_for(self) -> None:
        """The reason is in log and status, and so is that of the end."""
        for error in (errno.EAGAIN, errno.ENOMEM):
            with self.subTest(error=errno.errorcode[error]):
                client = self.odd(*_no_fork(error))
                detail = client.wait_for("worker_failed")["detail"]
                status = self.wait_for_state("waiting")
                self.assertEqual((status["reason"], status["detail"]),
                                 ("worker_failed", detail))
                client.send(signal.SIGTERM)
                self.assertEqual(client.wait(10), 0)
                status = self.status()
                self.assertEqual((status["state"], status["reason"]),
                                 ("stopped", "done"))

    def test_a_killed_keepers_file_can_be_told(self) -> None:
        """Renewed every few seconds while it lives; stale afterwards."""
        client = self.odd()
        self.wait_for_state("waiting")
        first = self.status()["updated"]
        self.wait_until("a renewal",
                        lambda: self.status()["updated"] != first, 10)
        self.assertEqual(self.status()["pid"], client.pid)
        client.kill()
        status = self.status()
        self.assertIsNone(status["exit_code"])
        self.assertFalse(Path(f"/proc/{status['pid']}").exists())
        time.sleep(6)
        updated = datetime.fromisoformat(str(status["updated"]))
        age = (datetime.now(timezone.utc) - updated).total_seconds()
        self.assertGreater(age, float(str(status["update_period_s"])))

    def test_a_full_file_system_is_said_once(self) -> None:
        """And again when it works again; the file can be told as stale."""
        disk = self.lab.folder / "disk"
        disk.mkdir()
        subprocess.run(["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs",
                        str(disk)], check=True, timeout=10)
        self.addCleanup(subprocess.run, ["umount", "--lazy", str(disk)],
                        check=True, timeout=10)
        self.path = disk / "status.json"
        client = self.odd()
        self.wait_for_state("waiting")
        filler = disk / "filler"
        with filler.open("wb", buffering=0) as file:
            try:
                while True:
                    file.write(b"x" * 4096)
            except OSError as error:
                self.assertEqual(error.errno, errno.ENOSPC)
        client.wait_for("status_file_failed", 15)
        stale = self.status()["updated"]
        time.sleep(6)
        self.assertEqual(self.status()["updated"], stale)
        filler.unlink()
        client.wait_for("status_file_works", 15)
        self.assertNotEqual(self.status()["updated"], stale)
        self.assertEqual(len(client.events("status_file_failed")), 1)


class ConfinementTest(OddCase):
    """Kernels and container runtimes that refuse what confines."""

    def test_calls_that_a_runtime_does_not_know(self) -> None:
        """EPERM, ENOSYS, EOPNOTSUPP: not available, and said so."""
        self.ovoc()
        for error in (errno.EPERM, errno.ENOSYS, errno.EOPNOTSUPP):
            with self.subTest(error=errno.errorcode[error]):
                client = self.odd(
                    f"refuse={_LANDLOCK_CREATE_RULESET}:{error}",
                    f"refuse={_OPENAT2}:{error}")
                self.assertEqual(client.wait_for("worker")["landlock"], "0")
                client.wait_for("tunnel_up", _SLOW_SECONDS)
                client.send(signal.SIGTERM)
                self.assertEqual(client.wait(10), 0)

    def test_a_worker_that_cannot_be_confined_ends_the_client(self) -> None:
        """Exit code 11, and no second worker."""
        client = self.odd(f"refuse={_LANDLOCK_CREATE_RULESET}:{errno.EIO}")
        self.assert_ended(client, 11, "sandbox", "landlock_create_ruleset")
        self.assertEqual(client.events("worker"), [])


_SYSLOG = """\
module(load="imuxsock" SysSock.Use="off")
input(type="imuxsock" Socket="/dev/log" CreatePath="on")
$WorkDirectory {folder}
*.* action(type="omfile" file="{file}")
"""


class SyslogTest(OddCase):
    """--log=syslog, with rsyslogd on /dev/log of the enclosure's own /dev."""

    _NODES: Sequence[str] = ("null", "zero", "full", "random", "urandom",
                             "tty", "net/tun")

    def setUp(self) -> None:
        """A /dev in which a socket may appear that no other process sees."""
        super().setUp()
        own = self.lab.folder / "dev"
        own.mkdir(exist_ok=True)
        for name in self._NODES:
            (own / name).parent.mkdir(exist_ok=True)
            (own / name).touch()
            self._mount("--bind", f"/dev/{name}", str(own / name))
        self._mount("--rbind", str(own), "/dev")
        self.addCleanup(subprocess.run, ["umount", "--lazy", "/dev"],
                        check=True, timeout=10)

    @staticmethod
    def _mount(*arguments: str) -> None:
        subprocess.run(["mount", *arguments], check=True, timeout=10)

    def daemon(self, folder: Path) -> Path:
        """Starts rsyslogd; the file it writes."""
        folder.mkdir()
        received = folder / "received"
        config = folder / "rsyslog.conf"
        config.write_text(_SYSLOG.format(folder=folder, file=received))
        self.lab.start("rsyslogd", DEVICE, ["rsyslogd", "-n", "-f",
                                            str(config), "-i",
                                            str(folder / "pid")])
        return received

    def test_a_daemon_that_starts_later_is_found(self) -> None:
        """What was lost until then is said, and the end with its reason."""
        client = self.lab.client(self.lab.settings(), "--log=syslog",
                                 f"--status_file={self.path}")
        self.wait_for_state("waiting")
        received = self.daemon(self.lab.folder / "late")

        def said(text: str) -> bool:
            return received.exists() and text in received.read_text()
        self.wait_until("log_dropped", lambda: said("event=log_dropped"), 20)
        self.wait_until("a worker's line",
                        lambda: said("]: from=worker event="), 40)
        client.send(signal.SIGTERM)
        self.assertEqual(client.wait(10), 0)
        self.wait_until("the end", lambda: said("event=exit code=0"))
        self.lab.client(self.lab.settings(WSTunKeepAlive="often",
                                          WSTunMtu="large"),
                        "--log=syslog").wait(10)
        self.wait_until("the reason",
                        lambda: said("event=exit code=3 reason=settings"))
        for name in ("WSTunKeepAlive", "WSTunMtu"):
            self.assertRegex(received.read_text(),
                             f"event=settings_error .*{name}")


if __name__ == "__main__":
    main()
