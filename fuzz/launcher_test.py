# SPDX-License-Identifier: Apache-2.0
"""Tests of launcher.py, with a shell script for the fuzzer."""

import subprocess
import sys
import unittest
from pathlib import Path

from fuzz import launcher
from fuzz.runner.testing import FolderCase


class LauncherTest(FolderCase):
    """What `bazel run //fuzz:NAME_run` does."""

    def run_it(self, engine: str, *more: str) -> tuple[int, str, str]:
        """Runs the launcher; the fuzzer writes its command line."""
        fuzzer = self.script("fuzzer", 'echo "$@"; echo "$ASAN_OPTIONS"')
        (self.folder / "corpus").mkdir(exist_ok=True)
        done = subprocess.run(
            [sys.executable, str(Path(launcher.__file__)), "--name=a",
             f"--engine={engine}", f"--engine_binary={fuzzer}",
             f"--corpus_dir={self.folder}/corpus",
             f"--dictionary_path={self.folder}/a.dict",
             f"--fuzzing_output_root={self.folder}/out", *more],
            text=True, capture_output=True, timeout=60, check=False)
        return done.returncode, done.stdout, done.stderr

    def test_fuzzes_for_the_time_given_into_the_output_folder(self) -> None:
        """The corpus of the tree comes second: libFuzzer only reads it."""
        code, out, _ = self.run_it("libfuzzer", "--timeout_secs=7")
        self.assertEqual(code, 0)
        for word in ("-max_total_time=7", "-max_len=4096",
                     f"-artifact_prefix={self.folder}/out/a/artifacts/",
                     f"-dict={self.folder}/a.dict"):
            self.assertIn(word, out.split())
        self.assertIn(f"{self.folder}/out/a/corpus {self.folder}/corpus\n",
                      out)
        self.assertIn("detect_leaks=1", out)

    def test_clean_empties_the_output_folder_and_noclean_does_not(self) -> None:
        """--noclean is the default."""
        kept = self.write("out/a/corpus/x", "1")
        for word in ([], ["--noclean"], ["--no-clean"]):
            self.assertEqual(self.run_it("libfuzzer", *word)[0], 0)
            self.assertTrue(kept.exists())
        self.assertEqual(self.run_it("libfuzzer", "--clean")[0], 0)
        self.assertFalse(kept.exists())

    def test_regression_replays_the_corpus_with_either_engine(self) -> None:
        """And writes nothing to it."""
        for engine, words in (("libfuzzer", "-runs=0 "), ("replay", "")):
            _, out, _ = self.run_it(engine, "--regression")
            self.assertIn(f"{words}{self.folder}/corpus\n", out)

    def test_words_behind_two_dashes_are_libfuzzers(self) -> None:
        """As they are."""
        _, out, _ = self.run_it("libfuzzer", "--", "-runs=5", "-jobs=2")
        self.assertIn(" -runs=5 -jobs=2 ", out)

    def test_without_the_fuzzing_build_it_says_how_to_get_one(self) -> None:
        """A replayer would pass for a fuzzer that found nothing."""
        code, out, complaint = self.run_it("replay", "--timeout_secs=30")
        self.assertEqual((code, out), (2, ""))
        self.assertIn("--config=fuzz //fuzz:a_run", complaint)


if __name__ == "__main__":
    unittest.main()
