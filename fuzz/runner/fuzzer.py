# SPDX-License-Identifier: Apache-2.0
"""One libFuzzer process."""

import os
import signal
import subprocess
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from fuzz.launcher import OPTIONS
from fuzz.runner import engine_log

INPUT_TIMEOUT_S = 10  # one execution that takes longer is a finding
MEMORY_LIMIT_MB = 1024  # so is one that needs more
_PATIENCE_S = 20  # between asking a fuzzer to end and killing it

# What libFuzzer calls the files of findings; a slow unit is none.
FINDINGS = ("crash-", "leak-", "oom-", "timeout-")
_INTERRUPTED = 72  # libFuzzer's exit code at SIGINT and SIGTERM

# The kernel ends a fuzzer whose campaign died.
_BOUND = ("setpriv", "--pdeathsig", "KILL", "--")


@dataclass(frozen=True)
class Order:
    """What to run: a binary on inputs, for how long, and where results go."""

    name: str
    binary: Path
    seeds: Path  # only read
    dictionary: Path | None
    work: Path  # gets corpus/, artifacts/ and log
    seconds: int
    max_len: int
    seed: int = 0  # of libFuzzer's random numbers; 0: it chooses
    runs: int | None = None  # executions at most; 0: the seeds alone


@dataclass(frozen=True)
class Outcome:
    """What came of it."""

    order: Order
    progress: engine_log.Progress
    seconds: float
    findings: tuple[Path, ...]  # the inputs
    failed: bool  # ended by itself, and not in the way it ends in order


def start_bound(words: Sequence[str], log: Path) -> subprocess.Popen[bytes]:
    """Starts a program with the sanitizers' options, its output in a file."""
    with log.open("wb") as output:
        return subprocess.Popen([*_BOUND, *words], stdout=output,
                                stderr=subprocess.STDOUT,
                                stdin=subprocess.DEVNULL,
                                env={**OPTIONS, **os.environ},
                                start_new_session=True)


class Fuzzer:
    """A fuzzer that runs."""

    def __init__(self, order: Order) -> None:
        self._order = order
        self._log = order.work / "log"
        for folder in ("corpus", "artifacts"):
            (order.work / folder).mkdir(parents=True)
        self._began = time.monotonic()
        self._ended: float | None = None
        self._deadline: float | None = None
        self._killed = False
        self._process = start_bound(command(order), self._log)

    @property
    def name(self) -> str:
        """Its target's name."""
        return self._order.name

    def running(self) -> bool:
        """Whether it still runs; kills one that does not listen."""
        if self._process.poll() is not None:
            self._ended = self._ended or time.monotonic()
            return False
        if self._deadline and time.monotonic() > self._deadline:
            self._killed = True
            self._process.kill()
        return True

    def end(self) -> None:
        """Asks it to end; running() says when it has."""
        if self._deadline is None and self._process.poll() is None:
            self._deadline = time.monotonic() + _PATIENCE_S
            self._process.send_signal(signal.SIGINT)

    def outcome(self) -> Outcome:
        """What came of it; for one that has ended."""
        self._process.wait()
        ended = self._ended or time.monotonic()
        progress = engine_log.parse(self._log.read_text(errors="replace"))
        files = sorted((self._order.work / "artifacts").iterdir())
        findings = tuple(path for path in files
                         if path.name.startswith(FINDINGS))
        failed = (self._process.returncode not in (0, _INTERRUPTED)
                  and not self._killed)
        if not failed:
            progress = replace(progress, reason="")
        return Outcome(self._order, progress, ended - self._began, findings,
                       failed)


def command(order: Order) -> list[str]:
    """The command line of one run."""
    more = [f"-dict={order.dictionary}"] if order.dictionary else []
    more += [] if order.runs is None else [f"-runs={order.runs}"]
    return [str(order.binary), f"-max_total_time={order.seconds}",
            f"-max_len={order.max_len}", f"-timeout={INPUT_TIMEOUT_S}",
            f"-rss_limit_mb={MEMORY_LIMIT_MB}", f"-seed={order.seed}",
            "-print_final_stats=1", "-reload=0", *more,
            f"-artifact_prefix={order.work}/artifacts/",
            str(order.work / "corpus"), str(order.seeds)]
