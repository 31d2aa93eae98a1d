# SPDX-License-Identifier: Apache-2.0
"""What processes have used, by /proc: time on a core and resident memory."""

import os
import threading
from collections.abc import Iterable
from pathlib import Path
from types import TracebackType

_TICKS_A_SECOND = os.sysconf("SC_CLK_TCK")
_USER_TICKS = 11   # utime in stat, proc(5), counted behind the name
_PARENT = 1        # ppid, likewise
_WATCH_SECONDS = 0.05
_KIB_A_MIB = 1024


def stat_fields(text: str) -> list[str]:
    """The fields of a stat file behind the program's name."""
    # The name stands in parentheses and may hold some itself.
    return text[text.rindex(")") + 2:].split()


def seconds_in(text: str) -> float:
    """The user and system time in a stat file, of all the threads."""
    user, system = stat_fields(text)[_USER_TICKS:_USER_TICKS + 2]
    return (int(user) + int(system)) / _TICKS_A_SECOND


def mebibytes_in(text: str) -> float:
    """VmRSS in a status file; 0 for a process without memory (a zombie)."""
    for line in text.splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) / _KIB_A_MIB
    return 0.0


def cpu_seconds(pids: Iterable[int]) -> float:
    """The time that the processes have had; those that ended count nothing."""
    return sum(seconds_in(text) for pid in pids
               if (text := _read(pid, "stat")))


def resident(pid: int) -> float:
    """The process's resident memory in MiB; 0 when it has ended."""
    return mebibytes_in(_read(pid, "status"))


def family(pid: int) -> list[int]:
    """The process and all that it has started, directly or not."""
    found = [pid]
    parents = {int(entry.name): int(stat_fields(text)[_PARENT])
               for entry in Path("/proc").iterdir() if entry.name.isdigit()
               and (text := _read(int(entry.name), "stat"))}
    for parent in found:
        found += [child for child, its in parents.items() if its == parent]
    return found


def _read(pid: int, name: str) -> str:
    """A file of the process's; empty when it has ended."""
    try:
        return Path(f"/proc/{pid}/{name}").read_text("utf-8", "replace")
    except (FileNotFoundError, ProcessLookupError):
        return ""


class ResidentWatch:
    """Looks at a process's resident memory while its `with` block runs."""

    def __init__(self, pid: int | None) -> None:
        self.most = 0.0  # MiB
        self._pid = pid
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)

    def __enter__(self) -> "ResidentWatch":
        self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None,
                 error: BaseException | None,
                 trace: TracebackType | None) -> None:
        self._over.set()
        self._thread.join()

    def _watch(self) -> None:
        """Runs in a thread of its own."""
        while self._pid is not None:
            self.most = max(self.most, resident(self._pid))
            if self._over.wait(_WATCH_SECONDS):
                return
