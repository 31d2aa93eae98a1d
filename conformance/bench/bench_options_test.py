# SPDX-License-Identifier: Apache-2.0
"""Tests of the benchmark's command line."""

import contextlib
import io
import unittest
from pathlib import Path

from conformance.bench.bench_options import Options, parse

_CALLER = {"BUILD_WORKING_DIRECTORY": "/home/caller"}


def names(options: Options) -> list[str]:
    """Who takes part."""
    return [contestant.name for contestant in options.contestants]


class CommandLineTest(unittest.TestCase):
    """What the words mean."""

    def test_without_options_everybody_takes_part(self) -> None:
        """In the table's order, for five rounds."""
        options = parse([], {})
        self.assertEqual(names(options), [
            "ours", "ours_legacy", "ours_plain", "openconnect", "openvpn",
            "stunnel", "cable"])
        self.assertEqual((options.rounds, options.seconds), (5, 4))
        self.assertTrue(options.html.is_absolute())

    def test_some_take_part(self) -> None:
        """The order stays, and nobody does so twice."""
        self.assertEqual(names(parse(["--only=cable,ours,cable"], {})),
                         ["ours", "cable"])

    def test_quick_is_one_short_round(self) -> None:
        """Whatever else is asked for."""
        options = parse(["--rounds=9", "--quick"], {})
        self.assertEqual((options.rounds, options.seconds), (1, 2))

    def test_the_page_goes_where_the_caller_is(self) -> None:
        """Not where `bazel run` starts the program."""
        self.assertEqual(parse(["--html=x.html"], _CALLER).html,
                         Path("/home/caller/x.html"))
        self.assertEqual(parse(["--html=/tmp/x.html"], _CALLER).html,
                         Path("/tmp/x.html"))

    def test_what_is_wrong_is_said(self) -> None:
        """With exit code 2."""
        for word, complaint in (
                ("--only=nobody", "no contestant 'nobody', there are: ours,"),
                ("--only=", "no contestant ''"),
                ("--rounds=0", "'0' is not valid; give a number from 1 to 100"),
                ("--seconds=1", "'1' is not valid; give a number from 2 to 60"),
                ("--seconds=x", "'x' is not valid; give a number"),
                ("--round=1", "unrecognized arguments: --round=1")):
            with self.subTest(word):
                said = io.StringIO()
                with contextlib.redirect_stderr(said), \
                        self.assertRaises(SystemExit) as end:
                    parse([word], {})
                self.assertEqual(end.exception.code, 2)
                self.assertIn(complaint, said.getvalue())


if __name__ == "__main__":
    unittest.main()
