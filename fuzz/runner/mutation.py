# SPDX-License-Identifier: Apache-2.0
"""Whether a fuzzer finds a bug that was planted for it."""

import re
import shutil
import time
from dataclasses import dataclass
from pathlib import Path

from fuzz.runner.bazel import FUZZ, Bazel, BuildFailed
from fuzz.runner.fuzzer import Fuzzer, Order, Outcome
from fuzz.runner.private_tree import PatchFailed, PrivateTree
from fuzz.runner.targets import Target

SECONDS = 60  # a fuzzer has to find its mutation within
_GLANCE_S = 0.1


@dataclass(frozen=True)
class Verdict:
    """What became of one mutation."""

    name: str
    line: str  # FILE: the line as it was planted
    found: bool
    words: str  # in how long, or why not


def planted(patch: str) -> tuple[list[str], list[str]]:
    """The files a patch changes, and the lines it adds (or takes away)."""
    files = re.findall(r"^\+\+\+ b/(\S+)", patch, re.MULTILINE)
    added = re.findall(r"^\+(?!\+\+ )(.*)", patch, re.MULTILINE)
    removed = re.findall(r"^-(?!-- )(.*)", patch, re.MULTILINE)
    return files, added or [f"without: {line.strip()}" for line in removed]


class Mutants:
    """Plants the mutations one by one in a private copy."""

    def __init__(self, tree: PrivateTree, bazel: Bazel, work: Path) -> None:
        self._tree = tree
        self._bazel = bazel
        self._work = work

    def baseline(self, targets: list[Target]) -> dict[str, str]:
        """Builds all as they are; returns {name: why} of those that fail on
        their own corpus, in which case a finding would mean nothing."""
        self._tree.refresh()
        output = self._bazel.build([t.label + "_bin" for t in targets], FUZZ)
        wrong = {}
        for target in targets:
            outcome = self._run(target, output, f"{target.name}/sound", 0)
            if outcome.failed:
                wrong[target.name] = ("fails without the mutation: "
                                      + outcome.progress.reason)
            elif outcome.progress.executions < 2:  # the empty input is one
                wrong[target.name] = "its corpus is empty"
        return wrong

    def plant_all(self, target: Target) -> list[Verdict]:
        """Plants the mutations of a target one after the other."""
        return [self.plant(target, patch)
                for patch in target.mutations(self._tree.root)]

    def plant(self, target: Target, patch: Path | None = None) -> Verdict:
        """Plants one mutation, fuzzes, and takes it out again."""
        patch = patch or target.mutation(self._tree.root)
        if not patch.exists():
            return Verdict(target.name, "-", False, "there is no patch")
        files, lines = planted(patch.read_text())
        line = f"{', '.join(files)}: {' '.join(lines).strip()}"
        try:
            self._tree.patch(patch)
            output = self._bazel.build([target.label + "_bin"], FUZZ)
            outcome = self._run(target, output,
                                f"{target.name}/{patch.stem}", SECONDS)
        except PatchFailed as error:
            return Verdict(target.name, line, False, str(error))
        except BuildFailed:
            return Verdict(target.name, line, False, "does not build")
        finally:
            self._tree.refresh()
        after = (f"{outcome.seconds:.1f} s /"
                 f" {outcome.progress.executions:,} executions")
        if outcome.failed:
            return Verdict(target.name, line, True, f"found after {after}")
        return Verdict(target.name, line, False, f"NOT FOUND in {after}")

    def _run(self, target: Target, output: Path, work: str,
             seconds: int) -> Outcome:
        """Runs a fuzzer from the committed corpus; 0 s: that alone."""
        folder = self._work / work
        folder.mkdir(parents=True)
        binary = folder / "fuzzer"
        shutil.copy(output / f"fuzz/{target.name}_bin", binary)
        dictionary = target.dictionary(self._tree.root)
        fuzzer = Fuzzer(Order(
            target.name, binary, target.corpus(self._tree.root),
            dictionary if dictionary.exists() else None, folder / "run",
            seconds, target.max_len, seed=1,
            runs=0 if seconds == 0 else None))
        while fuzzer.running():
            time.sleep(_GLANCE_S)
        return fuzzer.outcome()


def table(verdicts: list[Verdict]) -> str:
    """The verdicts, one a line."""
    widths = (max(len(one.name) for one in verdicts),
              min(max(len(one.line) for one in verdicts), 90))
    return "\n".join(f"{one.name:{widths[0]}}  {one.line:{widths[1]}} "
                     f" {one.words}" for one in verdicts)
