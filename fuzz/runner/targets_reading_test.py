# SPDX-License-Identifier: Apache-2.0
"""Tests of targets.py."""

import unittest

from fuzz.runner.targets import (BadTarget, Target, UnknownTarget, choose,
                                 read)
from fuzz.runner.testing import FolderCase

_BUILD = '''
load("//fuzz:fuzz_test.bzl", "cc_fuzz_test")
cc_library(name = "other")
cc_fuzz_test(
    name = "a",
    srcs = ["a_fuzzer.cc"],
    corpus = glob(["corpus/a/**"]),
    covers = ["x/a.cc", "x/b.cc"],
)
cc_fuzz_test(name = "b", max_len = 9, deps = [":c"] + D)
'''


class ReadTest(FolderCase):
    """BUILD files."""

    def test_reads_name_covers_and_length(self) -> None:
        """What is no literal elsewhere does not matter."""
        self.assertEqual(read(self.write("BUILD", _BUILD)), [
            Target("a", ("x/a.cc", "x/b.cc")), Target("b", (), 9)])

    def test_what_only_bazel_can_work_out_is_refused(self) -> None:
        """No guessing."""
        for text in ("cc_fuzz_test(name = N)", "cc_fuzz_test(srcs = [])",
                     'cc_fuzz_test(name = "a", covers = glob(["*"]))'):
            with self.subTest(text), self.assertRaises(BadTarget):
                read(self.write("BUILD", text))


class ChooseTest(unittest.TestCase):
    """Names on a command line."""

    def test_no_name_is_all_and_the_order_is_the_callers(self) -> None:
        """As said."""
        a, b = Target("a"), Target("b")
        self.assertEqual(choose([a, b], []), [a, b])
        self.assertEqual(choose([a, b], ["b", "a"]), [b, a])

    def test_an_unknown_name_is_told_with_the_known_ones(self) -> None:
        """A typing error must not fuzz nothing in silence."""
        with self.assertRaisesRegex(UnknownTarget, "no fuzz target: c; .* a"):
            choose([Target("a")], ["a", "c"])


if __name__ == "__main__":
    unittest.main()
