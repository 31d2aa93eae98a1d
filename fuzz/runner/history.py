# SPDX-License-Identifier: Apache-2.0
"""What all campaigns together did, kept as JSON beside the report."""

import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path


@dataclass(frozen=True)
class Run:
    """One target in one campaign."""

    name: str
    began: str  # ISO 8601, UTC
    seconds: float  # of all its fuzzers together
    executions: int
    edges: int
    peak_mb: int
    slowest_s: int
    findings: int
    points: tuple[tuple[int, int], ...] = ()  # (executions, edges)


@dataclass(frozen=True)
class State:
    """A target's corpus as it is now, and what it reaches."""

    files: int
    bytes: int
    inputs_slowest_us: int | None = None
    # By file: lines covered, lines in all, those missed ("3-5, 9").
    coverage: Mapping[str, tuple[int, int, str]] = field(default_factory=dict)


@dataclass
class History:
    """All runs, the oldest first, and the last known states."""

    runs: list[Run] = field(default_factory=list)
    states: dict[str, State] = field(default_factory=dict)

    def of(self, name: str) -> list[Run]:
        """The runs of one target."""
        return [run for run in self.runs if run.name == name]

    def seconds(self) -> float:
        """How long was fuzzed in all."""
        return sum(run.seconds for run in self.runs)

    def forget_others(self, names: Sequence[str]) -> None:
        """Drops the targets that are no longer there."""
        self.runs = [run for run in self.runs if run.name in names]
        self.states = {name: state for name, state in self.states.items()
                       if name in names}


def load(path: Path) -> History:
    """Reads the file; none is an empty history."""
    if not path.exists():
        return History()
    data = json.loads(path.read_text())
    runs = [Run(**{**run, "points": tuple(map(tuple, run["points"]))})
            for run in data["runs"]]
    states = {name: State(**{**state, "coverage": {
        key: tuple(value) for key, value in state["coverage"].items()}})
        for name, state in data["states"].items()}
    return History(runs, states)


def save(history: History, path: Path) -> None:
    """Writes the file in one step, one run a line, so that diffs are short."""
    runs = ",\n".join(json.dumps(asdict(run)) for run in history.runs)
    states = ",\n".join(f"{json.dumps(name)}: {json.dumps(asdict(state))}"
                        for name, state in sorted(history.states.items()))
    new = path.with_suffix(".new")
    new.write_text(f'{{"runs": [\n{runs}\n],\n"states": {{\n{states}\n}}}}\n')
    os.replace(new, path)
