# SPDX-License-Identifier: Apache-2.0
"""What /proc shows of a process, and what its memory holds (proc(5)).

Needs root in the enclosure: the processes looked at are not dumpable.
"""

import os
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

_LIMIT = re.compile(r"(Max .*?)  +(\S+) +(\S+)")
_MAP = re.compile(r"([0-9a-f]+)-([0-9a-f]+) (\S{4}) \S+ \S+ \S+ *(.*)")
_CHUNK_BYTES = 1 << 20
# The files of net/ that list sockets, and the column of the inode.
_SOCKET_TABLES = {"tcp": 9, "tcp6": 9, "udp": 9, "udp6": 9, "raw": 9,
                  "raw6": 9, "unix": 6, "netlink": 9, "packet": 8}
_RESET_PEAK = "5"  # of clear_refs: VmHWM begins again at VmRSS


@dataclass(frozen=True)
class Mapping:
    """One line of maps."""

    start: int
    end: int
    access: str  # as "rw-p"
    name: str


class ProcessView:
    """One process, looked at anew at each call."""

    def __init__(self, pid: int) -> None:
        self.pid = pid
        self._folder = Path("/proc") / str(pid)

    def exists(self) -> bool:
        """Whether the process is there and no zombie."""
        try:
            return self.status()["State"][0] != "Z"
        except (FileNotFoundError, ProcessLookupError):
            return False

    def status(self) -> dict[str, str]:
        """The lines of status; white space within a value is one space."""
        lines = self.text("status").splitlines()
        pairs = (line.partition(":")[::2] for line in lines)
        return {name: " ".join(value.split()) for name, value in pairs}

    def kilobytes(self, name: str) -> int:
        """A figure of memory in status, for example VmHWM."""
        return int(self.status()[name].split()[0])

    def limits(self) -> dict[str, str]:
        """The hard limits by their names, for example `Max open files`."""
        found = _LIMIT.findall(self.text("limits"))
        return {name: hard for name, _, hard in found}

    def descriptors(self) -> dict[int, str]:
        """What each open descriptor is, a socket with its kind."""
        folder = self._folder / "fd"
        numbers = sorted(int(entry.name) for entry in folder.iterdir())
        sockets = self._sockets()
        found = {}
        for number in numbers:
            target = os.readlink(folder / str(number))
            inode = target.removeprefix("socket:[").removesuffix("]")
            found[number] = sockets.get(inode, target)
        return found

    def _sockets(self) -> dict[str, str]:
        """The kind of each socket in the process's network, by inode."""
        kinds = {}
        for kind, column in _SOCKET_TABLES.items():
            for line in self.text(f"net/{kind}").splitlines()[1:]:
                kinds[line.split()[column]] = kind
        return kinds

    def link(self, name: str) -> str:
        """Where root, cwd or exe leads."""
        return os.readlink(self._folder / name)

    def root_entries(self) -> list[str]:
        """What is in the process's root folder."""
        return os.listdir(self._folder / "root")

    def tasks(self) -> list[str]:
        """The process's threads."""
        return os.listdir(self._folder / "task")

    def maps(self) -> list[Mapping]:
        """The mappings of the process's memory."""
        found = (_MAP.match(line) for line in self.text("maps").splitlines())
        return [Mapping(int(match[1], 16), int(match[2], 16), match[3],
                        match[4]) for match in found if match is not None]

    def text(self, name: str) -> str:
        """The text of one of the process's files."""
        return (self._folder / name).read_text(errors="replace")

    def reset_peak(self) -> None:
        """Makes VmHWM begin again."""
        (self._folder / "clear_refs").write_text(_RESET_PEAK)

    def holds(self, needles: Sequence[bytes]) -> dict[bytes, list[str]]:
        """Where in readable memory each needle is, with the mapping's name."""
        found: dict[bytes, list[str]] = {}
        for place, data in self._memory():
            for needle in needles:
                position = data.find(needle)
                if position >= 0:
                    found.setdefault(needle, []).append(
                        f"{place}+{position:#x}")
        return found

    def read(self, mapping: Mapping) -> bytes:
        """The bytes of one mapping."""
        with (self._folder / "mem").open("rb", buffering=0) as memory:
            return _read(memory.fileno(), mapping)

    def _memory(self) -> Iterator[tuple[str, bytes]]:
        """All readable memory, a mapping at a time."""
        with (self._folder / "mem").open("rb", buffering=0) as memory:
            for mapping in self.maps():
                if mapping.access[0] == "r":
                    yield (f"{mapping.name or 'anonymous'}@{mapping.start:x}",
                           _read(memory.fileno(), mapping))


def _read(memory: int, mapping: Mapping) -> bytes:
    """The bytes of a mapping, as far as they can be read."""
    pieces = []
    position = mapping.start
    while position < mapping.end:
        size = min(_CHUNK_BYTES, mapping.end - position)
        try:
            piece = os.pread(memory, size, position)
        except OSError:  # [vvar] and its like have no pages
            break
        if not piece:
            break
        pieces.append(piece)
        position += len(piece)
    return b"".join(pieces)
