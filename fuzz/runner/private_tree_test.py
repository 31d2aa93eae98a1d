# SPDX-License-Identifier: Apache-2.0
"""Tests of private_tree.py."""

import os
import unittest

from fuzz.runner.private_tree import Busy, PatchFailed, PrivateTree
from fuzz.runner.testing import FolderCase

_PATCH = "--- a/x/f\n+++ b/x/f\n@@ -1,3 +1,3 @@\n 1\n-2\n+two\n 3\n"


class PrivateTreeTest(FolderCase):
    """The copy."""

    def setUp(self) -> None:
        super().setUp()
        self.file = self.write("checkout/x/f", "1\n2\n3\n")
        self.write("checkout/.git/config", "")
        self.write("checkout/fuzz/findings/a/crash-1", "")
        os.symlink("/usr", self.folder / "checkout/bazel-out")
        self.tree = PrivateTree(self.folder / "checkout",
                                self.folder / "place")
        self.addCleanup(self.tree.close)
        self.tree.refresh()

    def test_the_copy_has_the_sources_and_nothing_else(self) -> None:
        """No history, findings or outputs."""
        self.assertEqual(sorted(os.listdir(self.tree.root)), ["x"])

    def test_a_patch_changes_the_copy_and_refreshing_takes_it_out(self) -> None:
        """The checkout stays as it is."""
        self.tree.patch(self.write("p", _PATCH))
        self.assertEqual((self.tree.root / "x/f").read_text(), "1\ntwo\n3\n")
        self.assertEqual(self.file.read_text(), "1\n2\n3\n")
        self.tree.refresh()
        self.assertEqual((self.tree.root / "x/f").read_text(), "1\n2\n3\n")

    def test_a_patch_that_does_not_fit_exactly_is_refused(self) -> None:
        """Code that has changed needs its mutation looked at."""
        with self.assertRaisesRegex(PatchFailed, "p does not apply"):
            self.tree.patch(self.write("p", _PATCH.replace(" 1\n", " 0\n")))
        self.tree.refresh()
        self.assertEqual(sorted(os.listdir(self.tree.root / "x")), ["f"])

    def test_refreshing_leaves_alone_what_is_the_same(self) -> None:
        """So that Bazel need not look at it again."""
        copy = self.tree.root / "x/f"
        before = copy.stat().st_ino
        self.tree.refresh()
        self.assertEqual(copy.stat().st_ino, before)

    def test_what_is_gone_from_the_checkout_goes_from_the_copy(self) -> None:
        """And new files come."""
        self.file.unlink()
        self.write("checkout/x/g", "")
        self.tree.refresh()
        self.assertEqual(os.listdir(self.tree.root / "x"), ["g"])

    def test_two_at_a_time_would_spoil_each_others_work(self) -> None:
        """The second one is told."""
        with self.assertRaisesRegex(Busy, "in use by another process"):
            PrivateTree(self.folder / "checkout", self.folder / "place")


if __name__ == "__main__":
    unittest.main()
