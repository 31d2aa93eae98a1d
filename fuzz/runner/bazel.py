# SPDX-License-Identifier: Apache-2.0
"""Builds with a checkout's own tools/bazel."""

import os
import shlex
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

# How fuzzers and their coverage are built.
FUZZ = ("-c", "opt", "--config=fuzz")
COVERAGE = ("--config=coverage",)

# A command in place of tools/bazel, run in the checkout: a wrapper, say.
VARIABLE = "OVOC_BAZEL"

# Leaves alone the bazel-* links of whoever works in the checkout.
_QUIET = ("--color=no", "--curses=no", "--noshow_progress",
          "--experimental_convenience_symlinks=ignore")


class BuildFailed(Exception):
    """Bazel said no; it said why on stderr."""


class Bazel:
    """Bazel in one checkout."""

    def __init__(self, root: Path,
                 environment: Mapping[str, str] = os.environ) -> None:
        self._root = root
        self._words = shlex.split(environment.get(VARIABLE, "tools/bazel"))
        self._environment = without_run(environment)
        self._outputs: dict[tuple[str, ...], Path] = {}

    def build(self, labels: Sequence[str], flags: Sequence[str]) -> Path:
        """Builds; returns the folder that holds the outputs (bazel-bin)."""
        done = self._run("build", [*flags, *_QUIET, *labels], sys.stderr)
        if done.returncode != 0:
            raise BuildFailed(f"{' '.join(labels)} with {' '.join(flags)}"
                              " cannot be built")
        return self._output(tuple(flags))

    def _output(self, flags: tuple[str, ...]) -> Path:
        """Where outputs are; asked once, as it does not change."""
        if flags not in self._outputs:
            found = self._run("info", [*flags, "bazel-bin"], subprocess.PIPE)
            if found.returncode != 0:
                raise BuildFailed("bazel info does not say where outputs are")
            self._outputs[flags] = Path(found.stdout.strip().splitlines()[-1])
        return self._outputs[flags]

    def shutdown(self) -> None:
        """Ends the checkout's Bazel server."""
        self._run("shutdown", [], sys.stderr)

    def _run(self, verb: str, arguments: Sequence[str],
             output) -> subprocess.CompletedProcess[str]:
        """Runs one command of Bazel's in the checkout."""
        return subprocess.run([*self._words, verb, *arguments], text=True,
                              cwd=self._root, env=self._environment,
                              stdin=subprocess.DEVNULL, stdout=output,
                              check=False)


def without_run(environment: Mapping[str, str]) -> dict[str, str]:
    """What `bazel run` and `bazel test` add would mislead a nested Bazel."""
    strange = ("BAZEL_REAL", "PYTHONPATH", "PYTHONSAFEPATH")
    prefixes = ("BUILD_WORK", "RUNFILES_", "TEST_", "JAVA_RUNFILES")
    return {key: value for key, value in environment.items()
            if key not in strange and not key.startswith(prefixes)}
