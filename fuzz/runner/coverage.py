# SPDX-License-Identifier: Apache-2.0
"""Which lines of its own files a target's corpus alone reaches."""

import os
import re
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

_BIN = Path("/usr/lib/llvm-19/bin")
_NOT_OURS = r"(^|/)external/|^/usr/"
_TIMEOUT_S = 600


class CoverageFailed(Exception):
    """The corpus could not be replayed or a tool of LLVM's failed."""


@dataclass(frozen=True)
class Lines:
    """The lines with code in them of one file."""

    path: str
    covered: int
    total: int
    missed: tuple[int, ...]  # line numbers


def measure(replayer: Path, corpus: Path, covers: Sequence[str],
            work: Path) -> list[Lines]:
    """Replays the corpus; returns one entry per file of `covers`.

    `replayer` is built with --config=coverage. A file of which no line is in
    the program is CoverageFailed: its coverage would be a guess.
    """
    raw, data = work / "raw.profraw", work / "merged.profdata"
    _run([str(replayer), str(corpus)], {"LLVM_PROFILE_FILE": str(raw)})
    _run([str(_BIN / "llvm-profdata"), "merge", "-sparse", str(raw), "-o",
          str(data)])
    text = _run([str(_BIN / "llvm-cov"), "export", "--format=lcov",
                 f"--instr-profile={data}",
                 f"--ignore-filename-regex={_NOT_OURS}", str(replayer)])
    found = parse(text)
    missing = [path for path in covers if path not in found]
    if missing:
        raise CoverageFailed("not in the program: " + ", ".join(missing))
    return [found[path] for path in covers]


def parse(lcov: str) -> dict[str, Lines]:
    """Reads llvm-cov's lcov format; paths from the root of the repository."""
    files = {}
    for record in lcov.split("end_of_record"):
        name = re.search(r"^SF:(?:/proc/self/cwd/)?(.+)$", record, re.MULTILINE)
        if name is None:
            continue
        counts = {int(line): int(count) for line, count in re.findall(
            r"^DA:(\d+),(\d+)", record, re.MULTILINE)}
        missed = tuple(sorted(line for line, n in counts.items() if n == 0))
        files[name.group(1)] = Lines(name.group(1), len(counts) - len(missed),
                                     len(counts), missed)
    return files


def percent(files: Sequence[Lines]) -> float | None:
    """Of all lines of the files together; None when there are none."""
    total = sum(lines.total for lines in files)
    if total == 0:
        return None
    return 100.0 * sum(lines.covered for lines in files) / total


def ranges(numbers: Sequence[int]) -> str:
    """Line numbers in short: 3-5, 9."""
    parts: list[list[int]] = []
    for number in numbers:
        if parts and number == parts[-1][1] + 1:
            parts[-1][1] = number
        else:
            parts.append([number, number])
    return ", ".join(str(a) if a == b else f"{a}-{b}" for a, b in parts)


def _run(words: Sequence[str], more: dict[str, str] | None = None) -> str:
    """Runs a program that has to succeed; returns what it wrote."""
    done = subprocess.run(words, env={**os.environ, **(more or {})},
                          capture_output=True, text=True, errors="replace",
                          timeout=_TIMEOUT_S, start_new_session=True, check=False)
    if done.returncode != 0:
        tail = "; ".join(done.stderr.splitlines()[-3:])
        raise CoverageFailed(f"{Path(words[0]).name} ended with"
                             f" {done.returncode}: {tail}")
    return done.stdout
