# SPDX-License-Identifier: Apache-2.0
"""Tests of corpus.py, with a shell script for libFuzzer."""

import unittest

from fuzz.runner import corpus
from fuzz.runner.testing import FolderCase

_A, _B, _C = "a" * 40, "b" * 40, "c" * 40


class CorpusTest(FolderCase):
    """Folders of inputs."""

    def names(self, folder: str) -> list[str]:
        """The files of a folder."""
        return sorted(path.name for path in (self.folder / folder).iterdir())

    def minimise(self, script: str, budget: int = 100) -> str:
        """Minimises the folder `old`; returns the result's name."""
        return corpus.minimise(self.script("libfuzzer", script), 9,
                               [self.folder / "old"], self.folder / "work",
                               budget).name

    def test_size_counts_files_and_bytes(self) -> None:
        """A folder that is not there is empty."""
        self.write("old/x", "123")
        self.write("old/y", "4")
        self.assertEqual(corpus.size(self.folder / "old"), corpus.Size(2, 4))
        self.assertEqual(corpus.size(self.folder / "no"), corpus.Size(0, 0))

    def test_what_was_put_by_hand_is_in_the_merge_from_the_start(self) -> None:
        """The result folder is the one that libFuzzer gets first."""
        self.write("old/by_hand", "1")
        self.write(f"old/{_A}", "2")
        name = self.minimise(f"for w; do d=$w; [ -d $w ] && break; done;"
                             f" ls $d > {self.folder}/seen; echo 3 > $d/{_B}")
        self.assertEqual((self.folder / "seen").read_text(), "by_hand\n")
        self.assertEqual(self.names(f"work/{name}"), [_B, "by_hand"])

    def test_too_large_a_result_is_made_again_with_fewer_files(self) -> None:
        """By the set cover."""
        self.write("old/x", "123456789")
        self.assertEqual(self.minimise(""), "merge")
        self.folder = self.folder / "again"
        self.write("old/x", "123456789")
        self.assertEqual(self.minimise("", budget=8), "set_cover_merge")

    def test_a_failed_merge_is_told(self) -> None:
        """Its last words say why."""
        self.write("old/x", "1")
        with self.assertRaisesRegex(corpus.MergeFailed, "code 3: oh dear"):
            self.minimise("echo oh dear; exit 3")

    def test_install_replaces_what_came_from_fuzzers_only(self) -> None:
        """A finding's input in a corpus has a name, and stays."""
        self.write(f"old/{_A}", "1")
        self.write(f"old/{_B}", "2")
        self.write("old/by_hand", "3")
        self.write(f"new/{_B}", "2")
        self.write(f"new/{_C}", "4")
        corpus.install(self.folder / "new", self.folder / "old")
        self.assertEqual(self.names("old"), [_B, "by_hand", _C])


if __name__ == "__main__":
    unittest.main()
