# SPDX-License-Identifier: Apache-2.0
"""Tests of mutation.py, with shell scripts for Bazel and the fuzzer."""

import os
import unittest

from fuzz.runner.bazel import Bazel
from fuzz.runner.mutation import Mutants, Verdict, planted, table
from fuzz.runner.private_tree import PrivateTree
from fuzz.runner.targets import Target
from fuzz.runner.testing import FolderCase

_PATCH = "--- a/code\n+++ b/code\n@@ -1 +1 @@\n-echo sound\n+exit {}\n"

# "Builds" by copying the code under test, which is the fuzzer itself.
_BAZEL = """cd "$(dirname "$0")/.."
case $1 in
info) echo "$PWD/out" ;;
build) grep -q 'exit 99' code && exit 1
  mkdir -p out/fuzz
  { echo '#!/bin/sh'; cat code
    echo "echo '#5\tDONE cov: 1 ft: 1 corp: 1/1b exec/s: 1 rss: 1Mb'"
  } > out/fuzz/a_bin && chmod +x out/fuzz/a_bin ;;
esac
"""


class MutantsTest(FolderCase):
    """From a patch to a verdict."""

    def mutants(self, code: str = "echo sound\n",
                patch: str | None = None) -> Mutants:
        """A checkout with one target, a."""
        self.write("checkout/code", code)
        self.write("checkout/fuzz/corpus/a/x", "1")
        if patch is not None:
            self.write("checkout/fuzz/mutations/a.patch", patch)
        self.script("checkout/tools/bazel", _BAZEL)
        tree = PrivateTree(self.folder / "checkout", self.folder / "place")
        self.addCleanup(tree.close)
        return Mutants(tree, Bazel(tree.root, {"PATH": os.environ["PATH"]}),
                       self.folder / "work")

    def test_a_fuzzer_that_fails_on_the_mutant_alone_has_found_it(self) -> None:
        """And the checkout was not touched."""
        mutants = self.mutants(patch=_PATCH.format(77))
        self.assertEqual(mutants.baseline([Target("a")]), {})
        verdict = mutants.plant(Target("a"))
        self.assertTrue(verdict.found)
        self.assertEqual(verdict.line, "code: exit 77")
        self.assertRegex(verdict.words, r"^found after \d+\.\d s / 0 exec")
        self.assertEqual((self.folder / "checkout/code").read_text(),
                         "echo sound\n")

    def test_each_of_several_mutations_of_a_target_has_its_verdict(
            self) -> None:
        """The second begins where the first did, in a folder of its own."""
        mutants = self.mutants(patch=_PATCH.format(77))
        self.write("checkout/fuzz/mutations/a.strict.patch",
                   _PATCH.format("0 # nothing"))
        self.assertEqual(mutants.baseline([Target("a")]), {})
        self.assertEqual([(one.line, one.found)
                          for one in mutants.plant_all(Target("a"))],
                         [("code: exit 77", True),
                          ("code: exit 0 # nothing", False)])

    def test_a_fuzzer_that_notices_nothing_is_told(self) -> None:
        """Decoration."""
        mutants = self.mutants(patch=_PATCH.format("0 # nothing"))
        mutants.baseline([Target("a")])
        verdict = mutants.plant(Target("a"))
        self.assertFalse(verdict.found)
        self.assertRegex(verdict.words, "^NOT FOUND in ")

    def test_a_fuzzer_that_fails_anyway_shows_nothing(self) -> None:
        """Sound code and its corpus come first."""
        mutants = self.mutants(code="exit 77\n")
        self.assertRegex(mutants.baseline([Target("a")])["a"],
                         "^fails without the mutation")

    def test_no_patch_a_stale_one_and_one_that_does_not_build(self) -> None:
        """None of them is found."""
        for patch, words in ((None, "there is no patch"),
                             (_PATCH.replace("sound", "x"), "does not apply"),
                             (_PATCH.format(99), "does not build")):
            with self.subTest(words):
                mutants = self.mutants(patch=patch)
                mutants.baseline([Target("a")])
                verdict = mutants.plant(Target("a"))
                self.assertFalse(verdict.found)
                self.assertIn(words, verdict.words)
                self.folder = self.folder / "again"


class WordsTest(unittest.TestCase):
    """What is printed."""

    def test_a_patch_is_told_by_its_file_and_line(self) -> None:
        """A line that only goes away too."""
        self.assertEqual(planted(_PATCH.format(1)), (["code"], ["exit 1"]))
        self.assertEqual(planted("+++ b/c\n-  a;\n"), (["c"], ["without: a;"]))

    def test_the_table_has_a_line_per_target(self) -> None:
        """In columns."""
        text = table([Verdict("a", "f: x", True, "found"),
                      Verdict("long", "f", False, "NOT FOUND")])
        self.assertEqual(text, "a     f: x  found\nlong  f     NOT FOUND")


if __name__ == "__main__":
    unittest.main()
