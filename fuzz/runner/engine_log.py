# SPDX-License-Identifier: Apache-2.0
"""What libFuzzer writes while it runs."""

import re
from dataclasses import dataclass

_LINE = re.compile(r"^#(\d+)\s+(INITED|NEW|REDUCE|RELOAD|pulse|DONE)\s+"
                   r"cov: (\d+) ft: (\d+) corp: .*?exec/s: (\d+) rss: (\d+)Mb",
                   re.MULTILINE)
_STATISTIC = re.compile(r"^stat::(\w+):\s+(\d+)", re.MULTILINE)
_REASON = re.compile(r"^(?:.*: promise broken: .*|.*runtime error: .*|"
                     r"==\d+==\s*ERROR: .*|SUMMARY: .*)$", re.MULTILINE)

MAX_POINTS = 24  # of one run's curve


@dataclass(frozen=True)
class Progress:
    """One run of a fuzzer, as far as it came."""

    executions: int = 0
    edges: int = 0  # covered, of the code under test and all that it links
    peak_mb: int = 0  # memory, the sanitizers' own included
    slowest_s: int = 0  # the longest execution, whole seconds
    points: tuple[tuple[int, int], ...] = ()  # (executions, edges), rising
    reason: str = ""  # of a finding


def parse(text: str) -> Progress:
    """Reads a log, whole or cut off anywhere."""
    lines = _LINE.findall(text)
    statistics = {key: int(value) for key, value in _STATISTIC.findall(text)}
    points = [(int(line[0]), int(line[2])) for line in lines]
    executions = max([statistics.get("number_of_executed_units", 0),
                      *(point[0] for point in points)])
    reason = _REASON.search(text)
    return Progress(
        executions=executions,
        edges=max((point[1] for point in points), default=0),
        peak_mb=max([statistics.get("peak_rss_mb", 0),
                     *(int(line[5]) for line in lines)]),
        slowest_s=statistics.get("slowest_unit_time_sec", 0),
        points=_thinned(points),
        reason=reason.group().strip() if reason else "")


def _thinned(points: list[tuple[int, int]]) -> tuple[tuple[int, int], ...]:
    """The points at which the curve rises, the last one, and no more than fit.

    Evenly spread over the rises: that is where a curve has its shape.
    """
    rises: list[tuple[int, int]] = []
    for point in points:
        if not rises or point[1] > rises[-1][1]:
            rises.append(point)
    if points and points[-1] != rises[-1]:
        rises.append((points[-1][0], rises[-1][1]))
    if len(rises) > MAX_POINTS:
        last = len(rises) - 1
        rises = [rises[round(i * last / (MAX_POINTS - 1))]
                 for i in range(MAX_POINTS)]
    return tuple(rises)
