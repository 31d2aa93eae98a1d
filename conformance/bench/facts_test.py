# SPDX-License-Identifier: Apache-2.0
"""Tests of what is said of machine and run."""

import unittest

from conformance.bench.facts import cipher_text, cpu_model, gather


class FactsTest(unittest.TestCase):
    """Texts of /proc and of the contestants."""

    def test_the_first_processor_counts(self) -> None:
        """And one without a name is unknown."""
        self.assertEqual(cpu_model(
            "processor\t: 0\nmodel\t\t: 2\nmodel name\t: A: B\n\n"
            "processor\t: 1\nmodel name\t: C\n"), "A: B")
        self.assertEqual(cpu_model("BogoMIPS\t: 50.00\n"), "unknown")

    def test_who_speaks_the_same_stands_together(self) -> None:
        """One that never came up is unknown."""
        self.assertEqual(
            cipher_text({"a": "X", "b": "Y", "c": "X", "d": ""}),
            "X: a, c; Y: b; unknown: d")

    def test_the_heading_has_what_a_reader_needs(self) -> None:
        """On this machine."""
        facts = gather(3, 4, {"ours": "X"})
        self.assertLessEqual({"date", "kernel", "CPU", "rounds"}, set(facts))
        self.assertRegex(facts["date"], r"^\d{4}-\d\d-\d\d \d\d:\d\d UTC$")
        self.assertTrue(facts["rounds"].startswith("3,"))
        self.assertTrue(all(facts[name] for name in
                            ("kernel", "CPU", "congestion control")))


if __name__ == "__main__":
    unittest.main()
