# SPDX-License-Identifier: Apache-2.0
"""Every fuzz target has all that belongs to one.

Looks at the tree itself, as tools/structure_test.py does.
"""

import re
import subprocess
import unittest
from pathlib import Path

from fuzz.runner import corpus
from fuzz.runner import targets as fuzz_targets
from fuzz.runner.mutation import planted

ROOT = Path(__file__).resolve().parents[1]
FUZZ = ROOT / "fuzz"

MAX_FUZZER_LINES = 50  # house style 19
MAX_PLANTED_LINES = 3  # a mutation is one line or so
CODE = ("frame/", "auth/", "netif/", "tunnel/", "conformance/")

# What libFuzzer reads: name="bytes" or "bytes", with \\ \" and \xAB.
_ENTRY = re.compile(
    r'(?:\w+=)?"(?:[ !#-\[\]-~]|\\\\|\\"|\\x[0-9a-fA-F]{2})+"')


class TargetsTest(unittest.TestCase):
    """The folder as a whole."""

    def setUp(self) -> None:
        self.targets = fuzz_targets.read(FUZZ / "BUILD.bazel")
        self.assertGreater(len(self.targets), 0)

    def test_a_fuzzer_is_at_most_50_lines(self) -> None:
        """What is longer is an oracle with a test of its own."""
        files = sorted(FUZZ.glob("*_fuzzer.cc"))
        self.assertGreater(len(files), 0)
        for path in files:
            with self.subTest(path.name):
                lines = len(path.read_text().splitlines())
                self.assertLessEqual(lines, MAX_FUZZER_LINES)

    def test_every_target_has_a_source_and_every_source_a_target(self) -> None:
        """fuzz/NAME_fuzzer.cc."""
        self.assertEqual(
            sorted(f"{target.name}_fuzzer.cc" for target in self.targets),
            sorted(path.name for path in FUZZ.glob("*_fuzzer.cc")))

    def test_every_target_names_the_files_it_covers(self) -> None:
        """So that their coverage can be told."""
        for target in self.targets:
            with self.subTest(target.name):
                self.assertTrue(target.covers)
                for path in target.covers:
                    self.assertTrue((ROOT / path).is_file(), path)

    def test_every_target_has_a_corpus(self) -> None:
        """At least one input."""
        for target in self.targets:
            with self.subTest(target.name):
                self.assertGreater(corpus.size(target.corpus(ROOT)).files, 0)

    def test_the_corpora_are_small_enough_to_keep(self) -> None:
        """Together."""
        total = corpus.size(FUZZ / "corpus").bytes
        self.assertLessEqual(total, corpus.MAX_TOTAL_BYTES)

    def test_every_target_has_a_dictionary_that_can_be_read(self) -> None:
        """libFuzzer refuses to start with a bad one."""
        for target in self.targets:
            with self.subTest(target.name):
                lines = target.dictionary(ROOT).read_text().splitlines()
                entries = [line for line in map(str.strip, lines)
                           if line and not line.startswith("#")]
                self.assertTrue(entries)
                for entry in entries:
                    self.assertRegex(entry, f"^{_ENTRY.pattern}$")

    def test_every_target_has_a_mutation_that_applies(self) -> None:
        """Exactly, to code of ours, in a line or so."""
        for target in self.targets:
            for patch in target.mutations(ROOT):
                files, lines = planted(patch.read_text())
                self.assertEqual(len(files), 1)
                self.assertTrue(files[0].startswith(CODE), files[0])
                self.assertLessEqual(len(lines), MAX_PLANTED_LINES)
                done = subprocess.run(
                    ["patch", "--dry-run", "-p1", "-F0", "--force", "-i",
                     str(patch)], cwd=ROOT, text=True, capture_output=True,
                    check=False)
                self.assertEqual(done.returncode, 0, done.stdout + done.stderr)

    def test_nothing_is_left_over_of_targets_that_are_gone(self) -> None:
        """No corpus, dictionary or patch without a target."""
        names = {target.name for target in self.targets}
        for folder, pattern in (("corpus", "*"), ("dictionary", "*.dict"),
                                ("mutations", "*.patch")):
            for path in (FUZZ / folder).glob(pattern):
                self.assertIn(path.name.split(".")[0], names, str(path))


if __name__ == "__main__":
    unittest.main()
