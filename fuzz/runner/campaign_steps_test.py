# SPDX-License-Identifier: Apache-2.0
"""Tests of campaign_steps.py, with shell scripts for Bazel and the fuzzers."""

import os
import unittest
from pathlib import Path
from unittest import mock

from fuzz.runner import coverage, history
from fuzz.runner.bazel import Bazel
from fuzz.runner.campaign_steps import Campaign
from fuzz.runner.pool import StopRequest
from fuzz.runner.targets import Target
from fuzz.runner.testing import FolderCase

_HASH, _OTHER = "a" * 40, "b" * 40

# Writes an input to the first folder it is given, as fuzzing and merging do.
_FUZZER = f"""for word; do
  case $word in -artifact_prefix=*) artifacts=${{word#*=}} ;; esac
done
for word; do [ -d "$word" ] && echo 12 > "$word/{_OTHER}" && break; done
echo '#7\tDONE cov: 3 ft: 1 corp: 1/1b exec/s: 1 rss: 9Mb'
"""
_FINDS = _FUZZER + """case "$*" in *merge*) exit 0 ;; esac
echo 1 > "${artifacts}crash-1"; echo 'a.cc:1: promise broken: x'; exit 77
"""
_REPLAYER = 'echo "replay: 1 inputs; slowest: 1500 us: $1/x"\n'


class CampaignTest(FolderCase):
    """All steps, on one target."""

    def setUp(self) -> None:
        super().setUp()
        self.root = self.folder / "checkout"
        self.write(f"checkout/fuzz/corpus/a/{_HASH}", "1")
        self.script("checkout/tools/bazel",
                    f'[ $1 = info ] && echo "{self.folder}/bin"; exit 0')
        self.script("bin/fuzz/a", _REPLAYER)
        patch = mock.patch.object(coverage, "measure", return_value=[
            coverage.Lines("x/a.cc", 19, 20, (7,))])
        patch.start()
        self.addCleanup(patch.stop)
        self.stop = StopRequest()
        self._campaigns = 0

    def campaign(self, fuzzer: str) -> int:
        """Runs a whole campaign; returns its exit code."""
        self.script("bin/fuzz/a_bin", fuzzer)
        self._campaigns += 1
        work = self.folder / f"work{self._campaigns}"
        work.mkdir()
        target = Target("a", ("x/a.cc",))
        campaign = Campaign(self.root, [target], [target], work, self.stop,
                            "2026-01-02T03:04Z")
        campaign.build(Bazel(self.root, {"PATH": os.environ["PATH"]}))
        campaign.fuzz(1, 1, each=True)
        campaign.merge()
        campaign.measure()
        return campaign.report()

    def read(self, name: str) -> str:
        """A file of the checkout's fuzz folder."""
        return (self.root / "fuzz" / name).read_text()

    def corpus(self) -> list[str]:
        """The inputs in the checkout."""
        return [path.name for path in (self.root / "fuzz/corpus/a").iterdir()]

    def test_minimises_the_corpus_and_reports(self) -> None:
        """The merge says that the old input is not needed."""
        self.assertEqual(self.campaign(_FUZZER), 0)
        self.assertEqual(self.corpus(), [_OTHER])
        self.assertRegex(self.read("report/README.md"),
                         r"\| a \| 7 \| .* \| 3 \| 1 files, 3 B \| 95.0 % \|"
                         r" 0 \(0\) \| 1.50 ms \| 9 MB \|")
        self.assertIn("<td>95.0 %</td>", self.read("report/index.html"))

    def test_pieces_add_up(self) -> None:
        """A second campaign goes on where the first one ended."""
        self.campaign(_FUZZER)
        self.campaign(_FUZZER)
        self.assertIn("| a | 14 |", self.read("report/README.md"))

    def test_a_finding_is_kept_and_fails_the_campaign(self) -> None:
        """This one, and later ones until it is out of the folder."""
        self.assertEqual(self.campaign(_FINDS), 1)
        self.assertEqual(self.read("findings/a/crash-1"), "1\n")
        self.assertIn("promise broken: x",
                      self.read("findings/a/crash-1.log"))
        self.assertIn("Open findings: a/crash-1.",
                      self.read("report/README.md"))
        self.assertEqual(self.campaign(_FUZZER), 1)
        (self.root / "fuzz/findings/a/crash-1").unlink()
        self.assertEqual(self.campaign(_FUZZER), 0)

    def test_a_merge_that_fails_leaves_the_corpus_and_fails(self) -> None:
        """Nothing is lost."""
        self.assertEqual(self.campaign(
            _FUZZER + 'case "$*" in *merge*) exit 1 ;; esac'), 1)
        self.assertEqual(self.corpus(), [_HASH])

    def test_stopped_before_it_began_it_still_reports(self) -> None:
        """And leaves the corpus as it was."""
        self.stop.made = True
        self.assertEqual(self.campaign(_FUZZER), 0)
        self.assertEqual(self.corpus(), [_HASH])
        self.assertEqual(history.load(
            self.root / "fuzz/report/history.json").runs, [])
        self.assertTrue(Path(self.root / "fuzz/report/index.html").exists())


if __name__ == "__main__":
    unittest.main()
