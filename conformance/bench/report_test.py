# SPDX-License-Identifier: Apache-2.0
"""Tests of the tables and of the verdicts on the aims."""

import unittest

from conformance.bench import report
from conformance.bench.figures import Outcome, Round
from conformance.bench.report import Results, Table

_BROKE = Outcome.BROKE_DOWN


def results(**rounds: list[Round]) -> Results:
    """Results of contestants whose titles are their names' capitals."""
    return Results(rounds, {name: name.upper() for name in rounds},
                   {name: "suite" for name in rounds})


def row(table: Table, first: str) -> list[str]:
    """The row of that name, without it."""
    return [list(each[1:]) for each in table.rows if each[0] == first][0]


_SOME = results(
    ours=[{"tcp_up": 900.0, "packets_up": 350.0, "ping_p99": 0.31},
          {"tcp_up": 1600.0, "packets_up": 360.0, "ping_p99": 0.29},
          {"tcp_up": 2700.0, "packets_up": 340.0, "ping_p99": 0.31}],
    ocserv=[{"tcp_up": 100.0, "packets_up": _BROKE, "ping_p99": 1.0}] * 3,
    stunnel=[{"tcp_up": 1000.0}, {"tcp_up": 2000.0}, {"tcp_up": 3000.0}])


class TableTest(unittest.TestCase):
    """Three rounds of three contestants."""

    def test_the_full_table_has_spreads(self) -> None:
        """And says what broke down and what there is not."""
        table = report.full_table(_SOME)
        self.assertEqual(table.head, ["", "ours", "ocserv", "stunnel"])
        self.assertEqual(row(table, "TCP up, Mbit/s"), [
            "1600 (900..2700)", "100 (100..100)", "2000 (1000..3000)"])
        self.assertEqual(row(table, "64-byte packets up, thousand/s"), [
            "350 (340..360)", "broke down", "-"])

    def test_the_short_table_has_medians(self) -> None:
        """Two to a cell, a contestant to a row."""
        table = report.short_table(_SOME)
        self.assertEqual([each[0] for each in table.rows],
                         ["OURS", "OCSERV", "STUNNEL"])
        column = list(table.head).index(
            "64-byte packets delivered, thousand/s, up / down")
        self.assertEqual([each[column] for each in table.rows],
                         ["350 / -", "broke down / -", "-"])

    def test_ratios_are_of_one_round(self) -> None:
        """Their median differs from the ratio of the medians, 0.80."""
        self.assertEqual(row(report.ratio_table(_SOME, "stunnel"), "TCP up"),
                         ["0.90 (0.80..0.90)", "0.05 (0.03..0.10)",
                          "1.00 (1.00..1.00)"])

    def test_a_ratio_to_nothing_has_no_row(self) -> None:
        """stunnel has no packets."""
        names = [each[0] for each in
                 report.ratio_table(_SOME, "stunnel").rows]
        self.assertEqual(names, ["TCP up"])

    def test_a_reference_that_was_not_measured_has_no_table(self) -> None:
        """With --only."""
        alone = results(ocserv=[{"tcp_up": 100.0}])
        self.assertEqual([each.title for each in report.tables(alone)],
                         ["Medians", "Median (least..most) of the rounds"])

    def test_only_whole_rounds_are_counted(self) -> None:
        """Of those that were measured most seldom."""
        self.assertEqual(_SOME.round_count, 3)
        self.assertEqual(results(a=[{}], b=[]).round_count, 0)
        self.assertEqual(results().round_count, 0)


class AimTest(unittest.TestCase):
    """Our medians against the limits."""

    def test_verdicts(self) -> None:
        """On the limit is within it."""
        table = report.aims_table(_SOME)
        for name, limit, verdict in (
                ("TCP up by stunnel's", "at least 0.90", "reached"),
                ("64-byte packets up, thousand/s", "at least 350", "reached"),
                ("idle ping p99, ms", "at most 0.300", "missed"),
                ("TCP down by stunnel's", "at least 0.90", "not measured")):
            with self.subTest(name):
                found = row(table, name)
                self.assertEqual((found[0], found[2]), (limit, verdict))

    def test_a_rival_that_was_not_measured_is_no_aim(self) -> None:
        """OpenVPN is not among these."""
        self.assertFalse([each for each in report.aims_table(_SOME).rows
                          if "OpenVPN" in each[0]])

    def test_what_broke_down_missed(self) -> None:
        """Whatever its other rounds were."""
        table = report.aims_table(results(ours=[
            {"packets_up": _BROKE}, {"packets_up": 400.0}]))
        self.assertEqual(row(table, "64-byte packets up, thousand/s"),
                         ["at least 350", "broke down", "missed"])


class TextTest(unittest.TestCase):
    """Markdown, which is also readable as it is."""

    def test_columns_are_aligned(self) -> None:
        """To the widest cell."""
        table = Table("Title", ["", "head"], [["name", "1"], ["n", "22222"]])
        self.assertEqual(report.table_text(table), "\n".join([
            "## Title", "",
            "|      | head  |",
            "|------|-------|",
            "| name | 1     |",
            "| n    | 22222 |"]))

    def test_the_report_begins_with_the_facts(self) -> None:
        """And has all tables behind."""
        text = report.text(_SOME, {"kernel": "6.18"})
        self.assertTrue(text.startswith(
            "# Our client beside its peers\n\n- kernel: 6.18\n\nUp is "))
        self.assertEqual(text.count("\n## "), 5)


if __name__ == "__main__":
    unittest.main()
