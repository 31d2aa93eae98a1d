# SPDX-License-Identifier: Apache-2.0
"""What /proc shows of a running client, against SANDBOXING.md's table.

Needs root: /proc shows little of undumpable processes to anybody else.
"""

import os
from collections.abc import Iterable
from pathlib import Path

from conformance.hardening import markdown_table
from conformance.hardening.process_view import ProcessView
from conformance.hardening.worker_case import WorkerCase
from conformance.lab import namespaces
from conformance.lab.e2e_case import main
from conformance.lab.lab import INTERFACE
from conformance.lab.namespaces import DEVICE

_SECTION = "What /proc shows"
_COLUMNS = ("keeper", "worker")
_ANY = "as started"  # a cell: the client leaves it as it was
_WORKER_ID = 65526

# The rows that must be there: an auditor looks for each of these.
_STATUS = ("Uid", "Gid", "Groups", "CapInh", "CapPrm", "CapEff", "CapBnd",
           "CapAmb", "NoNewPrivs", "Seccomp", "Seccomp_filters", "Threads",
           "TracerPid")
_LIMITS = ("Max core file size", "Max open files", "Max processes",
           "Max data size", "Max msgqueue size")
_OTHER = ("root", "cwd", "fd 0-2", "fd", "writable code",
          "read by its own user")


def shown(view: ProcessView, row: str) -> str:
    """What a row of the table is for a process."""
    if row in _STATUS:
        return view.status()[row]
    if row in _LIMITS:
        return view.limits()[row]
    if row in ("root", "cwd"):
        return _folder(view, row)
    descriptors = view.descriptors()
    if row == "fd 0-2":
        return _set(descriptors[number] for number in range(3))
    if row == "fd":
        return ", ".join(sorted(_kind(target) for number, target in
                                descriptors.items() if number > 2))
    if row == "writable code":
        return _set(mapping.name or "anonymous" for mapping in view.maps()
                    if "w" in mapping.access and "x" in mapping.access)
    if row == "read by its own user":
        return "yes" if _is_readable(view) else "no"
    raise LookupError(f"SANDBOXING.md, {_SECTION}: unknown row {row!r}")


def _folder(view: ProcessView, name: str) -> str:
    """A folder in words: only a removed one is called empty."""
    target = view.link(name)
    if not target.endswith(" (deleted)"):
        return target
    # cwd has no listing of its own; it is the root by then.
    same = target == view.link("root")
    return "empty, removed" if same and not view.root_entries() else target


def _kind(target: str) -> str:
    """A descriptor's target without the accidents of this run."""
    return target.removeprefix("anon_inode:").strip("[]")


def _set(found: Iterable[str]) -> str:
    """The different ones, in order; `none` when there are none."""
    return ", ".join(sorted(set(found))) or "none"


def _is_readable(view: ProcessView) -> bool:
    """Whether a process of one of its users, without capability, reads it."""
    users = view.status()["Uid"].split()
    return any(_reads(int(user), view.pid) for user in set(users))


def _reads(user: int, pid: int) -> bool:
    """Whether that user's processes may read that process's environment."""
    try:
        namespaces.run(DEVICE, [
            "setpriv", f"--reuid={user}", f"--regid={user}", "--clear-groups",
            "--inh-caps=-all", "--bounding-set=-all", "head", "-c1",
            f"/proc/{pid}/environ"])
    except RuntimeError as error:
        if "Permission denied" not in str(error):
            raise
        return False
    return True


class ConfinementTest(WorkerCase):
    """A client with its tunnel up, as the kernel sees its processes."""

    def test_both_processes_are_as_the_table_says(self) -> None:
        """Each cell of the table, and no row is missing."""
        _, client = self.tunnel()
        self.assert_tunnel_carries()
        views = (ProcessView(client.pid), self.worker(client))
        table = markdown_table.rows("SANDBOXING.md", _SECTION)
        self.assertEqual({row[0] for row in table},
                         {*_STATUS, *_LIMITS, *_OTHER})
        for row in table:
            for who, view, promised in zip(_COLUMNS, views, row[1:3]):
                with self.subTest(row=row[0], process=who):
                    if promised != _ANY:
                        self.assertEqual(shown(view, row[0]),
                                         "" if promised == "none" and
                                         row[0] == "Groups" else promised)

    def test_the_client_is_two_processes_and_no_more(self) -> None:
        """The worker is the keeper's only child and has none itself."""
        _, client = self.tunnel()
        worker = self.worker(client)
        self.assertEqual(children(client.pid), [worker.pid])
        self.assertEqual(children(worker.pid), [])

    def test_memory_is_locked_as_far_as_the_log_says(self) -> None:
        """locked=none is the only word for a worker without VmLck."""
        _, client = self.tunnel()
        word = client.events("worker")[-1]["locked"]
        worker = self.worker(client)
        self.figure(f"locked={word}, keeper VmLck"
                    f" {ProcessView(client.pid).kilobytes('VmLck')} kB, worker"
                    f" VmLck {worker.kilobytes('VmLck')} kB")
        self.assertIn(word, ("all", "present", "none"))
        self.assertEqual(worker.kilobytes("VmLck") == 0, word == "none")
        # Root may lock whatever its limit is; the worker what fits into it.
        self.assertGreater(ProcessView(client.pid).kilobytes("VmLck"), 0)
        room = worker.limits()["Max locked memory"]
        if room == "unlimited" or (int(room) >> 10) >= worker.kilobytes(
                "VmPeak"):
            self.assertNotEqual(word, "none")

    def test_the_look_at_memory_of_others_can_succeed(self) -> None:
        """The test of the row `read by its own user` can fail."""
        for user in (0, _WORKER_ID):
            sleeper = self.lab.start("sleep", DEVICE, [
                "setpriv", f"--reuid={user}", f"--regid={user}",
                "--clear-groups", "--inh-caps=-all", "--bounding-set=-all",
                "sleep", "60"])
            view = ProcessView(sleeper.pid)
            self.wait_until("sleep runs", lambda view=view:
                            view.status()["Name"] == "sleep")
            self.assertTrue(_reads(user, sleeper.pid))

    def test_a_check_works_confined_with_and_without_privilege(self) -> None:
        """--check as root and as an ordinary user; it makes no device."""
        _, client = self.tunnel()
        settings = self.lab.settings(WSTunInterface="ovoc1")
        settings.chmod(0o644)
        ordinary = ("setpriv", "--reuid=1000", "--regid=1000",
                    "--clear-groups", "--inh-caps=-all",
                    "--bounding-set=-all")
        for prefix in ((), ordinary):
            with self.subTest(prefix=prefix):
                check = self.lab.start("check", DEVICE, [
                    *prefix, *self.lab.client_command(settings, "--check")])
                self.assertEqual(check.wait(20), 0, check.tail())
        self.assertTrue(namespaces.exists(DEVICE, INTERFACE))
        self.assertFalse(namespaces.exists(DEVICE, "ovoc1"))
        self.assertIsNone(client.exit_code())


    def test_a_check_reads_no_more_than_a_run(self) -> None:
        """As root: the run gives up the capability that opens any file."""
        settings = self.lab.settings()
        owned = self.lab.folder / "of-another"
        owned.mkdir(mode=0o700)
        copy = owned / "device.ini"
        copy.touch(mode=0o600)
        copy.write_text(settings.read_text())
        os.chown(owned, _WORKER_ID, _WORKER_ID)
        settings.chmod(0)
        foreign = self.lab.settings()
        foreign.chmod(0o644)
        os.chown(foreign, 1000, 1000)
        for path, problem in ((settings, "uid 0 (owner 0, mode 0000)"),
                              (foreign, "belongs to uid 1000, neither root"),
                              (copy, "cannot be read: Permission denied")):
            for options in (("--check",), ()):
                with self.subTest(path=path, options=options):
                    client = self.lab.client(path, *options)
                    self.assertEqual(client.wait(20), 3, client.tail())
                    self.assertIn(problem, client.tail())


def children(pid: int) -> list[int]:
    """The children of a process, from each process's own status."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                status = ProcessView(int(entry.name)).status()
            except (FileNotFoundError, ProcessLookupError):
                continue
            if int(status["PPid"]) == pid:
                found.append(int(entry.name))
    return found


if __name__ == "__main__":
    main()
