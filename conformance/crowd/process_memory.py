# SPDX-License-Identifier: Apache-2.0
"""What a process's memory costs, by /proc (proc(5)), in kB."""

import statistics
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Memory:
    """Of one process, or the middle of many."""

    resident: int   # all its pages, those shared with others too
    anonymous: int  # of these, the ones without a file: heap, stack
    alone: int      # of these, the ones that no other process maps

    def __str__(self) -> str:
        return (f"resident {self.resident} kB, anonymous {self.anonymous} kB,"
                f" its own {self.alone} kB")


def parse(text: str) -> Memory:
    """Reads the text of a smaps_rollup."""
    sizes = {}
    for line in text.splitlines()[1:]:
        name, _, value = line.partition(":")
        sizes[name] = int(value.split()[0])
    return Memory(sizes["Rss"], sizes["Anonymous"],
                  sizes["Private_Clean"] + sizes["Private_Dirty"])


def of_process(pid: int) -> Memory:
    """The memory of a process; PermissionError where it may not be seen."""
    return parse(Path("/proc", str(pid), "smaps_rollup").read_text())


def middle(memories: Iterable[Memory]) -> Memory:
    """The median of each figure."""
    every = list(memories)
    return Memory(*(round(statistics.median(getattr(each, name)
                                            for each in every))
                    for name in ("resident", "anonymous", "alone")))
