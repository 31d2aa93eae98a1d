# SPDX-License-Identifier: Apache-2.0
"""Tests of cost_table.py."""

import unittest

from conformance.bench.cost_table import (BadTable, Verdict, compare,
                                          instructions, parse, shown, table)

# What callgrind 3.19 writes, shortened.
_CALLGRIND_OUT = """\
# callgrind format
version: 1
creator: callgrind-3.19.0
pid: 42
cmd:  ./cost_path up 64 10
part: 1


desc: I1 cache:
desc: Timerange: Basic block 0 - 1234

desc: Trigger: Program termination

positions: line
events: Ir
summary: 1234567


ob=(1) ./cost_path
fl=(1) ???
fn=(1) 0x1000
0 99
totals: 1234567
"""


class InstructionsTest(unittest.TestCase):
    """What callgrind writes."""

    def test_the_summary_is_all_that_was_counted(self) -> None:
        """Not the cost of a function."""
        self.assertEqual(instructions(_CALLGRIND_OUT), 1234567)

    def test_a_file_that_was_not_finished_is_refused(self) -> None:
        """It would pass for no cost at all."""
        cut = _CALLGRIND_OUT.partition("summary:")[0]
        for text in ("", cut, "summary: \n"):
            with self.assertRaises(BadTable):
                instructions(text)


class ParseTest(unittest.TestCase):
    """The file that is kept."""

    def test_what_was_written_is_read(self) -> None:
        """In its order, to a tenth."""
        costs = {"up/64": 512.34, "down/1400": 99.0}
        self.assertEqual(parse(shown(costs)),
                         {"up/64": 512.3, "down/1400": 99.0})
        self.assertEqual(list(parse(shown(costs))), list(costs))

    def test_comments_and_empty_lines_are_nothing(self) -> None:
        """Everything else is something."""
        self.assertEqual(parse("# up/64 1\n\nup/64 2\n"), {"up/64": 2.0})
        self.assertEqual(parse(""), {})

    def test_other_lines_are_refused_by_their_number(self) -> None:
        """A cost that is not read would not be held to."""
        for line in ("up/64", "up/64 1 2", "up/64 many", "up/64 -1",
                     "up/64 nan", "up/64 inf", "up/64 0", "up/64 0.0",
                     "down/64 1"):
            with self.assertRaisesRegex(BadTable, "line 2 "):
                parse(f"down/64 7\n{line}\n")


class CompareTest(unittest.TestCase):
    """What was kept, and what was found."""

    def test_only_more_than_five_percent_more_is_a_failure(self) -> None:
        """Below the same margin there is something to say."""
        for found, fails, says in (
                (1000.0, False, ""),
                (1050.0, False, ""),
                (1050.1, True, "up/64 costs 1050.1 instructions per packet,"
                               " 1000.0 are kept: 5.0% more, the limit is"
                               " 5%; if it is worth that, --update keeps"
                               " it"),
                (2000.0, True, "100.0% more"),
                (950.0, False, ""),
                (949.0, False, "up/64 costs 949.0 instructions per packet,"
                               " 1000.0 are kept: 5.1% less; --update keeps"
                               " it")):
            with self.subTest(found=found):
                verdict, = compare({"up/64": 1000.0}, {"up/64": found})
                self.assertEqual(verdict.is_failure, fails)
                self.assertIn(says, verdict.words)
                self.assertEqual(bool(verdict.words), bool(says))

    def test_a_path_that_one_of_both_does_not_know_is_a_failure(self) -> None:
        """Else a change of names would hide a change of costs."""
        verdicts = compare({"up/64": 1.0, "old": 2.0},
                           {"up/64": 1.0, "new": 3.0})
        self.assertEqual(verdicts, [Verdict("up/64", 1.0, 1.0),
                                    Verdict("new", None, 3.0),
                                    Verdict("old", 2.0, None)])
        self.assertEqual([each.is_failure for each in verdicts],
                         [False, True, True])
        self.assertEqual([each.words for each in verdicts],
                         ["", "new is not kept: --update keeps it",
                          "old is kept, but there is no such path"])

    def test_the_table_has_kept_found_and_change(self) -> None:
        """A path in a row."""
        verdicts = compare({"up/64": 500.0, "old": 2.0},
                           {"up/64": 510.0, "new": 3.0})
        self.assertEqual([row.split() for row in
                          table(verdicts).splitlines()[1:]],
                         [["up/64", "500.0", "510.0", "+2.0%"],
                          ["new", "-", "3.0", "-"],
                          ["old", "2.0", "-", "-"]])
        lengths = {len(row) for row in table(verdicts).splitlines()}
        self.assertEqual(len(lengths), 1)


if __name__ == "__main__":
    unittest.main()
