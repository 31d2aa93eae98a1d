# SPDX-License-Identifier: Apache-2.0
"""Tests of bazel.py; no Bazel runs."""

import os
import unittest

from fuzz.runner.bazel import FUZZ, Bazel, BuildFailed, without_run
from fuzz.runner.testing import FolderCase


class BazelTest(FolderCase):
    """Builds by a script in Bazel's place."""

    def bazel(self, text: str) -> Bazel:
        """A checkout with that script as its tools/bazel."""
        self.script("tools/bazel", text)
        return Bazel(self.folder, {"PATH": os.environ["PATH"]})

    def test_builds_then_asks_where_outputs_are(self) -> None:
        """With the same flags."""
        bazel = self.bazel('echo "$@" >> log; [ $1 = info ] && echo /out/bin;'
                           " exit 0")
        self.assertEqual(str(bazel.build(["//a:b"], FUZZ)), "/out/bin")
        build, info = (self.folder / "log").read_text().splitlines()
        self.assertRegex(build, "^build -c opt --config=fuzz .* //a:b$")
        self.assertEqual(info, "info -c opt --config=fuzz bazel-bin")
        self.assertEqual(str(bazel.build(["//a:b"], FUZZ)), "/out/bin")
        log = (self.folder / "log").read_text()
        self.assertEqual(log.splitlines(), [build, info, build])

    def test_a_failed_build_is_told(self) -> None:
        """Old outputs must not be taken for new ones."""
        with self.assertRaisesRegex(BuildFailed, "//a:b .* cannot be built"):
            self.bazel("[ $1 = info ]").build(["//a:b"], FUZZ)

    def test_a_command_of_the_callers_takes_its_place(self) -> None:
        """OVOC_BAZEL may hold several words."""
        bazel = Bazel(self.folder, {"PATH": os.environ["PATH"],
                                    "OVOC_BAZEL": "echo 'a b'"})
        self.assertEqual(str(bazel.build([], [])), "a b info bazel-bin")

    def test_a_nested_bazel_does_not_see_the_outer_ones_variables(self) -> None:
        """They would send it to another workspace or output folder."""
        self.assertEqual(without_run({
            "HOME": "/h", "BUILD_WORKSPACE_DIRECTORY": "/w", "TEST_TMPDIR": "t",
            "BAZEL_REAL": "/b", "RUNFILES_DIR": "r", "PYTHONPATH": "p"}),
            {"HOME": "/h"})


if __name__ == "__main__":
    unittest.main()
