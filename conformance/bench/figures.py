# SPDX-License-Identifier: Apache-2.0
"""What is measured of a contestant, and what becomes of several rounds."""

import math
import statistics
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum


class Outcome(Enum):
    """What stands in a figure's place."""

    BROKE_DOWN = "broke down"


Value = float | Outcome | None  # None: there is no such thing to measure
Round = Mapping[str, Value]     # by the key of a column

LOST = math.inf  # ms, of a ping without an answer


@dataclass(frozen=True)
class Column:
    """One figure of a contestant's."""

    key: str
    title: str
    unit: str
    digits: int  # behind the point
    more_is_better: bool = False
    is_result: bool = True  # else it says how to take another figure


COLUMNS = (
    Column("tcp_up", "TCP up", "Mbit/s", 0, True),
    Column("tcp_down", "TCP down", "Mbit/s", 0, True),
    Column("cpu_up", "client CPU up", "s/GB", 2),
    Column("cpu_down", "client CPU down", "s/GB", 2),
    Column("ping_p50", "idle ping, p50", "ms", 3),
    Column("ping_p99", "idle ping, p99", "ms", 3),
    Column("ping_max", "idle ping, max", "ms", 2),
    Column("timer_max", "the machine's own timer late, max", "ms", 2,
           is_result=False),
    Column("loaded_up", "ping p99 under TCP up", "ms", 2),
    Column("loaded_down", "ping p99 under TCP down", "ms", 2),
    Column("lost_up", "pings lost meanwhile, up", "%", 1, is_result=False),
    Column("lost_down", "pings lost meanwhile, down", "%", 1,
           is_result=False),
    Column("packets_up", "64-byte packets up", "thousand/s", 0, True),
    Column("packets_down", "64-byte packets down", "thousand/s", 0, True),
    Column("packets_up_offered", "of so many offered up", "thousand/s", 0,
           is_result=False),
    Column("packets_down_offered", "of so many offered down", "thousand/s",
           0, is_result=False),
    Column("single_up", "64-byte packets sent singly, up", "thousand/s", 0,
           True),
    Column("single_down", "64-byte packets sent singly, down", "thousand/s",
           0, True),
    Column("single_up_offered", "of so many singly offered up", "thousand/s",
           0, is_result=False),
    Column("single_down_offered", "of so many singly offered down",
           "thousand/s", 0, is_result=False),
    Column("resident_idle", "client resident, idle", "MiB", 1),
    Column("resident_most", "client resident, most", "MiB", 1),
    Column("start", "start to first reply", "ms", 1),
)


@dataclass(frozen=True)
class Summary:
    """The median of several rounds and the least and the most of them."""

    median: float
    least: float
    most: float
    rounds: int = 1
    broken: int = 0  # in how many of the rounds the contestant broke down

    @property
    def is_broken(self) -> bool:
        """Whether breaking down is what it usually does."""
        return 2 * self.broken >= self.rounds


def percentile(values: Sequence[float], share: float) -> float:
    """The smallest value that `share` of all are not above."""
    rank = math.ceil(share * len(values))
    return sorted(values)[max(rank, 1) - 1]


def summarize(values: Sequence[Value]) -> Summary | None:
    """What the rounds come to; None when nothing was to be measured."""
    there = [value for value in values if value is not None]
    numbers = [value for value in there if not isinstance(value, Outcome)]
    if not there:
        return None
    broken = len(there) - len(numbers)
    if not numbers:
        return Summary(math.nan, math.nan, math.nan, len(there), broken)
    return Summary(statistics.median(numbers), min(numbers), max(numbers),
                   len(there), broken)


def column_of(rounds: Sequence[Round], key: str) -> list[Value]:
    """One figure of all rounds."""
    return [values.get(key) for values in rounds]


def ratios(values: Sequence[Value], others: Sequence[Value]) -> list[Value]:
    """Each round's value by the other's value of the same round."""
    return [value / other
            if isinstance(value, float) and isinstance(other, float)
            and other > 0 and math.isfinite(value) and math.isfinite(other)
            else None for value, other in zip(values, others)]


def number(value: float, digits: int) -> str:
    """A figure as it is shown."""
    return f"{value:.{digits}f}" if math.isfinite(value) else "lost"


def shown(summary: Summary | None, digits: int) -> str:
    """A summary as the cell of a table: median (least..most)."""
    if summary is None:
        return "-"
    if summary.is_broken:
        return Outcome.BROKE_DOWN.value
    text = number(summary.median, digits)
    if summary.rounds - summary.broken > 1:
        text += (f" ({number(summary.least, digits)}.."
                 f"{number(summary.most, digits)})")
    if summary.broken:
        text += f", {Outcome.BROKE_DOWN.value} {summary.broken}x"
    return text
