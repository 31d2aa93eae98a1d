# SPDX-License-Identifier: Apache-2.0
"""Tests of coverage.py."""

import unittest

from fuzz.runner.coverage import (CoverageFailed, Lines, measure, parse,
                                  percent, ranges)
from fuzz.runner.testing import FolderCase

_LCOV = """SF:/proc/self/cwd/frame/a.cc
FN:3,_Z1a
DA:3,7
DA:4,0
DA:5,0
DA:7,1
LF:4
LH:2
end_of_record
SF:frame/b.cc
DA:1,1
end_of_record
"""


class ParseTest(unittest.TestCase):
    """llvm-cov's lcov format."""

    def test_counts_lines_by_file(self) -> None:
        """Paths lose the build's own beginning."""
        self.assertEqual(parse(_LCOV), {
            "frame/a.cc": Lines("frame/a.cc", 2, 4, (4, 5)),
            "frame/b.cc": Lines("frame/b.cc", 1, 1, ())})

    def test_percent_is_of_all_lines(self) -> None:
        """Not the mean of the files."""
        self.assertEqual(percent(list(parse(_LCOV).values())), 60.0)
        self.assertIsNone(percent([]))

    def test_ranges_are_short(self) -> None:
        """For people."""
        self.assertEqual(ranges((1, 3, 4, 5, 9, 10)), "1, 3-5, 9-10")
        self.assertEqual(ranges(()), "")


class MeasureTest(FolderCase):
    """The replay."""

    def test_a_replay_that_fails_has_no_coverage(self) -> None:
        """Its last words say why."""
        replayer = self.script("replayer", "echo broken >&2; exit 1")
        with self.assertRaisesRegex(CoverageFailed, "ended with 1: broken"):
            measure(replayer, self.folder, [], self.folder)


if __name__ == "__main__":
    unittest.main()
