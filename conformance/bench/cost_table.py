# SPDX-License-Identifier: Apache-2.0
"""What paths cost in instructions per packet, kept and found anew."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

LIMIT = 0.05  # that a cost may grow or shrink by without a word

_HEAD = """\
# Instructions per packet: conformance/bench/README.md says of what.
# Written by tools/bazel run //conformance/bench:cost -- --update
"""
_TOTAL = re.compile(r"^summary: (\d+)$", re.MULTILINE)

Costs = Mapping[str, float]  # by the path's name


class BadTable(ValueError):
    """A text that is no table of costs, or no counts of callgrind's."""


@dataclass(frozen=True)
class Verdict:
    """One path, kept and found."""

    name: str
    kept: float | None  # None: it is new
    found: float | None  # None: it is no longer there

    @property
    def change(self) -> float | None:
        """By which share it grew; None when one of the two is missing."""
        if self.kept is None or self.found is None:
            return None
        return self.found / self.kept - 1

    @property
    def is_failure(self) -> bool:
        """Whether somebody has to look at it."""
        return (self.kept is None or self.found is None
                or self.found > self.kept * (1 + LIMIT))

    @property
    def words(self) -> str:
        """What there is to say; nothing when the cost is about the same."""
        if self.found is None:
            return f"{self.name} is kept, but there is no such path"
        if self.kept is None:
            return f"{self.name} is not kept: --update keeps it"
        told = (f"{self.name} costs {self.found:.1f} instructions per packet,"
                f" {self.kept:.1f} are kept:"
                f" {abs(self.found / self.kept - 1):.1%}")
        if self.is_failure:
            return (f"{told} more, the limit is {LIMIT:.0%}; if it is worth"
                    " that, --update keeps it")
        if self.found < self.kept * (1 - LIMIT):
            return f"{told} less; --update keeps it"
        return ""


def instructions(callgrind_out: str) -> int:
    """The instructions that a file of callgrind's counts in all."""
    found = _TOTAL.search(callgrind_out)
    if found is None:
        raise BadTable("no line summary: in what callgrind wrote")
    return int(found.group(1))


def parse(text: str) -> dict[str, float]:
    """Reads what shown() wrote."""
    costs: dict[str, float] = {}
    for number, line in enumerate(text.splitlines(), 1):
        words = line.split()
        if not words or line.startswith("#"):
            continue
        if (len(words) != 2 or words[0] in costs
                or not re.fullmatch(r"\d+(\.\d+)?", words[1])
                or float(words[1]) == 0):
            raise BadTable(f"line {number} is no new name with a number"
                           f" above 0: {line}")
        costs[words[0]] = float(words[1])
    return costs


def shown(costs: Costs) -> str:
    """The costs as they are kept."""
    return _HEAD + "".join(f"{name:<10} {cost:.1f}\n"
                           for name, cost in costs.items())


def compare(kept: Costs, found: Costs) -> list[Verdict]:
    """A verdict on every path of either."""
    names = [*found, *(name for name in kept if name not in found)]
    return [Verdict(name, kept.get(name), found.get(name)) for name in names]


def table(verdicts: list[Verdict]) -> str:
    """The verdicts for people to read."""
    rows = [("instructions per packet", "kept", "found", "change")]
    for each in verdicts:
        rows.append((each.name,
                     "-" if each.kept is None else f"{each.kept:.1f}",
                     "-" if each.found is None else f"{each.found:.1f}",
                     "-" if each.change is None else f"{each.change:+.1%}"))
    widths = [max(map(len, column)) for column in zip(*rows)]
    return "".join(
        row[0].ljust(widths[0])
        + "".join("  " + cell.rjust(width)
                  for cell, width in zip(row[1:], widths[1:])) + "\n"
        for row in rows)
