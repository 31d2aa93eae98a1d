# SPDX-License-Identifier: Apache-2.0
"""Tests of engine_log.py."""

import unittest

from fuzz.runner.engine_log import MAX_POINTS, Progress, parse

_HEAD = """INFO: seed corpus: files: 7 min: 1b max: 14b total: 43b rss: 34Mb
#8\tINITED cov: 42 ft: 48 corp: 7/43b exec/s: 0 rss: 34Mb
#20\tNEW    cov: 45 ft: 49 corp: 8/47b lim: 14 exec/s: 0 rss: 34Mb L: 4/14 MS: 2 ChangeBit-
#130\tREDUCE cov: 45 ft: 51 corp: 10/55b lim: 14 exec/s: 0 rss: 35Mb L: 6/14 MS: 1 CrossOver-
#4096\tpulse  cov: 45 ft: 51 corp: 10/47b lim: 4096 exec/s: 2048 rss: 88Mb
"""
_TAIL = """#5000\tDONE   cov: 45 ft: 51 corp: 10/47b lim: 4096 exec/s: 1666 rss: 70Mb
Done 5000 runs in 3 second(s)
stat::number_of_executed_units: 5000
stat::average_exec_per_sec:     1666
stat::new_units_added:          8
stat::slowest_unit_time_sec:    2
stat::peak_rss_mb:              90
"""


class ParseTest(unittest.TestCase):
    """A fuzzer's log."""

    def test_a_whole_log(self) -> None:
        """Statistics and the curve where it rises, with its end."""
        self.assertEqual(parse(_HEAD + _TAIL), Progress(
            executions=5000, edges=45, peak_mb=90, slowest_s=2,
            points=((8, 42), (20, 45), (5000, 45))))

    def test_a_log_cut_off_tells_what_was_seen(self) -> None:
        """A fuzzer that was killed writes no statistics."""
        progress = parse(_HEAD)
        self.assertEqual((progress.executions, progress.edges,
                          progress.peak_mb), (4096, 45, 88))
        for end in range(len(_HEAD + _TAIL)):
            parse((_HEAD + _TAIL)[:end])

    def test_an_empty_log_is_no_progress(self) -> None:
        """Nothing ran."""
        self.assertEqual(parse(""), Progress())

    def test_the_reason_is_the_first_complaint(self) -> None:
        """Of the oracle or of a sanitizer."""
        for line in ("fuzz/a.cc:1: promise broken: x == y: the same octets",
                     "a.cc:1:2: runtime error: signed integer overflow",
                     "==12==ERROR: AddressSanitizer: heap-buffer-overflow",
                     "==12== ERROR: libFuzzer: timeout after 10 seconds"):
            with self.subTest(line):
                log = f"{_HEAD}{line}\nSUMMARY: later\n"
                self.assertEqual(parse(log).reason, line)

    def test_a_long_curve_is_thinned_and_keeps_its_ends(self) -> None:
        """The history stays small."""
        log = "".join(f"#{i}\tNEW    cov: {i} ft: 1 corp: 1/1b exec/s: 0"
                      " rss: 1Mb\n" for i in range(1, 1000))
        points = parse(log).points
        self.assertEqual(len(points), MAX_POINTS)
        self.assertEqual((points[0], points[-1]), ((1, 1), (999, 999)))


if __name__ == "__main__":
    unittest.main()
