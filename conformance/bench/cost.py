# SPDX-License-Identifier: Apache-2.0
"""Instructions per packet of the released client, held against cost.txt.

    bazel run //conformance/bench:cost -- [--update]

Counts with callgrind what a packet costs between the TUN device and TLS, and
fails when a path costs over 5 % more than what is kept. --update keeps what
was found.
"""

import os
import shutil
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from conformance.bench import cost_table

_FOLDER = "conformance/bench"
_PROGRAM = f"{_FOLDER}/cost_path_x86_64"
_KEPT = f"{_FOLDER}/cost.txt"
_PATHS = tuple((way, size) for size in (64, 1400) for way in ("up", "down"))

# What two runs differ in is turns and nothing else. 64 turns draw masks a
# whole number of times: packets in a turn, times 4, by MaskKeys::kBlockBytes.
_TURNS = (16, 80)

# The C library has a memcpy for every CPU and chooses at start: so all have
# the one that every CPU can do. Nothing else of the environment gets through.
_ENVIRONMENT = {
    "GLIBC_TUNABLES": "glibc.cpu.hwcaps=-AVX512F,-AVX512VL,-AVX2,"
                      "-AVX_Fast_Unaligned_Load,-ERMS,-FSRM,-SSSE3,-SSE4_1,"
                      "-SSE4_2",
}
_SECONDS = 120  # for one run; it takes two


class Failed(Exception):
    """Nothing could be counted."""


def count(way: str, size: int, turns: int) -> tuple[int, int]:
    """The instructions of one run, and the packets of a turn."""
    valgrind = shutil.which("valgrind")
    if valgrind is None:
        raise Failed("valgrind is not installed; remedy:"
                     " tools/bazel --setup-only")
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder, "callgrind.out")
        done = subprocess.run(
            [valgrind, "--tool=callgrind", "--quiet",
             f"--callgrind-out-file={out}", os.path.abspath(_PROGRAM), way,
             str(size), str(turns)], env=_ENVIRONMENT, timeout=_SECONDS,
            stdin=subprocess.DEVNULL, capture_output=True, text=True,
            check=False)
        if done.returncode:
            raise Failed(f"{way} {size}: {done.stderr.strip()}")
        return (cost_table.instructions(out.read_text("utf-8")),
                int(done.stdout))


def cost(way: str, size: int) -> float:
    """The instructions per packet of one path, to a tenth as they are kept."""
    (few, packets), (many, _) = (count(way, size, turns) for turns in _TURNS)
    return round((many - few) / (packets * (_TURNS[1] - _TURNS[0])), 1)


def find() -> dict[str, float]:
    """The cost of every path."""
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        found = pool.map(lambda path: cost(*path), _PATHS)
        return {f"{way}/{size}": each
                for (way, size), each in zip(_PATHS, found)}


def update(found: cost_table.Costs) -> None:
    """Keeps what was found, in the tree that bazel run was called in."""
    tree = os.environ.get("BUILD_WORKSPACE_DIRECTORY")
    if tree is None:
        raise Failed("--update: to be called by bazel run")
    Path(tree, _KEPT).write_text(cost_table.shown(found), "utf-8")


def main() -> int:
    """Counts, compares, tells."""
    if sys.argv[1:] not in ([], ["--update"]):
        print(__doc__, file=sys.stderr)
        return 2
    try:
        kept = cost_table.parse(Path(_KEPT).read_text("utf-8"))
        found = find()
        verdicts = cost_table.compare(kept, found)
        print(cost_table.table(verdicts), end="")
        if sys.argv[1:]:
            update(found)
            return 0
    except (Failed, cost_table.BadTable) as error:
        print(f"cost: {error}", file=sys.stderr)
        return 1
    for each in verdicts:
        if each.words:
            print(f"cost: {each.words}", file=sys.stderr)
    return 1 if any(each.is_failure for each in verdicts) else 0


if __name__ == "__main__":
    os.environ.setdefault("PYTHONDONTWRITEBYTECODE", "1")
    sys.exit(main())
