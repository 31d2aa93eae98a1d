# SPDX-License-Identifier: Apache-2.0
"""Tests of what several rounds come to."""

import math
import unittest

from conformance.bench.figures import (COLUMNS, LOST, Outcome, Summary, Value,
                                       percentile, ratios, shown, summarize)

_BROKE = Outcome.BROKE_DOWN


class PercentileTest(unittest.TestCase):
    """By nearest rank: always one of the values."""

    def test_known_ranks(self) -> None:
        """Of 1 to 200, in any order."""
        values = [float(number) for number in range(200, 0, -1)]
        for share, expected in ((0.5, 100), (0.99, 198), (1.0, 200),
                                (0.001, 1)):
            with self.subTest(share):
                self.assertEqual(percentile(values, share), expected)

    def test_of_one_value(self) -> None:
        """Is that value."""
        self.assertEqual(percentile([7.5], 0.99), 7.5)

    def test_one_lost_ping_in_a_hundred_is_not_in_the_99th(self) -> None:
        """Two are."""
        self.assertEqual(percentile([1.0] * 99 + [LOST], 0.99), 1.0)
        self.assertEqual(percentile([1.0] * 98 + [LOST] * 2, 0.99), LOST)


class SummaryTest(unittest.TestCase):
    """Rounds in, a cell out."""

    def test_cells(self) -> None:
        """Each with the values of its rounds."""
        cells: list[tuple[str, list[Value], str]] = [
            ("nothing to measure", [None, None], "-"),
            ("one round", [12.345], "12.3"),
            ("three rounds", [3.0, 1.0, 2.5], "2.5 (1.0..3.0)"),
            ("always broken", [_BROKE, _BROKE], "broke down"),
            ("mostly broken", [_BROKE, 4.0, _BROKE], "broke down"),
            ("half broken", [_BROKE, 4.0], "broke down"),
            ("once broken", [5.0, _BROKE, 4.0],
             "4.5 (4.0..5.0), broke down 1x"),
            ("a lost median", [LOST, 1.0, LOST], "lost (1.0..lost)")]
        for name, values, expected in cells:
            with self.subTest(name):
                self.assertEqual(shown(summarize(values), 1), expected)

    def test_a_broken_round_is_no_figure(self) -> None:
        """It is counted apart."""
        self.assertEqual(summarize([_BROKE, 4.0, 6.0]),
                         Summary(5.0, 4.0, 6.0, 3, 1))


class RatioTest(unittest.TestCase):
    """Round by round, as the machine's own speed drifts between them."""

    def test_of_the_same_round(self) -> None:
        """The median of ratios, not the ratio of medians."""
        found = ratios([10.0, 40.0, 90.0], [10.0, 20.0, 30.0])
        self.assertEqual(found, [1.0, 2.0, 3.0])

    def test_what_cannot_be_divided_is_left_out(self) -> None:
        """Nothing, a break-down, a lost ping, a nought."""
        self.assertEqual(
            ratios([1.0, None, _BROKE, math.inf, 1.0, 1.0],
                   [None, 1.0, 1.0, 1.0, math.inf, 0.0]), [None] * 6)


class ColumnTest(unittest.TestCase):
    """The list of figures."""

    def test_no_key_is_there_twice(self) -> None:
        """A figure would stand under another's title."""
        keys = [column.key for column in COLUMNS]
        self.assertEqual(len(keys), len(set(keys)))


if __name__ == "__main__":
    unittest.main()
