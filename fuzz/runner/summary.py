# SPDX-License-Identifier: Apache-2.0
"""The rows of the report, from the history and the findings that lie there."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from fuzz.runner.history import History, State

AIM_COVERAGE = 95.0  # percent of a target's own lines, by its corpus alone
AIM_RATE = 20_000  # executions/s of a parser of bytes


@dataclass(frozen=True)
class Row:
    """One target."""

    name: str
    executions: int
    seconds: float
    edges: int  # in its latest run
    state: State
    findings: int  # ever
    open_findings: tuple[str, ...]  # file names in fuzz/findings/NAME
    slowest_s: int  # of all executions, whole seconds
    peak_mb: int
    points: tuple[tuple[int, int], ...]  # of its longest run

    @property
    def rate(self) -> float:
        """Executions per second of one process, over all runs."""
        return self.executions / self.seconds if self.seconds else 0.0

    @property
    def coverage(self) -> float | None:
        """Percent of its own files' lines; None when not measured."""
        total = sum(lines for _, lines, _ in self.state.coverage.values())
        covered = sum(lines for lines, _, _ in self.state.coverage.values())
        return 100.0 * covered / total if total else None

    @property
    def slowest(self) -> str:
        """The slowest input, in words."""
        if self.slowest_s:
            return f"{self.slowest_s} s"
        if self.state.inputs_slowest_us is None:
            return "-"
        return f"{self.state.inputs_slowest_us / 1000:.2f} ms"


def rows(history: History, names: Sequence[str],
         findings: Path) -> list[Row]:
    """One row per target, in the given order."""
    made = []
    for name in names:
        runs = history.of(name)
        longest = max(runs, key=lambda run: run.executions, default=None)
        made.append(Row(
            name=name,
            executions=sum(run.executions for run in runs),
            seconds=sum(run.seconds for run in runs),
            edges=runs[-1].edges if runs else 0,
            state=history.states.get(name, State(0, 0)),
            findings=sum(run.findings for run in runs),
            open_findings=open_findings(findings / name),
            slowest_s=max((run.slowest_s for run in runs), default=0),
            peak_mb=max((run.peak_mb for run in runs), default=0),
            points=longest.points if longest else ()))
    return made


def open_findings(folder: Path) -> tuple[str, ...]:
    """The inputs that lie in a target's folder of findings."""
    if not folder.is_dir():
        return ()
    return tuple(sorted(path.name for path in folder.iterdir()
                        if path.suffix != ".log"))
