# SPDX-License-Identifier: Apache-2.0
"""Tests of the windows and of what chance allows."""

import random
import unittest

from conformance.crowd.spread import busiest, chance_limit


class BusiestTest(unittest.TestCase):
    """Windows are open at their end."""

    def test_the_most_in_any_window_is_found(self) -> None:
        """Whatever the order of the events."""
        cases: list[tuple[list[float], int]] = [
            ([], 0),
            ([7.0], 1),
            ([0.0, 0.1, 0.2], 1),  # a tenth apart: never two
            ([0.0, 0.09, 0.18], 2),
            ([5.0, 0.05, 0.0, 0.09, 5.05], 3),
            ([1.0] * 40, 40),
        ]
        for times, most in cases:
            with self.subTest(times=times):
                self.assertEqual(busiest(times, 0.1), most)

    def test_a_window_need_not_begin_at_a_round_time(self) -> None:
        """Three lie across the border of two tenths."""
        self.assertEqual(busiest([0.06, 0.09, 0.13, 0.25], 0.1), 3)


class ChanceLimitTest(unittest.TestCase):
    """The limit against sums by hand and against dice."""

    def test_it_is_the_least_that_holds(self) -> None:
        """Two events of which each falls into half of all windows."""
        # More than 1: 2 * P(the other is there) = 1. More than 0: certain.
        self.assertEqual(chance_limit(2, 0.5, 1.0), 1)
        self.assertEqual(chance_limit(2, 0.5, 0.99), 2)
        # Three and a tenth, more than 2: 3 * 0.1 * 0.1 = 0.03.
        self.assertEqual(chance_limit(3, 0.1, 0.031), 2)
        self.assertEqual(chance_limit(3, 0.1, 0.029), 3)

    def test_events_in_step_are_always_too_many(self) -> None:
        """For the crowds of the tests, at one failure in a billion."""
        for events in (50, 500):
            limit = chance_limit(events, 0.1, 1e-9)
            self.assertLess(limit, events / 2)
            self.assertGreater(busiest([3.0] * events, 0.1), limit)

    def test_dice_keep_to_it_as_often_as_it_says(self) -> None:
        """The bound is no smaller than what is seen, nor far off."""
        dice = random.Random(1)
        limit = chance_limit(50, 0.1, 0.5)
        peaks = [busiest([dice.random() for _ in range(50)], 0.1)
                 for _ in range(400)]
        above = sum(peak > limit for peak in peaks) / len(peaks)
        self.assertLessEqual(above, 0.5)
        self.assertGreater(max(peaks), limit - 4)


if __name__ == "__main__":
    unittest.main()
