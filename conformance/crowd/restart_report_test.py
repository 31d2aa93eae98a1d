# SPDX-License-Identifier: Apache-2.0
"""Tests of what is said of a restart."""

import unittest

from conformance.crowd import restart_report
from conformance.crowd.crowd import Loss, Restart, Wait, quantile
from conformance.crowd.simulation import Simulated

# Four clients, killed at 100 s, there again at 102 s.
_FOUND = Restart(
    killed=100.0, listening=102.0, repeated=1,
    losses=[Loss(100.1, [Wait(0.5, 0.6), Wait(2.0, 2.1)], 102.7),
            Loss(100.1, [Wait(1.0, 1.1), Wait(1.5, 1.6)], 102.8),
            Loss(100.2, [Wait(0.25, 0.5), Wait(1.75, 2.0)], 102.6),
            Loss(100.3, [Wait(0.75, 1.0), Wait(2.0, 9.0)], 110.0)],
    attempts=[100.5, 100.6, 101.0, 101.1, 102.5, 102.55, 102.59, 109.9])

# All ask in the first bin, a quarter in the third.
_PROMISE = Simulated(
    rule="ours", devices=4, outage=2.0, logins_per_second=0, room=10,
    bin_seconds=0.1, attempts=[3.0, 0.0, 1.0], logins=[2.0, 0.0, 2.0],
    peaks=[3, 2, 4], peak_second=4, turned_away=0.0, given_up=0.0,
    back=("0.5", "1.0", "1.5"))


class RestartReportTest(unittest.TestCase):
    """Figures by hand."""

    def test_the_lines_tell_measured_from_promised(self) -> None:
        """Times of the return count from the server's."""
        lines = dict(restart_report.facts(_FOUND, _PROMISE))
        self.assertEqual(lines["server away for"], "2.00 s")
        self.assertEqual(lines["first waits"], "0.25 / 0.62 / 1.00 s")
        self.assertEqual(lines["attempts for each client"],
                         "2.00, promised 1.00")
        self.assertEqual(lines["SYNs that were sent again"], "1")
        self.assertIn("3, promised 3 (of 3 simulated restarts 2 to 4)",
                      lines["most attempts in 100 ms"])
        self.assertEqual(lines["50 % / 99 % / all back after"],
                         "0.70 / 8.00 / 8.00 s, promised 0.5 / 1.0 / 1.5 s")

    def test_a_peak_that_chance_cannot_explain_is_above_the_limit(
            self) -> None:
        """500 clients in step, where a tenth is promised for each bin."""
        spread = Simulated(
            rule="ours", devices=500, outage=0.0, logins_per_second=0,
            room=10, bin_seconds=0.1, attempts=[50.0] * 10,
            logins=[50.0] * 10, peaks=[60], peak_second=500,
            turned_away=0.0, given_up=0.0, back=("0.5", "1.0", "1.0"))
        in_step = Restart(0.0, 0.0, _FOUND.losses, [1.0] * 500, 0)
        even = Restart(0.0, 0.0, _FOUND.losses,
                       [index / 500 for index in range(500)], 0)
        limit = restart_report.limit(spread)
        self.assertGreater(restart_report.peak(in_step), limit)
        self.assertLess(restart_report.peak(even), limit)

    def test_plots_show_both(self) -> None:
        """Attempts and who is back."""
        plots = restart_report.plots(_FOUND, _PROMISE)
        self.assertEqual(len(plots), 2)
        for plot in plots:
            self.assertIn(">measured<", plot)
            self.assertIn(">promised<", plot)
        page = restart_report.page("T", [("a", "b")], plots)
        self.assertIn("<tr><td>a</td><td>b</td></tr>", page)
        self.assertIn(plots[1], page)

    def test_a_quantile_is_a_value_that_was_seen(self) -> None:
        """The least that enough do not exceed."""
        values = [1.0, 2.0, 3.0, 4.0]
        for share, expected in [(0.01, 1.0), (0.25, 1.0), (0.26, 2.0),
                                (0.5, 2.0), (0.99, 4.0), (1, 4.0)]:
            self.assertEqual(quantile(values, share), expected)


if __name__ == "__main__":
    unittest.main()
