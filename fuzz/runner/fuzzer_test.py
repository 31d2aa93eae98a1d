# SPDX-License-Identifier: Apache-2.0
"""Tests of fuzzer.py, with shell scripts for fuzzers."""

import time
import unittest

from fuzz.runner.fuzzer import Fuzzer, Order, Outcome
from fuzz.runner.testing import FolderCase

_PULSE = ("echo '#9\tpulse  cov: 5 ft: 1 corp: 1/1b exec/s: 1 rss: 3Mb'\n")


class FuzzerTest(FolderCase):
    """One process."""

    def order(self, text: str) -> Order:
        """An order for a script."""
        return Order("a", self.script("fuzzer", text), self.folder, None,
                     self.folder / "work", 1, 9)

    def outcome(self, fuzzer: Fuzzer) -> Outcome:
        """Waits for the end."""
        while fuzzer.running():
            time.sleep(0.01)
        return fuzzer.outcome()

    def test_an_end_in_order_is_no_finding(self) -> None:
        """Even when a slow unit was written."""
        outcome = self.outcome(Fuzzer(self.order(
            _PULSE + f"touch {self.folder}/work/artifacts/slow-unit-1")))
        self.assertFalse(outcome.failed)
        self.assertEqual((outcome.findings, outcome.progress.edges), ((), 5))

    def test_a_finding_comes_with_its_input_and_reason(self) -> None:
        """The file is what libFuzzer wrote."""
        outcome = self.outcome(Fuzzer(self.order(
            f"touch {self.folder}/work/artifacts/crash-1\n"
            "echo 'x.cc:1: promise broken: a == b'; exit 77")))
        self.assertTrue(outcome.failed)
        self.assertEqual([path.name for path in outcome.findings], ["crash-1"])
        self.assertEqual(outcome.progress.reason,
                         "x.cc:1: promise broken: a == b")

    def test_told_to_end_it_ends_and_counts(self) -> None:
        """libFuzzer's exit code for that is 72."""
        fuzzer = Fuzzer(self.order(
            "trap 'exit 72' INT\n" + _PULSE + "while :; do sleep 0.02; done"))
        log = self.folder / "work/log"
        while "pulse" not in log.read_text():
            time.sleep(0.01)
        fuzzer.end()
        outcome = self.outcome(fuzzer)
        self.assertFalse(outcome.failed)
        self.assertEqual(outcome.progress.executions, 9)

    def test_the_command_line_has_the_limits_in_it(self) -> None:
        """And the seeds are the last folder, which libFuzzer only reads."""
        self.outcome(Fuzzer(self.order('echo "$@"')))
        words = (self.folder / "work/log").read_text().split()
        for word in ("-max_total_time=1", "-max_len=9", "-timeout=10",
                     "-rss_limit_mb=1024"):
            self.assertIn(word, words)
        self.assertEqual(words[-2:], [f"{self.folder}/work/corpus",
                                      str(self.folder)])


if __name__ == "__main__":
    unittest.main()
