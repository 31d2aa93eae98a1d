# SPDX-License-Identifier: Apache-2.0
"""Tests of the report: summary.py, report_table.py, report_page.py, plots.py."""

import unittest
import xml.etree.ElementTree as ElementTree

from fuzz.runner import plots, report_page, report_table
from fuzz.runner.history import History, Run, State
from fuzz.runner.summary import Row, rows
from fuzz.runner.testing import FolderCase


def history() -> History:
    """Two targets, one of them run twice, and one that never ran."""
    return History(
        [Run("a", "t", 10.0, 1_000_000, 40, 50, 0, 0, ((1, 10), (9, 40))),
         Run("b", "t", 10.0, 10, 7, 60, 2, 1),
         Run("a", "t", 30.0, 3_000_000, 44, 45, 0, 0, ((1, 40), (99, 44)))],
        {"a": State(3, 99, 1500, {"f.cc": (9, 10, "7"), "<g>.cc": (10, 10, "")
                                  }), "b": State(1, 1)})


class ReportTest(FolderCase):
    """From a history to pages."""

    def rows(self) -> list[Row]:
        """The rows, with a finding of b's lying there."""
        self.write("b/crash-1", "")
        self.write("b/crash-1.log", "")
        return rows(history(), ["a", "b", "c"], self.folder)

    def test_runs_of_a_target_add_up(self) -> None:
        """Edges are the latest, memory the largest, the rate the mean."""
        a, b, c = self.rows()
        self.assertEqual((a.executions, a.rate, a.edges, a.peak_mb),
                         (4_000_000, 100_000.0, 44, 50))
        self.assertEqual((a.coverage, a.slowest), (95.0, "1.50 ms"))
        self.assertEqual((b.coverage, b.slowest, b.open_findings),
                         (None, "2 s", ("crash-1",)))
        self.assertEqual((c.executions, c.rate, c.coverage), (0, 0.0, None))

    def test_the_table_has_every_target_and_finding(self) -> None:
        """And how long was fuzzed in all."""
        text = report_table.page(self.rows(), "2026-01-02")
        self.assertIn("2026-01-02: 0.01 hours of fuzzing", text)
        self.assertIn("| a | 4,000,000 | 100,000 | 44 | 3 files, 99 B |"
                      " 95.0 % | 0 (0) | 1.50 ms | 50 MB |", text)
        self.assertIn("Open findings: b/crash-1.", text)
        self.assertIn("Open findings: none.",
                      report_table.page([], "2026-01-02"))

    def test_the_page_is_well_formed_and_needs_nothing_else(self) -> None:
        """No picture, style or script from elsewhere."""
        text = report_page.page(self.rows(), "2026-01-02")
        ElementTree.fromstring(text.replace("<!DOCTYPE html>", "").replace(
            '<meta charset="utf-8">', ""))
        self.assertNotRegex(text, r"<(script|link|img|iframe)|src=|@import")
        self.assertNotIn("http", text.replace(
            'xmlns="http://www.w3.org/2000/svg"', ""))
        self.assertIn("&lt;g&gt;.cc", text)
        self.assertIn('<li class="bad">b/crash-1</li>', text)


class PlotsTest(unittest.TestCase):
    """Pictures."""

    def test_bars_keep_to_their_scale(self) -> None:
        """A value beyond the top is as long as the top."""
        for text in (plots.bars([("a", 50.0), ("b", 300.0)], 95, 100, "%"),
                     plots.log_bars([("a", 0.0), ("b", 1e6)], 20_000, "")):
            widths = [float(rect.get("width", "nan")) for rect in
                      ElementTree.fromstring(text).iter(
                          "{http://www.w3.org/2000/svg}rect")]
            self.assertEqual(len(widths), 2)
            self.assertLess(widths[0], widths[1])
            self.assertEqual(widths[1], 420)

    def test_a_curve_needs_two_points(self) -> None:
        """One is no curve."""
        self.assertEqual(plots.curve([(1, 1)]), "")
        self.assertIn("polyline", plots.curve([(0, 1), (0, 1)]))


if __name__ == "__main__":
    unittest.main()
