# SPDX-License-Identifier: Apache-2.0
"""Replays inputs once each, with replay_main."""

import os
import re
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from fuzz.launcher import OPTIONS

_SUMMARY = re.compile(r"^replay: (\d+) inputs; slowest: (\d+) us: (.*)$",
                      re.MULTILINE)
_TIMEOUT_S = 600


class ReplayFailed(Exception):
    """A promise was broken, or there was nothing to replay."""


@dataclass(frozen=True)
class Replay:
    """A replay that went well."""

    inputs: int
    slowest_us: int  # processor time of the slowest input
    slowest: str  # its file name


def run(replayer: Path, paths: Sequence[Path]) -> Replay:
    """Replays files and folders; raises ReplayFailed with the last words."""
    done = subprocess.run([str(replayer), *map(str, paths)],
                          env={**OPTIONS, **os.environ}, text=True,
                          capture_output=True, errors="replace",
                          timeout=_TIMEOUT_S, start_new_session=True, check=False)
    summary = _SUMMARY.search(done.stdout)
    if done.returncode != 0 or summary is None:
        raise ReplayFailed(f"{replayer.name} ended with {done.returncode}:\n"
                           + "\n".join(done.stderr.splitlines()[-40:]))
    return Replay(int(summary.group(1)), int(summary.group(2)),
                  Path(summary.group(3)).name)
