# SPDX-License-Identifier: Apache-2.0
"""Tests of corpus_replay.py and of the program it runs."""

import os
import unittest
from pathlib import Path

from fuzz.runner.corpus_replay import Replay, ReplayFailed, run
from fuzz.runner.testing import FolderCase

# Takes inputs of any length but 3 bytes.
_REPLAYER = Path(__file__).parent / "picky_replayer"


class ReplayTest(FolderCase):
    """replay_main with a target for tests."""

    def test_runs_files_and_folders(self) -> None:
        """And says how many and which was the slowest."""
        self.write("a/b/x", "")
        self.write("a/y", "12")
        replay = run(_REPLAYER, [self.folder / "a", self.write("z", "1")])
        self.assertEqual(replay.inputs, 3)
        self.assertIn(replay.slowest, ("x", "y", "z"))
        self.assertIsInstance(replay, Replay)

    def test_a_broken_promise_is_told_with_its_input(self) -> None:
        """The last input that was begun."""
        self.write("a/x", "12")
        self.write("a/y", "123")
        self.write("a/z", "1")
        with self.assertRaisesRegex(
                ReplayFailed, r"a/y\n.*promise broken: size != 3: three"):
            run(_REPLAYER, [self.folder / "a"])

    def test_an_empty_corpus_is_an_error(self) -> None:
        """A test that replays nothing shows nothing."""
        with self.assertRaisesRegex(ReplayFailed, "the corpus is empty"):
            run(_REPLAYER, [self.folder])
        with self.assertRaisesRegex(ReplayFailed, "the corpus is empty"):
            run(_REPLAYER, [])

    def test_a_file_that_cannot_be_read_is_an_error(self) -> None:
        """Not passed over."""
        with self.assertRaisesRegex(ReplayFailed, "none cannot be read"):
            run(_REPLAYER, [self.folder / "none"])
        os.mkfifo(self.folder / "fifo")
        with self.assertRaisesRegex(ReplayFailed, "fifo cannot be read"):
            run(_REPLAYER, [self.folder / "fifo"])


if __name__ == "__main__":
    unittest.main()
