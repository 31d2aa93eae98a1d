# SPDX-License-Identifier: Apache-2.0
"""The inputs that are kept: as few as reach all that was ever reached.

A file whose name is its SHA-1 came from a fuzzer and goes when others reach the
same. A file with any other name was put there by hand and stays.
"""

import re
import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from fuzz.runner.fuzzer import INPUT_TIMEOUT_S, MEMORY_LIMIT_MB, start_bound

MAX_TOTAL_BYTES = 4 * 1024 * 1024  # of all targets' corpora in the repository
_HASH = re.compile(r"[0-9a-f]{40}")
_MERGE_TIMEOUT_S = 900


class MergeFailed(Exception):
    """libFuzzer did not finish; the corpus is as it was."""


@dataclass(frozen=True)
class Size:
    """How much a corpus is."""

    files: int
    bytes: int


def by_hand(name: str) -> bool:
    """Whether a file of this name was put into a corpus by hand."""
    return _HASH.fullmatch(name) is None


def size(folder: Path) -> Size:
    """The size of a corpus; a folder that is not there is empty."""
    files = [path for path in folder.rglob("*") if path.is_file()]
    return Size(len(files), sum(path.stat().st_size for path in files))


def minimise(binary: Path, max_len: int, sources: Sequence[Path],
             work: Path, budget: int) -> Path:
    """Merges folders into a new one in `work`, and returns that.

    The first way keeps small inputs; where the result is more than `budget`
    bytes, the second one keeps fewer files.
    """
    for way in ("-merge=1", "-set_cover_merge=1"):
        merged = work / way.strip("-").split("=")[0]
        merged.mkdir(parents=True)
        for source in sources:
            for path in source.iterdir():
                if path.is_file() and by_hand(path.name):
                    shutil.copyfile(path, merged / path.name)
        _merge([str(binary), way, f"-max_len={max_len}",
                f"-timeout={INPUT_TIMEOUT_S}",
                f"-rss_limit_mb={MEMORY_LIMIT_MB}",
                f"-artifact_prefix={work}/", str(merged),
                *map(str, sources)], work / "merge_log")
        if size(merged).bytes <= budget:
            break
    return merged


def _merge(words: Sequence[str], log: Path) -> None:
    """Runs one merge; libFuzzer passes over inputs that fail in it."""
    process = start_bound(words, log)
    try:
        code = process.wait(_MERGE_TIMEOUT_S)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
        raise MergeFailed(f"the merge took {_MERGE_TIMEOUT_S} s") from None
    if code != 0:
        tail = log.read_text(errors="replace").splitlines()[-5:]
        raise MergeFailed(f"exit code {code}: " + "; ".join(tail))


def install(merged: Path, folder: Path) -> None:
    """Makes `folder` hold the files of `merged` and no others from a fuzzer.

    New files come before old ones go: cut short, the corpus is too large.
    """
    folder.mkdir(parents=True, exist_ok=True)
    names = {path.name for path in merged.iterdir()}
    for name in sorted(names):
        if not (folder / name).exists():
            shutil.copyfile(merged / name, folder / name)
    for path in folder.iterdir():
        if path.is_file() and path.name not in names \
                and not by_hand(path.name):
            path.unlink()
