# SPDX-License-Identifier: Apache-2.0
"""The steps of a campaign: build, fuzz, merge, measure, report."""

import dataclasses
import shutil
import sys
from collections.abc import Sequence
from pathlib import Path

from fuzz.runner import (bazel, corpus, corpus_replay, coverage, history, pool,
                         report_page, report_table, summary)
from fuzz.runner.fuzzer import Order, Outcome
from fuzz.runner.pool import StopRequest
from fuzz.runner.targets import Target


def say(text: str) -> None:
    """One line to whoever waits."""
    print(f"campaign: {text}", file=sys.stderr, flush=True)


class Campaign:
    """The targets of one checkout, and what is done with some of them."""

    def __init__(self, root: Path, every: Sequence[Target],
                 chosen: Sequence[Target], work: Path, stop: StopRequest,
                 began: str) -> None:
        self._root = root
        self._every = every
        self._chosen = chosen
        self._work = work
        self._stop = stop
        self._began = began
        self._outcomes: list[Outcome] = []
        self._failures: list[str] = []
        self._findings = root / "fuzz/findings"
        self._file = root / "fuzz/report/history.json"
        self._history = history.load(self._file)
        self._history.forget_others([target.name for target in every])

    def build(self, builder: bazel.Bazel) -> None:
        """Builds fuzzers and replayers and keeps copies, so that another
        build in the checkout does not change them under way."""
        fuzzers = [target.label + "_bin" for target in self._chosen]
        replayers = [target.label for target in self._chosen]
        for folder, flags, labels in (
                ("fuzz", bazel.FUZZ, fuzzers + replayers),
                ("coverage", bazel.COVERAGE, replayers)):
            say(f"building {len(labels)} programs with {' '.join(flags)}")
            output = builder.build(labels, flags)
            (self._work / folder).mkdir()
            for label in labels:
                name = label.rsplit(":", maxsplit=1)[-1]
                shutil.copy(output / "fuzz" / name, self._work / folder / name)

    def fuzz(self, jobs: int, seconds: int, each: bool) -> None:
        """Fuzzes for so many seconds in all, or each target so long."""
        slots = list(self._chosen)
        while len(slots) + len(self._chosen) <= jobs:
            slots += self._chosen
        rounds = -(-len(slots) // jobs)
        share = seconds if each else max(seconds // rounds, 1)
        say(f"{len(slots)} fuzzers, {jobs} at a time, {share} s each")
        orders = [self._order(target, index, share)
                  for index, target in enumerate(slots)]
        self._outcomes = pool.run(orders, jobs, self._stop, self._note)
        for target in self._chosen:
            self._remember(target)

    def _order(self, target: Target, index: int, seconds: int) -> Order:
        """One fuzzer's order."""
        seeds = target.corpus(self._root)
        seeds.mkdir(parents=True, exist_ok=True)
        dictionary = target.dictionary(self._root)
        return Order(target.name, self._work / f"fuzz/{target.name}_bin",
                     seeds, dictionary if dictionary.exists() else None,
                     self._work / f"run/{index}-{target.name}", seconds,
                     target.max_len)

    def _note(self, outcome: Outcome) -> None:
        """Tells of a fuzzer that ended; keeps what it found at once."""
        name, progress = outcome.order.name, outcome.progress
        say(f"{name}: {progress.executions:,} executions in"
            f" {outcome.seconds:.0f} s, {progress.edges} edges")
        if not outcome.failed:
            return
        folder = self._findings / name
        folder.mkdir(parents=True, exist_ok=True)
        for path in outcome.findings:
            shutil.copy(path, folder / path.name)
        stem = outcome.findings[0].name if outcome.findings else "no-input"
        shutil.copy(outcome.order.work / "log", folder / f"{stem}.log")
        self._fail(f"{name}: FOUND {progress.reason or 'something'}; see"
                   f" fuzz/findings/{name}/{stem}.log")

    def _fail(self, text: str) -> None:
        """Something that makes the campaign fail in the end."""
        self._failures.append(text)
        say(text)

    def _remember(self, target: Target) -> None:
        """Adds what a target's fuzzers did to the history."""
        mine = [outcome for outcome in self._outcomes
                if outcome.order.name == target.name]
        if not mine:
            return
        best = max(mine, key=lambda one: one.progress.edges).progress
        self._history.runs.append(history.Run(
            name=target.name, began=self._began,
            seconds=round(sum(one.seconds for one in mine), 1),
            executions=sum(one.progress.executions for one in mine),
            edges=best.edges,
            peak_mb=max(one.progress.peak_mb for one in mine),
            slowest_s=max(one.progress.slowest_s for one in mine),
            findings=sum(one.failed for one in mine), points=best.points))

    def merge(self) -> None:
        """Minimises the corpus of every target that was fuzzed."""
        budget = corpus.MAX_TOTAL_BYTES // len(self._every)
        for target in self._chosen:
            folder = target.corpus(self._root)
            made = [outcome.order.work / "corpus" for outcome in self._outcomes
                    if outcome.order.name == target.name]
            if not made:
                continue
            try:
                merged = corpus.minimise(
                    self._work / f"fuzz/{target.name}_bin", target.max_len,
                    [folder, *made], self._work / f"merge/{target.name}",
                    budget)
            except corpus.MergeFailed as error:
                self._fail(f"{target.name}: not merged: {error}")
                continue
            before = corpus.size(folder)
            corpus.install(merged, folder)
            after = corpus.size(folder)
            say(f"{target.name}: corpus of {before.files} files is now"
                f" {after.files} files, {after.bytes:,} B")

    def measure(self) -> None:
        """Replays each corpus: line coverage and the slowest input."""
        for target in self._chosen:
            folder = target.corpus(self._root)
            files: list[coverage.Lines] = []
            slowest = None
            work = self._work / f"measure/{target.name}"
            work.mkdir(parents=True)
            try:
                slowest = corpus_replay.run(
                    self._work / "fuzz" / target.name, [folder]).slowest_us
                files = coverage.measure(self._work / "coverage" / target.name,
                                         folder, target.covers, work)
            except (coverage.CoverageFailed,
                    corpus_replay.ReplayFailed) as error:
                self._fail(f"{target.name}: not measured: {error}")
            self._history.states[target.name] = history.State(
                0, 0, slowest,
                {one.path: (one.covered, one.total,
                            coverage.ranges(one.missed)) for one in files})

    def report(self) -> int:
        """Writes the report and prints its table; returns the exit code."""
        names = [target.name for target in self._every]
        for target in self._every:
            size = corpus.size(target.corpus(self._root))
            state = self._history.states.get(target.name,
                                             history.State(0, 0))
            self._history.states[target.name] = dataclasses.replace(
                state, files=size.files, bytes=size.bytes)
        rows = summary.rows(self._history, names, self._findings)
        self._file.parent.mkdir(parents=True, exist_ok=True)
        history.save(self._history, self._file)
        table = report_table.page(rows, self._began[:10])
        (self._file.parent / "README.md").write_text(table)
        (self._file.parent / "index.html").write_text(
            report_page.page(rows, self._began[:10]))
        print(table, flush=True)
        self._print_missed()
        total = sum(row.state.bytes for row in rows)
        if total > corpus.MAX_TOTAL_BYTES:
            self._fail(f"the corpora are {total:,} bytes together, more than"
                       f" {corpus.MAX_TOTAL_BYTES:,}")
        for text in self._failures:
            say(f"FAILED: {text}")
        return int(bool(self._failures)
                   or any(row.open_findings for row in rows))

    def _print_missed(self) -> None:
        """The lines that the corpora do not reach."""
        for target in self._chosen:
            state = self._history.states[target.name]
            for path, (covered, total, missed) in state.coverage.items():
                if missed:
                    print(f"{target.name}: {path}: {covered} of {total} lines;"
                          f" not {missed}", flush=True)
